package linter

import (
	"slices"
	"time"

	"github.com/demarc-dev/demarc/linter/config"
	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/rules"
	"github.com/demarc-dev/demarc/linter/silence"
	"github.com/demarc-dev/demarc/linter/source"
)

// pass is what silences the findings of a scan, but for what is listed elsewhere.
func (l *Linter) pass(s *scan, locate func(source.Range) finding.Location) *silence.Pass {
	silencers := silence.InComments(s.files())
	for _, stack := range s.Graph.Stacks {
		silencers = append(silencers, silence.InMetadata(stack.Requests)...)
	}
	return &silence.Pass{
		Silencers: append(silencers, silencersOf(s.Config, s.Paths)...),
		Known:     func(rule string) bool { return finding.IsNote(rule) || rules.Known(rule) },
		Active:    l.asks,
		ActiveAny: l.asksAny,
		Now:       time.Now(),
		Require:   s.Config.Required(),
		Locate:    locate,
	}
}

// silencersOf are the items of ignore. paths are those scanned.
func silencersOf(c *config.Config, paths []string) []*silence.Silencer {
	var out []*silence.Silencer
	for _, layer := range c.Layers() {
		partial := !layer.GovernsOnly(paths)
		for _, ig := range layer.Ignore {
			out = append(out, &silence.Silencer{
				Kind: silence.Config, Reason: ig.Reason, Owner: ig.Owner, Until: ig.Until, Location: layer.Location(ig.Line), Partial: partial,
				Patterns: patternsOf(layer, ig.Rule, ig.Path, ig.Address, ig.Tag),
			})
		}
	}
	return out
}

// patternsOf are those of an item of the file.
func patternsOf(c *config.Config, rule, path, address, tag string) silence.Patterns {
	return silence.Patterns{
		Rule: rule, Path: path, Address: address, Tag: tag,
		File: func(name string) bool { return c.Means(path, name) },
	}
}

// rate gives findings the severities that the configuration asks for.
func rate(findings []finding.Finding, c *config.Config) []finding.Finding {
	layers := c.Layers()
	for i := range findings {
		for _, layer := range layers {
			if severity := severityBy(layer, &findings[i]); severity != "" {
				findings[i].Severity = severity
			}
		}
	}
	return findings
}

// severityBy is the severity that one file asks for: by its overrides, of which
// the last counts, or else by the rule; or "".
func severityBy(c *config.Config, f *finding.Finding) finding.Severity {
	for _, o := range slices.Backward(c.Overrides) {
		if patternsOf(c, o.Rule, o.Path, o.Address, "").Match(f, finding.Site{}) {
			return o.Severity
		}
	}
	if len(c.Severity) == 0 {
		return ""
	}
	return c.SeverityOf(f.IDs())
}
