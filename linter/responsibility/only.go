package responsibility

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/demarc-dev/demarc/linter/finding"
)

// Only keeps the controls that a selection names: a clause (NCSC:1, AUDIT:3,
// EC2:4), an area (data), a state (broken) or a control (DP-1), which goes
// first, as frameworks of the reader's own have ids of any kind; letter case
// does not matter. Several are joined by or; none keeps all.
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
	if name, number, ok := strings.Cut(s, ":"); ok && len(l.Frameworks) > 0 {
		for _, f := range l.Frameworks {
			if !strings.EqualFold(f.ID, name) {
				continue
			}
			n, err := strconv.Atoi(number)
			if err != nil || n < 1 || n > len(f.Titles) {
				return nil, fmt.Errorf("%s has no clause %q: use 1 to %d", strings.ToUpper(f.ID), number, len(f.Titles))
			}
			clause := finding.Clause{Framework: f.ID, Number: n}
			return func(c Control) bool { return slices.Contains(c.Clauses, clause) }, nil
		}
		return nil, fmt.Errorf("unknown framework %q: use %s", name, strings.Join(l.frameworkNames(), ", "))
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

func (l *Line) frameworkNames() []string {
	out := make([]string, len(l.Frameworks))
	for i, f := range l.Frameworks {
		out[i] = strings.ToUpper(f.ID)
	}
	return out
}
