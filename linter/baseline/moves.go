package baseline

import (
	"strings"

	"github.com/demarc-dev/demarc/linter/finding"
)

// Move says that what has the address To had the address From: a moved block
// of Terraform, or a rename that the configuration lists.
type Move struct {
	Root     string // in which both are; AnyRoot for every root
	From, To string
}

// AnyRoot is the root of a move that holds in every one.
const AnyRoot = "*"

// maxHomes bounds how many former homes are followed: moves may form a circle.
const maxHomes = 100

// former are the fingerprints that the finding had before moves, the nearest
// ones first. Moves may follow one another.
func former(f *finding.Finding, moves []Move) []string {
	if len(moves) == 0 {
		return nil
	}
	homes := append([]finding.Home(nil), f.Homes...)
	known := map[finding.Home]bool{}
	for _, h := range homes {
		known[h] = true
	}
	var out []string
	for i := 0; i < len(homes) && len(homes) < maxHomes; i++ {
		for _, m := range moves {
			before, ok := m.before(homes[i])
			if ok && !known[before] {
				known[before] = true
				homes = append(homes, before)
				out = append(out, finding.Fingerprint(f.Rule, before.Root, before.Address, f.Tag))
			}
		}
	}
	return out
}

// before is the home that a move led from.
func (m Move) before(h finding.Home) (finding.Home, bool) {
	if m.Root != AnyRoot && m.Root != h.Root {
		return finding.Home{}, false
	}
	rest, ok := strings.CutPrefix(h.Address, m.To)
	if !ok || rest != "" && rest[0] != '.' && rest[0] != '/' {
		return finding.Home{}, false
	}
	return finding.Home{Root: h.Root, Address: m.From + rest}, true
}
