package terraform

import (
	"sort"
	"strconv"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc-dev/demarc/linter/graph"
)

// maxSelected bounds the members of a map that an unknown key may select.
const maxSelected = 6

// selection is a member of a known map that is selected by a key which is not known.
type selection struct {
	when  *graph.Condition
	value cty.Value
	at    *cursor // where it is written
}

// selections are the values that a look-up in a known map may give, by what the
// key may be; nil for any other expression. A key that the map lacks gives the
// default of lookup(), and is no value of an index.
func (c *cursor) selections(hops int) []selection {
	var collection, key, otherwise *cursor
	var rest hcl.Traversal
	node := c.strip().node
	if s, ok := node.(*tolerantSelection); ok {
		rest, node = s.Traversal, c.at(s.Source).strip().node
	}
	switch n := node.(type) {
	case *tolerantIndex:
		collection, key = c.at(n.Collection), c.at(n.Key)
	case *hclsyntax.FunctionCallExpr:
		if n.Name != "lookup" || len(n.Args) != 3 || n.ExpandFinal || rest != nil {
			return nil
		}
		collection, key, otherwise = c.at(n.Args[0]), c.at(n.Args[1]), c.at(n.Args[2])
	default:
		return nil
	}
	k, _ := key.evaluate().Unmark()
	members, _ := collection.evaluate().Unmark()
	t := members.Type()
	if hops > maxHops || k.IsKnown() || !members.IsKnown() || members.IsNull() || !t.IsObjectType() && !t.IsMapType() ||
		members.LengthInt() == 0 || members.LengthInt() > maxSelected || !key.isChosen() {
		return nil
	}
	return collection.among(members, key, rest, otherwise, hops)
}

func (c *cursor) among(members cty.Value, key *cursor, rest hcl.Traversal, otherwise *cursor, hops int) []selection {
	all := members.AsValueMap()
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	sort.Strings(names)
	var out []selection
	var anyOf []*graph.Condition
	for _, name := range names {
		value, ok := follow(all[name], rest)
		if !ok {
			return nil
		}
		at, _, exact := c.descend(append(hcl.Traversal{hcl.TraverseIndex{Key: cty.StringVal(name)}}, rest...), hops+1)
		if !exact {
			at = nil
		}
		when := key.equals(strconv.Quote(name), hops+1)
		anyOf = append(anyOf, when)
		out = append(out, selection{when, value, at})
	}
	if otherwise != nil {
		out = append(out, selection{graph.Not(graph.Or(anyOf...)), otherwise.evaluate(), otherwise})
	}
	return out
}

// placeSelected gives the value of a look-up what it is by each key.
func (c *cursor) placeSelected(v cty.Value, all []selection, hops int) graph.Value {
	out := c.scope.in.eval.convert(v, c.span())
	if out.Kind != graph.Unknown || !c.scope.in.eval.effort.allows() {
		return out
	}
	var acc graph.Value
	for i := len(all) - 1; i >= 0; i-- {
		s := all[i]
		var placed graph.Value
		if s.at != nil {
			placed = s.at.place(s.value, hops+1)
		} else {
			placed = c.scope.in.eval.convert(s.value, c.span())
		}
		if out.Sensitive {
			placed = placed.AsSensitive()
		}
		if i == len(all)-1 {
			acc = placed
			continue
		}
		acc = out.WithChoice(graph.Choice{If: s.when, Then: placed, Else: acc})
	}
	return acc
}
