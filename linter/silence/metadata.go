package silence

import (
	"slices"

	"github.com/demarc-dev/demarc/linter/source"
)

// InMetadata reads the silencers that stand in metadata, each once: several
// variants of a stack have the same, and several resources may share the text
// by a YAML alias.
func InMetadata(requests []source.Request) []*Silencer {
	seen := map[source.Range]*Silencer{}
	var out []*Silencer
	for _, r := range requests {
		if s := seen[r.At]; s != nil {
			if !slices.Contains(s.reach.covers, r.Covers) {
				s.reach.covers = append(s.reach.covers, r.Covers)
			}
			continue
		}
		s := &Silencer{
			Kind: Metadata, Peer: r.Peer, Rules: r.Rules, Reason: r.Reason, Owner: r.Owner, Problem: r.Problem,
			At: r.At, reach: reach{shape: area, covers: []source.Range{r.Covers}},
		}
		if r.Until != "" && s.Problem == "" {
			s.until(r.Until, "until: ")
		}
		if len(r.Rules) == 0 && s.Problem == "" {
			s.Problem = "no rule is named: write {rule: RULE, reason: ...}"
		}
		seen[r.At] = s
		out = append(out, s)
	}
	return out
}
