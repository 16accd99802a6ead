package silence

import (
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/demarc-dev/demarc/linter/finding"
)

// Patterns say which findings are meant, wherever they are. All must match.
type Patterns struct {
	// Rule is an id or alias, or a pattern of them (s3/*), in any case; "" is
	// every rule but those about suppressions.
	Rule string
	// Path is the pattern of files as it is written, "" for any, and File reports
	// whether it means a file that is named in the tree.
	Path string
	File func(name string) bool
	// Address and Tag are patterns in which * stands for any text; "" is any.
	Address, Tag string
}

// Match reports whether the finding is meant at one of its instances.
func (p Patterns) Match(f *finding.Finding, site finding.Site) bool {
	switch {
	case p.Rule == "" && f.Housekeeping(), p.Rule != "" && !slices.ContainsFunc(f.IDs(), p.NamesID):
		return false
	case p.Path != "" && !p.File(f.Location.Name()):
		return false
	case p.Tag != "" && !matchStars(p.Tag, f.Tag):
		return false
	}
	identity := site.Identity
	if identity == "" {
		identity = f.Resource.Address
	}
	// Only * is special in an address: the brackets of instance keys mean themselves.
	return p.Address == "" || matchStars(p.Address, identity) || matchStars(p.Address, site.Address)
}

// String names the patterns by what they match.
func (p Patterns) String() string {
	given := slices.DeleteFunc([]string{p.Rule, p.Path, p.Address, p.Tag}, func(pattern string) bool { return pattern == "" })
	return strings.Join(given, " in ")
}

// NamesID reports whether the pattern of rules, if there is one, matches an id.
func (p Patterns) NamesID(id string) bool {
	return p.Rule == "" || finding.SameID(p.Rule, id) || doublestar.MatchUnvalidated(strings.ToLower(p.Rule), strings.ToLower(id))
}

// matchStars matches a pattern in which * stands for any text.
func matchStars(pattern, s string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == s
	}
	first, last := parts[0], parts[len(parts)-1]
	if !strings.HasPrefix(s, first) || !strings.HasSuffix(s[len(first):], last) {
		return false
	}
	s = s[len(first) : len(s)-len(last)]
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(s, part)
		if i < 0 {
			return false
		}
		s = s[i+len(part):]
	}
	return true
}
