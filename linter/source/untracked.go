package source

import (
	"errors"
	"io/fs"
	"path"
	"sort"
	"strings"
)

// Base is a commit, with what a scan reads and git does not keep from the
// directory as it is now: modules that terraform init installed, and files of
// variables that neither the commit nor HEAD tracks.
type Base struct {
	commit, head FS
	disk         FS
}

// NewBase puts beside a commit what is not tracked of the directory. All three
// are of the same directory.
func NewBase(commit, head, disk FS) *Base { return &Base{commit, head, disk} }

// keeps reports whether a name is one that git does not keep by custom.
func keeps(name string) bool {
	return isInstalled(name) || strings.HasSuffix(name, ".tfvars") || strings.HasSuffix(name, ".tfvars.json")
}

func isInstalled(name string) bool { return strings.Contains("/"+name+"/", "/.terraform/") }

// place is where a name is read.
func (b *Base) place(name string) FS {
	if !keeps(name) {
		return b.commit
	}
	if _, err := b.commit.Stat(name); !errors.Is(err, fs.ErrNotExist) {
		return b.commit
	}
	if info, err := b.head.Stat(name); err == nil && !info.IsDir() || err != nil && !errors.Is(err, fs.ErrNotExist) {
		return b.commit
	}
	return b.disk
}

// Read implements FS.
func (b *Base) Read(name string) (*File, error) {
	name = path.Clean(name)
	return b.place(name).Read(name)
}

// Stat implements FS.
func (b *Base) Stat(name string) (fs.FileInfo, error) {
	name = path.Clean(name)
	return b.place(name).Stat(name)
}

// List implements FS.
func (b *Base) List(name string) ([]fs.DirEntry, error) {
	name = path.Clean(name)
	entries, err := b.commit.List(name)
	if err != nil && !isInstalled(name) {
		return nil, err
	}
	beside, failed := b.disk.List(name)
	if err != nil && failed != nil {
		return nil, failed
	}
	present := map[string]bool{}
	for _, e := range entries {
		present[e.Name()] = true
	}
	for _, e := range beside {
		if child := path.Join(name, e.Name()); !present[e.Name()] && keeps(child) && b.place(child) == b.disk {
			entries = append(entries, e)
		}
	}
	sort.Slice(entries, func(i, j int) bool { return entries[i].Name() < entries[j].Name() })
	return entries, nil
}
