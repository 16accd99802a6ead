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

// Ignore suppresses the findings that all its patterns match.
type Ignore struct {
	Rule    string // id, a peer's id, or a pattern of ids: s3/*
	Path    string // pattern of files
	Address string // pattern of resource addresses: module.legacy.*
	Reason  string
	Until   time.Time // the last day it counts; zero for ever

	line int
}

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
	c, err := parseConfig(name, data)
	if err != nil {
		return nil, err
	}
	c.dir = dir
	return c, nil
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
		"exclude":  func(n *yaml.Node) { c.Exclude = r.patterns(n) },
		"severity": func(n *yaml.Node) { r.severities(n, c) },
		"ignore":   func(n *yaml.Node) { c.Ignore = r.ignores(n) },
		"fail-on":  func(n *yaml.Node) { c.FailOn = string(r.severity(n)) },
		"profile":  func(n *yaml.Node) { c.Profile = r.oneOf(n, "default", "extended") },

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

func (r *configReader) ignores(n *yaml.Node) []Ignore {
	if n.Kind != yaml.SequenceNode {
		r.fail(n, "ignore must be a list")
		return nil
	}
	var out []Ignore
	for _, item := range n.Content {
		ig := Ignore{line: item.Line}
		r.mapping(item, "an item of ignore", map[string]func(*yaml.Node){
			"rule":    func(n *yaml.Node) { ig.Rule = r.pattern(n) },
			"path":    func(n *yaml.Node) { ig.Path = r.pattern(n) },
			"address": func(n *yaml.Node) { ig.Address = r.text(n) },
			"reason":  func(n *yaml.Node) { ig.Reason = r.text(n) },
			"until": func(n *yaml.Node) {
				day, err := time.Parse(time.DateOnly, r.text(n))
				if err != nil {
					r.fail(n, "%q is no date: write 2027-01-31", n.Value)
				}
				ig.Until = day
			},
		})
		if ig.Rule == "" && ig.Path == "" && ig.Address == "" && item.Kind == yaml.MappingNode {
			r.fail(item, "an item of ignore needs a rule, a path or an address")
		}
		out = append(out, ig)
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
		if ig.Rule != "" && !strings.ContainsAny(ig.Rule, `*?[{\`) {
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

// apply overrides severities and suppresses what the configuration ignores.
// It appends findings about items of ignore that have expired or give no
// reason.
func (c *Config) apply(findings []finding.Finding) []finding.Finding {
	if c == nil {
		return findings
	}
	now := time.Now
	if c.now != nil {
		now = c.now
	}
	severities := map[string]finding.Severity{}
	for rule, severity := range c.Severity {
		severities[strings.ToLower(rule)] = severity
	}
	for i := range findings {
		f := &findings[i]
		for _, id := range ids(f) {
			if severity, ok := severities[strings.ToLower(id)]; ok {
				f.Severity = severity
				break
			}
		}
		for _, ig := range c.Ignore {
			if f.Status != finding.Suppressed && !ig.expired(now()) && c.ignores(ig, f) {
				f.Status = finding.Suppressed
				f.Suppression = &finding.Suppression{Kind: "config", Reason: ig.Reason, Location: c.at(ig.line)}
			}
		}
	}
	for _, ig := range c.Ignore {
		what := ig.describe()
		switch {
		case ig.expired(now()):
			findings = append(findings, finding.Notice(finding.ExpiredSuppression,
				fmt.Sprintf("ignoring %s ended on %s", what, ig.Until.Format(time.DateOnly)), c.at(ig.line), what))
		case ig.Reason == "":
			findings = append(findings, finding.Notice(finding.MissingReason,
				fmt.Sprintf("ignoring %s gives no reason", what), c.at(ig.line), what))
		}
	}
	return findings
}

// at is a line of the configuration file.
func (c *Config) at(line int) finding.Location {
	if c.source == nil || line == 0 {
		return finding.Location{File: c.Path}
	}
	start := c.source.Offset(source.Position{Line: line, Column: 1})
	text := c.source.Line(line)
	indent := len(text) - len(strings.TrimLeft(text, " "))
	return finding.NewLocation(source.Range{File: c.source, Start: start + indent, End: start + len(text)}, filepath.ToSlash(c.Path))
}

func (c *Config) ignores(ig Ignore, f *finding.Finding) bool {
	if f.Housekeeping() && ig.Rule == "" {
		return false
	}
	if ig.Rule != "" && !ig.names(f) {
		return false
	}
	if ig.Path != "" {
		file := f.Location.File
		if f.Location.Range.Valid() {
			file = f.Location.Range.File.Path
		}
		file, ok := c.local(file)
		if !ok || !matchPath(ig.Path, file) {
			return false
		}
	}
	return ig.Address == "" || matchAddress(ig.Address, f.Resource)
}

// names reports whether the item's rule matches the finding's, or an alias.
func (ig Ignore) names(f *finding.Finding) bool {
	pattern := strings.ToLower(ig.Rule)
	for _, id := range ids(f) {
		if doublestar.MatchUnvalidated(pattern, strings.ToLower(id)) {
			return true
		}
	}
	return false
}

func (ig Ignore) expired(now time.Time) bool {
	return !ig.Until.IsZero() && !now.UTC().Before(ig.Until.AddDate(0, 0, 1))
}

// describe names the item by what it matches.
func (ig Ignore) describe() string {
	var parts []string
	for _, part := range []string{ig.Rule, ig.Path, ig.Address} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " in ")
}

// matchAddress matches the address or any instance's. Only * is special: the
// brackets of instance keys mean themselves.
func matchAddress(pattern string, r finding.Resource) bool {
	for _, address := range append([]string{r.Address}, r.Instances...) {
		if matchStars(pattern, address) {
			return true
		}
	}
	return false
}

// matchStars matches a pattern in which * stands for any text.
func matchStars(pattern, s string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == s
	}
	first, last := parts[0], parts[len(parts)-1]
	if !strings.HasPrefix(s, first) || !strings.HasSuffix(s[len(first):], last) {
		return false
	}
	s = s[len(first) : len(s)-len(last)]
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(s, part)
		if i < 0 {
			return false
		}
		s = s[i+len(part):]
	}
	return true
}

// ids are the rule's own id and all its aliases.
func ids(f *finding.Finding) []string {
	out := []string{f.Rule}
	for _, peer := range names(f.Aliases) {
		out = append(out, f.Aliases[peer]...)
	}
	return out
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
