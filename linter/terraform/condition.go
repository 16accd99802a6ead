package terraform

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/demarc-dev/demarc/linter/graph"
)

// condition is the condition under which the cursor's expression is true.
func (c *cursor) condition(hops int) *graph.Condition {
	c = c.strip()
	if v, ok := c.known(); ok {
		if v, err := convert.Convert(v, cty.Bool); err == nil && !v.IsNull() && v.True() {
			return graph.Always
		}
		return graph.Never
	}
	if hops > maxHops {
		return c.statement(truth)
	}
	if all := c.selections(hops); all != nil {
		return selected(all, func(v cty.Value) bool {
			v, err := convert.Convert(v, cty.Bool)
			return err == nil && v.IsKnown() && !v.IsNull() && v.True()
		})
	}
	switch n := c.node.(type) {
	case *choice:
		return c.either(n, func(branch *cursor) *graph.Condition { return branch.condition(hops + 1) }, hops)
	case *hclsyntax.UnaryOpExpr:
		if n.Op == hclsyntax.OpLogicalNot {
			return graph.Not(c.at(n.Val).condition(hops + 1))
		}
	case *hclsyntax.BinaryOpExpr:
		return c.operation(n, hops)
	case *hclsyntax.FunctionCallExpr:
		return c.predicate(n, hops)
	default:
		if target := c.target(hops); target != nil {
			return target.condition(hops + 1)
		}
	}
	return c.statement(truth)
}

// isChosen reports whether somebody's input decides what the expression is.
func (c *cursor) isChosen() bool { return !deepMarks(c.evaluate()).Has(schemaMark{}) }

// either is a condition on what a conditional chooses.
func (c *cursor) either(n *choice, of func(branch *cursor) *graph.Condition, hops int) *graph.Condition {
	test := c.at(n.Condition).condition(hops + 1)
	return graph.Or(graph.And(test, of(c.at(n.TrueResult))), graph.And(graph.Not(test), of(c.at(n.FalseResult))))
}

// selected is the condition that a look-up gives a value that fits.
func selected(all []selection, fits func(cty.Value) bool) *graph.Condition {
	var anyOf []*graph.Condition
	for _, s := range all {
		if v, _ := s.value.UnmarkDeep(); fits(v) {
			anyOf = append(anyOf, s.when)
		}
	}
	return graph.Or(anyOf...)
}

// target is the definition that the cursor's expression only names, or nil.
func (c *cursor) target(hops int) *cursor {
	if target, steps, exact := c.follow(hops); exact && len(steps) > 0 {
		return target
	}
	return nil
}

// known is the value of the expression, unless some of it is unknown.
func (c *cursor) known() (cty.Value, bool) {
	v, _ := c.evaluate().UnmarkDeep()
	return v, v.IsWhollyKnown()
}

func (c *cursor) operation(n *hclsyntax.BinaryOpExpr, hops int) *graph.Condition {
	left, right := c.at(n.LHS), c.at(n.RHS)
	switch n.Op {
	case hclsyntax.OpLogicalAnd:
		return graph.And(left.condition(hops+1), right.condition(hops+1))
	case hclsyntax.OpLogicalOr:
		return graph.Or(left.condition(hops+1), right.condition(hops+1))
	case hclsyntax.OpEqual:
		return c.equality(left, right, hops)
	case hclsyntax.OpNotEqual:
		return graph.Not(c.equality(left, right, hops))
	case hclsyntax.OpGreaterThan, hclsyntax.OpGreaterThanOrEqual:
		least := map[*hclsyntax.Operation]string{hclsyntax.OpGreaterThan: "0", hclsyntax.OpGreaterThanOrEqual: "1"}[n.Op]
		if list := left.measured(); list != nil && right.isText(least) {
			return list.notEmpty(hops + 1)
		}
	}
	return c.statement(truth)
}

// measured is the argument where the expression is a call of length().
func (c *cursor) measured() *cursor {
	if n, ok := c.strip().node.(*hclsyntax.FunctionCallExpr); ok && n.Name == "length" && len(n.Args) == 1 && !n.ExpandFinal {
		return c.at(n.Args[0])
	}
	return nil
}

