package terraform

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// cursor is a part of an expression, in the scope in which it is evaluated.
type cursor struct {
	scope *scope
	x     *expression
	node  hclsyntax.Expression
	ctx   *hcl.EvalContext // made when needed
	// assumptions counts the conditionals that the context takes to be decided.
	assumptions int
}

func (c *cursor) at(node hclsyntax.Expression) *cursor {
	return &cursor{scope: c.scope, x: c.x, node: node, ctx: c.ctx, assumptions: c.assumptions}
}

func (c *cursor) span() source.Range { return spanOf(c.x.file, c.node.Range()) }

func (c *cursor) context() *hcl.EvalContext {
	if c.ctx == nil {
		c.ctx = c.scope.context(c.x)
	}
	return c.ctx
}

// evaluate computes the part.
func (c *cursor) evaluate() cty.Value {
	return c.scope.compute(c.x, c.node, c.context())
}

// strip drops parentheses, and decides conditionals whose condition is known.
func (c *cursor) strip() *cursor {
	for {
		switch n := c.node.(type) {
		case *hclsyntax.ParenthesesExpr:
			c = c.at(n.Expression)
		case *hclsyntax.TemplateWrapExpr:
			c = c.at(n.Wrapped)
		case *choice:
			chosen := c.decide(n)
			if chosen == nil {
				return c
			}
			c = c.at(chosen)
		default:
			return c
		}
	}
}

// decision is a conditional in the scope that decides it.
type decision struct {
	node  *choice
	scope *scope
}

// decide returns the chosen branch, or nil. Conditions may compare large
// values, and every part of a value asks for the same ones.
func (c *cursor) decide(n *choice) hclsyntax.Expression {
	if chosen, _, assumed := n.assumed(c.ctx); assumed {
		return chosen
	}
	e := c.scope.in.eval
	key := decision{n, c.scope}
	chosen, known := e.decisions[key]
	if !known {
		chosen, _ = n.decide(c.context())
		e.decisions[key] = chosen
	}
	return chosen
}

// maxHops bounds how far a value is followed to where it is written.
const maxHops = 40

// place converts the value of an expression so that its parts stand where
// they are written: in the expression, or in the definition of the local,
// variable or output that it names.
func (s *scope) place(v cty.Value, x *expression) graph.Value {
	if x.constant != cty.NilVal && (v.Type() != cty.String || !startsJSON(v.AsString())) {
		return s.in.eval.convert(v, x.span())
	}
	if x.literal {
		switch n := x.node.(type) {
		case *hclsyntax.LiteralValueExpr:
			return s.in.eval.convert(v, x.span())
		case *hclsyntax.TemplateExpr:
			c := cursor{scope: s, x: x, node: n}
			return c.placeTemplate(v, n)
		}
	}
	c := &cursor{scope: s, x: x, node: x.node}
	return c.safely(v)
}

// safely falls back to a value without inner places.
func (c *cursor) safely(v cty.Value) (out graph.Value) {
	defer func() {
		if r := recover(); r != nil {
			c.scope.in.eval.report(c.span(), graph.Failure("finding where the parts of a value are written", r))
			out = c.scope.in.eval.convert(v, c.span())
		}
	}()
	return c.place(v, 0)
}

func (c *cursor) place(v cty.Value, hops int) graph.Value {
	at := c.span()
	e := c.scope.in.eval
	if hops > maxHops {
		return e.convert(v, at)
	}
	inner := c.strip()
	if !v.IsKnown() {
		if all := inner.selections(hops); len(all) > 1 {
			return inner.placeSelected(v, all, hops)
		}
	}
	var out graph.Value
	switch n := inner.node.(type) {
	case *tolerantTraversal, *tolerantSelection, *tolerantIndex, *hclsyntax.ScopeTraversalExpr:
		target, steps, exact := inner.follow(hops)
		if len(steps) == 0 {
			return e.convert(v, at)
		}
		if exact {
			out = target.place(v, hops+len(steps))
		} else {
			out = e.convert(v, at)
			steps = append(steps, target.via()...)
		}
		out.Range = at
		return prependVia(out, steps)
	case *hclsyntax.TupleConsExpr:
		out = inner.placeList(v, n, hops)
	case *hclsyntax.ObjectConsExpr:
		out = inner.placeObject(v, n, hops)
	case *hclsyntax.FunctionCallExpr:
		out = inner.placeCall(v, n, hops)
	case *hclsyntax.TemplateExpr:
		out = inner.split(v, inner.placeTemplate(v, n), hops)
	case *choice:
		out = inner.placeChoice(v, n, hops)
	default:
		out = inner.split(v, e.convert(v, at), hops)
	}
	out.Range = at
	if out.Kind != graph.List && out.Kind != graph.Object {
		if via := inner.via(); len(via) > 0 && (out.Meta == nil || len(out.Meta.Via) == 0) {
			out = out.WithVia(via...)
		}
	}
	return out
}

