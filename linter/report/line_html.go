package report

import (
	_ "embed" // the page's parts
	"html/template"
	"io"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/responsibility"
)

var (
	//go:embed html/line.html
	lineHTML string
	//go:embed html/line.css
	lineStyle string
)

var lineTemplate = sync.OnceValue(func() *template.Template { return newTemplate(lineHTML) })

// mostEvidence is how many findings or resources of a control the page lists.
const mostEvidence = 50

// linePage is what the page of the responsibility report shows. Its texts are
// cleaned; the template escapes them.
type linePage struct {
	pageFrame
	States      []lineState
	Theirs      []lineControl
	Areas       []lineArea
	ExposedLead string
	Exposed     []lineExposure
	Frameworks  []lineFramework
}

type (
	lineState struct {
		ID, Name, Mark string
		Count          int
	}
	lineArea struct {
		ID, Name, Counts string
		Ours, Controls   []lineControl
	}
	lineControl struct {
		ID, Area, State, StateName, Mark, Ask, Side, Proof, Clauses, Rules, Note string
		Shared                                                                   bool
		Evidence                                                                 []lineEvidence
	}
	lineEvidence struct {
		Title, More string
		Items       []lineItem
	}
	lineItem      struct{ Label, LabelName, Message, Address, At, Rule string }
	lineFramework struct {
		Name    string
		Clauses []lineClause
	}
	lineClause struct {
		ID, Title, State, StateName, Counts string
		Number                              int
	}
	lineExposure struct {
		Class, Reach, Address, At, More string
		Paths                           []linePath
	}
	linePath struct {
		Note string
		Hops []lineHop
	}
	lineHop struct {
		Kind, State, StateName, Text, At string
		Findings                         []lineItem
	}
)

// stateMarks tell states apart without colours.
var stateMarks = map[responsibility.State]string{
	responsibility.Broken: "✗", responsibility.Inconclusive: "?", responsibility.Kept: "✓",
	responsibility.NotShown: "–", responsibility.Process: "○", responsibility.Provider: "▪",
}

// LineHTML writes the report as one page that needs nothing else, as HTML does.
func LineHTML(out io.Writer, l *responsibility.Line, _ Options) error {
	w := wordsOf(l.Language)
	p := &linePage{pageFrame: newPageFrame(w, pageStyle+lineStyle, l.Version)}
	count := responsibility.Count(l.Controls)
	p.Headline = w.Page.Headline.with("n", count[responsibility.Broken], "controls", w.Counts.Controls.with(len(l.Controls)))
	if l.Catalogue != "" {
		p.Headline = clean(l.Catalogue) + w.Join.Colon + p.Headline
	}
	p.Lead = w.lead(l.Coverage)
	p.Coverage = w.newPageCoverage(l.Coverage, len(accepted(l)))
	p.Models, p.Layers = w.pageLine(broken(l))
	for _, s := range responsibility.States {
		p.States = append(p.States, lineState{string(s), w.States[s], stateMarks[s], count[s]})
	}
	for _, area := range l.Areas() {
		a := lineArea{ID: area, Name: w.area(area), Counts: w.states(customers(l.In(area)))}
		for _, c := range l.In(area) {
			control := p.control(c)
			a.Controls = append(a.Controls, control)
			if c.State == responsibility.Provider {
				p.Theirs = append(p.Theirs, control)
			} else {
				a.Ours = append(a.Ours, control)
			}
		}
		p.Areas = append(p.Areas, a)
	}
	p.frameworks(l)
	p.ExposedLead = w.sentence(w.reachCounts(l.Exposures))
	for _, reach := range finding.Reaches {
		for _, e := range reachedBy(l.Exposures, reach) {
			p.Exposed = append(p.Exposed, p.exposure(e))
		}
	}
	return lineTemplate().Execute(out, p)
}

// sentence makes a text stand alone.
func (w *words) sentence(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:] + w.Join.Stop
}

// customers are the controls that are not AWS's alone.
func customers(controls []responsibility.Control) []responsibility.Control {
	return slices.DeleteFunc(controls, func(c responsibility.Control) bool { return c.State == responsibility.Provider })
}

// broken and accepted are the findings of all controls, each once.
func broken(l *responsibility.Line) []finding.Finding {
	return once(l, func(c responsibility.Control) []finding.Finding { return c.Broken })
}

func accepted(l *responsibility.Line) []finding.Finding {
	return once(l, func(c responsibility.Control) []finding.Finding { return c.Accepted })
}

