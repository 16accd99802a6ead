package graph

import (
	"slices"
	"strings"
)

// Test is a statement about a stack's inputs that is true or false, and not
// known to be either. One pointer stands for one statement.
type Test struct {
	// Holds and Fails say it in words: "var.office is true", "var.office is false".
	Holds, Fails string
	// Subject and Value are those of a test whether one thing has a value; of
	// several tests of one subject at most one holds. "" for other tests.
	Subject, Value string
	// Vague tells that a test fails only for lack of data, which nobody chose:
	// that a list that is not known is empty. What is missing then is in doubt.
	Vague bool
}

// Literal is a Test with its outcome.
type Literal struct {
	Test  *Test
	Holds bool
}

func (l Literal) String() string {
	if l.Holds {
		return l.Test.Holds
	}
	return l.Test.Fails
}

// World is what is assumed of a stack's inputs. Tests that it does not name
// stay open.
type World []Literal

// truth is a test's outcome in the world; known is false where it is open.
func (w World) truth(t *Test) (holds, known bool) {
	for _, l := range w {
		if l.Test == t {
			return l.Holds, true
		}
	}
	if t.Subject != "" {
		for _, l := range w {
			if l.Holds && l.Test.Subject == t.Subject {
				return false, true
			}
		}
	}
	return false, false
}

// With is w with a further assumption; false where the two contradict.
func (w World) With(l Literal) (World, bool) {
	if holds, known := w.truth(l.Test); known {
		if holds != l.Holds {
			return w, false
		}
	}
	if slices.Contains(w, l) {
		return w, true
	}
	return append(w[:len(w):len(w)], l), true
}

// Join is w with all assumptions of o; false where the two contradict.
func (w World) Join(o World) (World, bool) {
	for _, l := range o {
		joined, ok := w.With(l)
		if !ok {
			return nil, false
		}
		w = joined
	}
	return w, true
}

func (w World) String() string {
	texts := make([]string, len(w))
	for i, l := range w {
		texts[i] = l.String()
	}
	return strings.Join(texts, " and ")
}

type connective uint8

const (
	constant connective = iota
	single
	negation
	conjunction
	disjunction
)

// Condition says when something holds: a formula over tests. A nil Condition
// always holds.
type Condition struct {
	connective connective
	holds      bool // of a constant
	test       *Test
	parts      []*Condition
}

// Always and Never are the conditions that do not depend on anything.
var (
	Always = &Condition{holds: true}
	Never  = &Condition{}
)

// When is the condition that a test holds.
func When(t *Test) *Condition { return &Condition{connective: single, test: t} }

// Not is the opposite of a condition.
func Not(c *Condition) *Condition {
	switch {
	case c.IsAlways():
		return Never
	case c.IsNever():
		return Always
	case c.connective == negation:
		return c.parts[0]
	}
	return &Condition{connective: negation, parts: []*Condition{c}}
}

// And holds where all conditions do.
func And(conditions ...*Condition) *Condition { return joined(conjunction, conditions) }

// Or holds where one of the conditions does.
func Or(conditions ...*Condition) *Condition { return joined(disjunction, conditions) }

func joined(by connective, conditions []*Condition) *Condition {
	neutral, absorbing := Always, Never
	if by == disjunction {
		neutral, absorbing = Never, Always
	}
	var parts []*Condition
	for _, c := range conditions {
		switch {
		case c.isConstant() && c.value() == neutral.holds:
		case c.isConstant():
			return absorbing
		case c.connective == by:
			for _, part := range c.parts {
				parts = addCondition(parts, part)
			}
		default:
			parts = addCondition(parts, c)
		}
	}
	switch len(parts) {
	case 0:
		return neutral
	case 1:
		return parts[0]
	}
	for _, p := range parts { // p and not p
		if slices.ContainsFunc(parts, Not(p).same) {
			return absorbing
		}
	}
	return &Condition{connective: by, parts: parts}
}

