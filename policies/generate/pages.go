package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/demarc-dev/demarc/policies"
)

const generatedPage = "<!-- Written by go generate ./policies from the rules and their fixtures. -->\n\n"

// pages are the documentation of the rules by file name below docs/: a page a
// service, and their index.
func pages(dir string, services []policies.Service, controls []policies.Control) (map[string]string, error) {
	asks := map[string]policies.Control{}
	for _, c := range controls {
		asks[c.ID] = c
	}
	out := map[string]string{}
	var index strings.Builder
	index.WriteString("# Rules\n\n" + generatedPage + "| service | rules | |\n|---|--:|---|\n")
	all := 0
	for _, s := range services {
		title, err := chapterTitle(filepath.Join(dir, s.Files[0]))
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&index, "| [%s](%s.md) | %d | %s |\n", s.Name, s.Name, len(s.Rules), title)
		all += len(s.Rules)
		out["rules/"+s.Name+".md"] = servicePage(filepath.Join(dir, "..", "fixtures", "rules"), s, title, asks)
	}
	fmt.Fprintf(&index, "\n%d rules. `demarc rules` lists them, `demarc explain RULE` tells all about one. How ids of other tools map to them: [coverage.md](../coverage.md).\n", all)
	out["rules/README.md"] = index.String()
	return out, nil
}

// chapterTitle is the comment that a chapter begins with.
func chapterTitle(name string) (string, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return "", err
	}
	head, _, _ := strings.Cut(string(data), "\npackage ")
	head = strings.Join(strings.Fields(strings.ReplaceAll(head, "#", " ")), " ")
	if head == "" {
		return "", fmt.Errorf("%s: a comment that says what the chapter is about is missing above the package", name)
	}
	return strings.TrimSuffix(head, "."), nil
}

func servicePage(fixtures string, s policies.Service, title string, asks map[string]policies.Control) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s: %s\n\n%s| rule | severity | profile | |\n|---|---|---|---|\n", s.Name, strings.ToLower(title[:1])+title[1:], generatedPage)
	for _, r := range s.Rules {
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s | %s |\n", r.ID, anchor(r.ID), r.Severity, r.Profile, r.Title)
	}
	for _, r := range s.Rules {
		writeRule(&b, fixtures, r, asks)
	}
	return b.String()
}

// anchor is the fragment that GitHub gives a heading.
func anchor(id string) string { return strings.ReplaceAll(id, "/", "") }

func writeRule(b *strings.Builder, fixtures string, r policies.Rule, asks map[string]policies.Control) {
	fmt.Fprintf(b, "\n## %s\n\n**%s.** %s\n\n", r.ID, r.Title, strings.Join(strings.Fields(r.Description), " "))
	fmt.Fprintf(b, "- %s, %s profile, on `%s`\n", r.Severity, r.Profile, strings.Join(r.Subject, "`, `"))
	for _, id := range r.Controls {
		fmt.Fprintf(b, "- %s: %s (%s)\n", id, asks[id].Ask, whose(asks[id].Side))
	}
	for _, o := range r.Options {
		fmt.Fprintf(b, "- option `%s`: %s; %d unless set\n", o.Name, o.About, o.Default)
	}
	for _, a := range r.Aliases {
		fmt.Fprintf(b, "- %s: %s\n", a.Peer, strings.Join(a.IDs, ", "))
	}
	for _, link := range r.Related {
		fmt.Fprintf(b, "- <%s>\n", link)
	}
	bad, good := examples(fixtures, r.ID, r.Remedy)
	writeExamples(b, "Breaks it", bad)
	writeExamples(b, "Keeps it", good)
	fmt.Fprintf(b, "\nTo mend it: %s\n", r.Remedy)
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
