package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/source"
)

// Text writes findings for people: what is wrong, where, whose duty it is and
// what to do. The last line sums up.
func Text(w io.Writer, r *finding.Report, o Options) error {
	t := &text{
		Writer:  bufio.NewWriter(w),
		paint:   palette(o.Color),
		secrets: secretRanges(r),
		helped:  map[string]bool{},
	}
	for _, group := range samePlace(shown(r, o)) {
		t.group(group)
	}
	t.errors(r.Coverage)
	t.summary(r, o)
	return t.Flush()
}

type text struct {
	*bufio.Writer // keeps the first error until Flush
	paint         painter
	secrets       map[*source.File][]source.Range
	helped        map[string]bool // rules whose remedy has been printed
}

func (t *text) printf(format string, args ...any) { fmt.Fprintf(t, format, args...) }

// samePlace groups findings about one place of one resource, such as the
// rules that a port range breaks: they share a frame. The worst comes first.
func samePlace(findings []finding.Finding) [][]finding.Finding {
	var groups [][]finding.Finding
	for _, f := range findings {
		if n := len(groups); n > 0 && together(groups[n-1][0], f) {
			groups[n-1] = append(groups[n-1], f)
			continue
		}
		groups = append(groups, []finding.Finding{f})
	}
	for _, group := range groups {
		sort.SliceStable(group, func(i, j int) bool { return group[i].Severity.Rank() > group[j].Severity.Rank() })
	}
	return groups
}

func together(a, b finding.Finding) bool {
	return a.Location.Range.Valid() && a.Location.Range == b.Location.Range && a.Status == b.Status &&
		a.Resource.Address == b.Resource.Address && a.Suppression == b.Suppression && a.Part == b.Part && when(a) == when(b) &&
		slices.Equal(a.Environments, b.Environments) && slices.Equal(a.Resource.Instances, b.Resource.Instances)
}

func when(f finding.Finding) string {
	if f.When == nil {
		return ""
	}
	return *f.When
}

// group writes findings about one place: a line for each, then the frame and
// the notes of the first with the controls of all.
func (t *text) group(group []finding.Finding) {
	f := group[0]
	style := ""
	for _, g := range group {
		style = label(g)
		t.printf("%s%s %s\n", t.paint(style, style), t.paint("bold", "["+g.Rule+"]:"), t.paint("bold", clean(g.Message)))
		for _, c := range g.Controls {
			if !slices.Contains(f.Controls, c) {
				f.Controls = append(f.Controls[:len(f.Controls):len(f.Controls)], c)
			}
		}
	}

	gutter := "  "
	at := f.Location.Range
	framed := at.Valid() && f.Location.Start != nil
	if framed {
		gutter = strings.Repeat(" ", len(strconv.Itoa(f.Location.Start.Line))+1)
	}
	t.printf("%s%s", gutter[1:], t.paint("frame", "--> ")+place(f.Location))
	if f.Resource.Address != "" {
		t.printf(" (%s)", clean(f.Resource.Known()))
	}
	t.printf("\n")
	if framed {
		frame := newFrame(at, t.secrets[at.File])
		bar := t.paint("frame", "|")
		t.printf("%s%s\n", gutter, bar)
		t.printf("%s %s %s\n", t.paint("frame", strconv.Itoa(f.Location.Start.Line)), bar, frame.source)
		t.printf("%s%s %s%s\n", gutter, bar, strings.Repeat(" ", frame.indent), t.paint(style, strings.Repeat("^", frame.carets)))
	}
	notes := t.notes(f)
	for _, g := range group {
		notes = append(notes, t.help(g)...)
	}
	for _, note := range notes {
		t.printf("%s%s %s\n", gutter, t.paint("frame", "="), note)
	}
	t.printf("\n")
}

// notes are the lines below the frame.
func (t *text) notes(f finding.Finding) []string {
	var notes []string
	if line := duty(f); line != "" {
		notes = append(notes, line)
	}
	if f.When != nil {
		notes = append(notes, "when: "+clean(*f.When))
	}
	if len(f.Environments) > 0 && !f.InAll {
		notes = append(notes, "in: "+clean(strings.Join(f.Environments, ", ")))
	}
	for _, why := range f.Why {
		note := "unknown: " + clean(why.Text())
		if why.Needs != "" && !strings.Contains(why.Reason, why.Needs) {
			note += " (needs " + clean(why.Needs) + ")"
		}
		notes = append(notes, note)
	}
	if s := f.Suppression; s != nil {
		note := "suppressed (" + s.Kind + ")"
		if s.Location.File != "" {
			note = "suppressed by " + place(s.Location)
		}
		if s.Reason != "" {
			note += ": " + clean(s.Reason)
		}
		notes = append(notes, note)
	}
	for _, related := range f.Related {
		notes = append(notes, fmt.Sprintf("note: %s: %s", clean(related.Message), place(related.Location)))
	}
	if n := len(f.Resource.Instances); n > 1 || f.Part && n == 1 {
		notes = append(notes, fmt.Sprintf("%s: %s", finding.Plural(n, "instance"), some(f.Resource.Instances, 5)))
	}
	return notes
}

