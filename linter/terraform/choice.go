package terraform

import (
	"reflect"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc-dev/demarc/linter/graph"
)

// assumption is a conditional that is taken to be decided.
type assumption struct {
	node  *choice
	holds bool
}

// assumptionName is the variable of an evaluation context that holds an
// assumption. No configuration can spell it.
const assumptionName = "\x00assumption"

var assumptionType = cty.Capsule("assumption", reflect.TypeFor[assumption]())

// assumed are the branches of a conditional that the context takes to be decided.
func (c *choice) assumed(ctx *hcl.EvalContext) (chosen, other hclsyntax.Expression, ok bool) {
	for ; ctx != nil; ctx = ctx.Parent() {
		v, found := ctx.Variables[assumptionName]
		if !found {
			continue
		}
		if a := v.EncapsulatedValue().(*assumption); a.node == c {
			if a.holds {
				return c.TrueResult, c.FalseResult, true
			}
			return c.FalseResult, c.TrueResult, true
		}
	}
	return nil, nil, false
}

// assuming is the cursor's expression where a conditional in it is decided.
func (c *cursor) assuming(node *choice, holds bool) *cursor {
	ctx := c.context().NewChild()
	ctx.Variables = map[string]cty.Value{assumptionName: cty.CapsuleVal(assumptionType, &assumption{node, holds})}
	return &cursor{scope: c.scope, x: c.x, node: c.node, ctx: ctx, assumptions: c.assumptions + 1}
}

// placeChoice gives the value of a conditional whose condition is unknown what
// it is either way.
func (c *cursor) placeChoice(v cty.Value, n *choice, hops int) graph.Value {
	out := c.scope.in.eval.convert(v, c.span())
	if out.Kind != graph.Unknown || !c.scope.in.eval.effort.allows() || !c.at(n.Condition).isChosen() {
		return out
	}
	branch := func(node hclsyntax.Expression) graph.Value {
		part := c.at(node)
		placed := part.place(part.evaluate(), hops+1)
		if out.Sensitive {
			placed = placed.AsSensitive()
		}
		return placed
	}
	return out.WithChoice(graph.Choice{
		If: c.at(n.Condition).condition(hops + 1), Then: branch(n.TrueResult), Else: branch(n.FalseResult),
	})
}

// maxAssumptions bounds how many conditionals of one expression are decided at a time.
const maxAssumptions = 3

// split gives a value that conditionals inside its expression leave unknown what
// it is either way. placed is what is known without.
func (c *cursor) split(v cty.Value, placed graph.Value, hops int) graph.Value {
	if v.IsWhollyKnown() || c.assumptions >= maxAssumptions || !c.scope.in.eval.effort.allows() {
		return placed
	}
	n := c.undecided()
	if n == nil || !c.at(n.Condition).isChosen() {
		return placed
	}
	branch := func(holds bool) graph.Value {
		part := c.assuming(n, holds)
		out := part.place(part.evaluate(), hops+1)
		if placed.Sensitive {
			out = out.AsSensitive()
		}
		return out
	}
	then, otherwise := branch(true), branch(false)
	if isVoid(then) && isVoid(otherwise) {
		return placed // nothing is gained
	}
	return placed.WithChoice(graph.Choice{If: c.at(n.Condition).condition(hops + 1), Then: then, Else: otherwise})
}

// isVoid reports whether nothing at all is known of a value.
func isVoid(v graph.Value) bool {
	_, structured := v.Structure()
	return v.Kind == graph.Unknown && !structured && v.Alternatives() == nil
}

// undecided is a conditional inside the expression whose condition is unknown,
// or nil. What is repeated by a for expression depends on more than the scope.
func (c *cursor) undecided() *choice {
	f := finder{decide: func(n *choice) bool { return c.decide(n) != nil }}
	_ = hclsyntax.Walk(c.node, &f)
	return f.found
}

// finder looks for an undecided conditional outside of for expressions.
type finder struct {
	decide func(*choice) bool // whether it is decided
	loops  int
	found  *choice
}

// Enter implements hclsyntax.Walker.
func (f *finder) Enter(node hclsyntax.Node) hcl.Diagnostics {
	switch n := node.(type) {
	case *loop, *hclsyntax.SplatExpr:
		f.loops++
	case *choice:
		if f.found == nil && f.loops == 0 && !f.decide(n) {
			f.found = n
		}
	}
	return nil
}

// Exit implements hclsyntax.Walker.
func (f *finder) Exit(node hclsyntax.Node) hcl.Diagnostics {
	switch node.(type) {
	case *loop, *hclsyntax.SplatExpr:
		f.loops--
	}
	return nil
}
