package graph

import (
	"bytes"

	"github.com/demarc-dev/demarc/linter/source"
)

// Spot is what stands at a path of a resource, and where it comes from.
type Spot struct {
	Resource *Resource
	Path     Path
	// Value is Absent where nothing stands, Unknown below an unknown value.
	Value Value
	// Basis says who gave the value.
	Basis Basis
	// Range is where a finding about it is shown: the attribute itself, else
	// the header of the innermost block around it that is written, else the
	// resource's header. Placed tells that it is the attribute.
	Range  source.Range
	Placed bool
	// Owner is the companion that contributed the value, or nil.
	Owner *Resource
	// Via is the way that the value took, nearest hop first.
	Via []Step
	// Scopes are the blocks around it, innermost first, and itself if it is one.
	Scopes []source.Range
	// Sensitive tells that it, or a value around it, is never printed.
	Sensitive bool
}

// At says what stands at a canonical path of r.
func (r *Resource) At(path Path) Spot {
	s := Spot{Resource: r, Path: path, Value: r.Values, Range: r.Header, Placed: len(path) == 0}
	for i, placing := 0, true; i < len(path); i++ {
		placing = placing && s.place(path[i])
		s.enter(s.Value.Get(path[i]))
	}
	if s.Basis != Default || s.Value.IsNothing() {
		s.Basis = s.Value.Basis()
	}
	if len(s.Via) == 0 && len(path) > 0 {
		s.Via = s.Value.viaOfItems()
	}
	return s
}

// viaOfItems is the way that the members of a list took, each hop once.
func (v Value) viaOfItems() []Step {
	const most = 8 // that people read
	var steps []Step
	for _, item := range v.Items {
		if item.Meta != nil && item.Kind != Object && len(steps) < most {
			steps = appendNew(steps, item.Meta.Via)
		}
	}
	return steps[:min(len(steps), most)]
}

// enter notes what the value of the next step says of all that is below it.
func (s *Spot) enter(v Value) {
	s.Value = v
	if v.Basis() == Default {
		s.Basis = Default // and so is what it holds
	}
	s.Sensitive = s.Sensitive || v.Sensitive
	if v.Kind == Object && v.Range.Valid() {
		s.Scopes = append([]source.Range{v.Range}, s.Scopes...)
	}
	if v.Meta == nil {
		return
	}
	if v.Meta.Owner != nil {
		s.Owner = v.Meta.Owner
	}
	if len(v.Meta.Via) > 0 {
		s.Via = v.Meta.Via
	}
}

// place moves the range on to a member of the value, and reports whether there
// is one, so that a further step may move it on.
func (s *Spot) place(name string) bool {
	switch s.Value.Kind {
	case Object:
		f, ok := s.Value.Field(name)
		if s.Placed = ok; ok {
			s.placeField(f)
		}
		return ok
	case List:
		item, ok := s.Value.member(name)
		if !ok {
			s.Placed = false
			return false
		}
		if item.Range.Valid() {
			s.Range, s.Placed = item.Header(), true
		} else if owner := item.Owner(); owner != nil {
			s.Range = owner.Header
		}
		return true
	}
	// Below an unknown value, that value is what is written.
	s.Placed = s.Placed && s.Value.Kind == Unknown
	return false
}

func (s *Spot) placeField(f Field) {
	if owner := f.Value.Owner(); owner != nil {
		s.Range = owner.Header
	}
	named, written := f.NameRange.Valid(), f.Value.Range.Valid()
	s.Placed = named || written
	switch {
	case named && (f.Value.Kind == Object || !written):
		s.Range = f.NameRange
	case written && f.Value.Kind == Object:
		s.Range = f.Value.Header()
	case written:
		s.Range = f.NameRange.Through(f.Value.Range)
	}
}

// Header is the first line of what is written: all of a scalar, the opening
// of a block or object.
func (v Value) Header() source.Range {
	if !v.Range.Valid() || v.Kind != Object && v.Kind != List {
		return v.Range
	}
	r := v.Range
	text := r.File.Data[r.Start:min(r.End, len(r.File.Data))]
	if i := bytes.IndexAny(text, "\r\n"); i >= 0 {
		r.End = r.Start + i
	}
	return r
}