func prependVia(v graph.Value, steps []graph.Step) graph.Value {
	if v.Meta != nil && len(v.Meta.Via) > 0 {
		meta := *v.Meta
		meta.Via = append(steps[:len(steps):len(steps)], meta.Via...)
		v.Meta = &meta
		return v
	}
	return v.WithVia(steps...)
}

// placeList gives a list's members the places of a constructor's items.
func (c *cursor) placeList(v cty.Value, n *hclsyntax.TupleConsExpr, hops int) graph.Value {
	e := c.scope.in.eval
	whole, marks := v.Unmark()
	t := whole.Type()
	switch {
	case !whole.IsKnown() || whole.IsNull():
	case t.IsSetType():
		return c.placeSet(v, n)
	case (t.IsTupleType() || t.IsListType()) && whole.LengthInt() == len(n.Exprs):
		out := e.convert(cty.EmptyTupleVal.WithMarks(marks), c.span())
		out.Items = make([]graph.Value, len(n.Exprs))
		i := 0
		for _, member := range whole.Elements() {
			out.Items[i] = c.at(n.Exprs[i]).place(carry(member, marks), hops)
			i++
		}
		return out
	}
	return e.convert(v, c.span())
}

// carry gives a part the marks of the whole that convertWithin would give it.
func carry(v cty.Value, marks cty.ValueMarks) cty.Value {
	if len(marks) == 0 {
		return v
	}
	if !v.IsKnown() && !hasReason(v) {
		v = v.WithMarks(causes(marks))
	}
	if secret(marks) {
		v = v.Mark(sensitiveMark{})
	}
	return v
}

// placeSet finds the members of a small set among literal items.
func (c *cursor) placeSet(v cty.Value, n *hclsyntax.TupleConsExpr) graph.Value {
	out := c.scope.in.eval.convert(v, c.span())
	const small = 64
	if len(n.Exprs) > small {
		return out
	}
	for _, item := range n.Exprs {
		have, ok := text(c.at(item).evaluate())
		for i := range out.Items {
			if member := &out.Items[i]; ok && (member.Kind == graph.String || member.Kind == graph.Number) && member.Text == have {
				member.Range = spanOf(c.x.file, item.Range())
			}
		}
	}
	return out
}

// placeObject gives an object's members the places of a constructor's items,
// in the order they were written.
func (c *cursor) placeObject(v cty.Value, n *hclsyntax.ObjectConsExpr, hops int) graph.Value {
	e := c.scope.in.eval
	whole, marks := v.Unmark()
	t := whole.Type()
	if !whole.IsKnown() {
		return c.placeOpenObject(v, n, hops)
	}
	if whole.IsNull() || !t.IsObjectType() && !t.IsMapType() {
		return e.convert(v, c.span())
	}
	out := e.convert(cty.EmptyObjectVal.WithMarks(marks), c.span())
	left := whole.AsValueMap()
	out.Fields = make([]graph.Field, 0, len(left))
	for i := len(n.Items) - 1; i >= 0; i-- { // of two with one key the last counts
		item := n.Items[i]
		key, ok := c.key(item.KeyExpr)
		if !ok {
			continue
		}
		member, ok := left[key]
		if !ok {
			continue
		}
		delete(left, key)
		out.Fields = append(out.Fields, graph.Field{
			Name: key, NameRange: spanOf(c.x.file, item.KeyExpr.Range()), Value: c.at(item.ValueExpr).place(carry(member, marks), hops),
		})
	}
	for i, j := 0, len(out.Fields)-1; i < j; i, j = i+1, j-1 {
		out.Fields[i], out.Fields[j] = out.Fields[j], out.Fields[i]
	}
	if len(left) > 0 { // added by defaults of a type
		rest := e.convert(cty.ObjectVal(left).WithMarks(marks), c.span())
		out.Fields = append(out.Fields, rest.Fields...)
	}
	return out
}

// placeOpenObject keeps the members with known keys of an object that has
// others, too.
func (c *cursor) placeOpenObject(v cty.Value, n *hclsyntax.ObjectConsExpr, hops int) graph.Value {
	all := c.scope.in.eval.convert(v, c.span())
	out := graph.Value{Kind: graph.Object, Range: c.span(), Sensitive: all.Sensitive}
	for _, item := range n.Items {
		key, ok := c.key(item.KeyExpr)
		if !ok {
			continue
		}
		child := c.at(item.ValueExpr)
		out.Fields = append(out.Fields, graph.Field{
			Name: key, NameRange: spanOf(c.x.file, item.KeyExpr.Range()), Value: child.place(child.evaluate(), hops),
		})
	}
	return out.AsOpen(all.Reasons()...).WithLinks(all.Links()...)
}

