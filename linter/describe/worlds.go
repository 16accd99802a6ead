package describe

import (
	"slices"
	"strings"

	"github.com/demarc-dev/demarc/linter/graph"
)

// worlds are the variants of one root: what holds in some of them is told with
// the conditions that make the difference.
type worlds struct {
	stacks []*graph.Stack
	index  map[*graph.Stack]int
	// about is, by address, what is known of a resource from all variants.
	about     map[string]*described
	referrers map[string][]string // by address, the addresses of those that refer to it
	literals  map[string][2]worldSet
	names     []string // of the conditions, in the order they occur
}

// described is a resource over all variants.
type described struct {
	guards []string // the conditions it and its companions hang on
	links  []string // the addresses it refers to
}

// worldsOf are the variants of each root that has several.
func worldsOf(stacks []*graph.Stack) map[string]*worlds {
	out := map[string]*worlds{}
	for _, s := range stacks {
		if s.Variant == nil {
			continue
		}
		w := out[s.Root]
		if w == nil {
			w = &worlds{index: map[*graph.Stack]int{}}
			out[s.Root] = w
		}
		w.index[s] = len(w.stacks)
		w.stacks = append(w.stacks, s)
	}
	return out
}

// of is the set of some variants; those of other roots are left out.
func (w *worlds) of(stacks map[*graph.Stack]bool) worldSet {
	out := newWorldSet(len(w.stacks))
	for s := range stacks {
		if i, ok := w.index[s]; ok {
			out.add(i)
		}
	}
	return out
}

// read looks at the resources of all variants, once.
func (w *worlds) read() {
	if w.about != nil {
		return
	}
	w.about, w.referrers = map[string]*described{}, map[string][]string{}
	for _, s := range w.stacks {
		for _, r := range s.Resources {
			d := w.about[r.Address]
			if d == nil {
				d = &described{}
				w.about[r.Address] = d
			}
			d.guards = appendNames(d.guards, r.Guards...)
			for _, link := range r.Declared.AllLinks() {
				if !slices.Contains(d.links, link.Address) {
					d.links = append(d.links, link.Address)
					w.referrers[link.Address] = append(w.referrers[link.Address], r.Address)
				}
			}
		}
	}
	w.literals = map[string][2]worldSet{}
	for i, s := range w.stacks {
		for _, c := range s.Variant.Conditions {
			w.literal(c.Name, c.Holds, i)
		}
	}
}

// literal notes that a condition comes out so in a variant.
func (w *worlds) literal(name string, holds bool, i int) {
	l, ok := w.literals[name]
	if !ok {
		l = [2]worldSet{newWorldSet(len(w.stacks)), newWorldSet(len(w.stacks))}
		w.literals[name] = l
		w.names = append(w.names, name)
	}
	if holds {
		l[1].add(i)
	} else {
		l[0].add(i)
	}
}

func appendNames(have []string, more ...string) []string {
	for _, name := range more {
		if !slices.Contains(have, name) {
			have = append(have, name)
		}
	}
	return have
}

// when says under which conditions something about a resource holds that holds
// in some variants; nil when it holds in all.
func (w *worlds) when(address string, holds worldSet) *string {
	if holds.count() == len(w.stacks) {
		return nil
	}
	w.read()
	all := newWorldSet(len(w.stacks))
	for i := range w.stacks {
		all.add(i)
	}
	misses := all.without(holds)
	own, near := w.guards(address)
	terms := w.separate(w.choices(own), holds, misses)
	if wider := w.separate(w.choices(appendNames(own, near...)), holds, misses); terms == nil || wider != nil && size(wider) < size(terms) {
		terms = wider
	}
	if terms == nil {
		terms = w.separate(w.choices(w.names), holds, misses)
	}
	if terms == nil {
		terms = w.separate(w.inputs(), holds, misses)
	}
	text := "other inputs are given"
	if terms != nil {
		text = either(terms)
	}
	return &text
}

