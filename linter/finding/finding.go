// Package finding holds what a scan found: findings, the report they make up,
// their lasting identity and their order.
package finding

import (
	"fmt"
	"strings"

	"github.com/demarc-dev/demarc/linter/source"
)

// Severity orders findings by what can happen.
type Severity string

// The severities, worst first.
const (
	Critical Severity = "critical"
	High     Severity = "high"
	Medium   Severity = "medium"
	Low      Severity = "low"
)

// Severities lists all severities, worst first.
var Severities = []Severity{Critical, High, Medium, Low}

// Rank orders severities: 4 is critical, 1 is low, 0 is none of them.
func (s Severity) Rank() int {
	for i, known := range Severities {
		if s == known {
			return len(Severities) - i
		}
	}
	return 0
}

// ParseSeverity reads a severity's name, in any case.
func ParseSeverity(text string) (Severity, error) {
	s := Severity(strings.ToLower(strings.TrimSpace(text)))
	if s.Rank() == 0 {
		return "", fmt.Errorf("unknown severity %q: use critical, high, medium or low", text)
	}
	return s, nil
}

// Status is the outcome that a finding reports.
type Status string

// The statuses of a finding.
const (
	Fail         Status = "fail"
	Inconclusive Status = "inconclusive"
	Suppressed   Status = "suppressed"
)

// Report is the result of one scan, in the form of the JSON contract
// (docs/output.md).
type Report struct {
	Schema   int       `json:"schema"`
	Tool     Tool      `json:"tool"`
	Findings []Finding `json:"findings"`
	Coverage Coverage  `json:"coverage"`
	Summary  Summary   `json:"summary"`

	// Rules are those that were asked, sorted by id, and Controls those of the
	// model; they explain, and are no part of the contract.
	Rules    []AskedRule `json:"-"`
	Controls []Control   `json:"-"`
	// Language is that of the controls and of what is said of them; "" is
	// English. Catalogue is the title of the reader's own framework whose
	// controls stand in place of the model's, or "".
	Language  string `json:"-"`
	Catalogue string `json:"-"`
	// Frameworks are the catalogues that the controls are mapped to.
	Frameworks []Framework `json:"-"`
	// Passing are the resources that pass, if they were asked for.
	Passing []Kept `json:"-"`
	// Exposures say what the internet reaches, if they were asked for.
	Exposures []Exposure `json:"-"`

	// Elsewhere is the number of findings that are left out because only some
	// files of a directory were named.
	Elsewhere int `json:"-"`

	// Gone are the entries of the baseline that no longer hold, Kept the
	// others, as they would be written today. Judged reports whether the scan
	// could have found the finding of an entry.
	Gone, Kept []Entry          `json:"-"`
	Judged     func(Entry) bool `json:"-"`

	// Base is what the report was compared with, or nil.
	Base *Base `json:"-"`

	// Division are the layers of services with who carries them.
	Division []Layer `json:"-"`

	// Made says what the report was made of and with; nil unless it was asked for.
	Made *Made `json:"-"`

	// Secrets are the places of sensitive values, which no frame may show.
	Secrets []source.Range `json:"-"`
}

// Base is an earlier state whose findings a report leaves out.
type Base struct {
	Revision string // as it was asked for
	Commit   string // where HEAD left it
	Known    int    // failing findings that are left out
	Errors   int    // parts that could not be analysed then
}

// Tool names the program that made a report.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Finding is one place where a rule is broken or could not be decided.
type Finding struct {
	Rule         string              `json:"rule"`
	Aliases      map[string][]string `json:"aliases"`
	Severity     Severity            `json:"severity"`
	Status       Status              `json:"status"`
	Message      string              `json:"message"`
	When         *string             `json:"when"`
	Environments []string            `json:"environments"`
	// InAll tells that Environments are all that the root has.
	InAll        bool         `json:"-"`
	Fingerprint  string       `json:"fingerprint"`
	Tag          string       `json:"tag,omitempty"` // tells apart several findings of a rule on a resource
	Side         string       `json:"side"`
	ServiceModel string       `json:"service_model"`
	Controls     []string     `json:"controls"`
	Resource     Resource     `json:"resource"`
	Location     Location     `json:"location"`
	Related      []Related    `json:"related"`
	Why          []Why        `json:"why"`
	Suppression  *Suppression `json:"suppression"`
	Fix          *Fix         `json:"fix"`

	// Title and Remedy are the rule's; they explain, and are no part of the contract.
	Title  string `json:"-"`
	Remedy string `json:"-"`
	// Secret marks a finding whose value must not be shown.
	Secret bool `json:"-"`
	// Value is a digest of the values that were judged, of all instances; ""
	// for a secret. It tells whether they have changed.
	Value string `json:"-"`
	// Scopes are the places where a comment suppresses the finding: the
	// attribute, the blocks around it, the resource, the module calls.
	Scopes []source.Range `json:"-"`
	// Homes are the names of the resource: first the one in the identity, then,
	// where they differ, its full addresses in the roots.
	Homes []Home `json:"-"`
	// Part marks a finding that speaks of some of the instances only, since
	// others are suppressed, or by something else.
	Part bool `json:"-"`
	// Sites are the places of each instance, in the order of Resource.Instances
	// or finer: instances of one address in several roots have a site each.
	Sites []Site `json:"-"`
}

// Site is one instance of a finding's resource.
type Site struct {
	Address  string
	Identity string         // the address without instance keys
	Scopes   []source.Range // as Finding.Scopes
	Related  []Related      // as Finding.Related
	Outcomes []int          // what was said of it, by the numbers of whoever described the outcomes
}

