package cloudformation

import (
	"fmt"
	"slices"
	"strings"
)

const (
	// maxGoals is how many goals one template may have.
	maxGoals = 30_000
	// maxVisits is how many values are looked at for them.
	maxVisits = 1_000_000
)

// literal is a condition and the truth that it shall have.
type literal struct {
	name  string // Network/IsPublic
	of    *formula
	holds bool
	text  string // what it says if it is no condition, or ""
}

func (l literal) String() string {
	name := l.name
	if l.text != "" {
		return l.text
	}
	if name == "" {
		name = "a condition without a name"
	}
	if l.holds {
		return name + " is true"
	}
	return name + " is false"
}

// goal is what some world must have at once: what leads to a branch of an
// Fn::If, or two conditions that meet.
type goal struct {
	literals []literal
	covered  bool
}

func (g *goal) String() string {
	texts := make([]string, len(g.literals))
	for i, l := range g.literals {
		texts[i] = l.String()
	}
	return strings.Join(texts, " and ")
}

func (g *goal) demands() []demand {
	out := make([]demand, len(g.literals))
	for i, l := range g.literals {
		out[i] = demand{formula: l.of, holds: l.holds}
	}
	return out
}

// unit is a resource, or an output of a nested template, with the conditions
// that occur in it.
type unit struct {
	part   *part
	around []literal // under which its template is used
	guard  []literal // under which it exists
	in     []literal // the conditions that occur in it
	names  []string  // what it refers to
}

// goals collects what the worlds of a template must cover.
type goals struct {
	model *model
	all   []*goal
	seen  map[string]bool
	// over tells that some are left out.
	over   bool
	visits int
	names  []literal           // the conditions that occur, each once
	named  map[string]*formula // comparisons with pseudo parameters, by what they say
}

// add wants a world in which all literals hold, once.
func (g *goals) add(literals ...literal) {
	kept := literals[:0:0]
	for _, l := range literals {
		same := func(k literal) bool { return k.of == l.of }
		if i := slices.IndexFunc(kept, same); i >= 0 {
			if kept[i].holds != l.holds {
				return // it can't be
			}
			continue
		}
		kept = append(kept, l)
	}
	var key strings.Builder
	sorted := slices.Clone(kept)
	slices.SortFunc(sorted, func(a, b literal) int { return strings.Compare(a.name, b.name) })
	for _, l := range sorted {
		fmt.Fprintf(&key, "%p %v ", l.of, l.holds)
	}
	switch {
	case len(kept) == 0 || g.seen[key.String()]:
	case len(g.all) >= maxGoals:
		g.over = true
	default:
		g.seen[key.String()] = true
		g.all = append(g.all, &goal{literals: kept})
	}
}

// literalOf is the condition that Fn::If's first argument, or a resource's
// Condition, names; ok is false when it is none that can be known.
func (g *goals) literalOf(p *part, n *node, scope *scope) (l literal, ok bool) {
	name := n.name()
	if !p.evaluator.template.namesCondition(n) {
		if name, _ = text(p.evaluator.nameMade(n, scope)); name == "" {
			f := p.compile(n, 0)
			return literal{of: f, holds: true}, f.operator != unknowable
		}
	}
	name = scope.replaceKnown(name)
	f := p.conditionNamed(name, 0)
	l = literal{name: p.evaluator.prefix + name, of: f, holds: true}
	return l, f.operator != unknowable
}

// unitOf looks for the conditions of what stands at a node.
func (g *goals) unitOf(p *part, guard []literal, body *node, scope *scope) *unit {
	u := &unit{part: p, around: guard, guard: slices.Clone(guard)}
	if condition := body.get("Condition"); condition != nil {
		if l, ok := g.literalOf(p, condition, scope); ok {
			u.guard = append(u.guard, l)
			g.occur(u, l)
		}
	}
	if len(u.guard) > 0 {
		g.add(u.guard...)
		last := u.guard[len(u.guard)-1]
		last.holds = false
		g.add(append(slices.Clone(u.guard[:len(u.guard)-1]), last)...)
	}
	g.visit(u, body, scope, u.guard, 0)
	return u
}

func (g *goals) occur(u *unit, l literal) {
	same := func(k literal) bool { return k.of == l.of }
	if !slices.ContainsFunc(u.in, same) {
		u.in = append(u.in, l)
	}
	if !slices.ContainsFunc(g.names, same) {
		g.names = append(g.names, l)
	}
}

// visit wants a world for each branch of each Fn::If, under all that leads to it.
func (g *goals) visit(u *unit, n *node, scope *scope, path []literal, depth int) {
	if n == nil || depth > maxDepth {
		return
	}
	if g.visits++; g.visits > maxVisits {
		g.over = true
		return
	}
	name, argument, ok := n.call()
	switch {
	case !ok:
	case name == "Fn::If" && len(argument.items) == 3:
		l, known := g.literalOf(u.part, argument.items[0], scope)
		for i, item := range argument.items[1:] {
			inner := path
			if l.holds = i == 0; known {
				inner = append(slices.Clone(path), l)
				g.add(inner...)
			}
			g.visit(u, item, scope, inner, depth+1)
		}
		if l.holds = true; known {
			g.occur(u, l)
		}
		return
	case name == "Fn::FindInMap":
		g.lookUp(u, argument, scope, path)
	case name == "Ref" && argument.isScalar():
		u.names = append(u.names, argument.text)
	case name == "Fn::GetAtt":
		target := argument.text
		if len(argument.items) > 0 {
			target = argument.items[0].text
		}
		target, _, _ = strings.Cut(target, ".")
		u.names = append(u.names, target)
	case name == "Fn::Sub":
		for _, target := range substituted(argument) {
			target, _, _ = strings.Cut(target, ".")
			u.names = append(u.names, target)
		}
	}
	for _, item := range n.items {
		g.visit(u, item, scope, path, depth+1)
	}
	for i := range n.pairs {
		g.visit(u, n.pairs[i].value, scope, path, depth+1)
	}
}

