package report

import (
	"fmt"
	"strings"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/responsibility"
)

type (
	// pageSegment is a part of a bar that is 1000 wide.
	pageSegment struct {
		Severity string
		X, Width int
	}
	pageArea struct {
		ID, Name, Label string
		Total           int
		Segments        []pageSegment
		Checks          int
		Kept            string
	}
	pageModel struct {
		Name  string
		Count int
	}
	pageLayer struct {
		Name  string
		Cells []pageCell
	}
	pageCell struct{ Class, Whose string }

	pageCoverage struct {
		finding.Coverage
		Words                  coverageWords
		Failed, Suppressed     int
		Label                  string
		Segments               []pageSegment
		Errors, Modules, Types []pageGap
	}
)

// findingAreas are the areas of a finding; there is always one.
func findingAreas(r *finding.Report, f finding.Finding) []string {
	if areas := areasOf(r, f.Controls); len(areas) > 0 {
		return areas
	}
	return []string{"other"}
}

// pageAreas counts failures by area and severity. A finding that breaks
// controls of two areas counts in both.
func pageAreas(r *finding.Report) []pageArea {
	counts := map[string]map[finding.Severity]int{}
	most := 1
	for _, f := range r.Findings {
		if f.Status != finding.Fail {
			continue
		}
		for _, area := range findingAreas(r, f) {
			if counts[area] == nil {
				counts[area] = map[finding.Severity]int{}
			}
			counts[area][f.Severity]++
			most = max(most, sum(counts[area]))
		}
	}
	kept := keptByArea(r)
	var out []pageArea
	for _, id := range areaOrder(r) {
		tally := kept[id]
		a := pageArea{ID: id, Name: english().area(id), Total: sum(counts[id]), Checks: tally.Fail + tally.Pass + tally.Inconclusive}
		if a.Total == 0 && a.Checks == 0 {
			continue
		}
		a.Label = a.Name + ": " + finding.Plural(a.Total, "finding")
		x := 0
		for _, s := range finding.Severities {
			if n := counts[id][s]; n > 0 {
				width := max(4, 1000*n/most)
				a.Segments = append(a.Segments, pageSegment{string(s), x, width})
				x += width
				a.Label += fmt.Sprintf(", %d %s", n, s)
			}
		}
		a.Kept = fmt.Sprintf("%s of %s passed", number(tally.Pass), numbers(a.Checks, "check"))
		out = append(out, a)
	}
	return out
}

// areaOrder lists the areas in the model's order.
func areaOrder(r *finding.Report) []string {
	var order []string
	seen := map[string]bool{}
	for _, c := range r.Controls {
		if !seen[c.Area] {
			seen[c.Area] = true
			order = append(order, c.Area)
		}
	}
	return append(order, "other")
}

// keptByArea adds up what rules said, by the areas of their controls.
func keptByArea(r *finding.Report) map[string]finding.Tally {
	out := map[string]finding.Tally{}
	for _, rule := range r.Rules {
		for _, area := range areasOf(r, rule.Controls) {
			t := out[area]
			t.Fail += rule.Tally.Fail
			t.Pass += rule.Tally.Pass
			t.Inconclusive += rule.Tally.Inconclusive
			out[area] = t
		}
	}
	return out
}

func sum(counts map[finding.Severity]int) int {
	n := 0
	for _, c := range counts {
		n += c
	}
	return n
}

// hyphenated are the models' names with the places where they may break.
var hyphenated = strings.NewReplacer("infrastructure", "infra\u00adstructure", "container", "con\u00adtainer",
	"abstracted", "ab\u00adstracted", "serverless", "server\u00adless")

// pageLine draws the line between the customer's side and AWS's.
func (w *words) pageLine(findings []finding.Finding) ([]pageModel, []pageLayer) {
	counts := map[string]int{}
	for _, f := range findings {
		if f.Status == finding.Fail {
			counts[f.ServiceModel]++
		}
	}
	var heads []pageModel
	rows := make([]pageLayer, len(responsibility.Layers))
	for i, m := range responsibility.ServiceModels {
		heads = append(heads, pageModel{hyphenated.Replace(w.Models[m.ID]), counts[m.ID]})
		for depth, layer := range responsibility.Layers {
			cell := pageCell{"aws", w.Page.CellAWS}
			if depth < m.Mine {
				cell = pageCell{"yours", w.Page.CellYours}
			}
			if depth == m.Mine-1 {
				cell.Class += " below"
			}
			if i > 0 && depth >= m.Mine && depth < responsibility.ServiceModels[i-1].Mine {
				cell.Class += " step"
			}
			rows[depth].Name = w.Layers[layer]
			rows[depth].Cells = append(rows[depth].Cells, cell)
		}
	}
	return heads, rows
}

func (w *words) newPageCoverage(coverage finding.Coverage, suppressed int) pageCoverage {
	c := pageCoverage{Coverage: coverage, Suppressed: suppressed, Words: w.Coverage}
	c.Failed = c.Judged - c.Passed - c.Inconclusive
	c.Label = w.Coverage.Bar.with("checks", w.Counts.Checks.with(c.Judged), "passed", c.Passed, "failed", c.Failed, "inconclusive", c.Inconclusive)
	x := 0
	for _, part := range []struct {
		class string
		n     int
	}{{"passed", c.Passed}, {"failed", c.Failed}, {"undecided", c.Inconclusive}} {
		if part.n > 0 {
			width := max(3, 1000*part.n/c.Judged)
			c.Segments = append(c.Segments, pageSegment{part.class, x, width})
			x += width
		}
	}
	for _, e := range coverage.Errors {
		at := e.File
		if e.Line > 0 {
			at = fmt.Sprintf("%s:%d", e.File, e.Line)
		}
		c.Errors = append(c.Errors, pageGap{clean(at), clean(e.Message)})
	}
	for _, t := range coverage.Types {
		if t.Rules == 0 && !t.Read || t.Rules > 0 && t.Asked == 0 {
			c.Types = append(c.Types, pageGap{clean(t.Type), w.Counts.Resources.with(t.Resources)})
		}
	}
	for _, m := range coverage.MissingModules {
		c.Modules = append(c.Modules, pageGap{clean(fmt.Sprintf("%s:%d", m.File, m.Line)), clean(strings.TrimSpace(m.Address + " " + m.Source))})
	}
	return c
}
