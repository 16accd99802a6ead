package describe

import (
	"path"
	"slices"
	"strings"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/policy"
	"github.com/demarc-dev/demarc/linter/source"
	"github.com/demarc-dev/demarc/policies"
)

// finding describes one outcome.
func (d *Describer) finding(o *policy.Outcome) finding.Finding {
	r, named := o.Resource, namedResource(o)
	f := *d.ofRule(o.Rule)
	f.Message, f.Tag = d.redact(o.Message, r), d.redact(o.Tag, r)
	f.Environments, f.Why = []string{}, []finding.Why{}
	f.Resource = finding.Resource{Address: named.Identity(), Type: r.Type, DeclaredType: named.DeclaredType}
	if r.Name != "" {
		f.Resource.Name = &r.Name
	}
	if r.Origin != nil && r.Origin.Address == r.Address {
		f.Resource.DeclaredType = r.Origin.Type
	}
	if o.Owner != nil && o.Owner.Address != named.Address {
		f.Resource.Owner = o.Owner.Identity()
	}
	f.When = condition(o)
	if o.Inconclusive {
		f.Status, f.When = finding.Inconclusive, nil
		for _, w := range o.Why {
			f.Why = append(f.Why, finding.Why{Path: w.Path.String(), Reason: w.Text, Needs: w.Needs})
		}
	}
	shown := owned(o.Range, r.Calls)
	f.Location = d.Location(shown)
	if !shown.Valid() && r.Stack.Plan != "" {
		f.Location.File = d.file(r.Stack.Plan)
	}
	lasting := lastingName(named, shown)
	f.Homes = []finding.Home{lasting}
	f.Fingerprint = finding.Fingerprint(o.Rule.ID, lasting.Root, lasting.Address, f.Tag)
	f.Related = d.related(&o.Spot)
	f.Scopes = scopes(&o.Spot)
	return f
}

// condition says under which condition an outcome holds; nil if it always does.
func condition(o *policy.Outcome) *string {
	var text string
	switch r := o.Resource; {
	case o.When != "":
		text = o.When
	case r.Exists != nil:
		text = r.Exists.String()
	case r.Maybe != nil:
		text = "it exists: " + r.Maybe.Text
	default:
		return nil
	}
	return &text
}

// ofRule is what all findings of a rule have in common.
func (d *Describer) ofRule(rule *finding.Rule) *finding.Finding {
	f := d.rules[rule]
	if f == nil {
		f = &finding.Finding{
			Rule: rule.ID, Aliases: rule.Aliases.ByPeer(), Severity: rule.Severity, Status: finding.Fail,
			Controls: rule.Controls, Side: rule.Side, ServiceModel: rule.ServiceModel,
			Title: rule.Title, Remedy: policies.ProseOf(rule.ID).Remedy, Secret: rule.Secret,
		}
		d.rules[rule] = f
	}
	return f
}

// namedResource is the resource that an outcome is named by: its subject, or,
// for the stand-in of a parent outside the stack, the companion that wrote the
// value. Which companion comes first in the source must not matter.
func namedResource(o *policy.Outcome) *graph.Resource {
	if o.Resource.External && o.Owner != nil {
		return o.Owner
	}
	return o.Resource
}

// lastingName is the root and the address that name a resource for good. A
// line of a module or a nested template is one line, however many roots call
// it: it is named from the module's own directory, or the template.
func lastingName(r *graph.Resource, at source.Range) finding.Home {
	if len(r.Calls) == 0 || !at.Valid() || at == r.Calls[0].Header {
		return finding.Home{Root: r.Stack.Root, Address: r.Identity()}
	}
	innermost := r.Calls[len(r.Calls)-1].Address
	if r.Stack.Language == graph.CloudFormation {
		return finding.Home{Root: r.Header.File.Path, Address: strings.TrimPrefix(r.Identity(), innermost+"/")}
	}
	return finding.Home{Root: path.Dir(at.File.Path), Address: strings.TrimPrefix(r.Identity(), graph.StripKeys(innermost)+".")}
}

// owned is the innermost place that the repository owns: not inside a module
// that terraform init installed.
func owned(at source.Range, calls []graph.Call) source.Range {
	for i := len(calls) - 1; i >= 0 && at.Valid() && Installed(at.File.Path); i-- {
		at = calls[i].Header
	}
	return at
}

// Installed reports whether a file is part of a module that terraform init installed.
func Installed(name string) bool {
	return strings.HasPrefix(name, ".terraform/") || strings.Contains(name, "/.terraform/")
}

// related is the way a value took to the attribute, and the module calls that
// lead to the resource.
func (d *Describer) related(s *graph.Spot) []finding.Related {
	r := s.Resource
	out := []finding.Related{}
	for _, step := range s.Via {
		out = append(out, finding.Related{Message: "the value comes from " + step.Message, Location: d.Location(step.Range)})
	}
	if r.Origin != nil && r.Origin.Address != r.Address {
		out = append(out, finding.Related{Message: "SAM makes " + r.Address + " from " + r.Origin.Address + " (" + r.Origin.Type + ")", Location: d.Location(r.Header)})
	}
	for _, call := range slices.Backward(r.Calls) {
		out = append(out, finding.Related{Message: "called as " + graph.StripKeys(call.Address), Location: d.Location(call.Header)})
	}
	return out
}

// scopes are the places whose comments suppress a finding, innermost first.
func scopes(s *graph.Spot) []source.Range {
	out := append([]source.Range{s.Range}, s.Scopes...)
	if s.Owner != nil {
		out = append(out, s.Owner.Block)
	}
	out = append(out, s.Resource.Block)
	for _, call := range slices.Backward(s.Resource.Calls) {
		out = append(out, call.Block)
	}
	return out
}
