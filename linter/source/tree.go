package source

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
	"sync"
)

// DefaultMaxFileSize is the largest file demarc reads, in bytes.
const DefaultMaxFileSize = 16 << 20

// Tree is the part of the file system that a scan may read.
type Tree struct {
	dir     string // absolute, symbolic links resolved
	root    *os.Root
	maxSize int64

	mu    sync.Mutex
	files map[string]*File
}

// Open confines reading to dir.
func Open(dir string) (*Tree, error) {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("resolve %s: %w", dir, err)
	}
	if absolute, err = filepath.EvalSymlinks(absolute); err != nil {
		return nil, fmt.Errorf("resolve %s: %w", dir, err)
	}
	root, err := os.OpenRoot(absolute)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", dir, err)
	}
	return &Tree{dir: absolute, root: root, maxSize: DefaultMaxFileSize, files: map[string]*File{}}, nil
}

// Close releases the root directory.
func (t *Tree) Close() error { return t.root.Close() }

// Dir is the absolute path of the confinement root.
func (t *Tree) Dir() string { return t.dir }

// Enclosing returns the top of the repository that holds path (the nearest
// parent with a .git), or the directory of path itself.
func Enclosing(target string) (string, error) {
	absolute, err := filepath.Abs(target)
	if err != nil {
		return "", err
	}
	if absolute, err = filepath.EvalSymlinks(absolute); err != nil {
		return "", err
	}
	info, err := os.Stat(absolute)
	if err != nil {
		return "", err
	}
	dir := absolute
	if !info.IsDir() {
		dir = filepath.Dir(absolute)
	}
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Lstat(filepath.Join(at, ".git")); err == nil {
			return at, nil
		}
		if at == filepath.Dir(at) {
			return dir, nil
		}
	}
}

// Rel returns the tree's name (slash path relative to the root) of a path of
// the file system. It fails for a path outside the root.
func (t *Tree) Rel(target string) (string, error) { return Rel(t.dir, target) }

// Rel is the slash path that leads from an absolute directory, symbolic links
// resolved, down to a path. It fails for a path outside the directory.
func Rel(dir, target string) (string, error) {
	absolute, err := filepath.Abs(target)
	if err != nil {
		return "", err
	}
	if resolved, err := filepath.EvalSymlinks(absolute); err == nil {
		absolute = resolved
	}
	rel, err := filepath.Rel(dir, absolute)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return "", fmt.Errorf("%s lies outside %s", target, dir)
	}
	return filepath.ToSlash(rel), nil
}

// Read returns a file by its name in the tree. A file is read once; callers
// share the result and must not change it.
func (t *Tree) Read(name string) (*File, error) {
	name = path.Clean(name)
	t.mu.Lock()
	f := t.files[name]
	t.mu.Unlock()
	if f != nil {
		return f, nil
	}
	data, err := t.read(name)
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if f := t.files[name]; f != nil {
		return f, nil
	}
	f = &File{Path: name, Data: data}
	t.files[name] = f
	return f, nil
}

func (t *Tree) read(name string) ([]byte, error) {
	if !fs.ValidPath(name) {
		return nil, fmt.Errorf("%s lies outside the repository", name)
	}
	f, err := t.root.Open(name)
	if err != nil {
		return nil, plain(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, plain(err)
	}
	if !info.Mode().IsRegular() {
		return nil, errNotRegular
	}
	if info.Size() > t.maxSize {
		return nil, tooLarge(t.maxSize)
	}
	data, err := io.ReadAll(io.LimitReader(f, t.maxSize+1))
	if err != nil {
		return nil, plain(err)
	}
	return data, nil
}

var errNotRegular = errors.New("not a regular file")

func tooLarge(limit int64) error { return fmt.Errorf("file is larger than %d MiB", limit>>20) }

// isGit reports whether a name is that of git's own directory, however a file
// system that ignores case may spell it.
func isGit(name string) bool { return strings.EqualFold(name, ".git") }

// plain drops the operation and path that callers add themselves.
func plain(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// Stat tells what a name in the tree is.
func (t *Tree) Stat(name string) (fs.FileInfo, error) {
	info, err := t.root.Stat(path.Clean(name))
	if err != nil {
		return nil, plain(err)
	}
	return info, nil
}

// List returns the names in a directory of the tree, sorted.
func (t *Tree) List(name string) ([]fs.DirEntry, error) {
	dir, err := t.root.Open(path.Clean(name))
	if err != nil {
		return nil, plain(err)
	}
	defer dir.Close()
	entries, err := dir.ReadDir(-1)
	if err != nil {
		return nil, plain(err)
	}
	sort.Slice(entries, func(i, j int) bool { return entries[i].Name() < entries[j].Name() })
	return entries, nil
}
