package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/responsibility"
)

// ChangeWriter writes what changed between two scans in one form.
type ChangeWriter func(w io.Writer, c *responsibility.Changes, o Options) error

var changeFormats = []struct {
	name  string
	write ChangeWriter
}{{"text", ChangeText}, {"json", ChangeJSON}, {"markdown", ChangeMarkdown}}

// ChangeFormat returns the writer of a form of responsibility --new-from.
func ChangeFormat(name string) (ChangeWriter, error) {
	var names []string
	for _, f := range changeFormats {
		if f.name == name {
			return f.write, nil
		}
		names = append(names, f.name)
	}
	return nil, fmt.Errorf("unknown format %q with --new-from: use %s", name, strings.Join(names, ", "))
}

// changeSummary says what changed in one line.
func changeSummary(c *responsibility.Changes) string {
	worse, better := 0, 0
	for _, change := range c.Controls {
		switch {
		case change.Worse():
			worse++
		case change.Better():
			better++
		}
	}
	text := fmt.Sprintf("since %s (%.12s): ", clean(c.Base.Revision), c.Base.Commit)
	if len(c.Controls) == 0 {
		return text + fmt.Sprintf("all %s as before", finding.Plural(c.Same, "control"))
	}
	text += fmt.Sprintf("%s worse, %d better, %d otherwise changed, %d as before", finding.Plural(worse, "control"), better, len(c.Controls)-worse-better, c.Same)
	if n := c.Base.Errors; n > 0 {
		text += fmt.Sprintf("; %s could not be analysed then", finding.Plural(n, "part"))
	}
	return text
}

// ChangeText writes for a terminal each control that changed, with the findings
// that came (+) and went (-).
func ChangeText(w io.Writer, c *responsibility.Changes, o Options) error {
	paint := palette(o.Color)
	var b strings.Builder
	b.WriteString(changeSummary(c) + "\n")
	for _, change := range c.Controls {
		style := "bold"
		if change.Worse() {
			style = "high"
		}
		fmt.Fprintf(&b, "\n%s  %s  %s\n", paint("bold", change.ID), paint(style, fromTo(change)), shorten(change.Ask, lineWidth-len(change.ID)-len(fromTo(change))-4))
		for _, f := range change.Came {
			fmt.Fprintf(&b, "  + %s\n", changed(f))
		}
		for _, f := range change.Went {
			fmt.Fprintf(&b, "  - %s\n", changed(f))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func fromTo(c responsibility.Change) string {
	if c.Before == c.After {
		return "still " + stateNames[c.After]
	}
	return stateNames[c.Before] + " -> " + stateNames[c.After]
}

func changed(f finding.Finding) string {
	return fmt.Sprintf("%s %s: %s (%s)", f.Severity, place(f.Location), clean(f.Message), clean(f.Rule))
}

type changesJSON struct {
	Schema   int          `json:"schema"`
	Revision string       `json:"revision"`
	Commit   string       `json:"commit"`
	Same     int          `json:"same"`
	Controls []changeJSON `json:"controls"`
}

type changeJSON struct {
	ID     string         `json:"id"`
	Area   string         `json:"area"`
	Side   string         `json:"side"`
	Ask    string         `json:"ask"`
	Before string         `json:"before"`
	After  string         `json:"after"`
	Came   []evidenceJSON `json:"came"`
	Went   []evidenceJSON `json:"went"`
}

// ChangeJSON writes what changed for programs.
func ChangeJSON(w io.Writer, c *responsibility.Changes, _ Options) error {
	out := changesJSON{Schema: 1, Revision: c.Base.Revision, Commit: c.Base.Commit, Same: c.Same, Controls: []changeJSON{}}
	for _, change := range c.Controls {
		out.Controls = append(out.Controls, changeJSON{
			ID: change.ID, Area: change.Area, Side: change.Side, Ask: change.Ask, Before: string(change.Before), After: string(change.After),
			Came: evidence(change.Came), Went: evidence(change.Went),
		})
	}
	return encodeJSON(w, out)
}

// ChangeMarkdown writes what changed as a table, for a comment on a change.
func ChangeMarkdown(w io.Writer, c *responsibility.Changes, _ Options) error {
	var b strings.Builder
	fmt.Fprintf(&b, "## Shared responsibility, %s\n", prose(changeSummary(c)))
	if len(c.Controls) > 0 {
		b.WriteString("\n| control | before | after | asks | came | went |\n|---|---|---|---|---|---|\n")
	}
	for _, change := range c.Controls {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", change.ID, stateNames[change.Before], stateNames[change.After], prose(change.Ask),
			cells(change.Came), cells(change.Went))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// mostCells is how many findings a cell of a table lists.
const mostCells = 5

func cells(findings []finding.Finding) string {
	var out []string
	for i, f := range findings {
		if i == mostCells {
			out = append(out, fmt.Sprintf("and %d more", len(findings)-i))
			break
		}
		out = append(out, strings.ReplaceAll(codeSpan(f.Rule)+" "+codeSpan(place(f.Location)), "|", `\|`))
	}
	return strings.Join(out, "<br>")
}
