package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzLoad holds that what is no configuration is refused in words that name the file.
func FuzzLoad(f *testing.F) {
	f.Add("fail-on: high\nprofile: extended\nexclude: ['a/**']\nignore:\n  - {rule: 's3/*', path: '**/x', reason: y, until: 2030-01-01}\n")
	f.Add("environments:\n  - {name: a, variables: {x: '1'}, var-files: [../a.tfvars]}\n")
	f.Add("extends: [demarc.yaml]\n")
	f.Add("a: &a [*a]\n")
	f.Add("a: &a {<<: *a}\n")
	f.Add("exclude: " + strings.Repeat("[", 5000))
	dir := f.TempDir()
	name := filepath.Join(dir, "demarc.yaml")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<16 {
			t.Skip()
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := Load(name)
		if err == nil && c == nil {
			t.Error("neither a configuration nor an error")
		}
		if err != nil && !strings.Contains(err.Error(), "demarc.yaml") {
			t.Errorf("the error does not name the file: %v", err)
		}
	})
}
