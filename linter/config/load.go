package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/demarc-dev/demarc/linter/source"
)

// Bounds of what files may build on.
const (
	maxDepth = 10  // files, each extending the next
	maxFiles = 100 // all together
)

// Load reads a configuration file that the user named, and those that it
// extends. Unknown keys and bad values are errors that name the file and line.
func Load(name string) (*Config, error) {
	data, err := source.ReadNamed(name, maxSize)
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	return load(name, "", data, true)
}

// LoadFound reads a configuration file that Find found, and those that it
// extends, as the tree is read in which it lies: nothing outside root, which ""
// makes the repository that holds the file. A link could lead out of a
// stranger's repository, so the file itself is none.
func LoadFound(name, root string) (*Config, error) {
	if info, err := os.Lstat(name); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("read configuration: %s is not a regular file: name the one that is meant with --config", source.FromHere(name))
	}
	return load(name, root, nil, false)
}

// load reads a file with those that it extends. data is its content if that
// was read.
func load(name, root string, data []byte, byUser bool) (*Config, error) {
	dir, err := filepath.Abs(filepath.Dir(name))
	if err != nil {
		return nil, fmt.Errorf("resolve %s: %w", name, err)
	}
	if resolved, err := filepath.EvalSymlinks(dir); err == nil {
		dir = resolved
	}
	if root == "" {
		if root, _, err = source.Enclosing(dir); err != nil {
			return nil, fmt.Errorf("find the repository of %s: %w", name, err)
		}
	}
	tree, err := source.Open(root)
	if err != nil {
		return nil, err
	}
	defer tree.Close()
	l := &loader{tree: tree, byUser: byUser, loaded: map[target]*Config{}}
	file := target{filepath.Join(dir, filepath.Base(name)), dir}
	if data == nil {
		if data, err = l.read(file.name); err != nil {
			return nil, fmt.Errorf("read configuration: %s: %w", source.FromHere(file.name), err)
		}
	}
	return l.load(file, data)
}

// loader reads files that extend others, each once.
type loader struct {
	tree   *source.Tree // what is extended lies in it
	byUser bool
	open   []string // the files that are being read, each extending the next
	loaded map[target]*Config
}

// target is a file, by its absolute name with symbolic links resolved, whose
// patterns are relative to dir.
type target struct{ name, dir string }

// read reads a file of the tree.
func (l *loader) read(name string) ([]byte, error) {
	rel, err := l.tree.Rel(name)
	if err != nil {
		return nil, errors.New("it lies outside the repository")
	}
	info, err := l.tree.Stat(rel)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errors.New("there is no such file")
	case err == nil && info.Size() > maxSize:
		return nil, fmt.Errorf("it is larger than %d MiB", maxSize>>20)
	}
	f, err := l.tree.Read(rel)
	if err != nil {
		return nil, err
	}
	return f.Data, nil
}

// load reads a file of that content. One that failed is there without one, so
// that it is told once.
func (l *loader) load(file target, data []byte) (*Config, error) {
	l.loaded[file] = nil
	c, err := parse(source.FromHere(file.name), data)
	if err != nil {
		return nil, err
	}
	c.dir, c.file, c.byUser = file.dir, file.name, l.byUser
	l.open = append(l.open, file.name)
	defer func() { l.open = l.open[:len(l.open)-1] }()
	var errs []error
	var bases []*Config
	tried := map[string]bool{}
	for _, n := range c.itemsOf("extends") {
		base, err := l.extend(file, n.Value)
		if err != nil && !tried[n.Value] {
			errs = append(errs, fmt.Errorf("%s:%d: %w", c.Path, n.Line, err))
		}
		tried[n.Value] = true
		if base != nil {
			bases = append(bases, base)
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	c.extended = weakestFirst(bases)
	c.inherit()
	l.loaded[file] = c
	return c, nil
}

// weakestFirst are bases, of which a later one is stronger, with all that they
// build on, each where it is strongest.
func weakestFirst(bases []*Config) []*Config {
	var out []*Config
	seen := map[*Config]bool{}
	for _, base := range slices.Backward(bases) {
		if seen[base] {
			continue
		}
		for _, layer := range slices.Backward(base.Layers()) {
			if !seen[layer] {
				seen[layer] = true
				out = append(out, layer)
			}
		}
	}
	slices.Reverse(out)
	return out
}

// extend reads the file that another names. Its patterns are relative to its
// own directory if that governs those of the other, else to the same as them:
// it was set aside for others. It returns nothing of a file that failed before.
func (l *loader) extend(from target, name string) (*Config, error) {
	file := target{filepath.Join(filepath.Dir(from.name), filepath.FromSlash(name)), from.dir}
	resolved, err := filepath.EvalSymlinks(file.name)
	switch {
	case !source.Holds(l.tree.Dir(), file.name), err == nil && !source.Holds(l.tree.Dir(), resolved):
		return nil, fmt.Errorf("extends %s, which lies outside the repository", name)
	case err != nil:
		return nil, fmt.Errorf("extends %s: there is no such file", name)
	}
	file.name = resolved
	if own := filepath.Dir(resolved); source.Holds(own, file.dir) {
		file.dir = own
	}
	if slices.Contains(l.open, resolved) {
		return nil, fmt.Errorf("extends %s, which extends this file", name)
	}
	if c, known := l.loaded[file]; known {
		return c, nil
	}
	switch {
	case len(l.open) >= maxDepth:
		return nil, fmt.Errorf("extends %s: files may extend one another %d times", name, maxDepth)
	case len(l.loaded) >= maxFiles:
		return nil, fmt.Errorf("extends %s: a configuration may build on %d files", name, maxFiles)
	}
	data, err := l.read(resolved)
	if err != nil {
		return nil, fmt.Errorf("extends %s: %w", name, err)
	}
	return l.load(file, data)
}

// inherit takes over the single values that only an extended file gives.
func (c *Config) inherit() {
	for _, base := range slices.Backward(c.extended) {
		if c.FailOn == "" {
			c.FailOn = base.FailOn
		}
		if c.Profile == "" {
			c.Profile = base.Profile
		}
		if c.Require == nil {
			c.Require = base.Require
		}
		if c.RecheckValues == nil {
			c.RecheckValues = base.RecheckValues
		}
	}
}