func (c *cursor) isText(want string) bool {
	v, ok := c.known()
	if !ok {
		return false
	}
	have, ok := text(v)
	return ok && have == want
}

// equality is the condition that two expressions have one value.
func (c *cursor) equality(left, right *cursor, hops int) *graph.Condition {
	v, known := right.known()
	if !known {
		if v, known = left.known(); !known {
			return c.statement(truth)
		}
		left, right = right, left
	}
	if v.Type() == cty.Bool && !v.IsNull() {
		test := left.condition(hops + 1)
		if v.False() {
			test = graph.Not(test)
		}
		return test
	}
	if list := left.measured(); list != nil && right.isText("0") {
		return graph.Not(list.notEmpty(hops + 1))
	}
	value, ok := text(v)
	switch {
	case ok:
		value = strconv.Quote(value)
	case v.IsNull():
		value = "null"
	default:
		return c.statement(truth)
	}
	return left.equals(value, hops)
}

// equals is the condition that the expression has a value, as it is written.
func (c *cursor) equals(value string, hops int) *graph.Condition {
	c = c.source(hops)
	if n, ok := c.node.(*choice); ok && hops <= maxHops {
		return c.either(n, func(branch *cursor) *graph.Condition {
			if v, known := branch.known(); known {
				have, isText := text(v)
				if isText && strconv.Quote(have) == value || v.IsNull() && value == "null" {
					return graph.Always
				}
				return graph.Never
			}
			return branch.equals(value, hops+1)
		}, hops)
	}
	subject, said := c.meaning(), c.words()
	return graph.When(c.scope.in.eval.test(subject+" == "+value, graph.Test{
		Holds: said + " == " + value, Fails: said + " != " + value, Subject: subject, Value: value,
	}))
}

// source follows the expression to where its value is made.
func (c *cursor) source(hops int) *cursor {
	c = c.strip()
	for ; hops <= maxHops; hops++ {
		target := c.target(hops)
		if target == nil {
			break
		}
		c = target.strip()
	}
	return c
}

// predicate is the condition that a call of a function is true.
func (c *cursor) predicate(n *hclsyntax.FunctionCallExpr, hops int) *graph.Condition {
	if n.ExpandFinal {
		return c.statement(truth)
	}
	switch {
	case n.Name == "tobool" && len(n.Args) == 1:
		return c.at(n.Args[0]).condition(hops + 1)
	case n.Name == "contains" && len(n.Args) == 2:
		const few = 3
		members, ok := c.at(n.Args[0]).known()
		if !ok || !members.CanIterateElements() || members.LengthInt() > few {
			break
		}
		var anyOf []*graph.Condition
		for _, member := range members.Elements() {
			value, ok := text(member)
			if !ok {
				return c.statement(truth)
			}
			anyOf = append(anyOf, c.at(n.Args[1]).equals(strconv.Quote(value), hops+1))
		}
		return graph.Or(anyOf...)
	case (n.Name == "alltrue" || n.Name == "anytrue") && len(n.Args) == 1:
		list, ok := c.at(n.Args[0]).strip().node.(*hclsyntax.TupleConsExpr)
		if !ok {
			break
		}
		var all []*graph.Condition
		for _, item := range list.Exprs {
			all = append(all, c.at(item).condition(hops+1))
		}
		if n.Name == "alltrue" {
			return graph.And(all...)
		}
		return graph.Or(all...)
	}
	return c.statement(truth)
}

// keepsMembers are functions whose result is empty where their argument is.
var keepsMembers = []string{"toset", "tolist", "tomap", "keys", "values", "distinct", "sort", "reverse", "sensitive", "nonsensitive"}

// joinsMembers are functions whose result is empty where all arguments are.
var joinsMembers = []string{"concat", "merge", "setunion"}

