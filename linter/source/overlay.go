package source

import (
	"errors"
	"io/fs"
	"path"
	"sort"
	"time"
)

// Overlay is a tree with buffers in place of some of its files, as an editor
// has them before they are saved. A buffer may be a file that is not there.
type Overlay struct {
	FS
	buffers map[string]*File
	dirs    map[string]map[string]bool // by directory: names that buffers add; true for a directory
}

// NewOverlay puts buffers, by name in the tree, over the tree.
func NewOverlay(tree FS, buffers map[string][]byte) *Overlay {
	o := &Overlay{FS: tree, buffers: map[string]*File{}, dirs: map[string]map[string]bool{}}
	for name, data := range buffers {
		name = path.Clean(name)
		o.buffers[name] = NewFile(name, data)
		isDir := false
		for at := name; at != "." && at != "/"; at = path.Dir(at) {
			dir := path.Dir(at)
			if o.dirs[dir] == nil {
				o.dirs[dir] = map[string]bool{}
			}
			o.dirs[dir][path.Base(at)] = isDir
			isDir = true
		}
	}
	return o
}

// Read implements FS.
func (o *Overlay) Read(name string) (*File, error) {
	if f := o.buffers[path.Clean(name)]; f != nil {
		return f, nil
	}
	return o.FS.Read(name)
}

// Stat implements FS.
func (o *Overlay) Stat(name string) (fs.FileInfo, error) {
	name = path.Clean(name)
	if f := o.buffers[name]; f != nil {
		return bufferInfo{path.Base(name), len(f.Data), false}, nil
	}
	info, err := o.FS.Stat(name)
	if errors.Is(err, fs.ErrNotExist) && o.dirs[name] != nil {
		return bufferInfo{path.Base(name), 0, true}, nil
	}
	return info, err
}

// List implements FS.
func (o *Overlay) List(name string) ([]fs.DirEntry, error) {
	name = path.Clean(name)
	entries, err := o.FS.List(name)
	added := o.dirs[name]
	if err != nil && (len(added) == 0 || !errors.Is(err, fs.ErrNotExist)) {
		return nil, err
	}
	out := make([]fs.DirEntry, 0, len(entries)+len(added))
	present := map[string]bool{}
	for _, e := range entries {
		if isDir, over := added[e.Name()]; !over || isDir && e.IsDir() {
			out = append(out, e)
			present[e.Name()] = true
		}
	}
	for child, isDir := range added {
		if !present[child] {
			size := 0
			if f := o.buffers[path.Join(name, child)]; f != nil {
				size = len(f.Data)
			}
			out = append(out, bufferInfo{child, size, isDir})
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name() < out[j].Name() })
	return out, nil
}

// bufferInfo is a buffer, or a directory that only buffers are in.
type bufferInfo struct {
	name string
	size int
	dir  bool
}

func (i bufferInfo) Name() string               { return i.name }
func (i bufferInfo) Size() int64                { return int64(i.size) }
func (i bufferInfo) ModTime() time.Time         { return time.Time{} }
func (i bufferInfo) IsDir() bool                { return i.dir }
func (i bufferInfo) Sys() any                   { return nil }
func (i bufferInfo) Type() fs.FileMode          { return i.Mode().Type() }
func (i bufferInfo) Info() (fs.FileInfo, error) { return i, nil }

func (i bufferInfo) Mode() fs.FileMode {
	if i.dir {
		return fs.ModeDir | 0o755
	}
	return 0o644
}
