package describe

import (
	"maps"
	"slices"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/graph"
)

// evidenceOf is what a report says of a basis.
var evidenceOf = map[graph.Basis]finding.Evidence{graph.Written: finding.Written, graph.Default: finding.Default, graph.Nothing: finding.Vacuous}

// Passing lists the resources that pass, once for each rule and address, with
// the best that a pass of theirs rests on.
func (d *Describer) Passing() []finding.Kept {
	type pass struct{ rule, address string }
	index, best := map[pass]int{}, map[pass]graph.Basis{}
	var out []finding.Kept
	for _, id := range slices.Sorted(maps.Keys(d.result.Passed)) {
		for _, passed := range d.result.Passed[id] {
			r := passed.Resource
			p := pass{id, r.Identity()}
			i, seen := index[p]
			if !seen {
				i = len(out)
				index[p], best[p] = i, passed.Evidence
				out = append(out, finding.Kept{
					Rule: id, Resource: p.address, Location: d.Location(owned(r.Header, r.Calls)), ServiceModel: passed.Rule.ServiceModel,
				})
			}
			best[p] = min(best[p], passed.Evidence)
			out[i].Evidence = evidenceOf[best[p]]
		}
	}
	return out
}
