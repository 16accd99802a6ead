package linter

import (
	"context"
	"fmt"

	"github.com/demarc-dev/demarc/linter/baseline"
	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/load"
	"github.com/demarc-dev/demarc/linter/silence"
	"github.com/demarc-dev/demarc/linter/source"
)

// onlyNew leaves in a report what was not found in the base: the commit where
// HEAD left the revision. Both are scanned with the same options.
func (l *Linter) onlyNew(ctx context.Context, r *finding.Report, s *scan, b *base) error {
	base, err := l.lintBase(ctx, b, s)
	if err != nil {
		return err
	}
	known := silence.Pass{Silencers: []*silence.Silencer{{
		Kind: silence.BaseRevision,
		Lists: func(findings []finding.Finding) []bool {
			return baseline.Before(base.Findings, findings, s.matcher(), l.options.RecheckValues)
		},
	}}}
	left := known.Apply(r.Findings)
	before := r.Summary.Total()
	r.Findings, r.Summary = left, finding.Count(left)
	r.Base = &finding.Base{Revision: l.options.NewFrom, Commit: b.commit, Known: before - r.Summary.Total(), Errors: len(base.Coverage.Errors)}
	return nil
}

// base is what there was before: a git revision.
type base struct {
	repository *source.Repository
	commit     string // where HEAD left the revision
}

// baseOf finds the base commit before anything is scanned, or nothing if all
// findings are wanted.
func (l *Linter) baseOf(ctx context.Context, paths []string) (*base, error) {
	if l.options.NewFrom == "" {
		return nil, nil
	}
	b, err := l.findBase(ctx, paths)
	if err != nil {
		return nil, fmt.Errorf("--new-from: %w", err)
	}
	return b, nil
}

func (l *Linter) findBase(ctx context.Context, paths []string) (*base, error) {
	top, err := load.Confinement(paths, "")
	if err != nil {
		return nil, err
	}
	repository, err := source.OpenRepository(top)
	if err != nil {
		return nil, err
	}
	if root := l.options.Root; root != "" {
		if _, err := source.Rel(top, root); err != nil {
			return nil, fmt.Errorf("it needs a --root within the repository: %w", err)
		}
	}
	commit, err := repository.MergeBase(ctx, l.options.NewFrom)
	if err != nil {
		return nil, err
	}
	return &base{repository, commit}, nil
}

// lintBase judges what lay at the paths of a scan in the base, with the same
// options. Names in the tree are the same on both sides.
func (l *Linter) lintBase(ctx context.Context, b *base, now *scan) (*finding.Report, error) {
	commit, tree, err := openBase(ctx, b, now)
	if err != nil {
		return nil, fmt.Errorf("read the base revision: %w", err)
	}
	defer commit.Close()
	old, err := now.Before(tree)
	if err != nil {
		return nil, err
	}
	s := &scan{Scan: old}
	if err := commit.Err(); err != nil {
		return nil, fmt.Errorf("read the base revision: %w", err)
	}
	if len(s.Paths) == 0 {
		return &finding.Report{}, nil
	}
	o := l.options
	o.NewFrom, o.Baseline, o.Progress = "", nil, nil
	before := &Linter{options: o, wanted: l.wanted, kept: l.kept}
	r, err := before.lint(ctx, s)
	switch {
	case ctx.Err() != nil:
		return nil, load.ErrInterrupted
	case commit.Err() != nil:
		return nil, fmt.Errorf("read the base revision: %w", commit.Err())
	case err != nil:
		return nil, fmt.Errorf("scan the base revision: %w", err)
	}
	return r, nil
}

// openBase opens the base below the root of a scan.
func openBase(ctx context.Context, b *base, now *scan) (*source.Commit, source.FS, error) {
	dir, err := source.Rel(b.repository.Top(), now.Tree.Dir())
	if err != nil {
		return nil, nil, err
	}
	commit, err := source.AtCommit(ctx, b.repository, b.commit, dir)
	if err != nil {
		return nil, nil, err
	}
	head, err := commit.Sibling("HEAD", dir)
	if err != nil {
		commit.Close()
		return nil, nil, err
	}
	return commit, source.NewBase(commit, head, now.Tree), nil
}
