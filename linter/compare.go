package linter

import (
	"context"
	"errors"
	"slices"

	"github.com/demarc-dev/demarc/linter/finding"
)

// Comparison are two scans of the same paths: now, and where HEAD left a revision.
type Comparison struct {
	Base          finding.Base
	Before, After *finding.Report
	// Came are failing findings that only After has, Went those that only
	// Before has. A finding that moved is neither.
	Came, Went []finding.Finding
}

// Compare judges what lies at the paths, and the same as it was where HEAD left
// the revision of Options.NewFrom.
func (l *Linter) Compare(ctx context.Context, paths []string) (*Comparison, error) {
	if l.options.NewFrom == "" {
		return nil, errors.New("compare: there is no revision to compare with")
	}
	b, err := l.baseOf(ctx, paths)
	if err != nil {
		return nil, err
	}
	s, err := l.open(ctx, paths)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	after, err := l.lint(ctx, s)
	if err != nil {
		return nil, err
	}
	before, err := l.lintBase(ctx, b, s)
	if err != nil {
		return nil, err
	}
	// There may have been nothing at these paths.
	before.Controls, before.Frameworks = after.Controls, after.Frameworks
	c := &Comparison{Before: before, After: after, Base: finding.Base{Revision: l.options.NewFrom, Commit: b.commit, Errors: len(before.Coverage.Errors)}}
	was := slices.DeleteFunc(slices.Clone(before.Findings), notFailing)
	entries := make([]finding.Entry, len(was))
	for i := range was {
		entries[i] = finding.EntryOf(&was[i])
	}
	still := make([]bool, len(was))
	known := s.matcher().Match(entries, after.Findings)
	for i, f := range after.Findings {
		switch {
		case notFailing(f):
		case known[i] >= 0:
			still[known[i]] = true
			c.Base.Known++
		default:
			c.Came = append(c.Came, f)
		}
	}
	for i, f := range was {
		if !still[i] {
			c.Went = append(c.Went, f)
		}
	}
	return c, nil
}

func notFailing(f finding.Finding) bool { return f.Status != finding.Fail }
