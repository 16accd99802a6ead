package cloudformation

import (
	"strconv"

	"github.com/awslabs/goformation/v7/intrinsics"

	"github.com/demarc-dev/demarc/linter/graph"
)

// goformation's functions are right on closed arguments: all known, of the
// right number and kind. The callers see to that, because some of them panic
// otherwise and all of them drop what they don't understand.

// closed calls one of goformation's functions.
func closed(f intrinsics.IntrinsicHandler, argument any) (result any) {
	defer func() {
		if recover() != nil {
			result = nil
		}
	}()
	return f("", argument, nil)
}

// joinTexts joins parts, each of them a string.
func joinTexts(delimiter string, parts []any) (string, bool) {
	s, ok := closed(intrinsics.FnJoin, []any{delimiter, parts}).(string)
	return s, ok
}

// splitText splits a text.
func splitText(delimiter, whole string) ([]string, bool) {
	parts, ok := closed(intrinsics.FnSplit, []any{delimiter, whole}).([]string)
	return parts, ok
}

// selectFrom takes the member of a 0-based index, in decimal digits.
func selectFrom(index string, items []graph.Value) (graph.Value, bool) {
	i, err := strconv.Atoi(index)
	if err != nil || i < 0 || i >= len(items) {
		return graph.Value{}, false
	}
	members := make([]any, i+1)
	members[i] = items[i]
	v, ok := closed(intrinsics.FnSelect, []any{index, members}).(graph.Value)
	return v, ok
}

// encodeBase64 encodes a text.
func encodeBase64(plain string) (string, bool) {
	s, ok := closed(intrinsics.FnBase64, plain).(string)
	return s, ok
}

// zonesOf are stand-ins for the availability zones of a region.
func zonesOf(region string) []any {
	zones, _ := closed(intrinsics.FnGetAZs, region).([]any)
	return zones
}
