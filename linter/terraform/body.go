package terraform

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc-dev/demarc/linter/graph"
)

// content is one block that a body has once its dynamic blocks are expanded.
type content struct {
	block *block
	scope *scope
	// unknown says what is not known of it where it may not be there, or stands
	// for any number of blocks; when is the condition that it is there, or nil
	// where that cannot be told.
	unknown cty.Value
	when    *graph.Condition
}

// blocksOf expands the blocks of one body, those of one kind after the other.
func (s *scope) blocksOf(b *body, wanted func(kind string) bool) (kinds []string, byKind map[string][]content) {
	if len(b.blocks) == 0 {
		return nil, nil
	}
	byKind = make(map[string][]content, len(b.blocks))
	for _, child := range b.blocks {
		kind := kindOf(child)
		if !wanted(kind) {
			continue
		}
		if _, seen := byKind[kind]; !seen {
			kinds = append(kinds, kind)
			byKind[kind] = nil
		}
		if child.kind == "dynamic" && len(child.labels) > 0 {
			byKind[kind] = append(byKind[kind], s.dynamic(child)...)
		} else {
			byKind[kind] = append(byKind[kind], content{block: child, scope: s})
		}
	}
	return kinds, byKind
}

// dynamic expands a dynamic block.
func (s *scope) dynamic(b *block) []content {
	forEach, inner := b.body.expression("for_each"), b.body.block("content")
	if forEach == nil || inner == nil {
		s.in.eval.report(b.header, fmt.Sprintf("dynamic %q needs for_each and content", b.labels[0]))
		return nil
	}
	marked := s.evaluate(forEach)
	v, marks := marked.Unmark()
	marks = causes(marks)
	kind := v.Type()
	switch {
	case !v.IsKnown():
		return s.openDynamic(b, inner, forEach, marked)
	case v.IsNull(), kind.IsPrimitiveType(), !v.CanIterateElements():
		message := fmt.Sprintf("for_each of dynamic %q is not a collection", b.labels[0])
		s.in.eval.report(forEach.span(), message)
		return []content{{block: b, scope: s, unknown: unknown(cty.DynamicPseudoType, message, "")}}
	case v.LengthInt() > maxInstances:
		message := tooMany(fmt.Sprintf("dynamic %q", b.labels[0]), fmt.Sprint(v.LengthInt()))
		s.in.eval.report(forEach.span(), message)
		return []content{{block: b, scope: s, unknown: unknown(cty.DynamicPseudoType, message, "")}}
	}
	from := &cursor{scope: s, x: forEach, node: forEach.node}
	expanded := &block{kind: b.labels[0], header: b.header, span: b.span, body: inner.body}
	var out []content
	for key, value := range v.Elements() {
		if kind.IsSetType() {
			key = value
		}
		if !value.IsKnown() || secret(marks) {
			value = value.WithMarks(marks)
		}
		out = append(out, content{block: expanded, scope: s.iterating(b, &binding{key: key, value: value, from: from})})
	}
	return out
}

// iterating is the scope of a dynamic block's content.
func (s *scope) iterating(b *block, bound *binding) *scope {
	name := b.labels[0]
	if x := b.body.expression("iterator"); x != nil {
		if given := hcl.ExprAsKeyword(x.node); given != "" {
			name = given
		} else if given, ok := text(s.evaluate(x)); ok { // JSON writes it as a string
			name = given
		}
	}
	child := &scope{in: s.in, each: s.each, index: s.index, iterators: make(map[string]*binding, len(s.iterators)+1)}
	for n, it := range s.iterators {
		child.iterators[n] = it
	}
	child.iterators[name] = bound
	return child
}

// openDynamic expands a dynamic block whose for_each is not known: to the blocks
// of each alternative, or to one that stands for any number.
func (s *scope) openDynamic(b, inner *block, forEach *expression, marked cty.Value) []content {
	c := &cursor{scope: s, x: forEach, node: forEach.node}
	expanded := &block{kind: b.labels[0], header: b.header, span: b.span, body: inner.body}
	const few = 64
	all := c.settled(func(v cty.Value) bool { return v.CanIterateElements() && v.LengthInt() <= few })
	if !c.isChosen() {
		return []content{{block: b, scope: s, unknown: marked}}
	}
	if all == nil {
		why := reasonMark{Reason: *firstReason(marked, "for_each is unknown")}
		bound := &binding{key: cty.UnknownVal(cty.String).RefineNotNull().Mark(why), value: cty.DynamicVal.WithMarks(causes(deepMarks(marked)))}
		return []content{{block: expanded, scope: s.iterating(b, bound), unknown: marked, when: c.notEmpty(0)}}
	}
	var out []content
	for _, a := range all {
		bare, marks := a.value.Unmark()
		for key, value := range bare.Elements() {
			if bare.Type().IsSetType() {
				key = value
			}
			if !value.IsKnown() || secret(marks) {
				value = value.WithMarks(causes(marks))
			}
			out = append(out, content{
				block: expanded, scope: s.iterating(b, &binding{key: key, value: value, from: a.from}), unknown: marked, when: a.when,
			})
		}
	}
	return out
}

