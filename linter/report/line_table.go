package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/demarc-dev/demarc/linter/responsibility"
)

// LineMarkdown writes the report as tables, one for each area, with a row an
// aspect.
func LineMarkdown(out io.Writer, l *responsibility.Line, o Options) error {
	w := wordsOf(l.Language)
	var b strings.Builder
	title := w.Table.Title
	if l.Catalogue != "" {
		title = prose(l.Catalogue)
	}
	fmt.Fprintf(&b, "## %s%s%s\n\n%s\n", title, w.Join.Colon, w.states(responsibility.Count(l.Controls)), prose(w.lookedAt(l)))
	if !o.Date.IsZero() {
		b.WriteString("\n")
		for _, row := range w.made(l.Made, l.Version, o) {
			fmt.Fprintf(&b, "- %s%s%s\n", row.Name, w.Join.Colon, prose(row.Value))
		}
	}
	for _, area := range l.Areas() {
		fmt.Fprintf(&b, "\n### %s\n\n", prose(w.areaHeading(area)))
		tableHead(&b, "----", w.Table.Control, w.Table.State, w.Table.Asks, w.Table.Evidence)
		for _, c := range l.In(area) {
			fmt.Fprintf(&b, "| **%s** | %s | %s | %s |\n", prose(c.ID), w.States[c.State], prose(c.Ask), prose(w.controlProof(c)))
			for _, a := range c.Aspects {
				if _, whole := c.Whole(); !whole && c.State != responsibility.Provider {
					fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", prose(a.ID), w.aspectState(a), prose(a.Ask), prose(w.proof(a)))
				}
			}
		}
	}
	w.clauseTables(&b, l)
	fmt.Fprintf(&b, "\n### %s\n\n", w.Table.Models)
	tableHead(&b, "-:::--", w.Table.Model, w.Table.Findings, w.Table.ResourcesBroken, w.Table.ResourcesKept, w.Table.Yours, w.Table.Services)
	for _, m := range l.Models() {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", w.Models[m.ID], number(m.Findings), number(m.Broken), number(m.Kept), prose(strings.Join(w.layers(responsibility.Layers[:m.Mine]), "; ")), prose(w.services(m)))
	}
	w.divisionTable(&b, l)
	_, err := io.WriteString(out, b.String())
	return err
}

// divisionTable says layer by layer who carries what under each service model.
func (w *words) divisionTable(b *strings.Builder, l *responsibility.Line) {
	if len(l.Division) == 0 {
		return
	}
	names := []string{w.Table.Layer}
	for _, m := range responsibility.ServiceModels {
		names = append(names, w.Models[m.ID])
	}
	b.WriteString("\n")
	tableHead(b, "-----", names...)
	for _, layer := range l.Division {
		b.WriteString("| " + prose(layer.Name) + " |")
		for _, m := range responsibility.ServiceModels {
			b.WriteString(" " + w.carrier(layer.Sides[m.ID]) + " |")
		}
		b.WriteString("\n")
	}
}

// carrier is who carries a layer, in a word.
func (w *words) carrier(side string) string {
	return map[string]string{"customer": w.Page.CellYours, "shared": w.Page.CellShared, "aws": w.Page.CellAWS}[side]
}

// clauseTables writes a table for each framework.
func (w *words) clauseTables(b *strings.Builder, l *responsibility.Line) {
	for _, f := range l.Frameworks {
		headed := false
		for _, c := range l.Clauses() {
			if c.Framework != f.ID || len(c.Aspects) == 0 {
				continue
			}
			if !headed {
				fmt.Fprintf(b, "\n### %s\n\n", prose(w.framework(f)))
				tableHead(b, "----", w.Table.Clause, w.Table.State, w.Table.Asks, w.Table.Evidence)
				headed = true
			}
			asked := c.Title
			if c.Question != "" {
				asked = c.Question
			}
			fmt.Fprintf(b, "| %s | %s | %s | %s |\n", prose(c.ID), w.States[c.State()], prose(asked), prose(w.answer(c)))
		}
	}
}

// tableHead begins a table. Each column is aligned to the left (-) or, for
// numbers, to the right (:).
func tableHead(b *strings.Builder, align string, names ...string) {
	fmt.Fprintf(b, "| %s |\n|", strings.Join(names, " | "))
	for i := range names {
		if align[i] == ':' {
			b.WriteString("---:|")
		} else {
			b.WriteString("---|")
		}
	}
	b.WriteString("\n")
}

// byteOrderMark begins a Japanese CSV file: without it Excel in Japan reads
// Shift_JIS.
const byteOrderMark = "\ufeff"

// LineCSV writes one row an aspect. Areas, sides and states are ids in all languages.
func LineCSV(out io.Writer, l *responsibility.Line, _ Options) error {
	w := wordsOf(l.Language)
	if w.Language == "ja" {
		if _, err := io.WriteString(out, byteOrderMark); err != nil {
			return err
		}
	}
	rows := csv.NewWriter(out)
	head := w.Table
	titles := []string{head.Control, head.Aspect, head.Area, head.Side, head.ControlState, head.State, head.Asks, head.Broken, head.Inconclusive, head.Accepted, head.Kept, head.Clauses, head.Source, head.Evidence}
	if err := rows.Write(titles); err != nil {
		return err
	}
	number := func(n int) string { return fmt.Sprint(n) }
	for _, c := range l.Controls {
		serves := strings.Join(l.Serves(c), " ")
		for _, a := range c.Aspects {
			state := string(a.State)
			if !a.Counts() {
				state = ""
			}
			row := []string{
				c.ID, a.ID, c.Area, a.Side, string(c.State), state, a.Ask, number(len(a.Broken)), number(len(a.Inconclusive)), number(len(a.Accepted)), number(len(a.Kept)),
				serves, a.Source, w.proof(a),
			}
			for i := range row {
				row[i] = csvCell(row[i])
			}
			if err := rows.Write(row); err != nil {
				return err
			}
		}
	}
	rows.Flush()
	return rows.Error()
}

// csvCell keeps spreadsheets from taking a text for a formula, and a runner
// from taking a row for a command: an apostrophe says that it is text.
// https://owasp.org/www-community/attacks/CSV_Injection
func csvCell(text string) string {
	text = clean(text)
	if len(text) > 1 && strings.ContainsRune("=+-@", rune(text[0])) || lineStart(text) != text {
		return "'" + text
	}
	return text
}
