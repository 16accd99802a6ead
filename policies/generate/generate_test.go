package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestGeneratedFilesAreCurrent(t *testing.T) {
	files, err := generate("..")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		have, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Error(err)
		} else if string(have) != want {
			t.Errorf("%s is not current: run go generate ./policies", name)
		}
	}
	for _, pattern := range []string{"*_gen.go", "prose/*", "../docs/rules/*"} {
		have, err := filepath.Glob(filepath.Join("..", pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range have {
			if files[strings.TrimPrefix(filepath.ToSlash(name), "../")] == "" {
				t.Errorf("%s is of no service: delete it", name)
			}
		}
	}
}
