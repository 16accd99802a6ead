package policy

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/types"

	"github.com/demarc-dev/demarc/policies"
)

// actionDecl is demarc.action(pattern, kind): the first action of AWS's that
// IAM's pattern covers and that is of the kind; undefined where there is none.
// The kinds: any; limitable, to some resource; permissions and write, the
// limitable ones of that access level.
var actionDecl = &rego.Function{
	Name: "demarc.action",
	Decl: types.NewFunction(types.Args(types.S, types.S), types.S),
}

var actionKinds = map[string]func(policies.Action) bool{
	"any":         func(policies.Action) bool { return true },
	"limitable":   func(a policies.Action) bool { return a.Limitable },
	"permissions": func(a policies.Action) bool { return a.Limitable && a.Permissions },
	"write":       func(a policies.Action) bool { return a.Limitable && a.Write },
}

func action(_ rego.BuiltinContext, pattern, kind *ast.Term) (*ast.Term, error) {
	p, ok := pattern.Value.(ast.String)
	if !ok {
		return nil, nil
	}
	k, ok := kind.Value.(ast.String)
	if !ok || actionKinds[string(k)] == nil {
		return nil, nil
	}
	if found := firstAction(string(p), actionKinds[string(k)]); found != "" {
		return ast.StringTerm(found), nil
	}
	return nil, nil
}

// firstAction reads one service: AWS refuses a pattern whose service has a
// wildcard, but for the * that is every action.
func firstAction(pattern string, wanted func(policies.Action) bool) string {
	service, name, _ := strings.Cut(strings.ToLower(pattern), ":")
	for _, a := range policies.Actions(service) {
		if wanted(a) && wildcard(name, a.Name) {
			return a.Written
		}
	}
	return ""
}
