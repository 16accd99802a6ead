package terraform

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/demarc-dev/demarc/linter/source"
)

// maxDepth bounds the nesting of expressions and blocks.
const maxDepth = 1000

// expression is an expression with what it refers to. It is shared by all
// instances of its module and not changed after parsing.
type expression struct {
	node hclsyntax.Expression
	file *source.File
	uses []use
	// loops says that there are for expressions in it, and joins that there are
	// texts of several parts: both count what they cost.
	loops, joins bool
	// literal expressions need no context.
	literal bool
	// constant is the value of a number, text or keyword, or NilVal.
	constant cty.Value
}

func (x *expression) span() source.Range { return spanOf(x.file, x.node.Range()) }

func spanOf(f *source.File, r hcl.Range) source.Range {
	return source.Range{File: f, Start: r.Start.Byte, End: r.End.Byte}
}

// use is a name that an expression refers to.
type use struct {
	root string // var, local, module, data, each, ... or a resource type
	kind string // the type of a data source
	name string
	// attributes that are asked for; none means the whole object.
	attributes []string
	// indexed says that an instance is chosen before the attribute.
	indexed bool
}

// preparation collects what an expression refers to, and replaces the nodes
// whose evaluation differs from hclsyntax's.
type preparation struct {
	uses   []use
	bound  []string // variables of enclosing for expressions
	calls  bool
	loops  bool
	joins  bool // texts of several parts
	deep   bool
	depth  int
	nodes  int // so far
	bytes  int // of text, so far
	lookup map[[3]string]int
}

// prepare makes an expression of a node. The second result is false where it
// is nested too deeply to be evaluated.
func prepare(node hclsyntax.Expression, file *source.File) (*expression, bool) {
	switch n := node.(type) {
	case *hclsyntax.LiteralValueExpr:
		boundLiteral(n)
		return &expression{node: node, file: file, literal: true, constant: n.Val}, true
	case *hclsyntax.TemplateExpr:
		if n.IsStringLiteral() {
			v, _ := n.Value(nil)
			return &expression{node: node, file: file, literal: true, constant: v}, true
		}
	}
	var p preparation
	node = p.walk(node, "")
	if p.deep {
		return nil, false
	}
	return &expression{node: node, file: file, uses: p.uses, loops: p.loops, joins: p.joins, literal: len(p.uses) == 0 && !p.calls && !p.loops}, true
}

