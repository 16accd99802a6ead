package graph

import "slices"

// contribution is what one companion gives to one parent.
type contribution struct {
	companion *Resource
	fold      *Fold
	// doubtful tells that it is unknown whether it does.
	doubtful bool
}

// doubt is a companion that may belong to any parent of a type.
type doubt struct {
	fold    *Fold
	reasons []Reason
}

// fold makes companions part of their parents.
func (b *builder) fold() {
	given := map[*Resource][]contribution{}
	doubts := map[*Type][]doubt{}
	for _, c := range b.stack.Resources {
		if b.ctx.Err() != nil {
			return
		}
		if !c.Folded {
			continue
		}
		for _, p := range b.schema.folds[c.DeclaredType] {
			doubtful := p.fold.When != nil && p.fold.When.unknown(c.Declared)
			if p.fold.When != nil && !doubtful && !p.fold.When.holds(c.Declared) {
				continue
			}
			parents, reasons := b.parents(c, p)
			for _, r := range parents {
				given[r] = append(given[r], contribution{c, p.fold, doubtful})
			}
			if len(reasons) > 0 && !p.fold.Alone {
				doubts[p.table] = append(doubts[p.table], doubt{p.fold, reasons})
			}
		}
	}
	for _, r := range b.own {
		if b.ctx.Err() != nil {
			return
		}
		if r.Table == nil || len(r.Table.Folds) == 0 {
			continue
		}
		b.contribute(r, given[r])
		b.doubt(r, doubts[r.Table], given[r])
	}
}

// parents finds whom a companion belongs to. Where the parent stands outside
// the stack it makes a stand-in; where it cannot be known it says why.
func (b *builder) parents(c *Resource, p parent) ([]*Resource, []Reason) {
	by := c.Declared.Get(p.fold.By...)
	references := []Value{by}
	if by.Kind == List {
		references = by.Items
	} else if by.IsNothing() && b.hasOtherParents(c, p) {
		return nil, nil // it names none of this type
	}
	var found []*Resource
	var reasons []Reason
	for _, ref := range references {
		linked := b.linkedParents(ref, p.table, maxSatellites)
		named := b.namedParent(ref, p.table)
		switch {
		case len(linked) > 0:
			found = appendNew(found, linked)
		case named != nil:
			found = appendNew(found, []*Resource{named})
		case len(ref.Links()) > 0:
			found = append(found, b.external(p.table, ref.Links()[0].Address, c).standsFor(ref))
		case ref.Kind == String:
			found = append(found, b.external(p.table, ref.Text, c))
		default:
			reasons = appendNew(reasons, ref.Reasons())
			if by.Kind == Unknown && b.isOtherParent(c, p) {
				continue // it may name none of this type
			}
			found = append(found, b.external(p.table, c.Address, c))
		}
	}
	return found, reasons
}

// hasOtherParents reports whether a companion may have parents of several types
// (Roles, Users, Groups). Folds that only tell apart what it contributes have
// the same reference.
func (b *builder) hasOtherParents(c *Resource, p parent) bool {
	return slices.ContainsFunc(b.schema.folds[c.DeclaredType], func(other parent) bool {
		return !slices.Equal(other.fold.By, p.fold.By)
	})
}

// isOtherParent reports whether a companion that may have parents of several
// types names one of another type.
func (b *builder) isOtherParent(c *Resource, p parent) bool {
	return slices.ContainsFunc(b.schema.folds[c.DeclaredType], func(other parent) bool {
		return !slices.Equal(other.fold.By, p.fold.By) && !c.Declared.Get(other.fold.By...).IsNothing()
	})
}

// namedParent is the resource of a type that a text names: by the same text, or
// by the same expression of what is not known.
func (b *builder) namedParent(ref Value, table *Type) *Resource {
	if key := nameKey(ref); key != "" {
		return b.byName[table][key]
	}
	return nil
}

// nameKey is what a name has in common with all that name the same thing, or "".
func nameKey(v Value) string {
	switch {
	case v.Kind == String:
		return v.Text
	case v.Kind == Unknown && v.Meta != nil && v.Meta.Formula != "":
		return "\x00" + v.Meta.Formula
	}
	return ""
}

// maxSatellites bounds how many companions a reference is followed through.
const maxSatellites = 4

