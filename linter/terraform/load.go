// Package terraform reads Terraform and OpenTofu configurations, in native
// syntax and in JSON, evaluates them without provider or state, and gives the
// resources with every attribute known, unknown with a reason, or absent.
package terraform

import (
	"context"
	"maps"
	"path"
	"runtime"
	"sort"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// Options are the inputs of root modules.
type Options struct {
	// Variables are values by name as raw text, as Terraform's -var takes
	// them. A name that no root declares or uses is told.
	Variables map[string]string
	// VarFiles are names that Open takes. Later ones win; Variables win over all.
	VarFiles []string
	// Open reads a file of VarFiles; nil reads it from the tree.
	Open func(name string) (*source.File, error)
	// Workspace is what terraform.workspace is; "" means "default".
	Workspace string
	// Environments are further inputs of some roots. Such a root is evaluated
	// once for each of its environments, in their order.
	Environments []Environment
	// Jobs is how much is done at a time; 0 means one job a processor.
	Jobs int
	// Step, if not nil, is called twice for each directory: when it was read,
	// and when it was evaluated or turned out to be no root. Calls come from
	// several goroutines at a time.
	Step func()

	environment *Environment // whose files stand first in VarFiles; nil for none
}

// Environment is a named set of inputs of one root. Those of Options win over it.
type Environment struct {
	Name string
	// Root is the directory of the root module, as Dir names it.
	Root      string
	Variables map[string]string
	// VarFiles are names that Open takes; nil is that of Options.
	VarFiles  []string
	Open      func(name string) (*source.File, error)
	Workspace string
}

// with are the options as they are for one environment.
func (o Options) with(env Environment) Options {
	o.environment = &env
	o.VarFiles = append(env.VarFiles[:len(env.VarFiles):len(env.VarFiles)], o.VarFiles...)
	variables := maps.Clone(env.Variables)
	if variables == nil {
		variables = map[string]string{}
	}
	maps.Copy(variables, o.Variables)
	o.Variables = variables
	if o.Workspace == "" {
		o.Workspace = env.Workspace
	}
	return o
}

// run is one evaluation of one root.
type run struct {
	root        *module
	inputs      *inputs
	environment string
}

// runs are the evaluations of roots: one each, or one for each environment.
// plain are the inputs of those without environments.
func runs(l *library, roots []*module, o Options) (all []run, inputs []*inputs) {
	plain := newInputs(l, o)
	inputs = append(inputs, plain)
	for _, root := range roots {
		found := false
		for _, env := range o.Environments {
			if path.Clean(env.Root) == root.dir {
				in := newInputs(l, o.with(env))
				inputs = append(inputs, in)
				all = append(all, run{root, in, env.Name})
				found = true
			}
		}
		if !found {
			all = append(all, run{root: root, inputs: plain})
		}
	}
	return all, inputs
}

// Dir is a directory of the tree that holds Terraform source.
type Dir struct {
	// Name is a slash path relative to the tree, "." for its top.
	Name string
	// Named marks a directory that the user named: it is always a root.
	Named bool
}

// IsSource reports whether a file of this name is Terraform source.
func IsSource(name string) bool {
	if strings.HasPrefix(name, ".") {
		return false
	}
	for _, suffix := range []string{".tf", ".tf.json", ".tofu", ".tofu.json"} {
		if strings.HasSuffix(name, suffix) {
			return true
		}
	}
	return false
}

// Load evaluates the root modules among dirs. A directory is a root unless a
// module call in another of them leads to it. Diagnostics say what could not
// be analysed; what they do not concern is evaluated all the same. When the
// context ends, what was not reached by then is missing, without a word.
func Load(ctx context.Context, tree source.FS, dirs []Dir, o Options) ([]*graph.Stack, []graph.Diagnostic) {
	if o.Jobs <= 0 {
		o.Jobs = runtime.GOMAXPROCS(0)
	}
	step := o.Step
	if step == nil {
		step = func() {}
	}
	l := &library{ctx: ctx, tree: tree, slots: make(chan struct{}, o.Jobs), entries: map[string]*entry{}}
	modules := make([]*module, len(dirs))
	l.each(len(dirs), func(i int) {
		modules[i] = l.module(path.Clean(dirs[i].Name))
		step()
	})

	roots := rootsOf(l, dirs, modules, o)
	runs, inputs := runs(l, roots, o)
	stacks := make([]*graph.Stack, len(runs))
	diags := make([][]graph.Diagnostic, len(runs))
	left := map[*module]*atomic.Int64{} // runs of a root
	for _, r := range runs {
		if left[r.root] == nil {
			left[r.root] = &atomic.Int64{}
		}
		left[r.root].Add(1)
	}
	for range len(dirs) - len(roots) {
		step()
	}
	l.run(o.Jobs, len(runs), func(i int) {
		stacks[i], diags[i] = evaluateRoot(l, runs[i].root, runs[i].inputs)
		stacks[i].Environment = runs[i].environment
		if left[runs[i].root].Add(-1) == 0 {
			step()
		}
	})

	all := append(l.diagnostics(), undeclared(roots, inputs)...)
	for _, in := range inputs {
		all = append(all, in.diags...)
	}
	for _, d := range diags {
		all = append(all, d...)
	}
	return stacks, unique(all)
}

// rootsOf leaves out the modules that others call.
func rootsOf(l *library, dirs []Dir, modules []*module, o Options) []*module {
	called := map[string]bool{}
	for _, m := range modules {
		for _, text := range sourcesOf(l, m, o) {
			if dir, ok := localDir(m.dir, text); ok && dir != m.dir {
				called[dir] = true
			}
		}
	}
	var roots, all []*module
	for i, m := range modules {
		if len(m.files) == 0 {
			continue
		}
		all = append(all, m)
		if dirs[i].Named || !called[m.dir] {
			roots = append(roots, m)
		}
	}
	if len(roots) == 0 {
		return all // modules that call each other: evaluation says so
	}
	return roots
}

// sourcesOf are the sources of a module's calls. One that is no literal, as newer
// versions allow, is what it is with the module's defaults and the given values.
func sourcesOf(l *library, m *module, o Options) []string {
	var out []string
	var in *instance
	for _, c := range m.calls {
		text := c.sourceText
		if text == "" && c.source != nil {
			if in == nil {
				e := newEvaluation(l, m, newInputs(l, o))
				e.prepare()
				in = newInstance(e, m)
			}
			text = in.source(c)
		}
		out = append(out, text)
	}
	return out
}

// localDir is the directory that a local module source names.
func localDir(from, text string) (string, bool) {
	if !strings.HasPrefix(text, "./") && !strings.HasPrefix(text, "../") && text != "." && text != ".." {
		return "", false
	}
	return path.Join(from, text), true
}

// unique drops repeated diagnostics and sorts them by place.
func unique(diags []graph.Diagnostic) []graph.Diagnostic {
	seen := make(map[graph.Diagnostic]bool, len(diags))
	var out []graph.Diagnostic
	for _, d := range diags {
		if !seen[d] {
			seen[d] = true
			out = append(out, d)
		}
	}
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i], out[j]
		if a.File != b.File {
			return a.File < b.File
		}
		return a.Range.Start < b.Range.Start
	})
	return out
}

