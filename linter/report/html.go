package report

import (
	"crypto/sha256"
	_ "embed" // the page's parts
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"

	"github.com/demarc-dev/demarc/linter/finding"
)

var (
	//go:embed html/shared.html
	sharedHTML string
	//go:embed html/page.html
	pageHTML string
	//go:embed html/style.css
	pageStyle string
	//go:embed html/script.js
	pageScript string
)

// pageTemplate is parsed when it is first used: most scans write no page.
var pageTemplate = sync.OnceValue(func() *template.Template { return newTemplate(pageHTML) })

// newTemplate is a page with the parts that all pages share.
func newTemplate(text string) *template.Template {
	return template.Must(template.Must(template.New("page").Funcs(template.FuncMap{"number": number}).Parse(sharedHTML)).Parse(text))
}

// pageFrame is what all pages have.
type pageFrame struct {
	Policy         string
	Style          template.CSS
	Script         template.JS
	Version        string
	Headline, Lead string
	Words          *words
	Coverage       pageCoverage
	Models         []pageModel
	Layers         []pageLayer
}

func newPageFrame(w *words, style, version string) pageFrame {
	return pageFrame{
		Words: w,
		Policy: fmt.Sprintf("default-src 'none'; style-src %s; script-src %s; base-uri 'none'; form-action 'none'",
			sourceHash(style), sourceHash(pageScript)),
		Style: template.CSS(style), Script: template.JS(pageScript), //nolint:gosec // both are demarc's own
		Version: clean(version),
	}
}

// page is what the template shows. Its texts are cleaned; the template escapes
// them.
type page struct {
	pageFrame
	Severities    []pageSeverity
	Areas         []pageArea
	Services      []string
	Files         []string
	Statuses      []pageStatus
	Findings      []pageFinding
	Rules         []pageRule
	Empty, Hidden string
}

type (
	pageSeverity struct {
		Name  string
		Count int
	}
	pageStatus struct {
		ID, Name string
		Count    int
	}
	pageGap struct{ At, Text string }
	// pageRule is a rule that was broken.
	pageRule struct {
		ID, Anchor, Severity, Title, Numbers, Description, Remedy string
		Controls                                                  []finding.Control
		Related                                                   []string
	}
)

// HTML writes one page that needs nothing else: no network, no other file. A
// content security policy allows its own style and script alone.
func HTML(w io.Writer, r *finding.Report, o Options) error {
	o.ShowSuppressed = true
	findings := shown(r, o)
	slices.SortStableFunc(findings, func(a, b finding.Finding) int { return weight(b) - weight(a) })
	p := &page{pageFrame: newPageFrame(english(), pageStyle, r.Tool.Version), Empty: emptyText(r)}
	p.Headline, p.Lead = "No findings on the customer's side", p.Words.lead(r.Coverage)
	p.Coverage = p.Words.newPageCoverage(r.Coverage, count(r, finding.Suppressed))
	if n := r.Summary.Total(); n > 0 {
		p.Headline = numbers(n, "finding") + " on the customer's side"
	}
	for _, s := range finding.Severities {
		p.Severities = append(p.Severities, pageSeverity{string(s), bySeverityCount(r.Summary, s)})
	}
	p.Areas = pageAreas(r)
	p.Models, p.Layers = p.Words.pageLine(r.Findings)
	p.Services, p.Files = servicesAndFiles(findings)
	p.Statuses = pageStatuses(findings)
	p.Rules = pageRules(r, findings)
	secrets := secretRanges(r)
	for _, f := range findings {
		p.Findings = append(p.Findings, newPageFinding(r, f, secrets))
	}
	if n := count(r, finding.Inconclusive); n > 0 && !o.ShowInconclusive {
		p.Hidden = finding.Plural(n, "inconclusive finding") + " not shown: demarc scan --show-inconclusive lists what could not be decided, and which input would settle it."
	}
	return pageTemplate().Execute(w, p)
}

// sourceHash is how a content security policy names an inline style or script.
func sourceHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// number writes a number with a comma between thousands.
func number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// numbers is a number and its noun.
func numbers(n int, noun string) string {
	return strings.Replace(finding.Plural(n, noun), strconv.Itoa(n), number(n), 1)
}