// declaredBody evaluates a body as the graph has it: attributes and blocks in
// the order they were written. it is the instance whose body this is, or nil
// for a nested block.
func (s *scope) declaredBody(b *body, it *item, depth int) graph.Value {
	out := graph.Value{Kind: graph.Object, Fields: make([]graph.Field, 0, len(b.attributes)+len(b.blocks))}
	if depth > maxDepth {
		return out
	}
	kinds, blocks := s.blocksOf(b, func(kind string) bool { return it == nil || !isMeta(kind) })
	place := func(before int) {
		for len(kinds) > 0 {
			list := blocks[kinds[0]]
			if len(list) > 0 && list[0].block.span.Start > before {
				return
			}
			if len(list) > 0 {
				out.Fields = append(out.Fields, s.blockField(kinds[0], list, depth))
			}
			kinds = kinds[1:]
		}
	}
	for _, a := range b.attributes {
		if it != nil && isMeta(a.name) {
			continue
		}
		place(a.nameRange.Start)
		var v cty.Value
		if it != nil {
			v = it.value(a.name)
		} else {
			v = s.evaluate(a.value)
		}
		placed := s.place(v, a.value)
		if it != nil && placed.Kind == graph.Unknown {
			placed = s.formulated(placed, a.value)
		}
		out.Fields = append(out.Fields, graph.Field{Name: a.name, NameRange: a.nameRange, Value: placed})
	}
	place(int(^uint(0) >> 1))
	return out
}

// formulated is an unknown value that says how it is made, so that two
// resources that name the same thing in the same way are known to.
func (s *scope) formulated(v graph.Value, x *expression) graph.Value {
	if f, ok := (&cursor{scope: s, x: x, node: x.node}).formula(0); ok {
		return v.WithFormula(f)
	}
	return v
}

// blockField is the field of one kind of block.
func (s *scope) blockField(kind string, list []content, depth int) graph.Field {
	field := graph.Field{Name: kind, Value: graph.Value{Kind: graph.List}}
	for _, c := range list {
		if !field.NameRange.Valid() {
			field.NameRange = c.block.header
			field.Value.Range = c.block.span
		}
		var v graph.Value
		if c.unknown == cty.NilVal || c.when != nil {
			v = c.scope.declaredBody(&c.block.body, nil, depth+1)
			v.Range = c.block.span
		}
		if c.unknown != cty.NilVal && (c.when == nil || !c.when.IsAlways()) {
			u := s.in.eval.convert(cty.DynamicVal.WithMarks(deepMarks(c.unknown)), c.block.span)
			if c.when != nil {
				u = u.WithChoice(graph.Choice{If: c.when, Then: v})
			}
			v = u
		}
		field.Value.Items = append(field.Value.Items, v)
	}
	return field
}

// blockValue evaluates the blocks of one kind as a reference sees them. The
// provider adds attributes to them; of is the object around.
func (s *scope) blockValue(b *body, kind string, of objectMark, depth int) cty.Value {
	of.block = graph.JoinText(of.block, graph.Path{kind}.String())
	_, blocks := s.blocksOf(b, func(k string) bool { return k == kind })
	var items []cty.Value
	for _, c := range blocks[kind] {
		if c.unknown != cty.NilVal {
			return cty.DynamicVal.WithMarks(deepMarks(c.unknown))
		}
		members := map[string]cty.Value{}
		for _, a := range c.block.body.attributes {
			members[a.name] = c.scope.evaluate(a.value)
		}
		if depth < maxDepth {
			for _, inner := range c.block.body.blocks {
				if name := kindOf(inner); members[name] == cty.NilVal {
					members[name] = c.scope.blockValue(&c.block.body, name, of, depth+1)
				}
			}
		}
		items = append(items, cty.ObjectVal(members).Mark(of))
	}
	return cty.TupleVal(items)
}