// linkedParents are the resources of a type that a value refers to, perhaps by
// way of one of their companions or of a data source of the same name.
func (b *builder) linkedParents(ref Value, table *Type, hops int) []*Resource {
	var found []*Resource
	for _, link := range ref.Links() {
		for _, r := range b.resolve(link.Address) {
			switch {
			case r.Table == table && !r.Data:
				found = appendNew(found, []*Resource{r})
			case hops == 0:
			case r.Data && r.DeclaredType == table.Name && table.Names != "":
				if named := b.namedParent(r.Declared.Get(table.Names), table); named != nil {
					found = appendNew(found, []*Resource{named})
				}
			case r.Folded:
				found = appendNew(found, b.parentsOfSatellite(r, link.Attribute, table, hops-1))
			}
		}
	}
	return found
}

// parentsOfSatellite are the parents of a companion whose attribute is theirs: its
// reference to them, and its id where a parent has one such companion.
func (b *builder) parentsOfSatellite(c *Resource, attribute string, table *Type, hops int) []*Resource {
	var found []*Resource
	for _, p := range b.schema.folds[c.DeclaredType] {
		theirs := attribute == "id" && !p.fold.Many || attribute == p.fold.By[0]
		if p.table != table || !theirs {
			continue
		}
		ref := c.Declared.Get(p.fold.By...)
		linked := b.linkedParents(ref, table, hops)
		if named := b.namedParent(ref, table); len(linked) == 0 && named != nil {
			linked = []*Resource{named}
		}
		found = appendNew(found, linked)
	}
	return found
}

// external returns the stand-in for a parent outside the stack. It takes the
// first companion's place in the source.
func (b *builder) external(table *Type, key string, companion *Resource) *Resource {
	key = table.Name + " " + key
	if r, ok := b.externals[key]; ok {
		return r
	}
	r := &Resource{
		Address: companion.Address, DeclaredType: companion.DeclaredType, Name: companion.Name,
		Header: companion.Header, Block: companion.Block, Calls: companion.Calls, Maybe: companion.Maybe,
		Type: table.Name, Table: table, Stack: b.stack, External: true,
		Values: Value{Kind: Object, Meta: &Meta{Open: true, Reasons: []Reason{{Text: "it is declared outside this stack"}}}},
	}
	b.externals[key] = r
	b.own = append(b.own, r)
	return r
}

// standsFor keeps what refers to a stand-in's parent, which may be part of
// another resource: the group of a VPC.
func (r *Resource) standsFor(ref Value) *Resource {
	if _, has := r.Values.Field(standsFor); !has {
		r.Values.Fields = append(r.Values.Fields, Field{Name: standsFor, Value: ref})
	}
	return r
}

const standsFor = "stands_for"

// contribute applies companions to their parent's attributes.
func (b *builder) contribute(r *Resource, given []contribution) {
	if len(given) == 0 {
		return
	}
	// The fields are shared with Declared where no table rebuilt them.
	r.Values.Fields = append([]Field(nil), r.Values.Fields...)
	set := map[string]*Resource{}
	for _, g := range given {
		e := extraction{r.Table, g.companion.DeclaredType, b.stack.Language}
		for _, name := range g.fold.Into {
			a := r.Table.Attribute(Path{name})
			if a == nil {
				continue
			}
			field := e.contributed(a, g.companion)
			if g.companion.Maybe != nil {
				field.Value = maybe(field.Value, g, a)
			}
			if g.doubtful {
				field.Value = UnknownValue(g.companion.Declared.Get(g.fold.When.Path...).Reasons()...).At(g.companion.Header).WithOwner(g.companion)
			}
			if g.fold.Many {
				r.join(field)
				continue
			}
			if other := set[name]; other != nil {
				if have := r.Values.Get(name); !have.Equal(field.Value) {
					field.Value = setByBoth(other, g.companion, append(have.Tests(), field.Value.Tests()...))
				}
			}
			set[name] = g.companion
			r.set(field)
		}
	}
}

// contributed reads an attribute from a companion.
func (e extraction) contributed(a *Attribute, c *Resource) Field {
	var field Field
	_, named := a.from(e.table, e.declared)
	switch {
	case a.Form == FormBlocks && !named:
		element := e.block(a, Value{Kind: Object, Fields: c.Declared.Fields, Range: c.Block, Meta: c.Declared.Meta})
		field = Field{Name: a.Name, Value: Value{Kind: List, Items: []Value{element.WithOwner(c)}}}
	case a.Form == FormObject && !named:
		field = Field{Name: a.Name, Value: e.members(a, c)}
	default:
		field = e.attribute(a, c.Declared, nil)
		for i, item := range field.Value.Items {
			if i == 0 {
				field.Value.Items = append([]Value(nil), field.Value.Items...)
			}
			field.Value.Items[i] = item.WithOwner(c)
		}
	}
	field.Value = field.Value.WithOwner(c)
	if !field.NameRange.Valid() && field.Value.Kind == Object {
		field.NameRange = c.Header
	}
	return field
}

