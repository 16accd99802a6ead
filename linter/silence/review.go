package silence

import (
	"fmt"
	"slices"
	"strings"

	"github.com/demarc-dev/demarc/linter/finding"
)

// review returns what is wrong with silencers: unused, expired, unknown,
// without reason, malformed.
func (p *Pass) review(all []*Silencer) []finding.Finding {
	var out []finding.Finding
	for _, s := range all {
		if s.Kind == Config {
			out = append(out, p.reviewItem(s)...)
		} else {
			out = append(out, p.reviewPlaced(s)...)
		}
	}
	return out
}

// reviewItem is about an item of the configuration.
func (p *Pass) reviewItem(s *Silencer) []finding.Finding {
	missing := p.lacks(s)
	switch {
	case s.expired(p.Now):
		return p.aboutItem(s, finding.ExpiredSuppression, "ended on "+day(s.Until))
	case missing != "":
		return p.aboutItem(s, finding.MissingReason, fmt.Sprintf("does not count without %s, which suppressions: require: asks for", missing))
	case !s.Partial && len(s.used) == 0 && (p.ActiveAny == nil || p.ActiveAny(s.Patterns.NamesID)):
		return p.aboutItem(s, finding.UnusedSuppression, "silences nothing")
	case s.Reason == "" && p.Require == nil:
		return p.aboutItem(s, finding.MissingReason, "gives no reason")
	}
	return nil
}

func (p *Pass) aboutItem(s *Silencer, rule, what string) []finding.Finding {
	named := s.Patterns.String()
	return []finding.Finding{finding.Notice(rule, "ignoring "+named+" "+what, p.place(s), named)}
}

// reviewPlaced is about a comment or metadata. Other tools' are theirs to
// judge, except that they too must give what is required.
func (p *Pass) reviewPlaced(s *Silencer) []finding.Finding {
	at := p.place(s)
	named := strings.Join(s.Rules, ", ")
	missing := p.lacks(s)
	active := slices.ContainsFunc(s.Rules, p.active)
	switch {
	case s.Problem != "" && (s.Peer == "" || active):
		return []finding.Finding{finding.Notice(finding.MalformedSuppression, s.Problem, at, strings.Join(s.Rules, ","))}
	case s.Peer != "" && (missing == "" || s.expired(p.Now) || !active):
		return nil
	case s.Peer != "":
		return []finding.Finding{incomplete(named, missing, at)}
	}
	var out []finding.Finding
	for _, id := range s.Rules {
		if about, message := p.reviewRule(s, id, missing); about != "" {
			out = append(out, finding.Notice(about, message, at, id))
		}
	}
	switch {
	case len(out) > 0:
	case missing != "":
		out = append(out, incomplete(named, missing, at))
	case s.Reason == "" && p.Require == nil:
		out = append(out, finding.Notice(finding.MissingReason, fmt.Sprintf("the suppression of %s gives no reason", named), at, strings.Join(s.Rules, ",")))
	}
	return out
}

// reviewRule is about one rule that a comment or metadata names: a rule about
// suppressions and a message, or "".
func (p *Pass) reviewRule(s *Silencer, id, missing string) (about, message string) {
	rule, _ := cutKey(id)
	known := p.Known(rule)
	switch {
	case !known && finding.IsPeerID(rule):
		// another tool's check that demarc has no rule for
	case !known:
		return finding.UnknownRule, fmt.Sprintf("there is no rule %q", rule)
	case s.expired(p.Now):
		return finding.ExpiredSuppression, fmt.Sprintf("the suppression of %s ended on %s", id, day(s.Until))
	case missing == "" && !s.used[id] && p.active(rule):
		return finding.UnusedSuppression, fmt.Sprintf("nothing here breaks %s", id)
	}
	return "", ""
}

// active reports whether a rule is known and took part in the scan.
func (p *Pass) active(id string) bool {
	return id == "*" || p.Known(id) && (p.Active == nil || p.Active(id))
}

// incomplete is about a suppression that does not count, since it lacks what
// the configuration requires.
func incomplete(named, missing string, at finding.Location) finding.Finding {
	return finding.Notice(finding.MissingReason, fmt.Sprintf("the suppression of %s does not count without %s, which the configuration requires", named, missing), at, named)
}
