package config

import (
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/rules"
	"github.com/demarc-dev/demarc/linter/source"
)

// Within returns the configuration for a scan that is confined to root, an
// absolute directory, wherever its files lie to it. None is one that says nothing.
func (c *Config) Within(root string) *Config {
	if c == nil {
		c = &Config{}
	}
	placed := c.confined(root)
	placed.extended = make([]*Config, len(c.extended))
	for i, layer := range c.extended {
		placed.extended[i] = layer.confined(root)
	}
	return placed
}

// confined is a copy of one file, placed to the root.
func (c *Config) confined(root string) *Config {
	placed := *c
	placed.byID = make(map[string]finding.Severity, len(c.Severity))
	for id, severity := range c.Severity {
		placed.byID[finding.NormalID(id)] = severity
	}
	if c.dir == "" {
		return &placed
	}
	placed.root = root
	if down, err := filepath.Rel(root, c.dir); err == nil && filepath.IsLocal(down) {
		placed.below = filepath.ToSlash(down)
	} else if up, err := filepath.Rel(c.dir, root); err == nil && filepath.IsLocal(up) {
		placed.above = filepath.ToSlash(up)
	}
	// What is said of the file has an identity that no machine's path is in.
	if name, err := filepath.Rel(root, c.file); err == nil {
		placed.source = source.NewFile(filepath.ToSlash(name), c.source.Data)
	}
	return &placed
}

// Required is what a suppression must give to count; nothing without a
// configuration.
func (c *Config) Required() []string {
	if c == nil {
		return nil
	}
	return c.Require
}

// Dir is the absolute directory that the file's patterns are relative to.
func (c *Config) Dir() string { return c.dir }

// Surrounds reports whether the file governs more than what is scanned.
func (c *Config) Surrounds() bool { return c.above != "" }

// FileName is the name of a file that the configuration names: an absolute path
// if the configuration is the user's own, from outside what is scanned; else a
// name in the tree, which may lead out of it.
func (c *Config) FileName(name string) (full string, inTree bool) {
	full = filepath.Join(c.dir, filepath.FromSlash(name))
	if c.byUser && c.below == "" {
		return full, false
	}
	rel, err := filepath.Rel(c.root, full)
	if err != nil { // another volume: no tree has it
		rel = ".."
	}
	return filepath.ToSlash(rel), true
}

// local is a tree's name relative to the directory of the configuration file;
// false for a file that it does not govern.
func (c *Config) local(name string) (string, bool) {
	switch {
	case c.below != "" && c.below != ".":
		return strings.CutPrefix(name, c.below+"/")
	case c.above != "":
		return path.Join(c.above, name), true
	}
	return name, true
}

// Means reports whether a pattern of files in the configuration matches a
// file, or a directory above it, that is named in the tree.
func (c *Config) Means(pattern, name string) bool {
	local, ok := c.local(name)
	return ok && matchPath(pattern, local)
}

// Excludes reports whether a file or directory, named in the tree, is left out
// of a scan.
func (c *Config) Excludes(name string) bool {
	for _, layer := range c.Layers() {
		if local, ok := layer.local(name); ok && slices.ContainsFunc(layer.Exclude, func(p string) bool { return matchPath(p, local) }) {
			return true
		}
	}
	return false
}

// matchPath reports whether a pattern matches a path or a directory above it.
// A pattern without a slash matches at any depth, as in .gitignore.
func matchPath(pattern, name string) bool {
	pattern = strings.TrimSuffix(strings.TrimPrefix(pattern, "./"), "/")
	if !strings.Contains(pattern, "/") {
		pattern = "**/" + pattern
	}
	pattern = strings.TrimPrefix(pattern, "/")
	for at := name; at != "." && at != "/" && at != ""; at = path.Dir(at) {
		if doublestar.MatchUnvalidated(pattern, at) {
			return true
		}
	}
	return false
}

// GovernsOnly reports whether all that the file governs lies at the paths.
func (c *Config) GovernsOnly(paths []string) bool {
	if c.dir == "" {
		return false
	}
	for _, p := range paths {
		absolute, err := filepath.Abs(p)
		if err != nil {
			continue
		}
		if resolved, err := filepath.EvalSymlinks(absolute); err == nil {
			absolute = resolved
		}
		if source.Holds(absolute, c.dir) {
			return true
		}
	}
	return false
}

// SeverityOf is the severity that the file gives to the first of a rule's ids
// that it names, or "".
func (c *Config) SeverityOf(ids []string) finding.Severity {
	for _, id := range ids {
		if severity := c.byID[finding.NormalID(id)]; severity != "" {
			return severity
		}
	}
	return ""
}

// OptionsByID are the options of rules by the rule's own id and name, of all
// layers together. What is said under the rule's own id wins over what is said
// under a peer's.
func (c *Config) OptionsByID() map[string]map[string]int {
	out := map[string]map[string]int{}
	for _, layer := range c.Layers() {
		for _, own := range []bool{false, true} {
			for _, name := range names(layer.Options) {
				for _, r := range rules.Named(name) {
					if finding.SameID(r.ID, name) == own {
						out[r.ID] = merged(out[r.ID], layer.Options[name])
					}
				}
			}
		}
	}
	return out
}

func merged(weak, strong map[string]int) map[string]int {
	if weak == nil {
		weak = map[string]int{}
	}
	for name, value := range strong {
		weak[name] = value
	}
	return weak
}

// Location is a line of the configuration file.
func (c *Config) Location(line int) finding.Location {
	if c.source == nil || line == 0 {
		return finding.Location{File: c.Path}
	}
	start := c.source.Offset(source.Position{Line: line, Column: 1})
	text := c.source.Line(line)
	indent := len(text) - len(strings.TrimLeft(text, " "))
	return finding.NewLocation(source.Range{File: c.source, Start: start + indent, End: start + len(text)}, filepath.ToSlash(c.Path))
}
