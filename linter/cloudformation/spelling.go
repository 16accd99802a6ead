package cloudformation

import (
	"strings"

	"github.com/agnivade/levenshtein"

	"github.com/demarc-dev/demarc/linter/graph"
)

// spelling finds properties that no resource of the type had in April 2024,
// when goformation's models were made, and that look like one which the
// resource leaves out. That is advice: a property may be newer.
func (t *template) spelling() []graph.Advice {
	return resourceSpelling(nil, t.resources, 0)
}

func resourceSpelling(out []graph.Advice, section *node, depth int) []graph.Advice {
	for i := range section.pairs {
		p := &section.pairs[i]
		if strings.HasPrefix(p.name, forEachPrefix) && len(p.value.items) == 3 && depth < maxDepth {
			out = resourceSpelling(out, p.value.items[2], depth+1)
			continue
		}
		kind, properties := p.value.get("Type"), p.value.get("Properties")
		if !kind.isScalar() || properties == nil {
			continue
		}
		if strings.HasPrefix(kind.text, serverlessPrefix) && kind.text != serverlessPrefix+"Function" {
			continue // goformation's models of SAM's other types are not AWS's
		}
		if s := shapeOfType(kind.text); s != nil {
			check := spellingCheck{resource: p.name, kind: kind.text}
			check.visit(s, properties)
			out = append(out, check.found...)
		}
	}
	return out
}

type spellingCheck struct {
	resource, kind string
	found          []graph.Advice
}

func (c *spellingCheck) visit(s *shape, n *node) {
	switch _, argument, call := n.call(); {
	case s == nil || n == nil:
	case call:
		if n.kind == callNode && n.text != "Fn::If" || n.kind != callNode && n.pairs[0].name != "Fn::If" {
			return
		}
		for _, branch := range argument.items[min(1, len(argument.items)):] {
			c.visit(s, branch)
		}
	case s.form == listForm && n.kind == sequenceNode:
		for _, item := range n.items {
			c.visit(s.elem, item)
		}
	case s.form == mapForm && n.kind == mappingNode:
		for i := range n.pairs {
			c.visit(s.elem, n.pairs[i].value)
		}
	case s.form == objectForm && n.kind == mappingNode:
		for i := range n.pairs {
			p := &n.pairs[i]
			if inner := s.property(p.name); inner != nil {
				c.visit(inner, p.value)
			} else if meant := c.meant(s, n, p.name); meant != "" {
				c.found = append(c.found, graph.Advice{
					At: n.nameAt(p), Tag: c.resource + "." + p.name,
					Message: c.kind + " has no property " + p.name + " that demarc knows; did you mean " + meant + "?",
				})
			}
		}
	}
}

// meant is the one property that a name is nearest to, if it is near enough
// and not written beside it; else "".
func (c *spellingCheck) meant(s *shape, n *node, name string) string {
	if strings.Contains(name, "::") || strings.Contains(name, "${") || strings.Contains(name, "&{") {
		return ""
	}
	best, distance, several := "", 3, false
	for known := range s.fields() {
		d := levenshtein.ComputeDistance(strings.ToLower(known), strings.ToLower(name))
		if strings.EqualFold(known, name) {
			d = 0
		}
		switch {
		case d > 2 || d*4 > len(name) || n.pair(known) != nil:
		case d < distance:
			best, distance, several = known, d, false
		case d == distance:
			several = true
		}
	}
	if several {
		return ""
	}
	return best
}
