package linter

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"
	"go.yaml.in/yaml/v3"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/source"
)

// Ignore suppresses the findings that all its patterns match.
type Ignore struct {
	Rule    string // id, a peer's id, or a pattern of ids: s3/*
	Path    string // pattern of files
	Address string // pattern of resource addresses: module.legacy.*
	Tag     string // pattern of tags: tcp/22 from *
	Reason  string
	Owner   string
	Until   time.Time // the last day it counts; zero for ever

	line int
}

func (r *configReader) ignores(n *yaml.Node) []Ignore {
	var out []Ignore
	for _, item := range r.items(n, "ignore must be a list") {
		ig := Ignore{line: item.Line}
		r.mapping(item, "an item of ignore", map[string]func(*yaml.Node){
			"rule":    func(n *yaml.Node) { ig.Rule = r.pattern(n) },
			"path":    func(n *yaml.Node) { ig.Path = r.pattern(n) },
			"address": func(n *yaml.Node) { ig.Address = r.text(n) },
			"tag":     func(n *yaml.Node) { ig.Tag = r.text(n) },
			"owner":   func(n *yaml.Node) { ig.Owner = r.text(n) },
			"reason":  func(n *yaml.Node) { ig.Reason = r.text(n) },
			"until": func(n *yaml.Node) {
				day, err := time.Parse(time.DateOnly, r.text(n))
				if err != nil {
					r.fail(n, "%q is no date: write 2027-01-31", n.Value)
				}
				ig.Until = day
			},
		})
		if ig.Rule == "" && ig.Path == "" && ig.Address == "" && ig.Tag == "" && item.Kind == yaml.MappingNode {
			r.fail(item, "an item of ignore needs a rule, a path, an address or a tag")
		}
		out = append(out, ig)
	}
	return out
}

// Override gives the findings that all its patterns match another severity.
type Override struct {
	Rule, Path, Address string // as those of Ignore
	Severity            finding.Severity

	line int
}

// apply overrides severities and suppresses what the configuration ignores.
// It appends findings about items of ignore that have expired, that lack
// something, or that nothing matched although all they could match was
// scanned. asks reports whether a rule takes part that a pattern matches;
// paths are those scanned.
func (c *Config) apply(findings []finding.Finding, asks func(func(id string) bool) bool, paths []string) []finding.Finding {
	if c == nil {
		return findings
	}
	now := time.Now
	if c.now != nil {
		now = c.now
	}
	layers := c.layers()
	var items []*item
	for _, layer := range layers {
		items = append(items, layer.items(now(), c.Require)...)
	}
	out := make([]finding.Finding, 0, len(findings))
	for i := range findings {
		f := findings[i]
		for _, layer := range layers {
			layer.rate(&f)
		}
		out = append(out, f.Split(func(site finding.Site) *finding.Suppression {
			var by *finding.Suppression
			for _, item := range items {
				if item.from.ignores(item.Ignore, &f, site.Address) {
					item.used = true
					if by == nil {
						by = item.given
					}
				}
			}
			return by
		})...)
	}
	for _, layer := range layers {
		own := slices.DeleteFunc(slices.Clone(items), func(i *item) bool { return i.from != layer })
		out = append(out, layer.review(own, c.Require, now(), asks, layer.scannedWhole(paths))...)
	}
	return out
}

// rate gives a finding the severity that the file asks for: by its overrides,
// of which the last counts, or else by the rule.
func (c *Config) rate(f *finding.Finding) {
	for _, o := range slices.Backward(c.Overrides) {
		if c.ignores(Ignore{Rule: o.Rule, Path: o.Path, Address: o.Address}, f, f.Resource.Address) {
			f.Severity = o.Severity
			return
		}
	}
	if len(c.Severity) == 0 {
		return
	}
	for _, id := range ids(f) {
		for rule, severity := range c.Severity {
			if strings.EqualFold(rule, id) {
				f.Severity = severity
				return
			}
		}
	}
}

// item is an item of ignore at work.
type item struct {
	Ignore
	from  *Config
	given *finding.Suppression
	used  bool
}

// items are the file's items of ignore that count.
func (c *Config) items(now time.Time, require []string) []*item {
	var out []*item
	for _, ig := range c.Ignore {
		if !ig.expired(now) && finding.Lacking(require, ig.Reason, ig.Owner, ig.Until) == "" {
			out = append(out, &item{Ignore: ig, from: c, given: &finding.Suppression{
				Kind: "config", Reason: ig.Reason, Owner: ig.Owner, Until: finding.Day(ig.Until), Location: c.at(ig.line),
			}})
		}
	}
	return out
}

// review returns findings about the items of ignore. whole tells that all that
// the file governs was scanned.
func (c *Config) review(items []*item, require []string, now time.Time, asks func(func(id string) bool) bool, whole bool) []finding.Finding {
	used := map[int]bool{}
	for _, i := range items {
		used[i.line] = used[i.line] || i.used
	}
	var out []finding.Finding
	for _, ig := range c.Ignore {
		what := ig.describe()
		notice := func(rule, format string, args ...any) {
			out = append(out, finding.Notice(rule, fmt.Sprintf("ignoring %s "+format, append([]any{what}, args...)...), c.at(ig.line), what))
		}
		missing := finding.Lacking(require, ig.Reason, ig.Owner, ig.Until)
		switch {
		case ig.expired(now):
			notice(finding.ExpiredSuppression, "ended on %s", finding.Day(ig.Until))
		case missing != "":
			notice(finding.MissingReason, "does not count without %s, which suppressions: require: asks for", missing)
		case whole && !used[ig.line] && asks(ig.namesID):
			notice(finding.UnusedSuppression, "silences nothing")
		case ig.Reason == "" && require == nil:
			notice(finding.MissingReason, "gives no reason")
		}
	}
	return out
}

// scannedWhole reports whether the paths hold all that the file governs.
func (c *Config) scannedWhole(paths []string) bool {
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
		if down, err := filepath.Rel(absolute, c.dir); err == nil && filepath.IsLocal(down) {
			return true
		}
	}
	return false
}

// required is what a suppression must give to count.
func (c *Config) required() []string {
	if c == nil {
		return nil
	}
	return c.Require
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

// ignores reports whether an item matches the finding at the instance of that
// address.
func (c *Config) ignores(ig Ignore, f *finding.Finding, address string) bool {
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
	if ig.Tag != "" && !matchStars(ig.Tag, f.Tag) {
		return false
	}
	// Only * is special in an address: the brackets of instance keys mean themselves.
	return ig.Address == "" || matchStars(ig.Address, f.Resource.Address) || matchStars(ig.Address, address)
}

// names reports whether the item's rule matches the finding's, or an alias.
func (ig Ignore) names(f *finding.Finding) bool {
	return slices.ContainsFunc(ids(f), ig.namesID)
}

// namesID reports whether the item's rule, if it has one, matches an id.
func (ig Ignore) namesID(id string) bool {
	return ig.Rule == "" || finding.SameID(ig.Rule, id) || doublestar.MatchUnvalidated(strings.ToLower(ig.Rule), strings.ToLower(id))
}

func (ig Ignore) expired(now time.Time) bool {
	return !ig.Until.IsZero() && !now.UTC().Before(ig.Until.AddDate(0, 0, 1))
}

// describe names the item by what it matches.
func (ig Ignore) describe() string {
	var parts []string
	for _, part := range []string{ig.Rule, ig.Path, ig.Address, ig.Tag} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " in ")
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
