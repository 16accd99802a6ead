package responsibility

import (
	"fmt"
	"slices"
	"strings"

	"github.com/demarc-dev/demarc/linter/finding"
)

// Only keeps the controls that a selection names: a clause (NCSC:2.3, or NCSC:2
// for all its parts), an area (data), a state (broken) or a control (DP-1),
// which goes first, as frameworks of the reader's own have ids of any kind;
// letter case does not matter. Several are joined by or; none keeps all.
func (l *Line) Only(selections []string) (*Line, error) {
	if len(selections) == 0 {
		return l, nil
	}
	keep := make([]func(Control) bool, len(selections))
	for i, s := range selections {
		k, err := l.selector(s)
		if err != nil {
			return nil, err
		}
		keep[i] = k
	}
	out := *l
	out.Controls = slices.DeleteFunc(slices.Clone(l.Controls), func(c Control) bool {
		return !slices.ContainsFunc(keep, func(k func(Control) bool) bool { return k(c) })
	})
	return &out, nil
}

func (l *Line) selector(s string) (func(Control) bool, error) {
	if slices.ContainsFunc(l.Controls, func(c Control) bool { return strings.EqualFold(c.ID, s) }) {
		return func(c Control) bool { return strings.EqualFold(c.ID, s) }, nil
	}
	if name, clause, ok := strings.Cut(s, ":"); ok && len(l.Frameworks) > 0 {
		return l.clauseSelector(name, clause)
	}
	for _, area := range l.Areas() {
		if strings.EqualFold(area, s) {
			return func(c Control) bool { return c.Area == area }, nil
		}
	}
	for _, state := range States {
		if strings.EqualFold(string(state), s) {
			return func(c Control) bool { return c.State == state }, nil
		}
	}
	clause := ""
	if len(l.Frameworks) > 0 {
		clause = "a clause (NCSC:1), "
	}
	example := ""
	if len(l.Controls) > 0 {
		example = " (" + l.Controls[0].ID + ")"
	}
	return nil, fmt.Errorf("%q selects nothing: use %san area (%s), a state (broken) or a control%s", s, clause, strings.Join(l.Areas(), ", "), example)
}

// clauseSelector selects the controls of which a clause, or a part of it, asks
// for some aspect.
func (l *Line) clauseSelector(framework, clause string) (func(Control) bool, error) {
	i := slices.IndexFunc(l.Frameworks, func(f finding.Framework) bool { return strings.EqualFold(f.ID, framework) })
	if i < 0 {
		return nil, fmt.Errorf("unknown framework %q: use %s", framework, strings.Join(l.frameworkNames(), ", "))
	}
	asked, known := map[string]bool{}, []string{}
	for _, c := range l.Frameworks[i].Clauses {
		known = append(known, c.ID)
		if c.ID == clause || strings.HasPrefix(c.ID, clause+".") {
			for _, id := range c.Aspects {
				asked[id] = true
			}
		}
	}
	if !slices.ContainsFunc(known, func(id string) bool { return id == clause || strings.HasPrefix(id, clause+".") }) {
		return nil, fmt.Errorf("%s has no clause %q: use %s", strings.ToUpper(framework), clause, strings.Join(known, ", "))
	}
	return func(c Control) bool {
		return slices.ContainsFunc(c.Aspects, func(a Aspect) bool { return asked[a.ID] })
	}, nil
}

func (l *Line) frameworkNames() []string {
	out := make([]string, len(l.Frameworks))
	for i, f := range l.Frameworks {
		out[i] = strings.ToUpper(f.ID)
	}
	return out
}
