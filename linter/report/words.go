package report

import (
	"bytes"
	"embed"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/responsibility"
)

//go:embed words/*.yaml
var wordFiles embed.FS

// words are what the responsibility report says in a language that comes from
// no control and no rule: words/<language>.yaml, which translators edit.
type words struct {
	Language string
	Join     struct{ List, Sentence, Stop, Colon string }
	Counts   struct {
		Controls, Aspects, Findings, Resources, Checks, Files, Accepted, State counted
	}
	States map[responsibility.State]string
	Labels map[string]string
	Areas  map[string]string
	Sides  map[string]string
	Models map[string]string
	Layers map[string]string
	WhyNot map[string]string `yaml:"why_not"`
	Proof  struct {
		Found, Default, Part, Pedantic phrase
	}
	Finding struct{ When, Unknown phrase }
	Text    struct {
		Head, Area, Label, Item, Clause, Question, Model phrase
		LookedAt                                         phrase `yaml:"looked_at"`
		LookedAtNone                                     phrase `yaml:"looked_at_none"`
		ClauseLooked                                     phrase `yaml:"clause_looked"`
		ClauseNone                                       phrase `yaml:"clause_none"`
		ClauseTheirs                                     phrase `yaml:"clause_theirs"`
		ModelFound                                       phrase `yaml:"model_found"`
		ModelKept                                        phrase `yaml:"model_kept"`
		ModelLine                                        phrase `yaml:"model_line"`
		Models, See                                      string
		ModelServices                                    phrase `yaml:"model_services"`
		ModelSides                                       phrase `yaml:"model_sides"`
	}
	Table struct {
		Title, Control, Aspect, Area, Side, State, Asks, Source, Evidence, Clause, Clauses, Broken, Inconclusive, Accepted, Kept string

		Models, Model, Findings, Yours, Before, After, Came, Went, Services, Layer string

		ResourcesBroken string `yaml:"resources_broken"`
		ResourcesKept   string `yaml:"resources_kept"`
		ControlState    string `yaml:"control_state"`
		More            phrase
	}
	Change struct {
		Title, Same, Changed, Still, Turned, Finding phrase
		Gap                                          counted
	}
	Exposure struct {
		None, Reached, Unknown, Unreached string
		Summary, Instance, When           phrase
		More                              counted
	}
	Made struct {
		Date, Paths, Commit, Tool, Rules, Profile, Variables, Parameters, Workspace, Environments string

		VarFiles string `yaml:"var_files"`
		RuleSet  phrase `yaml:"rule_set"`
	}
	Hops      map[string]string
	HopStates map[string]string `yaml:"hop_states"`
	Page      pageWords
	Coverage  coverageWords
}

// pageWords are those of the HTML page.
type pageWords struct {
	Headline, Part, More                                    phrase
	Skip, Line, Theirs, Ours, Exposed, Clauses, Models      string
	Reached, Unknown, Unreached                             string
	Controls, Filter, Text, State, Area, Clause, Any, Clear string
	Open, None, Serves, Rules, Broken, Undecided, Accepted  string
	Kept, Foot, Pedantic, See, Source                       string
	ByState                                                 string `yaml:"by_state"`
	ModelsNote                                              string `yaml:"models_note"`
	CellYours                                               string `yaml:"cell_yours"`
	CellAWS                                                 string `yaml:"cell_aws"`
	CellShared                                              string `yaml:"cell_shared"`
	TextHint                                                string `yaml:"text_hint"`
	ShownAll                                                string `yaml:"shown_all"`  // filled in by the page's script
	ShownSome                                               string `yaml:"shown_some"` // as well
	NotShownNote                                            string `yaml:"not_shown_note"`
	NoRuleNote                                              string `yaml:"no_rule_note"`
	AWSNote                                                 string `yaml:"aws_note"`
}

type coverageWords struct {
	Title, Files, Resources, Checks, Passed, Failed, Inconclusive, Suppressed string

	Lead, Bar, Gaps, Modules, Types phrase
	LeadGaps                        phrase `yaml:"lead_gaps"`
	LeadModules                     phrase `yaml:"lead_modules"`
}

var wordsByLanguage = map[string]func() *words{
	"en": sync.OnceValue(func() *words { return mustReadWords("en") }),
	"ja": sync.OnceValue(func() *words { return mustReadWords("ja") }),
}

// english are the words of what speaks no other language.
func english() *words { return wordsByLanguage["en"]() }

// wordsOf are the words of a language; "" is English.
func wordsOf(language string) *words {
	if load := wordsByLanguage[language]; load != nil {
		return load()
	}
	return english()
}

// mustReadWords reads an embedded file, which the tests read too.
func mustReadWords(language string) *words {
	text, err := wordFiles.ReadFile("words/" + language + ".yaml")
	if err != nil {
		panic(err)
	}
	w, err := readWords(bytes.NewReader(text))
	if err != nil {
		panic(fmt.Sprintf("words/%s.yaml: %v", language, err))
	}
	return w
}

func readWords(r io.Reader) (*words, error) {
	d := yaml.NewDecoder(r)
	d.KnownFields(true)
	w := &words{}
	return w, d.Decode(w)
}

// phrase is a text with {names} in the place of values.
type phrase string

