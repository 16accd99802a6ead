package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// writeOutput writes to standard output, or to the file of that name. A file
// is replaced as a whole or not at all.
func writeOutput(name string, write func(io.Writer) error) (err error) {
	if name == "" {
		if err := write(os.Stdout); err != nil {
			return fmt.Errorf("write the output: %w", err)
		}
		return nil
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("write %s: %w", name, err)
		}
	}()
	mode := os.FileMode(0o644)
	if info, err := os.Stat(name); err == nil {
		if !info.Mode().IsRegular() { // a device or a pipe cannot be replaced
			f, err := os.OpenFile(name, os.O_WRONLY, 0)
			if err != nil {
				return err
			}
			defer f.Close()
			return write(f)
		}
		mode = info.Mode().Perm()
	}
	temporary, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name()) // fails once it is renamed
	if err := write(temporary); err != nil {
		temporary.Close()
		return err
	}
	if err := temporary.Chmod(mode); err != nil {
		temporary.Close()
		return err
	}
	if err := temporary.Close(); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), name)
}

// isTerminal reports whether a file is a character device, as terminals are.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
