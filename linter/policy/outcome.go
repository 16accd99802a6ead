package policy

import (
	"slices"
	"strconv"

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
	Passed map[string][]Pass
	// Judged are the resources that some rule failed, passed or could not decide.
	Judged map[*graph.Resource]bool
	// PerRule counts subjects by rule id.
	PerRule map[string]*Tally
	// Errors are rules that could not be evaluated.
	Errors []string
}

// Pass is a resource that keeps a rule.
type Pass struct {
	Rule     *policies.Rule
	Resource *graph.Resource
	// Evidence is what the pass rests on: Nothing if there was nothing to judge.
	Evidence graph.Basis
}

// Outcome is one failure, or one case that could not be decided, at the spot
// of the resource that it is about.
type Outcome struct {
	graph.Spot
	Rule         *policies.Rule
	Message, Tag string
	Inconclusive bool
	Why          []Why
	// When is the condition under which it fails, in words; "" if it always does.
	When string
	// Base is the resource as the stack has it, where Resource is that of a
	// world in which it fails; nil where they are the same.
	Base *graph.Resource
}

// Judged is the resource of the graph that the outcome is about.
func (o *Outcome) Judged() *graph.Resource {
	if o.Base != nil {
		return o.Base
	}
	return o.Resource
}

// Why says which value is unknown.
type Why struct {
	Path graph.Path // with indexes
	graph.Reason
}

// subject is a resource or a policy document that a rule judges.
type subject struct {
	id       int
	resource *graph.Resource
	document *graph.Document
}

// judgement is all that one rule says of one subject.
type judgement struct {
	answer  int // index of the rule's
	subject subject
	fails   []Outcome
	// doubts are why it is inconclusive; beside fails, what may fail as well.
	doubts []Outcome
	// applies is false where the rule has nothing to say.
	applies bool
}

// judgements decides all pairs of rules and subjects, in the order of rules and subjects.
func judgements(g *graph.Graph, answers []answer) []judgement {
	byType := map[string][]subject{}
	for _, r := range g.Resources {
		byType[r.Type] = append(byType[r.Type], subject{id: r.ID, resource: r})
	}
	for _, d := range g.Documents {
		s := subject{id: d.ID, resource: d.Owner, document: d}
		byType["document:"+d.Kind] = append(byType["document:"+d.Kind], s)
	}
	var out []judgement
	for i, a := range answers {
		said, read := a.said(), pathsOf(a.rule)
		for _, name := range a.rule.Subject {
			for _, s := range byType[name] {
				v := judge(g, a, read, s, said[s.id])
				v.answer = i
				out = append(out, v)
			}
		}
	}
	return out
}

// weigh counts judgements and turns them into outcomes.
func weigh(answers []answer, all []judgement, result *Result) {
	over := make([]variants, len(answers))
	passing := make([][]subject, len(answers))
	for i, a := range answers {
		result.PerRule[a.rule.ID] = &Tally{}
		over[i] = variants{}
	}
	for i := range all {
		j := &all[i]
		verdict, outcomes := j.verdict()
		if verdict != notApplicable {
			result.Judged[j.subject.resource] = true
		}
		if verdict == passes && result.Passed != nil {
			passing[j.answer] = append(passing[j.answer], j.subject)
		}
		over[j.answer].count(result.PerRule[answers[j.answer].rule.ID], j.subject, verdict)
		result.Outcomes = append(result.Outcomes, outcomes...)
	}
	for i, a := range answers {
		over[i].into(result.PerRule[a.rule.ID])
		read := pathsOf(a.rule)
		for _, s := range passing[i] {
			if over[i].pass(s) {
				result.Passed[a.rule.ID] = append(result.Passed[a.rule.ID], Pass{a.rule, s.resource, s.evidence(read, a.rule)})
			}
		}
	}
}

// verdict is what counts of a judgement, and what is to be told of it.
func (j *judgement) verdict() (verdict, []Outcome) {
	switch {
	case len(j.fails) > 0:
		return fails, j.fails
	case len(j.doubts) > 0:
		return undecided, j.doubts
	case !j.applies:
		return notApplicable, nil
	}
	return passes, nil
}

// said are the findings by subject, without those about subjects that the rule
// does not apply to: its bodies need not say that again.
func (a answer) said() map[int][]raw {
	said := map[int][]raw{}
	for _, e := range a.emitted {
		if a.applies == nil || a.applies[e.subject] {
			said[e.subject] = append(said[e.subject], e)
		}
	}
	return said
}

