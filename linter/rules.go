package linter

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/agnivade/levenshtein"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/policy"
	"github.com/demarc-dev/demarc/policies"
)

// Rule is a built-in rule, as `demarc rules --format json` lists it.
type Rule struct {
	ID       string           `json:"id"`
	Title    string           `json:"title"`
	Severity finding.Severity `json:"severity"`
	Profile  string           `json:"profile"`
	Subject  []string         `json:"subject"`
	// Side and ServiceModel say whose duty it is, and how far AWS's reaches.
	Side         string              `json:"side"`
	ServiceModel string              `json:"service_model"`
	Controls     []string            `json:"controls"`
	Aliases      map[string][]string `json:"aliases"`
	Options      []Option            `json:"options"`
}

// Prose is what the rule says to people: it is read when it is asked for.
func (r Rule) Prose() policies.Prose { return policies.ProseOf(r.ID) }

// Option is a threshold of a rule that a configuration may set.
type Option struct {
	Name    string `json:"name"`
	About   string `json:"about"`
	Default int    `json:"default"`
}

// Peers are the tools whose ids demarc knows.
var Peers = []string{"checkov", "trivy", "kics"}

// Rules returns all built-in rules, sorted by id.
var Rules = sync.OnceValue(func() []Rule {
	var out []Rule
	for _, s := range policies.Services() {
		for i := range s.Rules {
			out = append(out, describe(&s.Rules[i]))
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].ID < out[j].ID })
	return out
})

func describe(r *policies.Rule) Rule {
	options := make([]Option, len(r.Options))
	for i, o := range r.Options {
		options[i] = Option(o)
	}
	return Rule{
		Options: options,
		ID:      r.ID, Title: r.Title, Severity: finding.Severity(r.Severity),
		Profile: r.Profile, Subject: r.Subject, Controls: r.Controls, Aliases: aliases(r),
		Side: side(r.Controls), ServiceModel: ServiceModel(r.ID),
	}
}

// aliases are the peers' ids of a rule, with a list for every peer.
func aliases(r *policies.Rule) map[string][]string {
	out := make(map[string][]string, len(Peers))
	for _, peer := range Peers {
		out[peer] = []string{}
	}
	for _, a := range r.Aliases {
		out[a.Peer] = a.IDs
	}
	return out
}

// checkOptions reports options that the rule does not have.
func (r Rule) checkOptions(given map[string]int) error {
	known := make([]string, len(r.Options))
	for i, o := range r.Options {
		known[i] = o.Name
	}
	for _, name := range names(given) {
		switch {
		case len(known) == 0:
			return fmt.Errorf("%s has no options", r.ID)
		case !slices.Contains(known, name):
			return fmt.Errorf("%s has no option %q%s", r.ID, name, didYouMean(name, known))
		}
	}
	return nil
}

// FindRule returns the rule with an id, or the first with a peer's id, in any
// case. When there is none, it suggests ids that are spelt alike; the list is
// nil only when a rule was found.
func FindRule(name string) (Rule, []string) {
	if rules := named(name); len(rules) > 0 {
		return rules[0], nil
	}
	suggestions := []string{}
	for _, r := range Rules() {
		lower := strings.ToLower(name)
		if len(lower) > 3 && strings.HasPrefix(r.ID, lower) || levenshtein.ComputeDistance(lower, r.ID) <= max(2, len(lower)/4) {
			suggestions = append(suggestions, r.ID)
		}
	}
	return Rule{}, suggestions
}

// named returns all rules that an id or a peer's id stands for.
func named(name string) []Rule {
	var out []Rule
	for _, r := range Rules() {
		if strings.EqualFold(r.ID, name) || hasAlias(r, name) {
			out = append(out, r)
		}
	}
	return out
}

func hasAlias(r Rule, name string) bool {
	for _, ids := range r.Aliases {
		for _, id := range ids {
			if finding.SameID(id, name) {
				return true
			}
		}
	}
	return false
}

// resolveRules turns names into a set of rule ids.
func resolveRules(names []string) (map[string]bool, error) {
	out := map[string]bool{}
	for _, name := range names {
		rules := named(name)
		if len(rules) == 0 {
			_, suggestions := FindRule(name)
			hint := "demarc rules lists them"
			if len(suggestions) > 0 {
				hint = "did you mean " + strings.Join(suggestions, " or ") + "?"
			}
			return nil, fmt.Errorf("unknown rule %q: %s", name, hint)
		}
		for _, r := range rules {
			out[r.ID] = true
		}
	}
	return out, nil
}

// Control is one ask of the shared-responsibility model.
type Control = finding.Control

// Languages are those that the controls and their report speak, the default first.
var Languages = policies.Languages

// controls are all controls of the model, in its order.
func controls() []Control { return model().controls }

func describeControls(model []policies.Control) []Control {
	serving := map[string][]string{}
	for _, r := range Rules() {
		for _, control := range r.Controls {
			serving[control] = append(serving[control], r.ID)
		}
	}
	var out []Control
	for _, c := range model {
		control := Control{ID: c.ID, Area: c.Area, Side: c.Side, Evidence: c.Evidence, Ask: c.Ask, Rules: serving[c.ID]}
		for _, clause := range c.Clauses {
			control.Clauses = append(control.Clauses, finding.Clause(clause))
		}
		out = append(out, control)
	}
	return out
}

// catalogue is what a report is about: controls, and the frameworks that they
// are mapped to.
type catalogue struct {
	title      string // of a framework of the reader's own
	controls   []Control
	frameworks []finding.Framework
	serving    map[string][]string // controls by rule; nil for those that rules name themselves
}

// modelIn is the model of shared responsibility in one of the Languages, which
// is described once.
func modelIn(language string) (catalogue, error) {
	if language == "" || language == Languages[0] {
		return model(), nil
	}
	return describeModel(language)
}

var model = sync.OnceValue(func() catalogue {
	english, _ := describeModel("") // which needs no file, and cannot fail
	return english
})

func describeModel(language string) (catalogue, error) {
	described, frameworks, err := policies.In(language)
	if err != nil {
		return catalogue{}, err
	}
	out := catalogue{controls: describeControls(described)}
	for _, f := range frameworks {
		out.frameworks = append(out.frameworks, finding.Framework(f))
	}
	return out, nil
}

// FindControl returns a control by its id.
func FindControl(id string) (Control, bool) {
	for _, c := range controls() {
		if c.ID == id {
			return c, true
		}
	}
	return Control{}, false
}

// asked describes the rules that judged something.
func asked(result *policy.Result) []finding.Rule {
	var out []finding.Rule
	for _, r := range Rules() {
		if t := result.PerRule[r.ID]; t != nil {
			prose := r.Prose()
			out = append(out, finding.Rule{
				ID: r.ID, Title: r.Title, Description: prose.Description, Remedy: prose.Remedy, Severity: r.Severity,
				Controls: r.Controls, Related: prose.Related, Tally: finding.Tally(*t),
			})
		}
	}
	return out
}

// ServiceModel tells how the line of responsibility runs for a rule's service:
// infrastructure, container, abstracted or serverless.
func ServiceModel(rule string) string { return policies.ModelOf(service(rule)) }
