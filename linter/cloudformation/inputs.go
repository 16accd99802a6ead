package cloudformation

import (
	"slices"
	"strings"
)

// usedConditions lists the conditions that the resources, and a nested
// template's outputs, depend on, in the order they are declared.
func usedConditions(t *template, nested bool) []string {
	if t.conditions == nil || len(t.conditions.pairs) == 0 {
		return nil
	}
	used := map[string]bool{}
	var visit func(n *node)
	visit = func(n *node) {
		if name, argument, ok := n.call(); ok {
			switch {
			case name == "Condition" && argument.kind == stringNode:
				used[argument.text] = true
			case name == "Fn::If" && len(argument.items) > 0:
				used[argument.items[0].text] = true
			}
		}
		for _, item := range n.items {
			visit(item)
		}
		for i := range n.pairs {
			visit(n.pairs[i].value)
		}
	}
	visit(t.resources)
	if t.globals != nil {
		visit(t.globals)
	}
	if nested && t.outputs != nil {
		visit(t.outputs)
	}
	var resources func(section *node)
	resources = func(section *node) {
		for i := range section.pairs {
			p := &section.pairs[i]
			if c := p.value.get("Condition"); c != nil && c.kind == stringNode {
				used[c.text] = true
			}
			if strings.HasPrefix(p.name, forEachPrefix) && len(p.value.items) == 3 {
				resources(p.value.items[2])
			}
		}
	}
	resources(t.resources)
	var names []string
	for i := range t.conditions.pairs {
		if name := t.conditions.pairs[i].name; used[name] {
			names = append(names, name)
		}
	}
	return names
}

// input is something that conditions depend on and that may have another value.
type input struct {
	name     string
	declared *node // nil for a pseudo parameter
	// base is the text in the base world, if it has one; assumed tells that
	// it is the first of AllowedValues, which nobody wrote as the value.
	base             string
	hasBase, assumed bool
	allowed          []string
	literals         []string // what it is compared with
}

func baseFlips(inputs []*input) map[string]flip {
	flips := map[string]flip{}
	for _, in := range inputs {
		if in.assumed {
			flips[in.name] = flip{text: in.base}
		}
	}
	return flips
}

// alternatives are the values that an input is tried with.
func (in *input) alternatives() []flip {
	var out []flip
	taken := map[string]bool{}
	if in.hasBase {
		taken[in.base] = true
	}
	add := func(f flip) {
		if !taken[f.text] {
			taken[f.text] = true
			out = append(out, f)
		}
	}
	if len(in.allowed) > 0 {
		for _, text := range in.allowed {
			add(flip{text: text})
		}
		return out
	}
	for _, text := range in.literals {
		add(flip{text: text})
	}
	if in.declared == nil {
		for _, text := range pseudoParameters[in.name] {
			if !taken[text] {
				add(flip{text: text})
				break
			}
		}
		return out
	}
	other := "other"
	if kind := parameterType(in.declared); kind == "Number" || kind == "List<Number>" {
		other = "9"
	}
	for taken[other] {
		other += other[:1]
	}
	add(flip{text: other, invented: true})
	return out
}

// conditionName names a condition by the nested stacks that lead to its template.
type conditionName struct {
	stacks []string
	name   string
}

func (c conditionName) String() string {
	return strings.Join(append(slices.Clone(c.stacks), c.name), "/")
}

// influences lists the conditions that the template and the templates nested
// in it depend on, and the inputs that decide them. An input of a nested
// template is one of this template if that is passed to it, or else
// "Stack/Parameter".
func (e *evaluator) influences() (names []conditionName, inputs []*input) {
	own := usedConditions(e.template, e.prefix != "")
	for _, name := range own {
		names = append(names, conditionName{name: name})
	}
	r := conditionInputs(e.template, own, e.given)
	var further []*input
	e.expand()
	for _, entry := range e.entries {
		if templateProperty(entry.kind()) == "" {
			continue
		}
		inner := e.child(entry)
		if inner == nil {
			continue
		}
		nested, read := inner.influences()
		for _, n := range nested {
			names = append(names, conditionName{append([]string{entry.name}, n.stacks...), n.name})
		}
		passed := entry.body.get("Properties").get("Parameters")
		for _, in := range read {
			if pseudoParameters[in.name] != nil {
				r.share(r.read(nil, in.name), in)
			} else if p := passed.pair(in.name); p != nil {
				r.share(r.reads(nil, p.value), in)
			} else {
				in.name = entry.name + "/" + in.name
				further = append(further, in)
			}
		}
	}
	return names, append(r.order, further...)
}

// share lets the inputs that a nested template's input is made of be tried
// with what that one is compared with.
func (r *inputReader) share(found []*input, nested *input) {
	for _, in := range found {
		for _, text := range append(slices.Clone(nested.allowed), nested.literals...) {
			if !slices.Contains(in.literals, text) {
				in.literals = append(in.literals, text)
			}
		}
	}
}

