package linter

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/source"
)

// onlyNew leaves in a report what was not found in the base: the commit where
// HEAD left the revision. Both are scanned with the same options.
func (l *Linter) onlyNew(ctx context.Context, r *finding.Report, s *scan, repo *repository, commit string) error {
	dir, err := repo.checkOut(commit)
	if err != nil {
		return fmt.Errorf("read the base revision: %w", err)
	}
	defer os.RemoveAll(dir)
	base, err := l.lintBase(ctx, repo.top, dir, s.paths)
	if err != nil {
		return fmt.Errorf("scan the base revision: %w", err)
	}
	if ctx.Err() != nil {
		return errInterrupted
	}
	before := map[finding.Status][]finding.Entry{}
	for i := range base.Findings {
		f := &base.Findings[i]
		before[f.Status] = append(before[f.Status], finding.EntryOf(f))
	}
	m := s.matcher()
	failed := m.Match(before[finding.Fail], r.Findings)
	undecided := m.Match(before[finding.Inconclusive], r.Findings)
	left := make([]finding.Finding, 0, len(r.Findings))
	known := 0
	for i, f := range r.Findings {
		switch {
		case f.Status == finding.Suppressed:
		case failed[i] >= 0 && l.options.RecheckValues && before[finding.Fail][failed[i]].Changed(&f):
		case failed[i] >= 0, f.Status == finding.Inconclusive && undecided[i] >= 0:
			if f.Status == finding.Fail {
				known++
			}
			continue
		}
		left = append(left, f)
	}
	r.Findings, r.Summary = left, finding.Count(left)
	r.Base = &finding.Base{Revision: l.options.NewFrom, Commit: commit, Known: known, Errors: len(base.Coverage.Errors)}
	return nil
}

// lintBase scans a copy in dir of what lies below top.
func (l *Linter) lintBase(ctx context.Context, top, dir string, paths []string) (*finding.Report, error) {
	o := l.options
	o.NewFrom, o.Baseline, o.Progress = "", nil, nil
	// in is the copy's name of a path, and whether it is there.
	in := func(p string) (string, bool) {
		absolute, err := filepath.Abs(p)
		if err != nil {
			return "", false
		}
		if resolved, err := filepath.EvalSymlinks(absolute); err == nil {
			absolute = resolved
		}
		rel, err := filepath.Rel(top, absolute)
		if err != nil || !filepath.IsLocal(rel) {
			return "", false
		}
		copied := filepath.Join(dir, rel)
		_, err = os.Stat(copied)
		return copied, err == nil
	}
	o.Root = dir
	if l.options.Root != "" {
		root, there := in(l.options.Root)
		if !there {
			return &finding.Report{}, nil
		}
		o.Root = root
	}
	o.VarFiles = nil
	for _, name := range l.options.VarFiles {
		if copied, there := in(name); there {
			name = copied
		}
		o.VarFiles = append(o.VarFiles, name)
	}
	if c := l.options.Config; c != nil {
		resolved, err := filepath.EvalSymlinks(dir)
		if err != nil {
			return nil, err
		}
		if o.Config, err = c.place(func(layer *Config) error { return layer.copyTo(resolved, top) }); err != nil {
			return nil, err
		}
	}
	var there []string
	for _, p := range paths {
		if copied, ok := in(p); ok {
			there = append(there, copied)
		}
	}
	if len(there) == 0 {
		return &finding.Report{}, nil
	}
	base := &Linter{options: o, wanted: l.wanted}
	r, s, err := base.lint(ctx, there)
	if err != nil {
		return nil, err
	}
	return r, s.tree.Close()
}

// revisionOf finds the base commit before anything is scanned, or nothing if
// all findings are wanted.
func (l *Linter) revisionOf(ctx context.Context, paths []string) (*repository, string, error) {
	if l.options.NewFrom == "" {
		return nil, "", nil
	}
	repo, err := openRepository(ctx, paths)
	if err != nil {
		return nil, "", fmt.Errorf("--new-from: %w", err)
	}
	if root := l.options.Root; root != "" {
		tree, err := source.Open(repo.top)
		if err != nil {
			return nil, "", err
		}
		defer tree.Close()
		if _, err := tree.Rel(root); err != nil {
			return nil, "", fmt.Errorf("--new-from needs a --root within the repository: %w", err)
		}
	}
	commit, err := repo.base(l.options.NewFrom)
	if err != nil {
		return nil, "", fmt.Errorf("--new-from: %w", err)
	}
	return repo, commit, nil
}

// copyTo makes the file one of the copy in dir of what lies below top.
func (c *Config) copyTo(dir, top string) error {
	if c.dir == "" {
		return nil
	}
	rel, err := filepath.Rel(top, c.dir)
	if err == nil {
		c.dir = filepath.Join(dir, rel)
	}
	return err
}
