package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

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

// stateNames say a state to people.
var stateNames = map[responsibility.State]string{
	responsibility.Broken: "broken", responsibility.Inconclusive: "inconclusive", responsibility.Kept: "kept",
	responsibility.NotShown: "not shown here", responsibility.Process: "yours, by process", responsibility.Provider: "AWS's",
}

// counts are the states that occur, with their numbers: "3 broken, 4 kept".
func counts(controls []responsibility.Control) string {
	count := responsibility.Count(controls)
	var parts []string
	for _, s := range responsibility.States {
		if count[s] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", count[s], stateNames[s]))
		}
	}
	return strings.Join(parts, ", ")
}

// proof says in a line what stands behind a control's state.
func proof(c responsibility.Control) string {
	var parts []string
	switch c.State {
	case responsibility.Broken:
		parts = append(parts, fmt.Sprintf("%d: %s", len(c.Broken), strings.Join(rulesOf(c.Broken), ", ")))
	case responsibility.Inconclusive:
		parts = append(parts, fmt.Sprintf("%d: %s", len(c.Inconclusive), why(c.Inconclusive[0])))
	case responsibility.Kept:
		parts = append(parts, finding.Plural(len(c.Kept), "resource"))
	case responsibility.NotShown:
		if len(c.Rules) == 0 {
			parts = append(parts, "no rule yet")
		}
	}
	if len(c.Accepted) > 0 {
		parts = append(parts, fmt.Sprintf("%d accepted", len(c.Accepted)))
	}
	return strings.Join(parts, "; ")
}

func why(f finding.Finding) string {
	if len(f.Why) > 0 {
		return oneLine(f.Why[0].Reason)
	}
	return oneLine(f.Message)
}

// rulesOf are the rules of findings, the commonest first.
func rulesOf(findings []finding.Finding) []string {
	count := map[string]int{}
	var out []string
	for _, f := range findings {
		if count[f.Rule] == 0 {
			out = append(out, f.Rule)
		}
		count[f.Rule]++
	}
	slices.SortStableFunc(out, func(a, b string) int { return count[b] - count[a] })
	return out
}

// LineText writes the report for a terminal of 100 columns: what is broken or
// undecided a line each, the rest by name.
func LineText(w io.Writer, l *responsibility.Line, o Options) error {
	paint := palette(o.Color)
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", finding.Plural(len(l.Controls), "control"), counts(l.Controls))
	for _, area := range l.Areas() {
		controls := l.In(area)
		fmt.Fprintf(&b, "\n%s  %s\n", paint("bold", area), counts(controls))
		for _, c := range controls {
			if c.State == responsibility.Broken || c.State == responsibility.Inconclusive {
				b.WriteString(controlLine(c, paint))
			}
		}
		for _, s := range responsibility.States[2:] {
			var names []string
			for _, c := range controls {
				if c.State == s {
					names = append(names, named(c))
				}
			}
			if len(names) > 0 {
				b.WriteString(wrapped(stateNames[s]+":", names))
			}
		}
	}
	b.WriteString(rollUp(l))
	b.WriteString(modelRollUp(l))
	_, err := io.WriteString(w, b.String())
	return err
}

const lineWidth = 100

func controlLine(c responsibility.Control, paint painter) string {
	mark, style := "x", "high"
	if c.State == responsibility.Inconclusive {
		mark, style = "?", "inconclusive"
	}
	// The columns are the mark, the id, the ask and the proof.
	const asks = 52
	ask := shorten(c.Ask, asks)
	pad := strings.Repeat(" ", asks-utf8.RuneCountInString(ask))
	return fmt.Sprintf("  %s %-6s %s%s  %s\n", paint(style, mark), c.ID, ask, pad, shorten(proof(c), lineWidth-asks-13))
}

func named(c responsibility.Control) string {
	if p := proof(c); p != "" {
		return c.ID + " (" + p + ")"
	}
	return c.ID
}