// members builds an object whose members a whole companion holds.
func (e extraction) members(a *Attribute, c *Resource) Value {
	fields := make([]Field, 0, len(a.Attributes))
	for i := range a.Attributes {
		fields = append(fields, e.attribute(&a.Attributes[i], c.Declared, nil))
	}
	return Value{Kind: Object, Fields: fields}
}

// maybe is a value of a companion that may not exist. What joins a list is a
// member that may be there, or is judged as if it were where it is not known
// what that hangs on; what replaces a parent's own setting leaves it unknown.
func maybe(v Value, g contribution, a *Attribute) Value {
	reason, exists := *g.companion.Maybe, g.companion.Exists
	open := func(v Value) Value {
		u := Value{Kind: Unknown, Range: v.Range, Meta: v.Meta}.WithReasons(reason)
		if exists != nil {
			u = u.WithChoice(Choice{If: eachOf(append(whens(v.Tests()), exists)...)})
		}
		return u
	}
	if a.Form != FormBlocks && a.Form != FormList && a.Form != FormSet {
		return open(v)
	}
	switch {
	case exists == nil:
		return v
	case !g.fold.Many || v.Kind != List:
		return open(v)
	}
	items := make([]Value, len(v.Items))
	for i, item := range v.Items {
		items[i] = open(item)
	}
	v.Items = items
	return v
}

// setByBoth is a setting that two companions differ in.
func setByBoth(a, c *Resource, tests []*Test) Value {
	out := UnknownValue(Reason{Text: "set by both " + a.Address + " and " + c.Address}).At(c.Header)
	if len(tests) == 0 {
		return out
	}
	return out.WithChoice(Choice{If: eachOf(whens(tests)...)})
}

// join appends a contribution to a list attribute.
func (r *Resource) join(field Field) {
	for i := range r.Values.Fields {
		have := &r.Values.Fields[i]
		if have.Name != field.Name {
			continue
		}
		items := have.Value.Items
		if have.Value.Kind == Unknown {
			items = []Value{have.Value}
		} else if len(items) == 0 && !have.NameRange.Valid() {
			// The list stands where the first that gives to it writes it.
			have.NameRange, have.Value.Range, have.Value.Meta = field.NameRange, field.Value.Range, field.Value.Meta
		}
		more := field.Value.Items
		if field.Value.Kind == Unknown {
			more = []Value{field.Value}
		}
		have.Value.Kind = List
		have.Value.Items = slices.Concat(items, more)
		if len(more) > 0 {
			have.Value.basis = Written
		}
		return
	}
	r.set(field)
}

// set replaces an attribute.
func (r *Resource) set(field Field) {
	for i := range r.Values.Fields {
		if r.Values.Fields[i].Name == field.Name {
			r.Values.Fields[i] = field
			return
		}
	}
	r.Values.Fields = append(r.Values.Fields, field)
}

// doubt makes those attributes unknown that a companion may set whose parent
// cannot be known, or that a module that is not at hand may set.
func (b *builder) doubt(r *Resource, doubts []doubt, given []contribution) {
	has := map[string]bool{}
	for _, g := range given {
		for _, name := range g.fold.Into {
			has[name] = true
		}
	}
	if r.External {
		return
	}
	if r.inGap != nil {
		// A module that takes a group as argument attaches it rather than
		// adding rules to it, so only what replaces a setting is in doubt.
		for i := range r.Table.Folds {
			if f := &r.Table.Folds[i]; !f.Many {
				doubts = append(doubts[:len(doubts):len(doubts)], doubt{f, []Reason{r.inGap.reason(r.Stack.Language)}})
			}
		}
	}
	for _, d := range doubts {
		for _, name := range d.fold.Into {
			if has[name] && !d.fold.Many {
				continue
			}
			have, _ := r.Values.Field(name)
			if !d.fold.Many && have.NameRange.Valid() && have.Value.Kind != Unknown {
				continue // what the parent says of itself is known
			}
			if d.fold.Many {
				r.join(Field{Name: name, Value: ListValue(UnknownValue(d.reasons...))})
				continue
			}
			if r.inGap != nil && have.NameRange.Valid() {
				continue
			}
			have.Name = name
			have.Value = UnknownValue(d.reasons...).At(have.Value.Range)
			r.set(have)
		}
	}
}
