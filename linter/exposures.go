package linter

import (
	"fmt"
	"slices"

	"github.com/demarc-dev/demarc/linter/exposure"
	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/graph"
)

var reaches = map[exposure.State]finding.Reach{
	exposure.Open: finding.Reached, exposure.Unknown: finding.MaybeReached, exposure.Closed: finding.Unreached,
}

// exposures are the ways from the internet to resources: one answer for all
// instances of a resource and all variants of its root, the worst.
func (a *assembly) exposures(g *graph.Graph, marks map[*graph.Resource][]mark) []finding.Exposure {
	var out []finding.Exposure
	index := map[instance]int{}
	worst := map[instance]exposure.State{}
	seen := map[string]bool{}
	for _, v := range exposure.Of(g) {
		r := v.Resource
		k := instance{r.Stack.Root, r.Identity()}
		i, ok := index[k]
		if !ok {
			i = len(out)
			index[k] = i
			out = append(out, finding.Exposure{Root: k.root, Address: k.address, Type: r.Type, Location: a.location(nearest(r.Header, r.Calls)), Paths: []finding.Path{}})
		}
		switch {
		case !ok || v.State > worst[k]:
			worst[k], out[i].Reach, out[i].Paths = v.State, reaches[v.State], []finding.Path{}
		case v.State < worst[k]:
			continue
		}
		for _, w := range v.Ways {
			p := finding.Path{Instance: r.Address, When: r.Stack.When}
			for _, h := range w.Hops {
				p.Hops = append(p.Hops, a.hop(h, marks))
			}
			if text := fmt.Sprint(k, r.Address, texts(w)); !seen[text] {
				seen[text] = true
				out[i].Paths = append(out[i].Paths, p)
			}
		}
	}
	return out
}

// hop is a hop with its place in the source and the findings about it.
func (a *assembly) hop(h exposure.Hop, marks map[*graph.Resource][]mark) finding.Hop {
	out := finding.Hop{Kind: h.Kind, State: h.State.String(), Text: h.Text, Why: []finding.Why{}}
	if len(h.Places) > 0 {
		first := h.Places[0]
		out.Text = redact(h.Text, first.Resource)
		at := first.Resource.At(first.Path)
		out.Location = a.location(nearest(at.Range, first.Resource.Calls))
		for _, why := range h.Why {
			out.Why = append(out.Why, finding.Why{Path: first.Path.String(), Reason: why.Text, Needs: why.Needs})
		}
	}
	if h.State == exposure.Closed {
		return out
	}
	for _, place := range h.Places {
		for _, m := range marks[place.Resource] {
			known := func(f finding.Finding) bool { return f.Fingerprint == m.finding.Fingerprint }
			if overlap(m.path, place.Path) && m.finding.Status != finding.Suppressed && !slices.ContainsFunc(out.Findings, known) {
				out.Findings = append(out.Findings, *m.finding)
			}
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
