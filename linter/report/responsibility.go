package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/responsibility"
)

// LineWriter writes a responsibility report in one format.
type LineWriter func(w io.Writer, l *responsibility.Line, o Options) error

var lineFormats = []struct {
	name  string
	write LineWriter
}{
	{"text", LineText},
	{"json", LineJSON},
	{"markdown", LineMarkdown},
	{"csv", LineCSV},
	{"html", LineHTML},
}

// LineFormat returns the writer of a format of the responsibility report.
func LineFormat(name string) (LineWriter, error) {
	var names []string
	for _, f := range lineFormats {
		if f.name == name {
			return f.write, nil
		}
		names = append(names, f.name)
	}
	return nil, fmt.Errorf("unknown format %q: use %s", name, strings.Join(names, ", "))
}

// LineText writes the report for a terminal of 100 columns: what is broken or
// undecided a line each, the rest by name.
func LineText(out io.Writer, l *responsibility.Line, o Options) error {
	w := wordsOf(l.Language)
	t := lineText{words: w, line: l, paint: palette(o.Color), ids: 6}
	for _, c := range l.Controls {
		t.ids = max(t.ids, textWidth(c.ID))
	}
	if l.Catalogue != "" {
		t.WriteString(t.paint("bold", fit(clean(l.Catalogue), lineWidth)) + "\n")
	}
	t.WriteString(w.Text.Head.with("controls", w.Counts.Controls.with(len(l.Controls)), "states", w.states(l.Controls)) + "\n")
	for _, area := range l.Areas() {
		t.area(area)
	}
	t.frameworks()
	t.models()
	_, err := io.WriteString(out, t.String())
	return err
}

const lineWidth = 100

// lineText is a responsibility report that is being written for a terminal.
type lineText struct {
	strings.Builder
	*words
	line  *responsibility.Line
	paint painter
	ids   int // columns of the widest control's id
}

func (t *lineText) area(area string) {
	controls := t.line.In(area)
	fmt.Fprintf(t, "\n%s  %s\n", t.paint("bold", t.areaHeading(area)), t.states(controls))
	for _, c := range controls {
		if c.State == responsibility.Broken || c.State == responsibility.Inconclusive {
			t.control(c)
		}
	}
	for _, s := range responsibility.States[2:] {
		var names []string
		for _, c := range controls {
			if c.State == s {
				names = append(names, t.named(c))
			}
		}
		if len(names) > 0 {
			t.wrapped(t.Text.Label.with("state", t.States[s]), names)
		}
	}
}

// areaHeading has the name of an area and the id that --only takes.
func (w *words) areaHeading(id string) string {
	if name := w.Areas[id]; name != "" {
		return w.Text.Area.with("area", name, "id", id)
	}
	return clean(id)
}

func (t *lineText) control(c responsibility.Control) {
	mark, style := "x", "high"
	if c.State == responsibility.Inconclusive {
		mark, style = "?", "inconclusive"
	}
	// The columns are the mark, the id, the ask and the proof.
	asks := 58 - t.ids
	fmt.Fprintf(t, "  %s %s %s  %s\n", t.paint(style, mark), padded(c.ID, t.ids), padded(fit(oneLine(c.Ask), asks), asks), fit(t.proof(c), lineWidth-asks-t.ids-7))
}

func (t *lineText) named(c responsibility.Control) string {
	if p := t.proof(c); p != "" {
		return t.Text.Item.with("control", c.ID, "proof", p)
	}
	return c.ID
}

// wrapped writes a list under a label, broken at the width of the page.
func (t *lineText) wrapped(label string, items []string) {
	const margin, indent = "    ", "      "
	comma := strings.TrimSpace(t.Join.List)
	gap := t.Join.List[len(comma):]
	line := margin + fit(label, lineWidth-len(margin))
	for i, item := range items {
		end := ""
		if i < len(items)-1 {
			end = comma
		}
		item = fit(item, lineWidth-len(indent)-textWidth(end)) + end
		if textWidth(line+gap+item) > lineWidth {
			t.WriteString(line + "\n")
			line = indent + item
			continue
		}
		line += gap + item
	}
	t.WriteString(line + "\n")
}

