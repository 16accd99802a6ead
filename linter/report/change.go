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

var changeFormats = forms[ChangeWriter]{{"text", ChangeText}, {"json", ChangeJSON}, {"markdown", ChangeMarkdown}}

// ChangeFormat returns the writer of a form of responsibility --new-from.
func ChangeFormat(name string) (ChangeWriter, error) {
	return changeFormats.find(name, " with --new-from")
}

// changed says what changed in one line.
func (w *words) changed(c *responsibility.Changes) string {
	worse, better := 0, 0
	for _, change := range c.Controls {
		switch {
		case change.Worse():
			worse++
		case change.Better():
			better++
		}
	}
	revision, commit := clean(c.Base.Revision), fmt.Sprintf("%.12s", c.Base.Commit)
	if len(c.Controls) == 0 {
		return w.Change.Same.with("revision", revision, "commit", commit, "controls", w.Counts.Controls.with(c.Same))
	}
	text := w.Change.Changed.with("revision", revision, "commit", commit, "controls", w.Counts.Controls.with(worse),
		"better", better, "other", len(c.Controls)-worse-better, "same", c.Same)
	if n := c.Base.Errors; n > 0 {
		text += w.Change.Gap.with(n)
	}
	return text
}

// ChangeText writes for a terminal each control that changed, with the findings
// that came (+) and went (-).
func ChangeText(out io.Writer, c *responsibility.Changes, o Options) error {
	w, paint := wordsOf(c.Language), palette(o.Color)
	var b strings.Builder
	b.WriteString(w.changed(c) + "\n")
	for _, change := range c.Controls {
		style := "bold"
		if change.Worse() {
			style = "high"
		}
		turned := w.turnedFrom(change.Before, change.After)
		fmt.Fprintf(&b, "\n%s  %s  %s\n", paint("bold", change.ID), paint(style, turned), fit(oneLine(change.Ask), lineWidth-textWidth(change.ID)-textWidth(turned)-4))
		for _, a := range change.Aspects {
			turned := w.turnedFrom(a.Before, a.After)
			fmt.Fprintf(&b, "  %s  %s  %s\n", clean(a.ID), turned, fit(oneLine(a.Ask), lineWidth-textWidth(a.ID)-textWidth(turned)-6))
			for _, f := range a.Came {
				fmt.Fprintf(&b, "    + %s\n", w.cameOrWent(f))
			}
			for _, f := range a.Went {
				fmt.Fprintf(&b, "    - %s\n", w.cameOrWent(f))
			}
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// turnedFrom says from which state to which something went.
func (w *words) turnedFrom(before, after responsibility.State) string {
	if before == after {
		return w.Change.Still.with("state", w.States[after])
	}
	return w.Change.Turned.with("before", w.States[before], "after", w.States[after])
}

func (w *words) cameOrWent(f finding.Finding) string {
	return w.Change.Finding.with("severity", w.Labels[string(f.Severity)], "place", place(f.Location), "message", clean(f.Message), "rule", clean(f.Rule))
}

type changesJSON struct {
	Schema   int          `json:"schema"`
	Language string       `json:"language"`
	Revision string       `json:"revision"`
	Commit   string       `json:"commit"`
	Same     int          `json:"same"`
	Controls []changeJSON `json:"controls"`
}

type changeJSON struct {
	ID      string             `json:"id"`
	Area    string             `json:"area"`
	Side    string             `json:"side"`
	Ask     string             `json:"ask"`
	Before  string             `json:"before"`
	After   string             `json:"after"`
	Came    []evidenceJSON     `json:"came"`
	Went    []evidenceJSON     `json:"went"`
	Aspects []aspectChangeJSON `json:"aspects"`
}

type aspectChangeJSON struct {
	ID     string         `json:"id"`
	Ask    string         `json:"ask"`
	Before string         `json:"before"`
	After  string         `json:"after"`
	Came   []evidenceJSON `json:"came"`
	Went   []evidenceJSON `json:"went"`
}

// ChangeJSON writes what changed for programs.
func ChangeJSON(w io.Writer, c *responsibility.Changes, _ Options) error {
	out := changesJSON{Schema: 2, Language: wordsOf(c.Language).Language, Revision: c.Base.Revision, Commit: c.Base.Commit, Same: c.Same, Controls: []changeJSON{}}
	for _, change := range c.Controls {
		one := changeJSON{
			ID: change.ID, Area: change.Area, Side: change.Side, Ask: change.Ask, Before: string(change.Before), After: string(change.After),
			Came: evidence(change.Came), Went: evidence(change.Went), Aspects: []aspectChangeJSON{},
		}
		for _, a := range change.Aspects {
			one.Aspects = append(one.Aspects, aspectChangeJSON{a.ID, a.Ask, string(a.Before), string(a.After), evidence(a.Came), evidence(a.Went)})
		}
		out.Controls = append(out.Controls, one)
	}
	return WriteJSON(w, out)
}

// ChangeMarkdown writes what changed as a table, for a comment on a change.
func ChangeMarkdown(out io.Writer, c *responsibility.Changes, _ Options) error {
	w := wordsOf(c.Language)
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n", w.Change.Title.with("summary", prose(w.changed(c))))
	if len(c.Controls) > 0 {
		b.WriteString("\n")
		tableHead(&b, "------", w.Table.Aspect, w.Table.Before, w.Table.After, w.Table.Asks, w.Table.Came, w.Table.Went)
	}
	for _, change := range c.Controls {
		for _, a := range change.Aspects {
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", prose(a.ID), w.States[a.Before], w.States[a.After], prose(a.Ask), w.cells(a.Came), w.cells(a.Went))
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// mostCells is how many findings a cell of a table lists.
const mostCells = 5

func (w *words) cells(findings []finding.Finding) string {
	var out []string
	for i, f := range findings {
		if i == mostCells {
			out = append(out, w.Table.More.with("n", len(findings)-i))
			break
		}
		out = append(out, strings.ReplaceAll(codeSpan(f.Rule)+" "+codeSpan(place(f.Location)), "|", `\|`))
	}
	return strings.Join(out, "<br>")
}
