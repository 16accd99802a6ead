package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/demarc-dev/demarc/linter/finding"
)

// madeRow is one thing that a report says of how it was made.
type madeRow struct{ Name, Value string }

// made is the head of a report that is filed: what it was made of and with.
func (w *words) made(m *finding.Made, version string, o Options) []madeRow {
	var out []madeRow
	add := func(name string, values ...string) {
		for i := range values {
			values[i] = clean(values[i])
		}
		if text := w.list(values); text != "" {
			out = append(out, madeRow{name, text})
		}
	}
	if !o.Date.IsZero() {
		add(w.Made.Date, dateText(o.Date))
	}
	if m != nil {
		add(w.Made.Paths, m.Paths...)
		add(w.Made.Commit, m.Commit)
	}
	add(w.Made.Tool, strings.TrimSpace("demarc "+version))
	if m == nil {
		return out
	}
	add(w.Made.Rules, w.Made.RuleSet.with("n", m.Rules, "hash", fmt.Sprintf("%.12s", m.RulesHash)))
	add(w.Made.Profile, m.Profile)
	add(w.Made.VarFiles, m.VarFiles...)
	add(w.Made.Variables, m.Variables...)
	add(w.Made.Parameters, m.Parameters...)
	add(w.Made.Workspace, m.Workspace)
	add(w.Made.Environments, m.Environments...)
	return out
}

// dateText is a day, or a time where one was given.
func dateText(date time.Time) string {
	if date.Equal(date.Truncate(24 * time.Hour)) {
		return date.UTC().Format(time.DateOnly)
	}
	return date.UTC().Format(time.RFC3339)
}
