// Package policies holds demarc's built-in rules (Rego, one file or folder a
// service), the canonical schema (one YAML table a service) and the controls
// of the shared-responsibility model. The Go tables (tables_gen.go, and a file
// for each service) are made from them, so that a scan parses only the
// policies it needs.
package policies

import (
	"embed"

	"github.com/demarc-dev/demarc/linter/graph"
)

//go:generate go run ./generate

// FS holds the Rego sources: lib/*.rego and <service>.rego or <service>/*.rego.
//
//go:embed *.rego */*.rego
var FS embed.FS

// Service is one service's chapter of rules: the unit that is compiled.
type Service struct {
	Name  string
	Files []string
	// Types are the canonical types its rules read.
	Types []string
	Rules []Rule
}

// Rule is what a scan needs of a rule's METADATA; ProseOf has the rest.
type Rule struct {
	// ID is service/name-with-dashes; Name is the rule's name in Rego.
	ID, Name          string
	Title             string
	Severity, Profile string
	// Subject are the canonical types it judges, or "document:<kind>".
	Subject []string
	// When are the paths that decide whether it applies; Reads the paths
	// whose unknown value leaves it inconclusive; Presence those of them
	// where a link to another resource is answer enough; Weighs the paths
	// it reads and weighs itself; Companions the references
	// (aws_flow_log.vpc_id) by which other resources settle it.
	When, Reads, Presence, Weighs, Companions []string
	Controls                                  []string
	Aliases                                   []Alias
	// Options are the thresholds that a configuration may set, sorted by name.
	Options []Option
	// Applies tells that the rule narrows its subjects (<name>_applies).
	Applies bool
	// Secret tells that the value it finds must not be shown.
	Secret bool
}

// Option is a threshold of a rule: a whole number.
type Option struct {
	Name    string
	About   string
	Default int
}

// Alias are a peer's ids for a rule.
type Alias struct {
	Peer string
	IDs  []string
}

// Control is one ask of the shared-responsibility model.
type Control struct {
	ID, Area, Side, Evidence, Ask string
	// Clauses are where frameworks ask for it.
	Clauses []Clause
}

// Clause is one numbered part of a Framework.
type Clause struct {
	Framework string // its ID
	Number    int
}

// Framework is a catalogue that controls are mapped to.
type Framework struct {
	ID     string   // ncsc
	Titles []string // of clause 1, 2, ...
}

// ServiceModel tells how the line of responsibility runs for a service.
type ServiceModel struct {
	Name     string
	Services []string
}

// Schema returns the canonical schema.
func Schema() *graph.Schema {
	var types []graph.Type
	for _, of := range tables {
		types = append(types, *of...)
	}
	return graph.NewSchema(types)
}

// Services returns all chapters, sorted by name.
func Services() []*Service { return services }

// Controls returns all controls.
func Controls() []Control { return controls }

// Frameworks returns the catalogues that controls are mapped to, sorted by id.
func Frameworks() []Framework { return frameworks }

// ModelOf returns the service model of a service: abstracted unless named otherwise.
func ModelOf(service string) string {
	for _, m := range serviceModels {
		for _, s := range m.Services {
			if s == service {
				return m.Name
			}
		}
	}
	return "abstracted"
}