// conditionInputs lists what the conditions read and the user has not given,
// in the order it is read.
func conditionInputs(t *template, names []string, given map[string]string) *inputReader {
	r := &inputReader{template: t, given: given, inputs: map[string]*input{}, visited: map[string]bool{}}
	for _, name := range names {
		r.condition(name)
	}
	// Two parameters may be compared with each other.
	for _, pair := range r.compared {
		for i, in := range pair {
			if other := pair[1-i]; other.hasBase {
				in.literals = append(in.literals, other.base)
			}
		}
	}
	return r
}

type inputReader struct {
	template *template
	given    map[string]string
	inputs   map[string]*input
	order    []*input
	visited  map[string]bool
	compared [][2]*input
}

func (r *inputReader) condition(name string) {
	if p := r.template.conditions.pair(name); p != nil && !r.visited[name] && len(r.visited) < maxConditionDepth*4 {
		r.visited[name] = true
		r.expression(p.value)
	}
}

func (r *inputReader) expression(n *node) {
	name, argument, ok := n.call()
	if !ok && n.get("Condition") != nil {
		name, argument = "Condition", n.get("Condition")
	}
	switch {
	case name == "Condition":
		r.condition(argument.text)
		return
	case name == "Fn::Equals" && len(argument.items) == 2:
		r.comparison(argument.items)
		return
	case name == "Fn::If" && len(argument.items) > 0:
		r.condition(argument.items[0].text)
	}
	for _, item := range n.items {
		r.expression(item)
	}
	for i := range n.pairs {
		r.expression(n.pairs[i].value)
	}
}

// comparison notes the inputs on both sides of an Fn::Equals and the literals
// they are compared with.
func (r *inputReader) comparison(sides []*node) {
	var found [2][]*input
	for i, side := range sides {
		found[i] = r.reads(nil, side)
	}
	for i := range sides {
		other := sides[1-i]
		for _, in := range found[i] {
			if other.isScalar() && !slices.Contains(in.literals, other.text) {
				in.literals = append(in.literals, other.text)
			}
		}
	}
	if len(found[0]) == 1 && len(found[1]) == 1 {
		r.compared = append(r.compared, [2]*input{found[0][0], found[1][0]})
	}
}

// reads lists the inputs that a value is made of.
func (r *inputReader) reads(found []*input, n *node) []*input {
	if name, argument, ok := n.call(); ok {
		switch name {
		case "Ref":
			return r.read(found, argument.text)
		case "Fn::Sub":
			pattern := argument
			if len(argument.items) > 0 {
				pattern = argument.items[0]
			}
			for _, part := range strings.Split(pattern.text, "${")[1:] {
				variable, _, _ := strings.Cut(part, "}")
				found = r.read(found, strings.TrimSpace(variable))
			}
		case "Fn::FindInMap":
			return r.readsOfMap(found, argument)
		}
	}
	for _, item := range n.items {
		found = r.reads(found, item)
	}
	for i := range n.pairs {
		found = r.reads(found, n.pairs[i].value)
	}
	return found
}

// readsOfMap notes that an input which is a mapping's key can be any of its keys.
func (r *inputReader) readsOfMap(found []*input, argument *node) []*input {
	for i, item := range argument.items {
		before := len(found)
		found = r.reads(found, item)
		if i != 1 || !argument.items[0].isScalar() {
			continue
		}
		mapping := r.template.mappings.get(argument.items[0].text)
		if mapping == nil {
			continue
		}
		for _, in := range found[before:] {
			for _, p := range mapping.pairs {
				if !slices.Contains(in.literals, p.name) {
					in.literals = append(in.literals, p.name)
				}
			}
		}
	}
	return found
}

func (r *inputReader) read(found []*input, name string) []*input {
	if in, ok := r.inputs[name]; ok {
		return append(found, in)
	}
	if _, ok := r.given[name]; ok {
		return found
	}
	in := &input{name: name}
	if values, ok := pseudoParameters[name]; ok {
		in.base, in.hasBase = values[0], true
	} else {
		p := r.template.parameters.pair(name)
		if p == nil || p.value.kind != mappingNode {
			return found
		}
		in.declared = p.value
		if !fromParameterStore(parameterType(p.value)) {
			in.readDeclaration()
		}
	}
	r.inputs[name] = in
	r.order = append(r.order, in)
	return append(found, in)
}

func (in *input) readDeclaration() {
	if values := in.declared.get("AllowedValues"); values != nil {
		for _, item := range values.items {
			if item.isScalar() {
				in.allowed = append(in.allowed, item.text)
			}
		}
	}
	if initial := in.declared.get("Default"); initial != nil {
		in.base, in.hasBase = parameterText(initial)
	} else if len(in.allowed) > 0 {
		in.base, in.hasBase, in.assumed = in.allowed[0], true, true
	}
}