// frameworks lists the clauses of the frameworks by their worst state.
func (t *lineText) frameworks() {
	headed := false
	for _, f := range t.line.Frameworks {
		var broken []string
		total := 0
		for _, c := range t.line.Clauses() {
			if c.Framework != f.ID || len(c.Controls) == 0 {
				continue
			}
			total++
			if c.State() == responsibility.Broken {
				broken = append(broken, t.Text.Clause.with("number", c.Number, "title", c.Title))
			}
		}
		if total == 0 {
			continue
		}
		if !headed {
			t.WriteString("\n" + t.Text.Frameworks + "\n")
			headed = true
		}
		name := strings.ToUpper(f.ID)
		if len(broken) > 0 {
			t.wrapped(t.Text.FrameworkBroken.with("framework", name, "n", len(broken), "total", total), broken)
		} else {
			t.wrapped(t.Text.FrameworkKept.with("framework", name, "total", total), nil)
		}
	}
}

// models lists the service models with who carries which layer.
func (t *lineText) models() {
	headed := false
	for _, m := range t.line.Models() {
		if m.Broken+m.Kept == 0 {
			continue
		}
		if !headed {
			t.WriteString("\n" + t.Text.Models + "\n")
			headed = true
		}
		t.wrapped(t.Text.Model.with("model", t.Models[m.ID]), []string{
			t.Text.ModelFound.with("findings", t.Counts.Findings.with(m.Findings), "resources", t.Counts.Resources.with(m.Broken)),
			t.Text.ModelKept.with("n", m.Kept),
			t.Text.ModelLine.with("layer", t.Layers[responsibility.Layers[m.Mine-1]]),
		})
	}
}

type lineJSON struct {
	Schema     int            `json:"schema"`
	Language   string         `json:"language"`
	Catalogue  *string        `json:"catalogue"`
	Counts     map[string]int `json:"counts"`
	Controls   []controlJSON  `json:"controls"`
	Frameworks []clauseJSON   `json:"frameworks"`
	Models     []modelJSON    `json:"service_models"`
}

type modelJSON struct {
	ID       string   `json:"id"`
	Customer []string `json:"customer"`
	AWS      []string `json:"aws"`
	Findings int      `json:"findings"`
	Broken   int      `json:"resources_broken"`
	Kept     int      `json:"resources_kept"`
}

type controlJSON struct {
	ID           string         `json:"id"`
	Area         string         `json:"area"`
	Side         string         `json:"side"`
	Evidence     string         `json:"evidence"`
	Ask          string         `json:"ask"`
	State        string         `json:"state"`
	Clauses      []string       `json:"clauses"`
	Rules        []string       `json:"rules"`
	Broken       []evidenceJSON `json:"broken"`
	Inconclusive []evidenceJSON `json:"inconclusive"`
	Accepted     []evidenceJSON `json:"accepted"`
	Kept         []evidenceJSON `json:"kept"`
}

type evidenceJSON struct {
	Rule        string           `json:"rule"`
	Resource    string           `json:"resource"`
	Location    finding.Location `json:"location"`
	Message     string           `json:"message"`
	Fingerprint string           `json:"fingerprint"`
}

type clauseJSON struct {
	Clause   string   `json:"clause"`
	Title    string   `json:"title"`
	State    string   `json:"state"`
	Controls []string `json:"controls"`
}

// LineJSON writes the report for programs.
func LineJSON(w io.Writer, l *responsibility.Line, _ Options) error {
	words := wordsOf(l.Language)
	out := lineJSON{Schema: 1, Language: words.Language, Counts: map[string]int{}, Controls: []controlJSON{}, Frameworks: []clauseJSON{}}
	if l.Catalogue != "" {
		out.Catalogue = &l.Catalogue
	}
	for _, s := range responsibility.States {
		out.Counts[string(s)] = responsibility.Count(l.Controls)[s]
	}
	for _, c := range l.Controls {
		out.Controls = append(out.Controls, controlJSON{
			ID: c.ID, Area: c.Area, Side: c.Side, Evidence: c.Evidence, Ask: c.Ask, State: string(c.State),
			Clauses: clauses(c), Rules: list(c.Rules),
			Broken: evidence(c.Broken), Inconclusive: evidence(c.Inconclusive), Accepted: evidence(c.Accepted), Kept: keeping(c.Kept),
		})
	}
	for _, c := range l.Clauses() {
		if len(c.Controls) == 0 {
			continue
		}
		ids := make([]string, len(c.Controls))
		for i, control := range c.Controls {
			ids[i] = control.ID
		}
		out.Frameworks = append(out.Frameworks, clauseJSON{clauseName(c.Framework, c.Number), c.Title, string(c.State()), ids})
	}
	for _, m := range l.Models() {
		out.Models = append(out.Models, modelJSON{
			ID: m.ID, Customer: words.layers(responsibility.Layers[:m.Mine]), AWS: words.layers(responsibility.Layers[m.Mine:]), Findings: m.Findings, Broken: m.Broken, Kept: m.Kept,
		})
	}
	return encodeJSON(w, out)
}

