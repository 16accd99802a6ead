package linter

import (
	"context"
	"maps"
	"path/filepath"
	"slices"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/load"
	"github.com/demarc-dev/demarc/linter/source"
	"github.com/demarc-dev/demarc/policies"
)

// made says what a report was made of and with, for those who file it.
func (l *Linter) made(ctx context.Context, paths []string) *finding.Made {
	m := &finding.Made{
		Paths: paths, Commit: headOf(ctx, paths), Profile: l.options.Profile, Rules: len(l.wanted), RulesHash: policies.Hash(),
		Workspace: l.options.Workspace, Variables: slices.Sorted(maps.Keys(l.options.Variables)), Parameters: slices.Sorted(maps.Keys(l.options.Parameters)),
	}
	for _, name := range l.options.VarFiles {
		m.VarFiles = append(m.VarFiles, filepath.ToSlash(name))
	}
	for _, layer := range l.options.Config.Layers() {
		for _, env := range layer.Environments {
			if !slices.Contains(m.Environments, env.Name) {
				m.Environments = append(m.Environments, env.Name)
			}
		}
	}
	return m
}

// headOf is the commit of the repository that holds the paths, or "" where git
// knows none.
func headOf(ctx context.Context, paths []string) string {
	top, err := load.Confinement(paths, "")
	if err != nil {
		return ""
	}
	repository, err := source.OpenRepository(top)
	if err != nil {
		return ""
	}
	return repository.Head(ctx)
}
