package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/demarc-dev/demarc/linter/source"
)

// Open finds out what is to be read, and confines reading to the repository
// that holds the paths, or to their nearest common directory. The caller
// closes the scan.
func Open(ctx context.Context, paths []string, o Options) (*Scan, error) {
	plans, paths, err := o.namedPlans(ctx, paths)
	if err != nil {
		return nil, err
	}
	for _, p := range paths {
		if err := o.there(p); err != nil {
			return nil, err
		}
	}
	root, err := o.rootOf(paths, len(plans) > 0)
	if err != nil {
		return nil, err
	}
	tree, err := source.Open(root)
	if err != nil {
		return nil, err
	}
	return &Scan{
		Tree: tree, FS: o.Files.Over(o.overlay(tree)), Paths: paths, Config: o.Config.Within(tree.Dir()),
		options: o, plans: placePlans(tree, plans),
	}, nil
}

// there is an error if a path leads nowhere.
func (o Options) there(name string) error {
	if _, buffered := o.Buffers[name]; buffered {
		return nil
	}
	if _, err := os.Stat(name); err != nil {
		return fmt.Errorf("no such file or directory: %s", name)
	}
	return nil
}

// overlay is the tree with the buffers that lie in it.
func (o Options) overlay(tree *source.Tree) source.FS {
	if len(o.Buffers) == 0 {
		return tree
	}
	buffers := map[string][]byte{}
	for name, data := range o.Buffers {
		if rel, err := tree.Rel(name); err == nil {
			buffers[rel] = data
		}
	}
	return source.NewOverlay(tree, buffers)
}

// rootOf is the directory that reading the paths is confined to. Beside plans
// it holds the directory of their source, if that can be.
func (o Options) rootOf(paths []string, planned bool) (string, error) {
	if !planned {
		return Confinement(paths, o.Root)
	}
	root, err := Confinement(append(slices.Clip(paths), o.sourceDir()), o.Root)
	if err != nil && o.Source == "" && len(paths) > 0 {
		return Confinement(paths, o.Root)
	}
	return root, err
}

// Confinement is the directory that reading is confined to: root, or the
// repository that holds the paths as they are named. In no repository it is
// their nearest common directory.
func Confinement(paths []string, root string) (string, error) {
	if root != "" {
		return root, nil // what is missing will be told when it is read
	}
	var first string
	var inside bool
	for _, p := range paths {
		top, in, err := source.Enclosing(p)
		if errors.Is(err, os.ErrNotExist) {
			return "", fmt.Errorf("no such file or directory: %s", p)
		}
		if err != nil {
			return "", fmt.Errorf("find the repository of %s: %w", p, err)
		}
		switch {
		case root == "":
			root, first, inside = top, p, in
		case !in && !inside:
			root = source.Common(root, top)
		case inside && source.Holds(root, top): // a repository in the repository
		case in && source.Holds(top, root):
			root, inside = top, true
		default:
			return "", fmt.Errorf("%s and %s lie in different repositories: scan each on its own, or pass --root", first, p)
		}
	}
	return root, nil
}

// openNamed reads a file of variables. What lies in the tree is read as the
// tree is; what does not, the user named.
func (s *Scan) openNamed(name string) (*source.File, error) {
	if rel, err := s.Tree.Rel(name); err == nil {
		return s.openInTree(rel)
	}
	data, err := readRegular(name, source.DefaultMaxFileSize)
	if err != nil {
		return nil, err
	}
	return s.options.Files.Keep(source.NewFile(filepath.ToSlash(name), data)), nil
}

// openInTree reads a file of variables by its name in the tree.
func (s *Scan) openInTree(name string) (*source.File, error) {
	f, err := s.FS.Read(name)
	if err != nil && s.Old { // which may not have it yet
		return s.Tree.Read(name)
	}
	return f, err
}

// readRegular reads a file of at most limit bytes, which is no pipe and no
// device: to open one may wait for ever.
func readRegular(name string, limit int64) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = fmt.Errorf("%s is larger than %d MiB", name, limit>>20)
	}
	return data, err
}
