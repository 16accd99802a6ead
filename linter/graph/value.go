// Package graph is the normalised resource graph that both front ends fill and
// every policy reads: values that may be unknown, resources, links between
// them, and the canonical schema that folds split resources together.
package graph

import (
	"slices"
	"sort"
	"strings"

	"github.com/demarc-dev/demarc/linter/source"
)

// Kind says what a Value holds.
type Kind uint8

// The kinds of a Value. The zero Value is Absent: nothing was written.
const (
	Absent Kind = iota
	Null
	Bool
	Number
	String
	List
	Object
	Unknown
)

// Value is an attribute's value with the place it was written. Unknown values
// keep why they are unknown and what they refer to.
type Value struct {
	Kind      Kind
	Bool      bool
	Sensitive bool // never printed
	basis     Basis
	// Text is the content of a String, or the decimal digits of a Number.
	Text string
	// Items are a List's members. A member of kind Unknown stands for one
	// member or for any number of members that cannot be known.
	Items []Value
	// Fields are an Object's members, in the order they were written.
	Fields []Field
	// Range is where the value itself is written.
	Range source.Range
	// Meta holds what few values have; nil when there is nothing.
	Meta *Meta
}

// Basis says who gave a value.
type Basis uint8

// The bases of a value. What a front end reads is Written.
const (
	Written Basis = iota
	// Default is given by the schema, since nothing is written: it is AWS's or
	// the provider's own default.
	Default
	// Nothing stands there: nothing is written, and there is no default.
	Nothing
)

// Basis says who gave v. An unknown value is one that somebody wrote.
func (v Value) Basis() Basis {
	if v.IsNothing() {
		return Nothing
	}
	return v.basis
}

// Field is one member of an Object.
type Field struct {
	Name string
	// NameRange is the attribute's name, or a block's header.
	NameRange source.Range
	Value     Value
}

// Meta is what only some values carry. It is shared between copies of a
// Value: replace it, don't change it.
type Meta struct {
	// Reasons say why the value, or a part of it, is unknown.
	Reasons []Reason
	// Links are the resources the value was made from.
	Links []Link
	// Via is the chain of arguments, locals and parameters that fed the
	// value, nearest first.
	Via []Step
	// Structure is the value that a text encodes (jsonencode, a policy
	// document), which may be known in part where the text is not.
	Structure *Value
	// Owner is the companion resource that a folded value came from.
	Owner *Resource
	// Open marks an Object that may have members beside those listed.
	Open bool
	// Prefix is what an unknown text is known to begin with, or "".
	Prefix string
	// Formula is how an unknown text is made of what is not known: two of one
	// stack with the same formula are the same text. "" if that is not known.
	Formula string
	// Choice is what the value is once a condition is known to hold or not.
	Choice *Choice
}

// Reason says why a value is unknown.
type Reason struct {
	Text  string `json:"reason"` // "var.cidr has no default"
	Needs string `json:"needs"`  // "var.cidr": what, if given, would settle it; or ""
}

// Link is a reference to another resource's attribute. The address has
// instance keys; the key "*" stands for an instance that cannot be known.
type Link struct {
	Address   string
	Attribute string
}

// Step is one hop of a value's way to the attribute that uses it.
type Step struct {
	Message string
	Range   source.Range
}

// Constructors for values without a place.

// NullValue is an explicit null.
func NullValue() Value { return Value{Kind: Null} }

// BoolValue is a known boolean.
func BoolValue(b bool) Value { return Value{Kind: Bool, Bool: b} }

// StringValue is a known string.
func StringValue(s string) Value { return Value{Kind: String, Text: s} }

// NumberValue is a known number in decimal digits.
func NumberValue(digits string) Value { return Value{Kind: Number, Text: digits} }

// ListValue is a list of values.
func ListValue(items ...Value) Value { return Value{Kind: List, Items: items} }

// ObjectValue is an object of fields.
func ObjectValue(fields ...Field) Value { return Value{Kind: Object, Fields: fields} }

// UnknownValue is a value that cannot be known, and why.
func UnknownValue(reasons ...Reason) Value {
	return Value{Kind: Unknown, Meta: &Meta{Reasons: reasons}}
}

// At returns v placed at r.
func (v Value) At(r source.Range) Value {
	v.Range = r
	return v
}

// with returns v with a changed copy of its Meta.
func (v Value) with(change func(*Meta)) Value {
	var m Meta
	if v.Meta != nil {
		m = *v.Meta
	}
	change(&m)
	v.Meta = &m
	return v
}

// WithLinks returns v that also refers to links.
func (v Value) WithLinks(links ...Link) Value {
	if len(links) == 0 {
		return v
	}
	return v.with(func(m *Meta) { m.Links = appendNew(m.Links, links) })
}

// WithReasons returns v that is unknown, or may change, for further reasons.
func (v Value) WithReasons(reasons ...Reason) Value {
	if len(reasons) == 0 {
		return v
	}
	return v.with(func(m *Meta) { m.Reasons = appendNew(m.Reasons, reasons) })
}

