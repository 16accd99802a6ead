package cloudformation

import (
	"strconv"

	"github.com/awslabs/goformation/v7/intrinsics"

	"github.com/demarc-dev/demarc/linter/graph"
)

// goformation's functions are right on closed arguments: all known, of the
// right number and kind. The callers see to that, because some of them panic
// otherwise and all of them drop what they don't understand.

// closed calls one of goformation's functions, for the node n.
func (e *evaluator) closed(n *node, name string, f intrinsics.IntrinsicHandler, argument any) (result any) {
	defer func() {
		if p := recover(); p != nil {
			e.loader.report(n.at(), graph.Failure("computing "+name, p))
			result = nil
		}
	}()
	return f("", argument, nil)
}

// joinTexts joins parts, each of them a string.
func (e *evaluator) joinTexts(n *node, delimiter string, parts []any) (string, bool) {
	s, ok := e.closed(n, "Fn::Join", intrinsics.FnJoin, []any{delimiter, parts}).(string)
	return s, ok
}

// splitText splits a text.
func (e *evaluator) splitText(n *node, delimiter, whole string) ([]string, bool) {
	parts, ok := e.closed(n, "Fn::Split", intrinsics.FnSplit, []any{delimiter, whole}).([]string)
	return parts, ok
}

// selectFrom takes the member of a 0-based index, in decimal digits.
func (e *evaluator) selectFrom(n *node, index string, items []graph.Value) (graph.Value, bool) {
	i, err := strconv.Atoi(index)
	if err != nil || i < 0 || i >= len(items) {
		return graph.Value{}, false
	}
	members := make([]any, i+1)
	members[i] = items[i]
	v, ok := e.closed(n, "Fn::Select", intrinsics.FnSelect, []any{index, members}).(graph.Value)
	return v, ok
}

// encodeBase64 encodes a text.
func (e *evaluator) encodeBase64(n *node, plain string) (string, bool) {
	s, ok := e.closed(n, "Fn::Base64", intrinsics.FnBase64, plain).(string)
	return s, ok
}

// zonesOf are stand-ins for the availability zones of a region.
func (e *evaluator) zonesOf(n *node, region string) []any {
	zones, _ := e.closed(n, "Fn::GetAZs", intrinsics.FnGetAZs, region).([]any)
	return zones
}
