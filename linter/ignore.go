package linter

import (
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/silence"
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

// pass is what silences the findings of a scan, but for what is listed elsewhere.
func (l *Linter) pass(s *scan, locate func(source.Range) finding.Location) *silence.Pass {
	silencers := silence.InComments(s.files())
	for _, stack := range s.graph.Stacks {
		silencers = append(silencers, silence.InMetadata(stack.Requests)...)
	}
	return &silence.Pass{
		Silencers: append(silencers, s.config.silencers(s.paths)...),
		Known:     func(rule string) bool { return finding.IsNote(rule) || known(rule) },
		Active:    l.asks,
		ActiveAny: l.asksAny,
		Now:       time.Now(),
		Require:   s.config.required(),
		Locate:    locate,
	}
}

// silencers are the items of ignore. paths are those scanned.
func (c *Config) silencers(paths []string) []*silence.Silencer {
	var out []*silence.Silencer
	for _, layer := range c.layers() {
		partial := !layer.scannedWhole(paths)
		for _, ig := range layer.Ignore {
			out = append(out, &silence.Silencer{
				Kind: silence.Config, Reason: ig.Reason, Owner: ig.Owner, Until: ig.Until, Location: layer.at(ig.line), Partial: partial,
				Patterns: layer.patterns(ig.Rule, ig.Path, ig.Address, ig.Tag),
			})
		}
	}
	return out
}

// patterns are those of an item of the file.
func (c *Config) patterns(rule, path, address, tag string) silence.Patterns {
	return silence.Patterns{
		Rule: rule, Path: path, Address: address, Tag: tag,
		File: func(name string) bool {
			local, ok := c.local(name)
			return ok && matchPath(path, local)
		},
	}
}

// rate gives findings the severities that the configuration asks for.
func (c *Config) rate(findings []finding.Finding) []finding.Finding {
	layers := c.layers()
	for i := range findings {
		for _, layer := range layers {
			layer.rateOne(&findings[i])
		}
	}
	return findings
}

// rateOne gives a finding the severity that the file asks for: by its overrides,
// of which the last counts, or else by the rule.
func (c *Config) rateOne(f *finding.Finding) {
	for _, o := range slices.Backward(c.Overrides) {
		if c.patterns(o.Rule, o.Path, o.Address, "").Match(f, finding.Site{}) {
			f.Severity = o.Severity
			return
		}
	}
	if len(c.Severity) == 0 {
		return
	}
	for _, id := range f.IDs() {
		for rule, severity := range c.Severity {
			if finding.SameID(rule, id) {
				f.Severity = severity
				return
			}
		}
	}
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
