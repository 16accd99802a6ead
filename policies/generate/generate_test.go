package main

import (
	"os"
	"path/filepath"
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
	have, err := filepath.Glob("../../docs/rules/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range have {
		if files["../docs/rules/"+filepath.Base(name)] == "" {
			t.Errorf("%s is of no service: delete it", name)
		}
	}
}
