package policy

import (
	"strconv"
	"strings"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/policies"
)

// Result is what all rules said of a graph.
type Result struct {
	// Outcomes are the failures and the inconclusive ones, in the order of
	// rules and subjects.
	Outcomes []Outcome
	// Passed are the resources that pass, by rule id, if they were asked for; a
	// resource with several policy documents stands there once for each.
	Passed map[string][]*graph.Resource
	// PerRule counts subjects by rule id.
	PerRule map[string]*Tally
	// Errors are rules that could not be evaluated.
	Errors []string
}

// Tally counts the (rule, subject) pairs of a rule.
type Tally struct{ Fail, Pass, Inconclusive, NotApplicable int }

// Outcome is one failure, or one case that could not be decided.
type Outcome struct {
	Rule         *policies.Rule
	Resource     *graph.Resource
	Path         string // from the resource, dotted, with indexes
	Message, Tag string
	Inconclusive bool
	Why          []Why
}

// Why says which value is unknown.
type Why struct {
	Path string
	graph.Reason
}

// subject is a resource or a policy document that a rule judges.
type subject struct {
	id       int
	resource *graph.Resource
	document *graph.Document
}

// weigh turns answers into outcomes.
func weigh(g *graph.Graph, answers []answer, result *Result) {
	byType := map[string][]subject{}
	for _, r := range g.Resources {
		byType[r.Type] = append(byType[r.Type], subject{id: r.ID, resource: r})
	}
	for _, d := range g.Documents {
		s := subject{id: d.ID, resource: d.Owner, document: d}
		byType["document:"+d.Kind] = append(byType["document:"+d.Kind], s)
	}
	for _, a := range answers {
		said := map[int][]raw{}
		for _, e := range a.emitted {
			said[e.subject] = append(said[e.subject], e)
		}
		tally := &Tally{}
		result.PerRule[a.rule.ID] = tally
		for _, name := range a.rule.Subject {
			for _, s := range byType[name] {
				passed := tally.Pass
				outcomes := judge(g, a, s, said[s.id], tally)
				if tally.Pass > passed && result.Passed != nil {
					result.Passed[a.rule.ID] = append(result.Passed[a.rule.ID], s.resource)
				}
				// Variants of a stack only add what holds under their condition.
				result.Outcomes = append(result.Outcomes, outcomes...)
			}
		}
	}
}

// judge decides one (rule, subject) pair.
func judge(g *graph.Graph, a answer, s subject, said []raw, tally *Tally) []Outcome {
	count := func(n *int) {
		if s.resource.Stack.When == "" {
			*n++
		}
	}
	var fails, doubts []Outcome
	for _, e := range said {
		o := Outcome{Rule: a.rule, Resource: s.resource, Path: e.path, Message: e.message, Tag: e.tag, Inconclusive: e.inconclusive}
		if o.Path == "" && s.document != nil {
			o.Path = s.document.Path
		}
		if e.inconclusive {
			o.Path = unknownBlock(s.resource, o.Path)
			o.Why = why(s.resource.Values, o.Path)
			doubts = append(doubts, o)
		} else {
			fails = append(fails, o)
		}
	}
	if len(fails) > 0 {
		count(&tally.Fail)
		return fails
	}
	if s.resource.External && s.document == nil && !folded(s.resource, a.rule) {
		count(&tally.NotApplicable)
		return nil
	}
	// What decides whether the rule applies comes first: known, or a link
	// where a link is answer enough.
	if unknown := append(s.unknown(a.rule.When), s.absentOrUnlinked(a.rule.Presence)...); len(unknown) > 0 {
		count(&tally.Inconclusive)
		return []Outcome{undecided(a.rule, s, unknown)}
	}
	if a.applies != nil && !a.applies[s.id] {
		count(&tally.NotApplicable)
		return nil
	}
	if len(doubts) > 0 {
		count(&tally.Inconclusive)
		return doubts
	}
	if unknown := append(s.unknown(a.rule.Reads), companions(g, a.rule, s)...); len(unknown) > 0 {
		count(&tally.Inconclusive)
		return []Outcome{undecided(a.rule, s, unknown)}
	}
	count(&tally.Pass)
	return nil
}