// Resource is what a finding is about.
type Resource struct {
	Address      string   `json:"address"`
	Type         string   `json:"type"`
	DeclaredType string   `json:"declared_type"`
	Owner        string   `json:"owner,omitempty"`
	Instances    []string `json:"instances"`
	Name         *string  `json:"name"`
}

// Known is the address, after the name that the author knows the resource by
// if it has one: "Stack/Bucket/Resource, Bucket83908E77".
func (r Resource) Known() string {
	if r.Name == nil {
		return r.Address
	}
	return *r.Name + ", " + r.Address
}

// Location is a place in a file. Start and End are nil for a finding about a
// whole root. File is relative to the working directory.
type Location struct {
	File  string           `json:"file"`
	Start *source.Position `json:"start"`
	End   *source.Position `json:"end"`

	// Range is the place in the source, for code frames.
	Range source.Range `json:"-"`
}

// Name is the file's name relative to the repository's top, or, for a place
// outside the source, File.
func (l Location) Name() string {
	if l.Range.Valid() {
		return l.Range.File.Path
	}
	return l.File
}

// Related is a further place that explains a finding.
type Related struct {
	Message  string   `json:"message"`
	Location Location `json:"location"`
}

// Why says which value could not be known.
type Why struct {
	Path   string `json:"path"`
	Reason string `json:"reason"`
	Needs  string `json:"needs"`
}

// Text says which value is unknown and why; what stands elsewhere has no path.
func (w Why) Text() string {
	if w.Path == "" {
		return w.Reason
	}
	return w.Path + ": " + w.Reason
}

// Suppression says who silenced a finding and why.
type Suppression struct {
	Kind     string   `json:"kind"` // comment | metadata | config | baseline
	Reason   string   `json:"reason"`
	Owner    string   `json:"owner,omitempty"`
	Until    string   `json:"until,omitempty"` // the last day it counts, YYYY-MM-DD
	Location Location `json:"location"`
}

// Fix is an edit that clears the finding.
type Fix struct {
	Description string `json:"description"`
}

// Coverage says how much of the input the report speaks of. Judged, Passed
// and Inconclusive count (rule, subject) pairs.
type Coverage struct {
	Files          int             `json:"files"`
	Parsed         int             `json:"parsed"`
	Resources      int             `json:"resources"`
	Judged         int             `json:"judged"`
	Passed         int             `json:"passed"`
	Inconclusive   int             `json:"inconclusive"`
	MissingModules []MissingModule `json:"missing_modules"`
	// Types are the resource types that were met, as they are written, sorted.
	Types []TypeCoverage `json:"types"`
	// Chosen tells that the rules were chosen one by one, so that nobody needs
	// to be told of those that were not.
	Chosen bool    `json:"-"`
	Errors []Error `json:"errors"`
}

// MissingModule is a module that is not at hand and so was not judged.
type MissingModule struct {
	Address string `json:"address"`
	Source  string `json:"source"`
	File    string `json:"file"`
	Line    int    `json:"line"`
	// Command would fetch it; "" for a local module or a part of a template,
	// which none fetches.
	Command string `json:"command"`
}

// Problem says what is the matter with it: a module of Terraform's is to be
// installed, a part of a template (a nested one, a macro) is somewhere else.
func (m MissingModule) Problem() string {
	if m.terraform() {
		return "module not installed"
	}
	return "not at hand"
}

// Advice says what to do about it.
func (m MissingModule) Advice() string {
	switch {
	case !m.terraform():
		return "what it adds is not judged"
	case m.Command == "":
		return "check the source"
	}
	return "run " + m.Command
}

func (m MissingModule) terraform() bool {
	for _, ending := range [...]string{".yaml", ".yml", ".template", ".json"} {
		if strings.HasSuffix(m.File, ending) {
			return strings.HasSuffix(m.File, ".tf.json") || strings.HasSuffix(m.File, ".tofu.json")
		}
	}
	return true
}

// Missing counts modules that are not installed, and parts of templates that
// are not at hand, in words.
func Missing(all []MissingModule) []string {
	modules := 0
	for _, m := range all {
		if m.terraform() {
			modules++
		}
	}
	var out []string
	if modules > 0 {
		out = append(out, Plural(modules, "module")+" not installed")
	}
	if parts := len(all) - modules; parts > 0 {
		out = append(out, Plural(parts, "part")+" of a template not at hand")
	}
	return out
}

// Error is something that could not be analysed.
type Error struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Message string `json:"message"`
}

// Summary counts the findings with status fail.
type Summary struct {
	Critical int `json:"critical"`
	High     int `json:"high"`
	Medium   int `json:"medium"`
	Low      int `json:"low"`
}

// Total is the number of failing findings.
func (s Summary) Total() int { return s.Critical + s.High + s.Medium + s.Low }

// Count adds up the failing findings by severity.
func Count(findings []Finding) Summary {
	var s Summary
	for _, f := range findings {
		if f.Status != Fail {
			continue
		}
		switch f.Severity {
		case Critical:
			s.Critical++
		case High:
			s.High++
		case Medium:
			s.Medium++
		case Low:
			s.Low++
		}
	}
	return s
}

// NewLocation is the place of a range, with the name that the file has
// relative to the working directory.
func NewLocation(at source.Range, file string) Location {
	start, end := at.StartPosition(), at.EndPosition()
	return Location{File: file, Start: &start, End: &end, Range: at}
}
