package cloudformation

import (
	"slices"
	"strings"

	"github.com/demarc-dev/demarc/linter/graph"
)

// scope holds the identifiers of the Fn::ForEach loops around a node,
// innermost first. A nil scope has none.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-foreach.html
type scope struct {
	name  string
	value graph.Value
	outer *scope
}

func (s *scope) lookup(name string) (graph.Value, bool) {
	for ; s != nil; s = s.outer {
		if s.name == name {
			return s.value, true
		}
	}
	return graph.Value{}, false
}

// replaceKnown replaces ${Identifier}, and &{Identifier} which drops all but
// letters and digits, where the identifier's value is known.
func (s *scope) replaceKnown(in string) string {
	for ; s != nil && strings.Contains(in, "{"); s = s.outer {
		if value, ok := text(s.value); ok {
			in = strings.ReplaceAll(in, "${"+s.name+"}", value)
			in = strings.ReplaceAll(in, "&{"+s.name+"}", alphanumeric(value))
		}
	}
	return in
}

// replace is replaceKnown for a whole text, which is unknown when an
// identifier in it is.
func (s *scope) replace(in string) (string, *graph.Value) {
	if s == nil {
		return in, nil
	}
	in = s.replaceKnown(in)
	for at := s; at != nil; at = at.outer {
		if at.value.Kind == graph.Unknown && (strings.Contains(in, "${"+at.name+"}") || strings.Contains(in, "&{"+at.name+"}")) {
			v := at.value
			return in, &v
		}
	}
	return in, nil
}

// key is replace for a name: an unknown identifier gives "*".
func (s *scope) key(in string) string {
	in = s.replaceKnown(in)
	for at := s; at != nil; at = at.outer {
		in = strings.ReplaceAll(strings.ReplaceAll(in, "${"+at.name+"}", "*"), "&{"+at.name+"}", "*")
	}
	return in
}

func alphanumeric(in string) string {
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
			return c
		}
		return -1
	}, in)
}

// forEach runs visit for every member of a loop's collection, with the loop's
// identifier in scope. A collection that is unknown is one member whose value
// is unknown. It returns false when the loop is not written as it must be.
func (e *evaluator) forEach(p *pair, visit func(body *node)) bool {
	loop := p.value
	if loop.kind != sequenceNode || len(loop.items) != 3 || loop.items[0].kind != stringNode || loop.items[2].kind != mappingNode {
		return false
	}
	collection := e.eval(loop.items[1])
	members := collection.Items
	switch collection.Kind {
	case graph.List:
	case graph.Unknown:
		members = []graph.Value{collection}
	default:
		return false
	}
	outer := e.scope
	defer func() { e.scope = outer }()
	for _, member := range members {
		if member.Kind == graph.List { // a list parameter as the only member
			for _, inner := range member.Items {
				if !e.loader.spend(1) { // loops within loops multiply
					return true
				}
				e.scope = &scope{loop.items[0].text, inner, outer}
				visit(loop.items[2])
			}
			continue
		}
		if !e.loader.spend(1) {
			return true
		}
		e.scope = &scope{loop.items[0].text, member, outer}
		visit(loop.items[2])
	}
	return true
}

// forEachFields adds the members that a loop makes to an object.
func (e *evaluator) forEachFields(out graph.Value, p *pair) graph.Value {
	ok := e.forEach(p, func(body *node) {
		for i := range body.pairs {
			q := &body.pairs[i]
			if strings.HasPrefix(q.name, forEachPrefix) {
				out = e.forEachFields(out, q)
				continue
			}
			name, undecided := e.scope.replace(q.name)
			if undecided != nil {
				out = out.AsOpen(undecided.Reasons()...)
				continue
			}
			if v := e.eval(q.value); v.Kind != graph.Absent {
				out.Fields = append(out.Fields, graph.Field{Name: name, NameRange: body.nameAt(q), Value: v})
			}
		}
	})
	if !ok {
		return out.AsOpen(graph.Reason{Text: p.name + " is not written as Fn::ForEach must be"})
	}
	return out
}

// writeOutConditions writes the loops of the Conditions section out, once a
// template, with what their collections are where nothing is assumed.
func (e *evaluator) writeOutConditions() {
	t := e.template
	if t.conditions == nil || t.loopsWritten {
		return
	}
	t.loopsWritten = true
	if !slices.ContainsFunc(t.conditions.pairs, func(p pair) bool { return strings.HasPrefix(p.name, forEachPrefix) }) {
		return
	}
	out := *t.conditions
	out.pairs = e.conditionsOf(nil, t.conditions)
	t.conditions = &out
}

func (e *evaluator) conditionsOf(found []pair, section *node) []pair {
	for i := range section.pairs {
		p := section.pairs[i]
		if !strings.HasPrefix(p.name, forEachPrefix) {
			if p.name = e.scope.key(p.name); e.scope != nil {
				p.value = e.scope.written(p.value)
			}
			found = append(found, p)
			continue
		}
		if !e.forEach(&p, func(body *node) { found = e.conditionsOf(found, body) }) {
			e.loader.report(section.nameAt(&p), p.name+" is not written as [identifier, collection, {key: value}]")
		}
	}
	return found
}

// written is a node with the identifiers of loops replaced by what they are.
func (s *scope) written(n *node) *node {
	if n == nil {
		return nil
	}
	if name, argument, ok := n.call(); ok && name == "Ref" && argument.kind == stringNode {
		if v, ok := s.lookup(argument.text); ok {
			if known, ok := text(v); ok {
				return &node{kind: stringNode, text: known, file: n.file, start: n.start, end: n.end}
			}
		}
	}
	out := *n
	if n.kind == stringNode {
		out.text = s.replaceKnown(n.text)
	}
	out.items, out.pairs = nil, nil
	for _, item := range n.items {
		out.items = append(out.items, s.written(item))
	}
	for _, p := range n.pairs {
		p.name, p.value = s.replaceKnown(p.name), s.written(p.value)
		out.pairs = append(out.pairs, p)
	}
	return &out
}
