package cloudformation

import (
	"slices"
	"strings"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// evaluator computes the values of one template in one world: under one set
// of parameters.
type evaluator struct {
	loader   *loader
	template *template
	// prefix goes before a logical id: "Child/" in a nested stack.
	prefix string
	calls  []graph.Call
	// chain names the templates around this one, itself last.
	chain []string
	// given are the user's parameters, passed the parent stack's.
	given  map[string]string
	passed map[string]graph.Value
	// passing is how they are written there, by the evaluator around this one.
	passing *node
	outer   *evaluator
	// passedBy are the conditions that what is passed hangs on, around those
	// that the whole stack does.
	passedBy map[string][]string
	around   []string
	// flips are values that this world assumes for inputs of conditions.
	flips map[string]flip
	// assumed is what the world takes comparisons to be that no input settles.
	assumed map[assumption]bool
	// base evaluates the same template in the base world; nil there.
	base *evaluator
	// inCondition is set while a condition is evaluated: an invented value
	// counts there and nowhere else.
	inCondition bool

	parameters map[string]graph.Value
	conditions map[string]*conditionState
	depth      int // of conditions within conditions
	repeats    int // of attributes within the properties they repeat
	repeated   int // resources that loops made
	entries    []*entry
	byName     map[string]*entry
	// expansion is what SAM makes of the template, aliases the names it
	// gives ("MyApi.Stage"), gaps what it cannot make without more than the
	// template.
	expansion *expansion
	aliases   map[string]string
	gaps      []unexpanded
	scope     *scope
	whole     []*node // the macros over the whole template; nil until asked for
	// reads collects the inputs that the resource being evaluated depends
	// on; nil when nobody asks.
	reads map[string]bool
}

// flip is the value that a world assumes for an input.
type flip struct {
	text string
	// invented marks a value that stands for "any other", which a property
	// must not be judged by.
	invented bool
}

func newEvaluator(l *loader, t *template) *evaluator {
	return &evaluator{
		loader: l, template: t, chain: []string{t.file.Path},
		parameters: map[string]graph.Value{},
		conditions: map[string]*conditionState{},
	}
}

// note records that the resource being evaluated reads an input.
func (e *evaluator) note(input string) {
	if e.reads != nil {
		e.reads[input] = true
	}
}

// guard notes that the resource being evaluated hangs on a condition.
func (e *evaluator) guard(name string) {
	if g := e.loader.guards; g != nil && !e.inCondition {
		g.add(e.prefix + name)
	}
}

// guards are the conditions that a resource hangs on, each once.
type guards struct{ names []string }

func (g *guards) add(names ...string) {
	for _, name := range names {
		if !slices.Contains(g.names, name) {
			g.names = append(g.names, name)
		}
	}
}

// eval computes the value of a node. The value of AWS::NoValue is Absent.
func (e *evaluator) eval(n *node) graph.Value {
	if n == nil {
		return graph.Value{}
	}
	if !e.loader.spend(1) {
		return exhausted(n)
	}
	if name, argument, ok := n.call(); ok {
		return e.call(name, argument, n)
	}
	switch n.kind {
	case boolNode:
		return graph.Value{Kind: graph.Bool, Bool: strings.EqualFold(n.text, "true"), Text: "", Range: n.at()}
	case numberNode:
		return graph.Value{Kind: graph.Number, Text: n.text, Range: n.at()}
	case stringNode:
		return e.string(n)
	case sequenceNode:
		return e.list(n)
	case mappingNode:
		return e.object(n)
	}
	return graph.Value{Kind: graph.Null, Range: n.at()}
}

func exhausted(n *node) graph.Value {
	return graph.UnknownValue(graph.Reason{Text: "the template is too large to evaluate"}).At(n.at())
}

func (e *evaluator) string(n *node) graph.Value {
	text, unknown := e.scope.replace(n.text)
	if unknown != nil {
		return *unknown
	}
	return e.loader.resolved(graph.Value{Kind: graph.String, Text: text, Range: n.at()})
}

func (e *evaluator) list(n *node) graph.Value {
	out := graph.Value{Kind: graph.List, Range: n.at(), Items: make([]graph.Value, 0, len(n.items))}
	for _, item := range n.items {
		if v := e.eval(item); v.Kind != graph.Absent {
			out.Items = append(out.Items, v)
		}
	}
	return out
}

func (e *evaluator) object(n *node) graph.Value {
	out := graph.Value{Kind: graph.Object, Range: n.at(), Fields: make([]graph.Field, 0, len(n.pairs))}
	for i := range n.pairs {
		p := &n.pairs[i]
		switch {
		case strings.HasPrefix(p.name, forEachPrefix):
			out = e.forEachFields(out, p)
			continue
		case p.name == "Fn::Transform":
			out = out.AsOpen(transformReason(p.value))
			continue
		}
		v := e.eval(p.value)
		if v.Kind == graph.Absent {
			continue
		}
		name, _ := e.scope.replace(p.name)
		out.Fields = append(out.Fields, graph.Field{Name: name, NameRange: n.nameAt(p), Value: v})
	}
	return out
}

// place puts a value that stands somewhere else, and its members, where it is used.
func place(v graph.Value, at source.Range) graph.Value {
	v.Range = at
	if len(v.Items) > 0 {
		items := make([]graph.Value, len(v.Items))
		for i, item := range v.Items {
			items[i] = item.At(at)
		}
		v.Items = items
	}
	return v
}

// unknown is a value that cannot be known, for one reason.
func unknown(n *node, text string) graph.Value {
	return graph.UnknownValue(graph.Reason{Text: text}).At(n.at())
}

// gathered collects what the parts of a computed value know about themselves.
type gathered struct {
	reasons   []graph.Reason
	links     []graph.Link
	via       []graph.Step
	unknown   bool
	sensitive bool
	seen      map[any]bool
}

func (g *gathered) add(v graph.Value) {
	g.sensitive = g.sensitive || v.Sensitive
	if v.Kind == graph.Unknown || v.Open() {
		g.unknown = true
	}
	if m := v.Meta; m != nil {
		for _, r := range m.Reasons {
			if g.first(r) {
				g.reasons = append(g.reasons, r)
			}
		}
		for _, l := range m.Links {
			if g.first(l) {
				g.links = append(g.links, l)
			}
		}
		for _, s := range m.Via {
			if g.first(s) {
				g.via = append(g.via, s)
			}
		}
	}
	for _, item := range v.Items {
		g.add(item)
	}
	for _, f := range v.Fields {
		g.add(f.Value)
	}
}

func (g *gathered) first(key any) bool {
	if g.seen[key] {
		return false
	}
	if g.seen == nil {
		g.seen = map[any]bool{}
	}
	g.seen[key] = true
	return true
}

// into gives v what was gathered.
func (g *gathered) into(v graph.Value) graph.Value {
	v.Sensitive = v.Sensitive || g.sensitive
	if len(g.reasons)+len(g.links)+len(g.via) == 0 {
		return v
	}
	var m graph.Meta
	if v.Meta != nil {
		m = *v.Meta
	}
	if v.Kind == graph.Unknown {
		m.Reasons = append(m.Reasons[:len(m.Reasons):len(m.Reasons)], g.reasons...)
	}
	m.Links = append(m.Links[:len(m.Links):len(m.Links)], g.links...)
	m.Via = append(m.Via[:len(m.Via):len(m.Via)], g.via...)
	v.Meta = &m
	return v
}

// unknownAt is the unknown value made from the gathered parts.
func (g *gathered) unknownAt(at source.Range) graph.Value {
	return g.into(graph.Value{Kind: graph.Unknown, Range: at})
}

// gather collects from several values.
func gather(values ...graph.Value) *gathered {
	g := &gathered{}
	for _, v := range values {
		g.add(v)
	}
	return g
}

// text is a value as it stands in a text: a list's members are joined by
// commas, as CloudFormation does with a list parameter.
func text(v graph.Value) (string, bool) {
	switch v.Kind {
	case graph.String, graph.Number:
		return v.Text, true
	case graph.Bool:
		if v.Bool {
			return "true", true
		}
		return "false", true
	case graph.List:
		parts := make([]string, len(v.Items))
		for i, item := range v.Items {
			part, ok := text(item)
			if !ok {
				return "", false
			}
			parts[i] = part
		}
		return strings.Join(parts, ","), true
	}
	return "", false
}
