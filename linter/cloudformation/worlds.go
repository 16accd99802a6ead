package cloudformation

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// A template with conditions describes several stacks. It is evaluated in the
// base world, where every input of a condition has its given value, else its
// Default, else the first of its AllowedValues; and in one more world for each
// way that changing a single input changes what the conditions say. Where that
// would be too many, some worlds change several inputs at once.

const (
	// maxWorlds is how many stacks one template may give.
	maxWorlds = 16
	// maxAttempts is how many changes of inputs are tried.
	maxAttempts = 1000
)

// conditionInput stands before a condition's name among a resource's inputs.
const conditionInput = "condition "

// stacks evaluates a root template in all its worlds.
func (l *loader) stacks(t *template, o Options) []*graph.Stack {
	l.template = t
	l.templates[t.file.Path] = t
	probe := newEvaluator(l, t)
	probe.given = o.Parameters
	names, inputs := probe.influences()
	if len(names) == 0 {
		return []*graph.Stack{stackOf(probe, "", nil)}
	}
	base := newEvaluator(l, t)
	base.given, base.flips = o.Parameters, baseFlips(inputs)
	kept := &reuse{resources: map[string]*keptResource{}}
	stacks := []*graph.Stack{stackOf(base, "", kept)}
	s := &search{loader: l, template: t, given: o.Parameters, base: base.flips, names: names, truths: vector(base, names)}
	for _, world := range s.worlds(inputs) {
		kept.changed = world.changed
		stacks = append(stacks, stackOf(world.evaluator, world.when, kept))
	}
	return stacks
}

func stackOf(e *evaluator, when string, kept *reuse) *graph.Stack {
	s := &graph.Stack{
		Root: e.template.file.Path, Language: graph.CloudFormation, When: when,
		Files: append([]*source.File{e.template.file}, e.template.included...),
	}
	e.remarks(s)
	e.build(s, nil, kept)
	e.loader.addStored(s, e.template.file)
	return s
}

// remarks adds what a template says whatever the world is.
func (e *evaluator) remarks(s *graph.Stack) {
	if s.When != "" {
		return
	}
	t := e.template
	s.Requests = append(s.Requests, t.requests()...)
	s.Advice = append(s.Advice, t.spelling()...)
	for _, macro := range macros(nil, t.root.get("Transform")) {
		s.Gaps = append(s.Gaps, &graph.Gap{Address: e.prefix + macro.text, Source: "a macro that may rewrite the template", Range: macro.at()})
	}
}

// macros are the transforms of a whole template that are not AWS's own: what
// they add cannot be known.
func macros(found []*node, n *node) []*node {
	switch {
	case n == nil:
	case n.kind == sequenceNode:
		for _, item := range n.items {
			found = macros(found, item)
		}
	case n.kind == mappingNode:
		found = macros(found, n.get("Name"))
	case n.kind == stringNode && !strings.HasPrefix(n.text, "AWS::"):
		found = append(found, n)
	}
	return found
}

// world is a variant of the base world.
type world struct {
	evaluator *evaluator
	inputs    map[string]flip // the inputs that differ from the base world
	truths    []truth
	when      string
	changed   map[string]bool // the inputs and conditions that differ
}

// input is the one input that a world changes.
func (w world) input() string {
	for name := range w.inputs {
		return name
	}
	return ""
}

// search finds the worlds of a template beside its base world.
type search struct {
	loader   *loader
	template *template
	given    map[string]string
	base     map[string]flip
	names    []conditionName // that matter
	truths   []truth         // of them, in the base world
	seen     map[string]bool
	attempts int
}

// worlds changes one input after the other and keeps the changes that make a
// difference to the conditions.
func (s *search) worlds(inputs []*input) []world {
	s.seen = map[string]bool{signature(s.truths): true}
	var found []world
	for _, in := range inputs {
		for _, alternative := range in.alternatives() {
			if w, ok := s.try(map[string]flip{in.name: alternative}); ok {
				found = append(found, w)
			}
		}
	}
	if len(found) < maxWorlds {
		return found
	}
	return s.fewer(found)
}

// try looks at the world in which some inputs differ from the base world; ok
// is false when its conditions say nothing new.
func (s *search) try(inputs map[string]flip) (w world, ok bool) {
	if s.attempts++; s.attempts > maxAttempts || s.loader.left <= 0 {
		return world{}, false
	}
	e := newEvaluator(s.loader, s.template)
	e.given, e.flips = s.given, maps.Clone(s.base)
	w = world{evaluator: e, inputs: inputs, changed: map[string]bool{}}
	for name, f := range inputs {
		e.flips[name] = f
		w.changed[name] = true
	}
	if !e.permitted() {
		return world{}, false
	}
	w.truths = vector(e, s.names)
	sign := signature(w.truths)
	if s.seen[sign] {
		return world{}, false
	}
	s.seen[sign] = true
	var parts []string
	changed := map[string]bool{}
	for i, name := range s.names {
		if w.truths[i].known != s.truths[i].known || w.truths[i].holds != s.truths[i].holds {
			w.changed[conditionInput+name.name] = true
			changed[name.String()] = true
		}
	}
	for i, name := range s.names {
		if changed[name.String()] && !follows(e, name, changed) {
			parts = append(parts, name.String()+" is "+w.truths[i].String())
		}
	}
	if len(parts) == 0 { // each follows from another
		for i, name := range s.names {
			if changed[name.String()] {
				parts = append(parts, name.String()+" is "+w.truths[i].String())
			}
		}
	}
	w.when = strings.Join(parts, " and ")
	return w, true
}

