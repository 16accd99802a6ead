package cloudformation

import (
	"reflect"
	"strconv"
	"strings"
	"sync"

	formation "github.com/awslabs/goformation/v7/cloudformation"

	"github.com/demarc-dev/demarc/linter/graph"
)

// goformation's structs were generated from AWS's resource specification of
// April 2024. They say which kind of value a property takes. That is advice:
// a type or property they don't know passes as it is written.

// form is what kind of value a property takes.
type form uint8

const (
	anyForm form = iota // a policy document, or something goformation has no type for
	boolForm
	numberForm
	stringForm
	listForm
	mapForm
	objectForm
)

// shape describes the values of one Go type of goformation's.
type shape struct {
	form form
	elem *shape // of a list or map
	t    reflect.Type

	once       sync.Once
	properties map[string]int
}

var models struct {
	once  sync.Once
	types map[string]formation.Resource
	mu    sync.Mutex
	known map[reflect.Type]*shape
}

// shapeOfType returns the shape of a resource type's properties, or nil for a
// type that goformation doesn't know.
func shapeOfType(resourceType string) *shape {
	// AllResources builds all 1,255 of its types at each call, so it is
	// called once and by itself no sooner than a resource asks.
	models.once.Do(func() {
		models.types = formation.AllResources()
		models.known = map[reflect.Type]*shape{}
	})
	r, ok := models.types[resourceType]
	if !ok {
		return nil
	}
	return shapeOf(reflect.TypeOf(r))
}

func shapeOf(t reflect.Type) *shape {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	models.mu.Lock()
	s := models.known[t]
	models.mu.Unlock()
	if s != nil {
		return s
	}
	s = &shape{t: t}
	switch t.Kind() {
	case reflect.Bool:
		s.form = boolForm
	case reflect.Int, reflect.Int64, reflect.Float64:
		s.form = numberForm
	case reflect.String:
		s.form = stringForm
	case reflect.Slice:
		s.form, s.elem = listForm, shapeOf(t.Elem())
	case reflect.Map:
		s.form, s.elem = mapForm, shapeOf(t.Elem())
	case reflect.Struct:
		s.form = objectForm
		if len(s.fields()) == 0 {
			s.form = anyForm // SAM's unions: text or one of several objects
		}
	}
	models.mu.Lock()
	defer models.mu.Unlock()
	if have := models.known[t]; have != nil {
		return have
	}
	models.known[t] = s
	return s
}

// fields are the indexes of an object's properties by their name in a
// template. They are looked at only when a template has such an object.
func (s *shape) fields() map[string]int {
	s.once.Do(func() {
		s.properties = make(map[string]int, s.t.NumField())
		for i := range s.t.NumField() {
			f := s.t.Field(i)
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name != "" && name != "-" && f.IsExported() {
				s.properties[name] = i
			}
		}
	})
	return s.properties
}

// property returns the shape of an object's property, or nil.
func (s *shape) property(name string) *shape {
	if s == nil || s.form != objectForm {
		return nil
	}
	i, ok := s.fields()[name]
	if !ok {
		return nil
	}
	return shapeOf(s.t.Field(i).Type)
}

// HasProperty reports whether a resource type has a property. The path may go
// through lists and maps, whose members need no segment for a list and any
// segment for a map. known is false when goformation doesn't know the type.
func HasProperty(resourceType string, path []string) (known, exists bool) {
	s := shapeOfType(resourceType)
	if s == nil {
		return false, false
	}
	for _, name := range path {
		for s.form == listForm {
			s = s.elem
		}
		switch s.form {
		case anyForm:
			return true, true
		case mapForm:
			s = s.elem
		default:
			if s = s.property(name); s == nil {
				return true, false
			}
		}
	}
	return true, true
}

// coerce gives a value the kind that its property takes, as CloudFormation
// does at deployment. What it cannot convert it leaves.
func (s *shape) coerce(v graph.Value) graph.Value {
	if s == nil || v.Kind <= graph.Null || v.Kind == graph.Unknown {
		return v
	}
	switch s.form {
	case boolForm:
		if v.Kind == graph.String && (strings.EqualFold(v.Text, "true") || strings.EqualFold(v.Text, "false")) {
			v.Kind, v.Bool, v.Text = graph.Bool, strings.EqualFold(v.Text, "true"), ""
		}
	case numberForm:
		if v.Kind == graph.String && isNumber(v.Text) {
			v.Kind = graph.Number
		}
	case stringForm:
		switch v.Kind {
		case graph.Number:
			v.Kind = graph.String
		case graph.Bool:
			v.Kind, v.Text = graph.String, strconv.FormatBool(v.Bool)
		}
	case listForm:
		return s.coerceList(v)
	case mapForm, objectForm:
		return s.coerceObject(v)
	}
	return v
}

// mayGrow opens an object, and the objects in it, to members that something
// else may add. Policy documents are left: what is written in a statement is
// what it says.
func (s *shape) mayGrow(v graph.Value, reason graph.Reason) graph.Value {
	switch {
	case v.Kind == graph.List && s != nil && s.form == listForm:
		items := make([]graph.Value, len(v.Items))
		for i, item := range v.Items {
			items[i] = s.elem.mayGrow(item, reason)
		}
		v.Items = items
	case v.Kind == graph.Object && (s == nil || s.form == objectForm):
		fields := make([]graph.Field, len(v.Fields))
		for i, f := range v.Fields {
			if inner := s.property(f.Name); inner != nil {
				f.Value = inner.mayGrow(f.Value, reason)
			}
			fields[i] = f
		}
		v.Fields = fields
		return v.AsOpen(reason)
	}
	return v
}

func (s *shape) coerceList(v graph.Value) graph.Value {
	if s.elem.form == anyForm && v.Kind != graph.List {
		return v
	}
	if v.Kind != graph.List {
		return graph.Value{Kind: graph.List, Items: []graph.Value{s.elem.coerce(v)}, Range: v.Range, Sensitive: v.Sensitive}
	}
	items := make([]graph.Value, len(v.Items))
	for i, item := range v.Items {
		items[i] = s.elem.coerce(item)
	}
	v.Items = items
	return v
}

func (s *shape) coerceObject(v graph.Value) graph.Value {
	if v.Kind != graph.Object {
		return v
	}
	fields := make([]graph.Field, len(v.Fields))
	for i, f := range v.Fields {
		shape := s.elem
		if s.form == objectForm {
			shape = s.property(f.Name)
		}
		f.Value = shape.coerce(f.Value)
		fields[i] = f
	}
	v.Fields = fields
	return v
}
