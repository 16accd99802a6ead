package terraform

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/ctymarks"

	"github.com/demarc-dev/demarc/linter/graph"
)

// instancesMark stands on the unknown collection of a resource's instances, of
// which each may be there: an index chooses one of them all the same.
type instancesMark struct {
	ctymarks.ProvenanceMark
	of *asked
}

// asked are instances with the attributes that a reference asks for.
type asked struct {
	cluster    *cluster
	attributes []string
}

// chosen is the instance that a key chooses of a collection whose members may be
// there; the collection itself where that cannot be told.
func chosen(collection, key cty.Value) cty.Value {
	for m := range cty.ValueMarksOfType[instancesMark](collection) {
		want := instanceKey(key)
		for i, have := range m.of.cluster.keys {
			if have == want {
				return m.of.cluster.unknown(m.of.cluster.items[i:i+1], m.of.attributes)
			}
		}
	}
	return collection
}

// traverse steps through a value as hcl does, and into collections of instances.
func traverse(v cty.Value, steps hcl.Traversal) (cty.Value, hcl.Diagnostics) {
	for len(steps) > 0 {
		if index, ok := steps[0].(hcl.TraverseIndex); ok && !v.IsKnown() {
			if one := chosen(v, index.Key); !one.RawEquals(v) {
				v, steps = one, steps[1:]
				continue
			}
		}
		var diags hcl.Diagnostics
		if v, diags = steps[:1].TraverseRel(v); diags.HasErrors() {
			return v, diags
		}
		steps = steps[1:]
	}
	return v, nil
}

// openCluster is the resource that the cursor's expression names as a whole, if
// its instances may be there; nil for any other expression.
func (c *cursor) openCluster() *cluster {
	var t hcl.Traversal
	switch n := c.node.(type) {
	case *tolerantTraversal:
		t = n.Traversal
	default:
		return nil
	}
	for i := range c.x.uses {
		u := &c.x.uses[i]
		r := c.scope.resource(u)
		if r == nil || u.root != t.RootName() {
			continue
		}
		names := []string{u.name}
		if u.kind != "" {
			names = []string{u.kind, u.name}
		}
		if len(t) != 1+len(names) {
			continue
		}
		same := true
		for j, name := range names {
			a, ok := t[j+1].(hcl.TraverseAttr)
			same = same && ok && a.Name == name
		}
		if !same {
			continue
		}
		if cl := c.scope.in.cluster(r); cl != nil && cl.mode == open && len(cl.exists) > 0 {
			return cl
		}
	}
	return nil
}

// mirror expands for_each over instances that may be there: one for each.
func (in *instance) mirror(cl *cluster, from *cursor) expansion {
	out := expansion{mode: open, maybe: cl.maybe, keys: cl.keys, exists: cl.exists}
	for i, it := range cl.items {
		key := cty.UnknownVal(cty.String).RefineNotNull().Mark(reasonMark{Reason: *cl.maybe})
		if bound := cl.scopes[i].each; bound != nil {
			key = bound.key
		}
		value := it.object(nil)
		if cl.keys[i] == `["*"]` {
			value = cl.unknown(cl.items[i:i+1], nil)
		}
		out.scopes = append(out.scopes, &scope{in: in, each: &binding{key: key, value: value, from: from}})
	}
	return out
}

// anyOf is the condition that one of the instances exists.
func (c *cluster) anyOf() *graph.Condition { return graph.Or(c.exists...) }
