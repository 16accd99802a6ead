// Package policies holds demarc's built-in rules (Rego, one file or folder a
// service), the canonical schema (one YAML table a service) and the controls
// of the shared-responsibility model. The Go tables (tables_gen.go, and a file
// for each service) are made from them, so that a scan parses only the
// policies it needs.
package policies

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"sync"

	"github.com/demarc-dev/demarc/linter/finding"
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

// What the tables are made of has its types where reports have them.
type (
	// Rule is what a scan needs of a rule's METADATA; ProseOf has the rest.
	Rule = finding.Rule
	// Severity orders rules by what can happen.
	Severity = finding.Severity
	// Option is a threshold of a rule.
	Option = finding.Option
	// Alias are a peer's ids for a rule.
	Alias = finding.Alias
	// Prose is what a rule says to people and no scan needs.
	Prose = finding.Prose
	// Control is one ask of the shared-responsibility model.
	Control = finding.Control
	// Framework is a catalogue that asks for aspects of the controls.
	Framework = finding.Framework
)

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

// Services returns all chapters, sorted by name. They are not to be changed.
func Services() []*Service { return complete() }

// complete says of all rules whose duty they are about.
var complete = sync.OnceValue(func() []*Service {
	sides := make(map[string]string, len(controls))
	for _, c := range controls {
		sides[c.ID] = c.Side
	}
	for _, s := range services {
		model := modelOf(s.Name)
		for i := range s.Rules {
			r := &s.Rules[i]
			r.Side, r.ServiceModel = "customer", model
			if len(r.Controls) > 0 {
				r.Side = sides[r.Controls[0]]
			}
		}
	}
	return services
})

// Controls returns all controls of the model, in its order.
func Controls() []finding.Control { return controls }

// Frameworks returns the catalogues that ask for aspects of the controls.
func Frameworks() []finding.Framework { return frameworks }

// ModelOf returns the service model of a service.
func ModelOf(service string) string { return modelOf(service) }

// modelOf returns the service model of a service: abstracted unless named otherwise.
func modelOf(service string) string {
	for _, m := range serviceModels {
		for _, s := range m.Services {
			if s == service {
				return m.Name
			}
		}
	}
	return "abstracted"
}

// Hash is a digest of the sources of all rules: two programs with the same have
// the same rules.
func Hash() string { return hash() }

var hash = sync.OnceValue(func() string {
	sum := sha256.New()
	err := fs.WalkDir(FS, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := FS.ReadFile(name)
		fmt.Fprintf(sum, "%s %d\n%s", name, len(text), text)
		return err
	})
	if err != nil { // the files are part of the program
		return ""
	}
	return hex.EncodeToString(sum.Sum(nil))
})
