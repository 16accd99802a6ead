package baseline

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// maxSize is the largest file that is read, in bytes.
const maxSize = 64 << 20

// Load reads a baseline file. One that is not there is fs.ErrNotExist.
func Load(name string) (*Baseline, error) {
	// A symbolic link could lead out of a stranger's repository.
	info, err := os.Lstat(name)
	if err != nil {
		return nil, fmt.Errorf("read the baseline: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("read the baseline: %s is not a regular file", name)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read the baseline: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxSize+1))
	if err == nil && len(data) > maxSize {
		err = fmt.Errorf("%s is larger than %d MiB", name, maxSize>>20)
	}
	if err != nil {
		return nil, fmt.Errorf("read the baseline: %w", err)
	}
	return Read(filepath.ToSlash(name), data)
}
