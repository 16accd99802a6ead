package main

import (
	"fmt"
	"strings"

	"github.com/demarc-dev/demarc/linter/finding"
)

// controlsPage is docs/controls.md: every aspect of every control with the
// rules that judge it, or why there is none.
func controlsPage(m *model) string {
	var rows strings.Builder
	visible, judged := 0, 0
	for _, c := range m.controls {
		fmt.Fprintf(&rows, "\n## %s\n\n%s (%s; %s)\n\n| aspect | asks | judged by |\n|---|---|---|\n", c.ID, sentence(c.Ask), whose(c.Side), c.Area)
		for _, a := range c.Aspects {
			fmt.Fprintf(&rows, "| %s | %s | %s |\n", a.ID, a.Ask, judgedBy(a))
			if a.Visible() {
				visible++
				if len(only(a, false)) > 0 {
					judged++
				}
			}
		}
	}
	return fmt.Sprintf("# Controls\n\n%sThe controls of the shared-responsibility model and the aspects that each consists of. Of %d aspects that a template can show, "+
		"rules judge %d. How states follow from them: [responsibility.md](responsibility.md).\n%s", generatedPage, visible, judged, rows.String())
}

func sentence(text string) string { return strings.ToUpper(text[:1]) + text[1:] + "." }

// judgedBy names the rules of an aspect, or says why it has none.
func judgedBy(a finding.Aspect) string {
	var parts []string
	if rules := only(a, false); len(rules) > 0 {
		parts = append(parts, strings.Join(rules, ", "))
	}
	if rules := only(a, true); len(rules) > 0 {
		parts = append(parts, "beyond it: "+strings.Join(rules, ", "))
	}
	switch {
	case len(a.See) > 0:
		return "see " + strings.Join(a.See, ", ")
	case len(parts) > 0:
		return strings.Join(parts, "; ")
	case a.Side == "aws":
		return "AWS carries it"
	case a.Evidence == "none":
		return "no template shows it: " + a.WhyNot
	}
	return "**no rule yet**"
}

// only are links to the rules of an aspect that are, or are not, pedantic.
func only(a finding.Aspect, pedantic bool) []string {
	var ids []string
	for _, r := range a.Rules {
		if r.Pedantic == pedantic {
			ids = append(ids, r.ID)
		}
	}
	return links(ids)
}