// walk visits a node. attribute is what the parent selects from it after
// choosing an instance, or "".
func (p *preparation) walk(node hclsyntax.Expression, attribute string) hclsyntax.Expression {
	if p.depth++; p.depth > maxDepth {
		p.deep = true
	}
	defer func() { p.depth-- }()
	if p.deep {
		return node
	}
	p.nodes++
	switch n := node.(type) {
	case *hclsyntax.LiteralValueExpr:
		boundLiteral(n)
		p.bytes += lengthOf(n.Val)
	case *hclsyntax.ScopeTraversalExpr:
		p.traversal(n.Traversal, attribute)
		if len(n.Traversal) > 1 {
			return &tolerantTraversal{n}
		}
	case *hclsyntax.RelativeTraversalExpr:
		selected := ""
		if a, ok := n.Traversal[0].(hcl.TraverseAttr); ok {
			selected = a.Name
		}
		n.Source = p.walk(n.Source, selected)
		return &tolerantSelection{n}
	case *hclsyntax.IndexExpr:
		n.Collection = p.walk(n.Collection, attribute)
		n.Key = p.walk(n.Key, "")
		return &tolerantIndex{n}
	case *hclsyntax.SplatExpr:
		selected := ""
		if r, ok := n.Each.(*hclsyntax.RelativeTraversalExpr); ok {
			if _, direct := r.Source.(*hclsyntax.AnonSymbolExpr); direct {
				if a, ok := r.Traversal[0].(hcl.TraverseAttr); ok {
					selected = a.Name
				}
			}
		}
		n.Source = p.walk(n.Source, selected)
		n.Each = p.walk(n.Each, "")
	case *hclsyntax.ParenthesesExpr:
		n.Expression = p.walk(n.Expression, attribute)
	case *hclsyntax.FunctionCallExpr:
		p.calls = true
		for i := range n.Args {
			n.Args[i] = p.walk(n.Args[i], "")
		}
		if strings.HasPrefix(n.Name, "provider::") {
			return &foreignCall{n}
		}
	case *hclsyntax.ConditionalExpr:
		n.Condition = p.walk(n.Condition, "")
		n.TrueResult = p.walk(n.TrueResult, "")
		n.FalseResult = p.walk(n.FalseResult, "")
		return &choice{n}
	case *hclsyntax.TupleConsExpr:
		for i := range n.Exprs {
			n.Exprs[i] = p.walk(n.Exprs[i], "")
		}
	case *hclsyntax.ObjectConsExpr:
		for i := range n.Items {
			n.Items[i].KeyExpr = p.walk(n.Items[i].KeyExpr, "")
			n.Items[i].ValueExpr = p.walk(n.Items[i].ValueExpr, "")
		}
	case *hclsyntax.ObjectConsKeyExpr:
		if t, ok := n.Wrapped.(*hclsyntax.ScopeTraversalExpr); ok && !n.ForceNonLiteral && len(t.Traversal) > 1 {
			p.traversal(t.Traversal, "") // a.b without parentheses is refused
		} else if n.ForceNonLiteral || hcl.ExprAsKeyword(n.Wrapped) == "" {
			n.Wrapped = p.walk(n.Wrapped, "")
		}
	case *hclsyntax.ForExpr:
		p.loops = true
		n.CollExpr = p.walk(n.CollExpr, "")
		nodes, bytes := p.nodes, p.bytes
		p.bound = append(p.bound, n.KeyVar, n.ValVar)
		if n.KeyExpr != nil {
			n.KeyExpr = p.walk(n.KeyExpr, "")
		}
		n.ValExpr = p.walk(n.ValExpr, "")
		if n.CondExpr != nil {
			n.CondExpr = p.walk(n.CondExpr, "")
		}
		p.bound = p.bound[:len(p.bound)-2]
		return &loop{n, p.nodes - nodes, p.bytes - bytes}
	case *hclsyntax.TemplateExpr:
		p.joins = p.joins || len(n.Parts) > 1
		for i := range n.Parts {
			n.Parts[i] = p.walk(n.Parts[i], "")
		}
	case *hclsyntax.TemplateJoinExpr:
		n.Tuple = p.walk(n.Tuple, "")
	case *hclsyntax.TemplateWrapExpr:
		n.Wrapped = p.walk(n.Wrapped, attribute)
	case *hclsyntax.BinaryOpExpr:
		n.LHS = p.walk(n.LHS, "")
		n.RHS = p.walk(n.RHS, "")
	case *hclsyntax.UnaryOpExpr:
		n.Val = p.walk(n.Val, "")
	}
	return node
}

// traversal records what a traversal refers to.
func (p *preparation) traversal(t hcl.Traversal, attribute string) {
	root := t.RootName()
	for _, name := range p.bound {
		if name == root && name != "" {
			return
		}
	}
	u := use{root: root}
	rest := t[1:]
	take := func() string {
		if len(rest) == 0 {
			return ""
		}
		switch step := rest[0].(type) {
		case hcl.TraverseAttr:
			rest = rest[1:]
			return step.Name
		case hcl.TraverseIndex: // var["x"]
			if k := step.Key; k.Type() == cty.String && k.IsKnown() && !k.IsNull() {
				rest = rest[1:]
				return k.AsString()
			}
		}
		return ""
	}
	if root == "data" || root == "ephemeral" {
		u.kind = take()
	}
	u.name = take()
	u.indexed = attribute != ""
	if len(rest) > 0 {
		attribute = ""
		if _, ok := rest[0].(hcl.TraverseIndex); ok {
			u.indexed, rest = true, rest[1:]
		}
		if len(rest) > 0 {
			if a, ok := rest[0].(hcl.TraverseAttr); ok {
				attribute = a.Name
			}
		}
	}
	if attribute != "" {
		u.attributes = []string{attribute}
	}
	p.add(u)
}

func (p *preparation) add(u use) {
	key := [3]string{u.root, u.kind, u.name}
	at, found := p.lookup[key]
	if p.lookup == nil {
		for i := range p.uses {
			if o := &p.uses[i]; o.root == u.root && o.kind == u.kind && o.name == u.name {
				at, found = i, true
			}
		}
	}
	if found {
		p.uses[at].merge(u)
		return
	}
	p.uses = append(p.uses, u)
	if p.lookup != nil {
		p.lookup[key] = len(p.uses) - 1
	} else if len(p.uses) > 16 {
		p.lookup = make(map[[3]string]int, 64)
		for i, o := range p.uses {
			p.lookup[[3]string{o.root, o.kind, o.name}] = i
		}
	}
}

