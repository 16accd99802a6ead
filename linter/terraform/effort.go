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
	maxSteps  = 3_000_000  // evaluations; iterations of for expressions and calls cost several
	maxWeight = 1 << 20    // bytes of one value; parts cost several
	maxHeld   = 32 << 20   // bytes of all values that are kept or made on the way
	maxValues = 10_000_000 // values of the graph, of which a small root may have fewer:
	fewValues = 500_000    // so many,
	perByte   = 8          // and so many more for each byte that is written

	maxModules = 10_000 // instances of modules

	stepsPerIteration = 8   // what they cost in time, beside what is in their body
	stepsPerModule    = 50  // of an instance of a module
	stepsPerTemplate  = 200 // of a template that is rendered
	weightOfPart      = 16  // what it costs in memory, and in comparisons of types

	maxExponent = 4096 // of a number, in bits
)

const tooLarge = "the value is too large"

const tooMuch = "the configuration takes too much work to evaluate"

// effort is what the evaluation of a root has cost so far.
type effort struct {
	ctx    context.Context
	steps  int
	values int
	most   int // of values
	held   int // bytes
	// modules are instances of modules.
	modules int
}

// enter counts n instances of a module, and reports whether there may be so many.
func (e *effort) enter(n int) bool {
	e.modules += n
	return e.modules <= maxModules && e.spend(n*stepsPerModule)
}

// newEffort is the account of a root whose files have so many bytes.
func newEffort(ctx context.Context, written int) effort {
	return effort{ctx: ctx, most: min(maxValues, fewValues+perByte*written)}
}

// isSpent reports whether something was left out.
func (e *effort) isSpent() bool {
	return e.steps >= maxSteps || e.values > e.most || e.held > maxHeld
}

// hold counts bytes that a value keeps or that making it copies, and reports
// whether there may be more.
func (e *effort) hold(n int) bool {
	if e.held += n; e.held > maxHeld {
		e.steps = maxSteps // so that loops end at once, too
	}
	return e.spend(n / stepOfBytes)
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
	left := weigh(v, maxWeight)
	if left <= 0 {
		return unknown(cty.DynamicPseudoType, tooLarge, "")
	}
	if !e.effort.hold(maxWeight - left) {
		return unknown(cty.DynamicPseudoType, tooMuch, "")
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
type loop struct {
	*hclsyntax.ForExpr
	nodes int // in its body
	bytes int // of text in its body
}

// Value implements hcl.Expression.
func (l *loop) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	if e := effortOf(ctx); e != nil {
		collection, diags := l.CollExpr.Value(ctx)
		if whole, open := openObject(collection); open && !diags.HasErrors() {
			return whole.unlisted(cty.DynamicPseudoType), nil
		}
		turns := 1 + lengthOf(collection)
		if !(e.spend((stepsPerIteration+l.nodes)*turns) && e.hold(l.bytes*turns)) && !diags.HasErrors() {
			return refuse(l)
		}
	}
	return l.ForExpr.Value(ctx)
}

// effortOf is the account that an evaluation counts towards, or nil.
func effortOf(ctx *hcl.EvalContext) *effort {
	for c := ctx; c != nil; c = c.Parent() {
		if budget, ok := c.Variables[budgetName]; ok {
			return budget.EncapsulatedValue().(*effort) //nolint:forcetypeassert // nothing else has the name
		}
	}
	return nil
}

// textOf is the number of bytes of a known text, or zero.
func textOf(v cty.Value) int {
	if v.Type() != cty.String {
		return 0
	}
	return lengthOf(v)
}

// refuse is the value of a node that may not be evaluated any more.
func refuse(node hclsyntax.Expression) (cty.Value, hcl.Diagnostics) {
	at := node.Range()
	return cty.DynamicVal, hcl.Diagnostics{{Severity: hcl.DiagError, Summary: tooMuch, Subject: &at}}
}
