package cloudformation

import (
	"slices"
	"strconv"
	"strings"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// A template with conditions describes several stacks. It is evaluated in the
// base world, where every input of a condition has its given value, else its
// Default, else the first of its AllowedValues, else one that nothing names;
// and in further worlds that together cover what conditions can make: every
// branch that can be reached, and all that two conditions that meet can say at
// once. What is covered is collected in goals.go, the inputs that lead there are
// searched in search.go.

// maxWorlds is how many stacks one template may give.
const maxWorlds = 64

// conditionInput stands before a condition's name among a resource's inputs.
const conditionInput = "condition "

// world is a complete assignment of the inputs.
type world struct {
	flips   map[string]flip
	assumed map[assumption]bool
	about   *graph.Variant
}

// stacks evaluates a root template in all its worlds.
func (l *loader) stacks(t *template, o Options) []*graph.Stack {
	l.template = t
	l.templates[t.file.Path] = t
	probe := newEvaluator(l, t)
	probe.given = o.Parameters
	probe.writeOutConditions()
	worlds := l.worlds(probe)
	if len(worlds) == 0 {
		return []*graph.Stack{stackOf(probe, nil, nil)}
	}
	kept := &reuse{resources: map[string][]*keptResource{}}
	base := worlds[0].evaluator(l, t, o)
	stacks := []*graph.Stack{stackOf(base, worlds[0].about, kept)}
	for _, w := range worlds[1:] {
		e := w.evaluator(l, t, o)
		e.base = base
		stacks = append(stacks, stackOf(e, w.about, kept))
	}
	return stacks
}

func (w world) evaluator(l *loader, t *template, o Options) *evaluator {
	e := newEvaluator(l, t)
	e.given, e.flips, e.assumed = o.Parameters, w.flips, w.assumed
	return e
}

// worlds lists the worlds of a template, the base world first; none when it
// has no conditions that matter. The evaluator assumes nothing.
func (l *loader) worlds(probe *evaluator) []world {
	m := &model{loader: l, given: probe.given, inputs: map[string]*variable{}, evaluators: map[string]*evaluator{}, left: maxLooks}
	m.root = m.part(probe, nil, nil)
	m.addRules(m.root)
	g := &goals{model: m, seen: map[string]bool{}, named: map[string]*formula{}}
	g.collect(m.root, nil)
	if len(g.all) == 0 {
		return nil
	}
	m.ready()
	return m.cover(g)
}

// part is a template of the stack, as the model sees it.
func (m *model) part(e *evaluator, outer *part, r *entry) *part {
	p := &part{model: m, evaluator: e, outer: outer, formulas: map[string]*formula{}}
	if outer != nil {
		p.stack, p.passed = r.name, r.body.get("Properties").get("Parameters")
	}
	return p
}

func (m *model) addRules(p *part) {
	for _, f := range p.rules() {
		m.rules = append(m.rules, demand{formula: f, holds: true, lenient: true})
	}
}

// cover chooses worlds until every goal that can be reached is in one of them.
func (m *model) cover(g *goals) []world {
	m.base()
	if !m.solve(m.rules) { // the Rules section forbids the base
		m.clear()
		m.solve(m.rules)
		m.base()
	}
	worlds := []world{m.world(g, true)}
	g.cross()
	for i, next := range g.all {
		if next.covered {
			continue
		}
		m.clear()
		switch reached := m.solve(append(next.demands(), m.rules...)); {
		case len(worlds) == maxWorlds && reached, m.left <= 0:
			m.leftOut(g.all[i:])
			return worlds
		case !reached:
			continue // it can't be
		}
		m.pack(g.all[i+1:])
		m.base()
		worlds = append(worlds, m.world(g, false))
		g.cross()
	}
	if g.over {
		m.leftOut(nil)
	}
	return worlds
}

// pack lets the assignment reach as many further goals as it can. What it
// reaches so far it goes on to reach: only open inputs get values.
func (m *model) pack(all []*goal) {
	enough := m.left / 2
	for _, g := range all {
		if m.left < enough {
			return
		}
		if !g.covered {
			m.solve(append(g.demands(), m.rules...))
		}
	}
}

// cross notes the goals that the complete assignment reaches.
func (g *goals) cross() {
	g.model.step++
	for _, goal := range g.all {
		if !goal.covered {
			goal.covered = !slices.ContainsFunc(goal.literals, func(l literal) bool { return g.model.look(l.of) != verdictOf(l.holds) })
		}
	}
}

// leftOut tells what the worlds do not cover of what can be.
func (m *model) leftOut(rest []*goal) {
	const most = 5
	var names []string
	for _, g := range rest {
		if g.covered || m.left > 0 && !m.reachable(g) {
			continue
		}
		if names = append(names, g.String()); len(names) > most {
			names[most] = "others"
			break
		}
	}
	if rest != nil && len(names) == 0 {
		return
	}
	message := "the conditions make more different stacks than are looked at"
	if len(names) > 0 {
		message += "; those in which " + strings.Join(names, ", or ") + " are not judged"
	}
	t := m.loader.template
	m.loader.report(t.root.nameAt(t.root.pair("Conditions")), message+": give --parameter values to choose others")
}

func (m *model) reachable(g *goal) bool {
	m.clear()
	return m.solve(append(g.demands(), m.rules...))
}

// world is the complete assignment as a world.
func (m *model) world(g *goals, base bool) world {
	w := world{flips: m.flips(), assumed: m.assumed(), about: &graph.Variant{Base: base}}
	m.step++
	for _, l := range g.names {
		if said := m.look(l.of); said != open && l.name != "" {
			w.about.Conditions = append(w.about.Conditions, graph.Decided{Name: l.name, Holds: said == yes})
		}
	}
	for _, v := range m.variables {
		if v.name == "" || len(v.values) < 2 {
			continue
		}
		f := v.values[m.values[v.index]]
		text := strconv.Quote(f.text)
		if f.invented {
			text = "something else"
		}
		w.about.Inputs = append(w.about.Inputs, graph.Assumed{Name: v.name, Value: text})
	}
	return w
}

func stackOf(e *evaluator, about *graph.Variant, kept *reuse) *graph.Stack {
	s := &graph.Stack{
		Root: e.template.file.Path, Language: graph.CloudFormation, Variant: about,
		Files: append([]*source.File{e.template.file}, e.template.included...),
	}
	if parameters := e.template.parameters; parameters != nil {
		for i := range parameters.pairs {
			s.Parameters = append(s.Parameters, parameters.pairs[i].name)
		}
	}
	e.remarks(s)
	e.build(s, nil, kept)
	e.loader.addStored(s, e.template.file)
	return s
}
