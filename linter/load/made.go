package load

import (
	"context"
	"maps"
	"path/filepath"
	"slices"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/source"
)

// Made says what a report is made of, for those who file it: the paths, the
// commit and the inputs.
func (o Options) Made(ctx context.Context, paths []string) *finding.Made {
	m := &finding.Made{
		Paths: paths, Commit: headOf(ctx, paths), Workspace: o.Workspace,
		Variables: slices.Sorted(maps.Keys(o.Variables)), Parameters: slices.Sorted(maps.Keys(o.Parameters)),
	}
	for _, name := range o.VarFiles {
		m.VarFiles = append(m.VarFiles, filepath.ToSlash(name))
	}
	for _, layer := range o.Config.Layers() {
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
	top, err := Confinement(paths, "")
	if err != nil {
		return ""
	}
	repository, err := source.OpenRepository(top)
	if err != nil {
		return ""
	}
	return repository.Head(ctx)
}
