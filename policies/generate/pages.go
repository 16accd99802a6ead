package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/demarc-dev/demarc/linter/finding"
)

const generatedPage = "<!-- Written by go generate ./policies from the rules and their fixtures. -->\n\n"

// pages are the documentation of the rules by file name below docs/: a page a
// service, and their index.
func pages(dir string, chapters []chapter, m *model) map[string]string {
	asks := map[string]finding.Aspect{}
	for _, c := range m.controls {
		for _, a := range c.Aspects {
			asks[a.ID] = a
		}
	}
	out := map[string]string{}
	var index strings.Builder
	index.WriteString("# Rules\n\n" + generatedPage + "| service | rules | |\n|---|--:|---|\n")
	all := 0
	for _, c := range chapters {
		fmt.Fprintf(&index, "| [%s](%s.md) | %d | %s |\n", c.name, c.name, len(c.rules), c.title)
		all += len(c.rules)
		out["rules/"+c.name+".md"] = servicePage(filepath.Join(dir, "..", "fixtures", "rules"), c, asks)
	}
	fmt.Fprintf(&index, "\n%d rules. `demarc rules` lists them, `demarc explain RULE` tells all about one. How ids of other tools map to them: [coverage.md](../coverage.md).\n", all)
	out["rules/README.md"] = index.String()
	out["controls.md"] = controlsPage(m)
	return out
}

func servicePage(fixtures string, c chapter, asks map[string]finding.Aspect) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s: %s\n\n%s| rule | severity | profile | |\n|---|---|---|---|\n", c.name, strings.ToLower(c.title[:1])+c.title[1:], generatedPage)
	for _, r := range c.rules {
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s | %s |\n", r.ID, anchor(r.ID), r.Severity, r.Profile, r.Title)
	}
	for _, r := range c.rules {
		writeRule(&b, fixtures, r, asks)
	}
	return b.String()
}

// anchor is the fragment that GitHub gives a heading.
func anchor(id string) string { return strings.ReplaceAll(id, "/", "") }

func writeRule(b *strings.Builder, fixtures string, r rule, asks map[string]finding.Aspect) {
	fmt.Fprintf(b, "\n## %s\n\n**%s.** %s\n\n", r.ID, r.Title, strings.Join(strings.Fields(r.prose.Description), " "))
	fmt.Fprintf(b, "- %s, %s profile, on `%s`\n", r.Severity, r.Profile, strings.Join(r.Subject, "`, `"))
	for _, id := range r.aspects.Judged {
		fmt.Fprintf(b, "- %s (%s): %s\n", id, whose(asks[id].Side), asks[id].Ask)
	}
	for _, id := range r.aspects.Pedantic {
		fmt.Fprintf(b, "- asks for more than %s (%s): %s\n", id, whose(asks[id].Side), asks[id].Ask)
	}
	for _, o := range r.Options {
		fmt.Fprintf(b, "- option `%s`: %s; %d unless set\n", o.Name, o.About, o.Default)
	}
	for _, a := range r.Aliases {
		fmt.Fprintf(b, "- %s: %s\n", a.Peer, strings.Join(a.IDs, ", "))
	}
	for _, link := range r.prose.Related {
		fmt.Fprintf(b, "- <%s>\n", link)
	}
	bad, good := examples(fixtures, r.ID, r.prose.Remedy)
	writeExamples(b, "Breaks it", bad)
	writeExamples(b, "Keeps it", good)
	fmt.Fprintf(b, "\nTo mend it: %s\n", r.prose.Remedy)
}

func whose(side string) string {
	if side == "aws" {
		return "AWS's side"
	}
	return side + "'s side"
}

func writeExamples(b *strings.Builder, title string, examples []example) {
	if len(examples) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s:\n", title)
	for _, e := range examples {
		fmt.Fprintf(b, "\n```%s\n%s```\n", e.language, e.text)
	}
}
