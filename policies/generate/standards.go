package main

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/demarc-dev/demarc/policies"
)

// readStandards reads the controls of Security Hub and the standards that name them.
func readStandards(root fs.FS) ([]policies.SecurityControl, []*policies.Standard, error) {
	controls, err := policies.ReadSecurityControls(root)
	if err != nil {
		return nil, nil, err
	}
	var standards []*policies.Standard
	for _, id := range policies.StandardIDs(root) {
		s, err := policies.ReadStandard(root, id, controls)
		if err != nil {
			return nil, nil, err
		}
		standards = append(standards, s)
	}
	return controls, standards, nil
}

// addSecurityHub gives the rules, as aliases, the controls of Security Hub that
// a finding of them breaks, and the rules of AWS Config behind these; aliases.yaml
// may have given them others.
func addSecurityHub(controls []policies.SecurityControl, chapters []chapter) {
	byHub, byConfig := map[string][]string{}, map[string][]string{}
	for _, c := range controls {
		for _, id := range c.Breaking() {
			byHub[id] = add(byHub[id], c.ID)
			if c.Config != "" {
				byConfig[id] = add(byConfig[id], c.Config)
			}
		}
	}
	for i := range chapters {
		for j := range chapters[i].rules {
			r := &chapters[i].rules[j]
			for _, alias := range []policies.Alias{{Peer: "securityhub", IDs: byHub[r.ID]}, {Peer: "config", IDs: byConfig[r.ID]}} {
				r.Aliases = join(r.Aliases, alias)
			}
		}
	}
}

// join adds a peer's ids to those that are there.
func join(aliases []policies.Alias, more policies.Alias) []policies.Alias {
	if len(more.IDs) == 0 {
		return aliases
	}
	for i := range aliases {
		if aliases[i].Peer == more.Peer {
			for _, id := range more.IDs {
				aliases[i].IDs = add(aliases[i].IDs, id)
			}
			return aliases
		}
	}
	return append(aliases, more)
}

// standing is how far rules judge a control.
type standing struct {
	name string
	// here are the rules that bear on it, missing those that ask the same and are
	// not there yet.
	here, missing []string
}

// The names of standings, in the order of the page's columns.
var standings = []string{"judged", "in part", "no rule yet", "not visible"}

// standingOf tells of a control how far rules judge it.
func standingOf(c policies.SecurityControl, exists map[string]bool) standing {
	var s standing
	for _, id := range c.Rules {
		if exists[id] {
			s.here = append(s.here, id)
		} else {
			s.missing = append(s.missing, id)
		}
	}
	for _, id := range slices.Concat(c.Laxer, c.Stricter) {
		if exists[id] {
			s.here = append(s.here, id)
		}
	}
	switch {
	case len(c.Rules) > 0 && len(s.missing) == 0:
		s.name = "judged"
	case len(s.here) > 0:
		s.name = "in part"
	case c.Evidence == "none":
		s.name = "not visible"
	default:
		s.name = "no rule yet"
	}
	return s
}

// standardsPage is docs/standards.md: every control of Security Hub, how far
// rules judge it, and what that makes of each standard.
func standardsPage(controls []policies.SecurityControl, standards []*policies.Standard, chapters []chapter) string {
	exists := map[string]bool{}
	for _, c := range chapters {
		for _, r := range c.rules {
			exists[r.ID] = true
		}
	}
	in := map[string][]string{}
	var b strings.Builder
	b.WriteString("# Standards\n\n" + generatedPage + standardsIntroduction + "| standard | | controls | " + strings.Join(standings, " | ") + " |\n|---|---|--:|--:|--:|--:|--:|\n")
	for _, s := range standards {
		counts := map[string]int{}
		for _, m := range s.Members {
			counts[standingOf(m.Control, exists).name]++
			in[m.Control.ID] = append(in[m.Control.ID], strings.TrimSpace(s.ID+" "+strings.Join(m.Requirements, " ")))
		}
		fmt.Fprintf(&b, "| `%s` | [%s](%s), as of %s | %d |", s.ID, s.Title, s.Source, s.AsOf, len(s.Members))
		for _, name := range standings {
			fmt.Fprintf(&b, " %d |", counts[name])
		}
		b.WriteString("\n")
	}
	service := ""
	for _, c := range controls {
		if c.Service() != service {
			service = c.Service()
			fmt.Fprintf(&b, "\n## %s\n\n| control | asks | severity | standards | state | rules |\n|---|---|---|---|---|---|\n", service)
		}
		writeStanding(&b, c, standingOf(c, exists), in[c.ID])
	}
	return b.String()
}

const standardsIntroduction = "The standards that AWS Security Hub judges after deployment, and how much of each demarc judges before. " +
	"`demarc scan --standard fsbp` asks exactly the rules that answer a standard's controls, `demarc rules --standard fsbp` lists them, and " +
	"`demarc responsibility --standard cis-5.0` tells of each control whether it is broken, kept, or not shown. A control's id and its rule of AWS Config also name demarc's rules: " +
	"`--rule EC2.19`, `demarc explain S3.8`, and suppression by them.\n\n" +
	"*Judged*: all rules that ask the same are there. *In part*: some are, or one that sees some of what breaks the control, or one that asks for more. " +
	"*Not visible*: no template shows it. Controls of no standard below are those that ask for tags, and those of older standards.\n\n"

func writeStanding(b *strings.Builder, c policies.SecurityControl, s standing, in []string) {
	rules := links(s.here)
	for _, id := range s.missing {
		rules = append(rules, "*"+id+"*")
	}
	if s.name == "not visible" {
		rules = append(rules, "("+c.WhyNot+")")
	}
	fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s |\n", c.ID, c.Ask, c.Severity, strings.Join(in, "; "), s.name, strings.Join(rules, ", "))
}

// links lead to the pages of rules.
func links(ids []string) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		service, _, _ := strings.Cut(id, "/")
		out[i] = fmt.Sprintf("[%s](rules/%s.md#%s)", id, service, anchor(id))
	}
	return out
}
