package graph

import (
	"sort"
	"strings"
)

type looseReason struct {
	key    looseKey
	reason Reason
}

type looseKey struct {
	stack     *Stack
	reference string // "aws_flow_log.vpc_id"
}

// Referrers are the resources of a canonical type whose attribute links to r.
func (r *Resource) Referrers(reference string) []*Resource { return r.referrers[reference] }

// References lists the references by which other resources link to r, sorted.
func (r *Resource) References() []string {
	names := make([]string, 0, len(r.referrers))
	for name := range r.referrers {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// MayReference says why it is unknown whether some resource's attribute
// (reference is "aws_flow_log.vpc_id") links to r; none when it is settled.
func (g *Graph) MayReference(r *Resource, reference string) []Reason {
	reasons := g.loose[looseKey{r.Stack, reference}]
	if r.inGap != nil {
		reasons = appendNew(reasons, []Reason{r.inGap.reason(r.Stack.Language)})
	}
	return reasons
}

// Loose lists the references of a stack that may link to anything, sorted.
func (g *Graph) Loose(s *Stack) []string {
	var names []string
	for key := range g.loose {
		if key.stack == s {
			names = append(names, key.reference)
		}
	}
	sort.Strings(names)
	return names
}

// InGap reports whether a module that is not at hand takes r as an argument.
func (r *Resource) InGap() bool { return r.inGap != nil }

// reason says why what a resource of the gap's stack refers to is unknown.
func (gap *Gap) reason(language Language) Reason {
	if gap.Rewrites {
		return Reason{Text: "the macro " + gap.Address + " may add it"}
	}
	r := Reason{Text: gap.Address + " (" + gap.Source + ") is not at hand and takes it as an argument"}
	if language == Terraform && !gap.Local() {
		r.Needs = "terraform init"
	}
	return r
}

// Local reports whether the module's source is a path of the repository.
func (gap *Gap) Local() bool { return strings.HasPrefix(gap.Source, ".") }

// refer records whom r's attributes link to, and which of them may link to anything.
func (b *builder) refer(r *Resource) {
	for _, f := range r.Values.Fields {
		b.referFrom(r, Path{f.Name}, f.Value)
	}
}

// referFrom does so for the value at a path without indexes.
func (b *builder) referFrom(r *Resource, path Path, v Value) {
	links := v.Links()
	loose := v.Kind == Unknown && len(links) == 0 && r.Table != nil
	reference := ""
	if loose || len(links) > 0 {
		reference = r.Type + "." + path.String()
	}
	for _, link := range links {
		for _, target := range b.resolve(link.Address) {
			if target == r {
				continue
			}
			if target.referrers == nil {
				target.referrers = map[string][]*Resource{}
			}
			// All links of one resource are followed before the next one's.
			if have := target.referrers[reference]; len(have) == 0 || have[len(have)-1] != r {
				target.referrers[reference] = append(have, r)
			}
		}
	}
	if loose {
		key := looseKey{b.stack, reference}
		reasons := v.Reasons()
		if len(reasons) == 0 {
			reasons = []Reason{{Text: reference + " of " + r.Address + " is not known"}}
		}
		b.loosen(key, reasons)
		if a := r.Table.Attribute(path); a != nil {
			b.looseBelow(reference, a.Attributes, reasons)
		}
	}
	for _, item := range v.Items {
		b.referFrom(r, path, item)
	}
	for _, f := range v.Fields {
		b.referFrom(r, append(path, f.Name), f.Value)
	}
}

// loosen notes why it is unknown what a reference leads to, each reason once.
func (b *builder) loosen(key looseKey, reasons []Reason) {
	for _, reason := range reasons {
		if one := (looseReason{key, reason}); !b.loosened[one] {
			b.loosened[one] = true
			b.graph.loose[key] = append(b.graph.loose[key], reason)
		}
	}
}

// looseBelow notes that all that an unknown block holds may link to anything.
func (b *builder) looseBelow(reference string, attributes []Attribute, reasons []Reason) {
	for i := range attributes {
		below := reference + "." + attributes[i].Name
		key := looseKey{b.stack, below}
		b.loosen(key, reasons)
		b.looseBelow(below, attributes[i].Attributes, reasons)
	}
}
