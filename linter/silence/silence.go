// Package silence applies whatever says that a finding is known and accepted:
// comments, metadata, configuration, a baseline, a base revision. All are
// silencers, asked in one order by one pass, and reviewed in one place. It
// knows no file format: front ends hand over comments and metadata as they are
// written, and other packages what they have listed.
package silence

import (
	"slices"
	"strings"
	"time"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/source"
)

// Kind is a way to silence findings.
type Kind string

// The kinds, in the order in which they are asked. Comments and metadata are
// one step: of both the nearest counts.
const (
	Comment      Kind = "comment"
	Metadata     Kind = "metadata"
	Config       Kind = "config"
	Baseline     Kind = "baseline"
	BaseRevision Kind = "base revision"
)

// Silencer is one request to silence findings.
type Silencer struct {
	Kind Kind
	// Peer names the tool whose spelling it is; "" is demarc's own.
	Peer string
	// Rules are ids or aliases, with an instance key after them where only
	// that instance is meant (s3/acl["logs"]); "*" is every rule that has an
	// alias of the peer. They are those of comments and metadata.
	Rules  []string
	Reason string
	Owner  string
	Until  time.Time // the last day it counts; zero for ever
	// Problem says why it cannot be read, or why it cannot count, or is "".
	Problem string
	// At is where it stands in a source file; Location where that is no place
	// of one.
	At       source.Range
	Location finding.Location

	// reach says what the place of a comment or metadata covers.
	reach reach
	// Patterns say what the configuration covers.
	Patterns Patterns
	// Partial marks one that may cover what was not scanned, so that nobody
	// knows whether it is used.
	Partial bool
	// Lists says of each of the findings whether a baseline or a base revision has it.
	Lists func(findings []finding.Finding) []bool

	// used holds the rules that silenced something.
	used map[string]bool
	// given is what the findings it silences share; nil before the first.
	given *finding.Suppression
}

// Pass applies silencers to findings.
type Pass struct {
	Silencers []*Silencer
	// Known reports whether a rule of that id or alias exists.
	Known func(rule string) bool
	// Active reports whether that rule took part in the scan, ActiveAny whether
	// one did that has an id or alias that matches. Nil means all did. The
	// silencer of a rule that did not is not called unused.
	Active    func(rule string) bool
	ActiveAny func(matches func(id string) bool) bool
	// Now decides what has expired.
	Now time.Time
	// Require is what a silencer must give to count, of "reason", "until" and
	// "owner". Nil: nothing, but a missing reason is told.
	Require []string
	// Locate makes a location relative to the working directory; nil keeps
	// the files' own paths.
	Locate func(at source.Range) finding.Location
}

// Apply returns the findings, those that are silenced marked so, those of a
// base revision left out, and findings about the silencers themselves, which
// later kinds may silence as well. A finding of which some instances are
// silenced comes back in parts. It is silenced once, by the first and nearest
// silencer; each that would do it counts as used.
func (p *Pass) Apply(findings []finding.Finding) []finding.Finding {
	var placed, patterns []*Silencer
	for _, s := range p.Silencers {
		s.used = map[string]bool{}
		switch s.Kind {
		case Comment, Metadata:
			placed = append(placed, s)
		case Config:
			patterns = append(patterns, s)
		}
	}
	general := p.counting(patterns)
	out := p.split(findings, newReachIndex(p.counting(placed)), general)
	out = append(out, p.split(p.review(placed), nil, general)...)
	out = append(out, p.review(patterns)...)
	for _, s := range p.Silencers {
		if s.Lists != nil {
			out = p.listed(out, s)
		}
	}
	return out
}

// counting are the silencers that can silence.
func (p *Pass) counting(all []*Silencer) []*Silencer {
	return slices.DeleteFunc(slices.Clone(all), func(s *Silencer) bool {
		return s.Problem != "" || s.expired(p.Now) || p.lacks(s) != ""
	})
}

