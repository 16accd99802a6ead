package linter

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"github.com/agnivade/levenshtein"
	"github.com/bmatcuk/doublestar/v4"
	"go.yaml.in/yaml/v3"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/graph"
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
	// Exclude are patterns of files and directories that are not scanned.
	Exclude []string
	// Severity overrides severities, by rule id.
	Severity map[string]finding.Severity
	// Ignore suppresses findings.
	Ignore []Ignore
	// FailOn is the least severity that fails; "" means any.
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

	// Path is the file as it was named when it was loaded; "" for none.
	Path string

	dir string // absolute directory of the file
	// below is dir relative to the confinement root that it lies in, above
	// the root relative to dir; at most one is set.
	below, above string

	source *source.File
	lines  map[string]int // line of each severity, by rule id
	now    func() time.Time
}

// Rename says that the resource or module To was From before.
type Rename struct{ From, To string }

// FindConfig returns the nearest configuration file from dir up to stop, which
// "" makes the top of the enclosing repository.
func FindConfig(dir, stop string) (string, bool) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", false
	}
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		dir = filepath.Dir(dir)
	}
	if stop == "" {
		if stop, err = source.Enclosing(dir); err != nil {
			return "", false
		}
		// Enclosing resolves symbolic links, so the walk must as well.
		if dir, err = filepath.EvalSymlinks(dir); err != nil {
			return "", false
		}
	} else if stop, err = filepath.Abs(stop); err != nil {
		return "", false
	}
	for {
		for _, name := range ConfigNames {
			file := filepath.Join(dir, name)
			if info, err := os.Lstat(file); err == nil && info.Mode().IsRegular() {
				return file, true
			}
		}
		if dir == stop || dir == filepath.Dir(dir) {
			return "", false
		}
		dir = filepath.Dir(dir)
	}
}

