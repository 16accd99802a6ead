package report

import (
	"io"
	"regexp"
	"strings"
	"time"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/responsibility"
)

// oscalVersion is that of the model below:
// https://pages.nist.gov/OSCAL-Reference/models/v1.1.2/assessment-results/json-outline/.
const oscalVersion = "1.1.2"

// oscalSpace is the namespace of the properties that OSCAL does not define.
const oscalSpace = homepage + "/oscal"

// The part of OSCAL's assessment results that demarc writes.
type (
	oscalFile struct {
		Results oscalAssessment `json:"assessment-results"`
	}
	oscalAssessment struct {
		UUID     string        `json:"uuid"`
		Metadata oscalMetadata `json:"metadata"`
		Plan     oscalHref     `json:"import-ap"`
		Results  []oscalResult `json:"results"`
	}
	oscalMetadata struct {
		Title    string `json:"title"`
		Modified string `json:"last-modified"`
		Version  string `json:"version"`
		OSCAL    string `json:"oscal-version"`
	}
	oscalHref struct {
		Href string `json:"href"`
	}
	oscalResult struct {
		UUID         string             `json:"uuid"`
		Title        string             `json:"title"`
		Description  string             `json:"description"`
		Start        string             `json:"start"`
		Local        *oscalLocal        `json:"local-definitions,omitempty"`
		Reviewed     oscalReviewed      `json:"reviewed-controls"`
		Observations []oscalObservation `json:"observations,omitempty"`
		Findings     []oscalFinding     `json:"findings,omitempty"`
		Remarks      string             `json:"remarks,omitempty"`
	}
	oscalLocal struct {
		Items []oscalItem `json:"inventory-items"`
	}
	oscalItem struct {
		UUID        string `json:"uuid"`
		Description string `json:"description"`
	}
	oscalReviewed struct {
		Selections []oscalSelection `json:"control-selections"`
	}
	oscalSelection struct {
		Description string         `json:"description,omitempty"`
		Include     []oscalControl `json:"include-controls,omitempty"`
	}
	oscalControl struct {
		ID string `json:"control-id"`
	}
	oscalObservation struct {
		UUID        string          `json:"uuid"`
		Title       string          `json:"title"`
		Description string          `json:"description"`
		Properties  []oscalProperty `json:"props"`
		Methods     []string        `json:"methods"`
		Subjects    []oscalSubject  `json:"subjects"`
		Evidence    []oscalEvidence `json:"relevant-evidence"`
		Collected   string          `json:"collected"`
	}
	oscalProperty struct {
		Name  string `json:"name"`
		Space string `json:"ns"`
		Value string `json:"value"`
	}
	oscalSubject struct {
		UUID  string `json:"subject-uuid"`
		Type  string `json:"type"`
		Title string `json:"title"`
	}
	oscalEvidence struct {
		Href        string `json:"href,omitempty"`
		Description string `json:"description"`
	}
	oscalFinding struct {
		UUID        string          `json:"uuid"`
		Title       string          `json:"title"`
		Description string          `json:"description"`
		Properties  []oscalProperty `json:"props"`
		Target      oscalTarget     `json:"target"`
		Related     []oscalRelated  `json:"related-observations,omitempty"`
	}
	oscalTarget struct {
		Type   string      `json:"type"`
		ID     string      `json:"target-id"`
		Status oscalStatus `json:"status"`
	}
	oscalStatus struct {
		State  string `json:"state"`
		Reason string `json:"reason"`
	}
	oscalRelated struct {
		UUID string `json:"observation-uuid"`
	}
)

// oscalReasons say why an aspect is, or is not, satisfied.
var oscalReasons = map[responsibility.State]oscalStatus{
	responsibility.Kept: {"satisfied", "pass"}, responsibility.Broken: {"not-satisfied", "fail"},
	responsibility.Inconclusive: {"not-satisfied", "other"}, responsibility.Accepted: {"not-satisfied", "other"},
}