// lookUp wants a world for each thing that a mapping says which is looked up by
// a pseudo parameter.
func (g *goals) lookUp(u *unit, argument *node, scope *scope, path []literal) {
	e := u.part.evaluator
	outer := e.scope
	e.scope = scope
	defer func() { e.scope = outer }()
	l := e.lookUp(argument)
	if l == nil || l.pseudo == "" || l.open[0] || l.open[1] == l.open[2] {
		return
	}
	groups := l.groups(e, maxGroups+1)
	if len(groups) < 2 || len(groups) > maxGroups {
		return
	}
	if l.fallback == nil { // it must be one of the keys
		v := g.model.input(l.pseudo, nil)
		v.closed = true
	}
	for _, entry := range groups {
		key := entry.top
		if l.open[2] {
			key = entry.second
		}
		if key == "" { // the DefaultValue
			continue
		}
		text := l.pseudo + " is " + key
		f := g.named[text]
		if f == nil {
			m := maker{argument.at()}
			f = g.model.root.comparison("Fn::Equals", m.list(m.ref(l.pseudo), m.text(key)))
			g.named[text] = f
		}
		g.add(append(path[:len(path):len(path)], literal{name: text, text: text, of: f, holds: true})...)
	}
}

// collect looks at all resources of a template and of those nested in it, and
// at what meets in them.
func (g *goals) collect(p *part, guard []literal) []*unit {
	e := p.evaluator
	e.expand()
	units := map[string]*unit{}
	var order []string
	add := func(name string, u *unit) {
		if units[name] == nil {
			order = append(order, name)
		}
		units[name] = u
	}
	for _, r := range e.entries {
		if e.template.conditions != nil || e.template.mappings != nil || templateProperty(r.kind()) != "" {
			add(r.name, g.unitOf(p, guard, r.body, r.scope))
		}
	}
	if e.template.serverless && (e.template.conditions != nil || e.template.mappings != nil) {
		globals := g.unitOf(p, guard, e.template.globals, nil)
		for i := range e.template.resources.pairs {
			q := &e.template.resources.pairs[i]
			if kind := q.value.get("Type"); kind != nil && strings.HasPrefix(kind.text, serverlessPrefix) {
				u := g.unitOf(p, guard, q.value, nil)
				for _, l := range globals.in {
					g.occur(u, l)
				}
				add("SAM "+q.name, u)
			}
		}
	}
	var out []*unit
	for _, name := range order {
		out = append(out, units[name])
	}
	for _, r := range e.entries {
		if inner := e.child(r); inner != nil {
			out = append(out, g.nested(p, r, inner, units[r.name])...)
		}
	}
	g.meet(units, order)
	return out
}

// nested collects from a nested template: what it is given meets all that it
// decides.
func (g *goals) nested(p *part, r *entry, inner *evaluator, around *unit) []*unit {
	child := g.model.part(inner, p, r)
	g.model.addRules(child)
	found := g.collect(child, around.guard)
	if outputs := inner.template.outputs; outputs != nil {
		for i := range outputs.pairs {
			found = append(found, g.unitOf(child, around.guard, outputs.pairs[i].value, nil))
		}
	}
	for _, u := range found {
		g.pair(around, u)
	}
	return found
}

// meet pairs the conditions of every resource with each other, with those of
// the resources it refers to, and those by which several resources that refer
// to one exist.
func (g *goals) meet(units map[string]*unit, order []string) {
	guards := map[string][]literal{} // of those who refer to a resource
	for _, name := range order {
		u := units[name]
		g.pair(u, u)
		slices.Sort(u.names)
		for _, other := range slices.Compact(u.names) {
			to := units[other]
			if to == nil || to == u {
				continue
			}
			g.pair(u, to)
			for _, l := range u.guard {
				same := func(k literal) bool { return k.of == l.of }
				if !slices.ContainsFunc(guards[other], same) {
					guards[other] = append(guards[other], l)
				}
			}
		}
	}
	for _, name := range order {
		for i, a := range guards[name] {
			for _, b := range guards[name][i+1:] {
				g.pairs(nil, a, b)
			}
		}
	}
}

// pair wants all that conditions of two units may say at once.
func (g *goals) pair(u, other *unit) {
	guard := u.around
	if u == other {
		guard = u.guard
	}
	for i, a := range u.in {
		for j, b := range other.in {
			if u == other && j <= i || a.of == b.of {
				continue
			}
			g.pairs(guard, a, b)
		}
	}
}

func (g *goals) pairs(guard []literal, a, b literal) {
	for _, first := range []bool{true, false} {
		for _, second := range []bool{true, false} {
			a.holds, b.holds = first, second
			g.add(append(slices.Clone(guard), a, b)...)
		}
	}
}