// split silences findings instance by instance: one comment may stand on one
// of several calls of a module.
func (p *Pass) split(findings []finding.Finding, placed reachIndex, patterns []*Silencer) []finding.Finding {
	if len(placed) == 0 && len(patterns) == 0 {
		return findings
	}
	out := make([]finding.Finding, 0, len(findings))
	for i := range findings {
		f := &findings[i]
		out = append(out, split(f, func(site finding.Site) *finding.Suppression {
			by := placed.nearest(f, site)
			for _, s := range patterns {
				if s.Patterns.Match(f, site) {
					s.used[s.Patterns.Rule] = true
					if by == nil {
						by = s
					}
				}
			}
			return p.suppression(by)
		})...)
	}
	return out
}

// listed silences the failing findings that a baseline lists, and leaves out
// those that a base revision has.
func (p *Pass) listed(findings []finding.Finding, s *Silencer) []finding.Finding {
	out := make([]finding.Finding, 0, len(findings))
	for i, has := range s.Lists(findings) {
		f := findings[i]
		switch {
		case !has || f.Status == finding.Suppressed:
		case s.Kind == BaseRevision:
			continue
		case f.Status == finding.Fail && !f.Housekeeping():
			f.Status, f.Suppression = finding.Suppressed, p.suppression(s)
		}
		out = append(out, f)
	}
	return out
}

// suppression is what the findings that a silencer silences share.
func (p *Pass) suppression(s *Silencer) *finding.Suppression {
	if s == nil {
		return nil
	}
	if s.given == nil {
		s.given = &finding.Suppression{Kind: string(s.Kind), Reason: s.Reason, Owner: s.Owner, Until: day(s.Until), Location: p.place(s)}
	}
	return s.given
}

// place is where a silencer stands.
func (p *Pass) place(s *Silencer) finding.Location {
	switch {
	case !s.At.Valid():
		return s.Location
	case p.Locate == nil:
		return finding.NewLocation(s.At, s.At.File.Path)
	}
	return p.Locate(s.At)
}

// split asks for each instance of the finding by what it is silenced, nil for
// by nothing, and returns the finding in as many parts as there are answers.
// All parts keep the fingerprint.
func split(f *finding.Finding, by func(finding.Site) *finding.Suppression) []finding.Finding {
	sites := f.Sites
	if len(sites) == 0 {
		sites = []finding.Site{{Address: f.Resource.Address, Scopes: f.Scopes}}
	}
	parts := map[*finding.Suppression][]finding.Site{}
	var order []*finding.Suppression
	for _, site := range sites {
		given := by(site)
		if _, known := parts[given]; !known {
			order = append(order, given)
		}
		parts[given] = append(parts[given], site)
	}
	out := make([]finding.Finding, 0, len(order))
	for _, given := range order {
		part := *f
		if given != nil {
			part.Status, part.Suppression = finding.Suppressed, given
		}
		if len(order) > 1 {
			part.Part, part.Sites = true, parts[given]
			part.Resource.Instances = addresses(parts[given])
			// The whole is named by its first instance, which may be in another part.
			if first := parts[given][0]; first.Identity != "" {
				part.Resource.Address, part.Related = first.Identity, first.Related
			}
		}
		out = append(out, part)
	}
	return out
}

// addresses are the sites' addresses, each once and sorted.
func addresses(sites []finding.Site) []string {
	out := make([]string, 0, len(sites))
	for _, site := range sites {
		out = append(out, site.Address)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// expired reports whether the last day has passed.
func (s *Silencer) expired(now time.Time) bool {
	return !s.Until.IsZero() && !now.UTC().Before(s.Until.AddDate(0, 0, 1))
}

// lacks names what a silencer must give to count and does not, or is "".
func (p *Pass) lacks(s *Silencer) string {
	var missing []string
	for _, name := range p.Require {
		if name == "reason" && s.Reason == "" || name == "owner" && s.Owner == "" || name == "until" && s.Until.IsZero() {
			missing = append(missing, name)
		}
	}
	return strings.Join(missing, ", ")
}

// day writes a day, or "" for none.
func day(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.Format(time.DateOnly)
}