func undecided(rule *policies.Rule, s subject, why []Why) Outcome {
	return Outcome{
		Rule: rule, Resource: s.resource, Path: why[0].Path, Why: why, Inconclusive: true,
		Message: "cannot be decided: " + why[0].Text,
	}
}

// folded reports whether all that a rule reads was folded into an external
// parent, which is all that is known of it.
func folded(r *graph.Resource, rule *policies.Rule) bool {
	reads := false
	for _, paths := range [][]string{rule.When, rule.Reads, rule.Presence, rule.Weighs} {
		for _, p := range paths {
			head, _, _ := strings.Cut(p, ".")
			if _, ok := r.Values.Field(head); !ok {
				return false
			}
			reads = true
		}
	}
	return reads
}

// unknown says which values at the paths are unknown. A document's paths
// start at the document.
func (s subject) unknown(paths []string) []Why {
	var out []Why
	for _, p := range paths {
		s.find(p, func(path string, v graph.Value) { out = append(out, reasons(path, v)...) })
	}
	return out
}

// absentOrUnlinked is unknown for paths where a link to another resource is
// answer enough.
func (s subject) absentOrUnlinked(paths []string) []Why {
	var out []Why
	for _, p := range paths {
		s.find(p, func(path string, v graph.Value) {
			if len(v.Links()) == 0 {
				out = append(out, reasons(path, v)...)
			}
		})
	}
	return out
}

func (s subject) find(path string, visit func(string, graph.Value)) {
	v, at := s.resource.Values, ""
	if s.document != nil {
		v, at = s.document.Value, s.document.Path
	}
	find(v, at, strings.Split(path, "."), visit)
}

// find visits the unknown values at, around or below a path without indexes.
func find(v graph.Value, at string, path []string, visit func(string, graph.Value)) {
	switch {
	case v.Kind == graph.Unknown:
		visit(at, v)
	case v.Kind == graph.List:
		for i, item := range v.Items {
			find(item, graph.Join(at, strconv.Itoa(i)), path, visit)
		}
	case len(path) == 0:
		v.Unknowns(func(below string, unknown graph.Value) { visit(graph.Join(at, below), unknown) })
	case v.Kind == graph.Object:
		if f, ok := v.Field(path[0]); ok {
			find(f.Value, graph.Join(at, path[0]), path[1:], visit)
		} else if v.Open() {
			visit(graph.Join(at, path[0]), v)
		}
	}
}

// why collects the reasons at a path with indexes, for a rule that says itself
// that it is inconclusive.
func why(v graph.Value, path string) []Why {
	var out []Why
	if path == "" {
		return nil
	}
	at := v.Get(strings.Split(path, ".")...)
	at.Unknowns(func(below string, unknown graph.Value) {
		out = append(out, reasons(graph.Join(path, below), unknown)...)
	})
	return out
}

// unknownBlock is the path of the first unknown block of the list of blocks at
// a path, or the path itself.
func unknownBlock(r *graph.Resource, path string) string {
	if r.Table == nil {
		return path
	}
	if a := r.Table.Attribute(path); a == nil || a.Form != graph.FormBlocks {
		return path
	}
	for i, item := range r.Values.Get(strings.Split(path, ".")...).Items {
		if item.Kind == graph.Unknown {
			return graph.Join(path, strconv.Itoa(i))
		}
	}
	return path
}

func reasons(path string, v graph.Value) []Why {
	var out []Why
	for _, r := range v.Reasons() {
		out = append(out, Why{path, r})
	}
	if len(out) == 0 {
		out = append(out, Why{path, graph.Reason{Text: "the value is not known before deployment"}})
	}
	return out
}

// companions says whether a resource elsewhere may settle the rule.
func companions(g *graph.Graph, rule *policies.Rule, s subject) []Why {
	var out []Why
	for _, reference := range rule.Companions {
		if len(s.resource.Referrers(reference)) > 0 {
			return nil
		}
		for _, r := range g.MayReference(s.resource, reference) {
			out = append(out, Why{"", r})
		}
	}
	return out
}
