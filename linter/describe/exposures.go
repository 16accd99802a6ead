package describe

import (
	"fmt"

	"github.com/demarc-dev/demarc/linter/exposure"
	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/graph"
)

var reaches = map[exposure.State]finding.Reach{
	exposure.Open: finding.Reached, exposure.Unknown: finding.MaybeReached, exposure.Closed: finding.Unreached,
}

// exposed is what is known of the ways to a resource, over all variants.
type exposed struct {
	finding.Exposure
	worst exposure.State
	ways  []*way
	seen  map[string]*way // nil before the first
}

// way is a way to a resource, with the variants that have it.
type way struct {
	path   finding.Path
	stacks map[*graph.Stack]bool
}

// Exposures are the ways from the internet to resources: one answer for all
// instances of a resource and all variants of its root, the worst.
func (d *Describer) Exposures(about About) []finding.Exposure {
	var order []*exposed
	index := map[instanceKey]*exposed{}
	for _, v := range exposure.Of(d.graph) {
		r := v.Resource
		k := instanceKey{r.Stack.Root, r.Identity()}
		e := index[k]
		if e == nil {
			e = &exposed{Exposure: finding.Exposure{Root: k.root, Address: k.address, Type: r.Type, Location: d.Location(owned(r.Header, r.Calls)), Paths: []finding.Path{}}}
			index[k] = e
			order = append(order, e)
		}
		switch {
		case e.seen == nil || v.State > e.worst:
			e.worst, e.Reach, e.ways, e.seen = v.State, reaches[v.State], nil, map[string]*way{}
		case v.State < e.worst:
			continue
		}
		d.addWays(e, &v, about)
	}
	roots := worldsOf(d.graph.Stacks)
	var out []finding.Exposure
	for _, e := range order {
		for _, way := range e.ways {
			if w := roots[e.Root]; w != nil {
				if when := w.when(way.path.Instance, w.of(way.stacks)); when != nil {
					way.path.When = *when
				}
			}
			e.Paths = append(e.Paths, way.path)
		}
		out = append(out, e.Exposure)
	}
	return out
}

// addWays adds the ways of one verdict to those of the resource.
func (d *Describer) addWays(e *exposed, v *exposure.Verdict, about About) {
	r := v.Resource
	for _, w := range v.Ways {
		text := fmt.Sprint(r.Address, texts(w))
		if have := e.seen[text]; have != nil {
			have.stacks[r.Stack] = true
			continue
		}
		e.seen[text] = &way{
			path:   finding.Path{Instance: r.Address, Hops: d.hops(w, about)},
			stacks: map[*graph.Stack]bool{r.Stack: true},
		}
		e.ways = append(e.ways, e.seen[text])
	}
}

func (d *Describer) hops(w exposure.Way, about About) []finding.Hop {
	out := make([]finding.Hop, len(w.Hops))
	for i, h := range w.Hops {
		out[i] = d.hop(h, about)
	}
	return out
}

// hop is a hop with its place in the source and the findings about it.
func (d *Describer) hop(h exposure.Hop, about About) finding.Hop {
	out := finding.Hop{Kind: h.Kind, State: h.State.String(), Text: h.Text, Why: []finding.Why{}}
	if len(h.Places) > 0 {
		first := h.Places[0]
		out.Text = d.redact(h.Text, first.Resource)
		out.Location = d.Location(owned(first.Resource.At(first.Path).Range, first.Resource.Calls))
		for _, why := range h.Why {
			out.Why = append(out.Why, finding.Why{Path: first.Path.String(), Reason: why.Text, Needs: why.Needs})
		}
	}
	if h.State != exposure.Closed {
		out.Findings = about.places(h.Places)
	}
	return out
}

// places are the findings about attributes, each once.
func (a About) places(places []exposure.Place) []finding.Finding {
	var out []finding.Finding
	seen := map[string]bool{}
	for _, place := range places {
		for _, m := range a.byResource[place.Resource] {
			if m.finding.Status == finding.Suppressed || seen[m.finding.Fingerprint] || !overlap(m.path, place.Path) {
				continue
			}
			seen[m.finding.Fingerprint] = true
			out = append(out, *m.finding)
		}
	}
	return out
}

// texts are what tells two ways to a resource apart.
func texts(w exposure.Way) []string {
	var out []string
	for _, h := range w.Hops {
		out = append(out, h.Text)
	}
	return out
}