// follows reports whether a condition is made of other conditions alone, one
// of which has changed: then it need not be said that this one has.
func follows(e *evaluator, name conditionName, changed map[string]bool) bool {
	for _, id := range name.stacks {
		r := e.resource(id)
		if r == nil || e.child(r) == nil {
			return false
		}
		e = e.child(r)
	}
	p := e.template.conditions.pair(name.name)
	if p == nil {
		return false
	}
	found := false
	for _, other := range conditionsIn(nil, p.value) {
		if other == "" {
			return false // it looks at something itself
		}
		found = found || other != name.name && changed[conditionName{name.stacks, other}.String()]
	}
	return found
}

// conditionsIn lists the conditions that an expression is made of, and "" for
// what is none.
func conditionsIn(found []string, n *node) []string {
	name, argument, ok := n.call()
	if !ok && n.kind == mappingNode && len(n.pairs) == 1 && n.pairs[0].name == "Condition" {
		name, argument, ok = "Condition", n.pairs[0].value, true
	}
	switch {
	case ok && name == "Condition" && argument.kind == stringNode:
		return append(found, argument.text)
	case ok && (name == "Fn::Not" || name == "Fn::And" || name == "Fn::Or") && argument.kind == sequenceNode:
		for _, item := range argument.items {
			found = conditionsIn(found, item)
		}
		return found
	}
	return append(found, "")
}

// combined is how many of the worlds may change several inputs at once, when
// there are too many worlds to change one at a time.
const combined = 3

// fewer chooses worlds so that, if it can be done, every condition is seen
// with every value it can take: some worlds as they are, the rest joined.
func (s *search) fewer(found []world) []world {
	v := views{}
	v.add(s.truths)
	var chosen []world
	for len(chosen) < maxWorlds-1-combined {
		// Worlds that change the same input cannot be joined, so the inputs
		// with the most alternatives come first.
		alternatives := map[string]int{}
		for _, w := range found {
			if v.news(w.truths) > 0 {
				alternatives[w.input()]++
			}
		}
		best, most := -1, 0
		for i, w := range found {
			if count := alternatives[w.input()]; count > most && v.news(w.truths) > 0 {
				best, most = i, count
			}
		}
		if best < 0 {
			return chosen
		}
		v.add(found[best].truths)
		chosen = append(chosen, found[best])
		found = slices.Delete(found, best, best+1)
	}
	for range combined {
		inputs := map[string]flip{}
		var only *world
		for i := range found {
			if v.news(found[i].truths) == 0 {
				continue
			}
			for name, f := range found[i].inputs {
				if _, taken := inputs[name]; !taken {
					inputs[name], only = f, &found[i]
				}
			}
		}
		if len(inputs) == 0 {
			return chosen
		}
		w, ok := world{}, true
		if len(inputs) == 1 {
			w = *only
		} else {
			w, ok = s.try(inputs)
		}
		if ok {
			v.add(w.truths)
			chosen = append(chosen, w)
		}
	}
	for _, w := range found {
		if v.news(w.truths) > 0 {
			t := s.template
			s.loader.report(t.root.nameAt(t.root.pair("Conditions")), "the conditions make more than "+strconv.Itoa(maxWorlds)+
				" different stacks; those in which "+w.when+" are not judged: give --parameter values to choose others")
			break
		}
	}
	return chosen
}

// views are the values that conditions, by number, have been seen with.
type views map[view]bool

type view struct {
	condition int
	value     string
}

func (v views) add(truths []truth) {
	for i, t := range truths {
		v[view{i, t.String()}] = true
	}
}

// news counts the conditions that have a value not seen so far.
func (v views) news(truths []truth) (count int) {
	for i, t := range truths {
		if !v[view{i, t.String()}] {
			count++
		}
	}
	return count
}

func vector(e *evaluator, names []conditionName) []truth {
	out := make([]truth, len(names))
	for i, name := range names {
		out[i] = e.conditionIn(name)
	}
	return out
}

// conditionIn evaluates a condition of the template or of one nested in it.
func (e *evaluator) conditionIn(name conditionName) truth {
	for _, id := range name.stacks {
		r := e.resource(id)
		if r == nil {
			return undecided("stack " + id + " is not there")
		}
		if e = e.child(r); e == nil {
			return undecided("the template of stack " + id + " is not at hand")
		}
	}
	return e.condition(name.name)
}

func signature(truths []truth) string {
	out := make([]byte, len(truths))
	for i, t := range truths {
		switch {
		case !t.known:
			out[i] = '?'
		case t.holds:
			out[i] = '1'
		default:
			out[i] = '0'
		}
	}
	return string(out)
}

// reuse keeps the resources of the base world for the worlds in which none
// of their inputs change.
type reuse struct {
	resources map[string]*keptResource // by logical id
	changed   map[string]bool          // nil while the base world is evaluated
}

type keptResource struct {
	built *graph.Resource // nil when the resource doesn't exist
	reads map[string]bool
}

// resource returns a resource of the world e, evaluated or kept.
func (k *reuse) resource(e *evaluator, r *entry) (built *graph.Resource, exists bool) {
	if r.scope != nil {
		return e.evaluate(r) // one body makes several resources
	}
	if have := k.resources[r.name]; k.changed != nil && have != nil && !overlap(have.reads, k.changed) {
		if have.built == nil {
			return nil, false
		}
		same := *have.built // Build will fill in its own half
		return &same, true
	}
	if k.changed != nil {
		return e.evaluate(r)
	}
	e.reads = map[string]bool{}
	built, exists = e.evaluate(r)
	maps.Copy(e.reads, r.reads)
	kept := &keptResource{reads: e.reads}
	e.reads = nil
	if exists {
		same := *built
		kept.built = &same
	}
	k.resources[r.name] = kept
	return built, exists
}

func overlap(reads, changed map[string]bool) bool {
	if reads[nestedInput] {
		return true
	}
	for name := range changed {
		if reads[name] {
			return true
		}
	}
	return false
}
