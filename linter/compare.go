package linter

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
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
	repo, commit, err := l.revisionOf(ctx, paths)
	if err != nil {
		return nil, err
	}
	after, s, err := l.lint(ctx, paths)
	if err != nil {
		return nil, err
	}
	defer s.tree.Close()
	dir, err := repo.checkOut(commit)
	if err != nil {
		return nil, fmt.Errorf("read the base revision: %w", err)
	}
	defer os.RemoveAll(dir)
	before, err := l.lintBase(ctx, repo.top, dir, s.paths)
	if err != nil {
		return nil, fmt.Errorf("scan the base revision: %w", err)
	}
	if ctx.Err() != nil {
		return nil, errInterrupted
	}
	// There may have been nothing at these paths.
	before.Controls, before.Frameworks = after.Controls, after.Frameworks
	if err := relocate(before.Findings, dir, repo.top); err != nil {
		return nil, err
	}
	c := &Comparison{Before: before, After: after, Base: finding.Base{Revision: l.options.NewFrom, Commit: commit, Errors: len(before.Coverage.Errors)}}
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

// relocate gives findings in a copy of the repository the places that they
// have in the repository.
func relocate(findings []finding.Finding, dir, top string) error {
	wd, err := os.Getwd()
	if err != nil {
		return err
	}
	if wd, err = filepath.EvalSymlinks(wd); err != nil {
		return err
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return err
	}
	move := func(l *finding.Location) {
		if l.File == "" {
			return
		}
		rel, err := filepath.Rel(dir, filepath.Join(wd, filepath.FromSlash(l.File)))
		if err != nil || !filepath.IsLocal(rel) {
			return
		}
		if rel, err = filepath.Rel(wd, filepath.Join(top, rel)); err == nil {
			l.File = filepath.ToSlash(rel)
		}
	}
	for i := range findings {
		move(&findings[i].Location)
		for j := range findings[i].Related {
			move(&findings[i].Related[j].Location)
		}
	}
	return nil
}