// notEmpty is the condition that a collection has members.
func (c *cursor) notEmpty(hops int) *graph.Condition {
	c = c.strip()
	v, _ := c.evaluate().Unmark()
	if v.IsKnown() && !v.IsNull() && v.CanIterateElements() {
		if v.LengthInt() > 0 {
			return graph.Always
		}
		return graph.Never
	}
	if hops > maxHops {
		return c.statement(members)
	}
	switch n := c.node.(type) {
	case *choice:
		return c.either(n, func(branch *cursor) *graph.Condition { return branch.notEmpty(hops + 1) }, hops)
	case *loop:
		if n.CondExpr == nil {
			return c.at(n.CollExpr).notEmpty(hops + 1)
		}
	case *hclsyntax.FunctionCallExpr:
		if n.ExpandFinal {
			break
		}
		if slices.Contains(keepsMembers, n.Name) && len(n.Args) == 1 {
			return c.at(n.Args[0]).notEmpty(hops + 1)
		}
		if slices.Contains(joinsMembers, n.Name) {
			var anyOf []*graph.Condition
			for _, arg := range n.Args {
				anyOf = append(anyOf, c.at(arg).notEmpty(hops+1))
			}
			return graph.Or(anyOf...)
		}
	case *hclsyntax.SplatExpr:
		if t := c.at(n.Source); !t.isSingle() {
			return t.notEmpty(hops + 1)
		}
	default:
		if cl := c.openCluster(); cl != nil {
			return cl.anyOf()
		}
		if target := c.target(hops); target != nil {
			return target.notEmpty(hops + 1)
		}
	}
	return c.statement(members)
}

// isSingle reports whether a value is, or may be, no collection: a splat makes a
// list of one of it, unless it is null.
func (c *cursor) isSingle() bool {
	v := c.evaluate()
	t := v.Type()
	return c.strip().openCluster() == nil && !t.IsTupleType() && !t.IsListType() && !t.IsSetType()
}

// above is the condition that a number is greater than n.
func (c *cursor) above(n, hops int) *graph.Condition {
	c = c.strip()
	if v, ok := c.known(); ok {
		if v, err := convert.Convert(v, cty.Number); err == nil && !v.IsNull() && v.GreaterThan(cty.NumberIntVal(int64(n))).True() {
			return graph.Always
		}
		return graph.Never
	}
	if hops > maxHops {
		return c.statement(number)
	}
	if all := c.selections(hops); all != nil {
		return selected(all, func(v cty.Value) bool {
			v, err := convert.Convert(v, cty.Number)
			return err == nil && v.IsKnown() && !v.IsNull() && v.GreaterThan(cty.NumberIntVal(int64(n))).True()
		})
	}
	if list := c.measured(); list != nil && n == 0 {
		return list.notEmpty(hops + 1)
	}
	switch x := c.node.(type) {
	case *choice:
		return c.either(x, func(branch *cursor) *graph.Condition { return branch.above(n, hops+1) }, hops)
	case *hclsyntax.FunctionCallExpr:
		if x.Name == "tonumber" && len(x.Args) == 1 {
			return c.at(x.Args[0]).above(n, hops+1)
		}
	default:
		if target := c.target(hops); target != nil {
			return target.above(n, hops+1)
		}
	}
	return c.statement(number)
}

// sense is what is said of an expression.
type sense struct {
	kind, holds, fails string
	vague              bool
}

var (
	truth   = sense{"", " is true", " is false", false}
	members = sense{"members of ", " is not empty", " is empty", true}
	number  = sense{"number ", " is not 0", " is 0", true}
)

// statement is the condition that an expression that cannot be looked into is
// true, has members, or is not zero.
func (c *cursor) statement(s sense) *graph.Condition {
	said := c.words()
	return graph.When(c.scope.in.eval.test(s.kind+c.meaning(), graph.Test{Holds: said + s.holds, Fails: said + s.fails, Vague: s.vague}))
}

// test is the one test of its key.
func (e *evaluation) test(key string, t graph.Test) *graph.Test {
	if have := e.tests[key]; have != nil {
		return have
	}
	if e.tests == nil {
		e.tests = map[string]*graph.Test{}
	}
	e.tests[key] = &t
	return &t
}

// words are the expression as it is written, in one line.
func (c *cursor) words() string {
	const most = 80
	at := c.span()
	said := strings.Join(strings.Fields(string(at.File.Data[at.Start:min(at.End, len(at.File.Data))])), " ")
	if len(said) > most {
		said = strings.ToValidUTF8(said[:most-3], "") + "..."
	}
	return c.scope.in.within(said)
}

