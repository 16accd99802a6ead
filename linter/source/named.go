package source

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// ReadNamed reads a file that the user named, of at most limit bytes, wherever
// it lies and whatever it is: it may be a pipe of the user's shell.
func ReadNamed(name string, limit int64) ([]byte, error) {
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

// FromHere is a file's name relative to the working directory, if it has one.
func FromHere(name string) string {
	if !filepath.IsAbs(name) {
		return name
	}
	here, err := os.Getwd()
	if err != nil {
		return name
	}
	if resolved, err := filepath.EvalSymlinks(here); err == nil {
		here = resolved
	}
	if rel, err := filepath.Rel(here, name); err == nil {
		return rel
	}
	return name
}

// Holds reports whether a directory is, or holds, another name: both absolute, or
// both relative to one directory.
func Holds(dir, name string) bool {
	down, err := filepath.Rel(dir, name)
	return err == nil && filepath.IsLocal(down)
}

// Common is the nearest directory that holds both absolute names.
func Common(a, b string) string {
	for a != b {
		if len(a) < len(b) {
			a, b = b, a
		}
		up := filepath.Dir(a)
		if up == a { // another volume
			return a
		}
		a = up
	}
	return a
}