// library parses each module directory once.
type library struct {
	ctx   context.Context
	tree  source.FS
	slots chan struct{} // bounds the files parsed at a time

	mu        sync.Mutex
	entries   map[string]*entry
	templates sync.Map // parsed template files by path
	decoded   sync.Map // values by the JSON that they were decoded of

	decodedBytes atomic.Int64
}

type entry struct {
	once   sync.Once
	module *module
}

// module returns the module of a directory; one without files where there is
// no such directory.
func (l *library) module(dir string) *module {
	l.mu.Lock()
	e := l.entries[dir]
	if e == nil {
		e = &entry{}
		l.entries[dir] = e
	}
	l.mu.Unlock()
	e.once.Do(func() { e.module = l.read(dir) })
	return e.module
}

// each runs work for 0 to n-1 at a time; work bounds itself.
func (l *library) each(n int, work func(int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			work(i)
		}()
	}
	wg.Wait()
}

// run runs work for 0 to n-1, not more than jobs at a time.
func (l *library) run(jobs, n int, work func(int)) {
	slots := make(chan struct{}, jobs)
	l.each(n, func(i int) {
		slots <- struct{}{}
		defer func() { <-slots }()
		work(i)
	})
}

func (l *library) read(dir string) *module {
	names, err := l.sources(dir)
	if err != nil {
		return &module{dir: dir, diags: []graph.Diagnostic{{File: dir, Message: "cannot be read: " + err.Error()}}}
	}
	files := make([]*source.File, len(names))
	bodies := make([]body, len(names))
	diags := make([][]graph.Diagnostic, len(names))
	l.each(len(names), func(i int) {
		l.slots <- struct{}{}
		defer func() { <-l.slots }()
		if l.ctx.Err() != nil {
			return
		}
		f, err := l.tree.Read(names[i])
		if err != nil {
			diags[i] = []graph.Diagnostic{{File: names[i], Message: "cannot be read: " + err.Error()}}
			return
		}
		if p, done := source.Until(l.ctx, func() parsed { return parseFile(f) }); done {
			files[i], bodies[i], diags[i] = f, p.body, p.diags
		}
	})
	var readable []*source.File
	var contents []body
	var problems []graph.Diagnostic
	for i, f := range files {
		problems = append(problems, diags[i]...)
		if f != nil {
			readable, contents = append(readable, f), append(contents, bodies[i])
		}
	}
	m := interpret(dir, readable, contents)
	m.diags = append(problems, m.diags...)
	return m
}