// meaning tells apart what expressions say.
func (c *cursor) meaning() string {
	if f, ok := c.formula(0); ok {
		return f
	}
	return fmt.Sprintf("%p %p", c.node, c.scope)
}

// impureNames are functions that give another value each time.
var impureNames = []string{"uuid", "timestamp", "plantimestamp", "bcrypt"}

// maxFormula bounds a formula's length.
const maxFormula = 1000

// formula says how the expression's value is made of what is not known: two
// expressions of one root with the same formula have the same value.
func (c *cursor) formula(hops int) (string, bool) {
	if hops > maxHops || c.x.loops || !c.scope.in.eval.effort.allows() {
		return "", false
	}
	c = c.strip()
	if v, known := c.known(); known {
		return literalFormula(v)
	}
	parts := func(nodes ...hclsyntax.Expression) (string, bool) {
		texts := make([]string, len(nodes))
		size := 0
		for i, node := range nodes {
			f, ok := c.at(node).formula(hops + 1)
			if size += len(f); !ok || size > maxFormula {
				return "", false
			}
			texts[i] = f
		}
		return strings.Join(texts, ","), true
	}
	switch n := c.node.(type) {
	case *hclsyntax.TemplateExpr:
		f, ok := parts(n.Parts...)
		return "text(" + f + ")", ok
	case *hclsyntax.FunctionCallExpr:
		f, ok := parts(n.Args...)
		return n.Name + "(" + f + ")", ok && !slices.Contains(impureNames, n.Name)
	case *choice:
		f, ok := parts(n.Condition, n.TrueResult, n.FalseResult)
		return "if(" + f + ")", ok
	case *hclsyntax.BinaryOpExpr:
		f, ok := parts(n.LHS, n.RHS)
		return fmt.Sprintf("op%p(%s)", n.Op, f), ok
	case *hclsyntax.UnaryOpExpr:
		f, ok := parts(n.Val)
		return fmt.Sprintf("op%p(%s)", n.Op, f), ok
	case *tolerantIndex:
		f, ok := parts(n.Collection, n.Key)
		return "index(" + f + ")", ok
	case *tolerantTraversal:
		return c.nameFormula(n.Traversal, hops)
	case *hclsyntax.ScopeTraversalExpr:
		return c.nameFormula(n.Traversal, hops)
	case *tolerantSelection:
		f, ok := parts(n.Source)
		return f + steps(n.Traversal), ok
	}
	return "", false
}

func literalFormula(v cty.Value) (string, bool) {
	if t, ok := text(v); ok {
		return strconv.Quote(t), true
	}
	if v.IsNull() {
		return "null", true
	}
	const few = 16
	if v.CanIterateElements() && v.LengthInt() > few {
		return "", false
	}
	f := v.GoString()
	return f, len(f) <= maxFormula
}

// nameFormula is the formula of a name.
func (c *cursor) nameFormula(t hcl.Traversal, hops int) (string, bool) {
	if target := c.target(hops); target != nil {
		return target.formula(hops + 1)
	}
	s := c.scope
	name := t.RootName() + steps(t[1:])
	switch root := t.RootName(); {
	case root == "each" || root == "count" || s.iterators[root] != nil:
		return fmt.Sprintf("%p %s", s, name), true
	case c.isBound(root):
		return "", false
	}
	return s.in.prefix() + name, true
}

// isBound reports whether a name is a variable of a for expression around.
func (c *cursor) isBound(root string) bool {
	return !slices.ContainsFunc(c.x.uses, func(u use) bool { return u.root == root })
}

// steps writes a traversal as configurations have it.
func steps(t hcl.Traversal) string {
	var b strings.Builder
	for _, step := range t {
		switch step := step.(type) {
		case hcl.TraverseAttr:
			b.WriteString("." + step.Name)
		case hcl.TraverseIndex:
			b.WriteString(instanceKey(step.Key))
		default:
			b.WriteString(".?")
		}
	}
	return b.String()
}