func (u *use) merge(o use) {
	u.indexed = u.indexed || o.indexed
	if u.attributes == nil || o.attributes == nil {
		u.attributes = nil
		return
	}
	for _, have := range u.attributes {
		if have == o.attributes[0] {
			return
		}
	}
	u.attributes = append(u.attributes[:len(u.attributes):len(u.attributes)], o.attributes[0])
}

// attributeKey names the set of attributes that are asked for.
func (u *use) attributeKey() string { return strings.Join(u.attributes, ",") }

// choice is a conditional that takes its value from the chosen branch alone,
// where hclsyntax marks the result with both.
type choice struct{ *hclsyntax.ConditionalExpr }

// Value implements hcl.Expression.
func (c *choice) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	marks := cty.ValueMarks{}
	chosen, other, ok := c.assumed(ctx)
	if !ok {
		condition, problems := c.Condition.Value(ctx)
		if chosen, other, marks = c.branches(condition, problems); chosen == nil {
			undecided := *c.ConditionalExpr // which would evaluate the condition again: 2^n times n deep
			undecided.Condition = &settled{c.Condition, condition, problems}
			return undecided.Value(ctx)
		}
	}
	v, diags := chosen.Value(ctx)
	if diags.HasErrors() {
		return v, diags
	}
	alternative, _ := other.Value(ctx)
	if secret(alternative.Marks()) {
		marks[sensitiveMark{}] = struct{}{}
	}
	return unify(v, alternative).WithMarks(marks), diags
}

// decide returns the branch that a known condition chooses, or nil. Of the
// condition's marks only secrecy goes over.
func (c *choice) decide(ctx *hcl.EvalContext) (chosen hclsyntax.Expression, marks cty.ValueMarks) {
	if chosen, _, ok := c.assumed(ctx); ok {
		return chosen, cty.ValueMarks{}
	}
	chosen, _, marks = c.branches(c.Condition.Value(ctx))
	return chosen, marks
}

// settled is an expression that has been evaluated.
type settled struct {
	hclsyntax.Expression
	value cty.Value
	diags hcl.Diagnostics
}

// Value implements hcl.Expression.
func (s *settled) Value(*hcl.EvalContext) (cty.Value, hcl.Diagnostics) { return s.value, s.diags }

func (c *choice) branches(condition cty.Value, diags hcl.Diagnostics) (chosen, other hclsyntax.Expression, marks cty.ValueMarks) {
	if diags.HasErrors() {
		return nil, nil, nil
	}
	condition, marks = condition.Unmark()
	if !condition.IsKnown() || condition.IsNull() {
		return nil, nil, nil
	}
	condition, err := convert.Convert(condition, cty.Bool)
	if err != nil {
		return nil, nil, nil
	}
	kept := cty.ValueMarks{}
	if secret(marks) {
		kept[sensitiveMark{}] = struct{}{}
	}
	if condition.True() {
		return c.TrueResult, c.FalseResult, kept
	}
	return c.FalseResult, c.TrueResult, kept
}

// unify converts v to the type that a conditional with both branches has.
func unify(v, alternative cty.Value) cty.Value {
	have, want := v.Type(), alternative.Type()
	if have.Equals(want) || have == cty.DynamicPseudoType || want == cty.DynamicPseudoType {
		return v
	}
	common, conversions := convert.UnifyUnsafe([]cty.Type{have, want})
	if common == cty.NilType || conversions[0] == nil {
		return v
	}
	if converted, err := conversions[0](v); err == nil {
		return converted
	}
	return v
}

// foreignCall is a call of a function that a provider brings.
type foreignCall struct{ *hclsyntax.FunctionCallExpr }

// Value implements hcl.Expression.
func (c *foreignCall) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	marks := cty.ValueMarks{reason(c.Name+"() is a function of a provider", ""): {}}
	for _, arg := range c.Args {
		v, diags := arg.Value(ctx)
		if diags.HasErrors() {
			return cty.DynamicVal, diags
		}
		for m := range causes(deepMarks(v)) {
			marks[m] = struct{}{}
		}
	}
	return cty.DynamicVal.WithMarks(marks), nil
}

