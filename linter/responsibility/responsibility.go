// Package responsibility draws the line of AWS's shared-responsibility model
// through a report: for every aspect of every control, who carries it and what
// the code at hand shows of it.
package responsibility

import (
	"slices"

	"github.com/demarc-dev/demarc/linter/finding"
)

// State is what a report shows of an aspect, or of a control. Each has exactly
// one: the first that holds, in the order of the constants.
type State string

// The states. InPart is a control's alone.
const (
	Broken       State = "broken"       // a finding says so
	Inconclusive State = "inconclusive" // a resource is concerned, and an unknown value decides
	Accepted     State = "accepted"     // a finding says so, and somebody suppressed it
	Kept         State = "kept"         // a resource passes on a written or default value, and nothing speaks against it
	InPart       State = "in-part"      // some aspects are kept, and others are not shown
	NotShown     State = "not-shown"    // nothing here is concerned; the account may keep it elsewhere
	NoRule       State = "no-rule"      // a template can show it, and no rule looks at it yet
	Yours        State = "yours"        // the customer's, and no template can show it
	Provider     State = "aws"          // AWS's own side
)

// States are all states, in their order.
var States = []State{Broken, Inconclusive, Accepted, Kept, InPart, NotShown, NoRule, Yours, Provider}

// LookedAt reports whether something at hand was judged.
func (s State) LookedAt() bool {
	return s == Broken || s == Inconclusive || s == Accepted || s == Kept
}

// Line is the responsibility report of one scan.
type Line struct {
	Controls []Control
	// all are the controls before some were selected: what a clause says does
	// not depend on that.
	all []Control
	// Frameworks are the catalogues that ask for the aspects.
	Frameworks []finding.Framework
	// Coverage is that of the scan.
	Coverage finding.Coverage
	// Exposures are the ways from the internet to resources.
	Exposures []finding.Exposure
	// Version is that of the tool.
	Version string
	// Division are the layers of services with who carries them.
	Division []finding.Layer
	// Made says what the report was made of and with, or is nil.
	Made *finding.Made
	// Language is the one in which the report speaks; "" is English.
	Language string
	// Catalogue is the title of the reader's own framework whose controls these
	// are; "" where they are those of the model.
	Catalogue string
}

// Control is a control with its state, which follows from its aspects'.
type Control struct {
	finding.Control
	State   State
	Aspects []Aspect
}

// Aspect is an aspect with its state and what proves it.
type Aspect struct {
	finding.Aspect
	State State
	// Broken, Accepted and Inconclusive are the findings of rules that judge it;
	// an accepted one is suppressed. Pedantic are findings of rules that ask for
	// more: they break nothing.
	Broken, Accepted, Inconclusive, Pedantic []finding.Finding
	// Kept are the passes that show it kept, one a resource.
	Kept []finding.Kept
}

// Of draws the line through a report that was made with linter.Options.Evidence.
func Of(r *finding.Report) *Line {
	line := &Line{Frameworks: r.Frameworks, Coverage: r.Coverage, Exposures: r.Exposures, Version: r.Tool.Version, Made: r.Made, Division: r.Division, Language: r.Language, Catalogue: r.Catalogue}
	judged := map[string][]bearing{}
	line.Controls = make([]Control, len(r.Controls))
	for i, c := range r.Controls {
		line.Controls[i] = Control{Control: c, Aspects: make([]Aspect, len(c.Aspects))}
		for j, a := range c.Aspects {
			aspect := &line.Controls[i].Aspects[j]
			aspect.Aspect = a
			for _, rule := range a.Rules {
				judged[rule.ID] = append(judged[rule.ID], bearing{aspect, rule})
			}
		}
	}
	for _, f := range r.Findings {
		for _, b := range judged[f.Rule] {
			b.add(f)
		}
	}
	for _, k := range r.Passing {
		for _, b := range judged[k.Rule] {
			b.keep(k)
		}
	}
	for i := range line.Controls {
		c := &line.Controls[i]
		for j := range c.Aspects {
			c.Aspects[j].State = c.Aspects[j].state()
		}
		c.State = c.state()
	}
	line.all = line.Controls
	return line
}

// bearing is a rule as it bears on an aspect.
type bearing struct {
	aspect *Aspect
	rule   finding.AspectRule
}

func (b bearing) add(f finding.Finding) {
	a := b.aspect
	switch {
	case b.rule.Pedantic:
		if f.Status == finding.Fail {
			a.Pedantic = append(a.Pedantic, f)
		}
	case f.Status == finding.Fail:
		a.Broken = append(a.Broken, f)
	case f.Status == finding.Suppressed:
		a.Accepted = append(a.Accepted, f)
	case f.Status == finding.Inconclusive:
		a.Inconclusive = append(a.Inconclusive, f)
	}
}

