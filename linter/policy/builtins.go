package policy

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/types"
)

// allowed are the builtins a policy may call: nothing that dials, reads the
// environment, tells the time or is random.
var allowed = []string{
	"eq", "assign", "equal", "neq", "lt", "lte", "gt", "gte", "plus", "minus", "mul", "div", "rem", "abs", "round", "ceil", "floor",
	"and", "or", "intersection", "union", "internal.member_2", "internal.member_3",
	"count", "sum", "product", "max", "min", "sort", "all", "any",
	"array.concat", "array.slice", "array.reverse", "object.get", "object.keys", "object.union", "object.remove", "object.filter",
	"concat", "contains", "endswith", "startswith", "format_int", "indexof", "indexof_n", "lower", "upper", "replace", "split",
	"sprintf", "strings.replace_n", "substring", "trim", "trim_left", "trim_prefix", "trim_right", "trim_space", "trim_suffix",
	"strings.any_prefix_match", "strings.any_suffix_match", "strings.count", "strings.reverse",
	"regex.match", "regex.is_valid", "regex.find_n", "regex.split", "regex.replace", "regex.find_all_string_submatch_n", "glob.match",
	"to_number", "is_number", "is_string", "is_boolean", "is_array", "is_set", "is_object", "is_null", "type_name",
	"numbers.range", "numbers.range_step", "json.unmarshal", "json.marshal", "json.is_valid", "base64.decode", "base64.is_valid",
	"net.cidr_contains", "net.cidr_intersects", "semver.compare", "semver.is_valid", "walk", "graph.reachable", "print",
	"internal.print", "internal.test_case", "internal.template_string",
}

// matchesDecl is demarc.matches(pattern, text): IAM's wildcards, where *
// stands for any run of characters and ? for one.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
var matchesDecl = &rego.Function{
	Name: "demarc.matches",
	Decl: types.NewFunction(types.Args(types.S, types.S), types.B),
}

func matches(_ rego.BuiltinContext, pattern, text *ast.Term) (*ast.Term, error) {
	p, ok := pattern.Value.(ast.String)
	if !ok {
		return nil, nil
	}
	t, ok := text.Value.(ast.String)
	if !ok {
		return nil, nil
	}
	return ast.InternedTerm(wildcard(string(p), string(t))), nil
}

// wildcard matches in linear space and without backtracking over more than
// the last star.
func wildcard(pattern, text string) bool {
	star, mark := -1, 0
	p, t := 0, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, t
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[t]):
			p++
			t++
		case star >= 0:
			mark++
			p, t = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// capabilities is what OPA may do for a policy.
func capabilities() *ast.Capabilities {
	byName := make(map[string]*ast.Builtin, len(ast.Builtins))
	for _, b := range ast.Builtins {
		byName[b.Name] = b
	}
	c := &ast.Capabilities{Features: []string{ast.FeatureRegoV1}, AllowNet: []string{}} // nil would be any host
	for _, name := range allowed {
		if b := byName[name]; b != nil {
			c.Builtins = append(c.Builtins, b)
		}
	}
	for _, own := range []*rego.Function{matchesDecl, internetDecl, actionDecl} {
		c.Builtins = append(c.Builtins, &ast.Builtin{Name: own.Name, Decl: own.Decl})
	}
	return c
}
