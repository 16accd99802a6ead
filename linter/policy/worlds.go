package policy

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/policies"
)

// Limits of what is looked at beside a stack as it is written.
const (
	maxWorlds    = 64      // of one stack
	maxCopies    = 200_000 // resources of one stack in all its worlds
	maxRounds    = 3       // of tests that others bring up
	maxTests     = 24      // that one verdict hangs on
	maxTestsFull = 3       // of which all combinations are looked at
)

// worlds settles verdicts that hang on conditions. The stack as it is written
// leaves what may or may not be there unknown, so that a verdict on it holds in
// every world; where it is inconclusive because of tests, the stack is judged
// again in worlds that decide them, for those rules alone.
type worlds struct {
	graph    *graph.Graph
	compiler *ast.Compiler
	options  map[string]map[string]int
	types    map[string]bool
	answers  []answer
	jobs     int
}

// pair is a verdict that hangs on tests.
type pair struct {
	verdict *judgement
	rule    *policies.Rule
	key     pairKey
	tests   []*graph.Test
	// bearing are all tests that may change the verdict.
	bearing map[*graph.Test]bool
	results []worldResult
	// missed tells that some world was not looked at.
	missed bool
}

// pairKey finds a verdict again in another world.
type pairKey struct {
	rule, address, kind string
	external            bool
}

// worldResult is the verdict where some tests are decided.
type worldResult struct {
	assumed graph.World
	found   []judgement
}

// settle decides the verdicts that it can, and returns what could not be evaluated.
func (w *worlds) settle(ctx context.Context, all []judgement) []error {
	var errs []error
	byStack := map[*graph.Stack][]*pair{}
	var stacks []*graph.Stack
	for i := range all {
		v := &all[i]
		stack, rule := v.subject.resource.Stack, w.answers[v.answer].rule
		if tests := v.tests(rule); len(tests) > 0 {
			if byStack[stack] == nil {
				stacks = append(stacks, stack)
			}
			byStack[stack] = append(byStack[stack], &pair{
				verdict: v, rule: rule, key: pairOf(rule, v.subject), tests: limited(tests, nil), bearing: w.bearing(v.subject),
				missed: len(tests) > maxTests,
			})
		}
	}
	for _, stack := range stacks {
		errs = append(errs, w.explore(ctx, stack, byStack[stack])...)
		w.restore(stack, byStack[stack])
		for _, p := range byStack[stack] {
			if p.conclude(); p.missed && len(p.verdict.fails)+len(p.verdict.doubts) == 0 {
				errs = append(errs, fmt.Errorf("rule %s: %s hangs on more conditions than are looked at", p.rule.ID, p.key.address))
			}
		}
	}
	return errs
}

func pairOf(rule *policies.Rule, s subject) pairKey {
	k := pairKey{rule: rule.ID, address: s.resource.Address, kind: s.resource.Type, external: s.resource.External}
	if s.document != nil {
		k.kind += " " + s.document.Kind + " " + s.document.Path[0]
	}
	return k
}

// tests are those that a verdict hangs on: in what its doubts are about, and in
// what the rule reads, since a rule may say nothing of what is not known.
func (v *judgement) tests(rule *policies.Rule) []*graph.Test {
	var out []*graph.Test
	add := func(value graph.Value) {
		for _, t := range value.Tests() {
			if !slices.Contains(out, t) {
				out = append(out, t)
			}
		}
	}
	var heads []string
	for _, doubt := range v.doubts {
		heads = append(heads, doubt.Path[:min(1, len(doubt.Path))]...)
		for _, why := range doubt.Why {
			heads = append(heads, why.Path[:min(1, len(why.Path))]...)
		}
	}
	if v.subject.document != nil {
		add(v.subject.document.Value)
	} else {
		read := pathsOf(rule)
		for _, path := range slices.Concat(read.when, read.reads, read.presence, read.weighs) {
			heads = append(heads, path[0])
		}
	}
	slices.Sort(heads)
	for _, head := range slices.Compact(heads) {
		add(v.subject.resource.Values.Get(head))
	}
	return out
}

// limited adds tests to others, not more than one verdict may hang on.
func limited(tests, to []*graph.Test) []*graph.Test {
	for _, t := range tests {
		if len(to) < maxTests && !slices.Contains(to, t) {
			to = append(to, t)
		}
	}
	return to
}

// bearing are the tests that may change what is said of a subject: those in
// it, and in what it refers to and is referred to by.
func (w *worlds) bearing(s subject) map[*graph.Test]bool {
	out := map[*graph.Test]bool{}
	add := func(r *graph.Resource) {
		for _, t := range append(r.Values.Tests(), r.Exists.Tests()...) {
			out[t] = true
		}
	}
	add(s.resource)
	for _, r := range w.graph.Targets(s.resource.Stack, s.resource.Values) {
		add(r)
	}
	for _, reference := range s.resource.References() {
		for _, r := range s.resource.Referrers(reference) {
			add(r)
		}
	}
	return out
}

// bin is one world with the pairs that are judged in it.
type bin struct {
	world   graph.World
	decides map[*graph.Test]bool
	bearing map[*graph.Test]bool
	pairs   []*pair
	assumed []graph.World
	found   map[pairKey][]judgement
	errs    []error
}

