package linter

import (
	"sync"

	"github.com/demarc-dev/demarc/linter/describe"
	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/policy"
	"github.com/demarc-dev/demarc/policies"
)

// schema is the canonical schema, indexed once.
var schema = sync.OnceValue(policies.Schema)

// coverage says how much of the input the report speaks of.
func (l *Linter) coverage(s *scan, result *policy.Result, described *describe.Describer) finding.Coverage {
	shown := s.Shown()
	c := finding.Coverage{MissingModules: described.MissingModules(), Types: described.Types(l.wanted), Chosen: len(l.options.Rules) > 0, Errors: []finding.Error{}}
	for _, t := range c.Types {
		c.Resources += t.Resources
	}
	failed := map[string]bool{}
	seen := map[finding.Error]bool{}
	for _, d := range s.Diagnostics {
		e := finding.Error{File: shown(d.File), Message: d.Message}
		if d.Range.Valid() {
			e.File, e.Line = shown(d.Range.File.Path), d.Range.StartPosition().Line
		}
		if e.File != "" {
			failed[e.File] = true
		}
		if !seen[e] {
			seen[e] = true
			c.Errors = append(c.Errors, e)
		}
	}
	for _, text := range result.Errors {
		c.Errors = append(c.Errors, finding.Error{Message: text})
	}
	c.Files = s.FilesRead(func(name string) bool { return failed[shown(name)] })
	c.Parsed = max(0, c.Files-len(failed))
	if c.Files == 0 && len(c.Errors) == 0 && s.Walked() {
		c.Errors = append(c.Errors, finding.Error{Message: "nothing to scan: no Terraform or CloudFormation was found here"})
	}
	for _, t := range result.PerRule {
		c.Judged += t.Fail + t.Pass + t.Inconclusive
		c.Passed += t.Pass
		c.Inconclusive += t.Inconclusive
	}
	return c
}
