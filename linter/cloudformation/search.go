package cloudformation

import (
	"encoding/binary"
	"strings"
)

// maxLooks is how many formulas one template's search may look at.
const maxLooks = 3_000_000

// model is what decides the conditions of a template and of those nested in
// it, and a search for inputs that give conditions wanted truths.
type model struct {
	loader    *loader
	given     map[string]string
	inputs    map[string]*variable // by name
	variables []*variable          // by index
	atoms     []*atom
	rules     []demand
	root      *part
	asKeys    bool // whether what is offered are keys of a mapping
	// values is the variables' assignment, as indexes of their values; -1
	// for one that is open.
	values []int
	step   int
	left   int // of maxLooks
	// evaluators are kept for atoms of nested templates, by what they assume.
	evaluators map[string]*evaluator
}

// demand is a formula that shall come out true or false. One that is lenient
// may stay unknown.
type demand struct {
	formula        *formula
	holds, lenient bool
}

// ready settles what the inputs may be, once all formulas are made.
func (m *model) ready() {
	m.values = make([]int, len(m.variables))
	for _, v := range m.variables {
		v.settle(m.given)
	}
	m.clear()
}

func (m *model) clear() {
	for i := range m.values {
		m.values[i] = -1
	}
}

// base gives every open variable its first value.
func (m *model) base() {
	for i, value := range m.values {
		if value < 0 {
			m.values[i] = 0
		}
	}
}

// solve gives open variables values by which all demands come out as wanted;
// it leaves the assignment as it was when there are none.
func (m *model) solve(demands []demand) bool {
	m.step++
	var v *variable // that a demand waits for
	for _, t := range demands {
		switch said := m.look(t.formula); {
		case said == open && v == nil:
			if v = m.pick(t.formula); v == nil && !t.lenient {
				return false
			}
		case said != open && said != verdictOf(t.holds):
			return false
		}
	}
	if v == nil {
		return true
	}
	for i := range v.values {
		if m.left <= 0 {
			break
		}
		m.values[v.index] = i
		if m.solve(demands) {
			return true
		}
	}
	m.values[v.index] = -1
	return false
}

// look evaluates a formula, each part once a step.
func (m *model) look(f *formula) verdict {
	if f.seen == m.step {
		return f.last
	}
	m.left--
	m.loader.looks++
	f.seen, f.last = m.step, open // one that leads back to itself is unknown
	f.last = m.lookAt(f)
	return f.last
}

func (m *model) lookAt(f *formula) verdict {
	switch f.operator {
	case constant:
		return verdictOf(f.holds)
	case atomic:
		return m.weigh(f.atom)
	case negation:
		switch m.look(f.parts[0]) {
		case yes:
			return no
		case no:
			return yes
		}
	case conjunction:
		return m.several(f.parts, no)
	case disjunction:
		return m.several(f.parts, yes)
	case choice:
		switch m.look(f.parts[0]) {
		case yes:
			return m.look(f.parts[1])
		case no:
			return m.look(f.parts[2])
		}
	}
	return open
}

// several is a conjunction or a disjunction: one decisive part settles it.
func (m *model) several(parts []*formula, decisive verdict) verdict {
	out := yes + no - decisive
	for _, f := range parts {
		switch m.look(f) {
		case decisive:
			return decisive
		case open:
			out = open
		}
	}
	return out
}

// pick finds an open variable that a formula waits for, each part once a step.
func (m *model) pick(f *formula) *variable {
	if f.picked == m.step || m.look(f) != open {
		return nil
	}
	f.picked = m.step
	if f.atom != nil {
		for _, v := range f.atom.inputs {
			if m.values[v.index] < 0 {
				return v
			}
		}
		if m.values[f.atom.free.index] < 0 {
			return f.atom.free
		}
		return nil
	}
	parts := f.parts
	if f.operator == choice {
		parts = parts[:1]
		switch m.look(f.parts[0]) {
		case yes:
			parts = f.parts[1:2]
		case no:
			parts = f.parts[2:]
		}
	}
	for _, inner := range parts {
		if v := m.pick(inner); v != nil {
			return v
		}
	}
	return nil
}

// weigh says what an atom is under the assignment.
func (m *model) weigh(a *atom) verdict {
	key := make([]byte, 0, 2*len(a.inputs))
	invented := false
	for _, v := range a.inputs {
		i := m.values[v.index]
		if i < 0 {
			return open
		}
		invented = invented || v.values[i].invented
		key = binary.AppendVarint(key, int64(i))
	}
	said := open
	if a.exact || !invented {
		var ok bool
		if said, ok = a.table[string(key)]; !ok {
			said = m.compare(a)
			a.table[string(key)] = said
		}
	}
	if said == open && m.values[a.free.index] >= 0 {
		return verdictOf(m.values[a.free.index] == 1)
	}
	return said
}

// compare evaluates an atom under the assignment; open is for what the inputs
// do not settle.
func (m *model) compare(a *atom) verdict {
	e := m.evaluatorFor(a)
	if e == nil {
		return open
	}
	e.inCondition = true
	t := e.truthOf(a.name, a.argument)
	e.inCondition = false
	if !t.known {
		return open
	}
	return verdictOf(t.holds)
}

// evaluatorFor is an evaluator of an atom's template that has the atom's
// inputs as they are assigned; nil when the template is not at hand then.
func (m *model) evaluatorFor(a *atom) *evaluator {
	const kept = 64
	flips := map[string]flip{}
	var key strings.Builder
	for _, v := range a.inputs {
		f := v.values[m.values[v.index]]
		flips[v.name] = f
		key.WriteString(v.name + "=" + f.text + "\x00")
	}
	root := m.evaluators[key.String()]
	if root == nil {
		root = newEvaluator(m.loader, m.root.evaluator.template)
		root.given, root.flips = m.given, flips
		if len(m.evaluators) >= kept {
			clear(m.evaluators)
		}
		m.evaluators[key.String()] = root
	}
	return a.part.in(root)
}

// in is the evaluator of a part of the stack whose root evaluator is e.
func (p *part) in(e *evaluator) *evaluator {
	if p.outer == nil {
		return e
	}
	if e = p.outer.in(e); e == nil {
		return nil
	}
	r := e.resource(p.stack)
	if r == nil {
		return nil
	}
	return e.child(r)
}

// assumed lists what a complete assignment takes to be so of atoms that the
// inputs do not settle.
func (m *model) assumed() map[assumption]bool {
	m.step++
	out := map[assumption]bool{}
	for _, a := range m.atoms {
		free := a.free.index
		chosen := m.values[free]
		m.values[free] = -1
		if m.weigh(a) == open {
			out[assumption{a.part.evaluator.prefix, a.argument}] = chosen == 1
		}
		m.values[free] = chosen
	}
	return out
}

// flips are the inputs of a complete assignment.
func (m *model) flips() map[string]flip {
	out := map[string]flip{}
	for _, v := range m.variables {
		if v.name == "" {
			continue
		}
		f := v.values[m.values[v.index]]
		if v.declared == nil || m.values[v.index] > 0 || f.invented || !v.isDefault(f.text) {
			out[v.name] = f
		}
	}
	return out
}

// isDefault reports whether an input has a value without being given one.
func (v *variable) isDefault(text string) bool {
	initial, ok := parameterText(v.declared.get("Default"))
	return ok && initial == text
}
