package config

import (
	"os"
	"path/filepath"
	"slices"

	"github.com/demarc-dev/demarc/linter/source"
)

// Find returns the nearest configuration file from the directory that
// holds all paths up to stop, which "" makes the top of the enclosing
// repository, or, without one, the working directory. nearer are files that only some of the paths would have found.
func Find(paths []string, stop string) (file string, nearer []string) {
	shared := ""
	for _, p := range paths {
		dir, err := filepath.Abs(p)
		if err != nil {
			return "", nil
		}
		if info, err := os.Stat(dir); err == nil && !info.IsDir() {
			dir = filepath.Dir(dir)
		}
		if shared == "" {
			shared = dir
		}
		shared = source.Common(shared, dir)
	}
	file, _ = nearest(shared, stop)
	for _, p := range paths {
		if own, found := nearest(p, stop); found && own != file && !slices.Contains(nearer, source.FromHere(own)) {
			nearer = append(nearer, source.FromHere(own))
		}
	}
	return file, nearer
}

// nearest looks from dir, or the directory of a file.
func nearest(dir, stop string) (string, bool) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", false
	}
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		dir = filepath.Dir(dir)
	}
	if stop == "" {
		if stop, err = top(dir); err != nil {
			return "", false
		}
		// The top has no symbolic links, so the walk must have none as well.
		if dir, err = filepath.EvalSymlinks(dir); err != nil || !source.Holds(stop, dir) {
			return "", false
		}
	} else if stop, err = filepath.Abs(stop); err != nil || !source.Holds(stop, dir) {
		return "", false
	}
	for {
		for _, name := range Names() {
			file := filepath.Join(dir, name)
			if _, err := os.Lstat(file); err == nil {
				return file, true
			}
		}
		if dir == stop || dir == filepath.Dir(dir) {
			return "", false
		}
		dir = filepath.Dir(dir)
	}
}

// top is the top of the repository that holds a directory as it is named, else
// the working directory if that holds it, else the directory itself.
func top(dir string) (string, error) {
	top, inside, err := source.Enclosing(dir)
	if err != nil || inside {
		return top, err
	}
	here, err := os.Getwd()
	if err != nil {
		return top, nil //nolint:nilerr // then it holds nothing
	}
	if here, err = filepath.EvalSymlinks(here); err == nil && source.Holds(here, top) {
		return here, nil
	}
	return top, nil
}
