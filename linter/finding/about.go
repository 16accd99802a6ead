package finding

import (
	"slices"
	"strings"
)

// Rule is what a report says of a rule that it asked.
type Rule struct {
	ID, Title, Description, Remedy string
	Severity                       Severity
	Controls                       []string
	// Related are addresses of AWS's documentation.
	Related []string
	Tally   Tally
}

// Tally counts the outcomes of a rule over what it may judge.
type Tally struct{ Fail, Pass, Inconclusive, NotApplicable int }

// Control is one ask of the shared-responsibility model. Area is the area of
// responsibility it belongs to (identity, data, ...), Side who carries it.
// Evidence tells what a template can show of it: all (static), a part
// (partial), or nothing (none).
type Control struct {
	ID, Area, Side, Evidence, Ask string
	Clauses                       []Clause
	Rules                         []string // the ids of all rules that serve it
}

// Clause is one numbered part of a framework, such as an NCSC principle.
type Clause struct {
	Framework string // ncsc, audit or ec2
	Number    int
}

// Framework is a catalogue that controls are mapped to.
type Framework struct {
	ID     string
	Titles []string // of clause 1, 2, ...
}

// Kept is a resource that keeps what a rule asks.
type Kept struct {
	Rule     string
	Resource string // its address without instance keys
	Location Location
	// ServiceModel is that of the rule's service.
	ServiceModel string
}

// Described is all that is known of the rule of a finding: what the report
// says of it, or, for rules about suppressions, what the finding itself says.
func (r *Report) Described(f Finding) Rule {
	i, found := slices.BinarySearchFunc(r.Rules, f.Rule, func(rule Rule, id string) int { return strings.Compare(rule.ID, id) })
	if found {
		return r.Rules[i]
	}
	rule := Rule{ID: f.Rule, Title: f.Title, Remedy: f.Remedy, Severity: f.Severity, Controls: f.Controls}
	if rule.Title == "" {
		rule.Title = f.Rule
	}
	return rule
}
