package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/rules"
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
			rule, found := rules.Find(name)
			if !found {
				return 0, rules.Unknown(name)
			}
			pages = append(pages, page(rule))
		}
		_, err := fmt.Fprint(os.Stdout, strings.Join(pages, "\n"))
		return 0, err
	})
}

// page is all that there is to say about a rule.
func page(r rules.Rule) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n\n", r.ID, r.Title)
	prose := rules.ProseOf(r.ID)
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
	row("Service", r.ServiceModel)
	for _, id := range r.Controls {
		row("Control", control(id))
	}
	aliases := r.Aliases.ByPeer()
	for _, peer := range finding.Peers() {
		row(peer, strings.Join(aliases[peer], ", "))
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
	c, ok := rules.FindControl(id)
	if !ok {
		return id
	}
	side := c.Side
	if slices.Contains([]string{"customer", "aws"}, side) {
		side += "'s side"
	}
	return fmt.Sprintf("%s (%s): %s", id, side, c.Ask)
}