// judge decides one (rule, subject) pair.
func judge(g *graph.Graph, a answer, read paths, s subject, said []raw) judgement {
	v := judgement{subject: s, applies: true}
	for _, e := range said {
		o := Outcome{Rule: a.rule, Message: e.message, Tag: e.tag, Inconclusive: e.inconclusive}
		path := graph.ParsePath(e.path)
		if len(path) == 0 && s.document != nil {
			path = s.document.Path
		}
		if e.inconclusive {
			o.Spot = s.resource.At(unknownBlock(s.resource, path))
			o.Why = why(o.Spot)
			if len(o.Why) == 0 {
				o.Why = whyAround(o.Spot, read)
			}
			v.doubts = append(v.doubts, o)
		} else {
			o.Spot = s.resource.At(path)
			v.fails = append(v.fails, o)
		}
	}
	if len(v.fails) > 0 {
		return v
	}
	if s.resource.External && s.document == nil && !folded(s.resource, read, len(v.doubts) > 0) {
		v.doubts, v.applies = nil, false
		return v
	}
	// What decides whether the rule applies comes first: known, or a link
	// where a link is answer enough.
	if unknown := append(s.unknown(read.when), s.absentOrUnlinked(read.presence)...); len(unknown) > 0 {
		v.doubts = []Outcome{doubtful(a.rule, s, unknown)}
		return v
	}
	if a.applies != nil && !a.applies[s.id] {
		v.doubts, v.applies = nil, false
		return v
	}
	if len(v.doubts) > 0 {
		return v
	}
	if unknown := append(s.unknown(read.reads), companions(g, a.rule, s)...); len(unknown) > 0 {
		v.doubts = []Outcome{doubtful(a.rule, s, unknown)}
	}
	return v
}

func doubtful(rule *policies.Rule, s subject, why []Why) Outcome {
	return Outcome{
		Spot: s.resource.At(why[0].Path), Rule: rule, Why: why, Inconclusive: true,
		Message: "cannot be decided: " + why[0].Text,
	}
}

// folded reports whether all that a rule reads was folded into an external
// parent, which is all that is known of it. Of a rule that weighs what else there
// may be, and is in doubt, only what it must read counts.
func folded(r *graph.Resource, read paths, doubts bool) bool {
	reads := false
	weighs := read.weighs
	if doubts && len(read.reads) > 0 {
		weighs = nil
	}
	for _, p := range slices.Concat(read.when, read.reads, read.presence, weighs) {
		if _, ok := r.Values.Field(p[0]); !ok {
			return false
		}
		reads = true
	}
	return reads
}

// unknown says which values at the paths are unknown. A document's paths
// start at the document.
func (s subject) unknown(paths []graph.Path) []Why {
	var out []Why
	for _, p := range paths {
		s.find(p, func(path graph.Path, v graph.Value) { out = append(out, reasons(path, v)...) })
	}
	return out
}

// absentOrUnlinked is unknown for paths where a link to another resource is
// answer enough.
func (s subject) absentOrUnlinked(paths []graph.Path) []Why {
	var out []Why
	for _, p := range paths {
		s.find(p, func(path graph.Path, v graph.Value) {
			if len(v.Links()) == 0 {
				out = append(out, reasons(path, v)...)
			}
		})
	}
	return out
}

func (s subject) find(path graph.Path, visit func(graph.Path, graph.Value)) {
	v, at := s.judged()
	find(v, at, path, visit)
}

// judged is the value whose attributes a rule's paths name, and where it stands.
func (s subject) judged() (graph.Value, graph.Path) {
	if s.document != nil {
		return s.document.Value, s.document.Path
	}
	return s.resource.Values, nil
}

// find visits the unknown values at, around or below a path without indexes.
// What it tells of a place is the visitor's until it returns.
func find(v graph.Value, at, path graph.Path, visit func(graph.Path, graph.Value)) {
	switch {
	case v.Kind == graph.Unknown:
		visit(at, v)
	case v.Kind == graph.List:
		for i, item := range v.Items {
			find(item, append(at, strconv.Itoa(i)), path, visit)
		}
	case len(path) == 0:
		v.UnknownsAt(at, visit)
	case v.Kind == graph.Object:
		if f, ok := v.Field(path[0]); ok {
			find(f.Value, append(at, path[0]), path[1:], visit)
		} else if v.Open() {
			visit(append(at, path[0]), v)
		}
	}
}

// why collects the reasons at a spot, for a rule that says itself that it is
// inconclusive.
func why(s graph.Spot) []Why {
	var out []Why
	if len(s.Path) == 0 {
		return nil
	}
	s.Value.UnknownsAt(s.Path, func(path graph.Path, unknown graph.Value) {
		out = append(out, reasons(path, unknown)...)
	})
	return out
}

// whyAround is why something is inconclusive that is known where the rule
// points: what is unknown around it, or else in what the rule reads.
func whyAround(s graph.Spot, read paths) []Why {
	for path := s.Path; len(path) > 1; {
		path = path.Parent()
		if found := why(s.Resource.At(path)); len(found) > 0 {
			return found
		}
	}
	var out []Why
	for _, path := range slices.Concat(read.when, read.reads, read.presence, read.weighs) {
		out = append(out, why(s.Resource.At(path[:1]))...)
	}
	if len(out) == 0 {
		out = []Why{{s.Path, graph.Reason{Text: "what it refers to is not known before deployment"}}}
	}
	return out
}

// unknownBlock is the path of the first unknown block of the list of blocks at
// a path, or the path itself.
func unknownBlock(r *graph.Resource, path graph.Path) graph.Path {
	if r.Table == nil {
		return path
	}
	if a := r.Table.Attribute(path); a == nil || a.Form != graph.FormBlocks {
		return path
	}
	for i, item := range r.Values.Get(path...).Items {
		if item.Kind == graph.Unknown {
			return path.Index(i)
		}
	}
	return path
}

func reasons(at graph.Path, v graph.Value) []Why {
	path := slices.Clone(at)
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
			out = append(out, Why{nil, r})
		}
	}
	return out
}
