package source

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func treeOf(t *testing.T, files map[string]string) *Tree {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tree, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tree.Close() })
	return tree
}

func TestOverlay(t *testing.T) {
	tree := treeOf(t, map[string]string{"a.tf": "a", "b.tf": "b", "m/c.tf": "c"})
	o := NewOverlay(tree, map[string][]byte{"a.tf": []byte("unsaved"), "./new.tf": []byte("new"), "m/d.tf": []byte("d"), "x/y/z.tf": []byte("z")})
	for name, want := range map[string]string{
		"a.tf": "unsaved", "b.tf": "b", "new.tf": "new", "m/c.tf": "c", "m/d.tf": "d", "x/y/z.tf": "z", "absent.tf": "", "x": "",
	} {
		f, err := o.Read(name)
		if (err == nil) != (want != "") || err == nil && string(f.Data) != want {
			t.Errorf("Read(%s) = %v, %v; want %q", name, f, err, want)
		}
	}
	for dir, want := range map[string]string{".": "a.tf b.tf m new.tf x", "m": "c.tf d.tf", "x": "y", "x/y": "z.tf"} {
		if got := names(t, o, dir); got != want {
			t.Errorf("List(%s): %s, want %s", dir, got, want)
		}
	}
	if info, err := o.Stat("a.tf"); err != nil || info.Size() != int64(len("unsaved")) || !info.Mode().IsRegular() {
		t.Errorf("Stat(a.tf): %v, %v", info, err)
	}
	if info, err := o.Stat("x"); err != nil || !info.IsDir() {
		t.Errorf("Stat(x): %v, %v", info, err)
	}
	if _, err := o.Stat("absent"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Stat(absent): %v", err)
	}
}

func TestStoreKeepsWhatIsTheSame(t *testing.T) {
	var store Store
	type key struct{}
	read := func(content string) *File {
		f, err := store.Over(treeOf(t, map[string]string{"a.tf": content})).Read("a.tf")
		if err != nil {
			t.Fatal(err)
		}
		if got := Memo(f, key{}, func() string { return "made of " + string(f.Data) }); got != "made of "+content {
			t.Errorf("got %q", got)
		}
		return f
	}
	first := read("one")
	if read("one") != first || store.Made() != 1 {
		t.Errorf("the same content is another file, or was made of %d times", store.Made())
	}
	if read("two") == first || store.Made() != 2 {
		t.Errorf("another content is the same file, or was made of %d times", store.Made())
	}
	for _, content := range []string{"three", "four", "five"} {
		read(content)
	}
	if read("one") == first {
		t.Error("everything is kept for ever")
	}
}
