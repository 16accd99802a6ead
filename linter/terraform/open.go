package terraform

import (
	"fmt"
	"sort"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/demarc-dev/demarc/linter/graph"
)

// maxAlternatives bounds the choices of one count or for_each.
const maxAlternatives = 16

// alternative is a value that an expression has under a condition.
type alternative struct {
	when  *graph.Condition
	value cty.Value
	from  *cursor // what it is the value of
}

// alternatives are the values that the expression has, by what the conditionals
// in it choose; nil where some are unknown.
func (c *cursor) alternatives(when *graph.Condition, hops int) []alternative {
	c = c.strip()
	if when.IsNever() {
		return nil
	}
	if n, ok := c.node.(*choice); ok && hops <= maxHops {
		test := c.at(n.Condition).condition(hops + 1)
		then := c.at(n.TrueResult).alternatives(graph.And(when, test), hops+1)
		otherwise := c.at(n.FalseResult).alternatives(graph.And(when, graph.Not(test)), hops+1)
		return append(then, otherwise...)
	}
	v := c.evaluate()
	if bare, _ := v.Unmark(); bare.IsKnown() || hops > maxHops {
		return []alternative{{when, v, c}}
	}
	if target := c.target(hops); target != nil {
		return target.alternatives(when, hops+1)
	}
	if n, ok := c.node.(*hclsyntax.FunctionCallExpr); ok && len(n.Args) == 1 && !n.ExpandFinal {
		switch n.Name {
		case "toset", "tomap", "tolist", "tonumber":
			return c.converted(n, c.at(n.Args[0]).alternatives(when, hops+1))
		}
	}
	return []alternative{{when, v, c}}
}

// converted are alternatives that a function is applied to.
func (c *cursor) converted(n *hclsyntax.FunctionCallExpr, of []alternative) []alternative {
	for i := range of {
		v, err := c.scope.in.eval.functions[n.Name].Call([]cty.Value{of[i].value})
		if err != nil {
			v = cty.DynamicVal
		}
		of[i].value = v
	}
	return of
}

// settled are the expression's alternatives if there are several and all are
// known as far as ok tells.
func (c *cursor) settled(ok func(cty.Value) bool) []alternative {
	all := c.alternatives(graph.Always, 0)
	if len(all) < 2 || len(all) > maxAlternatives {
		return nil
	}
	for _, a := range all {
		if bare, _ := a.value.Unmark(); !bare.IsKnown() || bare.IsNull() || !ok(bare) {
			return nil
		}
	}
	return all
}

// openCount expands a count that is not known: to the instances of each
// alternative, or to one that stands for all.
func (in *instance) openCount(x *expression, why *graph.Reason) expansion {
	c := &cursor{scope: in.scope(), x: x, node: x.node}
	const few = 64
	all := c.settled(func(v cty.Value) bool {
		n, err := convert.Convert(v, cty.Number)
		return err == nil && n.AsBigFloat().IsInt() && n.GreaterThanOrEqualTo(cty.Zero).True() && n.LessThan(cty.NumberIntVal(few)).True()
	})
	if all == nil || !c.isChosen() {
		out := in.openExpansion(why)
		if c.isChosen() {
			out.exists = []*graph.Condition{c.above(0, 0)}
		}
		return out
	}
	out := expansion{mode: open, maybe: why}
	for i := range few {
		var anyOf []*graph.Condition
		for _, a := range all {
			bare, _ := a.value.Unmark()
			if n, err := convert.Convert(bare, cty.Number); err == nil && n.GreaterThan(cty.NumberIntVal(int64(i))).True() {
				anyOf = append(anyOf, a.when)
			}
		}
		if len(anyOf) == 0 || !in.eval.admit(1) {
			break
		}
		out.scopes = append(out.scopes, &scope{in: in, index: cty.NumberIntVal(int64(i))})
		out.keys = append(out.keys, fmt.Sprintf("[%d]", i))
		out.exists = append(out.exists, graph.Or(anyOf...))
	}
	return out
}

// openForEach does so for for_each.
func (in *instance) openForEach(x *expression, why *graph.Reason) expansion {
	c := &cursor{scope: in.scope(), x: x, node: x.node}
	const few = 64
	if cl := c.source(0).openCluster(); cl != nil && len(cl.items) <= few && in.eval.admit(len(cl.items)) {
		return in.mirror(cl, c)
	}
	all := c.settled(func(v cty.Value) bool {
		t := v.Type()
		return (t.IsMapType() || t.IsObjectType() || t.IsSetType() && t.ElementType() == cty.String && v.IsWhollyKnown() || v.LengthInt() == 0) && v.LengthInt() <= few
	})
	if all == nil || !c.isChosen() {
		out := in.openExpansion(why)
		if c.isChosen() {
			out.exists = []*graph.Condition{c.notEmpty(0)}
		}
		return out
	}
	type entry struct {
		when  *graph.Condition
		bound *binding
	}
	entries := map[string]*entry{}
	for _, a := range all {
		bare, marks := a.value.Unmark()
		for key, value := range bare.Elements() {
			name, ok := text(key)
			if !ok {
				continue
			}
			if !value.IsKnown() {
				value = value.WithMarks(causes(marks))
			}
			have := entries[name]
			if have == nil {
				entries[name] = &entry{a.when, &binding{key: cty.StringVal(name), value: value, from: a.from}}
				continue
			}
			have.when = graph.Or(have.when, a.when)
			if !have.bound.value.RawEquals(value) {
				have.bound = &binding{key: have.bound.key, value: cty.DynamicVal.Mark(reasonMark{Reason: *why})}
			}
		}
	}
	names := make([]string, 0, len(entries))
	for name := range entries {
		names = append(names, name)
	}
	sort.Strings(names)
	out := expansion{mode: open, maybe: why}
	for _, name := range names {
		if !in.eval.admit(1) {
			break
		}
		out.scopes = append(out.scopes, &scope{in: in, each: entries[name].bound})
		out.keys = append(out.keys, instanceKey(cty.StringVal(name)))
		out.exists = append(out.exists, entries[name].when)
	}
	return out
}