// keep adds a pass that shows the aspect kept. What passed since there was
// nothing to judge shows nothing.
func (b bearing) keep(k finding.Kept) {
	same := func(other finding.Kept) bool { return other.Resource == k.Resource }
	if b.rule.Keeps && k.Evidence != finding.Vacuous && !slices.ContainsFunc(b.aspect.Kept, same) {
		b.aspect.Kept = append(b.aspect.Kept, k)
	}
}

func (a *Aspect) state() State {
	switch {
	case a.Side == "aws":
		return Provider
	case len(a.Broken) > 0:
		return Broken
	case len(a.Inconclusive) > 0:
		return Inconclusive
	case len(a.Accepted) > 0:
		return Accepted
	case len(a.Kept) > 0:
		return Kept
	case a.Evidence == "none":
		return Yours
	case !a.judged():
		return NoRule
	}
	return NotShown
}

// judged reports whether some rule can break or keep the aspect.
func (a *Aspect) judged() bool {
	return slices.ContainsFunc(a.Rules, func(r finding.AspectRule) bool { return !r.Pedantic || r.Keeps })
}

func (c *Control) state() State {
	count := CountAspects(c.Aspects)
	visible := 0
	for _, a := range c.Aspects {
		if a.Visible() {
			visible++
		}
	}
	for _, worst := range []State{Broken, Inconclusive, Accepted} {
		if count[worst] > 0 {
			return worst
		}
	}
	switch kept := count[Kept]; {
	case kept > 0 && kept >= visible:
		return Kept
	case kept > 0:
		return InPart
	case count[NotShown] > 0:
		return NotShown
	case count[NoRule] > 0:
		return NoRule
	case c.Side == "aws":
		return Provider
	}
	return Yours
}

// Whole is the aspect that is the control itself, as in frameworks of the
// reader's own, whose controls have no finer duties.
func (c Control) Whole() (Aspect, bool) {
	if len(c.Aspects) == 1 && c.Aspects[0].ID == c.ID {
		return c.Aspects[0], true
	}
	return Aspect{}, false
}

// Share says how many of the aspects that a template can show are kept.
func (c Control) Share() (kept, visible int) {
	for _, a := range c.Aspects {
		if a.Visible() {
			visible++
		}
		if a.Counts() && a.State == Kept {
			kept++
		}
	}
	return kept, max(kept, visible)
}

// Broken are the findings that break the control.
func (c Control) Broken() []finding.Finding {
	return c.findings(func(a Aspect) []finding.Finding { return a.Broken })
}

// Inconclusive are the findings that leave the control undecided.
func (c Control) Inconclusive() []finding.Finding {
	return c.findings(func(a Aspect) []finding.Finding { return a.Inconclusive })
}

// Accepted are the findings that would break the control and are suppressed.
func (c Control) Accepted() []finding.Finding {
	return c.findings(func(a Aspect) []finding.Finding { return a.Accepted })
}

func (c Control) findings(of func(Aspect) []finding.Finding) []finding.Finding {
	all := make([][]finding.Finding, 0, len(c.Aspects))
	for _, a := range c.Aspects {
		all = append(all, of(a))
	}
	return once(all...)
}

// Kept are the passes that show some aspect kept, one a resource.
func (c Control) Kept() []finding.Kept {
	seen := map[string]bool{}
	var out []finding.Kept
	for _, a := range c.Aspects {
		for _, k := range a.Kept {
			if !seen[k.Resource] {
				seen[k.Resource] = true
				out = append(out, k)
			}
		}
	}
	return out
}

// once joins lists of findings, of which each occurs once.
func once(lists ...[]finding.Finding) []finding.Finding {
	type same struct {
		fingerprint, file, message string
		start                      int
	}
	seen := map[same]bool{}
	var out []finding.Finding
	for _, list := range lists {
		for _, f := range list {
			k := same{f.Fingerprint, f.Location.File, f.Message, f.Location.Range.Start}
			if !seen[k] {
				seen[k] = true
				out = append(out, f)
			}
		}
	}
	return out
}

// Broken are the findings that break some control, each once.
func (l *Line) Broken() []finding.Finding { return l.findings(Control.Broken) }

// Accepted are the suppressed findings that would break some control, each once.
func (l *Line) Accepted() []finding.Finding { return l.findings(Control.Accepted) }

func (l *Line) findings(of func(Control) []finding.Finding) []finding.Finding {
	all := make([][]finding.Finding, 0, len(l.Controls))
	for _, c := range l.Controls {
		all = append(all, of(c))
	}
	return once(all...)
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

// CountAspects counts the aspects by state that have one of their own.
func CountAspects(aspects []Aspect) map[State]int {
	out := map[State]int{}
	for _, a := range aspects {
		if a.Counts() {
			out[a.State]++
		}
	}
	return out
}
