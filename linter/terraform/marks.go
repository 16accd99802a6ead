package terraform

import (
	"sort"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/ctymarks"

	"github.com/demarc-dev/demarc/linter/graph"
)

// Marks travel with cty values through every operation; they are how links
// and reasons survive locals, modules, functions and templates.
type (
	// linkMark says that a value was made from a resource's attribute.
	linkMark struct {
		ctymarks.ProvenanceMark
		graph.Link
	}
	// reasonMark says why a value is unknown.
	reasonMark struct {
		ctymarks.ProvenanceMark
		graph.Reason
	}
	// sensitiveMark says that a value must not be printed.
	sensitiveMark struct{}
	// ephemeralMark says that a value is kept nowhere, and so not printed.
	ephemeralMark struct{}
	// objectMark stands on the object of a whole resource: attributes that
	// the object lacks are known after apply.
	objectMark struct {
		address string
		block   string // the kind of block that the object is, or ""
		data    bool
		closed  bool // it lacks none
	}
	// schemaMark says that a value hangs on a provider's schema, which is no
	// choice of anybody's.
	schemaMark struct{ ctymarks.ProvenanceMark }
	// encoding is used as a pointer: it says that a text encodes a value.
	encoding struct {
		text      string // "" where it is not wholly known
		value     cty.Value
		structure *graph.Value // instead of value
	}
)

func link(address, attribute string) linkMark {
	return linkMark{Link: graph.Link{Address: address, Attribute: attribute}}
}

func reason(text, needs string) reasonMark {
	return reasonMark{Reason: graph.Reason{Text: text, Needs: needs}}
}

// unknown is a value of type t that cannot be known.
func unknown(t cty.Type, text, needs string) cty.Value {
	return cty.UnknownVal(t).Mark(reason(text, needs))
}

// afterApply is the reason of attributes that the provider sets.
var afterApply = reason("known after apply", "")

// origin is what the marks of a value say.
type origin struct {
	links     []graph.Link
	reasons   []graph.Reason
	sensitive bool
	encodings []*encoding
}

// originOf reads marks, in a stable order.
func originOf(marks cty.ValueMarks) origin {
	var o origin
	if len(marks) == 0 {
		return o
	}
	var whole []objectMark
	for m := range marks {
		switch m := m.(type) {
		case linkMark:
			o.links = append(o.links, m.Link)
		case reasonMark:
			o.reasons = append(o.reasons, m.Reason)
		case sensitiveMark, ephemeralMark:
			o.sensitive = true
		case objectMark:
			whole = append(whole, m)
		case *encoding:
			o.encodings = append(o.encodings, m)
		}
	}
	for _, m := range whole {
		if !o.refersTo(m.address) {
			o.links = append(o.links, graph.Link{Address: m.address})
		}
	}
	sort.Slice(o.links, func(i, j int) bool {
		a, b := o.links[i], o.links[j]
		return a.Address < b.Address || a.Address == b.Address && a.Attribute < b.Attribute
	})
	sort.Slice(o.reasons, func(i, j int) bool { return o.reasons[i].Text < o.reasons[j].Text })
	return o
}

func (o origin) refersTo(address string) bool {
	for _, l := range o.links {
		if l.Address == address {
			return true
		}
	}
	return false
}

// deepMarks are the marks of a value and of all that it holds.
func deepMarks(v cty.Value) cty.ValueMarks {
	_, marks := v.UnmarkDeep()
	return marks
}

// causes keeps the marks that say where a value came from.
func causes(marks cty.ValueMarks) cty.ValueMarks {
	kept := make(cty.ValueMarks, len(marks))
	for m := range marks {
		switch m.(type) {
		case linkMark, reasonMark, sensitiveMark, ephemeralMark, schemaMark:
			kept[m] = struct{}{}
		}
	}
	return kept
}

// isShape reports whether a mark speaks of what its value is, and of no other.
func isShape(m any) bool {
	switch m.(type) {
	case objectMark, instancesMark:
		return true
	}
	return false
}

// secret reports whether marks forbid to print what they stand on.
func secret(marks cty.ValueMarks) bool {
	return marks.Has(sensitiveMark{}) || marks.Has(ephemeralMark{})
}

// hideSecrets takes the sensitive texts of v out of an error's text.
func hideSecrets(text string, v cty.Value, inside bool) string {
	const short = 3 // what is shorter occurs in any text
	v, marks := v.Unmark()
	inside = inside || secret(marks)
	switch {
	case !v.IsKnown() || v.IsNull():
	case v.Type() == cty.String:
		if s := v.AsString(); inside && len(s) >= short {
			return strings.ReplaceAll(text, s, "(sensitive)")
		}
	case v.CanIterateElements():
		for _, member := range v.Elements() {
			text = hideSecrets(text, member, inside)
		}
	}
	return text
}

// openObject tells whether v is the object of a resource or of one of its
// blocks, which has more attributes than are known.
func openObject(v cty.Value) (objectMark, bool) {
	for m := range cty.ValueMarksOfType[objectMark](v) {
		if !m.closed && v.Type().IsObjectType() {
			return m, true
		}
	}
	return objectMark{}, false
}

// attribute is what the object has under a name that its configuration does not set.
func (m objectMark) attribute(name string) cty.Value {
	return computed(m.address, graph.JoinText(m.block, graph.Path{name}.String()), m.data)
}

// unlisted is a value that depends on which attributes the object has.
func (m objectMark) unlisted(t cty.Type) cty.Value {
	why := reason("which attributes "+graph.StripKeys(m.address)+" has is known to its provider", "")
	return cty.UnknownVal(t).WithMarks(cty.NewValueMarks(link(m.address, m.block), why, schemaMark{}))
}

func hasReason(v cty.Value) bool {
	for range cty.ValueMarksOfType[reasonMark](v) {
		return true
	}
	return false
}

// firstReason is why v is unknown.
func firstReason(v cty.Value, otherwise string) *graph.Reason {
	if reasons := originOf(deepMarks(v)).reasons; len(reasons) > 0 {
		for i := range reasons {
			if reasons[i].Needs != "" {
				return &reasons[i]
			}
		}
		return &reasons[0]
	}
	return &graph.Reason{Text: otherwise}
}

// explain gives every unknown part of v that has no reason the marks that why returns.
func explain(v cty.Value, why func() cty.ValueMarks) cty.Value {
	if v.IsWhollyKnown() {
		return v
	}
	var marks cty.ValueMarks
	out, err := cty.Transform(v, func(_ cty.Path, part cty.Value) (cty.Value, error) {
		if part.IsKnown() || hasReason(part) {
			return part, nil
		}
		if marks == nil {
			marks = why()
		}
		return part.WithMarks(marks), nil
	})
	if err != nil {
		return v
	}
	return out
}