// LineOSCAL writes OSCAL assessment results: a finding for each aspect that was looked at,
// and an observation for each finding and pass behind it. What was not looked
// at is no finding, and is named in the remarks.
func LineOSCAL(out io.Writer, l *responsibility.Line, o Options) error {
	w := wordsOf(l.Language)
	b := &oscalBuilder{words: w, o: o, at: o.when().Format(time.RFC3339), seen: map[string]bool{}}
	var controls []oscalControl
	rest := map[responsibility.State][]string{}
	for _, c := range l.Controls {
		looked := false
		for _, a := range c.Aspects {
			switch {
			case !a.Counts():
			case a.State.LookedAt():
				looked = true
				b.aspect(a)
			default:
				rest[a.State] = append(rest[a.State], a.ID)
			}
		}
		if looked {
			controls = append(controls, oscalControl{oscalToken(c.ID)})
		}
	}
	title := w.Table.Title
	if l.Catalogue != "" {
		title = oneLine(l.Catalogue)
	}
	b.result.UUID, b.result.Title, b.result.Description, b.result.Start = uuid("result", title), title, oneLine(w.lookedAt(l)), b.at
	b.result.Reviewed.Selections = []oscalSelection{{Description: oneLine(w.Text.Head.with("controls", w.Counts.Controls.with(len(l.Controls)), "states", w.states(responsibility.Count(l.Controls)))), Include: controls}}
	b.result.Remarks = b.notLookedAt(rest)
	if len(b.items) > 0 {
		b.result.Local = &oscalLocal{b.items}
	}
	version := clean(l.Version)
	if version == "" {
		version = "devel"
	}
	return WriteJSON(out, oscalFile{oscalAssessment{
		UUID:     uuid("assessment-results", title),
		Metadata: oscalMetadata{title, b.at, version, oscalVersion},
		Plan:     oscalHref{homepage + "/blob/main/docs/responsibility.md"},
		Results:  []oscalResult{b.result},
	}})
}

// oscalBuilder collects observations and what they are about, each once.
type oscalBuilder struct {
	*words
	o      Options
	at     string
	result oscalResult
	items  []oscalItem
	seen   map[string]bool // UUIDs
}

func (b *oscalBuilder) aspect(a responsibility.Aspect) {
	f := oscalFinding{
		UUID: uuid("aspect", a.ID), Title: clean(a.ID), Description: oneLine(a.Ask), Properties: []oscalProperty{{"state", oscalSpace, string(a.State)}},
		Target: oscalTarget{"objective-id", oscalToken(a.ID), oscalReasons[a.State]},
	}
	for _, list := range [][]finding.Finding{a.Broken, a.Inconclusive, a.Accepted} {
		for _, one := range list {
			f.Related = append(f.Related, b.found(one))
		}
	}
	for _, k := range a.Kept {
		f.Related = append(f.Related, b.kept(k))
	}
	b.result.Findings = append(b.result.Findings, f)
}

func (b *oscalBuilder) found(f finding.Finding) oscalRelated {
	id := uuid("observation", f.Fingerprint, string(f.Status), f.Message, place(f.Location))
	return b.observation(id, oscalObservation{Title: clean(f.Rule), Description: oneLine(b.described(f))}, string(f.Status), f.Resource.Address, f.Location)
}

func (b *oscalBuilder) kept(k finding.Kept) oscalRelated {
	id := uuid("observation", k.Rule, k.Resource, place(k.Location))
	return b.observation(id, oscalObservation{Title: clean(k.Rule), Description: clean(k.Resource)}, "pass, "+string(k.Evidence), k.Resource, k.Location)
}

func (b *oscalBuilder) observation(id string, one oscalObservation, result, resource string, at finding.Location) oscalRelated {
	if b.seen[id] {
		return oscalRelated{id}
	}
	b.seen[id] = true
	one.UUID, one.Methods, one.Collected = id, []string{"TEST"}, b.at
	one.Properties = []oscalProperty{{"result", oscalSpace, result}}
	one.Evidence = []oscalEvidence{{Href: b.o.link(at), Description: place(at)}}
	title := oneLine(resource)
	if title == "" {
		title = clean(at.File) // it is about a whole root
	}
	item := uuid("resource", at.File, resource)
	one.Subjects = []oscalSubject{{item, "inventory-item", title}}
	if !b.seen[item] {
		b.seen[item] = true
		b.items = append(b.items, oscalItem{item, title + " (" + clean(at.File) + ")"})
	}
	b.result.Observations = append(b.result.Observations, one)
	return oscalRelated{id}
}

// notLookedAt names the aspects of which nothing was looked at, by state.
func (b *oscalBuilder) notLookedAt(rest map[responsibility.State][]string) string {
	var lines []string
	for _, s := range responsibility.States {
		if len(rest[s]) > 0 {
			lines = append(lines, b.Text.Label.with("state", b.States[s])+" "+oneLine(b.list(rest[s])))
		}
	}
	return strings.Join(lines, "\n")
}

var (
	notInToken  = regexp.MustCompile(`[^\pL\pN._-]`)
	beginsToken = regexp.MustCompile(`^[\pL_]`)
)

// oscalToken makes an id of what OSCAL takes for one, which begins with a letter or _.
func oscalToken(id string) string {
	token := notInToken.ReplaceAllString(id, "_")
	if beginsToken.MatchString(token) {
		return token
	}
	return "_" + token
}