// help is the line that says how to mend a finding, once for each rule.
func (t *text) help(f finding.Finding) []string {
	if f.Remedy == "" || t.helped[f.Rule] {
		return nil
	}
	t.helped[f.Rule] = true
	return []string{t.paint("bold", "help:") + " " + oneLine(f.Remedy)}
}

// duty says whose side of the line the finding is on, and which controls it breaks.
func duty(f finding.Finding) string {
	var parts []string
	if f.Side != "" && !f.Housekeeping() {
		side := f.Side + "'s side"
		if f.Side == "shared" {
			side = "shared duty"
		}
		if f.ServiceModel != "" {
			side += " (" + f.ServiceModel + " service)"
		}
		parts = append(parts, side)
	}
	switch len(f.Controls) {
	case 0:
	case 1:
		parts = append(parts, "control "+f.Controls[0])
	default:
		parts = append(parts, "controls "+strings.Join(f.Controls, ", "))
	}
	return strings.Join(parts, " · ")
}

// some lists the first of many names.
func some(names []string, most int) string {
	if len(names) <= most {
		return clean(strings.Join(names, ", "))
	}
	return fmt.Sprintf("%s and %d more", clean(strings.Join(names[:most], ", ")), len(names)-most)
}

func (t *text) errors(c finding.Coverage) {
	for _, e := range c.Errors {
		at := clean(e.File)
		if e.Line > 0 {
			at = fmt.Sprintf("%s:%d", at, e.Line)
		}
		if at != "" {
			at += ": "
		}
		t.printf("%s %s%s\n", t.paint("error", "not analysed:"), at, clean(e.Message))
	}
	for _, m := range c.MissingModules {
		t.printf("%s %s:%d: %s (%s): %s\n",
			t.paint("inconclusive", m.Problem()+":"), clean(m.File), m.Line, clean(m.Address), clean(m.Source), clean(m.Advice()))
	}
	unseen := c.NotLookedAt()
	if unseen != "" {
		t.printf("%s %s\n", t.paint("inconclusive", "not looked at:"), clean(unseen))
	}
	if len(c.Errors)+len(c.MissingModules) > 0 || unseen != "" {
		t.printf("\n")
	}
}

func (t *text) summary(r *finding.Report, o Options) {
	t.printf("%s\n", t.paint("bold", Summary(r)))
	if inconclusive := count(r, finding.Inconclusive); inconclusive > 0 && !o.ShowInconclusive {
		t.printf("%s\n", t.paint("inconclusive",
			fmt.Sprintf("%s not shown: --show-inconclusive lists what could not be decided and which input would settle it", finding.Plural(inconclusive, "finding"))))
	}
}

// Summary is the report in one line: what was found, and of how much.
func Summary(r *finding.Report) string {
	head := "no findings"
	if r.Summary.Total() > 0 {
		head = finding.Plural(r.Summary.Total(), "finding") + " (" + bySeverity(r.Summary) + ")"
	}
	return strings.Join(append([]string{head}, coverageParts(r)...), " · ")
}

// coverageParts say how much of the input the report speaks of.
func coverageParts(r *finding.Report) []string {
	c := r.Coverage
	parts := []string{fmt.Sprintf("%s, %s, %s: %d passed, %d inconclusive",
		finding.Plural(c.Files, "file"), finding.Plural(c.Resources, "resource"), finding.Plural(c.Judged, "check"), c.Passed, c.Inconclusive)}
	if n := count(r, finding.Suppressed); n > 0 {
		parts = append(parts, fmt.Sprintf("%d suppressed", n))
	}
	if r.Base != nil {
		parts = append(parts, fmt.Sprintf("%d known at %s", r.Base.Known, clean(r.Base.Revision)))
	}
	if _, n := c.Unruled(); n > 0 {
		parts = append(parts, finding.Plural(n, "resource")+" without any rule")
	}
	parts = append(parts, finding.Missing(c.MissingModules)...)
	if n := len(c.Errors); n > 0 {
		parts = append(parts, finding.Plural(n, "error"))
	}
	return parts
}

// count is the number of findings with a status.
func count(r *finding.Report, status finding.Status) int {
	n := 0
	for _, f := range r.Findings {
		if f.Status == status {
			n++
		}
	}
	return n
}

func bySeverity(s finding.Summary) string {
	var parts []string
	for _, c := range []struct {
		n    int
		name finding.Severity
	}{{s.Critical, finding.Critical}, {s.High, finding.High}, {s.Medium, finding.Medium}, {s.Low, finding.Low}} {
		if c.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", c.n, c.name))
		}
	}
	return strings.Join(parts, ", ")
}

// painter colours text by what it means; without colours it changes nothing.
type painter func(style, text string) string

// styles are SGR parameters.
var styles = map[string]string{
	"critical": "1;35", "high": "1;31", "medium": "1;33", "low": "1;36",
	"inconclusive": "2", "suppressed": "2", "error": "1;31", "bold": "1", "frame": "1;34",
}

func palette(color bool) painter {
	if !color {
		return func(_, text string) string { return text }
	}
	return func(style, text string) string { return "\x1b[" + styles[style] + "m" + text + "\x1b[0m" }
}
