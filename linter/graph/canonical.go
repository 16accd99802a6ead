package graph

import (
	"strconv"
	"strings"

	"github.com/demarc-dev/demarc/linter/source"
)

// extraction reads one declared resource through its canonical table.
type extraction struct {
	table    *Type
	declared string
	language Language
}

// node is a declared value found at a path, with the name it stands under.
type node struct {
	value Value
	name  source.Range
}

// values builds the canonical Object of a resource that is of the table's own type.
func (e extraction) values(r *Resource) Value {
	fields := make([]Field, 0, len(e.table.Attributes)+4)
	used := map[string]bool{}
	for i := range e.table.Attributes {
		a := &e.table.Attributes[i]
		if path, ok := e.path(a, nil); ok && len(path) > 0 {
			used[path[0]] = true
		}
		fields = append(fields, e.attribute(a, r.Declared, nil))
	}
	for _, f := range r.Declared.Fields {
		if !used[f.Name] && e.table.Attribute(Path{f.Name}) == nil {
			fields = append(fields, f)
		}
	}
	return Value{Kind: Object, Fields: fields, Range: r.Declared.Range, Meta: r.Declared.Meta}
}

// path is where the declared type keeps an attribute, below the enclosing
// block or resource. parent is the path of the object around it.
func (e extraction) path(a *Attribute, parent []string) ([]string, bool) {
	if f, ok := a.from(e.table, e.declared); ok {
		return f.Path, f.Path != nil
	}
	name := a.Name
	if e.language == CloudFormation {
		name = CamelCase(name)
	}
	return append(parent[:len(parent):len(parent)], name), true
}

// nowhere is a path at which nothing stands: the members of an object that a
// declared type cannot express are absent unless they name their own place.
var nowhere = []string{""}

// attribute builds one canonical attribute from the enclosing block or resource.
func (e extraction) attribute(a *Attribute, base Value, parent []string) Field {
	path, expressible := e.path(a, parent)
	var nodes []node
	if expressible {
		nodes = walk(nil, base, source.Range{}, path)
	} else {
		path = nowhere
	}
	from, _ := a.from(e.table, e.declared)
	if from.Key != "" {
		nodes = selectKey(nodes, from.Key)
	}
	if a.Form == FormBlocks || a.Form == FormObject {
		for i := range nodes {
			nodes[i].value = opened(nodes[i].value)
		}
	}
	if from.Entries != nil {
		nodes = entries(nodes, from.Entries)
	}
	if from.Map != nil {
		for i := range nodes {
			nodes[i].value = translate(nodes[i].value, from.Map)
		}
	}
	field := Field{Name: a.Name}
	if len(nodes) > 0 {
		field.NameRange = nodes[0].name
	}
	field.Value = e.convert(a, nodes, base, path)
	return field
}

// walk follows a path through blocks and lists and collects what stands there.
func walk(found []node, v Value, name source.Range, path []string) []node {
	switch v.Kind {
	case Absent:
		return found
	case Unknown:
		if inner := opened(v); len(path) > 0 && inner.Kind != Unknown {
			return walk(found, inner, name, path)
		}
		return append(found, node{v, name})
	case List:
		if len(path) > 0 {
			for _, item := range v.Items {
				found = walk(found, item, name, path)
			}
			return found
		}
	}
	if len(path) == 0 {
		return append(found, node{v, name})
	}
	if v.Kind == String {
		if inner := opened(v); inner.Kind != String {
			return walk(found, inner, name, path)
		}
	}
	if v.Kind != Object {
		return found
	}
	if f, ok := v.Field(path[0]); ok {
		return walk(found, f.Value, f.NameRange, path[1:])
	}
	if v.Open() {
		return append(found, node{Value{Kind: Unknown, Range: v.Range, Meta: v.Meta}, name})
	}
	return found
}