// key is the text of an object's key.
func (c *cursor) key(x hclsyntax.Expression) (string, bool) {
	if k, ok := x.(*hclsyntax.ObjectConsKeyExpr); ok && !k.ForceNonLiteral {
		if name := hcl.ExprAsKeyword(k.Wrapped); name != "" {
			return name, true
		}
		if t, ok := k.Wrapped.(*hclsyntax.TemplateExpr); ok && t.IsStringLiteral() {
			v, _ := t.Value(nil)
			return v.AsString(), true
		}
	}
	return keyText(x, c.context())
}

// placeCall looks through functions that keep the parts of their arguments.
func (c *cursor) placeCall(v cty.Value, n *hclsyntax.FunctionCallExpr, hops int) graph.Value {
	e := c.scope.in.eval
	if n.ExpandFinal || len(n.Args) == 0 {
		return c.split(v, e.convert(v, c.span()), hops)
	}
	switch n.Name {
	case "toset", "tolist", "tomap", "sensitive", "nonsensitive", "distinct", "sort", "compact":
		if len(n.Args) == 1 {
			return c.at(n.Args[0]).place(v, hops)
		}
	case "jsonencode":
		return c.placeEncoded(v, n, hops)
	case "merge":
		return c.split(v, c.placeMerged(v, n, hops), hops)
	case "concat":
		return c.split(v, c.placeJoined(v, n, hops), hops)
	}
	return c.split(v, e.convert(v, c.span()), hops)
}

// placeEncoded gives a text the structure that jsonencode's argument has.
func (c *cursor) placeEncoded(v cty.Value, n *hclsyntax.FunctionCallExpr, hops int) graph.Value {
	out := c.scope.in.eval.convert(v, c.span())
	if len(n.Args) != 1 {
		return out
	}
	if o := originOf(v.Marks()); len(o.encodings) == 1 && o.encodings[0].structure == nil {
		return out.WithStructure(c.at(n.Args[0]).place(o.encodings[0].value, hops))
	}
	return out
}

// placeMerged takes each member from the last argument that has it.
func (c *cursor) placeMerged(v cty.Value, n *hclsyntax.FunctionCallExpr, hops int) graph.Value {
	out := c.scope.in.eval.convert(v, c.span())
	if out.Kind != graph.Object {
		return out
	}
	for _, arg := range n.Args {
		part := c.at(arg)
		placed := part.place(part.evaluate(), hops+1)
		for _, f := range placed.Fields {
			for i := range out.Fields {
				if have := &out.Fields[i]; have.Name == f.Name && have.Value.Kind == f.Value.Kind {
					sensitive := have.Value.Sensitive
					*have = f
					have.Value.Sensitive = have.Value.Sensitive || sensitive
					if placed.Meta != nil && (have.Value.Meta == nil || len(have.Value.Meta.Via) == 0) {
						have.Value = have.Value.WithVia(placed.Meta.Via...)
					}
				}
			}
		}
	}
	return out
}

// placeJoined takes a list's members from the arguments in turn.
func (c *cursor) placeJoined(v cty.Value, n *hclsyntax.FunctionCallExpr, hops int) graph.Value {
	out := c.scope.in.eval.convert(v, c.span())
	if out.Kind != graph.List {
		return out
	}
	var items []graph.Value
	for _, arg := range n.Args {
		part := c.at(arg)
		placed := part.place(part.evaluate(), hops+1)
		if placed.Kind != graph.List {
			return out
		}
		items = append(items, placed.Items...)
	}
	if len(items) == len(out.Items) {
		for i := range items {
			if items[i].Kind == out.Items[i].Kind {
				items[i].Sensitive = items[i].Sensitive || out.Items[i].Sensitive
				out.Items[i] = items[i]
			}
		}
	}
	return out
}

// via are the definitions that an expression refers to directly.
func (c *cursor) via() []graph.Step {
	var steps []graph.Step
	add := func(root, name string) {
		if d, ok := c.scope.definitionOf(root, name); ok {
			steps = append(steps, d.step)
		}
	}
	if c.node == c.x.node {
		for i := range c.x.uses {
			add(c.x.uses[i].root, c.x.uses[i].name)
		}
		return steps
	}
	switch n := c.node.(type) {
	case *hclsyntax.LiteralValueExpr:
		return nil
	case *hclsyntax.TemplateExpr:
		if n.IsStringLiteral() {
			return nil
		}
	}
	for _, t := range c.node.Variables() {
		if len(t) > 1 {
			if a, ok := t[1].(hcl.TraverseAttr); ok {
				add(t.RootName(), a.Name)
			}
		}
	}
	return steps
}

// definitionOf tells where a variable or local is written.
func (s *scope) definitionOf(root, name string) (definition, bool) {
	switch root {
	case "var":
		return s.in.definition(name)
	case "local":
		if a := s.in.module.locals[name]; a != nil {
			return definition{a.value, s.in.scope(), graph.Step{Message: "local." + name, Range: a.span}}, true
		}
	}
	return definition{}, false
}
