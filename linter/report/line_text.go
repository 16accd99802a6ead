package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/responsibility"
)

// LineText writes the report for a terminal: what was looked at aspect by
// aspect, the rest by name.
func LineText(out io.Writer, l *responsibility.Line, o Options) error {
	w := wordsOf(l.Language)
	t := lineText{words: w, line: l, paint: palette(o.Color), width: o.width()}
	if l.Catalogue != "" {
		t.paragraph("", "", oneLine(l.Catalogue))
	}
	t.paragraph("", "", w.Text.Head.with("controls", w.Counts.Controls.with(len(l.Controls)), "states", w.states(responsibility.Count(l.Controls))))
	t.paragraph("", "", w.lookedAt(l))
	t.made(o)
	for _, area := range l.Areas() {
		t.area(area)
	}
	t.frameworks()
	t.models()
	_, err := io.WriteString(out, t.String())
	return err
}

// made is what the report was made of and with, if it has a date: it is filed then.
func (t *lineText) made(o Options) {
	if o.Date.IsZero() {
		return
	}
	t.WriteString("\n")
	for _, row := range t.words.made(t.line.Made, t.line.Version, o) {
		t.paragraph("  ", row.Name, row.Value)
	}
}

// lineWidth is the number of columns of a report that no terminal shows.
const lineWidth = 100

// width is the number of columns to write in, which a narrow terminal does not
// make unreadable.
func (o Options) width() int {
	if o.Width <= 0 {
		return lineWidth
	}
	return min(max(o.Width, 60), 160)
}

// lineText is a responsibility report that is being written for a terminal.
type lineText struct {
	strings.Builder
	*words
	line  *responsibility.Line
	paint painter
	width int
}

// lookedAt says how many of the aspects that templates can show were looked at.
func (w *words) lookedAt(l *responsibility.Line) string {
	looked, visible := 0, 0
	var aspects []responsibility.Aspect
	for _, c := range l.Controls {
		for _, a := range c.Aspects {
			if a.Visible() {
				visible++
			}
			if a.Counts() && a.State.LookedAt() {
				looked++
				aspects = append(aspects, a)
			}
		}
	}
	if looked == 0 {
		return w.Text.LookedAtNone.with("aspects", w.Counts.Aspects.with(visible))
	}
	return w.Text.LookedAt.with("aspects", w.Counts.Aspects.with(max(visible, looked)), "looked", looked, "states", w.states(responsibility.CountAspects(aspects)))
}

func (t *lineText) area(area string) {
	controls := t.line.In(area)
	fmt.Fprintf(t, "\n%s  %s\n", t.paint("bold", t.areaHeading(area)), t.states(responsibility.Count(controls)))
	for _, c := range controls {
		if c.State.LookedAt() && c.State != responsibility.Kept || c.State == responsibility.InPart {
			t.control(c)
		}
	}
	for _, s := range responsibility.States {
		var names []string
		for _, c := range controls {
			if c.State == s && (s == responsibility.Kept || !s.LookedAt() && s != responsibility.InPart) {
				names = append(names, t.named(c))
			}
		}
		t.wrapped(t.Text.Label.with("state", t.States[s]), names)
	}
}

// areaHeading has the name of an area and the id that --only takes.
func (w *words) areaHeading(id string) string {
	if name := w.Areas[id]; name != "" {
		return w.Text.Area.with("area", name, "id", id)
	}
	return clean(id)
}

// control writes a control with its aspects: those looked at a line each, the
// others by name.
func (t *lineText) control(c responsibility.Control) {
	ask := oneLine(c.Ask)
	if whole, ok := c.Whole(); ok {
		if p := t.proof(whole); p != "" {
			ask = t.Text.Item.with("control", ask, "proof", p)
		}
		t.paragraph("  ", stateMarks[c.State]+" "+clean(c.ID), ask)
		return
	}
	t.paragraph("  ", stateMarks[c.State]+" "+clean(c.ID), ask)
	rest := map[responsibility.State][]string{}
	for _, a := range c.Aspects {
		switch {
		case !a.Counts():
			rest[responsibility.InPart] = append(rest[responsibility.InPart], t.Text.Item.with("control", a.ID, "proof", t.list(a.See)))
		case a.State.LookedAt():
			t.aspect(a)
		default:
			rest[a.State] = append(rest[a.State], a.ID)
		}
	}
	for _, s := range responsibility.States {
		label := t.Text.Label.with("state", t.States[s])
		if s == responsibility.InPart {
			label = t.Text.Label.with("state", t.Text.See)
		}
		t.wrapped("  "+label, rest[s])
	}
}

func (t *lineText) aspect(a responsibility.Aspect) {
	ask := oneLine(a.Ask)
	if p := t.proof(a); p != "" {
		ask = t.Text.Item.with("control", ask, "proof", p)
	}
	t.paragraph("      ", stateMarks[a.State]+" "+clean(a.ID), ask)
}

