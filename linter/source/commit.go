package source

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"
)

// Commit is what a commit of a git repository holds below one directory. Its
// directories and files are read out of git's objects when they are asked for,
// through one process; nothing is checked out, so that no filter runs.
// Symbolic links lead nowhere but into the commit, below the directory.
type Commit struct {
	objects *objects
	root    string // id of the directory's tree; "" where there is none

	mu    sync.Mutex
	files map[string]*File
}

// AtCommit opens what a commit holds below dir, a slash path relative to the
// repository's top. The process ends with Close, or with the context.
func AtCommit(ctx context.Context, r *Repository, commit, dir string) (*Commit, error) {
	o, err := startObjects(ctx, r)
	if err != nil {
		return nil, fmt.Errorf("git cat-file: %w", err)
	}
	c, err := o.open(commit, dir)
	if err != nil {
		o.close()
		return nil, err
	}
	return c, nil
}

// Sibling opens another commit below another directory, through the same process.
func (c *Commit) Sibling(commit, dir string) (*Commit, error) { return c.objects.open(commit, dir) }

func (o *objects) open(commit, dir string) (*Commit, error) {
	content, _, err := o.blob(commit, maxTree)
	if err != nil {
		return nil, err
	}
	line, _, _ := strings.Cut(string(content), "\n")
	id, ok := strings.CutPrefix(line, "tree ")
	if !ok {
		return nil, fmt.Errorf("%s is no commit", commit)
	}
	c := &Commit{objects: o, root: id, files: map[string]*File{}}
	if dir == "." {
		return c, nil
	}
	e, err := c.find(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && !e.isDir():
		c.root = "" // there was no such directory
	case err != nil:
		return nil, err
	default:
		c.root = e.id
	}
	return c, nil
}

// Close ends the process that reads the objects, which siblings share.
func (c *Commit) Close() { c.objects.close() }

// Err is the first failure to read an object, which makes all else that was
// read of the commit incomplete: the clone may lack it.
func (c *Commit) Err() error {
	c.objects.mu.Lock()
	defer c.objects.mu.Unlock()
	return c.objects.failed
}

// ObjectsRead is how many objects were read so far, those of siblings included.
func (c *Commit) ObjectsRead() int {
	c.objects.mu.Lock()
	defer c.objects.mu.Unlock()
	return c.objects.read
}

func (e treeEntry) isDir() bool  { return e.mode == "40000" || e.mode == "040000" }
func (e treeEntry) isLink() bool { return e.mode == "120000" }
func (e treeEntry) isFile() bool { return strings.HasPrefix(e.mode, "100") }

// maxLinks is how many symbolic links one name may lead through, as in os.Root.
const maxLinks = 40

var errLeadsOut = errors.New("a symbolic link leads out of the repository")

// find is what a name leads to.
func (c *Commit) find(name string) (treeEntry, error) {
	if !fs.ValidPath(name) {
		return treeEntry{}, fmt.Errorf("%s lies outside the repository", name)
	}
	if c.root == "" {
		return treeEntry{}, fs.ErrNotExist
	}
	trail := []treeEntry{{mode: "40000", id: c.root}} // from the top to where we are
	left := strings.Split(name, "/")
	for links := 0; len(left) > 0; {
		part := left[0]
		left = left[1:]
		switch part {
		case ".", "":
			continue
		case "..":
			if len(trail) == 1 {
				return treeEntry{}, errLeadsOut
			}
			trail = trail[:len(trail)-1]
			continue
		}
		e, err := c.child(trail[len(trail)-1], part)
		if err != nil {
			return treeEntry{}, err
		}
		if e.isLink() {
			if links++; links > maxLinks {
				return treeEntry{}, errors.New("too many symbolic links")
			}
			target, _, err := c.objects.blob(e.id, 1<<16)
			if err != nil {
				return treeEntry{}, err
			}
			if path.IsAbs(string(target)) || target == nil {
				return treeEntry{}, errLeadsOut
			}
			left = slices.Concat(strings.Split(string(target), "/"), left)
			continue
		}
		trail = append(trail, e)
	}
	return trail[len(trail)-1], nil
}

// child is a name in a directory.
func (c *Commit) child(dir treeEntry, name string) (treeEntry, error) {
	if !dir.isDir() {
		return treeEntry{}, fs.ErrNotExist
	}
	entries, err := c.objects.tree(dir.id)
	if err != nil {
		return treeEntry{}, err
	}
	for _, e := range entries {
		if e.name == name {
			return e, nil
		}
	}
	return treeEntry{}, fs.ErrNotExist
}

// Read implements FS.
func (c *Commit) Read(name string) (*File, error) {
	name = path.Clean(name)
	c.mu.Lock()
	f := c.files[name]
	c.mu.Unlock()
	if f != nil {
		return f, nil
	}
	e, err := c.find(name)
	if err != nil {
		return nil, err
	}
	if !e.isFile() {
		return nil, errNotRegular
	}
	data, _, err := c.objects.blob(e.id, DefaultMaxFileSize)
	if err != nil {
		return nil, err
	}
	if data == nil {
		return nil, tooLarge(DefaultMaxFileSize)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if f := c.files[name]; f != nil {
		return f, nil
	}
	f = NewFile(name, data)
	c.files[name] = f
	return f, nil
}

// Stat implements FS.
func (c *Commit) Stat(name string) (fs.FileInfo, error) {
	name = path.Clean(name)
	e, err := c.find(name)
	if err != nil {
		return nil, err
	}
	e.name = path.Base(name)
	return commitInfo{e, c}, nil
}

// List implements FS.
func (c *Commit) List(name string) ([]fs.DirEntry, error) {
	e, err := c.find(path.Clean(name))
	if err != nil {
		return nil, err
	}
	if !e.isDir() {
		return nil, errors.New("not a directory")
	}
	entries, err := c.objects.tree(e.id)
	if err != nil {
		return nil, err
	}
	out := make([]fs.DirEntry, 0, len(entries))
	for _, e := range entries {
		out = append(out, commitInfo{e, c})
	}
	// git sorts directories as if their names ended in a slash.
	sort.Slice(out, func(i, j int) bool { return out[i].Name() < out[j].Name() })
	return out, nil
}

// commitInfo is a tree's entry as fs knows it.
type commitInfo struct {
	entry  treeEntry
	commit *Commit
}

func (i commitInfo) Name() string               { return i.entry.name }
func (i commitInfo) ModTime() time.Time         { return time.Time{} }
func (i commitInfo) IsDir() bool                { return i.entry.isDir() }
func (i commitInfo) Sys() any                   { return nil }
func (i commitInfo) Type() fs.FileMode          { return i.Mode().Type() }
func (i commitInfo) Info() (fs.FileInfo, error) { return i, nil }

// Size reads the object: a tree does not tell how large its files are.
func (i commitInfo) Size() int64 {
	if !i.entry.isFile() {
		return 0
	}
	_, size, err := i.commit.objects.blob(i.entry.id, 0)
	if err != nil {
		return 0 // reading it says why
	}
	return size
}

func (i commitInfo) Mode() fs.FileMode {
	switch {
	case i.entry.isDir():
		return fs.ModeDir | 0o755
	case i.entry.isLink():
		return fs.ModeSymlink | 0o777
	case i.entry.isFile():
		return 0o644
	}
	return fs.ModeIrregular // a submodule
}