// wrapped writes a list under a label, broken at the width of the page.
func wrapped(label string, items []string) string {
	var b strings.Builder
	line := "    " + label
	for i, item := range items {
		if i < len(items)-1 {
			item += ","
		}
		if len(line)+1+len(item) > lineWidth {
			b.WriteString(line + "\n")
			line = "      " + item
			continue
		}
		line += " " + item
	}
	return b.String() + line + "\n"
}

// rollUp lists the clauses of the frameworks by their worst state.
func rollUp(l *responsibility.Line) string {
	var b strings.Builder
	for _, f := range l.Frameworks {
		var broken []string
		total := 0
		for _, c := range l.Clauses() {
			if c.Framework != f.ID || len(c.Controls) == 0 {
				continue
			}
			total++
			if c.State() == responsibility.Broken {
				broken = append(broken, fmt.Sprintf("%d %s", c.Number, c.Title))
			}
		}
		if len(broken) > 0 {
			b.WriteString(wrapped(fmt.Sprintf("%s: %d of %d broken:", strings.ToUpper(f.ID), len(broken), total), broken))
		} else if total > 0 {
			fmt.Fprintf(&b, "    %s: none of %d broken\n", strings.ToUpper(f.ID), total)
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return "\nframeworks\n" + b.String()
}

// modelRollUp lists the service models with who carries which layer.
func modelRollUp(l *responsibility.Line) string {
	var b strings.Builder
	for _, m := range l.Models() {
		if m.Broken+m.Kept > 0 {
			last := responsibility.Layers[m.Mine-1]
			fmt.Fprintf(&b, "    %s: %s in %s, %d kept; yours down to %s\n", m.ID, finding.Plural(m.Findings, "finding"),
				finding.Plural(m.Broken, "resource"), m.Kept, strings.ToLower(last[:1])+last[1:])
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return "\nservice models\n" + b.String()
}

type lineJSON struct {
	Schema     int            `json:"schema"`
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
	out := lineJSON{Schema: 1, Counts: map[string]int{}, Controls: []controlJSON{}, Frameworks: []clauseJSON{}}
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
			ID: m.ID, Customer: responsibility.Layers[:m.Mine], AWS: responsibility.Layers[m.Mine:], Findings: m.Findings, Broken: m.Broken, Kept: m.Kept,
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
func LineMarkdown(w io.Writer, l *responsibility.Line, _ Options) error {
	var b strings.Builder
	fmt.Fprintf(&b, "## Shared responsibility: %s\n", counts(l.Controls))
	for _, area := range l.Areas() {
		fmt.Fprintf(&b, "\n### %s\n\n| control | state | asks | evidence |\n|---|---|---|---|\n", area)
		for _, c := range l.In(area) {
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", c.ID, stateNames[c.State], prose(c.Ask), prose(proof(c)))
		}
	}
	b.WriteString("\n### service models\n\n| model | findings | resources broken | resources kept | yours |\n|---|---:|---:|---:|---|\n")
	for _, m := range l.Models() {
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %s |\n", m.ID, m.Findings, m.Broken, m.Kept, prose(strings.Join(responsibility.Layers[:m.Mine], "; ")))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// LineCSV writes one row a control.
func LineCSV(w io.Writer, l *responsibility.Line, _ Options) error {
	rows := csv.NewWriter(w)
	if err := rows.Write([]string{"control", "area", "side", "state", "asks", "broken", "inconclusive", "accepted", "kept", "clauses", "evidence"}); err != nil {
		return err
	}
	number := func(n int) string { return fmt.Sprint(n) }
	for _, c := range l.Controls {
		err := rows.Write([]string{
			c.ID, c.Area, c.Side, string(c.State), c.Ask, number(len(c.Broken)), number(len(c.Inconclusive)), number(len(c.Accepted)), number(len(c.Kept)),
			strings.Join(clauses(c), " "), proof(c),
		})
		if err != nil {
			return err
		}
	}
	rows.Flush()
	return rows.Error()
}