func bySeverityCount(s finding.Summary, severity finding.Severity) int {
	switch severity {
	case finding.Critical:
		return s.Critical
	case finding.High:
		return s.High
	case finding.Medium:
		return s.Medium
	}
	return s.Low
}

// lead says of how much the page speaks.
func (w *words) lead(c finding.Coverage) string {
	parts := []string{w.Coverage.Lead.with("passed", c.Passed, "checks", w.Counts.Checks.with(c.Judged),
		"files", w.Counts.Files.with(c.Files), "resources", w.Counts.Resources.with(c.Resources))}
	if n := len(c.Errors); n > 0 {
		parts = append(parts, w.Coverage.LeadGaps.with("n", n))
	}
	if n := len(c.MissingModules); n > 0 {
		parts = append(parts, w.Coverage.LeadModules.with("n", n))
	}
	return strings.Join(parts, w.Join.Sentence)
}

// emptyText is said where there is no finding at all.
func emptyText(r *finding.Report) string {
	switch c := r.Coverage; {
	case len(c.Errors) > 0:
		return "Nothing was found in what could be analysed. Some of the input could not be."
	case c.Judged == 0:
		return "There was nothing to judge."
	case c.Inconclusive > 0:
		return fmt.Sprintf("Nothing to do: %s of %s checks passed, and %s could not be decided.", number(c.Passed), number(c.Judged), number(c.Inconclusive))
	case c.Judged == 1:
		return "Nothing to do: the only check passed."
	default:
		return fmt.Sprintf("Nothing to do: all %s checks passed.", number(c.Judged))
	}
}

func servicesAndFiles(findings []finding.Finding) (services, files []string) {
	seen := map[string]bool{}
	for _, f := range findings {
		if s := serviceOf(f.Rule); !seen["s"+s] {
			seen["s"+s] = true
			services = append(services, s)
		}
		if name := clean(f.Location.File); !seen["f"+name] {
			seen["f"+name] = true
			files = append(files, name)
		}
	}
	sort.Strings(services)
	sort.Strings(files)
	return services, files
}

// serviceOf is the part of a rule id before the slash.
func serviceOf(rule string) string {
	name, _, _ := strings.Cut(rule, "/")
	return name
}

// pageStatuses are the choices of the status filter; the first is chosen.
func pageStatuses(findings []finding.Finding) []pageStatus {
	names := map[finding.Status]string{finding.Fail: "failed", finding.Suppressed: "suppressed", finding.Inconclusive: "inconclusive"}
	var out []pageStatus
	for _, status := range []finding.Status{finding.Fail, finding.Suppressed, finding.Inconclusive} {
		n := 0
		for _, f := range findings {
			if f.Status == status {
				n++
			}
		}
		if n > 0 {
			out = append(out, pageStatus{string(status), names[status], n})
		}
	}
	if len(out) > 1 {
		out = append(out, pageStatus{"", "all", len(findings)})
	}
	return out
}

// pageRules are the rules of the findings, the worst first.
func pageRules(r *finding.Report, findings []finding.Finding) []pageRule {
	var out []pageRule
	for _, group := range byRule(findings) {
		if slices.ContainsFunc(out, func(p pageRule) bool { return p.ID == group[0].Rule }) {
			continue // the configuration may grade by path
		}
		about := r.Described(group[0])
		p := pageRule{
			ID: clean(about.ID), Anchor: anchor(about.ID), Severity: string(group[0].Severity), Title: oneLine(about.Title),
			Description: oneLine(about.Description), Remedy: oneLine(about.Remedy), Related: about.Related,
		}
		if t := about.Tally; t != (finding.Tally{}) {
			p.Numbers = fmt.Sprintf("%s failed · %s passed", number(t.Fail), number(t.Pass))
			if t.Inconclusive > 0 {
				p.Numbers += fmt.Sprintf(" · %s inconclusive", number(t.Inconclusive))
			}
		}
		for _, id := range about.Controls {
			if c, ok := controlOf(r, id); ok {
				p.Controls = append(p.Controls, c)
			}
		}
		out = append(out, p)
	}
	return out
}

// anchor names the place of a rule on the page.
func anchor(rule string) string { return "rule-" + strings.ReplaceAll(clean(rule), "/", "-") }
