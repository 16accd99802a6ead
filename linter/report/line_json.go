package report

import (
	"io"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/responsibility"
)

type lineJSON struct {
	Schema     int            `json:"schema"`
	Language   string         `json:"language"`
	Catalogue  *string        `json:"catalogue"`
	Counts     map[string]int `json:"counts"`
	Aspects    map[string]int `json:"aspect_counts"`
	Controls   []controlJSON  `json:"controls"`
	Frameworks []clauseJSON   `json:"frameworks"`
	Models     []modelJSON    `json:"service_models"`
	Division   []layerJSON    `json:"division"`
}

type modelJSON struct {
	ID       string   `json:"id"`
	Customer []string `json:"customer"`
	AWS      []string `json:"aws"`
	Findings int      `json:"findings"`
	Broken   int      `json:"resources_broken"`
	Kept     int      `json:"resources_kept"`
	// Services are those that are here, with their resources.
	Services map[string]int `json:"services"`
}

// layerJSON has who carries a layer, by service model.
type layerJSON struct {
	ID    string            `json:"id"`
	Layer string            `json:"layer"`
	Sides map[string]string `json:"sides"`
}

type controlJSON struct {
	ID       string       `json:"id"`
	Area     string       `json:"area"`
	Side     string       `json:"side"`
	Evidence string       `json:"evidence"`
	Ask      string       `json:"ask"`
	State    string       `json:"state"`
	Clauses  []string     `json:"clauses"`
	Rules    []string     `json:"rules"`
	Aspects  []aspectJSON `json:"aspects"`
}

type aspectJSON struct {
	ID           string         `json:"id"`
	Ask          string         `json:"ask"`
	Source       string         `json:"source"`
	Evidence     string         `json:"evidence"`
	WhyNot       *string        `json:"why_not"`
	See          []string       `json:"see"`
	State        string         `json:"state"`
	Rules        []string       `json:"rules"`
	Pedantic     []string       `json:"pedantic_rules"`
	Broken       []evidenceJSON `json:"broken"`
	Inconclusive []evidenceJSON `json:"inconclusive"`
	Accepted     []evidenceJSON `json:"accepted"`
	Kept         []evidenceJSON `json:"kept"`
	Further      []evidenceJSON `json:"pedantic"`
}

type evidenceJSON struct {
	Rule        string           `json:"rule"`
	Resource    string           `json:"resource"`
	Location    finding.Location `json:"location"`
	Message     string           `json:"message"`
	Fingerprint string           `json:"fingerprint"`
	// Evidence is what a pass rests on: written or default; "" for a finding.
	Evidence string `json:"evidence,omitempty"`
}

type clauseJSON struct {
	Clause   string         `json:"clause"`
	Title    string         `json:"title"`
	Question *string        `json:"question"`
	Side     *string        `json:"side"`
	State    string         `json:"state"`
	LookedAt int            `json:"looked_at"`
	Of       int            `json:"of"`
	Counts   map[string]int `json:"counts"`
	Aspects  []string       `json:"aspects"`
}

// LineJSON writes the report for programs.
func LineJSON(w io.Writer, l *responsibility.Line, _ Options) error {
	words := wordsOf(l.Language)
	out := lineJSON{Schema: 2, Language: words.Language, Catalogue: orNull(l.Catalogue), Controls: []controlJSON{}, Frameworks: []clauseJSON{}, Division: []layerJSON{}}
	var aspects []responsibility.Aspect
	for _, c := range l.Controls {
		out.Controls = append(out.Controls, lineControlJSON(l, c))
		aspects = append(aspects, c.Aspects...)
	}
	out.Counts, out.Aspects = counts(responsibility.Count(l.Controls)), counts(responsibility.CountAspects(aspects))
	for _, c := range l.Clauses() {
		if len(c.Aspects) > 0 {
			out.Frameworks = append(out.Frameworks, lineClauseJSON(c))
		}
	}
	for _, m := range l.Models() {
		out.Models = append(out.Models, modelJSON{
			ID: m.ID, Customer: words.layers(responsibility.Layers[:m.Mine]), AWS: words.layers(responsibility.Layers[m.Mine:]), Findings: m.Findings, Broken: m.Broken, Kept: m.Kept,
			Services: map[string]int{},
		})
		for _, s := range m.Services {
			out.Models[len(out.Models)-1].Services[s.Name] = s.Resources
		}
	}
	for _, layer := range l.Division {
		out.Division = append(out.Division, layerJSON{layer.ID, layer.Name, layer.Sides})
	}
	return WriteJSON(w, out)
}

// counts has every state by its id.
func counts(by map[responsibility.State]int) map[string]int {
	out := map[string]int{}
	for _, s := range responsibility.States {
		out[string(s)] = by[s]
	}
	return out
}

func lineControlJSON(l *responsibility.Line, c responsibility.Control) controlJSON {
	out := controlJSON{
		ID: c.ID, Area: c.Area, Side: c.Side, Evidence: c.Evidence(), Ask: c.Ask, State: string(c.State),
		Clauses: list(l.Serves(c)), Rules: list(c.Rules()), Aspects: []aspectJSON{},
	}
	for _, a := range c.Aspects {
		one := aspectJSON{
			ID: a.ID, Ask: a.Ask, Source: a.Source, Evidence: a.Evidence, WhyNot: orNull(a.WhyNot), See: list(a.See), Rules: []string{}, Pedantic: []string{},
			Broken: evidence(a.Broken), Inconclusive: evidence(a.Inconclusive), Accepted: evidence(a.Accepted), Kept: keeping(a.Kept), Further: evidence(a.Pedantic),
		}
		if a.Counts() {
			one.State = string(a.State)
		}
		for _, r := range a.Rules {
			if r.Pedantic {
				one.Pedantic = append(one.Pedantic, r.ID)
			} else {
				one.Rules = append(one.Rules, r.ID)
			}
		}
		out.Aspects = append(out.Aspects, one)
	}
	return out
}

func lineClauseJSON(c responsibility.Clause) clauseJSON {
	looked, of := c.LookedAt()
	out := clauseJSON{
		Clause: c.Name(), Title: c.Title, Question: orNull(c.Question), Side: orNull(c.Side), State: string(c.State()),
		LookedAt: looked, Of: of, Counts: counts(responsibility.CountAspects(c.Aspects)), Aspects: []string{},
	}
	for _, a := range c.Aspects {
		out.Aspects = append(out.Aspects, a.ID)
	}
	return out
}

// orNull is a text, or null for none.
func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func evidence(findings []finding.Finding) []evidenceJSON {
	out := []evidenceJSON{}
	for _, f := range findings {
		out = append(out, evidenceJSON{Rule: f.Rule, Resource: f.Resource.Address, Location: f.Location, Message: f.Message, Fingerprint: f.Fingerprint})
	}
	return out
}

func keeping(kept []finding.Kept) []evidenceJSON {
	out := []evidenceJSON{}
	for _, k := range kept {
		out = append(out, evidenceJSON{Rule: k.Rule, Resource: k.Resource, Location: k.Location, Evidence: string(k.Evidence)})
	}
	return out
}
