package linter

import (
	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/policy"
	"github.com/demarc-dev/demarc/linter/rules"
)

// kept lists the resources that pass, once for each rule and address.
func (a *assembly) kept(result *policy.Result) []finding.Kept {
	type pass struct{ rule, address string }
	seen := map[pass]bool{}
	var out []finding.Kept
	for _, rule := range rules.All() {
		for _, passed := range result.Passed[rule.ID] {
			r := passed.Resource
			p := pass{rule.ID, r.Identity()}
			if seen[p] {
				continue
			}
			seen[p] = true
			out = append(out, finding.Kept{
				Rule: rule.ID, Resource: p.address, Location: a.location(nearest(r.Header, r.Calls)), ServiceModel: rule.ServiceModel,
			})
		}
	}
	return out
}