// WithVia returns v that came through a further hop.
func (v Value) WithVia(steps ...Step) Value {
	if len(steps) == 0 {
		return v
	}
	return v.with(func(m *Meta) { m.Via = append(m.Via[:len(m.Via):len(m.Via)], steps...) })
}

// WithStructure returns v whose text encodes s.
func (v Value) WithStructure(s Value) Value {
	return v.with(func(m *Meta) { m.Structure = &s })
}

// WithOwner returns v that a companion resource contributed.
func (v Value) WithOwner(owner *Resource) Value {
	return v.with(func(m *Meta) { m.Owner = owner })
}

// WithPrefix returns an unknown text that is known to begin with prefix.
func (v Value) WithPrefix(prefix string) Value {
	return v.with(func(m *Meta) { m.Prefix = prefix })
}

// WithFormula returns an unknown text that is made in the way that formula says.
func (v Value) WithFormula(formula string) Value {
	return v.with(func(m *Meta) { m.Formula = formula })
}

// AsOpen returns an Object that may have members beside those listed.
func (v Value) AsOpen(reasons ...Reason) Value {
	return v.with(func(m *Meta) {
		m.Open = true
		m.Reasons = appendNew(m.Reasons, reasons)
	})
}

// holdsSensitive reports whether some part must not be printed.
func (v Value) holdsSensitive() bool {
	return v.Sensitive || slices.ContainsFunc(v.Items, Value.holdsSensitive) ||
		slices.ContainsFunc(v.Fields, func(f Field) bool { return f.Value.holdsSensitive() })
}

// AsSensitive returns v of which nothing is ever printed.
func (v Value) AsSensitive() Value {
	v.Sensitive = true
	if len(v.Items) > 0 {
		items := make([]Value, len(v.Items))
		for i, item := range v.Items {
			items[i] = item.AsSensitive()
		}
		v.Items = items
	}
	if len(v.Fields) > 0 {
		fields := append([]Field(nil), v.Fields...)
		for i := range fields {
			fields[i].Value = fields[i].Value.AsSensitive()
		}
		v.Fields = fields
	}
	return v
}

func appendNew[T comparable](have, more []T) []T {
	out := have[:len(have):len(have)]
next:
	for _, m := range more {
		for _, h := range out {
			if h == m {
				continue next
			}
		}
		out = append(out, m)
	}
	return out
}

// Reasons say why v is unknown; none when it is known.
func (v Value) Reasons() []Reason {
	if v.Meta == nil {
		return nil
	}
	return v.Meta.Reasons
}

// Links are the resources v was made from.
func (v Value) Links() []Link {
	if v.Meta == nil {
		return nil
	}
	return v.Meta.Links
}

// AllLinks are the links of v and of everything inside it, each once.
func (v Value) AllLinks() []Link {
	links := v.Links()
	for _, item := range v.Items {
		links = appendNew(links, item.AllLinks())
	}
	for _, f := range v.Fields {
		links = appendNew(links, f.Value.AllLinks())
	}
	return links
}

// IsNothing reports whether v was not written or is null.
func (v Value) IsNothing() bool { return v.Kind == Absent || v.Kind == Null }

// Open reports whether an Object may have members beside those listed.
func (v Value) Open() bool { return v.Meta != nil && v.Meta.Open }

// Owner is the companion resource that contributed v, or nil.
func (v Value) Owner() *Resource {
	if v.Meta == nil {
		return nil
	}
	return v.Meta.Owner
}

// Structure is the value that v's text encodes.
func (v Value) Structure() (Value, bool) {
	if v.Meta == nil || v.Meta.Structure == nil {
		return Value{}, false
	}
	return *v.Meta.Structure, true
}

// Field returns a member of an Object.
func (v Value) Field(name string) (Field, bool) {
	for _, f := range v.Fields {
		if f.Name == name {
			return f, true
		}
	}
	return Field{}, false
}

// Equal reports whether two wholly known values are the same, ignoring where
// they were written. It is false when any part of either is unknown.
func (v Value) Equal(o Value) bool {
	if v.Kind != o.Kind || v.Kind == Unknown {
		return false
	}
	switch v.Kind {
	case Bool:
		return v.Bool == o.Bool
	case String, Number:
		return v.Text == o.Text
	case List:
		if len(v.Items) != len(o.Items) {
			return false
		}
		for i := range v.Items {
			if !v.Items[i].Equal(o.Items[i]) {
				return false
			}
		}
	case Object:
		if len(v.Fields) != len(o.Fields) || v.Open() || o.Open() {
			return false
		}
		for _, f := range v.Fields {
			if g, ok := o.Field(f.Name); !ok || !f.Value.Equal(g.Value) {
				return false
			}
		}
	}
	return true
}

// sortItems orders a set: by text, unknown members last.
func sortItems(items []Value) {
	sort.SliceStable(items, func(i, j int) bool {
		a, b := items[i], items[j]
		if (a.Kind == Unknown) != (b.Kind == Unknown) {
			return b.Kind == Unknown
		}
		return strings.Compare(a.Text, b.Text) < 0
	})
}
