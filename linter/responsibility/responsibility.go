// Package responsibility draws the line of AWS's shared-responsibility model
// through a report: for every control of the model, who carries it and what
// the code at hand shows of it.
package responsibility

import (
	"slices"

	"github.com/demarc-dev/demarc/linter/finding"
)

// State is what a report shows of a control. A control has exactly one: the
// first that holds, in the order of the constants.
type State string

// The states of a control.
const (
	Broken       State = "broken"       // a finding says so
	Inconclusive State = "inconclusive" // a resource is concerned, and an unknown value decides
	Kept         State = "kept"         // every resource that is concerned passes
	NotShown     State = "not-shown"    // nothing here is concerned; the account may keep it elsewhere
	Process      State = "process"      // the customer's, and no template can show it
	Provider     State = "aws"          // AWS's own side
)

// States are all states, in their order.
var States = []State{Broken, Inconclusive, Kept, NotShown, Process, Provider}

// Line is the responsibility report of one scan.
type Line struct {
	Controls []Control
	// Frameworks are the catalogues that the controls are mapped to.
	Frameworks []finding.Framework
	// Coverage is that of the scan.
	Coverage finding.Coverage
	// Exposures are the ways from the internet to resources.
	Exposures []finding.Exposure
	// Version is that of the tool.
	Version string
	// Language is the one in which the report speaks; "" is English.
	Language string
	// Catalogue is the title of the reader's own framework whose controls these
	// are; "" where they are those of the model.
	Catalogue string
}

// Control is a control with its state and what proves it.
type Control struct {
	finding.Control
	State State
	// Broken, Accepted and Inconclusive are the findings that name it; an
	// accepted one is suppressed, and breaks nothing.
	Broken, Accepted, Inconclusive []finding.Finding
	// Kept are the resources that keep it, each once.
	Kept []finding.Kept
}

// Of draws the line through a report that was made with linter.Options.Evidence.
func Of(r *finding.Report) *Line {
	line := &Line{Frameworks: r.Frameworks, Coverage: r.Coverage, Exposures: r.Exposures, Version: r.Tool.Version, Language: r.Language, Catalogue: r.Catalogue}
	at := make(map[string]*Control, len(r.Controls))
	line.Controls = make([]Control, len(r.Controls))
	for i, c := range r.Controls {
		line.Controls[i].Control = c
		at[c.ID] = &line.Controls[i]
	}
	for _, f := range r.Findings {
		for _, id := range f.Controls {
			if c := at[id]; c != nil {
				c.add(f)
			}
		}
	}
	line.addKept(r, at)
	for i := range line.Controls {
		line.Controls[i].State = line.Controls[i].state()
	}
	return line
}

func (c *Control) add(f finding.Finding) {
	switch f.Status {
	case finding.Fail:
		c.Broken = append(c.Broken, f)
	case finding.Suppressed:
		c.Accepted = append(c.Accepted, f)
	case finding.Inconclusive:
		c.Inconclusive = append(c.Inconclusive, f)
	}
}

func (l *Line) addKept(r *finding.Report, at map[string]*Control) {
	type evidence struct{ control, resource string }
	seen := map[evidence]bool{}
	for _, kept := range r.Passing {
		for _, id := range r.Described(finding.Finding{Rule: kept.Rule}).Controls {
			e := evidence{id, kept.Resource}
			if c := at[id]; c != nil && !seen[e] {
				seen[e] = true
				c.Kept = append(c.Kept, kept)
			}
		}
	}
}

func (c *Control) state() State {
	switch {
	case c.Side == "aws":
		return Provider
	case len(c.Broken) > 0:
		return Broken
	case len(c.Inconclusive) > 0:
		return Inconclusive
	case len(c.Kept) > 0:
		return Kept
	case c.Evidence == "none":
		return Process
	}
	return NotShown
}

// Areas are the areas of responsibility in the order of the model.
func (l *Line) Areas() []string {
	var out []string
	for _, c := range l.Controls {
		if !slices.Contains(out, c.Area) {
			out = append(out, c.Area)
		}
	}
	return out
}

// In are the controls of an area.
func (l *Line) In(area string) []Control {
	return slices.DeleteFunc(slices.Clone(l.Controls), func(c Control) bool { return c.Area != area })
}

// Count counts controls by state.
func Count(controls []Control) map[State]int {
	out := map[State]int{}
	for _, c := range controls {
		out[c.State]++
	}
	return out
}

// Clause is one clause of a framework with the controls that serve it.
type Clause struct {
	Framework string // ncsc
	Number    int
	Title     string
	Controls  []Control
}

// State is the worst state among the controls that are the customer's to show.
func (c Clause) State() State {
	count := Count(c.Controls)
	for _, s := range States {
		if count[s] > 0 {
			return s
		}
	}
	return NotShown
}

// Clauses roll the controls up by the clauses of the frameworks.
func (l *Line) Clauses() []Clause {
	var out []Clause
	for _, f := range l.Frameworks {
		for i, title := range f.Titles {
			out = append(out, Clause{Framework: f.ID, Number: i + 1, Title: title, Controls: l.serving(f.ID, i+1)})
		}
	}
	return out
}

func (l *Line) serving(framework string, number int) []Control {
	var out []Control
	for _, c := range l.Controls {
		if slices.Contains(c.Clauses, finding.Clause{Framework: framework, Number: number}) {
			out = append(out, c)
		}
	}
	return out
}
