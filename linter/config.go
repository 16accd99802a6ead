package linter

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/bmatcuk/doublestar/v4"
	"go.yaml.in/yaml/v3"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/rules"
	"github.com/demarc-dev/demarc/linter/source"
)

// ConfigNames are the names of a configuration file, the preferred one first.
var ConfigNames = []string{"demarc.yaml", ".demarc.yaml"}

// A configuration file may be a stranger's: it cannot be huge, nor its
// patterns slow to match.
const (
	maxConfig  = 1 << 20 // bytes
	maxPattern = 300     // bytes
	maxBraces  = 4
)

// Config is the content of a configuration file (docs/configuration.md).
// Patterns are relative to the directory of the file.
type Config struct {
	// Extends are the configuration files that this one builds on, relative to
	// it; what it says itself wins, then what a later one says.
	Extends []string
	// Exclude are patterns of files and directories that are not scanned.
	Exclude []string
	// Severity overrides severities, by rule id; Overrides by more than that.
	Severity  map[string]finding.Severity
	Overrides []Override
	// Ignore suppresses findings.
	Ignore []Ignore
	// FailOn is the least severity that fails; "" means any. It, Require and
	// Profile are those of an extended file where this one says nothing.
	FailOn string
	// Require is what a suppression must give to count: reason, until, owner.
	// Nil requires nothing.
	Require []string
	// Renames are resources that have a new address or logical id.
	Renames []Rename
	// Profile is "default" or "extended"; "" means default.
	Profile string
	// Environments are the inputs with which roots are evaluated.
	Environments []Environment
	// Options are the rules' thresholds, by rule id and name.
	Options map[string]map[string]int
	// RecheckValues makes a baseline forget findings whose value changed; nil
	// is false.
	RecheckValues *bool

	// Path is the file as it was named when it was loaded; "" for none.
	Path string

	file string // its absolute name, if it is extended
	dir  string // absolute directory that patterns are relative to
	// below is dir relative to the confinement root that it lies in, above
	// the root relative to dir; at most one is set.
	below, above string

	// extended are the files of Extends, each with its own.
	extended []*Config
	// entries are the keys with their values, as they are written.
	entries []entry

	source *source.File
	lines  map[string]int // line of each severity, by rule id
}

// Rename says that the resource or module To was From before.
type Rename struct{ From, To string }

// FindConfig returns the nearest configuration file from the directory that
// holds all paths up to stop, which "" makes the top of the enclosing
// repository. nearer are files that only some of the paths would have found.
func FindConfig(paths []string, stop string) (file string, nearer []string) {
	shared := ""
	for _, p := range paths {
		dir, err := filepath.Abs(p)
		if err != nil {
			return "", nil
		}
		if info, err := os.Stat(dir); err == nil && !info.IsDir() {
			dir = filepath.Dir(dir)
		}
		if shared == "" {
			shared = dir
		}
		shared = common(shared, dir)
	}
	file, _ = findConfig(shared, stop)
	for _, p := range paths {
		if own, found := findConfig(p, stop); found && own != file && !slices.Contains(nearer, fromHere(own)) {
			nearer = append(nearer, fromHere(own))
		}
	}
	return file, nearer
}

// findConfig looks from dir, or the directory of a file.
func findConfig(dir, stop string) (string, bool) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", false
	}
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		dir = filepath.Dir(dir)
	}
	if stop == "" {
		if stop, _, err = source.Enclosing(dir); err != nil {
			return "", false
		}
		// Enclosing resolves symbolic links, so the walk must as well.
		if dir, err = filepath.EvalSymlinks(dir); err != nil || !holds(stop, dir) {
			return "", false
		}
	} else if stop, err = filepath.Abs(stop); err != nil || !holds(stop, dir) {
		return "", false
	}
	for {
		for _, name := range ConfigNames {
			file := filepath.Join(dir, name)
			if _, err := os.Lstat(file); err == nil {
				return file, true
			}
		}
		if dir == stop || dir == filepath.Dir(dir) {
			return "", false
		}
		dir = filepath.Dir(dir)
	}
}

// fromHere is a file's name relative to the working directory, if it has one.
func fromHere(name string) string {
	if !filepath.IsAbs(name) {
		return name
	}
	here, err := os.Getwd()
	if err != nil {
		return name
	}
	if resolved, err := filepath.EvalSymlinks(here); err == nil {
		here = resolved
	}
	if rel, err := filepath.Rel(here, name); err == nil {
		return rel
	}
	return name
}

// readSmall reads a file of at most maxConfig bytes.
func readSmall(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxConfig+1))
	if err == nil && len(data) > maxConfig {
		err = fmt.Errorf("%s is larger than %d MiB", name, maxConfig>>20)
	}
	return data, err
}

