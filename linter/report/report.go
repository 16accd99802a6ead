// Package report writes a finding.Report in the formats that people and
// programs read: one file per format, each a pure function of the report.
package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/demarc-dev/demarc/linter/finding"
)

// Options are what a format may take into account.
type Options struct {
	// Color asks for ANSI colours; only text has them.
	Color bool
	// ShowInconclusive also shows what could not be decided. JSON always does.
	ShowInconclusive bool
}

// Writer writes a report in one format.
type Writer func(w io.Writer, r *finding.Report, o Options) error

// Names lists the formats, the default first.
var Names = []string{"text", "compact", "json", "sarif", "github"}

// Format returns the writer of a format.
func Format(name string) (Writer, error) {
	switch name {
	case "text":
		return Text, nil
	case "compact":
		return Compact, nil
	case "json":
		return JSON, nil
	case "sarif":
		return SARIF, nil
	case "github":
		return GitHub, nil
	}
	return nil, fmt.Errorf("unknown format %q: use %s", name, strings.Join(Names, ", "))
}

// shown are the findings that a format for people lists: those that failed,
// and on request those that could not be decided.
func shown(r *finding.Report, o Options) []finding.Finding {
	var out []finding.Finding
	for _, f := range r.Findings {
		if f.Status == finding.Fail || f.Status == finding.Inconclusive && o.ShowInconclusive {
			out = append(out, f)
		}
	}
	return out
}

// place is where a location is, in the form editors jump to: file:line:column.
func place(l finding.Location) string {
	if l.Start == nil {
		return clean(l.File)
	}
	return fmt.Sprintf("%s:%d:%d", clean(l.File), l.Start.Line, l.Start.Column)
}