// selectKey finds the value of one entry in lists of {Key, Value} objects.
func selectKey(nodes []node, key string) []node {
	var found []node
	for _, n := range nodes {
		items := n.value.Items
		if n.value.Kind != List {
			items = []Value{n.value}
		}
		for _, item := range items {
			if item.Kind == Unknown {
				found = append(found, node{item, n.name})
				continue
			}
			switch k := item.Get("Key"); {
			case k.Kind == Unknown:
				found = append(found, node{k, n.name})
			case k.Text == key:
				f, _ := item.Field("Value")
				found = append([]node{{f.Value, f.NameRange}}, found...)
			}
		}
	}
	return found
}

// translate maps literal values to their canonical text.
func translate(v Value, pairs []Pair) Value {
	if v.Kind == List {
		items := make([]Value, len(v.Items))
		for i, item := range v.Items {
			items[i] = translate(item, pairs)
		}
		v.Items = items
		return v
	}
	text, ok := v.scalarText()
	if !ok {
		return v
	}
	for _, p := range pairs {
		if p.Written == text || p.Written == "*" {
			return Value{Kind: String, Text: p.Canonical, Range: v.Range, Meta: v.Meta, Sensitive: v.Sensitive}
		}
	}
	return v.unknownBecause(strconv.Quote(text) + " is not a value this attribute is known to take")
}

func (v Value) scalarText() (string, bool) {
	switch v.Kind {
	case Bool:
		return strconv.FormatBool(v.Bool), true
	case Number, String:
		return v.Text, true
	}
	return "", false
}

func (v Value) unknownBecause(text string) Value {
	u := Value{Kind: Unknown, Range: v.Range, Meta: v.Meta, Sensitive: v.Sensitive}
	return u.WithReasons(Reason{Text: text})
}

// convert gives what was found the attribute's form, or its default.
func (e extraction) convert(a *Attribute, nodes []node, base Value, path []string) Value {
	switch a.Form {
	case FormObject:
		return e.object(a, nodes, base, path)
	case FormBlocks:
		return e.blocks(a, nodes)
	case FormList, FormSet:
		return e.list(a, nodes)
	}
	if len(nodes) == 0 || nodes[0].value.IsNothing() {
		return e.absent(a)
	}
	v := nodes[0].value
	switch a.Form {
	case FormDocument:
		return document(v)
	case FormTags:
		return tags(v)
	case FormAny, FormMap:
		return v
	}
	return scalar(v, a.Form)
}

// absent is the value of an attribute that was not written.
func (e extraction) absent(a *Attribute) Value {
	for _, d := range a.DefaultIn {
		if d.Language == e.language {
			return d.Value.asDefault()
		}
	}
	if a.Default.Kind != Absent {
		return a.Default.asDefault()
	}
	if a.Form == FormBlocks || a.Form == FormList || a.Form == FormSet {
		return Value{Kind: List, basis: Nothing}
	}
	return NullValue()
}

func (v Value) asDefault() Value {
	v.basis = Default
	return v
}

func (e extraction) object(a *Attribute, nodes []node, base Value, path []string) Value {
	var at Value
	for _, n := range nodes {
		if at = n.value; at.Kind == List && len(at.Items) > 0 {
			at = at.Items[0]
		}
		if at.Kind == Object || at.Kind == Unknown {
			break
		}
	}
	switch at.Kind {
	case Unknown:
		return at
	case Object:
	default:
		at = e.absent(a)
		if at.Kind != Object {
			return at
		}
	}
	fields := make([]Field, 0, len(a.Attributes))
	for i := range a.Attributes {
		fields = append(fields, e.attribute(&a.Attributes[i], base, path))
	}
	return Value{Kind: Object, Fields: fields, Range: at.Range, Meta: at.Meta, basis: at.basis}
}

