package linter

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"sort"
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

// assembly turns outcomes into findings of one report.
type assembly struct {
	tree *source.Tree
	// wd is the working directory, symbolic links resolved; "" if unknown.
	wd string
}

func newAssembly(tree *source.Tree) *assembly {
	a := &assembly{tree: tree}
	if wd, err := os.Getwd(); err == nil {
		if a.wd, err = filepath.EvalSymlinks(wd); err != nil {
			a.wd = wd
		}
	}
	return a
}

// file is a tree's name relative to the working directory.
func (a *assembly) file(name string) string {
	if name == Stdin || name == "" {
		return name
	}
	rel, err := filepath.Rel(a.wd, filepath.Join(a.tree.Dir(), filepath.FromSlash(name)))
	if err != nil {
		return name
	}
	return filepath.ToSlash(rel)
}

// key tells findings apart that are shown apart: one finding per fingerprint,
// status and location.
type key struct {
	fingerprint string
	status      finding.Status
	file        string
	start       int
	message     string
}

// draft is a finding with the variants of its stack in which it holds.
type draft struct {
	finding   finding.Finding
	instances map[string]bool
	sites     map[site]bool
	stacks    map[*graph.Stack]bool
	root      string
}

// site is an instance in one root: all its variants are one.
type site struct{ root, address string }

// findings turns outcomes into findings, one for all instances of a resource
// and for all variants of a stack.
func (a *assembly) findings(g *graph.Graph, result *policy.Result) []finding.Finding {
	variants := map[string][]*graph.Stack{}
	for _, s := range g.Stacks {
		variants[s.Root] = append(variants[s.Root], s)
	}
	drafts := map[key]*draft{}
	judged := judgedValues{}
	var order []key
	for i := range result.Outcomes {
		o := &result.Outcomes[i]
		if o.Inconclusive && o.Resource.Stack.When != "" {
			continue // the base variant says what is unknown
		}
		f := a.finding(o)
		judged.add(&f, o)
		k := key{f.Fingerprint, f.Status, f.Location.File, f.Location.Range.Start, f.Message}
		d := drafts[k]
		if d == nil {
			d = &draft{finding: f, instances: map[string]bool{}, sites: map[site]bool{}, stacks: map[*graph.Stack]bool{}, root: o.Resource.Stack.Root}
			drafts[k] = d
			order = append(order, k)
		}
		named := bearer(o)
		d.instances[named.Address] = true
		if at := (site{o.Resource.Stack.Root, named.Address}); !d.sites[at] {
			d.sites[at] = true
			if full := (finding.Home{Root: at.root, Address: named.Identity()}); !slices.Contains(d.finding.Homes, full) {
				d.finding.Homes = append(d.finding.Homes, full)
			}
			d.finding.Sites = append(d.finding.Sites, finding.Site{Address: at.address, Identity: named.Identity(), Scopes: f.Scopes, Related: f.Related})
		}
		d.stacks[o.Resource.Stack] = true
	}
	environments := environmentsOf(g.Stacks)
	merged := make([]*draft, 0, len(order))
	for _, k := range order {
		d := drafts[k]
		d.name(environments[d.root])
		merged = append(merged, d)
	}
	merged = mergeEnvironments(merged, environments)
	out := make([]finding.Finding, 0, len(merged))
	for _, d := range merged {
		for address := range d.instances {
			d.finding.Resource.Instances = append(d.finding.Resource.Instances, address)
		}
		sort.Strings(d.finding.Resource.Instances)
		if d.finding.Status == finding.Fail && d.finding.When == nil {
			d.finding.When = when(variants[d.root], d.stacks)
		}
		d.finding.Value = judged.of(&d.finding)
		out = append(out, d.finding)
	}
	return out
}

// advice turns remarks about the source into findings that never fail.
func (a *assembly) advice(g *graph.Graph) []finding.Finding {
	rules := map[graph.AdviceKind]string{graph.Misspelt: finding.MisspeltProperty, graph.FailedValidation: finding.FailedValidation}
	seen := map[graph.Advice]bool{}
	var out []finding.Finding
	for _, s := range g.Stacks {
		for _, advice := range s.Advice {
			if seen[advice] {
				continue
			}
			seen[advice] = true
			f := finding.Notice(rules[advice.Kind], advice.Message, a.location(advice.At), advice.Tag)
			f.Scopes = []source.Range{advice.At}
			out = append(out, f)
		}
	}
	return out
}

// when says under which condition a finding holds that does not hold in all
// variants of its stack.
func when(variants []*graph.Stack, holds map[*graph.Stack]bool) *string {
	var with, without []string
	base := false
	for _, s := range variants {
		switch {
		case s.When == "":
			base = base || holds[s]
		case holds[s]:
			with = append(with, s.When)
		default:
			without = append(without, s.When)
		}
	}
	var text string
	switch {
	case base && len(without) == 0:
		return nil
	case base:
		text = "unless " + either(without)
	default:
		text = either(with)
	}
	return &text
}

// either joins conditions, not more than people read.
func either(conditions []string) string {
	const most = 3
	if len(conditions) > most {
		conditions = append(conditions[:most:most], "another condition")
	}
	return strings.Join(conditions, " or ")
}

// bearer is the resource that an outcome is named by: its subject, or, for the
// stand-in of a parent outside the stack, the companion that wrote the value.
// Which companion comes first in the source must not matter.
func bearer(o *policy.Outcome) *graph.Resource {
	if o.Resource.External && o.Owner != nil {
		return o.Owner
	}
	return o.Resource
}

