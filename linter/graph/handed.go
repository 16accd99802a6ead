package graph

import (
	"regexp"
	"strings"
)

// handed judges the policy documents that are arguments of modules that are not
// at hand: what they say is known, if not what carries them.
func (b *builder) handed() {
	for _, gap := range b.stack.Gaps {
		if gap.Arguments.Kind != Object || gap.Exists.IsNever() {
			continue
		}
		var rest []Field
		for _, f := range gap.Arguments.Fields {
			if r := b.carrier(gap, f); r != nil {
				b.own = append(b.own, r)
				continue
			}
			value, found := withDocuments(f.Value, maxHanded)
			if found && !notGranting.MatchString(gap.Source+" "+f.Name) {
				rest = append(rest, Field{Name: f.Name, NameRange: f.NameRange, Value: value})
			}
		}
		if len(rest) > 0 {
			r := b.module(gap, ObjectValue(rest...))
			r.Type = moduleType
			b.own = append(b.own, r)
		}
	}
}

// moduleType is the type of a stand-in for a module that is not at hand.
const moduleType = "module"

// maxHanded bounds how deep in an argument a document is looked for.
const maxHanded = 4

// notGranting are names of policies that grant nothing by themselves.
var notGranting = regexp.MustCompile(`(?i)scp|service.?control|boundary|organi[sz]ation|endpoint`)

// module is a stand-in for what a module makes.
func (b *builder) module(gap *Gap, values Value) *Resource {
	return &Resource{
		Address: gap.Address, DeclaredType: moduleType, Header: gap.Range, Block: gap.Range,
		Stack: b.stack, Values: values, Maybe: gap.Maybe, Exists: gap.Exists,
	}
}

// carrier is a stand-in for the resource of a module that carries a resource
// policy, where the names and the actions agree on the service; nil for any
// other argument.
func (b *builder) carrier(gap *Gap, f Field) *Resource {
	body, ok := policyBody(f.Value)
	if !ok {
		return nil
	}
	normal := document(f.Value)
	service := serviceOf(normal)
	if kindOf(normal) != "resource" || service == "" || !strings.Contains(strings.ToLower(gap.Source+" "+f.Name), service) {
		return nil
	}
	for _, t := range b.schema.types {
		if t.Service != service || body.Kind != Object {
			continue
		}
		for i := range t.Attributes {
			if a := &t.Attributes[i]; a.Form == FormDocument && a.Document == "resource" {
				why := Reason{Text: gap.Address + " (" + gap.Source + ") is not at hand"}
				normal = withFurther(normal, UnknownValue(why).At(f.Value.Range))
				r := b.module(gap, Value{Kind: Object, Fields: []Field{{Name: a.Name, NameRange: f.NameRange, Value: normal}}}.AsOpen(why))
				r.Type, r.Table, r.External = t.Name, t, true
				return r
			}
		}
	}
	return nil
}

// withFurther is a document to which a module may add a statement.
func withFurther(document, statement Value) Value {
	fields := append([]Field(nil), document.Fields...)
	for i := range fields {
		if fields[i].Name == "statements" {
			list := fields[i].Value
			list.Items = append(list.Items[:len(list.Items):len(list.Items)], statement)
			fields[i].Value = list
		}
	}
	document.Fields = fields
	return document
}

// policyBody is the policy that a value holds or encodes.
func policyBody(v Value) (Value, bool) {
	body := v
	if v.Kind == String || v.Kind == Unknown {
		body = opened(v)
	}
	f, ok := body.Field("Statement")
	return body, body.Kind == Object && ok && (f.Value.Kind == List || f.Value.Kind == Object)
}

// withDocuments brings the documents inside a value into normal form.
func withDocuments(v Value, depth int) (out Value, found bool) {
	if _, ok := policyBody(v); ok {
		return document(v), true
	}
	if depth == 0 {
		return v, false
	}
	items := make([]Value, len(v.Items))
	for i, item := range v.Items {
		inner, ok := withDocuments(item, depth-1)
		items[i], found = inner, found || ok
	}
	fields := make([]Field, len(v.Fields))
	for i, f := range v.Fields {
		inner, ok := withDocuments(f.Value, depth-1)
		f.Value, found = inner, found || ok
		fields[i] = f
	}
	v.Items, v.Fields = items, fields
	return v, found
}

// documentsHanded collects the documents of a module's arguments.
func (b *builder) documentsHanded(r *Resource, at Path, v Value) {
	if _, ok := v.Field("statements"); ok && v.Kind == Object {
		b.graph.Documents = append(b.graph.Documents, &Document{Kind: kindOf(v), Owner: r, Path: at, Value: v})
		return
	}
	for i, item := range v.Items {
		b.documentsHanded(r, at.Index(i), item)
	}
	for _, f := range v.Fields {
		b.documentsHanded(r, at.Join(f.Name), f.Value)
	}
}

// kindOf is the kind of a document in normal form, by what it says.
func kindOf(document Value) string {
	kind := "identity"
	for _, s := range document.Get("statements").Items {
		if len(s.Get("principals").Items)+len(s.Get("not_principals").Items) == 0 {
			continue
		}
		kind = "resource"
		for _, action := range s.Get("actions").Items {
			if strings.HasPrefix(strings.ToLower(action.Text), "sts:assumerole") {
				return "trust"
			}
		}
	}
	return kind
}

// serviceOf is the one service whose actions a document names, or "".
func serviceOf(document Value) string {
	service := ""
	for _, s := range document.Get("statements").Items {
		for _, action := range s.Get("actions").Items {
			of, _, named := strings.Cut(strings.ToLower(action.Text), ":")
			if !named || service != "" && of != service {
				return ""
			}
			service = of
		}
	}
	return service
}