// LoadConfig reads a configuration file. Unknown keys and bad values are
// errors that name the file and line.
func LoadConfig(name string) (*Config, error) {
	data, err := readSmall(name)
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	dir, err := filepath.Abs(filepath.Dir(name))
	if err != nil {
		return nil, fmt.Errorf("resolve %s: %w", name, err)
	}
	if resolved, err := filepath.EvalSymlinks(dir); err == nil {
		dir = resolved
	}
	c, err := parseConfig(fromHere(name), data)
	if err != nil {
		return nil, err
	}
	c.dir = dir
	return c, nil
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
	r.mapping(document.Content[0], "the configuration", map[string]func(*yaml.Node){
		"exclude":      func(n *yaml.Node) { c.Exclude = r.patterns(n) },
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

// configReader walks the nodes of a configuration file and collects all that
// is wrong with it.
type configReader struct {
	file string
	errs []error
}

func (r *configReader) fail(n *yaml.Node, format string, args ...any) {
	r.errs = append(r.errs, fmt.Errorf("%s:%d: %s", r.file, n.Line, fmt.Sprintf(format, args...)))
}

// mapping gives each value of a mapping to the reader of its key.
func (r *configReader) mapping(n *yaml.Node, what string, keys map[string]func(*yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		r.fail(n, "%s must be keys with values", what)
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		read, known := keys[key.Value]
		switch {
		case !known:
			r.fail(key, "unknown key %q%s", key.Value, didYouMean(key.Value, names(keys)))
		case seen[key.Value]:
			r.fail(key, "%q is given twice", key.Value)
		default:
			read(value)
		}
		seen[key.Value] = true
	}
}

func (r *configReader) text(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		r.fail(n, "a text is needed here")
		return ""
	}
	return n.Value
}

func (r *configReader) oneOf(n *yaml.Node, allowed ...string) string {
	value := r.text(n)
	for _, a := range allowed {
		if value == a {
			return value
		}
	}
	r.fail(n, "%q is not one of %s%s", value, strings.Join(allowed, ", "), didYouMean(value, allowed))
	return ""
}

func (r *configReader) severity(n *yaml.Node) finding.Severity {
	allowed := make([]string, len(finding.Severities))
	for i, s := range finding.Severities {
		allowed[i] = string(s)
	}
	return finding.Severity(r.oneOf(n, allowed...))
}

func (r *configReader) severities(n *yaml.Node, c *Config) {
	if n.Kind != yaml.MappingNode {
		r.fail(n, "severity must map rules to severities")
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		rule := n.Content[i].Value
		if _, twice := c.Severity[rule]; twice {
			r.fail(n.Content[i], "%q is given twice", rule)
		}
		c.Severity[rule] = r.severity(n.Content[i+1])
		c.lines[rule] = n.Content[i].Line
	}
}

func (r *configReader) pattern(n *yaml.Node) string {
	value := r.text(n)
	switch {
	case len(value) > maxPattern || strings.Count(value, "{") > maxBraces:
		r.fail(n, "the pattern is too long, or has more than %d alternatives {a,b}", maxBraces)
	case !doublestar.ValidatePattern(value):
		r.fail(n, "%q is no valid pattern", value)
	}
	return value
}

// suppressions reads what suppressions have to give.
func (r *configReader) suppressions(n *yaml.Node, c *Config) {
	r.mapping(n, "suppressions", map[string]func(*yaml.Node){
		"require": func(n *yaml.Node) {
			if n.Kind != yaml.SequenceNode {
				r.fail(n, "a list is needed here, of reason, until and owner")
				return
			}
			c.Require = []string{}
			for _, item := range n.Content {
				c.Require = append(c.Require, r.oneOf(item, "reason", "until", "owner"))
			}
		},
	})
}

func (r *configReader) patterns(n *yaml.Node) []string {
	if n.Kind != yaml.SequenceNode {
		r.fail(n, "a list of patterns is needed here")
		return nil
	}
	var out []string
	for _, item := range n.Content {
		out = append(out, r.pattern(item))
	}
	return out
}

func (r *configReader) renames(n *yaml.Node) []Rename {
	if n.Kind != yaml.SequenceNode {
		r.fail(n, "renames must be a list of {from, to}")
		return nil
	}
	var out []Rename
	for _, item := range n.Content {
		var one Rename
		r.mapping(item, "an item of renames", map[string]func(*yaml.Node){
			"from": func(n *yaml.Node) { one.From = graph.StripKeys(r.text(n)) },
			"to":   func(n *yaml.Node) { one.To = graph.StripKeys(r.text(n)) },
		})
		if item.Kind == yaml.MappingNode && (one.From == "" || one.To == "") {
			r.fail(item, "an item of renames needs from and to")
		}
		out = append(out, one)
	}
	return out
}

// check reports rules that do not exist. find is FindRule's form.
func (c *Config) check(find func(string) (Rule, []string)) error {
	var errs []error
	unknown := func(line int, rule string) {
		if finding.IsHousekeeping(rule) {
			return
		}
		if _, suggestions := find(rule); suggestions != nil {
			hint := ""
			if len(suggestions) > 0 {
				hint = ": did you mean " + suggestions[0] + "?"
			}
			errs = append(errs, fmt.Errorf("%s:%d: unknown rule %q%s", c.Path, line, rule, hint))
		}
	}
	rules := names(c.Severity)
	sort.Slice(rules, func(i, j int) bool { return c.lines[rules[i]] < c.lines[rules[j]] })
	for _, rule := range rules {
		unknown(c.lines[rule], rule)
	}
	for _, ig := range c.Ignore {
		if ig.Rule != "" && !strings.ContainsAny(ig.Rule, `*?[{\`) && !finding.IsPeerID(ig.Rule) {
			unknown(ig.line, ig.Rule)
		}
	}
	return errors.Join(errs...)
}

// within returns the configuration for a scan that is confined to root, an
// absolute directory, wherever the file lies to it.
func (c *Config) within(root string) *Config {
	if c == nil || c.dir == "" {
		return c
	}
	placed := *c
	if down, err := filepath.Rel(root, c.dir); err == nil && filepath.IsLocal(down) {
		placed.below = filepath.ToSlash(down)
	} else if up, err := filepath.Rel(c.dir, root); err == nil && filepath.IsLocal(up) {
		placed.above = filepath.ToSlash(up)
	}
	if c.source != nil {
		// What is said of the file has an identity that no machine's path is in.
		if name, err := filepath.Rel(root, filepath.Join(c.dir, filepath.Base(c.Path))); err == nil {
			placed.source = source.NewFile(filepath.ToSlash(name), c.source.Data)
		}
	}
	return &placed
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
	if c == nil || len(c.Exclude) == 0 {
		return false
	}
	name, ok := c.local(name)
	if !ok {
		return false
	}
	for _, pattern := range c.Exclude {
		if matchPath(pattern, name) {
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
