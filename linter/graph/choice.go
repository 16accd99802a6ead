package graph

import "context"

// Choice is what stands in place of a value once it is known whether a
// condition holds.
type Choice struct {
	If *Condition
	// Then and Else are the alternatives; an Absent one is nothing at all. Both
	// are Absent where only the condition is known.
	Then, Else Value
	// Spliced says that the alternatives are lists whose members take the
	// place of a list's member.
	Spliced bool
}

// WithChoice returns v, an unknown value or an object that may have further
// members, with its alternatives.
func (v Value) WithChoice(c Choice) Value {
	return v.with(func(m *Meta) { m.Choice = &c })
}

// Alternatives are what v is once it is known whether a condition holds; nil
// for a value that does not hang on one.
func (v Value) Alternatives() *Choice {
	if v.Meta == nil {
		return nil
	}
	return v.Meta.Choice
}

// Each returns v with its alternatives, if any, changed the same way as it is.
func (v Value) Each(change func(Value) Value) Value {
	out := change(v)
	c := v.Alternatives()
	if c == nil {
		return out
	}
	changed := Choice{If: c.If, Then: c.Then, Else: c.Else, Spliced: c.Spliced}
	if c.Then.Kind != Absent {
		changed.Then = c.Then.Each(change)
	}
	if c.Else.Kind != Absent {
		changed.Else = c.Else.Each(change)
	}
	return out.WithChoice(changed)
}

// WithoutAlternatives returns v in which what hangs on conditions is unknown.
func (v Value) WithoutAlternatives() Value {
	if len(v.Tests()) == 0 {
		return v
	}
	if v.Meta != nil {
		v = v.with(func(m *Meta) {
			m.Choice = nil
			if m.Structure != nil {
				structure := m.Structure.WithoutAlternatives()
				m.Structure = &structure
			}
		})
	}
	items, fields := make([]Value, len(v.Items)), make([]Field, len(v.Fields))
	for i, item := range v.Items {
		items[i] = item.WithoutAlternatives()
	}
	for i, f := range v.Fields {
		f.Value = f.Value.WithoutAlternatives()
		fields[i] = f
	}
	v.Items, v.Fields = items, fields
	return v
}

// maxSplit bounds in how many tests a value is split at once.
const maxSplit = 3

// Split changes v in a way that needs all of it known: where members of it hang
// on conditions, the result has what each of them makes of it as alternatives.
func (v Value) Split(change func(Value) Value) Value { return v.split(change, maxSplit) }

func (v Value) split(change func(Value) Value, most int) Value {
	out := change(v)
	tests := v.Tests()
	if len(tests) == 0 || most == 0 {
		return out
	}
	branch := func(holds bool) Value {
		return v.Under(World{{tests[0], holds}}).split(change, most-1)
	}
	return out.WithChoice(Choice{If: When(tests[0]), Then: branch(true), Else: branch(false)})
}

// Tests are the tests that some part of v hangs on, each once.
func (v Value) Tests() []*Test {
	var out []*Test
	if m := v.Meta; m != nil {
		if m.Choice != nil {
			out = appendNew(out, m.Choice.If.Tests())
		}
		if m.Structure != nil {
			out = appendNew(out, m.Structure.Tests())
		}
	}
	for _, item := range v.Items {
		out = appendNew(out, item.Tests())
	}
	for _, f := range v.Fields {
		out = appendNew(out, f.Value.Tests())
	}
	return out
}

// Under is v in a world: what hangs on tests that the world decides is what
// they make it.
func (v Value) Under(w World) Value {
	if c := v.Alternatives(); c != nil {
		switch left := c.If.Under(w); {
		case left.IsAlways():
			return c.Then.Under(w)
		case left.IsNever():
			return c.Else.Under(w)
		}
	}
	if v.Meta != nil && v.Meta.Structure != nil && len(v.Meta.Structure.Tests()) > 0 {
		v = v.WithStructure(v.Meta.Structure.Under(w))
	}
	v.Items = itemsUnder(v.Items, w)
	v.Fields = fieldsUnder(v.Fields, w)
	return v
}

func itemsUnder(items []Value, w World) []Value {
	if len(items) == 0 {
		return items
	}
	out := make([]Value, 0, len(items))
	for _, item := range items {
		c := item.Alternatives()
		spliced := c != nil && c.Spliced
		switch item = item.Under(w); {
		case item.Kind == Absent:
		case spliced && item.Kind == List && item.Alternatives() == nil:
			out = append(out, item.Items...)
		default:
			out = append(out, item)
		}
	}
	return out
}

func fieldsUnder(fields []Field, w World) []Field {
	if len(fields) == 0 {
		return fields
	}
	out := make([]Field, 0, len(fields))
	for _, f := range fields {
		if f.Value = f.Value.Under(w); f.Value.Kind != Absent {
			out = append(out, f)
		}
	}
	return out
}

// Under is the stack as it is in a world, to be built anew: resources that do
// not exist there are left out.
func (s *Stack) Under(w World) *Stack {
	out := *s
	out.builder, out.Resources = nil, make([]*Resource, 0, len(s.Resources))
	for _, r := range s.Resources {
		exists := r.Exists.Under(w)
		if exists.IsNever() {
			continue
		}
		copied := Resource{
			Address: r.Address, DeclaredType: r.DeclaredType, Data: r.Data, Name: r.Name,
			Declared: r.Declared, Header: r.Header, Block: r.Block, Calls: r.Calls,
			Maybe: r.Maybe, Exists: exists, Origin: r.Origin,
		}
		if len(r.Declared.Tests()) > 0 {
			copied.Declared = r.Declared.Under(w)
		}
		if r.Exists != nil && exists.IsAlways() {
			copied.Maybe, copied.Exists = nil, nil
		}
		out.Resources = append(out.Resources, &copied)
	}
	out.Gaps = make([]*Gap, 0, len(s.Gaps))
	for _, gap := range s.Gaps {
		copied := *gap
		copied.Arguments = gap.Arguments.Under(w)
		if copied.Exists = gap.Exists.Under(w); copied.Exists.IsNever() {
			copied.Arguments = Value{}
		} else if gap.Exists != nil && copied.Exists.IsAlways() {
			copied.Maybe, copied.Exists = nil, nil
		}
		out.Gaps = append(out.Gaps, &copied)
	}
	return &out
}

// Under builds the graph of one stack as it is in a world.
func (g *Graph) Under(ctx context.Context, s *Stack, w World) *Graph {
	return Build(ctx, s.builder.schema, []*Stack{s.Under(w)})
}
