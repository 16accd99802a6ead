package source

import (
	"bytes"
	"slices"
	"sync"
	"sync/atomic"
)

// Store keeps files, with what was made of them, from one scan to the next.
// The zero value is ready to use. It may be used by several goroutines at a time.
type Store struct {
	mu       sync.Mutex
	versions map[string][]*File // by path, the latest used last
	made     atomic.Int64
}

// maxVersions is how many contents of one path are kept: what is there now,
// what a revision has, and some that an editor goes back to.
const maxVersions = 4

// Keep returns the file of that path and content that is kept already, or
// keeps this one.
func (s *Store) Keep(f *File) *File {
	s.mu.Lock()
	defer s.mu.Unlock()
	known := s.versions[f.Path]
	i := slices.IndexFunc(known, func(v *File) bool { return v == f || bytes.Equal(v.Data, f.Data) })
	if i >= 0 {
		f = known[i]
		known = slices.Delete(known, i, i+1)
	} else {
		f.made = &s.made
	}
	if len(known) >= maxVersions {
		known = slices.Delete(known, 0, 1)
	}
	if s.versions == nil {
		s.versions = map[string][]*File{}
	}
	s.versions[f.Path] = append(known, f)
	return f
}

// Made is how often something was made of a file's content, such as a syntax
// tree: once for each that Memo was asked for and did not have.
func (s *Store) Made() int { return int(s.made.Load()) }

// Over is a tree whose files are kept.
func (s *Store) Over(tree FS) FS { return &kept{tree, s} }

type kept struct {
	FS
	store *Store
}

// Read implements FS.
func (k *kept) Read(name string) (*File, error) {
	f, err := k.FS.Read(name)
	if err != nil {
		return nil, err
	}
	return k.store.Keep(f), nil
}

// memo is something made of a file.
type memo struct {
	once  sync.Once
	value any
}

// Memo returns what was made of the file under a key of the caller's own type,
// and makes it if it was not. It must follow from the file alone, and nobody
// may change it.
func Memo[T any](f *File, key any, produce func() T) T {
	entry, _ := f.memos.LoadOrStore(key, &memo{})
	m := entry.(*memo) //nolint:forcetypeassert // nothing else is stored
	m.once.Do(func() {
		if f.made != nil {
			f.made.Add(1)
		}
		m.value = produce()
	})
	value, _ := m.value.(T)
	return value
}
