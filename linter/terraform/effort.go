package terraform

import (
	"context"
	"reflect"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// What one root may cost. Honest configurations stay a hundred times below.
const (
	maxSteps  = 4_000_000  // evaluations; iterations of for expressions cost several
	maxWeight = 1 << 20    // bytes of one value; parts cost several
	maxValues = 10_000_000 // values of the graph

	stepsPerIteration = 8  // what they cost in time
	weightOfPart      = 16 // what it costs in memory, and in comparisons of types

	maxExponent = 4096 // of a number, in bits
)

const tooLarge = "the value is too large"

const tooMuch = "the configuration takes too much work to evaluate"

// effort is what the evaluation of a root has cost so far.
type effort struct {
	ctx           context.Context
	steps, values int
}

// allows counts one evaluation, and reports whether there may be more.
func (e *effort) allows() bool {
	return e.spend(1)
}

// spend counts n evaluations. There may be no more once the context has ended.
func (e *effort) spend(n int) bool {
	const between = 256 // looks at the context
	if before := e.steps / between; e.steps < maxSteps {
		if e.steps += n; e.steps/between > before && e.ctx.Err() != nil {
			e.steps = maxSteps
		}
	}
	return e.steps < maxSteps
}

// bounded is v, or unknown where it is too large to be worked with.
func (e *evaluation) bounded(v cty.Value) cty.Value {
	if t := v.Type(); t == cty.Bool {
		return v
	}
	if left := weigh(v, maxWeight); left <= 0 {
		return unknown(cty.DynamicPseudoType, tooLarge, "")
	}
	return v
}

// weigh subtracts the parts and bytes of v from what is left, and stops at zero.
func weigh(v cty.Value, left int) int {
	left -= weightOfPart
	v, _ = v.Unmark()
	if left <= 0 || !v.IsKnown() || v.IsNull() {
		return left
	}
	t := v.Type()
	switch {
	case t == cty.String:
		return left - len(v.AsString())
	case t == cty.Number:
		f := v.AsBigFloat()
		if exponent := f.MantExp(nil); f.IsInf() || exponent > maxExponent || exponent < -maxExponent {
			return 0
		}
		return left
	case t.IsPrimitiveType() || t.IsCapsuleType():
		return left
	}
	if n := v.LengthInt(); n >= left/weightOfPart {
		return 0
	}
	for _, item := range v.Elements() {
		if left = weigh(item, left); left <= 0 {
			return 0
		}
	}
	return left
}

// boundLiteral makes a number unknown that has more digits than memory holds.
func boundLiteral(n *hclsyntax.LiteralValueExpr) {
	if v := n.Val; v.Type() == cty.Number && v.IsKnown() && !v.IsNull() && weigh(v, weightOfPart+1) <= 0 {
		n.Val = unknown(cty.Number, "the number is too large", "")
	}
}

// budgetName is the variable of an evaluation context that holds the effort.
// No configuration can spell it.
const budgetName = "\x00budget"

var budgetType = cty.Capsule("budget", reflect.TypeFor[effort]())

// loop is a for expression that counts its iterations.
type loop struct{ *hclsyntax.ForExpr }

// Value implements hcl.Expression.
func (l *loop) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	for c := ctx; c != nil; c = c.Parent() {
		budget, ok := c.Variables[budgetName]
		if !ok {
			continue
		}
		e := budget.EncapsulatedValue().(*effort)
		collection, diags := l.CollExpr.Value(ctx)
		if whole, open := openObject(collection); open && !diags.HasErrors() {
			return whole.unlisted(cty.DynamicPseudoType), nil
		}
		if !e.spend(stepsPerIteration*(1+lengthOf(collection))) && !diags.HasErrors() {
			at := l.Range()
			return cty.DynamicVal, hcl.Diagnostics{{Severity: hcl.DiagError, Summary: tooMuch, Subject: &at}}
		}
		break
	}
	return l.ForExpr.Value(ctx)
}
