package finding

import (
	"encoding/json"
	"slices"
	"strings"
)

// Rule is what a scan needs of a rule's METADATA (docs/writing-policies.md). Its
// JSON is an item of `demarc rules --format json`.
type Rule struct {
	ID       string   `json:"id"` // service/name-with-dashes
	Title    string   `json:"title"`
	Severity Severity `json:"severity"`
	Profile  string   `json:"profile"` // default or extended
	// Subject are the canonical types it judges, or "document:<kind>".
	Subject []string `json:"subject"`
	// Side says who carries the first of its controls, ServiceModel how far
	// AWS's side reaches for its service.
	Side         string   `json:"side"`
	ServiceModel string   `json:"service_model"`
	Controls     []string `json:"controls"`
	Aliases      Aliases  `json:"aliases"`
	// Options are what a configuration may set, sorted by name.
	Options Options `json:"options"`

	Name string `json:"-"` // of the rule in Rego
	// When are the paths that decide whether it applies; Reads the paths
	// whose unknown value leaves it inconclusive; Presence those of them
	// where a link to another resource is answer enough; Weighs the paths
	// it reads and weighs itself; Companions the references
	// (aws_flow_log.vpc_id) by which other resources settle it.
	When       []string `json:"-"`
	Reads      []string `json:"-"`
	Presence   []string `json:"-"`
	Weighs     []string `json:"-"`
	Companions []string `json:"-"`
	// Applies tells that the rule narrows its subjects (<name>_applies).
	Applies bool `json:"-"`
	// Secret tells that the value it finds must not be shown.
	Secret bool `json:"-"`
}

// Names are the rule's own id, then its ids at the peers.
func (r *Rule) Names() []string {
	out := []string{r.ID}
	for _, a := range r.Aliases {
		out = append(out, a.IDs...)
	}
	return out
}

// Alias are a peer's ids for a rule.
type Alias struct {
	Peer string
	IDs  []string
}

// Aliases are the ids that other tools have for a rule.
type Aliases []Alias

// Peers are the tools whose ids reports have. The ids at Security Hub and AWS
// Config are those of what a finding breaks (policies/standards).
func Peers() []string { return []string{"checkov", "trivy", "kics", "securityhub", "config"} }

// ByPeer has a list for each of the Peers.
func (a Aliases) ByPeer() map[string][]string {
	out := make(map[string][]string, len(a))
	for _, peer := range Peers() {
		out[peer] = []string{}
	}
	for _, alias := range a {
		out[alias.Peer] = alias.IDs
	}
	return out
}

// MarshalJSON writes the ids by peer.
func (a Aliases) MarshalJSON() ([]byte, error) { return json.Marshal(a.ByPeer()) }

// Option is a threshold of a rule, a whole number, which a configuration may set.
type Option struct {
	Name    string `json:"name"`
	About   string `json:"about"`
	Default int    `json:"default"`
}

// Options are those of one rule.
type Options []Option

// MarshalJSON writes a list, also of none.
func (o Options) MarshalJSON() ([]byte, error) {
	return json.Marshal(append([]Option{}, o...))
}

// Names are those of the options.
func (o Options) Names() []string {
	out := make([]string, len(o))
	for i := range o {
		out[i] = o[i].Name
	}
	return out
}

// NormalID is the form in which ids of rules are compared: in lower case, and
// without the AVD- that trivy writes before its ids or leaves out.
func NormalID(id string) string {
	lower := strings.ToLower(id)
	if bare := strings.TrimPrefix(lower, "avd-"); bare != "" {
		return bare
	}
	return lower
}

// SameID reports whether two ids are one.
func SameID(a, b string) bool { return NormalID(a) == NormalID(b) }

// Prose is what a rule says to people and no scan needs.
type Prose struct {
	Description string
	// Remedy tells how to mend what breaks the rule.
	Remedy string
	// Related are addresses of AWS's documentation.
	Related []string
}

// AskedRule is a rule that took part in a scan.
type AskedRule struct {
	Rule
	Prose
	Tally Tally
}

// Tally counts the outcomes of a rule over what it may judge.
type Tally struct{ Fail, Pass, Inconclusive, NotApplicable int }

// Described is all that is known of the rule of a finding: what the report
// says of it, or, for rules about suppressions, what the finding itself says.
func (r *Report) Described(f Finding) AskedRule {
	i, found := slices.BinarySearchFunc(r.Rules, f.Rule, func(rule AskedRule, id string) int { return strings.Compare(rule.ID, id) })
	if found {
		return r.Rules[i]
	}
	rule := Rule{ID: f.Rule, Title: f.Title, Severity: f.Severity, Controls: f.Controls}
	if rule.Title == "" {
		rule.Title = f.Rule
	}
	return AskedRule{Rule: rule, Prose: Prose{Remedy: f.Remedy}}
}