func clauseName(framework string, number int) string {
	return fmt.Sprintf("%s:%d", strings.ToUpper(framework), number)
}

func clauses(c responsibility.Control) []string {
	out := []string{}
	for _, clause := range c.Clauses {
		out = append(out, clauseName(clause.Framework, clause.Number))
	}
	return out
}

func evidence(findings []finding.Finding) []evidenceJSON {
	out := []evidenceJSON{}
	for _, f := range findings {
		out = append(out, evidenceJSON{f.Rule, f.Resource.Address, f.Location, f.Message, f.Fingerprint})
	}
	return out
}

func keeping(kept []finding.Kept) []evidenceJSON {
	out := []evidenceJSON{}
	for _, k := range kept {
		out = append(out, evidenceJSON{Rule: k.Rule, Resource: k.Resource, Location: k.Location})
	}
	return out
}

// LineMarkdown writes the report as tables, one for each area.
func LineMarkdown(out io.Writer, l *responsibility.Line, _ Options) error {
	w := wordsOf(l.Language)
	var b strings.Builder
	title := w.Table.Title
	if l.Catalogue != "" {
		title = prose(l.Catalogue)
	}
	fmt.Fprintf(&b, "## %s%s%s\n", title, w.Join.Colon, w.states(l.Controls))
	for _, area := range l.Areas() {
		fmt.Fprintf(&b, "\n### %s\n\n", prose(w.areaHeading(area)))
		tableHead(&b, "----", w.Table.Control, w.Table.State, w.Table.Asks, w.Table.Evidence)
		for _, c := range l.In(area) {
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", prose(c.ID), w.States[c.State], prose(c.Ask), prose(w.proof(c)))
		}
	}
	fmt.Fprintf(&b, "\n### %s\n\n", w.Table.Models)
	tableHead(&b, "-:::-", w.Table.Model, w.Table.Findings, w.Table.ResourcesBroken, w.Table.ResourcesKept, w.Table.Yours)
	for _, m := range l.Models() {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", w.Models[m.ID], number(m.Findings), number(m.Broken), number(m.Kept), prose(strings.Join(w.layers(responsibility.Layers[:m.Mine]), "; ")))
	}
	_, err := io.WriteString(out, b.String())
	return err
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

// LineCSV writes one row a control. Areas, sides and states are ids in all languages.
func LineCSV(out io.Writer, l *responsibility.Line, _ Options) error {
	w := wordsOf(l.Language)
	if w.Language == "ja" {
		if _, err := io.WriteString(out, byteOrderMark); err != nil {
			return err
		}
	}
	rows := csv.NewWriter(out)
	head := w.Table
	if err := rows.Write([]string{head.Control, head.Area, head.Side, head.State, head.Asks, head.Broken, head.Inconclusive, head.Accepted, head.Kept, head.Clauses, head.Evidence}); err != nil {
		return err
	}
	number := func(n int) string { return fmt.Sprint(n) }
	for _, c := range l.Controls {
		err := rows.Write([]string{
			c.ID, c.Area, c.Side, string(c.State), c.Ask, number(len(c.Broken)), number(len(c.Inconclusive)), number(len(c.Accepted)), number(len(c.Kept)),
			strings.Join(clauses(c), " "), w.proof(c),
		})
		if err != nil {
			return err
		}
	}
	rows.Flush()
	return rows.Error()
}
