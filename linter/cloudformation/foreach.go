package cloudformation

import (
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
