package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/demarc-dev/demarc/linter/finding"
)

// GitHub writes workflow commands, which GitHub Actions shows as annotations
// of the pull request. The worst come first, because GitHub shows only ten of
// a kind per step.
func GitHub(w io.Writer, r *finding.Report, o Options) error {
	b := bufio.NewWriter(w)
	findings := shown(r, o)
	slices.SortStableFunc(findings, func(x, y finding.Finding) int {
		return cmp.Compare(weight(y), weight(x))
	})
	for _, f := range findings {
		fmt.Fprintf(b, "::%s %s::%s\n", annotation(f), properties(f), commandData(annotationText(f)))
	}
	for _, e := range r.Coverage.Errors {
		line := ""
		if e.Line > 0 {
			line = fmt.Sprintf("line=%d,", e.Line)
		}
		fmt.Fprintf(b, "::warning file=%s,%stitle=not analysed::%s\n", commandProperty(e.File), line, commandData(clean(e.Message)))
	}
	fmt.Fprintln(b, "demarc: "+Summary(r))
	return b.Flush()
}

func annotation(f finding.Finding) string {
	switch weight(f) {
	case finding.Critical.Rank(), finding.High.Rank():
		return "error"
	case finding.Medium.Rank():
		return "warning"
	}
	return "notice"
}

func properties(f finding.Finding) string {
	props := "file=" + commandProperty(f.Location.File)
	if start, end := f.Location.Start, f.Location.End; start != nil {
		props += fmt.Sprintf(",line=%d", start.Line)
		switch {
		case end == nil:
		case end.Line != start.Line:
			// GitHub refuses columns for a range of several lines.
			props += fmt.Sprintf(",endLine=%d", end.Line)
		default:
			props += fmt.Sprintf(",endLine=%d,col=%d,endColumn=%d", end.Line, start.Column, end.Column)
		}
	}
	title := fmt.Sprintf("%s (%s)", f.Rule, label(f))
	return props + ",title=" + commandProperty(title)
}

func annotationText(f finding.Finding) string {
	lines := []string{clean(f.Message)}
	if f.When != nil {
		lines = append(lines, "When "+clean(*f.When)+".")
	}
	for _, why := range f.Why {
		lines = append(lines, "Unknown: "+clean(why.Text()))
	}
	for _, related := range f.Related {
		lines = append(lines, clean(related.Message)+": "+place(related.Location))
	}
	if f.Remedy != "" {
		lines = append(lines, "Help: "+oneLine(f.Remedy))
	}
	return strings.Join(lines, "\n")
}

var (
	dataEscapes     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	propertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func commandData(s string) string     { return dataEscapes.Replace(s) }
func commandProperty(s string) string { return propertyEscapes.Replace(clean(s)) }
