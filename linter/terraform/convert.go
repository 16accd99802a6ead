package terraform

import (
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// convert makes a graph value of a cty value. All parts stand at the same place.
func (e *evaluation) convert(v cty.Value, at source.Range) graph.Value {
	return e.convertWithin(v, at, nil, false)
}

// convertWithin converts a part of a larger value, whose marks stand for
// those that the part lacks, as sets and merged maps keep marks as a whole.
func (e *evaluation) convertWithin(v cty.Value, at source.Range, outer cty.ValueMarks, sensitive bool) graph.Value {
	v, marks := v.Unmark()
	e.effort.values++
	out := graph.Value{Range: at}
	if e.effort.values > e.effort.most {
		out.Kind = graph.Unknown
		out.Meta = &graph.Meta{Reasons: []graph.Reason{{Text: tooMuch}}}
		return out
	}
	o := originOf(marks)
	out.Sensitive = sensitive || o.sensitive
	if !v.IsKnown() {
		return e.convertUnknown(v, out, o, outer)
	}
	if len(o.links) > 0 {
		out.Meta = &graph.Meta{Links: o.links}
	}
	if v.IsNull() {
		out.Kind = graph.Null
		return out
	}
	switch t := v.Type(); {
	case t == cty.String:
		out.Kind, out.Text = graph.String, v.AsString()
		if structure := e.structure(o, out.Text, at); structure != nil {
			out = out.WithStructure(*structure)
		}
	case t == cty.Number:
		out.Kind, out.Text = graph.Number, digits(v)
	case t == cty.Bool:
		out.Kind, out.Bool = graph.Bool, v.True()
	case t.IsObjectType() || t.IsMapType():
		out.Kind = graph.Object
		out.Fields = make([]graph.Field, 0, v.LengthInt())
		for key, member := range v.Elements() {
			out.Fields = append(out.Fields, graph.Field{
				Name: key.AsString(), NameRange: at, Value: e.convertWithin(member, at, inherit(outer, marks), out.Sensitive),
			})
		}
		if whole, open := openObject(v.WithMarks(marks)); open && whole.block == "" {
			out = out.AsOpen(computedReason(whole.address, whole.data).Reason)
		}
	case t.IsTupleType() || t.IsListType() || t.IsSetType():
		out.Kind = graph.List
		out.Items = make([]graph.Value, 0, v.LengthInt())
		for _, member := range v.Elements() {
			out.Items = append(out.Items, e.convertWithin(member, at, inherit(outer, marks), out.Sensitive))
		}
	default:
		out.Kind = graph.Unknown
		out.Meta = &graph.Meta{Reasons: []graph.Reason{{Text: "a " + t.FriendlyName() + " has no value"}}}
	}
	return out
}

func (e *evaluation) convertUnknown(v cty.Value, out graph.Value, o origin, outer cty.ValueMarks) graph.Value {
	nested := originOf(deepMarks(v))
	if len(o.links)+len(o.reasons) == 0 {
		enclosing := originOf(outer)
		o.links, o.reasons = enclosing.links, enclosing.reasons
	}
	out.Kind = graph.Unknown
	if len(o.reasons) == 0 {
		o.reasons = nested.reasons
	}
	if len(o.reasons) == 0 {
		o.reasons = []graph.Reason{{Text: "cannot be known before apply"}}
	}
	out = out.WithReasons(o.reasons...).WithLinks(o.links...).WithLinks(nested.links...)
	if v.Type() == cty.String {
		if prefix := v.Range().StringPrefix(); prefix != "" {
			out = out.WithPrefix(prefix)
		}
	}
	if structure := e.structure(o, "", out.Range); structure != nil {
		out = out.WithStructure(*structure)
	}
	return out
}

func inherit(outer, marks cty.ValueMarks) cty.ValueMarks {
	if len(marks) == 0 {
		return outer
	}
	return marks
}

// structure is the value that a text encodes: the one that its marks name,
// unless the text has become another one since.
func (e *evaluation) structure(o origin, text string, at source.Range) *graph.Value {
	if len(o.encodings) != 1 {
		return nil
	}
	enc := o.encodings[0]
	if text != "" && text != enc.text {
		return nil
	}
	if enc.structure != nil {
		return enc.structure
	}
	v := e.convert(enc.value, at)
	return &v
}
