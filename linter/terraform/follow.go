package terraform

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc-dev/demarc/linter/graph"
)

// follow leads a traversal to the expression that it names: through locals,
// variables, module outputs, each.value and iterators. steps are the hops on
// the way, nearest first. Where the last steps of the traversal cannot be
// followed, target is the definition around it and exact is false.
func (c *cursor) follow(hops int) (target *cursor, steps []graph.Step, exact bool) {
	var rest hcl.Traversal
	switch n := c.node.(type) {
	case *tolerantTraversal:
		rest = n.Traversal
	case *hclsyntax.ScopeTraversalExpr:
		rest = n.Traversal
	case *tolerantSelection:
		return c.followSelection(n, hops)
	case *tolerantIndex:
		if hops > maxHops {
			return c, nil, false
		}
		return c.followIndex(n, hops)
	default:
		return c, nil, false
	}
	target, rest, steps = c.enter(rest)
	if target == nil {
		return c, nil, false
	}
	target, more, exact := target.descend(rest, hops+1)
	return target, append(steps, more...), exact
}

// followSelection follows local.x[each.key].y and the like.
func (c *cursor) followSelection(n *tolerantSelection, hops int) (*cursor, []graph.Step, bool) {
	if hops > maxHops {
		return c, nil, false
	}
	source := c.at(n.Source).strip()
	if index, ok := source.node.(*tolerantIndex); ok {
		target, steps, exact := c.followIndex(index, hops)
		if !exact {
			return target, steps, false
		}
		target, more, exact := target.descend(n.Traversal, hops+1)
		return target, append(steps, more...), exact
	}
	return c, nil, false
}

func (c *cursor) followIndex(n *tolerantIndex, hops int) (*cursor, []graph.Step, bool) {
	collection := c.at(n.Collection).strip()
	target, steps, exact := collection.follow(hops + 1)
	if !exact {
		return target, steps, false
	}
	key, diags := n.Key.Value(c.context())
	if diags.HasErrors() {
		return target, steps, false
	}
	key, _ = key.Unmark()
	if !key.IsKnown() || key.IsNull() {
		return target, steps, false
	}
	target, more, exact := target.descend(hcl.Traversal{hcl.TraverseIndex{Key: key}}, hops+1)
	return target, append(steps, more...), exact
}

// enter leads from the root of a traversal to where it is defined.
func (c *cursor) enter(t hcl.Traversal) (*cursor, hcl.Traversal, []graph.Step) {
	s := c.scope
	root := t.RootName()
	name := func(i int) string {
		if i < len(t) {
			if a, ok := t[i].(hcl.TraverseAttr); ok {
				return a.Name
			}
		}
		return ""
	}
	bound := s.iterators[root]
	if bound == nil && root == "each" {
		bound = s.each
	}
	switch {
	case bound != nil && bound.from != nil && name(1) == "value":
		target, steps, exact := bound.from.at(bound.from.node).strip().element(bound.key, 0)
		if !exact {
			return nil, nil, nil
		}
		return target, t[2:], append([]graph.Step{{Message: root + ".value", Range: bound.from.span()}}, steps...)
	case root == "var" || root == "local":
		if d, ok := s.definitionOf(root, name(1)); ok && name(1) != "" {
			return &cursor{scope: d.scope, x: d.value, node: d.value.node}, t[2:], []graph.Step{d.step}
		}
	case root == "module":
		return c.enterModule(t)
	}
	return nil, nil, nil
}

// enterModule leads to an output of a module.
func (c *cursor) enterModule(t hcl.Traversal) (*cursor, hcl.Traversal, []graph.Step) {
	if len(t) < 3 {
		return nil, nil, nil
	}
	a, ok := t[1].(hcl.TraverseAttr)
	if !ok {
		return nil, nil, nil
	}
	block := c.scope.in.module.callNamed[a.Name]
	if block == nil {
		return nil, nil, nil
	}
	f := c.scope.in.families[block]
	if f == nil || len(f.instances) == 0 {
		return nil, nil, nil
	}
	rest, child := t[2:], f.instances[0]
	if index, ok := rest[0].(hcl.TraverseIndex); ok {
		rest, child = rest[1:], nil
		for i, key := range f.keys {
			if key == instanceKey(index.Key) {
				child = f.instances[i]
			}
		}
	}
	if child == nil || len(rest) == 0 {
		return nil, nil, nil
	}
	out, ok := rest[0].(hcl.TraverseAttr)
	if !ok {
		return nil, nil, nil
	}
	o := child.module.outputs[out.Name]
	if o == nil || o.value == nil || child.missing != nil {
		return nil, nil, nil
	}
	step := graph.Step{Message: fmt.Sprintf("module.%s output %q", block.name, o.name), Range: o.value.span}
	return &cursor{scope: child.scope(), x: o.value.value, node: o.value.value.node}, rest[1:], []graph.Step{step}
}