func once(l *responsibility.Line, of func(responsibility.Control) []finding.Finding) []finding.Finding {
	type key struct {
		fingerprint, file, message string
		start                      int
	}
	seen := map[key]bool{}
	var out []finding.Finding
	for _, c := range l.Controls {
		for _, f := range of(c) {
			k := key{f.Fingerprint, f.Location.File, f.Message, f.Location.Range.Start}
			if !seen[k] {
				seen[k] = true
				out = append(out, f)
			}
		}
	}
	return out
}

func (p *linePage) control(c responsibility.Control) lineControl {
	out := lineControl{
		ID: c.ID, Area: c.Area, State: string(c.State), StateName: p.Words.States[c.State], Mark: stateMarks[c.State], Ask: oneLine(c.Ask),
		Side: p.Words.Sides[c.Side], Shared: c.Side == "shared", Proof: p.Words.proof(c), Clauses: strings.Join(clauses(c), " "),
		Rules: strings.Join(c.Rules, ", "), Note: p.note(c.State),
	}
	for _, group := range []struct {
		title    string
		findings []finding.Finding
	}{{p.Words.Page.Broken, c.Broken}, {p.Words.Page.Undecided, c.Inconclusive}, {p.Words.Page.Accepted, c.Accepted}} {
		var items []lineItem
		for _, f := range group.findings {
			items = append(items, p.item(f))
		}
		p.add(&out, group.title, items)
	}
	var kept []lineItem
	for _, k := range c.Kept {
		kept = append(kept, lineItem{Address: clean(k.Resource), At: place(k.Location), Rule: clean(k.Rule)})
	}
	p.add(&out, p.Words.Page.Kept, kept)
	return out
}

// note says what a state without evidence means.
func (p *linePage) note(s responsibility.State) string {
	switch s {
	case responsibility.NotShown:
		return p.Words.Page.NotShownNote
	case responsibility.Process:
		return p.Words.Page.ProcessNote
	case responsibility.Provider:
		return p.Words.Page.AWSNote
	}
	return ""
}

func (p *linePage) add(c *lineControl, title string, items []lineItem) {
	if len(items) == 0 {
		return
	}
	e := lineEvidence{Title: title, Items: items}
	if more := len(items) - mostEvidence; more > 0 {
		e.Items, e.More = items[:mostEvidence], p.Words.Page.More.with("n", more)
	}
	c.Evidence = append(c.Evidence, e)
}

func (p *linePage) item(f finding.Finding) lineItem {
	return lineItem{Label: label(f), LabelName: p.Words.label(f), Message: clean(p.Words.described(f)), Address: clean(f.Resource.Address), At: place(f.Location), Rule: clean(f.Rule)}
}

func (p *linePage) frameworks(l *responsibility.Line) {
	for _, f := range l.Frameworks {
		framework := lineFramework{Name: strings.ToUpper(f.ID)}
		for _, c := range l.Clauses() {
			if c.Framework == f.ID && len(c.Controls) > 0 {
				framework.Clauses = append(framework.Clauses, lineClause{
					ID: clauseName(c.Framework, c.Number), Number: c.Number, Title: c.Title, State: string(c.State()), StateName: p.Words.States[c.State()],
					Counts: p.Words.Page.Part.with("n", responsibility.Count(c.Controls)[c.State()], "total", len(c.Controls)),
				})
			}
		}
		if len(framework.Clauses) > 0 {
			p.Frameworks = append(p.Frameworks, framework)
		}
	}
}

// exposure is a resource with the ways from the internet to it.
func (p *linePage) exposure(e finding.Exposure) lineExposure {
	classes := map[finding.Reach]string{finding.Reached: "reached", finding.MaybeReached: "inconclusive", finding.Unreached: "unreached"}
	page := p.Words.Page
	reaches := map[finding.Reach]string{finding.Reached: page.Reached, finding.MaybeReached: page.Unknown, finding.Unreached: page.Unreached}
	out := lineExposure{Class: classes[e.Reach], Reach: reaches[e.Reach], Address: clean(e.Address), At: place(e.Location)}
	for i, path := range e.Paths {
		if i == mostPaths {
			out.More = p.Words.Exposure.More.with(len(e.Paths) - i)
			break
		}
		shown := linePath{Note: strings.TrimSpace(p.Words.pathNote(e, path))}
		for _, h := range path.Hops {
			hop := lineHop{Kind: p.Words.hop(h.Kind), State: h.State, StateName: p.Words.HopStates[h.State], Text: clean(hopText(h)), At: place(h.Location)}
			for _, f := range h.Findings {
				hop.Findings = append(hop.Findings, p.item(f))
			}
			shown.Hops = append(shown.Hops, hop)
		}
		out.Paths = append(out.Paths, shown)
	}
	return out
}
