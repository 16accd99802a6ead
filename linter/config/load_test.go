//go:build unix

package config

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// inRepository makes a repository with files, beside which lies outside.yaml.
func inRepository(t *testing.T, files map[string]string) (dir string) {
	t.Helper()
	top, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	dir = filepath.Join(top, "repository")
	all := map[string]string{"../outside.yaml": "fail-on: high\n", ".git/settings.yaml": "fail-on: high\n"}
	for name, text := range files {
		all[name] = text
	}
	for name, text := range all {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// Each file is read once, however many ways lead to it: there are 12 to the
// power of 9 here.
func TestExtendsInDiamonds(t *testing.T) {
	for last, want := range map[string]string{
		"fail-on: high\n":           "",
		"fail-on: hihg\n":           `x9.yaml:1: "hihg" is not one of`,
		"extends: [nowhere.yaml]\n": "x9.yaml:1: extends nowhere.yaml: there is no such file",
		"extends: [x3.yaml]\n":      "x9.yaml:1: extends x3.yaml, which extends this file",
	} {
		files := map[string]string{"demarc.yaml": "extends: [x1.yaml, x1.yaml]\n", "x9.yaml": last}
		for i := 1; i < 9; i++ {
			files[fmt.Sprintf("x%d.yaml", i)] = "extends: [" + strings.Repeat(fmt.Sprintf("x%d.yaml, ", i+1), 12) + "]\n"
		}
		c, err := LoadFound(filepath.Join(inRepository(t, files), "demarc.yaml"), "")
		switch {
		case want != "":
			if err == nil || strings.Count(err.Error(), want) != 1 {
				t.Errorf("%q: got %v", last, err)
			}
		case err != nil:
			t.Errorf("%q: %v", last, err)
		case len(c.Layers()) != 10 || c.FailOn != "high":
			t.Errorf("%d layers, fail on %q", len(c.Layers()), c.FailOn)
		}
	}
}

func TestLayersStandWhereTheyAreStrongest(t *testing.T) {
	dir := inRepository(t, map[string]string{
		"demarc.yaml": "extends: [a.yaml, b.yaml, a.yaml]\n",
		"a.yaml":      "extends: [c.yaml]\n",
		"b.yaml":      "extends: [c.yaml, d.yaml]\nprofile: extended\nfail-on: low\n",
		"c.yaml":      "fail-on: high\n",
		"d.yaml":      "profile: default\n",
	})
	c, err := LoadFound(filepath.Join(dir, "demarc.yaml"), "")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, layer := range c.Layers() {
		got = append(got, filepath.Base(layer.Path))
	}
	if want := []string{"d.yaml", "b.yaml", "c.yaml", "a.yaml", "demarc.yaml"}; !slices.Equal(got, want) {
		t.Errorf("layers %v, want %v", got, want)
	}
	if c.FailOn != "high" || c.Profile != "extended" {
		t.Errorf("fail on %s, profile %s", c.FailOn, c.Profile)
	}
}

func TestExtendsStaysInTheRepository(t *testing.T) {
	dir := inRepository(t, map[string]string{"part/base.yaml": "fail-on: high\n", "large.yaml": "# " + strings.Repeat("x", maxSize)})
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.yaml"), 0o600); err != nil {
		t.Skip("no pipes here:", err)
	}
	for link, target := range map[string]string{"out.yaml": "../outside.yaml", "shelf": "..", "git.yaml": ".git/settings.yaml", "in.yaml": "part/base.yaml"} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]string{
		"part/base.yaml":     "",
		"in.yaml":            "",
		"../outside.yaml":    "extends ../outside.yaml, which lies outside the repository",
		"out.yaml":           "extends out.yaml, which lies outside the repository",
		"shelf/outside.yaml": "extends shelf/outside.yaml, which lies outside the repository",
		".git/settings.yaml": "extends .git/settings.yaml: what git keeps for itself is not read",
		"git.yaml":           "extends git.yaml: what git keeps for itself is not read",
		"pipe.yaml":          "extends pipe.yaml: not a regular file",
		"part":               "extends part: not a regular file",
		"large.yaml":         "extends large.yaml: it is larger than 1 MiB",
		"nowhere.yaml":       "extends nowhere.yaml: there is no such file",
	} {
		file := filepath.Join(dir, "demarc.yaml")
		if err := os.WriteFile(file, []byte("extends: ["+name+"]\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, load := range []func(string) (*Config, error){Load, func(name string) (*Config, error) { return LoadFound(name, "") }} {
			c, err := load(file)
			if want == "" && (err != nil || c.FailOn != "high") || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
				t.Errorf("%s: got %v, want %s", name, err, want)
			}
		}
	}
	// --root is narrower than the repository.
	file := filepath.Join(dir, "part", "demarc.yaml")
	if err := os.WriteFile(file, []byte("extends: [../in.yaml]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadFound(file, filepath.Dir(file)); err == nil || !strings.Contains(err.Error(), "outside") {
		t.Errorf("beyond the root: %v", err)
	}
}

func TestFilesThatAConfigurationNames(t *testing.T) {
	dir := inRepository(t, map[string]string{"infra/demarc.yaml": ""})
	file := filepath.Join(dir, "infra", "demarc.yaml")
	for _, byUser := range []bool{false, true} {
		c, err := load(file, "", nil, byUser)
		if err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]string{"dev.tfvars": "infra/dev.tfvars", "../dev.tfvars": "dev.tfvars", "../../dev.tfvars": "../dev.tfvars"} {
			if got, inTree := c.Within(dir).FileName(name); got != want || !inTree {
				t.Errorf("%s is %s, want %s", name, got, want)
			}
		}
		// A scan of another part: only what the user named may lead elsewhere.
		want := "../dev.tfvars"
		if byUser {
			want = filepath.Join(dir, "infra", "dev.tfvars")
		}
		if got, inTree := c.Within(filepath.Join(dir, "infra", "prod")).FileName("dev.tfvars"); got != want || inTree == byUser {
			t.Errorf("beyond the root it is %s, want %s", got, want)
		}
	}
}
