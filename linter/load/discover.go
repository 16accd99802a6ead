package load

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"sort"
	"sync"

	"github.com/demarc-dev/demarc/linter/cloudformation"
	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
	"github.com/demarc-dev/demarc/linter/terraform"
)

// discovery is what lies at the scanned paths.
type discovery struct {
	dirs      []terraform.Dir              // with Terraform source
	templates []string                     // that may be CloudFormation
	assigned  map[string]map[string]string // parameters of templates that a cloud assembly gives
	sources   int                          // number of Terraform files
	plans     []*source.File
	walked    bool            // whether a directory was among the paths
	named     map[string]bool // files that were named on their own
	expected  map[string]bool // files that a cloud assembly names as templates
	diags     []graph.Diagnostic
}

// Read discovers, parses and joins all that a scan is of.
func (s *Scan) Read(ctx context.Context) error {
	var err error
	s.found, err = s.discover(ctx, s.Paths, s.options.SkipUnrecognised, s.begin(Discover, 0))
	if err != nil {
		return err
	}
	s.found.plans = append(s.found.plans, s.plans...)
	s.found.takePlans(ctx, s.FS)
	o := s.terraformOptions()
	if o.Environments, err = s.environments(); err != nil {
		return err
	}
	o.Step = everySecond(s.begin(Terraform, len(s.found.dirs)))
	stacks, diags := terraform.Load(ctx, s.FS, s.found.dirs, o)
	s.Diagnostics = slices.Concat(s.found.diags, diags)
	planned := s.planStacks(ctx, stacks)
	templates, more := s.templates(ctx, s.FS, &s.found)
	s.Diagnostics = append(s.Diagnostics, more...)
	s.begin(Join, 0)
	s.Graph = graph.Build(ctx, s.options.Schema, slices.Concat(stacks, planned, templates))
	return nil
}

// terraformOptions are the inputs that the user gave for all roots.
func (s *Scan) terraformOptions() terraform.Options {
	return terraform.Options{
		Variables: s.options.Variables, VarFiles: s.options.VarFiles, Workspace: s.options.Workspace, Jobs: s.options.Jobs,
		Open: s.openNamed,
	}
}

// ErrInterrupted is the error of what is all or nothing.
var ErrInterrupted = errors.New("interrupted before all was read and judged")

// Interruption is the diagnostic of a scan that did not reach its end, if it
// did not: nothing about what was scanned is sure then.
func Interruption(ctx context.Context) []graph.Diagnostic {
	if ctx.Err() == nil {
		return nil
	}
	why := "interrupted"
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		why = "out of time"
	}
	return []graph.Diagnostic{{Message: "the scan was " + why + ": what it had not read and judged by then is missing here"}}
}

// discover lists the Terraform directories and the files that may be templates,
// and tells of each.
func (s *Scan) discover(ctx context.Context, paths []string, skip bool, tell func()) (discovery, error) {
	d := discovery{named: map[string]bool{}, expected: map[string]bool{}}
	tree := s.FS
	named := map[string]bool{}
	dirs := map[string]bool{}
	templates := map[string]bool{}
	add := func(name string) bool {
		switch {
		case terraform.IsSource(path.Base(name)):
			d.sources++
			dirs[path.Dir(name)] = true
		case cloudformation.IsCandidate(path.Base(name)):
			templates[name] = true
		default:
			return false
		}
		tell()
		return true
	}
	// Terraform reads a link as the file that it leads to; a template that a
	// link leads to is one stack, and was met where it lies.
	visit := func(name string, e fs.DirEntry) {
		if e.Type()&fs.ModeSymlink == 0 || terraform.IsSource(path.Base(name)) {
			add(name)
		}
	}
	failed := func(name string, err error) {
		d.diags = append(d.diags, graph.Diagnostic{File: name, Message: "cannot be read: " + err.Error()})
	}
	for _, p := range paths {
		name, err := s.Tree.Rel(p)
		if err != nil {
			return d, fmt.Errorf("%w: scan it on its own, or pass --root", err)
		}
		info, err := tree.Stat(name)
		if err != nil {
			return d, fmt.Errorf("%s: %w", p, err)
		}
		if info.IsDir() {
			named[name] = true
			d.walked = true
			source.Walk(ctx, tree, name, s.excluded, visit, failed)
		} else {
			// A file's directory is no root of its own accord: a hook names
			// the files of modules together with those that call them.
			d.named[name] = true
			if !add(name) && !skip {
				templates[name] = true // whatever it is called
				tell()
			}
		}
	}
	d.assemblies(tree, templates)
	for name := range dirs {
		d.dirs = append(d.dirs, terraform.Dir{Name: name, Named: named[name]})
	}
	sort.Slice(d.dirs, func(i, j int) bool { return d.dirs[i].Name < d.dirs[j].Name })
	for name := range templates {
		d.templates = append(d.templates, name)
	}
	sort.Strings(d.templates)
	return d, nil
}

