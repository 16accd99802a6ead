package describe

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/rules"
	"github.com/demarc-dev/demarc/policies"
)

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

// MissingModules are the modules, and parts of templates, that are not at hand.
func (d *Describer) MissingModules() []finding.MissingModule {
	out := []finding.MissingModule{}
	seen := map[finding.MissingModule]bool{}
	for _, stack := range d.graph.Stacks {
		for _, gap := range stack.Gaps {
			m := finding.MissingModule{Address: graph.StripKeys(gap.Address), Source: gap.Source}
			if stack.Language == graph.Terraform && !strings.HasPrefix(gap.Source, ".") {
				m.Command = fetchCommand(d.file(stack.Root))
			}
			if gap.Range.Valid() {
				m.File, m.Line = d.file(gap.Range.File.Path), gap.Range.StartPosition().Line
			}
			if !seen[m] {
				seen[m] = true
				out = append(out, m)
			}
		}
	}
	return out
}

// Types says of each type that was met how far its resources were looked at.
// Environments, a plan with its source, and variants are one stack.
func (d *Describer) Types(asked map[string]bool) []finding.TypeCoverage {
	type instance struct{ root, address string }
	met := map[instance]string{}
	looked := map[instance]bool{}
	at := map[string]*finding.TypeCoverage{}
	for _, stack := range d.graph.Stacks {
		for _, r := range stack.Resources {
			if r.Data {
				continue
			}
			i := instance{stack.Root, r.Address}
			t := at[r.DeclaredType]
			if t == nil {
				t = &finding.TypeCoverage{Type: r.DeclaredType}
				t.Rules, t.Asked = rules.Judging(d.subjects(r), asked)
				t.Read = readByRules()[r.Type]
				if known := d.graph.Schema.Type(r.Type); known != nil {
					t.Service, t.ServiceModel = known.Service, policies.ModelOf(known.Service)
				}
				at[r.DeclaredType] = t
			}
			if _, known := met[i]; !known {
				met[i] = r.DeclaredType
				t.Resources++
			}
			if !looked[i] && (d.result.Judged[r] || r.Folded && t.Asked > 0) {
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
func (d *Describer) subjects(r *graph.Resource) []string {
	types := []string{r.Type}
	if r.Folded {
		types = d.graph.Schema.Parents(r.DeclaredType)
	}
	out := types
	for _, name := range types {
		if t := d.graph.Schema.Type(name); t != nil {
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
