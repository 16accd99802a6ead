package cloudformation

import (
	"slices"
	"strings"
)

// maxValues is how many values of one input are tried.
const maxValues = 256

// variable is an input of conditions, or the truth of a comparison that no
// input settles.
type variable struct {
	index int
	// name is the input's: a pseudo parameter, a parameter of the template,
	// "Stack/Parameter" for one that is not passed to a nested template; ""
	// for a comparison.
	name     string
	declared *node // nil for a pseudo parameter
	// values are what it may be, that of the base world first.
	values   []flip
	literals []string        // what it is compared with, and keys it is looked up by
	compared map[string]bool // those that it is compared with
	// closed tells that it is a mapping's key, so that it must be one of them.
	closed bool
}

// part is the template of the stack, or one nested in it, as far as its
// conditions go.
type part struct {
	model     *model
	evaluator *evaluator // of the world that assumes nothing
	outer     *part      // nil for the stack's own template
	stack     string     // the logical id in outer
	passed    *node      // the arguments that outer gives
	formulas  map[string]*formula
}

// input is the variable of a root's input.
func (m *model) input(name string, declared *node) *variable {
	if v, ok := m.inputs[name]; ok {
		return v
	}
	v := &variable{index: len(m.variables), name: name, declared: declared}
	m.inputs[name] = v
	m.variables = append(m.variables, v)
	return v
}

// inputsOf are the inputs that a Ref's name stands for in a template.
func (p *part) inputsOf(found []*variable, name string) []*variable {
	if _, ok := pseudoParameters[name]; ok {
		return appendVariable(found, p.model.input(name, nil))
	}
	declared := p.evaluator.template.parameters.pair(name)
	if declared == nil || declared.value.kind != mappingNode {
		return found
	}
	if argument := p.argument(name); argument != nil {
		return p.outer.reads(found, argument)
	}
	return appendVariable(found, p.model.input(p.evaluator.prefix+name, declared.value))
}

// argument is what the template around this one passes for a parameter, or nil.
func (p *part) argument(name string) *node {
	if p.outer == nil {
		return nil
	}
	return p.passed.get(name)
}

func appendVariable(found []*variable, v *variable) []*variable {
	if slices.Contains(found, v) {
		return found
	}
	return append(found, v)
}

// reads lists the inputs that a value is made of.
func (p *part) reads(found []*variable, n *node) []*variable {
	if name, argument, ok := n.call(); ok {
		switch {
		case name == "Ref" && argument.kind == stringNode:
			return p.inputsOf(found, argument.text)
		case name == "Fn::Sub":
			for _, name := range substituted(argument) {
				found = p.inputsOf(found, name)
			}
		case name == "Fn::If" && len(argument.items) == 3:
			for _, v := range inputsIn(p.condition(argument.items[0], 0), map[*formula]bool{}, nil) {
				found = appendVariable(found, v)
			}
		}
	}
	if n == nil {
		return found
	}
	for _, item := range n.items {
		found = p.reads(found, item)
	}
	for i := range n.pairs {
		found = p.reads(found, n.pairs[i].value)
	}
	return found
}

// inputsIn lists the inputs of a formula's atoms.
func inputsIn(f *formula, seen map[*formula]bool, found []*variable) []*variable {
	if seen[f] {
		return found
	}
	seen[f] = true
	if f.atom != nil {
		for _, v := range f.atom.inputs {
			found = appendVariable(found, v)
		}
	}
	for _, inner := range f.parts {
		found = inputsIn(inner, seen, found)
	}
	return found
}

// substituted lists the names between ${ and } of an Fn::Sub.
func substituted(argument *node) []string {
	pattern := argument
	if len(argument.items) > 0 {
		pattern = argument.items[0]
	}
	var names []string
	for _, part := range strings.Split(pattern.text, "${")[1:] {
		name, _, closed := strings.Cut(part, "}")
		if closed && !strings.HasPrefix(name, "!") {
			names = append(names, strings.TrimSpace(name))
		}
	}
	return names
}

// settle lists the values that an input may have.
func (v *variable) settle(given map[string]string) {
	if v.name == "" {
		return
	}
	if text, ok := given[v.name]; ok && (v.declared == nil || !fromParameterStore(parameterType(v.declared))) {
		v.values = []flip{{text: text}}
		return
	}
	if v.declared == nil {
		v.settlePseudo()
		return
	}
	rules := constraintsOf(v.declared)
	initial, hasDefault := parameterText(v.declared.get("Default"))
	if fromParameterStore(parameterType(v.declared)) {
		rules.allowed, hasDefault = nil, false
	}
	if hasDefault {
		v.values = append(v.values, flip{text: initial})
	}
	for _, text := range rules.allowed {
		v.add(flip{text: text})
	}
	for _, text := range rules.written {
		if slices.Contains(v.literals, text) {
			v.add(flip{text: text})
		}
	}
	if len(rules.allowed) > 0 {
		return
	}
	if !hasDefault && !v.closed {
		v.add(flip{text: rules.other(v.literals), invented: true})
	}
	for _, text := range v.literals {
		if rules.permit(text) && (hasDefault || text != "" || !rules.neverEmpty()) {
			v.add(flip{text: text})
		}
	}
	if !v.closed || len(v.values) == 0 {
		v.add(flip{text: rules.other(append(v.literals, initial)), invented: true})
	}
}

func (v *variable) add(f flip) {
	if len(v.values) < maxValues && !slices.ContainsFunc(v.values, func(have flip) bool { return have.text == f.text }) {
		v.values = append(v.values, f)
	}
}

// settlePseudo lists the values of a pseudo parameter: the stand-in, what it
// is compared with, and a further one.
func (v *variable) settlePseudo() {
	known := pseudoParameters[v.name]
	v.values = []flip{{text: known[0], invented: !v.compared[known[0]]}}
	for _, text := range v.literals {
		v.add(flip{text: text, invented: !v.compared[text]})
	}
	if v.closed && len(v.literals) > 0 {
		if !slices.Contains(v.literals, known[0]) {
			v.values = v.values[1:]
		}
		return
	}
	for _, text := range known[1:] {
		if !slices.Contains(v.literals, text) {
			v.add(flip{text: text, invented: true})
			return
		}
	}
}
