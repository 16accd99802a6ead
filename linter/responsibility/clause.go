package responsibility

import (
	"slices"
	"strings"

	"github.com/demarc-dev/demarc/linter/finding"
)

// Clause is a clause of a framework with what the code at hand shows of the
// aspects that it asks for.
type Clause struct {
	Framework string // its id
	finding.Clause
	// Aspects are those of it that the report has, with a state of their own.
	Aspects []Aspect
}

// Name is the clause as --only takes it: NCSC:2.1.
func (c Clause) Name() string { return ClauseName(c.Framework, c.ID) }

// ClauseName names a clause of a framework.
func ClauseName(framework, clause string) string { return strings.ToUpper(framework) + ":" + clause }

// State is the worst of the clause's aspects. A clause is kept only if all that
// a template can show of it are.
func (c Clause) State() State {
	inside := Control{Control: finding.Control{Side: c.Side}, Aspects: c.Aspects}
	return inside.state()
}

// LookedAt says at how many of the clause's aspects that are not AWS's something
// at hand was looked.
func (c Clause) LookedAt() (looked, of int) {
	for _, a := range c.Aspects {
		if a.State == Provider {
			continue
		}
		of++
		if a.State.LookedAt() {
			looked++
		}
	}
	return looked, of
}

// Of are the clause's aspects in a state.
func (c Clause) Of(s State) []Aspect {
	return slices.DeleteFunc(slices.Clone(c.Aspects), func(a Aspect) bool { return a.State != s })
}

// Clauses are those of all frameworks, in order, that ask for an aspect of one
// of the controls. What they say is about all of their aspects, whichever
// controls were selected.
func (l *Line) Clauses() []Clause {
	at, selected := map[string]Aspect{}, map[string]bool{}
	for _, c := range l.all {
		for _, a := range c.Aspects {
			at[a.ID] = a
		}
	}
	for _, c := range l.Controls {
		for _, a := range c.Aspects {
			selected[a.ID] = true
		}
	}
	var out []Clause
	for _, f := range l.Frameworks {
		for _, clause := range f.Clauses {
			c := Clause{Framework: f.ID, Clause: clause}
			for _, id := range counted(clause.Aspects, at) {
				c.Aspects = append(c.Aspects, at[id])
			}
			if slices.ContainsFunc(clause.Aspects, func(id string) bool { return selected[id] }) {
				out = append(out, c)
			}
		}
	}
	return out
}

// counted are the aspects with a state of their own that ids stand for, each once.
func counted(ids []string, at map[string]Aspect) []string {
	var out []string
	add := func(id string) {
		if a, ok := at[id]; ok && a.Counts() && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	for _, id := range ids {
		add(id)
		for _, other := range at[id].See {
			add(other)
		}
	}
	return out
}

// Serves are the names of the clauses that ask for one of the control's
// aspects, in the order of the frameworks.
func (l *Line) Serves(c Control) []string {
	var out []string
	for _, f := range l.Frameworks {
		for _, clause := range f.Clauses {
			asks := func(a Aspect) bool { return slices.Contains(clause.Aspects, a.ID) }
			if slices.ContainsFunc(c.Aspects, asks) {
				out = append(out, ClauseName(f.ID, clause.ID))
			}
		}
	}
	return out
}