// assemblies leaves out what lies in the AWS CDK's output and is no stack:
// assets, the manifest itself. What was named on its own stays.
func (d *discovery) assemblies(tree source.FS, templates map[string]bool) {
	d.assigned = map[string]map[string]string{}
	looked := map[string]*cloudformation.Assembly{}
	for name := range templates {
		dir := path.Dir(name)
		a, known := looked[dir]
		if !known {
			if read, ok := cloudformation.ReadAssembly(tree, dir); ok {
				a = &read
			}
			looked[dir] = a
		}
		if a == nil {
			continue
		}
		parameters, isStack := a.Stacks[name]
		d.assigned[name] = parameters
		if !isStack && !d.named[name] {
			delete(templates, name)
		}
	}
	for _, a := range looked {
		if a == nil {
			continue
		}
		for name, parameters := range a.Stacks {
			templates[name], d.expected[name], d.assigned[name] = true, true, parameters
		}
	}
}

// excluded tells whether the configuration leaves a file or directory out.
func (s *Scan) excluded(name string) bool {
	return s.Config.Excludes(name)
}

// parameters are the user's, and beside them those that a template is given.
func (s *Scan) parameters(given map[string]string) map[string]string {
	if len(given) == 0 {
		return s.options.Parameters
	}
	all := maps.Clone(given)
	maps.Copy(all, s.options.Parameters)
	return all
}

// templates evaluates the templates, several at a time. One that another
// reaches as a nested stack is judged there.
func (s *Scan) templates(ctx context.Context, tree source.FS, found *discovery) ([]*graph.Stack, []graph.Diagnostic) {
	type result struct {
		stacks []*graph.Stack
		diags  []graph.Diagnostic
	}
	names := found.templates
	results := make([]result, len(names))
	step := s.begin(CloudFormation, len(names))
	var wg sync.WaitGroup
	slots := make(chan struct{}, s.options.Jobs)
	for i, name := range names {
		wg.Add(1)
		slots <- struct{}{}
		go func() {
			defer func() { <-slots; step(); wg.Done() }()
			results[i], _ = source.Until(ctx, func() (r result) {
				r.stacks, r.diags = cloudformation.Load(ctx, tree, name, cloudformation.Options{
					Parameters: s.parameters(found.assigned[name]),
					Claim:      found.claim(name, s.options.SkipUnrecognised),
				})
				return r
			})
		}()
	}
	wg.Wait()
	var stacks []*graph.Stack
	var diags []graph.Diagnostic
	for _, r := range results {
		stacks, diags = append(stacks, r.stacks...), append(diags, r.diags...)
	}
	nested := map[string]bool{}
	for _, name := range cloudformation.Nested(stacks) {
		nested[name] = true
	}
	if len(diags) == 0 { // what cannot be read may declare anything
		diags = s.undeclared(stacks)
	}
	own := slices.DeleteFunc(stacks, func(s *graph.Stack) bool { return nested[s.Root] })
	return own, diags
}

// claim says who takes a file for a template.
func (d *discovery) claim(name string, skip bool) cloudformation.Claim {
	switch {
	case d.named[name] && !skip:
		return cloudformation.Named
	case d.expected[name]:
		return cloudformation.Referred
	}
	return cloudformation.Unclaimed
}

// undeclared tells of the parameters that the user gives and no template has.
func (s *Scan) undeclared(stacks []*graph.Stack) []graph.Diagnostic {
	var diags []graph.Diagnostic
	for _, name := range slices.Sorted(maps.Keys(s.options.Parameters)) {
		if !cloudformation.Declares(stacks, name) {
			diags = append(diags, graph.Diagnostic{Message: "parameter " + name + " is given, and no template declares it"})
		}
	}
	return diags
}