// sources lists the files of a module: main first, and of x.tf and x.tofu
// only the latter.
func (l *library) sources(dir string) ([]string, error) {
	entries, err := l.tree.List(dir)
	if err != nil {
		return nil, err
	}
	present := map[string]bool{}
	for _, e := range entries {
		if !e.IsDir() && IsSource(e.Name()) {
			present[e.Name()] = true
		}
	}
	var names []string
	for name := range present {
		replacement := ""
		if stem, ok := strings.CutSuffix(name, ".tf"); ok {
			replacement = stem + ".tofu"
		} else if stem, ok := strings.CutSuffix(name, ".tf.json"); ok {
			replacement = stem + ".tofu.json"
		}
		if !present[replacement] {
			names = append(names, name)
		}
	}
	sort.Slice(names, func(i, j int) bool {
		if a, b := isMain(names[i]), isMain(names[j]); a != b {
			return a
		}
		return names[i] < names[j]
	})
	for i, name := range names {
		names[i] = path.Join(dir, name)
	}
	return names, nil
}

// parsed is what parsing a file gave.
type parsed struct {
	body  body
	diags []graph.Diagnostic
}

// parsedKey and valuesKey are what files are parsed as: source, and values in JSON.
type parsedKey struct{}
type valuesKey struct{}

func parseFile(f *source.File) parsed {
	return source.Memo(f, parsedKey{}, func() (p parsed) {
		p.body, p.diags = parse(f)
		return p
	})
}

func parseValues(f *source.File) parsed {
	if !strings.HasSuffix(f.Path, ".json") {
		return parseFile(f)
	}
	return source.Memo(f, valuesKey{}, func() (p parsed) {
		p.body, p.diags = parseValuesJSON(f)
		return p
	})
}

func isMain(name string) bool {
	stem, _, _ := strings.Cut(name, ".")
	return stem == "main"
}

// diagnostics are those of all modules that were read.
func (l *library) diagnostics() []graph.Diagnostic {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []graph.Diagnostic
	for _, e := range l.entries {
		out = append(out, e.module.diags...)
	}
	return out
}
