package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/plan"
	"github.com/demarc-dev/demarc/linter/source"
	"github.com/demarc-dev/demarc/linter/terraform"
)

// Stdin is the path that stands for the standard input.
const Stdin = "-"

// maxPlan is the largest plan that is read where the user names it: plans
// repeat the configuration and the state, and outgrow source by far.
const maxPlan = 512 << 20

// namedPlans takes the plans out of paths and reads them. They may lie
// anywhere, as the user named them.
func (o Options) namedPlans(ctx context.Context, paths []string) (plans []*source.File, rest []string, err error) {
	for _, p := range paths {
		if p == Stdin {
			f, err := o.readStdin(ctx, plans)
			if err != nil {
				return nil, nil, err
			}
			plans = append(plans, f)
			continue
		}
		data, err := planData(p)
		if err != nil {
			return nil, nil, err
		}
		if data == nil {
			rest = append(rest, p)
			continue
		}
		absolute, err := filepath.Abs(p)
		if err != nil {
			return nil, nil, fmt.Errorf("resolve %s: %w", p, err)
		}
		if resolved, err := filepath.EvalSymlinks(absolute); err == nil {
			absolute = resolved
		}
		plans = append(plans, source.NewFile(absolute, data))
	}
	return plans, rest, nil
}

func (o Options) readStdin(ctx context.Context, before []*source.File) (*source.File, error) {
	switch {
	case o.Stdin == nil:
		return nil, errors.New("- stands for the standard input, which is not at hand here")
	case slices.ContainsFunc(before, func(f *source.File) bool { return f.Path == Stdin }):
		return nil, errors.New("the standard input (-) can be read only once")
	}
	var data []byte
	var err error
	if _, done := source.Until(ctx, func() bool {
		data, err = io.ReadAll(io.LimitReader(o.Stdin, maxPlan+1))
		return true
	}); !done {
		return nil, ErrInterrupted
	}
	data = plan.Text(data)
	switch foreign := plan.Foreign(data); {
	case err != nil:
		return nil, fmt.Errorf("read the standard input: %w", err)
	case len(data) > maxPlan:
		return nil, fmt.Errorf("the standard input is larger than %d MiB", maxPlan>>20)
	case foreign != "":
		return nil, fmt.Errorf("the standard input is %s", foreign)
	case !plan.Is(data):
		return nil, errors.New("the standard input is not what terraform show -json writes of a plan or a state")
	}
	return source.NewFile(Stdin, data), nil
}

// planData reads the file at a path if it is a plan or a state; nil if not.
func planData(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxPlan || terraform.IsSource(filepath.Base(name)) {
		return nil, nil // others say what is wrong with it
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, nil
	}
	data = plan.Text(data)
	if foreign := plan.Foreign(data); foreign != "" {
		return nil, fmt.Errorf("%s is %s", name, foreign)
	}
	if !plan.Is(data) {
		return nil, nil
	}
	return data, nil
}

// sourceDir is where the configuration of named plans is looked for.
func (o Options) sourceDir() string {
	if o.Source != "" {
		return o.Source
	}
	return "."
}

// placePlans names plans relative to the tree, which they may lie outside of.
func placePlans(tree *source.Tree, plans []*source.File) []*source.File {
	for _, f := range plans {
		if f.Path == Stdin {
			continue
		}
		if rel, err := filepath.Rel(tree.Dir(), f.Path); err == nil {
			f.Path = filepath.ToSlash(rel)
		}
	}
	return plans
}

// takePlans takes the plans out of what may be templates.
func (d *discovery) takePlans(ctx context.Context, tree source.FS) {
	d.templates = slices.DeleteFunc(d.templates, func(name string) bool {
		if !strings.HasSuffix(name, ".json") || ctx.Err() != nil {
			return false
		}
		f, err := tree.Read(name)
		if err != nil {
			return false
		}
		text := plan.Text(f.Data)
		if !plan.Is(text) {
			return false
		}
		if len(text) != len(f.Data) {
			f = source.NewFile(f.Path, text)
		}
		d.plans = append(d.plans, f)
		return true
	})
}

// planStacks makes a stack of each plan, with the places of the configuration
// that it was made of, if that is at hand. stacks are those of source.
func (s *Scan) planStacks(ctx context.Context, stacks []*graph.Stack) []*graph.Stack {
	var out []*graph.Stack
	for _, f := range s.found.plans {
		if ctx.Err() != nil {
			break
		}
		type reading struct {
			plan  *plan.Plan
			diags []graph.Diagnostic
		}
		read, _ := source.Until(ctx, func() (r reading) {
			r.plan, r.diags = plan.Read(f)
			return r
		})
		s.Diagnostics = append(s.Diagnostics, read.diags...)
		if read.plan == nil {
			continue
		}
		configuration := s.configurationOf(ctx, read.plan, f, stacks)
		if stack, done := source.Until(ctx, func() *graph.Stack { return read.plan.Stack(configuration) }); done {
			out = append(out, stack)
		}
	}
	return out
}

// configuration is what was loaded of a directory that plans may be made of.
type configuration struct {
	stacks []*graph.Stack
	diags  []graph.Diagnostic
}

// configurationOf finds the configuration that a plan was made of: where the
// user says, else in the working directory, else beside the plan.
func (s *Scan) configurationOf(ctx context.Context, p *plan.Plan, f *source.File, stacks []*graph.Stack) *graph.Stack {
	var candidates []string
	if name, err := s.Tree.Rel(s.options.sourceDir()); err == nil {
		candidates = append(candidates, name)
	} else if s.options.Source != "" {
		s.Diagnostics = append(s.Diagnostics, graph.Diagnostic{File: f.Path, Message: "its source cannot be read: " + err.Error()})
	}
	if beside := path.Dir(f.Path); s.options.Source == "" && f.Path != Stdin && filepath.IsLocal(beside) {
		candidates = append(candidates, beside)
	}
	for _, name := range candidates {
		for _, stack := range stacks {
			if stack.Root == name && p.Fits(stack) {
				return stack
			}
		}
		loaded, known := s.loaded[name]
		if !known {
			if s.loaded == nil {
				s.loaded = map[string]configuration{}
			}
			loaded.stacks, loaded.diags = terraform.Load(ctx, s.FS, []terraform.Dir{{Name: name, Named: true}}, s.terraformOptions())
			s.loaded[name] = loaded
		}
		for _, stack := range loaded.stacks {
			if p.Fits(stack) {
				s.Diagnostics = append(s.Diagnostics, loaded.diags...)
				return stack
			}
		}
	}
	if s.options.Source != "" {
		s.Diagnostics = append(s.Diagnostics, graph.Diagnostic{File: f.Path, Message: fmt.Sprintf("--source %s declares none of its resources", s.options.Source)})
	}
	return nil
}