func (t *lineText) named(c responsibility.Control) string {
	if p := t.controlProof(c); p != "" {
		return t.Text.Item.with("control", c.ID, "proof", p)
	}
	return c.ID
}

// paragraph writes a text after a name, broken at words and indented under
// where it begins.
func (t *lineText) paragraph(margin, name, text string) {
	indent := textWidth(margin)
	if name != "" {
		indent += textWidth(name) + 2
	}
	for i, line := range wrapText(text, t.width-indent) {
		switch {
		case i > 0 || name == "":
			t.WriteString(strings.Repeat(" ", indent) + line + "\n")
		default:
			t.WriteString(margin + t.paint("bold", name) + "  " + line + "\n")
		}
	}
}

// wrapped writes a list under a label, broken at the width of the page.
func (t *lineText) wrapped(label string, items []string) {
	if len(items) == 0 {
		return
	}
	const margin, indent = "    ", "      "
	comma := strings.TrimSpace(t.Join.List)
	gap := t.Join.List[len(comma):]
	line := margin + fit(label, t.width-len(margin))
	for i, item := range items {
		end := ""
		if i < len(items)-1 {
			end = comma
		}
		item = fit(clean(item), t.width-len(indent)-textWidth(end)) + end
		if textWidth(line+gap+item) > t.width {
			t.WriteString(line + "\n")
			line = indent + item
			continue
		}
		line += gap + item
	}
	t.WriteString(line + "\n")
}

// frameworks writes what the code shows of each clause.
func (t *lineText) frameworks() {
	for _, f := range t.line.Frameworks {
		headed := false
		for _, c := range t.line.Clauses() {
			if c.Framework != f.ID || len(c.Aspects) == 0 {
				continue
			}
			if !headed {
				t.WriteString("\n" + t.paint("bold", t.framework(f)) + "\n")
				headed = true
			}
			t.paragraph("  ", stateMarks[c.State()]+" "+clean(c.ID), t.clauseLine(c))
		}
	}
}

// clauseLine says of a clause what is asked, and what was looked at.
func (w *words) clauseLine(c responsibility.Clause) string {
	if c.Question != "" {
		return w.Text.Question.with("title", oneLine(c.Question), "answer", w.answer(c))
	}
	return w.Text.Clause.with("title", oneLine(c.Title), "answer", w.answer(c))
}

// answer says at how many of a clause's aspects was looked, and how they are.
func (w *words) answer(c responsibility.Clause) string {
	looked, of := c.LookedAt()
	var parts []string
	switch {
	case of == 0:
	case looked == 0:
		parts = append(parts, w.Text.ClauseNone.with("aspects", w.Counts.Aspects.with(of)))
	default:
		seen := responsibility.CountAspects(c.Aspects)
		for s := range seen {
			if !s.LookedAt() {
				delete(seen, s)
			}
		}
		parts = append(parts, w.Text.ClauseLooked.with("looked", looked, "aspects", w.Counts.Aspects.with(of), "states", w.states(seen)))
	}
	if theirs := c.Of(responsibility.Provider); len(theirs) > 0 {
		ids := make([]string, len(theirs))
		for i, a := range theirs {
			ids[i] = clean(a.ID)
		}
		parts = append(parts, w.Text.ClauseTheirs.with("aspects", w.list(ids)))
	}
	return strings.Join(parts, "; ")
}

// models lists the service models with who carries which layer.
func (t *lineText) models() {
	headed := false
	for _, m := range t.line.Models() {
		if m.Broken+m.Kept+len(m.Services) == 0 {
			continue
		}
		if !headed {
			t.WriteString("\n" + t.paint("bold", t.Text.Models) + "\n")
			headed = true
		}
		t.wrapped(t.Text.Model.with("model", t.Models[m.ID]), []string{
			t.Text.ModelFound.with("findings", t.Counts.Findings.with(m.Findings), "resources", t.Counts.Resources.with(m.Broken)),
			t.Text.ModelKept.with("n", m.Kept),
			t.Text.ModelLine.with("layer", t.Layers[responsibility.Layers[m.Mine-1]]),
		})
		if services := t.services(m); services != "" {
			t.paragraph("      ", "", t.Text.ModelServices.with("services", services))
		}
		if count := countSides(t.line.Division, m.ID); len(t.line.Division) > 0 {
			t.paragraph("      ", "", t.Text.ModelSides.with("n", len(t.line.Division), "yours", count["customer"], "shared", count["shared"], "aws", count["aws"]))
		}
	}
}

// services are the services of a model that are here, with their resources.
func (w *words) services(m responsibility.Model) string {
	out := make([]string, len(m.Services))
	for i, s := range m.Services {
		out[i] = fmt.Sprintf("%s %d", clean(s.Name), s.Resources)
	}
	return w.list(out)
}

// countSides counts layers by who carries them under a service model.
func countSides(division []finding.Layer, model string) map[string]int {
	out := map[string]int{}
	for _, l := range division {
		out[l.Sides[model]]++
	}
	return out
}
