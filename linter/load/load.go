// Package load reads what lies at paths into one resource graph: it finds
// Terraform roots, templates and plans, gives each its inputs, and confines
// reading to the repository that holds them.
package load

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"

	"github.com/demarc-dev/demarc/linter/config"
	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// The stages of reading, as they are told of.
const (
	Discover       = "source"         // finds files
	Terraform      = "terraform"      // counts directories
	CloudFormation = "cloudformation" // counts templates
	Join           = "graph"          // joins what was read
)

// Options say how paths are read, and with which inputs.
type Options struct {
	// Variables and VarFiles are inputs of Terraform root modules, Workspace is
	// what terraform.workspace is.
	Variables map[string]string
	VarFiles  []string
	Workspace string
	// Source is the directory of the configuration that plans were made of, or "".
	Source string
	// Stdin is what the path "-" stands for.
	Stdin io.Reader
	// Parameters are inputs of CloudFormation templates.
	Parameters map[string]string
	// Config is the configuration that counts; nil for none.
	Config *config.Config
	// Root confines reading; "" means the repository that holds the paths.
	Root string
	// SkipUnrecognised leaves out named files that are none of ours.
	SkipUnrecognised bool
	// Jobs is how much is done at a time.
	Jobs int
	// Buffers stand in the place of the files at their paths.
	Buffers map[string][]byte
	// Files keeps what was read and parsed for the next scan.
	Files *source.Store
	// Schema is the canonical schema.
	Schema *graph.Schema
	// Begin tells that a stage begins, and returns what tells of each step done.
	Begin func(stage string, total int) (step func())
}

// Scan is what was read of some paths.
type Scan struct {
	Tree   *source.Tree // where names lie on disk
	FS     source.FS    // what is read: the tree, or what stands in its place
	Paths  []string     // as they were given, without plans
	Config *config.Config
	// Graph is what was read, joined.
	Graph *graph.Graph
	// Diagnostics are what could not be read.
	Diagnostics []graph.Diagnostic
	// Old tells that it is of a base revision, not of what is there now.
	Old bool

	options Options
	loaded  map[string]configuration
	plans   []*source.File
	found   discovery
}

// Close releases the tree.
func (s *Scan) Close() error { return s.Tree.Close() }

// Before is a scan of what lay at the same paths in a base revision, of which
// tree is what is read. Names in the tree are the same on both sides.
func (s *Scan) Before(tree source.FS) (*Scan, error) {
	old := &Scan{Tree: s.Tree, FS: s.options.Files.Over(tree), Config: s.Config, Old: true, options: s.options}
	old.options.Begin = nil
	for _, p := range s.Paths {
		name, err := s.Tree.Rel(p)
		if err != nil {
			return nil, err
		}
		if _, err := tree.Stat(name); err == nil {
			old.Paths = append(old.Paths, p)
		}
	}
	return old, nil
}

// Files are all source files of the scan, each once: those of the roots, and
// those of the modules that they call.
func (s *Scan) Files() []*source.File {
	seen := map[*source.File]bool{nil: true}
	var out []*source.File
	add := func(f *source.File) {
		if !seen[f] {
			seen[f] = true
			out = append(out, f)
		}
	}
	for _, stack := range s.Graph.Stacks {
		for _, f := range stack.Files {
			add(f)
		}
		for _, r := range stack.Resources {
			add(r.Block.File)
			for _, call := range r.Calls {
				add(call.Block.File)
			}
		}
	}
	return out
}

// Shown gives the files of the tree the names that they have relative to the
// working directory.
func (s *Scan) Shown() func(name string) string {
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
		rel, err := filepath.Rel(wd, filepath.Join(s.Tree.Dir(), filepath.FromSlash(name)))
		if err != nil {
			return name
		}
		return filepath.ToSlash(rel)
	}
}

// Exists reports whether there is a file of that name in the tree.
func (s *Scan) Exists(file string) bool {
	_, err := s.FS.Stat(file)
	return !errors.Is(err, fs.ErrNotExist)
}

// Plans is the number of plans and states that were read.
func (s *Scan) Plans() int { return len(s.found.plans) }

// Walked reports whether a directory was among the paths.
func (s *Scan) Walked() bool { return s.found.walked }

// FilesRead counts the files of all roots, with those that could not be
// parsed. failed reports whether something is wrong with a file.
func (s *Scan) FilesRead(failed func(name string) bool) int {
	templates := map[string]bool{}
	for _, stack := range s.Graph.Stacks {
		if stack.Language == graph.CloudFormation {
			templates[stack.Root] = true
		}
	}
	broken := 0
	for _, t := range s.found.templates {
		if failed(t) && !templates[t] {
			broken++
		}
	}
	return s.found.sources + len(templates) + broken + len(s.found.plans)
}

func (s *Scan) begin(stage string, total int) (step func()) {
	if s.options.Begin == nil {
		return func() {}
	}
	return s.options.Begin(stage, total)
}

// everySecond calls step every second time: for what is told of in halves.
func everySecond(step func()) func() {
	var calls atomic.Int64
	return func() {
		if calls.Add(1)%2 == 0 {
			step()
		}
	}
}
