package describe

import (
	"maps"
	"slices"

	"github.com/demarc-dev/demarc/linter/finding"
)

// Passing lists the resources that pass, once for each rule and address.
func (d *Describer) Passing() []finding.Kept {
	type pass struct{ rule, address string }
	seen := map[pass]bool{}
	var out []finding.Kept
	for _, id := range slices.Sorted(maps.Keys(d.result.Passed)) {
		for _, passed := range d.result.Passed[id] {
			r := passed.Resource
			p := pass{id, r.Identity()}
			if seen[p] {
				continue
			}
			seen[p] = true
			out = append(out, finding.Kept{
				Rule: id, Resource: p.address, Location: d.Location(owned(r.Header, r.Calls)), ServiceModel: passed.Rule.ServiceModel,
			})
		}
	}
	return out
}