func (e extraction) blocks(a *Attribute, nodes []node) Value {
	out := Value{Kind: List}
	written := false
	for _, n := range nodes {
		switch n.value.Kind {
		case Unknown:
			written = true
			out.Items = append(out.Items, n.value)
		case Object:
			written = true
			block := e.block(a, n.value)
			block.Range = n.name.Through(block.Range)
			out.Items = append(out.Items, block)
		case List:
			written = true
			for _, item := range n.value.Items {
				out.Items = append(out.Items, e.block(a, item))
			}
			out.Meta = n.value.Meta
		}
		if !out.Range.Valid() {
			out.Range = n.value.Range
		}
	}
	if !written {
		return e.absent(a)
	}
	return out
}

func (e extraction) block(a *Attribute, element Value) Value {
	switch element.Kind {
	case Unknown:
		return element
	case Object:
	default:
		return element.unknownBecause("a block is expected here")
	}
	if len(a.Attributes) == 0 {
		return element
	}
	fields := make([]Field, 0, len(a.Attributes))
	for i := range a.Attributes {
		fields = append(fields, e.attribute(&a.Attributes[i], element, nil))
	}
	return Value{Kind: Object, Fields: fields, Range: element.Range, Meta: element.Meta}
}

func (e extraction) list(a *Attribute, nodes []node) Value {
	out := Value{Kind: List}
	written := false
	for _, n := range nodes {
		if n.value.IsNothing() {
			continue
		}
		written = true
		if n.value.Kind == Unknown && len(nodes) == 1 {
			return n.value
		}
		if n.value.Kind == List {
			for _, item := range n.value.Items {
				if !item.IsNothing() {
					out.Items = append(out.Items, scalar(item, a.Element))
				}
			}
		} else {
			out.Items = append(out.Items, scalar(n.value, a.Element))
		}
		if !out.Range.Valid() {
			out.Range, out.Meta = n.value.Range, n.value.Meta
		}
	}
	if !written {
		return e.absent(a)
	}
	if a.Form == FormSet {
		sortItems(out.Items)
	}
	return out
}

// scalar coerces a value to a form, or makes it unknown with the reason.
func scalar(v Value, form Form) Value {
	if v.Kind == List && len(v.Items) == 1 && form != FormAny {
		return scalar(v.Items[0], form)
	}
	text, isScalar := v.scalarText()
	switch form {
	case FormBool:
		switch {
		case v.Kind == Bool:
			return v
		case isScalar && (strings.EqualFold(text, "true") || text == "1"):
			v.Kind, v.Bool, v.Text = Bool, true, ""
			return v
		case isScalar && (strings.EqualFold(text, "false") || text == "0"):
			v.Kind, v.Bool, v.Text = Bool, false, ""
			return v
		case isScalar:
			return v.unknownBecause(strconv.Quote(text) + " is not true or false")
		}
	case FormNumber:
		if isScalar {
			if _, err := strconv.ParseFloat(text, 64); err != nil || v.Kind == Bool {
				return v.unknownBecause(strconv.Quote(text) + " is not a number")
			}
			v.Kind, v.Text = Number, canonicalNumber(text)
			return v
		}
	case FormString:
		if isScalar {
			v.Kind, v.Text = String, text
			return v
		}
	default:
		return v
	}
	if v.Kind == Unknown || v.Kind == Null {
		return v
	}
	return v.unknownBecause("a single value is expected here")
}

// canonicalNumber writes a number so that JSON and Rego read it.
func canonicalNumber(text string) string {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return strconv.FormatInt(n, 10)
	}
	n, _ := strconv.ParseFloat(text, 64)
	return strconv.FormatFloat(n, 'g', -1, 64)
}

// tags turns CloudFormation's list of {Key, Value} into a map.
func tags(v Value) Value {
	if v.Kind != List {
		return v
	}
	out := Value{Kind: Object, Range: v.Range, Meta: v.Meta}
	for _, item := range v.Items {
		key := item.Get("Key")
		if item.Kind != Object || key.Kind != String {
			out = out.AsOpen(append(item.Reasons(), key.Reasons()...)...)
			continue
		}
		f, _ := item.Field("Value")
		out.Fields = append(out.Fields, Field{Name: key.Text, NameRange: key.Range, Value: f.Value})
	}
	return out
}
