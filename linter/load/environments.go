package load

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/demarc-dev/demarc/linter/config"
	"github.com/demarc-dev/demarc/linter/terraform"
)

// environments are those of the configuration whose roots are scanned. Their
// directories become roots, even if others call them. One that two files give
// is the stronger file's.
func (s *Scan) environments() ([]terraform.Environment, error) {
	var out []terraform.Environment
	for _, layer := range s.Config.Layers() {
		for _, env := range layer.Environments {
			placed, err := s.environment(layer, env)
			if err != nil {
				return nil, err
			}
			if placed == nil {
				continue // not scanned
			}
			same := func(other terraform.Environment) bool { return other.Name == placed.Name && other.Root == placed.Root }
			if i := slices.IndexFunc(out, same); i >= 0 {
				out[i] = *placed
			} else {
				out = append(out, *placed)
			}
		}
	}
	return out, nil
}

// environment finds the root of one, or nothing if it is not scanned.
func (s *Scan) environment(c *config.Config, env config.Environment) (*terraform.Environment, error) {
	name, err := s.Tree.Rel(filepath.Join(c.Dir(), filepath.FromSlash(env.Root)))
	if err != nil {
		if c.Surrounds() { // the scan is confined to another part
			return nil, nil
		}
		return nil, fmt.Errorf("%s:%d: the root of environment %q: %w", c.Path, env.Line, env.Name, err)
	}
	if info, err := s.FS.Stat(name); err != nil || !info.IsDir() {
		if s.Old { // it is new
			return nil, nil
		}
		return nil, fmt.Errorf("%s:%d: the root of environment %q is no directory: %s", c.Path, env.Line, env.Name, env.Root)
	}
	i := slices.IndexFunc(s.found.dirs, func(d terraform.Dir) bool { return d.Name == name })
	if i < 0 {
		return nil, nil
	}
	s.found.dirs[i].Named = true
	var files []string
	open := s.openNamed
	for _, f := range env.VarFiles {
		name, inTree := c.FileName(f)
		if inTree {
			open = s.openInTree
		}
		files = append(files, name)
	}
	return &terraform.Environment{Name: env.Name, Root: name, Variables: env.Variables, VarFiles: files, Open: open, Workspace: env.Workspace}, nil
}
