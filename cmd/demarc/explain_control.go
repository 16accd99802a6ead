package main

import (
	"fmt"
	"strings"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/rules"
)

// controlExplanation is the page of the control of that name, of the model or of
// Security Hub, or of one aspect of it.
func controlExplanation(name string) (text string, found bool, err error) {
	model, err := rules.Model("")
	if err != nil {
		return "", false, err
	}
	for _, c := range model.Controls {
		for _, a := range c.Aspects {
			if strings.EqualFold(a.ID, name) {
				alone := c
				alone.Aspects = []finding.Aspect{a}
				return controlPage(alone, clauses(model.Frameworks, alone)), true, nil
			}
		}
		if strings.EqualFold(c.ID, name) {
			return controlPage(c, clauses(model.Frameworks, c)), true, nil
		}
	}
	c, found := rules.SecurityControl(name)
	if !found {
		return "", false, nil
	}
	in, err := rules.InStandards(c.ID)
	return controlPage(c, in), true, err
}

// clauses are those of the frameworks that ask for an aspect of the control.
func clauses(frameworks []finding.Framework, c finding.Control) []string {
	var out []string
	for _, f := range frameworks {
		for _, clause := range f.Clauses {
			if clause.AsksFor(c) {
				out = append(out, fmt.Sprintf("%s:%s %s", strings.ToUpper(f.ID), clause.ID, clause.Title))
			}
		}
	}
	return out
}

// controlPage is all that there is to say about a control.
func controlPage(c finding.Control, asked []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n\n", c.ID, c.Ask)
	row(&b, "Area", c.Area)
	row(&b, "Side", whoseSide(c.Side))
	for _, clause := range asked {
		row(&b, "Asked by", clause)
	}
	for _, a := range c.Aspects {
		fmt.Fprintf(&b, "\n%s  %s\n", a.ID, a.Ask)
		aspectRows(&b, a)
	}
	return b.String()
}

func aspectRows(b *strings.Builder, a finding.Aspect) {
	row(b, "  Side", whoseSide(a.Side))
	row(b, "  Source", a.Source)
	row(b, "  Same as", strings.Join(a.See, ", "))
	row(b, "  Shown", shown(a))
	judged := false
	for _, r := range a.Rules {
		judged = judged || !r.Pedantic || r.Keeps
		row(b, "  Rule", r.ID+bearing(r))
	}
	if !judged && a.Visible() {
		row(b, "  Rule", "no rule yet")
	}
}

// bearing tells how a rule bears on an aspect, where it does not both break and keep it.
func bearing(r finding.AspectRule) string {
	switch {
	case r.Pedantic && r.Keeps:
		return " (asks for more: its findings break nothing, a pass shows it kept)"
	case r.Pedantic:
		return " (asks for more: its findings are listed and break nothing)"
	case !r.Keeps:
		return " (sees some of what breaks it: a pass does not show it kept)"
	}
	return ""
}

// shown tells how much a template can show of an aspect.
func shown(a finding.Aspect) string {
	if a.Side == "aws" {
		return "by no template: AWS carries it"
	}
	switch a.Evidence {
	case "static":
		return "by a template alone"
	case "partial":
		return "by a template in part: the account may have it elsewhere"
	}
	why := map[string]string{
		"process": "people and plans keep it", "account": "it is the account's state",
		"time": "it recurs", "content": "it is inside a host, an image or data",
	}
	return "by no template: " + why[a.WhyNot]
}
