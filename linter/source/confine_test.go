//go:build unix

package source

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestWhatGitKeepsIsNotRead(t *testing.T) {
	tree := treeOf(t, map[string]string{".git/config": "token", "m/.GIT/config": "token", "plain": "x"})
	for link, target := range map[string]string{"link": ".git/config", "dir": ".git", "m/up": "../dir"} {
		if err := os.Symlink(target, filepath.Join(tree.Dir(), link)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{".git/config", "m/.GIT/config", "link", "dir/config", "m/up/config"} {
		if f, err := tree.Read(name); err == nil {
			t.Errorf("Read(%s) = %q", name, f.Data)
		}
		if _, err := tree.Stat(name); err == nil {
			t.Errorf("Stat(%s) succeeded", name)
		}
	}
	for _, name := range []string{".git", "dir", "m/up"} {
		if entries, err := tree.List(name); err == nil {
			t.Errorf("List(%s) = %v", name, entries)
		}
	}
	if _, err := tree.Read("plain"); err != nil {
		t.Error(err)
	}
}

func TestPipesAndLargeFilesAreRefused(t *testing.T) {
	tree := treeOf(t, map[string]string{"a": "a"})
	if err := syscall.Mkfifo(filepath.Join(tree.Dir(), "pipe"), 0o600); err != nil {
		t.Skip(err)
	}
	if err := os.Symlink("pipe", filepath.Join(tree.Dir(), "link")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"pipe", "link"} {
		if _, err := tree.Read(name); err == nil || !strings.Contains(err.Error(), "regular file") {
			t.Errorf("Read(%s): %v", name, err)
		}
		if _, err := tree.List(name); err == nil {
			t.Errorf("List(%s) succeeded", name)
		}
	}
	large, err := os.Create(filepath.Join(tree.Dir(), "large"))
	if err == nil {
		err = errors.Join(large.Truncate(DefaultMaxFileSize+1), large.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tree.Read("large"); !errors.Is(err, ErrTooLarge) {
		t.Errorf("Read(large): %v", err)
	}
}

func TestEnclosingTakesPathsAsNamed(t *testing.T) {
	base, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	at := func(parts ...string) string { return filepath.Join(append([]string{base}, parts...)...) }
	for _, dir := range []string{"repo/.git", "other/.git", "other/stack", "plain", "repo/in"} {
		if err := os.MkdirAll(at(dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{"repo/in/a.tf", "other/stack/b.tf", "plain/c.tf"} {
		if err := os.WriteFile(at(file), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for link, target := range map[string]string{
		"repo/out.tf": "../other/stack/b.tf", "repo/near.tf": "in/a.tf", "repo/dir": "../plain", "plain/stack": "../other/stack",
	} {
		if err := os.Symlink(target, at(link)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		target, top string
		inside      bool
	}{
		{"repo", "repo", true}, {"repo/in/a.tf", "repo", true}, {"repo/near.tf", "repo", true},
		{"repo/out.tf", "repo", true}, {"repo/dir", "repo", true},
		{"plain", "plain", false}, {"plain/c.tf", "plain", false}, {"plain/absent.tf", "plain", false},
		{"plain/stack", "other", true}, // the user's own link
	} {
		top, inside, err := Enclosing(at(c.target))
		if err != nil || top != at(c.top) || inside != c.inside {
			t.Errorf("Enclosing(%s) = %s, %v, %v; want %s", c.target, top, inside, err, c.top)
		}
	}
	for link, inside := range map[string]bool{"repo/near.tf": true, "repo/out.tf": false, "repo/dir": false} {
		if _, err := Rel(at("repo"), at(link)); (err == nil) != inside {
			t.Errorf("Rel(%s): %v", link, err)
		}
	}
	t.Chdir(at("repo/dir")) // the user went there
	if top, _, err := Enclosing("."); err != nil || top != at("plain") {
		t.Errorf("Enclosing(.) = %s, %v", top, err)
	}
}

func TestWalkLeavesOutOnlyAssetsOfAnAssembly(t *testing.T) {
	tree := treeOf(t, map[string]string{
		"asset.store/main.tf": "", "out/manifest.json": "{}", "out/asset.1/x.json": "", "out/app.template.json": "", "node_modules/a.tf": "",
	})
	if err := os.Symlink("out", filepath.Join(tree.Dir(), "again")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("out/manifest.json", filepath.Join(tree.Dir(), "link.tf")); err != nil {
		t.Fatal(err)
	}
	var got []string
	Walk(t.Context(), tree, ".", nil, func(name string, _ os.DirEntry) { got = append(got, name) }, func(name string, err error) { t.Error(name, err) })
	if want := "asset.store/main.tf link.tf out/app.template.json out/manifest.json"; strings.Join(got, " ") != want {
		t.Errorf("got %v\nwant %s", got, want)
	}
}
