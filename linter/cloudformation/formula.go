package cloudformation

import (
	"strings"
)

// verdict is what a formula says of a set of inputs of which some may be open.
type verdict uint8

const (
	open verdict = iota
	no
	yes
)

func verdictOf(holds bool) verdict {
	if holds {
		return yes
	}
	return no
}

// operator is what a formula does with its parts.
type operator uint8

const (
	// unknowable is no condition at all: what it says is never known.
	unknowable operator = iota
	constant
	atomic
	negation
	conjunction
	disjunction
	choice // Fn::If: the first part chooses between the others
)

// formula is a condition over atoms. Formulas share parts, as conditions do.
type formula struct {
	operator operator
	holds    bool // of a constant
	atom     *atom
	parts    []*formula
	// seen and last are the step of the search that looked at it last, and
	// what it said then.
	seen int
	last verdict
	// picked is the step that looked here for an open variable.
	picked int
}

// atom is a comparison, which only inputs decide.
type atom struct {
	part     *part
	name     string // Fn::Equals
	argument *node
	inputs   []*variable
	// exact tells that a value which nobody names equals nothing that the
	// other side may be.
	exact bool
	// free is the atom's truth where its inputs don't settle it.
	free  *variable
	table map[string]verdict // by the inputs' values; open where they don't settle it
}

// assumption names an atom that a world takes to be true or false.
type assumption struct {
	prefix   string // of the stack
	argument *node
}

// compile makes the formula of a condition's expression in a template.
func (p *part) compile(n *node, depth int) *formula {
	name, argument, ok := n.call()
	if !ok && n != nil && n.kind == mappingNode && len(n.pairs) == 1 && n.pairs[0].name == "Condition" {
		name, argument, ok = "Condition", n.pairs[0].value, true
	}
	switch {
	case depth > maxConditionDepth || !p.model.loader.spend(1):
		return &formula{}
	case !ok && n != nil && n.kind == boolNode:
		return &formula{operator: constant, holds: isTrue(n)}
	case !ok:
		return &formula{}
	}
	switch name {
	case "Condition":
		return p.condition(argument, depth)
	case "Fn::Equals", "Fn::Contains", "Fn::EachMemberEquals", "Fn::EachMemberIn":
		return p.comparison(name, argument)
	case "Fn::Not":
		return p.compileAll(negation, argument, 1, 1, depth)
	case "Fn::And":
		return p.compileAll(conjunction, argument, 1, len(argument.items), depth)
	case "Fn::Or":
		return p.compileAll(disjunction, argument, 1, len(argument.items), depth)
	case "Fn::If":
		f := p.compileAll(choice, argument, 3, 3, depth)
		if f.operator == choice && p.evaluator.template.namesCondition(argument.items[0]) {
			f.parts[0] = p.condition(argument.items[0], depth)
		}
		return f
	}
	return &formula{}
}

func isTrue(n *node) bool { return strings.EqualFold(n.text, "true") }

// compileAll makes the formula of a function of at least and at most so many
// conditions.
func (p *part) compileAll(o operator, argument *node, least, most, depth int) *formula {
	if argument.kind != sequenceNode || len(argument.items) < least || len(argument.items) > most {
		return &formula{}
	}
	f := &formula{operator: o, parts: make([]*formula, len(argument.items))}
	for i, item := range argument.items {
		f.parts[i] = p.compile(item, depth+1)
	}
	return f
}

// condition is the formula of a condition that is named, made once. One that
// leads back to itself says nothing.
func (p *part) condition(name *node, depth int) *formula {
	if !p.evaluator.template.namesCondition(name) {
		return &formula{}
	}
	return p.conditionNamed(name.name(), depth)
}

func (p *part) conditionNamed(name string, depth int) *formula {
	if f, ok := p.formulas[name]; ok {
		return f
	}
	declared := p.evaluator.template.conditions.pair(name)
	if declared == nil {
		return &formula{}
	}
	f := &formula{}
	p.formulas[name] = f
	*f = *p.compile(declared.value, depth+1)
	return f
}

// comparison makes an atom, and tells the inputs on each side what they are
// compared with.
func (p *part) comparison(name string, argument *node) *formula {
	if argument.kind != sequenceNode || len(argument.items) != 2 {
		return &formula{}
	}
	a := &atom{part: p, name: name, argument: argument, table: map[string]verdict{}}
	left, right := p.reads(nil, argument.items[0]), p.reads(nil, argument.items[1])
	a.inputs = left
	for _, in := range right {
		a.inputs = appendVariable(a.inputs, in)
	}
	a.exact = name == "Fn::Equals" && (len(left) == 0 || len(right) == 0) && p.exact(argument.items[0]) && p.exact(argument.items[1])
	for i, side := range argument.items {
		p.offerAll(side, argument.items[1-i])
	}
	a.free = &variable{values: []flip{{text: "false"}, {text: "true"}}, index: len(p.model.variables)}
	p.model.variables = append(p.model.variables, a.free)
	p.model.atoms = append(p.model.atoms, a)
	return &formula{operator: atomic, atom: a}
}

// rules are the formulas of a template's Rules section: a stack that makes one
// of them false is none.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
func (p *part) rules() []*formula {
	var out []*formula
	section := p.evaluator.template.rules
	if section == nil {
		return nil
	}
	for i := range section.pairs {
		rule := section.pairs[i].value
		assertions := rule.get("Assertions")
		if assertions == nil {
			continue
		}
		all := &formula{operator: conjunction}
		for _, item := range assertions.items {
			all.parts = append(all.parts, p.compile(item.get("Assert"), 0))
		}
		if when := rule.get("RuleCondition"); when != nil {
			all = &formula{operator: disjunction, parts: []*formula{{operator: negation, parts: []*formula{p.compile(when, 0)}}, all}}
		}
		out = append(out, all)
	}
	return out
}
