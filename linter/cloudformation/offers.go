package cloudformation

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Inputs are offered the values by which what is made of them equals what it
// is compared with: the search tries those.

// exact reports whether a value is an input as it was given, or what it is
// looked up by in a mapping, or written down.
func (p *part) exact(n *node) bool {
	name, argument, ok := n.call()
	switch {
	case !ok:
		return n.isScalar()
	case name == "Ref" && argument.kind == stringNode:
		if passed := p.argument(argument.text); passed != nil {
			return p.outer.exact(passed)
		}
		return true
	case name == "Fn::FindInMap" && len(argument.items) == 3:
		return p.exact(argument.items[1]) && p.exact(argument.items[2])
	}
	return false
}

// offerAll tells the inputs in a value all texts that stand in what it is
// compared with.
func (p *part) offerAll(n, other *node) {
	p.offerKeys(n)
	if other.isScalar() {
		p.offer(n, other.text)
		return
	}
	if _, _, called := other.call(); !called {
		for _, item := range other.items {
			p.offerAll(n, item)
		}
	}
	// Two inputs that are compared may both have what either has.
	name, argument, ok := other.call()
	if !ok || name != "Ref" || argument.kind != stringNode {
		return
	}
	for _, v := range p.inputsOf(nil, argument.text) {
		if initial, ok := parameterText(v.declared.get("Default")); ok {
			p.offer(n, initial)
		}
	}
}

// offer tells the inputs in a value which values make it a text.
func (p *part) offer(n *node, text string) {
	name, argument, ok := n.call()
	if !ok {
		for _, item := range nodesIn(n) {
			p.offer(item, text)
		}
		return
	}
	switch name {
	case "Ref":
		p.offerTo(argument.text, text)
	case "Fn::If":
		for _, item := range argument.items[min(1, len(argument.items)):] {
			p.offer(item, text)
		}
	case "Fn::Sub", "Fn::Join":
		p.offerParts(name, argument, text)
	case "Fn::Select":
		p.offerMember(argument, text)
	}
}

func nodesIn(n *node) []*node {
	if n == nil || n.kind != sequenceNode {
		return nil
	}
	return n.items
}

// offerTo offers a value to the parameter, or the pseudo parameter, of a name.
func (p *part) offerTo(name, text string) {
	if passed := p.argument(name); passed != nil {
		p.outer.offer(passed, text)
		return
	}
	for _, v := range p.inputsOf(nil, name) {
		v.offer(text)
		if !p.model.asKeys {
			if v.compared == nil {
				v.compared = map[string]bool{}
			}
			v.compared[text] = true
		}
	}
}

func (v *variable) offer(text string) {
	if !slices.Contains(v.literals, text) && len(v.literals) < maxValues {
		v.literals = append(v.literals, text)
	}
}

// offerParts offers the variables of an Fn::Sub, or the members of an
// Fn::Join, what makes the whole a text.
func (p *part) offerParts(function string, argument *node, text string) {
	var names []string
	var pattern strings.Builder
	pattern.WriteString("^")
	hole := func(name string) {
		names = append(names, name)
		pattern.WriteString("(.*?)")
	}
	switch {
	case function == "Fn::Sub":
		from := argument
		if len(argument.items) > 0 {
			from = argument.items[0]
		}
		pieces := strings.Split(from.text, "${")
		pattern.WriteString(regexp.QuoteMeta(pieces[0]))
		for _, piece := range pieces[1:] {
			name, rest, _ := strings.Cut(piece, "}")
			hole(strings.TrimSpace(name))
			pattern.WriteString(regexp.QuoteMeta(rest))
		}
	case len(argument.items) == 2:
		delimiter := regexp.QuoteMeta(argument.items[0].text)
		if name, ok := refersTo(argument.items[1]); ok { // a list
			names = append(names, name)
			text = strings.ReplaceAll(text, argument.items[0].text, ",")
			pattern.WriteString("(.*?)")
		}
		for i, item := range nodesIn(argument.items[1]) {
			if i > 0 {
				pattern.WriteString(delimiter)
			}
			if name, ok := refersTo(item); ok {
				hole(name)
			} else {
				pattern.WriteString(regexp.QuoteMeta(item.text))
			}
		}
	}
	matcher, err := regexp.Compile("(?s)" + pattern.String() + "$")
	if err != nil {
		return
	}
	if found := matcher.FindStringSubmatch(text); found != nil {
		for i, name := range names {
			p.offerTo(name, found[i+1])
		}
	}
}

// offerMember offers the list, or the text that is split into one, of an
// Fn::Select what makes the member a text.
func (p *part) offerMember(argument *node, text string) {
	if argument.kind != sequenceNode || len(argument.items) != 2 {
		return
	}
	const most = 20
	index, err := strconv.Atoi(argument.items[0].text)
	if err != nil || index < 0 || index > most {
		return
	}
	list, delimiter := argument.items[1], ","
	if name, inner, ok := list.call(); ok && name == "Fn::Split" && len(inner.items) == 2 {
		delimiter, list = inner.items[0].text, inner.items[1]
	}
	members := append(slices.Repeat([]string{"x"}, index), text)
	p.offer(list, strings.Join(members, delimiter))
}

// offerKeys tells an input that is a mapping's key that it can be any of its
// keys, and nothing else.
func (p *part) offerKeys(n *node) {
	if n == nil {
		return
	}
	if name, argument, ok := n.call(); ok && name == "Fn::FindInMap" && len(argument.items) >= 3 && argument.items[0].isScalar() {
		mapping := p.evaluator.template.mappings.get(argument.items[0].text)
		p.offerKeysOf(argument.items[1], mapping, len(argument.items) == 3)
		if mapping != nil {
			for i := range mapping.pairs {
				p.offerKeysOf(argument.items[2], mapping.pairs[i].value, len(argument.items) == 3)
			}
		}
	}
	for _, item := range n.items {
		p.offerKeys(item)
	}
}

func (p *part) offerKeysOf(key, mapping *node, closed bool) {
	if mapping == nil || key.isScalar() {
		return
	}
	for i := range mapping.pairs {
		p.model.asKeys = true
		p.offer(key, mapping.pairs[i].name)
		p.model.asKeys = false
	}
	if _, ok := refersTo(key); !ok || !closed {
		return
	}
	for _, v := range p.reads(nil, key) {
		v.closed = v.closed || p.exact(key)
	}
}