// explore judges a stack in the worlds that its pairs ask for.
func (w *worlds) explore(ctx context.Context, stack *graph.Stack, pairs []*pair) []error {
	var errs []error
	left := min(maxWorlds, 1+maxCopies/(1+len(stack.Resources)))
	open := pairs
	for round := 0; round < maxRounds && len(open) > 0 && ctx.Err() == nil; round++ {
		bins := pack(open, left)
		left -= len(bins)
		w.judgeAll(ctx, stack, bins)
		for _, b := range bins {
			errs = append(errs, b.errs...)
			for i, p := range b.pairs {
				p.results = append(p.results, worldResult{b.assumed[i], b.found[p.key]})
			}
		}
		var again []*pair
		for _, p := range open {
			if p.missed {
				continue
			}
			if more := p.more(); len(more) > 0 && round+1 < maxRounds {
				p.tests, p.results = limited(more, p.tests), nil
				again = append(again, p)
			}
		}
		open = again
	}
	for _, p := range open {
		p.missed = p.missed || len(p.results) == 0
	}
	return errs
}

// more are tests that only came up in a world and leave the verdict open.
func (p *pair) more() []*graph.Test {
	var out []*graph.Test
	if len(p.tests) >= maxTests {
		return nil
	}
	for _, r := range p.results {
		for i := range r.found {
			if len(r.found[i].doubts) == 0 {
				continue
			}
			for _, t := range r.found[i].tests(p.rule) {
				if !slices.Contains(p.tests, t) && !slices.Contains(out, t) {
					out = append(out, t)
				}
			}
		}
	}
	return out
}

// pack puts what the pairs want to be assumed into as few worlds as it can. What a
// world assumes for one pair must not bear on another.
func pack(pairs []*pair, most int) []*bin {
	var bins []*bin
	for _, p := range pairs {
		for _, assumed := range p.assumptions() {
			if !place(p, assumed, &bins, most) {
				p.missed = true
			}
		}
	}
	return bins
}

func place(p *pair, assumed graph.World, bins *[]*bin, most int) bool {
	// The subject must exist in the world, whatever that hangs on.
	keeps := p.verdict.subject.resource.Exists.Under(assumed).Worlds(1)
	if len(keeps) == 0 {
		return true // there is no such world
	}
	whole, ok := assumed.Join(keeps[0])
	if !ok {
		return true
	}
	for _, b := range *bins {
		if joined, ok := b.world.Join(whole); ok && b.admits(p, whole) {
			b.take(p, assumed, joined)
			return true
		}
	}
	if len(*bins) >= most {
		return false
	}
	b := &bin{decides: map[*graph.Test]bool{}, bearing: map[*graph.Test]bool{}}
	b.take(p, assumed, whole)
	*bins = append(*bins, b)
	return true
}

// admits reports whether neither the bin's assumptions bear on the pair nor
// the pair's on the bin's other pairs.
func (b *bin) admits(p *pair, whole graph.World) bool {
	for _, l := range whole {
		if !b.decides[l.Test] && b.bearing[l.Test] {
			return false
		}
	}
	for _, l := range b.world {
		if p.bearing[l.Test] && !slices.Contains(whole, l) {
			return false
		}
	}
	return true
}

func (b *bin) take(p *pair, assumed, world graph.World) {
	b.world = world
	for _, l := range world {
		b.decides[l.Test] = true
	}
	for t := range p.bearing {
		b.bearing[t] = true
	}
	b.pairs, b.assumed = append(b.pairs, p), append(b.assumed, assumed)
}

// assumptions are the worlds that a pair asks for: all combinations of few
// tests; of more, each alone, and all together.
func (p *pair) assumptions() []graph.World {
	if len(p.tests) <= maxTestsFull {
		return combinations(nil, p.tests)
	}
	var out []graph.World
	for _, holds := range []bool{true, false} {
		var all graph.World
		for _, t := range p.tests {
			l := graph.Literal{Test: t, Holds: holds}
			out = append(out, graph.World{l})
			if next, ok := all.With(l); ok {
				all = next
			}
		}
		out = append(out, all)
	}
	return out
}

func combinations(from graph.World, tests []*graph.Test) []graph.World {
	if len(tests) == 0 {
		return []graph.World{from}
	}
	var out []graph.World
	for _, holds := range []bool{true, false} {
		if next, ok := from.With(graph.Literal{Test: tests[0], Holds: holds}); ok {
			out = append(out, combinations(next, tests[1:])...)
		}
	}
	return out
}

// judgeAll judges the stack in each bin's world.
func (w *worlds) judgeAll(ctx context.Context, stack *graph.Stack, bins []*bin) {
	var wg sync.WaitGroup
	slots := make(chan struct{}, w.jobs)
	for _, b := range bins {
		wg.Add(1)
		slots <- struct{}{}
		go func() {
			defer func() { <-slots; wg.Done() }()
			w.judge(ctx, stack, b)
		}()
	}
	wg.Wait()
}

func (w *worlds) judge(ctx context.Context, stack *graph.Stack, b *bin) {
	var rules []*policies.Rule
	for _, p := range b.pairs {
		if !slices.Contains(rules, p.rule) {
			rules = append(rules, p.rule)
		}
	}
	g := w.graph.Under(ctx, stack, b.world)
	in := newInput(g, w.types)
	in.options = w.options
	answers, errs := askGroup(ctx, w.compiler, in.document(ctx), rules)
	b.errs = errs
	b.found = map[pairKey][]judgement{}
	for _, v := range judgements(g, answers) {
		k := pairOf(answers[v.answer].rule, v.subject)
		b.found[k] = append(b.found[k], v)
	}
}

// restore makes what was found in worlds speak of the stack that is judged.
func (w *worlds) restore(stack *graph.Stack, pairs []*pair) {
	own := map[string]*graph.Resource{}
	for _, r := range w.graph.Resources {
		if r.Stack == stack {
			own[r.Type+" "+r.Address] = r
		}
	}
	for _, p := range pairs {
		for _, result := range p.results {
			for i := range result.found {
				for j := range result.found[i].fails {
					o := &result.found[i].fails[j]
					o.Base = own[o.Resource.Type+" "+o.Resource.Address]
					o.Resource.Stack = stack
				}
			}
		}
	}
}
