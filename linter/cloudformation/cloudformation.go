// Package cloudformation reads CloudFormation and SAM templates, YAML and
// JSON, and evaluates them into the resources of the graph. Every value keeps
// the bytes it was written in; what only a deployment can tell is unknown,
// with the reason and with a link to the resource it will come from.
package cloudformation

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"sort"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// Options are the inputs of templates.
type Options struct {
	// Parameters are values by parameter name, as the command line and
	// parameter files give them. A template ignores names it doesn't declare.
	Parameters map[string]string
	// Claim says who takes the file for a template.
	Claim Claim
}

// Claim says who takes a file for a template, and so what is told of it if it
// is none.
type Claim uint8

const (
	// Unclaimed is a file that lies there: nothing is told of it unless it is
	// meant to be a template and does not parse.
	Unclaimed Claim = iota
	// Referred is one that a manifest or a template names: it is told if it
	// cannot be read.
	Referred
	// Named is one that the user names: it is told if it is no template.
	Named
)

// Load evaluates one template of the tree. It returns one stack per world
// (see worlds.go), the base world first, each with the template and then its
// nested templates as Files. A file that is no template gives nothing at all;
// one that is meant to be a template and cannot be read gives a diagnostic.
// When the context ends, what was not evaluated by then is missing.
func Load(ctx context.Context, tree source.FS, name string, o Options) (stacks []*graph.Stack, diagnostics []graph.Diagnostic) {
	f, err := tree.Read(name)
	if err != nil {
		// Much that is no template is large data.
		if errors.Is(err, source.ErrTooLarge) && o.Claim == Unclaimed && !claims(source.Head(err)) {
			return nil, nil
		}
		return nil, []graph.Diagnostic{{File: name, Message: "cannot be read: " + err.Error()}}
	}
	return load(ctx, tree, f, o)
}

func load(ctx context.Context, tree source.FS, f *source.File, o Options) (stacks []*graph.Stack, diagnostics []graph.Diagnostic) {
	l := newLoader(ctx, tree)
	doing := "reading the template"
	defer func() {
		if p := recover(); p != nil {
			stacks = nil
			l.report(source.Range{File: f}, graph.Failure(doing, p))
		}
		diagnostics = l.diagnostics
	}()
	t, err := l.read(f, o.Claim)
	if err != nil {
		l.reportError(f, err)
		return nil, nil
	}
	if t == nil {
		return nil, nil
	}
	l.reportDuplicates(t)
	doing = "evaluating the template"
	return l.stacks(t, o), nil
}

// maxWork bounds what one template, with all its worlds and nested templates,
// may cost: values computed, and 64 bytes of text each.
const maxWork = 2_000_000

// loader is what the evaluators of one Load share.
type loader struct {
	ctx         context.Context
	tree        source.FS
	left        int // of maxWork
	spent       int // calls of spend
	templates   map[string]*template
	entries     map[string]bool // of Parameter Store, by name
	diagnostics []graph.Diagnostic
	reported    map[graph.Diagnostic]bool
	template    *template
	looks       int     // at formulas of conditions
	guards      *guards // of the resource being evaluated, or nil
}

func newLoader(ctx context.Context, tree source.FS) *loader {
	return &loader{ctx: ctx, tree: tree, left: maxWork, templates: map[string]*template{}, entries: map[string]bool{}}
}

// read parses a file. It returns nil when the file is no template, and an
// error when that is to be told.
func (l *loader) read(f *source.File, claim Claim) (*template, error) {
	if text, ok := inUTF16(f.Data); ok && (claim != Unclaimed || claims(text)) {
		return nil, &syntaxError{"this is UTF-16, which CloudFormation does not read: save it as UTF-8", source.Range{}}
	}
	switch {
	case claim != Unclaimed && len(bytes.TrimSpace(f.Data)) == 0:
		return nil, &syntaxError{"the file is empty", source.Range{}}
	case claim == Unclaimed && !mayBeTemplate(f.Data):
		return nil, nil
	}
	root, duplicates, err := parseOnce(f)
	if err != nil {
		switch {
		case claims(f.Data) || claim == Referred || claim == Named && IsCandidate(f.Path):
			return nil, err
		case claim == Named:
			return nil, errNotRecognised
		}
		return nil, nil
	}
	included := l.includes(root)
	t := newTemplate(f, root)
	if t == nil {
		if root.get("AWSTemplateFormatVersion") == nil {
			if claim == Named {
				return nil, errNotRecognised
			}
			return nil, nil
		}
		if p := root.pair("Resources"); p != nil {
			return nil, &syntaxError{"the Resources section holds no resources: add one, or remove AWSTemplateFormatVersion", root.nameAt(p)}
		}
		return nil, &syntaxError{"the template has no Resources section: add one, or remove AWSTemplateFormatVersion", root.nameAt(root.pair("AWSTemplateFormatVersion"))}
	}
	t.duplicates = slices.Concat(duplicates, included.duplicates)
	t.included = included.files
	return t, nil
}

// errNotRecognised is said of a file that was named and is something else.
var errNotRecognised = &syntaxError{"is neither Terraform, nor a CloudFormation template, nor a plan: nothing in it was judged", source.Range{}}

// nested reads a template that another one names; nil when it is none.
func (l *loader) nested(name string) (*template, error) {
	if t, ok := l.templates[name]; ok {
		return t, nil
	}
	l.templates[name] = nil
	f, err := l.tree.Read(name)
	if err != nil {
		return nil, err
	}
	t, err := l.read(f, Referred)
	if err != nil {
		l.reportError(f, err)
		return nil, err
	}
	if t != nil {
		l.reportDuplicates(t)
	}
	l.templates[name] = t
	return t, nil
}

// spend takes n units of work, or reports false when there is none left.
func (l *loader) spend(n int) bool {
	const between = 256 // looks at the context
	if l.spent++; l.spent%between == 0 && l.ctx.Err() != nil {
		l.left = -1
	}
	if l.left < n {
		if l.left >= 0 {
			l.left = -1
			l.report(source.Range{File: l.template.file}, "the template is too large: what remains of it is not judged; split it into smaller ones")
		}
		return false
	}
	l.left -= n
	return true
}

// report adds a diagnostic, once.
func (l *loader) report(at source.Range, message string) {
	d := graph.Diagnostic{Range: at, Message: message}
	if at.File != nil {
		d.File = at.File.Path
	}
	if l.reported[d] {
		return
	}
	if l.reported == nil {
		l.reported = map[graph.Diagnostic]bool{}
	}
	l.reported[d] = true
	l.diagnostics = append(l.diagnostics, d)
}

func (l *loader) reportError(f *source.File, err error) {
	var e *syntaxError
	if errors.As(err, &e) && e.at.Valid() {
		l.report(e.at, e.message)
		return
	}
	l.report(source.Range{File: f}, err.Error())
}

func (l *loader) reportDuplicates(t *template) {
	sort.SliceStable(t.duplicates, func(i, j int) bool { return t.duplicates[i].at.Start < t.duplicates[j].at.Start })
	for _, d := range t.duplicates {
		l.report(d.at, d.message)
	}
}
