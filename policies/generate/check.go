package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/graph"
)

// check holds the rules against the schema.
func check(types []graph.Type, chapters []chapter) error {
	schema := graph.NewSchema(types)
	var errs []error
	for _, c := range chapters {
		for _, name := range c.types {
			if schema.Type(name) == nil {
				errs = append(errs, fmt.Errorf("%s reads %s, which no schema table names", c.name, name))
			}
		}
		for _, r := range c.rules {
			errs = append(errs, checkRule(schema, r)...)
		}
	}
	return errors.Join(errs...)
}

func checkRule(schema *graph.Schema, r rule) []error {
	var errs []error
	fail := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf(r.ID+": "+format, args...))
	}
	if finding.Severity(r.Severity).Rank() == 0 {
		fail("severity %q is not one", r.Severity)
	}
	if r.Profile != "default" && r.Profile != "extended" {
		fail("profile is default or extended, not %q", r.Profile)
	}
	for _, text := range []struct{ name, value string }{{"title", r.Title}, {"description", r.prose.Description}, {"remedy", r.prose.Remedy}} {
		if text.value == "" {
			fail("has no %s", text.name)
		}
		if strings.Contains(text.value, "\n") {
			fail("its %s has more than one paragraph: fold its lines with >-", text.name)
		}
	}
	if len(r.prose.Related) == 0 {
		fail("names no AWS documentation page")
	}
	if len(r.Subject) == 0 {
		fail("has no subject")
	}
	paths := append(append(append(append([]string{}, r.When...), r.Reads...), r.Presence...), r.Weighs...)
	for _, subject := range r.Subject {
		if strings.HasPrefix(subject, "document:") {
			continue
		}
		t := schema.Type(subject)
		if t == nil {
			fail("subject %s is in no schema table", subject)
			continue
		}
		for _, path := range paths {
			if !hasPath(t, path) && len(r.Subject) == 1 {
				fail("reads %s, which the table of %s does not name", path, subject)
			}
		}
	}
	return errs
}

// hasPath accepts what a table names, and whatever lies inside a document.
func hasPath(t *graph.Type, path string) bool {
	for p := path; p != ""; {
		if a := t.Attribute(graph.ParsePath(p)); a != nil {
			return p == path || a.Form == graph.FormDocument
		}
		i := strings.LastIndexByte(p, '.')
		if i < 0 {
			return false
		}
		p = p[:i]
	}
	return false
}
