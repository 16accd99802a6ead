package source

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
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
	dirs  sync.Map // directories without symbolic links, by name
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

// Enclosing returns the top of the repository that holds a path as it is named
// (the nearest parent with a .git): where its last part is a symbolic link, the
// repository that holds the link. In no repository it is the directory of what
// the path leads to, and inside is false.
func Enclosing(target string) (top string, inside bool, err error) {
	named, err := asNamed(target)
	if err != nil {
		return "", false, err
	}
	if top, inside = topOf(named); inside {
		return top, true, nil
	}
	// Nobody's repository holds the link, so it is the user's own.
	resolved, err := filepath.EvalSymlinks(named)
	switch {
	case errors.Is(err, fs.ErrNotExist): // a buffer, say
		return filepath.Dir(named), false, nil
	case err != nil:
		return "", false, err
	}
	if top, inside = topOf(resolved); inside {
		return top, true, nil
	}
	info, err := os.Stat(resolved)
	if err != nil {
		return "", false, err
	}
	if !info.IsDir() {
		resolved = filepath.Dir(resolved)
	}
	return resolved, false, nil
}

// asNamed is the absolute form of a path, with symbolic links resolved but for
// its last part.
func asNamed(target string) (string, error) {
	absolute, err := filepath.Abs(target)
	if err != nil {
		return "", err
	}
	if last := filepath.Base(target); last == "." || last == ".." {
		return filepath.EvalSymlinks(absolute) // the user went there
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(absolute))
	if errors.Is(err, fs.ErrNotExist) {
		return absolute, nil
	}
	return filepath.Join(dir, filepath.Base(absolute)), err
}

// topOf finds the nearest directory around a path, or it itself, that
// has a .git.
func topOf(name string) (top string, found bool) {
	for at := name; ; at = filepath.Dir(at) {
		if _, err := os.Lstat(filepath.Join(at, gitName)); err == nil {
			return at, true
		}
		if at == filepath.Dir(at) {
			return "", false
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
	} else if parent, err := filepath.EvalSymlinks(filepath.Dir(absolute)); err == nil {
		absolute = filepath.Join(parent, filepath.Base(absolute))
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
	// To open a pipe would wait for its other end, so it is looked at first.
	info, err := t.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errNotRegular
	}
	if info.Size() > t.maxSize {
		return nil, sizeError{t.maxSize, t.head(name)}
	}
	f, err := t.root.Open(name)
	if err != nil {
		return nil, plain(err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, t.maxSize+1))
	if err != nil {
		return nil, plain(err)
	}
	return data, nil
}

var errNotRegular = errors.New("not a regular file")

// ErrTooLarge is what errors of files above the size limit are.
var ErrTooLarge = errors.New("file is too large")

// headSize is how much of a file that is too large is looked at, in bytes.
const headSize = 64 << 10

// head is the beginning of a file that is too large to read, as far as it can
// be read.
func (t *Tree) head(name string) []byte {
	f, err := t.root.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	data, _ := io.ReadAll(io.LimitReader(f, headSize)) //nolint:errcheck // what was read so far will do
	return data
}

// sizeError says how large a file may be, in bytes, and how one that is larger
// begins.
type sizeError struct {
	limit int64
	head  []byte
}

func (e sizeError) Error() string        { return fmt.Sprintf("file is larger than %d MiB", e.limit>>20) }
func (e sizeError) Is(target error) bool { return target == ErrTooLarge } //nolint:errorlint // this is what errors.Is asks

// Head is how the file begins that an error says is too large; nil if it is
// not known.
func Head(err error) []byte {
	var e sizeError
	if !errors.As(err, &e) {
		return nil
	}
	return e.head
}

func tooLarge(limit int64) error { return sizeError{limit: limit} }

var errGit = errors.New("what git keeps for itself is not read")

const gitName = ".git"

// admits refuses names that lead out of the tree, and what git keeps for
// itself: a checkout leaves tokens there.
func (t *Tree) admits(name string) error {
	if !fs.ValidPath(name) {
		return fmt.Errorf("%s lies outside the repository", name)
	}
	if hasGit(name) {
		return errGit
	}
	dir, err := t.resolve(path.Dir(name))
	if err != nil {
		return nil //nolint:nilerr // the root says why it cannot be opened
	}
	full := filepath.Join(dir, path.Base(name))
	if info, err := os.Lstat(full); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		if full, err = filepath.EvalSymlinks(full); err != nil {
			return nil //nolint:nilerr // as above
		}
	}
	if rel, err := filepath.Rel(t.dir, full); err == nil && hasGit(filepath.ToSlash(rel)) {
		return errGit
	}
	return nil
}

// resolve is the path of a directory without symbolic links.
func (t *Tree) resolve(dir string) (string, error) {
	if known, ok := t.dirs.Load(dir); ok {
		return known.(string), nil //nolint:forcetypeassert // nothing else is stored
	}
	resolved, err := filepath.EvalSymlinks(filepath.Join(t.dir, filepath.FromSlash(dir)))
	if err == nil {
		t.dirs.Store(dir, resolved)
	}
	return resolved, err
}

func hasGit(name string) bool { return slices.ContainsFunc(strings.Split(name, "/"), isGit) }

// isGit reports whether a name is that of git's own directory, however a file
// system that ignores case may spell it.
func isGit(name string) bool { return strings.EqualFold(name, gitName) }

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
	name = path.Clean(name)
	if err := t.admits(name); err != nil {
		return nil, err
	}
	info, err := t.root.Stat(name)
	if err != nil {
		return nil, plain(err)
	}
	return info, nil
}

// List returns the names in a directory of the tree, sorted.
func (t *Tree) List(name string) ([]fs.DirEntry, error) {
	info, err := t.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, errors.New("not a directory")
	}
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
