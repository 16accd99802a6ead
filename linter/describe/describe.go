// Package describe turns what policies said of a graph into findings: one for
// all instances of a resource, all variants of a template and all environments
// of a root, with the way its value took, and without what must not be told.
// It knows no configuration: nothing here is suppressed or left out.
package describe

import (
	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/policy"
	"github.com/demarc-dev/demarc/linter/source"
)

// Describer describes the outcomes of one scan. What it works out once for
// many findings it keeps: it is for one goroutine.
type Describer struct {
	graph   *graph.Graph
	result  *policy.Result
	file    func(name string) string
	rules   map[*finding.Rule]*finding.Finding
	secrets map[*graph.Resource]*redactor
	digests map[wholeResource]string
}

// New describes what policies said of a graph. file gives the name that a file
// of the tree has relative to the working directory.
func New(g *graph.Graph, result *policy.Result, file func(name string) string) *Describer {
	return &Describer{
		graph: g, result: result, file: file,
		rules:   map[*finding.Rule]*finding.Finding{},
		secrets: map[*graph.Resource]*redactor{},
		digests: map[wholeResource]string{},
	}
}

// Location is where a range stands, as reports tell it.
func (d *Describer) Location(r source.Range) finding.Location {
	if !r.Valid() {
		return finding.Location{}
	}
	return finding.NewLocation(r, d.file(r.File.Path))
}

// Notices are findings about the source itself, which never fail.
func (d *Describer) Notices() []finding.Finding {
	rules := map[graph.AdviceKind]string{graph.Misspelt: finding.MisspeltProperty, graph.FailedValidation: finding.FailedValidation}
	seen := map[graph.Advice]bool{}
	var out []finding.Finding
	for _, s := range d.graph.Stacks {
		for _, advice := range s.Advice {
			if seen[advice] {
				continue
			}
			seen[advice] = true
			f := finding.Notice(rules[advice.Kind], advice.Message, d.Location(advice.At), advice.Tag)
			f.Scopes = []source.Range{advice.At}
			out = append(out, f)
		}
	}
	return out
}
