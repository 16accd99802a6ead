package finding

import (
	"cmp"
	"slices"
	"strings"

	"github.com/demarc-dev/demarc/linter/source"
)

// Sort puts findings into the one order in which every output shows them: by
// file, place, rule, address and condition. A finding about a whole file comes
// before those with a place in it.
func Sort(findings []Finding) { slices.SortStableFunc(findings, compare) }

func compare(a, b Finding) int {
	return cmp.Or(
		strings.Compare(a.Location.File, b.Location.File),
		comparePositions(a.Location.Start, b.Location.Start),
		comparePositions(a.Location.End, b.Location.End),
		strings.Compare(a.Rule, b.Rule),
		strings.Compare(a.Resource.Address, b.Resource.Address),
		strings.Compare(deref(a.When), deref(b.When)),
		strings.Compare(string(a.Status), string(b.Status)),
		strings.Compare(a.Fingerprint, b.Fingerprint),
		strings.Compare(a.Message, b.Message),
	)
}

func comparePositions(a, b *source.Position) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
