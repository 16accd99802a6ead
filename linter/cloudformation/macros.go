package cloudformation

import (
	"strings"

	"github.com/demarc-dev/demarc/linter/graph"
)

// remarks adds what a template says whatever the world is.
func (e *evaluator) remarks(s *graph.Stack) {
	if !s.IsBase() {
		return
	}
	t := e.template
	s.Requests = append(s.Requests, t.requests()...)
	s.Advice = append(s.Advice, t.spelling()...)
	e.partsElsewhere(s)
	if len(e.macros()) == 0 {
		return
	}
	e.expand()
	links := make([]graph.Link, len(e.entries))
	for i, r := range e.entries {
		links[i] = graph.Link{Address: e.prefix + r.name, Attribute: "Ref"}
	}
	for _, macro := range e.macros() {
		s.Gaps = append(s.Gaps, &graph.Gap{Address: e.prefix + macro.text, Source: "a macro that may rewrite the template", Range: macro.at(), Links: links, Rewrites: true})
	}
}

// macros are the macros over the whole template.
func (e *evaluator) macros() []*node {
	if e.whole == nil {
		found := macros([]*node{}, e.template.root.get("Transform"))
		e.whole = macros(found, e.template.root.get("Fn::Transform"))
	}
	return e.whole
}

// macros are the transforms of a whole template that are not AWS's own: what
// they add cannot be known.
func macros(found []*node, n *node) []*node {
	switch {
	case n == nil:
	case n.kind == sequenceNode:
		for _, item := range n.items {
			found = macros(found, item)
		}
	case n.kind == mappingNode:
		found = macros(found, n.get("Name"))
	case n.kind == stringNode && !strings.HasPrefix(n.text, "AWS::"):
		found = append(found, n)
	}
	return found
}

// partsElsewhere lists what a macro, or an include of a file that is not at
// hand, puts into a section that has no resources.
func (e *evaluator) partsElsewhere(s *graph.Stack) {
	t := e.template
	for _, transform := range nodesOf(t.root.get("Transform")) {
		if location := transform.get("Parameters").get("Location"); location.isScalar() {
			s.Gaps = append(s.Gaps, &graph.Gap{Address: e.prefix + includeName, Source: location.text, Range: transform.at()})
		}
	}
	for _, section := range []*node{t.root, t.parameters, t.mappings, t.conditions, t.rules} {
		p := section.pair("Fn::Transform")
		if p == nil {
			continue
		}
		from := transformReason(p.value).Text
		switch location := p.value.get("Parameters").get("Location"); {
		case location.isScalar():
			from = location.text
		case section == t.root:
			continue // a macro over the whole template
		}
		s.Gaps = append(s.Gaps, &graph.Gap{Address: e.prefix + p.name, Source: from, Range: section.nameAt(p)})
	}
}

// nodesOf are the members of a list, or what stands in its place.
func nodesOf(n *node) []*node {
	if n != nil && n.kind == sequenceNode {
		return n.items
	}
	return []*node{n}
}
