package finding

import "strings"

// Home is a root and an address in it: where a finding's resource is named.
type Home struct{ Root, Address string }

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

// Former are the fingerprints that the finding had before moves, the nearest
// ones first. Moves may follow one another.
func (f *Finding) Former(moves []Move) []string {
	if len(moves) == 0 {
		return nil
	}
	homes := append([]Home(nil), f.Homes...)
	known := map[Home]bool{}
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
				out = append(out, Fingerprint(f.Rule, before.Root, before.Address, f.Tag))
			}
		}
	}
	return out
}

// before is the home that a move led from.
func (m Move) before(h Home) (Home, bool) {
	if m.Root != AnyRoot && m.Root != h.Root {
		return Home{}, false
	}
	rest, ok := strings.CutPrefix(h.Address, m.To)
	if !ok || rest != "" && rest[0] != '.' && rest[0] != '/' {
		return Home{}, false
	}
	return Home{h.Root, m.From + rest}, true
}
