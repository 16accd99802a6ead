package linter

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/policy"
	"github.com/demarc-dev/demarc/linter/rules"
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
func (l *Linter) coverage(s *scan, result *policy.Result) finding.Coverage {
	shown := shownNames(s.tree)
	c := finding.Coverage{MissingModules: s.missingModules(shown), Types: s.types(result, l.wanted), Chosen: len(l.options.Rules) > 0, Errors: []finding.Error{}}
	for _, t := range c.Types {
		c.Resources += t.Resources
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
	c.Files = s.filesRead(failed, shown)
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

// filesRead counts the files of all roots, those that could not be parsed too.
func (s *scan) filesRead(failed map[string]bool, shown func(string) string) int {
	templates := map[string]bool{}
	for _, stack := range s.graph.Stacks {
		if stack.Language == graph.CloudFormation {
			templates[stack.Root] = true
		}
	}
	broken := 0
	for _, t := range s.found.templates {
		if failed[shown(t)] && !templates[t] {
			broken++
		}
	}
	return s.found.sources + len(templates) + broken + len(s.found.plans)
}

func (s *scan) missingModules(shown func(string) string) []finding.MissingModule {
	out := []finding.MissingModule{}
	seen := map[finding.MissingModule]bool{}
	for _, stack := range s.graph.Stacks {
		for _, gap := range stack.Gaps {
			m := finding.MissingModule{Address: graph.StripKeys(gap.Address), Source: gap.Source}
			if stack.Language == graph.Terraform && !strings.HasPrefix(gap.Source, ".") {
				m.Command = fetchCommand(shown(stack.Root))
			}
			if gap.Range.Valid() {
				m.File, m.Line = shown(gap.Range.File.Path), gap.Range.StartPosition().Line
			}
			if !seen[m] {
				seen[m] = true
				out = append(out, m)
			}
		}
	}
	return out
}

// types says of each type that was met how far its resources were looked at.
// Environments, a plan with its source, and variants are one stack.
func (s *scan) types(result *policy.Result, asked map[string]bool) []finding.TypeCoverage {
	type instance struct{ root, address string }
	met := map[instance]string{}
	looked := map[instance]bool{}
	at := map[string]*finding.TypeCoverage{}
	for _, stack := range s.graph.Stacks {
		for _, r := range stack.Resources {
			if r.Data {
				continue
			}
			i := instance{stack.Root, r.Address}
			t := at[r.DeclaredType]
			if t == nil {
				t = &finding.TypeCoverage{Type: r.DeclaredType}
				t.Rules, t.Asked = rules.Judging(subjects(r), asked)
				t.Read = readByRules()[r.Type]
				at[r.DeclaredType] = t
			}
			if _, known := met[i]; !known {
				met[i] = r.DeclaredType
				t.Resources++
			}
			if !looked[i] && (result.Judged[r] || r.Folded && t.Asked > 0) {
				looked[i] = true
				at[met[i]].Judged++
			}
		}
	}
	out := make([]finding.TypeCoverage, 0, len(at))
	for _, name := range slices.Sorted(maps.Keys(at)) {
		out = append(out, *at[name])
	}
	return out
}

// subjects are what rules name to judge a resource: its type, or those that it
// is a part of, and the kinds of policy documents that these hold.
func subjects(r *graph.Resource) []string {
	types := []string{r.Type}
	if r.Folded {
		types = schema().Parents(r.DeclaredType)
	}
	out := types
	for _, name := range types {
		if t := schema().Type(name); t != nil {
			for _, kind := range t.DocumentKinds() {
				out = append(out, "document:"+kind)
			}
		}
	}
	return out
}

// readByRules are the canonical types that some rule reads.
var readByRules = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for _, s := range policies.Services() {
		for _, t := range s.Types {
			out[t] = true
		}
	}
	return out
})