// with puts values, given as name and value in turn, in the place of their
// names. Numbers get a comma between thousands, as in English and Japanese.
func (p phrase) with(values ...any) string {
	pairs := make([]string, len(values))
	for i, v := range values {
		switch v := v.(type) {
		case int:
			pairs[i] = number(v)
		default:
			pairs[i] = fmt.Sprint(v)
		}
		if i%2 == 0 {
			pairs[i] = "{" + pairs[i] + "}"
		}
	}
	return strings.NewReplacer(pairs...).Replace(string(p))
}

// N fills in a number {n}; templates call it.
func (p phrase) N(n int) string { return p.with("n", n) }

// counted is a phrase about {n} things. In a file it is one text where the
// language has one form, else {one, other}.
type counted struct{ One, Other phrase }

// UnmarshalYAML reads either form.
func (c *counted) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*c = counted{phrase(n.Value), phrase(n.Value)}
		return nil
	}
	type forms counted
	return n.Decode((*forms)(c))
}

func (c counted) with(n int, values ...any) string {
	p := c.Other
	if n == 1 {
		p = c.One
	}
	return p.with(append([]any{"n", n}, values...)...)
}

// list joins the items of a sentence.
func (w *words) list(items []string) string { return strings.Join(items, w.Join.List) }

// area is the name of an area: that of a framework of the reader's own is its own name.
func (w *words) area(id string) string {
	if name := w.Areas[id]; name != "" {
		return name
	}
	return clean(id)
}

// hop is the name of a kind of hop on a way from the internet.
func (w *words) hop(kind string) string {
	if name := w.Hops[kind]; name != "" {
		return name
	}
	return clean(kind)
}

// label is a finding's label as people read it.
func (w *words) label(f finding.Finding) string { return w.Labels[label(f)] }

// described is a finding's message with its condition and, where it could not
// be decided, the reasons.
func (w *words) described(f finding.Finding) string {
	message := f.Message
	if f.When != nil {
		message += w.Finding.When.with("when", *f.When)
	}
	for _, why := range f.Why {
		if why.Path == "" {
			message += "; " + why.Reason
			continue
		}
		message += w.Finding.Unknown.with("path", why.Path, "reason", why.Reason)
	}
	return message
}

// layers are the names of the layers of a service.
func (w *words) layers(ids []string) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = w.Layers[id]
	}
	return out
}

// states are the states that occur, with their numbers: "3 broken, 4 kept".
func (w *words) states(count map[responsibility.State]int) string {
	var parts []string
	for _, s := range responsibility.States {
		if count[s] > 0 {
			parts = append(parts, w.Counts.State.with(count[s], "state", w.States[s]))
		}
	}
	return w.list(parts)
}

// aspectState is the name of an aspect's state, or of those that it stands for.
func (w *words) aspectState(a responsibility.Aspect) string {
	if !a.Counts() {
		return w.Text.See + " " + w.list(a.See)
	}
	return w.States[a.State]
}

// framework is the title of a framework.
func (w *words) framework(f finding.Framework) string {
	return w.Text.Area.with("area", clean(f.Title), "id", strings.ToUpper(f.ID))
}

// proof says in a line what stands behind an aspect's state.
func (w *words) proof(a responsibility.Aspect) string {
	if !a.Counts() {
		return ""
	}
	var parts []string
	switch a.State {
	case responsibility.Broken:
		parts = append(parts, w.Proof.Found.with("n", len(a.Broken), "what", w.list(rulesOf(a.Broken))))
	case responsibility.Inconclusive:
		parts = append(parts, w.Proof.Found.with("n", len(a.Inconclusive), "what", why(a.Inconclusive[0])))
	case responsibility.Kept:
		parts = append(parts, w.restsOn(a.Kept))
	case responsibility.Yours:
		parts = append(parts, w.WhyNot[a.WhyNot])
	}
	if len(a.Accepted) > 0 {
		parts = append(parts, w.Counts.Accepted.with(len(a.Accepted)))
	}
	if len(a.Pedantic) > 0 {
		parts = append(parts, w.Proof.Pedantic.with("n", len(a.Pedantic), "what", w.list(rulesOf(a.Pedantic))))
	}
	return strings.Join(parts, "; ")
}

// restsOn says how many resources keep an aspect, and how many of them by a
// default.
func (w *words) restsOn(kept []finding.Kept) string {
	defaults := 0
	for _, k := range kept {
		if k.Evidence == finding.Default {
			defaults++
		}
	}
	parts := []string{w.Counts.Resources.with(len(kept))}
	if defaults > 0 {
		parts = append(parts, w.Proof.Default.with("n", defaults))
	}
	return w.list(parts)
}

// controlProof says in a line what stands behind a control's state.
func (w *words) controlProof(c responsibility.Control) string {
	switch c.State {
	case responsibility.Broken:
		broken := c.Broken()
		return w.Proof.Found.with("n", len(broken), "what", w.list(rulesOf(broken)))
	case responsibility.Inconclusive:
		undecided := c.Inconclusive()
		return w.Proof.Found.with("n", len(undecided), "what", why(undecided[0]))
	case responsibility.Accepted:
		return w.Counts.Accepted.with(len(c.Accepted()))
	case responsibility.Kept:
		return w.Counts.Resources.with(len(c.Kept()))
	case responsibility.InPart:
		kept, visible := c.Share()
		return w.Proof.Part.with("n", kept, "total", visible)
	}
	return ""
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