// tolerantTraversal knows that a resource has more attributes than its
// configuration sets.
type tolerantTraversal struct{ *hclsyntax.ScopeTraversalExpr }

// Value implements hcl.Expression.
func (t *tolerantTraversal) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	v, diags := t.ScopeTraversalExpr.Value(ctx)
	if !diags.HasErrors() && (v.IsKnown() || !t.indexes()) {
		if e := effortOf(ctx); e != nil && !e.hold(textOf(v)) {
			return refuse(t)
		}
		return v, diags
	}
	for c := ctx; c != nil; c = c.Parent() {
		if root, ok := c.Variables[t.Traversal.RootName()]; ok {
			if one, problems := traverse(root, t.Traversal[1:]); !problems.HasErrors() {
				return one, nil
			}
			if v, ok := follow(root, t.Traversal[1:]); ok {
				return v, nil
			}
			break
		}
	}
	return v, diags
}

// indexes reports whether the traversal chooses a member by a key.
func (t *tolerantTraversal) indexes() bool {
	return slices.ContainsFunc(t.Traversal, func(step hcl.Traverser) bool {
		_, index := step.(hcl.TraverseIndex)
		return index
	})
}

// tolerantSelection is the same for traversals of an expression's result.
type tolerantSelection struct {
	*hclsyntax.RelativeTraversalExpr
}

// Value implements hcl.Expression.
func (t *tolerantSelection) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	from, failed := t.Source.Value(ctx)
	if failed.HasErrors() {
		return from, failed // and once only: where one stands in the other, twice would be 2^n times
	}
	v, diags := t.Traversal.TraverseRel(from)
	if !diags.HasErrors() {
		return v, diags
	}
	if v, ok := follow(from, t.Traversal); ok {
		return v, nil
	}
	return v, diags
}

// tolerantIndex is the same for an index.
type tolerantIndex struct{ *hclsyntax.IndexExpr }

// Value implements hcl.Expression.
func (t *tolerantIndex) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	v, diags := t.IndexExpr.Value(ctx)
	if !diags.HasErrors() && v.IsKnown() {
		return v, diags
	}
	from, failed := t.Collection.Value(ctx)
	key, failedToo := t.Key.Value(ctx)
	if !failed.HasErrors() && !failedToo.HasErrors() && !from.IsKnown() {
		if one := chosen(from, key); !one.RawEquals(from) {
			return one, nil
		}
	}
	if !diags.HasErrors() {
		return v, diags
	}
	if whole, open := openObject(from); open && !failed.HasErrors() && !failedToo.HasErrors() {
		if name, ok := text(key); ok {
			return whole.attribute(name), nil
		}
	}
	return v, diags
}

// follow steps through a value; where a resource's object lacks an attribute,
// the result is known after apply. A block that a provider has once may be
// named without an index.
func follow(v cty.Value, rest hcl.Traversal) (cty.Value, bool) {
	for _, step := range rest {
		next, diags := hcl.Traversal{step}.TraverseRel(v)
		if diags.HasErrors() {
			if wasGuessed(v) {
				v = cty.DynamicVal.WithMarks(v.Marks())
				continue
			}
			name, ok := stepName(step)
			if !ok {
				return v, false
			}
			if next, ok = memberOfOpen(v, name); !ok {
				return v, false
			}
		}
		v = next
	}
	return v, true
}

// stepName is the attribute that a step of a traversal asks for.
func stepName(step hcl.Traverser) (string, bool) {
	switch step := step.(type) {
	case hcl.TraverseAttr:
		return step.Name, true
	case hcl.TraverseIndex:
		if step.Key.Type() == cty.String {
			return text(step.Key)
		}
	}
	return "", false
}

// memberOfOpen is an attribute of an object that has more than are known, or of
// the only block of its kind.
func memberOfOpen(v cty.Value, name string) (cty.Value, bool) {
	if whole, open := openObject(v); open {
		return whole.attribute(name), true
	}
	bare, marks := v.Unmark()
	if !bare.IsKnown() || !bare.Type().IsTupleType() || bare.LengthInt() != 1 {
		return cty.NilVal, false
	}
	only := bare.Index(cty.Zero)
	whole, open := openObject(only)
	if !open {
		return cty.NilVal, false
	}
	object, more := only.Unmark()
	if object.Type().HasAttribute(name) {
		return object.GetAttr(name).WithMarks(causes(marks), causes(more)), true
	}
	return whole.attribute(name), true
}
