package source

import (
	"os"
	"path/filepath"
	"testing"
)

func TestPositionsCountCodePoints(t *testing.T) {
	f := NewFile("a.tf", []byte("é = 1\r\nb = \"日本\" # x\nlast"))
	for _, c := range []struct {
		offset int
		want   Position
	}{
		{0, Position{1, 1}}, {2, Position{1, 2}}, {8, Position{2, 1}}, {19, Position{2, 8}}, {1 << 20, Position{3, 5}},
	} {
		if got := f.Position(c.offset); got != c.want {
			t.Errorf("Position(%d) = %v, want %v", c.offset, got, c.want)
		}
		if c.offset < len(f.Data) && f.Offset(c.want) != c.offset {
			t.Errorf("Offset(%v) = %d, want %d", c.want, f.Offset(c.want), c.offset)
		}
	}
	if got := f.Line(1); got != "é = 1" {
		t.Errorf("Line(1) = %q", got)
	}
	if got := f.Line(3); got != "last" {
		t.Errorf("Line(3) = %q", got)
	}
}

func TestTreeStaysInside(t *testing.T) {
	outside := t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "secret"), []byte("s"), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Symlink(filepath.Join(outside, "secret"), filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	tree, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	for _, name := range []string{"link", "../secret", "/etc/passwd", "a/../../secret"} {
		if _, err := tree.Read(name); err == nil {
			t.Errorf("Read(%q) succeeded", name)
		}
	}
	if _, err := tree.Rel(outside); err == nil {
		t.Error("Rel accepted a path outside the root")
	}
}

func TestEnclosingFindsRepository(t *testing.T) {
	top, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	deep := filepath.Join(top, "a", "b")
	if err := os.MkdirAll(deep, 0o755); err != nil {
		t.Fatal(err)
	}
	if got, _, _ := Enclosing(deep); got != deep {
		t.Errorf("without a repository: %s, want %s", got, deep)
	}
	if err := os.Mkdir(filepath.Join(top, ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	if got, _, _ := Enclosing(deep); got != top {
		t.Errorf("in a repository: %s, want %s", got, top)
	}
}
