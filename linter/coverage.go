package linter

import (
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/policy"
	"github.com/demarc-dev/demarc/linter/source"
	"github.com/demarc-dev/demarc/policies"
)

// schema is the canonical schema, indexed once.
var schema = sync.OnceValue(policies.Schema)

// shownNames gives the files of a tree the names that they have relative to the
// working directory.
func shownNames(tree *source.Tree) func(name string) string {
	wd, err := os.Getwd()
	if err == nil {
		if resolved, err := filepath.EvalSymlinks(wd); err == nil {
			wd = resolved
		}
	}
	return func(name string) string {
		if name == Stdin || name == "" {
			return name
		}
		rel, err := filepath.Rel(wd, filepath.Join(tree.Dir(), filepath.FromSlash(name)))
		if err != nil {
			return name
		}
		return filepath.ToSlash(rel)
	}
}

// fetchCommand downloads the modules of a root, and nothing else.
func fetchCommand(root string) string {
	switch {
	case root == ".":
		return "terraform get"
	case strings.ContainsAny(root, " '\"\\$&;()<>|*?`!#~"):
		return "terraform -chdir='" + strings.ReplaceAll(root, "'", `'\''`) + "' get"
	}
	return "terraform -chdir=" + root + " get"
}

// coverage says how much of the input the report speaks of.
func (s *scan) coverage(result *policy.Result, shown func(string) string) finding.Coverage {
	type instance struct{ root, address string } // whatever stack it was met in
	c := finding.Coverage{MissingModules: []finding.MissingModule{}, Errors: []finding.Error{}}
	templates := map[string]bool{}
	missing := map[finding.MissingModule]bool{}
	counted := map[instance]bool{}
	for _, stack := range s.graph.Stacks {
		if stack.Language == graph.CloudFormation {
			templates[stack.Root] = true
		}
		if stack.When != "" {
			continue
		}
		for _, r := range stack.Resources {
			// Environments, and a plan with its source, are one stack.
			if at := (instance{stack.Root, r.Address}); !r.Data && !counted[at] {
				counted[at] = true
				c.Resources++
			}
		}
		for _, gap := range stack.Gaps {
			m := finding.MissingModule{Address: graph.StripKeys(gap.Address), Source: gap.Source}
			if stack.Language == graph.Terraform && !strings.HasPrefix(gap.Source, ".") {
				m.Command = fetchCommand(shown(stack.Root))
			}
			if gap.Range.Valid() {
				m.File, m.Line = shown(gap.Range.File.Path), gap.Range.StartPosition().Line
			}
			if !missing[m] {
				missing[m] = true
				c.MissingModules = append(c.MissingModules, m)
			}
		}
	}
	failed := map[string]bool{}
	seen := map[finding.Error]bool{}
	for _, d := range s.diags {
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
	broken := 0
	for _, t := range s.found.templates {
		if failed[shown(t)] && !templates[t] {
			broken++
		}
	}
	c.Files = s.found.sources + len(templates) + broken + len(s.found.plans)
	c.Parsed = max(0, c.Files-len(failed))
	if c.Files == 0 && len(c.Errors) == 0 && s.found.walked {
		c.Errors = append(c.Errors, finding.Error{Message: "nothing to scan: no Terraform or CloudFormation was found here"})
	}
	for _, t := range result.PerRule {
		c.Judged += t.Fail + t.Pass + t.Inconclusive
		c.Passed += t.Pass
		c.Inconclusive += t.Inconclusive
	}
	return c
}
