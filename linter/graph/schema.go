package graph

import (
	"slices"
	"strings"
)

// Type is one canonical resource type's table.
type Type struct {
	// Name is the canonical name, the Terraform AWS provider's.
	Name string
	// Service is the file the table stands in: "s3".
	Service string
	// Also are further declared names that mean the same type (aws_alb).
	Also []Source
	// Names is the attribute whose literal value names the resource, so
	// that a companion may refer to it by name; or "".
	Names string
	// Attributes are the canonical attributes.
	Attributes []Attribute
	// Folds are the companion types that become part of this one.
	Folds []Fold
}

// Source is a declared type, perhaps only where a condition holds.
type Source struct {
	Type string
	When *Match
}

// Match is a condition on a declared resource's literal value.
type Match struct {
	Path   []string
	Equals []string // any of these
	Prefix string   // or this prefix
	Negate bool
}

// Form is the shape a canonical attribute has.
type Form uint8

// The forms of an attribute.
const (
	FormAny Form = iota
	FormBool
	FormNumber
	FormString
	FormObject
	FormBlocks
	FormList
	FormSet
	FormMap
	FormDocument
	FormTags
)

// Attribute is one canonical attribute.
type Attribute struct {
	Name string
	Form Form
	// Element is the form of a list's, set's or map's members.
	Element Form
	// Default is the value of an absent attribute; the zero Value means null.
	Default Value
	// DefaultIn overrides Default for one language.
	DefaultIn []LanguageDefault
	// Document is the kind of a policy document: identity, trust, resource, endpoint.
	Document string
	// From are the places to read, by declared type. A type without one
	// reads the attribute's own name (in CloudFormation in camel case).
	From []From
	// Attributes are the members of an object or of each block.
	Attributes []Attribute
}

// LanguageDefault is a default that holds for one language only.
type LanguageDefault struct {
	Language Language
	Value    Value
}

// From is where one declared type keeps an attribute.
type From struct {
	Type string
	// Path leads from the enclosing block, or from the resource. Nil means
	// that the type cannot express the attribute.
	Path []string
	// Map translates literal values: written text to canonical text.
	Map []Pair
	// Key selects the value of a {Key, Value} list's entry.
	Key string
	// Entries makes a block of each entry of an object: the names of the
	// block's members that take the entry's key and its value. With one name,
	// the entry's own members are the block's others.
	Entries []string
}

// Pair is one entry of a translation.
type Pair struct{ Written, Canonical string }

// Fold says how a companion type becomes part of its parent.
type Fold struct {
	Type string
	// By is the path of the companion's reference to its parent.
	By []string
	// Into are the parent's attributes that the companion sets.
	Into []string
	// Many joins all companions' contributions; otherwise one companion
	// replaces what the parent says.
	Many bool
	// Alone says that a companion is judged where it stands: one whose parent
	// cannot be known leaves nothing unknown on those it may belong to.
	Alone bool
	When  *Match
}

// Schema is the set of all tables.
type Schema struct {
	types   []*Type
	byName  map[string]*Type
	sources map[string][]candidate
	folds   map[string][]parent
}

type candidate struct {
	when  *Match
	table *Type
}

type parent struct {
	table *Type
	fold  *Fold
}

// NewSchema indexes tables by the declared types they speak of.
func NewSchema(types []Type) *Schema {
	s := &Schema{
		byName:  make(map[string]*Type, len(types)),
		sources: make(map[string][]candidate, 2*len(types)),
		folds:   map[string][]parent{},
	}
	for i := range types {
		t := &types[i]
		s.types = append(s.types, t)
		s.byName[t.Name] = t
		s.sources[t.Name] = append(s.sources[t.Name], candidate{table: t})
		for _, also := range t.Also {
			s.sources[also.Type] = append(s.sources[also.Type], candidate{also.When, t})
		}
		for j := range t.Folds {
			f := &t.Folds[j]
			s.folds[f.Type] = append(s.folds[f.Type], parent{t, f})
		}
	}
	return s
}

// Type returns a canonical type's table, or nil.
func (s *Schema) Type(name string) *Type { return s.byName[name] }

// Parents are the canonical types that a companion type becomes a part of.
func (s *Schema) Parents(declared string) []string {
	var out []string
	for _, f := range s.folds[declared] {
		out = append(out, f.table.Name)
	}
	return out
}

// DocumentKinds are the kinds of the policy documents that the type holds.
func (t *Type) DocumentKinds() []string {
	var out []string
	for _, a := range t.Attributes {
		if a.Form == FormDocument && !slices.Contains(out, a.Document) {
			out = append(out, a.Document)
		}
	}
	return out
}

// Types returns all tables.
func (s *Schema) Types() []*Type { return s.types }

// table returns the canonical table for a declared resource, or nil.
func (s *Schema) table(r *Resource) *Type {
	for _, c := range s.sources[r.DeclaredType] {
		if c.when == nil || c.when.holds(r.Declared) {
			return c.table
		}
	}
	return nil
}

// unknown reports whether it cannot be told if the condition holds.
func (m *Match) unknown(declared Value) bool { return declared.Get(m.Path...).Kind == Unknown }

// holds reports whether the condition is known to hold for a declared value.
func (m *Match) holds(declared Value) bool {
	text, _ := declared.Get(m.Path...).scalarText()
	ok := m.Prefix != "" && strings.HasPrefix(text, m.Prefix)
	for _, e := range m.Equals {
		ok = ok || text == e
	}
	return ok != m.Negate
}

// from returns where a declared type keeps the attribute, and whether the
// table says so itself.
func (a *Attribute) from(t *Type, declared string) (From, bool) {
	for _, f := range a.From {
		if f.Type == declared {
			return f, true
		}
	}
	if declared != t.Name && !strings.Contains(declared, "::") {
		for _, f := range a.From {
			if f.Type == t.Name && t.isAlias(declared) {
				return f, true
			}
		}
	}
	return From{}, false
}

func (t *Type) isAlias(declared string) bool {
	for _, also := range t.Also {
		if also.Type == declared {
			return true
		}
	}
	return false
}

// Attribute returns the attribute at a path without indexes, or nil.
func (t *Type) Attribute(path Path) *Attribute {
	attributes := t.Attributes
	var found *Attribute
next:
	for _, name := range path {
		for i := range attributes {
			if attributes[i].Name == name {
				found = &attributes[i]
				attributes = found.Attributes
				continue next
			}
		}
		return nil
	}
	return found
}

// CamelCase is the name CloudFormation gives an attribute unless a table says
// otherwise: kms_key_id becomes KmsKeyId.
func CamelCase(name string) string {
	var b strings.Builder
	for _, word := range strings.Split(name, "_") {
		if word != "" {
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return b.String()
}
