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
		usage: "demarc explain RULE|CONTROL...",
		about: "Explain a rule: what it asks, whose duty that is, how to fix what breaks it, and how to\nsuppress it. RULE is a rule's id, or the id that checkov, trivy or kics gives it.\nOr explain a CONTROL of the shared-responsibility model, an aspect of one, or a control of\nAWS Security Hub: what it asks, whose side it is on, and which rules judge it.",
		examples: `
demarc explain vpc/ingress-ssh
demarc explain CKV_AWS_24
demarc explain ID-3
demarc explain ID-3.a
demarc explain S3.8`,
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
			text, err := explanation(name)
			if err != nil {
				return 0, err
			}
			pages = append(pages, text)
		}
		_, err := fmt.Fprint(os.Stdout, strings.Join(pages, "\n"))
		return 0, err
	})
}

// explanation is the page of what has that name: a control, an aspect or a rule.
func explanation(name string) (string, error) {
	if text, found, err := controlExplanation(name); found || err != nil {
		return text, err
	}
	rule, found := rules.Find(name)
	if !found {
		return "", rules.Unknown(name)
	}
	return page(rule), nil
}

// row is a line of a page; there is none for nothing.
func row(b *strings.Builder, name, value string) {
	if value != "" {
		fmt.Fprintf(b, "%-11s %s\n", name, value)
	}
}

// page is all that there is to say about a rule.
func page(r rules.Rule) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n\n", r.ID, r.Title)
	prose := rules.ProseOf(r.ID)
	if prose.Description != "" {
		fmt.Fprintf(&b, "%s\n\n", prose.Description)
	}
	row(&b, "Severity", string(r.Severity))
	row(&b, "Profile", r.Profile)
	row(&b, "Judges", strings.Join(r.Subject, ", "))
	row(&b, "Service", r.ServiceModel)
	for _, id := range r.Controls {
		row(&b, "Control", control(id))
	}
	aliases := r.Aliases.ByPeer()
	for _, peer := range finding.Peers() {
		row(&b, peer, strings.Join(aliases[peer], ", "))
	}
	for _, o := range r.Options {
		row(&b, "Option", fmt.Sprintf("%s: %s. Default: %d", o.Name, o.About, o.Default))
	}
	for _, link := range prose.Related {
		row(&b, "See", link)
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
	return fmt.Sprintf("%s (%s): %s", id, whoseSide(c.Side), c.Ask)
}

func whoseSide(side string) string {
	if slices.Contains([]string{"customer", "aws"}, side) {
		return side + "'s side"
	}
	return side
}
