package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/demarc-dev/demarc/linter"
)

func explainCommand() *command {
	return &command{
		usage: "demarc explain RULE...",
		about: "Explain a rule: what it asks, whose duty that is, how to fix what breaks it, and how to\nsuppress it. RULE is a rule's id, or the id that checkov, trivy or kics gives it.",
		examples: `
demarc explain vpc/ingress-ssh
demarc explain CKV_AWS_24`,
	}
}

func explain(args []string) (int, error) {
	c := explainCommand()
	return c.run(args, func(names []string) (int, error) {
		if len(names) == 0 {
			return 0, fmt.Errorf("explain needs a RULE: demarc rules lists them")
		}
		var pages []string
		for _, name := range names {
			rule, suggestions := linter.FindRule(name)
			if suggestions != nil {
				return 0, unknownRule(name, suggestions)
			}
			pages = append(pages, page(rule))
		}
		_, err := fmt.Fprint(os.Stdout, strings.Join(pages, "\n"))
		return 0, err
	})
}

func unknownRule(name string, suggestions []string) error {
	if len(suggestions) == 0 {
		return fmt.Errorf("unknown rule %q: demarc rules lists them", name)
	}
	return fmt.Errorf("unknown rule %q: did you mean %s?", name, strings.Join(suggestions, " or "))
}

// page is all that there is to say about a rule.
func page(r linter.Rule) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n\n", r.ID, r.Title)
	prose := r.Prose()
	if prose.Description != "" {
		fmt.Fprintf(&b, "%s\n\n", prose.Description)
	}
	row := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%-10s %s\n", name, value)
		}
	}
	row("Severity", string(r.Severity))
	row("Profile", r.Profile)
	row("Judges", strings.Join(r.Subject, ", "))
	row("Service", linter.ServiceModel(r.ID))
	for _, id := range r.Controls {
		row("Control", control(id))
	}
	for _, peer := range linter.Peers {
		row(peer, strings.Join(r.Aliases[peer], ", "))
	}
	for _, o := range r.Options {
		row("Option", fmt.Sprintf("%s: %s. Default: %d", o.Name, o.About, o.Default))
	}
	for _, link := range prose.Related {
		row("See", link)
	}
	if prose.Remedy != "" {
		fmt.Fprintf(&b, "\nHow to fix it\n%s\n", indent(prose.Remedy))
	}
	fmt.Fprintf(&b, "\nHow to suppress it, on or above the resource, block or attribute\n  # demarc:ignore %s reason=\"why it does not apply here\"\n", r.ID)
	return b.String()
}

func control(id string) string {
	c, ok := linter.FindControl(id)
	if !ok {
		return id
	}
	side := c.Side
	if slices.Contains([]string{"customer", "aws"}, side) {
		side += "'s side"
	}
	return fmt.Sprintf("%s (%s): %s", id, side, c.Ask)
}
