package silence

import "github.com/demarc-dev/demarc/linter/source"

// InMetadata reads the silencers that stand in metadata, each once: several
// variants of a stack have the same.
func InMetadata(requests []source.Request) []*Silencer {
	seen := map[source.Range]bool{}
	var out []*Silencer
	for _, r := range requests {
		if seen[r.At] {
			continue
		}
		seen[r.At] = true
		s := &Silencer{
			Kind: Metadata, Peer: r.Peer, Rules: r.Rules, Reason: r.Reason, Owner: r.Owner, Problem: r.Problem,
			At: r.At, reach: reach{shape: area, covers: r.Covers},
		}
		if r.Until != "" && s.Problem == "" {
			s.until(r.Until, "until: ")
		}
		if len(r.Rules) == 0 && s.Problem == "" {
			s.Problem = "no rule is named: write {rule: RULE, reason: ...}"
		}
		out = append(out, s)
	}
	return out
}
