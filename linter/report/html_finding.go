package report

import (
	"fmt"
	"strings"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/source"
)

// pageLines is how many lines of source a finding shows at most.
const pageLines = 6

type (
	pageFinding struct {
		Severity, Status, Label, AreaIDs, Service, File string
		Message, At, Address, Rule, Anchor              string
		Frame                                           []pageFrameLine
		Notes                                           []pageNote
	}
	// pageFrameLine is a line of source, in three parts.
	pageFrameLine struct {
		Number                int
		Before, Marked, After string
	}
	pageNote struct{ Name, Text, At string }
)

func newPageFinding(r *finding.Report, f finding.Finding, secrets map[*source.File][]source.Range) pageFinding {
	p := pageFinding{
		Severity: string(f.Severity), Status: string(f.Status), Label: label(f),
		AreaIDs: strings.Join(findingAreas(r, f), " "), Service: serviceOf(f.Rule), File: clean(f.Location.File),
		Message: clean(f.Message), At: place(f.Location), Address: clean(f.Resource.Address),
		Rule: clean(f.Rule), Anchor: anchor(f.Rule),
	}
	if at := f.Location.Range; at.Valid() && f.Location.Start != nil {
		p.Frame = sourceFrame(at, secrets[at.File])
	}
	note := func(name, text string) { p.Notes = append(p.Notes, pageNote{Name: name, Text: text}) }
	if f.When != nil {
		note("When", clean(*f.When))
	}
	if len(f.Environments) > 0 {
		note("In", clean(strings.Join(f.Environments, ", ")))
	}
	for _, why := range f.Why {
		note("Unknown", clean(why.Text()))
	}
	if s := f.Suppression; s != nil {
		reason := clean(s.Reason)
		if reason == "" {
			reason = "no reason is given"
		}
		p.Notes = append(p.Notes, pageNote{"Suppressed", reason, place(s.Location)})
	}
	for _, related := range f.Related {
		p.Notes = append(p.Notes, pageNote{"", clean(related.Message), place(related.Location)})
	}
	if n := len(f.Resource.Instances); n > 1 {
		note(finding.Plural(n, "instance"), some(f.Resource.Instances, 20))
	}
	if f.Remedy != "" {
		note("What to do", oneLine(f.Remedy))
	}
	if line := duty(f); line != "" {
		note("Whose duty", line)
	}
	return p
}

// sourceFrame is the source of a range, the secrets masked.
func sourceFrame(at source.Range, secrets []source.Range) []pageFrameLine {
	first, last := at.StartPosition().Line, at.EndPosition().Line
	if at.End > at.Start && at.EndPosition().Column == 1 {
		last-- // it ends with a line break
	}
	var out []pageFrameLine
	indent := maxWidth
	for n := first; n <= min(last, first+pageLines-1); n++ {
		v := lineCells(at, n, secrets)
		from := v.first
		for from < v.end && n > first && strings.TrimSpace(v.cells[from].text) == "" {
			from++ // the indentation of a further line is not what is meant
		}
		start, stop := v.window(from)
		end := min(v.end, max(from, stop))
		l := pageFrameLine{Number: n, Before: concat(v.cells[start:from]), Marked: concat(v.cells[from:end]), After: join(v.cells[end:max(end, stop)])}
		if v.cutBefore(start) {
			indent = 0
			l.Before = "… " + l.Before
		} else {
			indent = min(indent, len(l.Before)-len(strings.TrimLeft(l.Before, " ")))
		}
		if v.cutAfter(stop) {
			l.After += " …"
		}
		out = append(out, l)
	}
	for i := range out { // what is common to all lines tells nothing
		out[i].Before = out[i].Before[indent:]
	}
	if more := last - first + 1 - len(out); more > 0 {
		out[len(out)-1].After += fmt.Sprintf("  (%d more lines)", more)
	}
	return out
}
