package linter

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/demarc-dev/demarc/linter/rules"
	"github.com/demarc-dev/demarc/linter/source"
)

// maxExtends bounds how many files one builds on, one on the other.
const maxExtends = 10

// LoadConfig reads a configuration file and those that it extends. Unknown
// keys and bad values are errors that name the file and line.
func LoadConfig(name string) (*Config, error) {
	dir, err := filepath.Abs(filepath.Dir(name))
	if err != nil {
		return nil, fmt.Errorf("resolve %s: %w", name, err)
	}
	if resolved, err := filepath.EvalSymlinks(dir); err == nil {
		dir = resolved
	}
	top, _, err := source.Enclosing(dir)
	if err != nil {
		return nil, fmt.Errorf("find the repository of %s: %w", name, err)
	}
	l := configLoader{top: top}
	return l.load(filepath.Join(dir, filepath.Base(name)), dir)
}

// LoadFoundConfig reads a configuration file that FindConfig found. In a tree it
// is a regular file: a link could lead out of a stranger's repository.
func LoadFoundConfig(name string) (*Config, error) {
	if info, err := os.Lstat(name); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("read configuration: %s is not a regular file: name the one that is meant with --config", fromHere(name))
	}
	return LoadConfig(name)
}

// configLoader reads files that extend others.
type configLoader struct {
	top  string   // what is extended lies in this directory
	open []string // the files that are being read, each extending the next
}

// load reads a file whose patterns are relative to dir.
func (l *configLoader) load(name, dir string) (*Config, error) {
	data, err := readSmall(name)
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	c, err := parseConfig(fromHere(name), data)
	if err != nil {
		return nil, err
	}
	c.dir, c.file = dir, name
	l.open = append(l.open, name)
	defer func() { l.open = l.open[:len(l.open)-1] }()
	var errs []error
	for _, n := range c.nodesOf("extends") {
		base, err := l.extend(filepath.Dir(name), n.Value, dir)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s:%d: %w", c.Path, n.Line, err))
			continue
		}
		c.extended = append(c.extended, base)
	}
	c.inherit()
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return c, nil
}

// extend reads the file that one in the directory from names, whose patterns
// are relative to dir. Those of the extended file are relative to its own
// directory if that governs dir, else to dir: it was set aside for others.
func (l *configLoader) extend(from, name, dir string) (*Config, error) {
	file, err := filepath.Abs(filepath.Join(from, filepath.FromSlash(name)))
	if err != nil {
		return nil, err
	}
	resolved, err := filepath.EvalSymlinks(file)
	if err != nil {
		return nil, fmt.Errorf("extends %s: there is no such file", name)
	}
	if down, err := filepath.Rel(l.top, resolved); err != nil || !filepath.IsLocal(down) {
		return nil, fmt.Errorf("extends %s, which lies outside the repository", name)
	}
	if info, err := os.Stat(resolved); err != nil || !info.Mode().IsRegular() {
		return nil, fmt.Errorf("extends %s, which is no file", name)
	}
	if slices.ContainsFunc(l.open, func(open string) bool { return sameFile(open, resolved) }) {
		return nil, fmt.Errorf("extends %s, which extends this file", name)
	}
	if len(l.open) >= maxExtends {
		return nil, fmt.Errorf("extends %s: files may extend one another %d times", name, maxExtends)
	}
	if own := filepath.Dir(resolved); holds(own, dir) {
		dir = own
	}
	return l.load(resolved, dir)
}

func sameFile(a, b string) bool {
	first, err := os.Stat(a)
	if err != nil {
		return false
	}
	second, err := os.Stat(b)
	return err == nil && os.SameFile(first, second)
}

// holds reports whether a directory is, or holds, another. Both are absolute.
func holds(dir, other string) bool {
	down, err := filepath.Rel(dir, other)
	return err == nil && filepath.IsLocal(down)
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

// layers are the files that make up the configuration, the weakest first and
// this one last. A file that is extended twice counts where it is strongest.
func (c *Config) layers() []*Config {
	if c == nil {
		return nil
	}
	var out []*Config
	add := func(layer *Config) {
		out = slices.DeleteFunc(out, func(other *Config) bool { return other.Path == layer.Path && other.dir == layer.dir })
		out = append(out, layer)
	}
	for _, base := range c.extended {
		for _, layer := range base.layers() {
			add(layer)
		}
	}
	add(c)
	return out
}

// place returns a copy of all layers, each changed.
func (c *Config) place(change func(layer *Config) error) (*Config, error) {
	placed := *c
	if err := change(&placed); err != nil {
		return nil, err
	}
	placed.extended = nil
	for _, base := range c.extended {
		b, err := base.place(change)
		if err != nil {
			return nil, err
		}
		placed.extended = append(placed.extended, b)
	}
	return &placed, nil
}

// entry is one key of a file with its value.
type entry struct{ key, value *yaml.Node }

// nodesOf are the items of a list as they are written.
func (c *Config) nodesOf(key string) []*yaml.Node {
	for _, e := range c.entries {
		if e.key.Value == key {
			return e.value.Content
		}
	}
	return nil
}

// settings are the rules' options, by the rule's id in any case and name.
func (c *Config) settings() map[string]map[string]int {
	out := map[string]map[string]int{}
	for _, layer := range c.layers() {
		// The rule's own id wins over other tools'.
		given := names(layer.Options)
		slices.SortStableFunc(given, func(a, b string) int { return strings.Count(a, "/") - strings.Count(b, "/") })
		for _, name := range given {
			for _, r := range rules.Named(name) {
				if out[r.ID] == nil {
					out[r.ID] = map[string]int{}
				}
				maps.Copy(out[r.ID], layer.Options[name])
			}
		}
	}
	return out
}
