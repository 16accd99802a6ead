// Package report writes a finding.Report in the formats that people and
// programs read: one file per format, each a pure function of the report.
package report

import (
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/demarc-dev/demarc/linter/finding"
)

const homepage = "https://github.com/demarc-dev/demarc"

// Options are what a format may take into account.
type Options struct {
	// Color asks for ANSI colours; only text has them.
	Color bool
	// ShowInconclusive also shows what could not be decided. JSON always does.
	ShowInconclusive bool
	// ShowSuppressed also shows what was silenced. JSON, JUnit and HTML always do.
	ShowSuppressed bool
	// Width is the number of columns of the terminal; 0 where there is none.
	Width int
	// Date is the one that the report carries; the zero time for none. Forms that
	// must have one then say 1970-01-01.
	Date time.Time
	// Account and Region are those of AWS that findings are for; "" are stand-ins.
	Account, Region string
	// SourceURL is where a forge shows a line of the source: a template with {path},
	// relative to the repository's top, {line} and {commit}; "" for none.
	SourceURL string
	// Commit is what {commit} stands for.
	Commit string
}

// link is where a forge shows a place, or "".
func (o Options) link(l finding.Location) string {
	name := l.Name()
	if o.SourceURL == "" || name == "" {
		return ""
	}
	parts := strings.Split(name, "/")
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	return strings.NewReplacer("{path}", strings.Join(parts, "/"), "{line}", strconv.Itoa(line(l)), "{commit}", url.PathEscape(o.Commit)).Replace(o.SourceURL)
}

// Writer writes a report in one format.
type Writer func(w io.Writer, r *finding.Report, o Options) error

// formats are all formats, the default first.
var formats = forms[Writer]{
	{"text", Text},
	{"compact", Compact},
	{"json", JSON},
	{"sarif", SARIF},
	{"junit", JUnit},
	{"gitlab", GitLab},
	{"github", GitHub},
	{"rdjson", RDJSON},
	{"markdown", Markdown},
	{"html", HTML},
	{"csv", CSV},
	{"asff", ASFF},
	{"ocsf", OCSF},
}

// Names lists the formats, the default first.
func Names() []string { return formats.names() }

// Format returns the writer of a format.
func Format(name string) (Writer, error) {
	return formats.find(name, "")
}

// shown are the findings that a format lists: those that failed, and on
// request those that could not be decided and those that were silenced.
func shown(r *finding.Report, o Options) []finding.Finding {
	var out []finding.Finding
	for _, f := range r.Findings {
		switch f.Status {
		case finding.Inconclusive:
			if !o.ShowInconclusive {
				continue
			}
		case finding.Suppressed:
			if !o.ShowSuppressed {
				continue
			}
		}
		out = append(out, f)
	}
	return out
}

// label is the severity of a finding that failed, else its status.
func label(f finding.Finding) string {
	if f.Status == finding.Fail {
		return string(f.Severity)
	}
	return string(f.Status)
}

// weight orders findings by how much they ask for: by severity, then those
// that did not fail.
func weight(f finding.Finding) int {
	if f.Status != finding.Fail {
		return 0
	}
	return f.Severity.Rank()
}

// described is a finding's message with all that is said of it, in English.
func described(f finding.Finding) string {
	return english().described(f)
}

// place is where a location is, in the form editors jump to: file:line:column.
func place(l finding.Location) string {
	if l.Start == nil {
		return clean(l.File)
	}
	return fmt.Sprintf("%s:%d:%d", clean(l.File), l.Start.Line, l.Start.Column)
}

// line is the first line of a location; that of a whole file is 1.
func line(l finding.Location) int {
	if l.Start == nil {
		return 1
	}
	return l.Start.Line
}

// notInstalled says what to do about a module that is not at hand.
func notInstalled(m finding.MissingModule) string {
	return fmt.Sprintf("%s: %s (%s): %s", m.Problem(), m.Address, m.Source, m.Advice())
}

// numbered makes keys unique: the second of a key has " (2)" appended.
type numbered map[string]int

func (n numbered) unique(key string) string {
	n[key]++
	if n[key] == 1 {
		return key
	}
	return n.unique(fmt.Sprintf("%s (%d)", key, n[key]))
}

// controlOf returns a control of the model by its id.
func controlOf(r *finding.Report, id string) (finding.Control, bool) {
	for _, c := range r.Controls {
		if c.ID == id {
			return c, true
		}
	}
	return finding.Control{}, false
}

// areasOf are the areas of responsibility of some controls, each once.
func areasOf(r *finding.Report, controls []string) []string {
	var areas []string
	seen := map[string]bool{}
	for _, id := range controls {
		if c, ok := controlOf(r, id); ok && !seen[c.Area] {
			seen[c.Area] = true
			areas = append(areas, c.Area)
		}
	}
	return areas
}

// shorten cuts a text to not more than most characters.
func shorten(s string, most int) string {
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	return strings.TrimSpace(string(runes[:most-1])) + "…"
}
