package responsibility

import (
	"slices"

	"github.com/demarc-dev/demarc/linter/finding"
)

// Change is what happened to a control between two scans.
type Change struct {
	finding.Control
	Before, After State
	// Aspects are those whose state changed, or whose findings came or went.
	Aspects []AspectChange
	// Came and Went are the findings that break it only after, or only before.
	Came, Went []finding.Finding
}

// AspectChange is what happened to an aspect between two scans.
type AspectChange struct {
	finding.Aspect
	Before, After State
	Came, Went    []finding.Finding
}

// Changes is what happened on the customer's side between two scans.
type Changes struct {
	Base finding.Base
	// Controls are those of which something changed, in the model's order.
	Controls []Change
	// Same is the number of the others.
	Same int
	// Language is that of the lines.
	Language string
}

// Compare tells what changed from one line to another. Both have controls of
// the same model; the later one says which of them count.
func Compare(before, after *Line, came, went []finding.Finding, base finding.Base) *Changes {
	was, aspects := map[string]State{}, map[string]State{}
	for _, c := range before.Controls {
		was[c.ID] = c.State
		for _, a := range c.Aspects {
			aspects[a.ID] = a.State
		}
	}
	out := &Changes{Base: base, Language: after.Language}
	for _, c := range after.Controls {
		change := Change{Control: c.Control, Before: was[c.ID], After: c.State}
		for _, a := range c.Aspects {
			one := AspectChange{Aspect: a.Aspect, Before: aspects[a.ID], After: a.State, Came: breaking(came, a.Aspect), Went: breaking(went, a.Aspect)}
			if one.Before != one.After || len(one.Came)+len(one.Went) > 0 {
				change.Aspects = append(change.Aspects, one)
				change.Came, change.Went = once(change.Came, one.Came), once(change.Went, one.Went)
			}
		}
		if change.Before == change.After && len(change.Aspects) == 0 {
			out.Same++
			continue
		}
		out.Controls = append(out.Controls, change)
	}
	return out
}

// breaking are the findings that break an aspect.
func breaking(findings []finding.Finding, a finding.Aspect) []finding.Finding {
	var out []finding.Finding
	for _, f := range findings {
		if slices.ContainsFunc(a.Rules, func(r finding.AspectRule) bool { return r.ID == f.Rule && !r.Pedantic }) {
			out = append(out, f)
		}
	}
	return out
}

// Worse reports whether the control is broken now and was not, or is broken by
// more than it was; Better the reverse.
func (c Change) Worse() bool {
	return c.After == Broken && c.Before != Broken || c.Before == c.After && len(c.Came) > len(c.Went)
}

// Better is the reverse of Worse.
func (c Change) Better() bool {
	return c.Before == Broken && c.After != Broken || c.Before == c.After && len(c.Went) > len(c.Came)
}
