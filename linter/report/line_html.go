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
	link        func(finding.Location) string // where a forge shows a place, or ""
	Made        []madeRow
	Services    []string // that are here, by service model
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
		ID, Area, State, StateName, Mark, Ask, Side, Proof, Clauses string
		Shared                                                      bool
		Aspects                                                     []lineAspect
	}
	lineAspect struct {
		ID, State, StateName, Mark, Ask, Proof, Source, SourceURL, Rules, Note string
		Evidence                                                               []lineEvidence
	}
	lineEvidence struct {
		Title, More string
		Items       []lineItem
	}
	lineItem      struct{ Label, LabelName, Message, Address, At, Link, Rule string }
	lineFramework struct {
		Name    string
		Clauses []lineClause
	}
	lineClause struct {
		ID, Number, Title, State, StateName, Answer string
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

// LineHTML writes the report as one page that needs nothing else, as HTML does.
func LineHTML(out io.Writer, l *responsibility.Line, o Options) error {
	w := wordsOf(l.Language)
	p := &linePage{pageFrame: newPageFrame(w, pageStyle+lineStyle, l.Version), link: o.link}
	if l.Made != nil || !o.Date.IsZero() {
		p.Made = w.made(l.Made, l.Version, o)
	}
	count := responsibility.Count(l.Controls)
	p.Headline = w.Page.Headline.with("n", count[responsibility.Broken], "controls", w.Counts.Controls.with(len(l.Controls)))
	if l.Catalogue != "" {
		p.Headline = clean(l.Catalogue) + w.Join.Colon + p.Headline
	}
	p.Lead = w.lead(l.Coverage)
	p.Coverage = w.newPageCoverage(l.Coverage, len(l.Accepted()))
	p.division(l)
	for _, s := range responsibility.States {
		p.States = append(p.States, lineState{string(s), w.States[s], stateMarks[s], count[s]})
	}
	for _, area := range l.Areas() {
		a := lineArea{ID: area, Name: w.area(area), Counts: w.states(responsibility.Count(customers(l.In(area))))}
		for _, c := range l.In(area) {
			control := p.control(l, c)
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

// division says layer by layer who carries what, and which services are here.
func (p *linePage) division(l *responsibility.Line) {
	p.Models, p.Layers = p.Words.pageLine(l.Broken())
	for _, m := range l.Models() {
		p.Services = append(p.Services, p.Words.services(m))
	}
	if len(l.Division) == 0 {
		return
	}
	classes := map[string]string{"customer": "yours", "shared": "shared", "aws": "aws"}
	p.Layers = nil
	for _, layer := range l.Division {
		row := pageLayer{Name: clean(layer.Name)}
		for _, m := range responsibility.ServiceModels {
			side := layer.Sides[m.ID]
			row.Cells = append(row.Cells, pageCell{classes[side], p.Words.carrier(side)})
		}
		p.Layers = append(p.Layers, row)
	}
}

func (p *linePage) control(l *responsibility.Line, c responsibility.Control) lineControl {
	out := lineControl{
		ID: c.ID, Area: c.Area, State: string(c.State), StateName: p.Words.States[c.State], Mark: stateMarks[c.State], Ask: oneLine(c.Ask),
		Side: p.Words.Sides[c.Side], Shared: c.Side == "shared", Proof: p.Words.controlProof(c), Clauses: strings.Join(l.Serves(c), " "),
	}
	for _, a := range c.Aspects {
		out.Aspects = append(out.Aspects, p.aspect(a))
	}
	return out
}

func (p *linePage) aspect(a responsibility.Aspect) lineAspect {
	out := lineAspect{
		ID: clean(a.ID), State: string(a.State), StateName: p.Words.aspectState(a), Mark: stateMarks[a.State], Ask: oneLine(a.Ask),
		Proof: p.Words.proof(a), Source: clean(a.Source), Rules: rulesThatBear(a), Note: p.note(a.State),
	}
	if strings.HasPrefix(a.Source, "https://") {
		out.SourceURL = a.Source
	}
	if !a.Counts() {
		out.State, out.Mark, out.Note = "see", "→", ""
	}
	for _, group := range []struct {
		title    string
		findings []finding.Finding
	}{{p.Words.Page.Broken, a.Broken}, {p.Words.Page.Undecided, a.Inconclusive}, {p.Words.Page.Accepted, a.Accepted}, {p.Words.Page.Pedantic, a.Pedantic}} {
		var items []lineItem
		for _, f := range group.findings {
			items = append(items, p.item(f))
		}
		p.add(&out, group.title, items)
	}
	var kept []lineItem
	for _, k := range a.Kept {
		kept = append(kept, lineItem{Address: clean(k.Resource), At: place(k.Location), Link: p.link(k.Location), Rule: clean(k.Rule)})
	}
	p.add(&out, p.Words.Page.Kept, kept)
	return out
}

// rulesThatBear are the ids of the rules that judge an aspect.
func rulesThatBear(a responsibility.Aspect) string {
	ids := make([]string, len(a.Rules))
	for i, r := range a.Rules {
		ids[i] = clean(r.ID)
	}
	return strings.Join(ids, ", ")
}

// note says what a state without evidence means.
func (p *linePage) note(s responsibility.State) string {
	switch s {
	case responsibility.NotShown:
		return p.Words.Page.NotShownNote
	case responsibility.NoRule:
		return p.Words.Page.NoRuleNote
	case responsibility.Provider:
		return p.Words.Page.AWSNote
	}
	return ""
}

func (p *linePage) add(a *lineAspect, title string, items []lineItem) {
	if len(items) == 0 {
		return
	}
	e := lineEvidence{Title: title, Items: items}
	if more := len(items) - mostEvidence; more > 0 {
		e.Items, e.More = items[:mostEvidence], p.Words.Page.More.with("n", more)
	}
	a.Evidence = append(a.Evidence, e)
}

func (p *linePage) item(f finding.Finding) lineItem {
	return lineItem{Label: label(f), LabelName: p.Words.label(f), Message: clean(p.Words.described(f)), Address: clean(f.Resource.Address), At: place(f.Location), Link: p.link(f.Location), Rule: clean(f.Rule)}
}

func (p *linePage) frameworks(l *responsibility.Line) {
	for _, f := range l.Frameworks {
		framework := lineFramework{Name: p.Words.framework(f)}
		for _, c := range l.Clauses() {
			if c.Framework != f.ID || len(c.Aspects) == 0 {
				continue
			}
			asked := c.Title
			if c.Question != "" {
				asked = c.Question
			}
			framework.Clauses = append(framework.Clauses, lineClause{
				ID: c.Name(), Number: c.ID, Title: oneLine(asked), State: string(c.State()), StateName: p.Words.States[c.State()], Answer: p.Words.answer(c),
			})
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