func parseConfig(name string, data []byte) (*Config, error) {
	c := &Config{Path: name, Severity: map[string]finding.Severity{}, lines: map[string]int{}, source: source.NewFile(name, data)}
	var document yaml.Node
	if err := yaml.Unmarshal(data, &document); err != nil {
		return nil, fmt.Errorf("%s: %s", name, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if len(document.Content) == 0 {
		return c, nil // an empty file
	}
	r := configReader{file: name}
	for i, root := 0, document.Content[0]; root.Kind == yaml.MappingNode && i+1 < len(root.Content); i += 2 {
		c.entries = append(c.entries, entry{root.Content[i], root.Content[i+1]})
	}
	r.mapping(document.Content[0], "the configuration", map[string]func(*yaml.Node){
		"extends":      func(n *yaml.Node) { c.Extends = r.files(n, "extends") },
		"exclude":      func(n *yaml.Node) { c.Exclude = r.patterns(n) },
		"overrides":    func(n *yaml.Node) { c.Overrides = r.overrides(n) },
		"options":      func(n *yaml.Node) { r.options(n, c) },
		"baseline":     func(n *yaml.Node) { r.baseline(n, c) },
		"severity":     func(n *yaml.Node) { r.severities(n, c) },
		"ignore":       func(n *yaml.Node) { c.Ignore = r.ignores(n) },
		"suppressions": func(n *yaml.Node) { r.suppressions(n, c) },
		"renames":      func(n *yaml.Node) { c.Renames = r.renames(n) },
		"fail-on":      func(n *yaml.Node) { c.FailOn = string(r.severity(n)) },
		"profile":      func(n *yaml.Node) { c.Profile = r.oneOf(n, "default", "extended") },
		"environments": func(n *yaml.Node) { c.Environments = r.environments(n) },
	})
	if len(r.errs) > 0 {
		return nil, errors.Join(r.errs...)
	}
	return c, nil
}

// Check reports rules and options that do not exist.
func (c *Config) Check() error {
	var errs []error
	for _, layer := range c.layers() {
		errs = append(errs, layer.checkOwn()...)
	}
	return errors.Join(errs...)
}

func (c *Config) checkOwn() []error {
	var errs []error
	fail := func(line int, format string, args ...any) {
		errs = append(errs, fmt.Errorf("%s:%d: %s", c.Path, line, fmt.Sprintf(format, args...)))
	}
	unknown := func(line int, rule string) bool {
		if _, found := rules.Find(rule); found || finding.IsHousekeeping(rule) {
			return false
		}
		hint := ""
		if suggestions := rules.Suggest(rule); len(suggestions) > 0 {
			hint = ": did you mean " + suggestions[0] + "?"
		}
		fail(line, "unknown rule %q%s", rule, hint)
		return true
	}
	rated := names(c.Severity)
	sort.Slice(rated, func(i, j int) bool { return c.lines[rated[i]] < c.lines[rated[j]] })
	for _, rule := range rated {
		unknown(c.lines[rule], rule)
	}
	for _, rule := range names(c.Options) {
		line := c.lines["options "+rule]
		if unknown(line, rule) {
			continue
		}
		r, _ := rules.Find(rule)
		if err := checkOptions(r, c.Options[rule]); err != nil {
			fail(line, "%v", err)
		}
	}
	named := func(line int, rule string) {
		if rule != "" && !strings.ContainsAny(rule, `*?[{\`) && !finding.IsPeerID(rule) {
			unknown(line, rule)
		}
	}
	for _, o := range c.Overrides {
		named(o.line, o.Rule)
	}
	for _, ig := range c.Ignore {
		named(ig.line, ig.Rule)
	}
	return errs
}

// checkOptions reports options that the rule does not have.
func checkOptions(r rules.Rule, given map[string]int) error {
	known := r.Options.Names()
	for _, name := range names(given) {
		switch {
		case len(known) == 0:
			return fmt.Errorf("%s has no options", r.ID)
		case !slices.Contains(known, name):
			return fmt.Errorf("%s has no option %q%s", r.ID, name, didYouMean(name, known))
		}
	}
	return nil
}

// within returns the configuration for a scan that is confined to root, an
// absolute directory, wherever its files lie to it.
func (c *Config) within(root string) *Config {
	if c == nil {
		return nil
	}
	placed, _ := c.place(func(layer *Config) error { // which never fails
		layer.confine(root)
		return nil
	})
	return placed
}

// confine places one file to the root.
func (c *Config) confine(root string) {
	if c.dir == "" {
		return
	}
	if down, err := filepath.Rel(root, c.dir); err == nil && filepath.IsLocal(down) {
		c.below = filepath.ToSlash(down)
	} else if up, err := filepath.Rel(c.dir, root); err == nil && filepath.IsLocal(up) {
		c.above = filepath.ToSlash(up)
	}
	if c.source == nil {
		return
	}
	// What is said of the file has an identity that no machine's path is in.
	file := c.file
	if file == "" {
		file = filepath.Join(c.dir, filepath.Base(c.Path))
	}
	if name, err := filepath.Rel(root, file); err == nil {
		c.source = source.NewFile(filepath.ToSlash(name), c.source.Data)
	}
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

// excludes reports whether a file or directory, named in the tree, is left out
// of a scan.
func (c *Config) excludes(name string) bool {
	for _, layer := range c.layers() {
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

func names[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for name := range m {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}

// didYouMean is the end of an error about an unknown word: the known word that
// is spelt most alike, or else all of them.
func didYouMean(word string, known []string) string {
	best, distance := "", len(word)/2+1
	for _, k := range known {
		if d := levenshtein.ComputeDistance(strings.ToLower(word), k); d < distance {
			best, distance = k, d
		}
	}
	if best == "" {
		return ": use " + strings.Join(known, ", ")
	}
	return fmt.Sprintf(": did you mean %q?", best)
}