// guards are the conditions that a resource and its companions hang on, and
// those of the resources around it.
func (w *worlds) guards(address string) (own, near []string) {
	at := w.about[address]
	if at == nil {
		return nil, nil
	}
	own = slices.Clone(at.guards)
	for _, other := range slices.Concat(w.referrers[address], at.links) {
		if d := w.about[other]; d != nil {
			near = appendNames(near, d.guards...)
		}
	}
	return own, near
}

// choice is something that is so in some variants.
type choice struct {
	text string
	in   worldSet
}

func (w *worlds) choices(names []string) []choice {
	var out, denied []choice // what is true is said rather than what is false
	for _, name := range names {
		if l, ok := w.literals[name]; ok {
			out = append(out, choice{name + " is true", l[1]})
			denied = append(denied, choice{name + " is false", l[0]})
			continue
		}
		for _, c := range w.inputs() {
			if strings.HasPrefix(c.text, name+" is ") {
				out = append(out, c)
			}
		}
	}
	return append(out, denied...)
}

// inputs are what the inputs may be: the last resort where no condition tells
// the variants apart.
func (w *worlds) inputs() []choice {
	var out []choice
	index := map[graph.Assumed]int{}
	for i, s := range w.stacks {
		for _, in := range s.Variant.Inputs {
			at, ok := index[in]
			if !ok {
				at = len(out)
				index[in] = at
				out = append(out, choice{in.Name + " is " + in.Value, newWorldSet(len(w.stacks))})
			}
			out[at].in.add(i)
		}
	}
	return out
}

// separate finds few choices that are so in all variants of holds and in none
// of misses: terms that are joined by "or". It is nil when there are none.
func (w *worlds) separate(choices []choice, holds, misses worldSet) []string {
	const most = 4 // in a term
	var terms []string
	for left := holds; left.count() > 0; {
		first := left.first()
		at := newWorldSet(len(w.stacks))
		at.add(first)
		var here []choice
		for _, c := range choices {
			if c.in.has(first) {
				here = append(here, c)
			}
		}
		// One term for all that is left, if there is one.
		found := term{}
		for _, need := range []worldSet{left, at} {
			for n := 1; n <= most && found.texts == nil; n++ {
				found = conjunction(here, n, need, left, misses)
			}
		}
		if found.texts == nil {
			return nil
		}
		terms = append(terms, strings.Join(found.texts, " and "))
		left = left.without(found.in)
	}
	return terms
}

// term is some choices that are so at once.
type term struct {
	texts []string
	in    worldSet
}

// conjunction finds n choices that are so at once in all variants of need and
// in none of misses, and in as many of left as can be.
func conjunction(choices []choice, n int, need, left, misses worldSet) term {
	const most = 40 // with more, only the first are joined
	var fit []choice
	for _, c := range choices {
		if need.within(c.in) && (n == 1 || c.in.meets(misses)) {
			fit = append(fit, c)
		}
	}
	if n > 2 && len(fit) > most {
		fit = fit[:most]
	}
	best, score := term{}, 0
	var extend func(from int, t term)
	extend = func(from int, t term) {
		if len(t.texts) == n {
			if covers := t.in.and(left).count(); covers > score && !t.in.meets(misses) {
				best, score = term{slices.Clone(t.texts), t.in}, covers
			}
			return
		}
		for i := from; i < len(fit); i++ {
			in := fit[i].in
			if t.in != nil {
				in = in.and(t.in)
			}
			extend(i+1, term{append(t.texts, fit[i].text), in})
		}
	}
	extend(0, term{})
	return best
}

// size is how much terms are to read.
func size(terms []string) int {
	n := 0
	for _, t := range terms {
		n += 1 + strings.Count(t, " and ")
	}
	return n
}

// either joins conditions, not more than people read.
func either(conditions []string) string {
	const most = 3
	if len(conditions) > most {
		conditions = append(conditions[:most:most], "another condition")
	}
	return strings.Join(conditions, " or ")
}