// finding describes one outcome.
func (a *assembly) finding(o *policy.Outcome) finding.Finding {
	r, rule := o.Resource, o.Rule
	owner, named := o.Owner, bearer(o)
	f := finding.Finding{
		Rule: rule.ID, Aliases: rule.Aliases.ByPeer(), Severity: rule.Severity, Status: finding.Fail,
		Message: redact(o.Message, r), Environments: []string{}, Controls: rule.Controls, Related: []finding.Related{}, Why: []finding.Why{},
		ServiceModel: rule.ServiceModel,
		Side:         rule.Side,
		Title:        rule.Title, Remedy: policies.ProseOf(rule.ID).Remedy, Secret: rule.Secret,
		Resource: finding.Resource{Address: named.Identity(), Type: r.Type, DeclaredType: named.DeclaredType},
	}
	if r.Name != "" {
		f.Resource.Name = &r.Name
	}
	if r.Origin != nil && r.Origin.Address == r.Address {
		f.Resource.DeclaredType = r.Origin.Type
	}
	if owner != nil && owner.Address != named.Address {
		f.Resource.Owner = owner.Identity()
	}
	if r.Maybe != nil {
		text := "it exists: " + r.Maybe.Text
		f.When = &text
	}
	if o.Inconclusive {
		f.Status, f.When = finding.Inconclusive, nil
		for _, w := range o.Why {
			f.Why = append(f.Why, finding.Why{Path: w.Path.String(), Reason: w.Text, Needs: w.Needs})
		}
	}
	shown := nearest(o.Range, r.Calls)
	f.Location = a.location(shown)
	if !shown.Valid() && r.Stack.Plan != "" {
		f.Location.File = a.file(r.Stack.Plan)
	}
	root, address := home(named, shown)
	f.Homes = []finding.Home{{Root: root, Address: address}}
	f.Tag = redact(o.Tag, r)
	f.Fingerprint = finding.Fingerprint(rule.ID, root, address, f.Tag)
	f.Related = a.related(&o.Spot)
	f.Scopes = scopes(&o.Spot)
	return f
}

// home is the root and the address that name a resource for good. A line of a
// module or a nested template is one line, however many roots call it: it is
// named from the module's own directory, or the template.
func home(r *graph.Resource, at source.Range) (root, address string) {
	if len(r.Calls) == 0 || !at.Valid() || at == r.Calls[0].Header {
		return r.Stack.Root, r.Identity()
	}
	if r.Stack.Language == graph.CloudFormation {
		return r.Header.File.Path, strings.TrimPrefix(r.Identity(), r.Calls[len(r.Calls)-1].Address+"/")
	}
	prefix := graph.StripKeys(r.Calls[len(r.Calls)-1].Address) + "."
	return path.Dir(at.File.Path), strings.TrimPrefix(r.Identity(), prefix)
}

// nearest is the innermost place that the repository owns: not inside a
// module that terraform init installed.
func nearest(at source.Range, calls []graph.Call) source.Range {
	for i := len(calls) - 1; i >= 0 && at.Valid() && installed(at.File.Path); i-- {
		at = calls[i].Header
	}
	return at
}

func installed(name string) bool {
	return strings.HasPrefix(name, ".terraform/") || strings.Contains(name, "/.terraform/")
}

func (a *assembly) location(r source.Range) finding.Location {
	if !r.Valid() {
		return finding.Location{}
	}
	return finding.NewLocation(r, a.file(r.File.Path))
}

// related is the way a value took to the attribute, and the module calls that
// lead to the resource.
func (a *assembly) related(s *graph.Spot) []finding.Related {
	r := s.Resource
	out := []finding.Related{}
	for _, step := range s.Via {
		out = append(out, finding.Related{Message: "the value comes from " + step.Message, Location: a.location(step.Range)})
	}
	if r.Origin != nil && r.Origin.Address != r.Address {
		out = append(out, finding.Related{Message: "SAM makes " + r.Address + " from " + r.Origin.Address + " (" + r.Origin.Type + ")", Location: a.location(r.Header)})
	}
	for i := len(r.Calls) - 1; i >= 0; i-- {
		out = append(out, finding.Related{Message: "called as " + graph.StripKeys(r.Calls[i].Address), Location: a.location(r.Calls[i].Header)})
	}
	return out
}

// scopes are the places whose comments suppress a finding, innermost first.
func scopes(s *graph.Spot) []source.Range {
	out := append([]source.Range{s.Range}, s.Scopes...)
	if s.Owner != nil {
		out = append(out, s.Owner.Block)
	}
	out = append(out, s.Resource.Block)
	for _, call := range slices.Backward(s.Resource.Calls) {
		out = append(out, call.Block)
	}
	return out
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

// instance is one resource instance, whatever stack it was met in.
type instance struct{ root, address string }

// coverage says how much of the input the report speaks of.
func (a *assembly) coverage(s *scan, result *policy.Result) finding.Coverage {
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
				m.Command = fetchCommand(a.file(stack.Root))
			}
			if gap.Range.Valid() {
				m.File, m.Line = a.file(gap.Range.File.Path), gap.Range.StartPosition().Line
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
		e := finding.Error{File: a.file(d.File), Message: d.Message}
		if d.Range.Valid() {
			e.File, e.Line = a.file(d.Range.File.Path), d.Range.StartPosition().Line
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
		if failed[a.file(t)] && !templates[t] {
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
