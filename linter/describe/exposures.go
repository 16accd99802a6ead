package describe

import (
	"fmt"

	"github.com/demarc-dev/demarc/linter/exposure"
	"github.com/demarc-dev/demarc/linter/finding"
)

var reaches = map[exposure.State]finding.Reach{
	exposure.Open: finding.Reached, exposure.Unknown: finding.MaybeReached, exposure.Closed: finding.Unreached,
}

// Exposures are the ways from the internet to resources: one answer for all
// instances of a resource and all variants of its root, the worst.
func (d *Describer) Exposures(about About) []finding.Exposure {
	var out []finding.Exposure
	index := map[instanceKey]int{}
	worst := map[instanceKey]exposure.State{}
	seen := map[string]bool{}
	for _, v := range exposure.Of(d.graph) {
		r := v.Resource
		k := instanceKey{r.Stack.Root, r.Identity()}
		i, ok := index[k]
		if !ok {
			i = len(out)
			index[k] = i
			out = append(out, finding.Exposure{Root: k.root, Address: k.address, Type: r.Type, Location: d.Location(owned(r.Header, r.Calls)), Paths: []finding.Path{}})
		}
		switch {
		case !ok || v.State > worst[k]:
			worst[k], out[i].Reach, out[i].Paths = v.State, reaches[v.State], []finding.Path{}
		case v.State < worst[k]:
			continue
		}
		for _, w := range v.Ways {
			if text := fmt.Sprint(k, r.Address, texts(w)); !seen[text] {
				seen[text] = true
				out[i].Paths = append(out[i].Paths, finding.Path{Instance: r.Address, When: r.Stack.When, Hops: d.hops(w, about)})
			}
		}
	}
	return out
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