// whens are the conditions that each of some tests holds.
func whens(tests []*Test) []*Condition {
	out := make([]*Condition, len(tests))
	for i, t := range tests {
		out[i] = When(t)
	}
	return out
}

// eachOf depends on the tests of all conditions, whatever they make together.
func eachOf(conditions ...*Condition) *Condition {
	return &Condition{connective: disjunction, parts: conditions}
}

func addCondition(parts []*Condition, c *Condition) []*Condition {
	if slices.ContainsFunc(parts, c.same) {
		return parts
	}
	return append(parts, c)
}

// same reports whether two conditions are written alike.
func (c *Condition) same(o *Condition) bool {
	return c == o || c.connective == o.connective && c.holds == o.holds && c.test == o.test &&
		slices.EqualFunc(c.parts, o.parts, (*Condition).same)
}

func (c *Condition) isConstant() bool { return c == nil || c.connective == constant }

func (c *Condition) value() bool { return c == nil || c.holds }

// IsAlways reports whether the condition holds whatever the inputs are.
func (c *Condition) IsAlways() bool { return c.isConstant() && c.value() }

// IsNever reports whether the condition holds for no inputs.
func (c *Condition) IsNever() bool { return c.isConstant() && !c.value() }

// Under is what is left of the condition in a world.
func (c *Condition) Under(w World) *Condition {
	if c.isConstant() {
		return c
	}
	switch c.connective {
	case single:
		holds, known := w.truth(c.test)
		switch {
		case !known:
			return c
		case holds:
			return Always
		}
		return Never
	case negation:
		return Not(c.parts[0].Under(w))
	}
	parts := make([]*Condition, len(c.parts))
	for i, p := range c.parts {
		parts[i] = p.Under(w)
	}
	return joined(c.connective, parts)
}

// Tests are those that the condition depends on, each once.
func (c *Condition) Tests() []*Test {
	if c.isConstant() {
		return nil
	}
	if c.connective == single {
		return []*Test{c.test}
	}
	var out []*Test
	for _, p := range c.parts {
		out = appendNew(out, p.Tests())
	}
	return out
}

// Worlds are the smallest sets of assumptions in which the condition holds,
// not more than most.
func (c *Condition) Worlds(most int) []World {
	if c.IsAlways() {
		return []World{nil}
	}
	return c.worlds(nil, c.Tests(), most)
}

func (c *Condition) worlds(w World, tests []*Test, most int) []World {
	left := c.Under(w)
	switch {
	case left.IsAlways():
		return []World{w}
	case left.IsNever() || len(tests) == 0:
		return nil
	}
	var out []World
	for _, holds := range []bool{true, false} {
		if len(out) >= most {
			break
		}
		if next, ok := w.With(Literal{tests[0], holds}); ok {
			out = append(out, c.worlds(next, tests[1:], most-len(out))...)
		}
	}
	return out
}

// String says the condition in words; "" if it always holds.
func (c *Condition) String() string {
	if c.IsAlways() {
		return ""
	}
	switch c.connective {
	case constant:
		return "never"
	case single:
		return c.test.Holds
	case negation:
		if c.parts[0].connective == single {
			return c.parts[0].test.Fails
		}
		return c.parts[0].negated()
	}
	return c.list(" and ", " or ", (*Condition).String)
}

// negated says the opposite in words, by De Morgan.
func (c *Condition) negated() string {
	if c.connective == conjunction || c.connective == disjunction {
		return c.list(" or ", " and ", func(p *Condition) string { return Not(p).String() })
	}
	return Not(c).String()
}

// list joins the parts in words, alternatives in brackets where they are parts.
func (c *Condition) list(and, or string, say func(*Condition) string) string {
	by := and
	if c.connective == disjunction {
		by = or
	}
	texts := make([]string, len(c.parts))
	for i, p := range c.parts {
		if texts[i] = say(p); strings.Contains(texts[i], " or ") && by == " and " {
			texts[i] = "(" + texts[i] + ")"
		}
	}
	return strings.Join(texts, by)
}
