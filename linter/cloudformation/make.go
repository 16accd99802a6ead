package cloudformation

import "github.com/demarc-dev/demarc/linter/source"

// maker writes the nodes of resources that a transform adds to a template.
// All that it writes stands where the transform was asked for it; what it
// takes over from the template keeps its own place.
type maker struct {
	at source.Range
}

func (m maker) node(k kind) *node {
	return &node{kind: k, file: m.at.File, start: m.at.Start, end: m.at.End}
}

func (m maker) text(s string) *node {
	n := m.node(stringNode)
	n.text = s
	return n
}

func (m maker) boolean(b bool) *node {
	n := m.node(boolNode)
	n.text = "false"
	if b {
		n.text = "true"
	}
	return n
}

// list leaves out items that are nil.
func (m maker) list(items ...*node) *node {
	n := m.node(sequenceNode)
	for _, item := range items {
		if item != nil {
			n.items = append(n.items, item)
		}
	}
	return n
}

// object leaves out members whose value is nil.
func (m maker) object(members ...pair) *node {
	n := m.node(mappingNode)
	for _, p := range members {
		if p.value != nil {
			n.pairs = append(n.pairs, p)
		}
	}
	return n
}

// member is one member of an object.
func (m maker) member(name string, value *node) pair {
	return pair{name: name, start: m.at.Start, end: m.at.End, value: value}
}

// moved is a member of the template under another name; p may be nil.
func (m maker) moved(name string, p *pair) pair {
	if p == nil {
		return pair{}
	}
	return pair{name: name, start: p.start, end: p.end, value: p.value}
}

func (m maker) call(function string, argument *node) *node {
	n := m.node(callNode)
	n.text, n.items = function, []*node{argument}
	return n
}

func (m maker) ref(name string) *node { return m.call("Ref", m.text(name)) }

func (m maker) getAtt(name, attribute string) *node {
	return m.call("Fn::GetAtt", m.text(name+"."+attribute))
}

// sub is Fn::Sub with variables of its own.
func (m maker) sub(pattern string, variables ...pair) *node {
	if len(variables) == 0 {
		return m.call("Fn::Sub", m.text(pattern))
	}
	return m.call("Fn::Sub", m.list(m.text(pattern), m.object(variables...)))
}

// copied returns n with everything in it standing where m writes.
func (m maker) copied(n *node) *node {
	out := *n
	out.file, out.start, out.end = m.at.File, m.at.Start, m.at.End
	out.items, out.pairs = nil, nil
	for _, item := range n.items {
		out.items = append(out.items, m.copied(item))
	}
	for _, p := range n.pairs {
		out.pairs = append(out.pairs, m.member(p.name, m.copied(p.value)))
	}
	return &out
}

// tagList writes SAM's map of tags as CloudFormation's list.
func (m maker) tagList(tags *node, more ...*node) *node {
	if tags != nil && tags.kind != mappingNode {
		if len(more) == 0 {
			return tags
		}
		return m.list(more...)
	}
	out := m.list(more...)
	if tags != nil {
		out.start, out.end = tags.start, tags.end
		for i := range tags.pairs {
			p := &tags.pairs[i]
			key := maker{tags.nameAt(p)}
			out.items = append(out.items, key.object(key.member("Key", key.text(p.name)), key.member("Value", p.value)))
		}
	}
	if len(out.items) == 0 {
		return nil
	}
	return out
}

// statement is one statement of a policy that SAM writes.
func (m maker) statement(action string, members ...pair) *node {
	return m.object(append([]pair{m.member("Effect", m.text("Allow")), m.member("Action", m.text(action))}, members...)...)
}

func (m maker) document(statements ...*node) *node {
	return m.object(m.member("Version", m.text("2012-10-17")), m.member("Statement", m.list(statements...)))
}

// trust is the document that lets a service assume a role.
func (m maker) trust(service string) *node {
	return m.document(m.statement("sts:AssumeRole", m.member("Principal",
		m.object(m.member("Service", m.list(m.text(service)))))))
}
