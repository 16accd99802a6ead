package policy

import (
	"slices"
	"sort"
	"strings"

	"github.com/demarc-dev/demarc/linter/graph"
)

// fact tells apart what a rule finds in one subject, whatever the world.
type fact struct {
	message, tag string
	at           any // where it stands
}

func factOf(o *Outcome) fact {
	return fact{o.Message, o.Tag, o.Range}
}

// conclude turns what was found in the worlds into the verdict. A failure in some of
// them takes the place of all doubts: it says when.
func (p *pair) conclude() {
	v := p.verdict
	have := map[fact]bool{}
	for i := range v.fails {
		have[factOf(&v.fails[i])] = true
	}
	var order []fact
	first := map[fact]Outcome{}
	worlds := map[fact][]graph.World{}
	var all []graph.World
	settled, applies := !p.missed && len(p.results) > 0, false
	for _, r := range p.results {
		all = append(all, r.assumed)
		for i := range r.found {
			found := &r.found[i]
			applies = applies || found.applies
			settled = settled && (len(found.doubts) == 0 || len(found.fails) > 0 || p.partial(r.assumed))
			for j := range found.fails {
				f := factOf(&found.fails[j])
				if have[f] {
					continue
				}
				if _, known := first[f]; !known {
					order, first[f] = append(order, f), found.fails[j]
				}
				worlds[f] = append(worlds[f], r.assumed)
			}
		}
	}
	order = joinExclusive(order, worlds)
	for _, f := range order {
		cubes := reduce(worlds[f], all)
		certain := slices.DeleteFunc(slices.Clone(cubes), vague)
		settled = settled && len(certain) == len(cubes)
		if len(certain) > 0 {
			o := first[f]
			o.When = when(v.subject.resource.Exists, certain)
			v.fails = append(v.fails, o)
		}
	}
	if settled && len(v.fails) == 0 {
		v.doubts, v.applies = nil, applies
	}
}

// joinExclusive makes one of facts that say the same of different places and are
// never found in one world: a companion in one, the lack of it in another.
func joinExclusive(order []fact, worlds map[fact][]graph.World) []fact {
	var out []fact
next:
	for _, f := range order {
		for _, other := range out {
			if other.message != f.message || other.tag != f.tag {
				continue
			}
			together := slices.ContainsFunc(worlds[f], func(w graph.World) bool {
				return slices.ContainsFunc(worlds[other], func(o graph.World) bool { return same(w, o) })
			})
			if !together {
				worlds[other] = append(worlds[other], worlds[f]...)
				continue next
			}
		}
		out = append(out, f)
	}
	return out
}

// vague reports whether a world assumes a lack of data that nobody chose.
func vague(w graph.World) bool {
	return slices.ContainsFunc(w, func(l graph.Literal) bool { return l.Test.Vague && !l.Holds })
}

// partial reports whether a world leaves some of the pair's tests open, so
// that doubts are no wonder.
func (p *pair) partial(w graph.World) bool {
	return len(p.tests) > maxTestsFull && len(w) == 1
}

// reduce gives the smallest worlds that stand for those in which something
// fails, among all that were looked at.
func reduce(failing, all []graph.World) []graph.World {
	fails := func(cube graph.World) bool {
		for _, w := range all {
			if within(cube, w) && !slices.ContainsFunc(failing, func(f graph.World) bool { return same(f, w) }) {
				return false
			}
		}
		return true
	}
	var cubes []graph.World
	for _, w := range failing {
		// What does not hold goes first: "A" says more than "not B".
		for _, first := range []bool{false, true} {
			if cube := smallest(w, first, fails); !slices.ContainsFunc(cubes, func(c graph.World) bool { return same(c, cube) }) {
				cubes = append(cubes, cube)
			}
		}
	}
	return fewest(cubes, failing)
}

// smallest leaves out of a world what does not matter: first the tests that
// come out so, then the others.
func smallest(w graph.World, first bool, fails func(graph.World) bool) graph.World {
	cube := slices.Clone(w)
	for _, holds := range []bool{first, !first} {
		for i := len(cube) - 1; i >= 0; i-- {
			less := slices.Delete(slices.Clone(cube), i, i+1)
			if cube[i].Holds == holds && fails(less) {
				cube = less
			}
		}
	}
	return cube
}

// fewest chooses cubes that together stand for all failing worlds: those that
// stand for most first.
func fewest(cubes, failing []graph.World) []graph.World {
	left := slices.Clone(failing)
	var out []graph.World
	for len(left) > 0 {
		best, most := graph.World(nil), 0
		for _, cube := range cubes {
			n := 0
			for _, w := range left {
				if within(cube, w) {
					n++
				}
			}
			if n > most || n == most && n > 0 && len(cube) < len(best) {
				best, most = cube, n
			}
		}
		if most == 0 {
			break
		}
		out = append(out, best)
		left = slices.DeleteFunc(left, func(w graph.World) bool { return within(best, w) })
	}
	return out
}

// within reports whether a world assumes all that a smaller one does.
func within(smaller, w graph.World) bool {
	for _, l := range smaller {
		if !slices.Contains(w, l) {
			return false
		}
	}
	return true
}

func same(a, b graph.World) bool { return len(a) == len(b) && within(a, b) }

// when says in words in which worlds something fails whose subject exists under
// a condition; "" where it always does.
func when(exists *graph.Condition, cubes []graph.World) string {
	const most = 3 // that people read
	var texts []string
	for _, cube := range cubes {
		var parts []string
		if left := exists.Under(cube); !left.IsAlways() {
			parts = append(parts, left.String())
		}
		if len(cube) > 0 {
			parts = append(parts, cube.String())
		}
		if len(parts) == 0 {
			return ""
		}
		texts = append(texts, strings.Join(parts, " and "))
	}
	sort.SliceStable(texts, func(i, j int) bool { return len(texts[i]) < len(texts[j]) })
	texts = slices.Compact(texts)
	if len(texts) > most {
		texts = append(texts[:most:most], "another condition")
	}
	return strings.Join(texts, " or ")
}