// descend follows the steps of a traversal into constructors.
func (c *cursor) descend(rest hcl.Traversal, hops int) (*cursor, []graph.Step, bool) {
	var steps []graph.Step
	at := c
	for _, step := range rest {
		var key cty.Value
		switch step := step.(type) {
		case hcl.TraverseAttr:
			key = cty.StringVal(step.Name)
		case hcl.TraverseIndex:
			key = step.Key
		default:
			return at, steps, false
		}
		next, more, exact := at.strip().element(key, hops+len(steps))
		steps = append(steps, more...)
		if !exact {
			return next, steps, false
		}
		at = next
	}
	return at, steps, true
}

// element leads to the member of a constructor, following what names one.
func (c *cursor) element(key cty.Value, hops int) (*cursor, []graph.Step, bool) {
	if hops > maxHops {
		return c, nil, false
	}
	switch n := c.node.(type) {
	case *tolerantTraversal, *tolerantSelection, *hclsyntax.ScopeTraversalExpr:
		target, steps, exact := c.follow(hops)
		if !exact {
			return target, steps, false
		}
		target, more, exact := target.strip().element(key, hops+len(steps)+1)
		return target, append(steps, more...), exact
	case *hclsyntax.ObjectConsExpr:
		if want, ok := text(key); ok {
			if i, found := c.item(n, want); found {
				return c.at(n.Items[i].ValueExpr), nil, true
			}
		}
	case *hclsyntax.TupleConsExpr:
		if key, _ := key.Unmark(); key.IsKnown() && !key.IsNull() && key.Type() == cty.Number {
			if i, _ := key.AsBigFloat().Int64(); i >= 0 && int(i) < len(n.Exprs) {
				return c.at(n.Exprs[i]), nil, true
			}
		}
	case *loop:
		return c.iteration(n, key, hops)
	case *hclsyntax.FunctionCallExpr:
		switch {
		case n.ExpandFinal:
		case (n.Name == "tomap" || n.Name == "tolist" || n.Name == "toset") && len(n.Args) == 1:
			return c.at(n.Args[0]).strip().element(key, hops+1)
		case n.Name == "merge":
			return c.mergedElement(n, key, hops)
		}
	}
	return c, nil, false
}

// mergedElement leads to the member of the last argument of merge() that has it.
func (c *cursor) mergedElement(n *hclsyntax.FunctionCallExpr, key cty.Value, hops int) (*cursor, []graph.Step, bool) {
	name, ok := text(key)
	if !ok {
		return c, nil, false
	}
	for _, arg := range slices.Backward(n.Args) {
		part := c.at(arg)
		v, _ := part.evaluate().Unmark()
		if !v.IsKnown() {
			return c, nil, false
		}
		if v.IsNull() || !v.CanIterateElements() {
			continue
		}
		if _, has := memberOf(v, name); has {
			return part.strip().element(key, hops+1)
		}
	}
	return c, nil, false
}

// iteration leads from a member of what a for expression makes to the member of
// its collection that it passes on as it is.
func (c *cursor) iteration(n *loop, key cty.Value, hops int) (*cursor, []graph.Step, bool) {
	passed, ok := n.ValExpr.(*hclsyntax.ScopeTraversalExpr)
	if !ok || len(passed.Traversal) != 1 || passed.Traversal.RootName() != n.ValVar || n.KeyExpr == nil {
		return c, nil, false
	}
	collection := c.at(n.CollExpr)
	v, _ := collection.evaluate().Unmark()
	want, known := text(key)
	if !known || !v.IsKnown() || v.IsNull() || !v.CanIterateElements() || v.LengthInt() > maxIterations {
		return c, nil, false
	}
	for k, value := range v.Elements() {
		ctx := c.context().NewChild()
		ctx.Variables = map[string]cty.Value{n.ValVar: value}
		if n.KeyVar != "" {
			ctx.Variables[n.KeyVar] = k
		}
		if have, ok := keyText(n.KeyExpr, ctx); ok && have == want && c.scope.in.eval.effort.allows() {
			return collection.strip().element(k, hops+1)
		}
	}
	return c, nil, false
}

// maxIterations bounds the loops that values are followed through.
const maxIterations = 256

// item finds a constructor's item by its key. Large constructors are indexed
// once: a thousand instances may ask for a member each.
func (c *cursor) item(n *hclsyntax.ObjectConsExpr, want string) (int, bool) {
	const large = 16
	if len(n.Items) < large {
		for i := len(n.Items) - 1; i >= 0; i-- {
			if name, known := c.key(n.Items[i].KeyExpr); known && name == want {
				return i, true
			}
		}
		return 0, false
	}
	e := c.scope.in.eval
	index, ok := e.keys[n]
	if !ok {
		index = make(map[string]int, len(n.Items))
		for i, item := range n.Items {
			// Keys that depend on the scope are not the same for all who ask.
			if k, ok := item.KeyExpr.(*hclsyntax.ObjectConsKeyExpr); ok && len(k.Variables()) > 0 {
				index = nil
				break
			}
			if name, known := c.key(item.KeyExpr); known {
				index[name] = i
			}
		}
		e.keys[n] = index
	}
	i, found := index[want]
	return i, found
}
