package linter

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/demarc-dev/demarc/linter/finding"
)

// copyOfStack copies a stack of the fixtures, so that a test may name its files.
func copyOfStack(tb testing.TB, stack string) string {
	tb.Helper()
	dir := tb.TempDir()
	if err := os.CopyFS(dir, os.DirFS(stack)); err != nil {
		tb.Fatal(err)
	}
	return dir
}

func lintOnce(tb testing.TB, l *Linter, dir string) *finding.Report {
	tb.Helper()
	r, err := l.Lint(context.Background(), []string{dir})
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func text(tb testing.TB, r *finding.Report) string {
	tb.Helper()
	data, err := json.Marshal(r)
	if err != nil {
		tb.Fatal(err)
	}
	return string(data)
}

func TestAnotherLintMakesOnlyWhatChanged(t *testing.T) {
	for _, c := range []struct{ stack, file, old, new string }{
		{webApp, "alarms.tf", "\n", "\n# changed\n"},
		{"../fixtures/stacks/web-app/cloudformation", "template.yaml", "\n", "\n# changed\n"},
	} {
		dir := copyOfStack(t, c.stack)
		l, err := New(Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Prepare(context.Background(), []string{dir}); err != nil {
			t.Fatal(err)
		}
		made := l.kept.files.Made()
		if made == 0 || l.kept.compiled.Compiles() != 1 {
			t.Fatalf("%s: preparing made %d, compiled %d times", c.stack, made, l.kept.compiled.Compiles())
		}
		first := text(t, lintOnce(t, l, dir))
		if again := text(t, lintOnce(t, l, dir)); again != first {
			t.Errorf("%s: the second report differs from the first", c.stack)
		}
		if got := l.kept.files.Made() - made; got != 0 {
			t.Errorf("%s: %d files were parsed again although nothing changed", c.stack, got)
		}
		path := filepath.Join(dir, c.file)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		changed := bytes.Replace(data, []byte(c.old), []byte(c.new), 1)
		lintOnce(t, l.Over(map[string][]byte{path: changed}), dir)
		if got := l.kept.files.Made() - made; got != 1 {
			t.Errorf("%s: %d files were parsed for one that changed", c.stack, got)
		}
		if got := l.kept.compiled.Compiles(); got != 1 {
			t.Errorf("%s: compiled %d times", c.stack, got)
		}
	}
}

func TestBuffersStandInPlaceOfFiles(t *testing.T) {
	dir := t.TempDir()
	saved := filepath.Join(dir, "main.tf")
	if err := os.WriteFile(saved, []byte("# nothing\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	open := []byte("resource \"aws_db_instance\" \"d\" {\n  publicly_accessible = true\n}\n")
	if r := lintOnce(t, l, dir); r.Coverage.Resources != 0 {
		t.Fatalf("%d resources on disk", r.Coverage.Resources)
	}
	for _, file := range []string{saved, filepath.Join(dir, "unsaved.tf")} {
		over := l.Over(map[string][]byte{file: open})
		r := lintOnce(t, over, dir)
		if r.Coverage.Resources != 1 || r.Findings[0].Location.Range.File.Path != filepath.Base(file) {
			t.Errorf("%s: %d resources", file, r.Coverage.Resources)
		}
		if r := lintOnce(t, over, file); r.Coverage.Resources != 1 {
			t.Errorf("%s, named: %d resources", file, r.Coverage.Resources)
		}
	}
	if r := lintOnce(t, l, dir); r.Coverage.Resources != 0 {
		t.Error("buffers outlive the linter that has them")
	}
}

func TestLintsAtTheSameTime(t *testing.T) {
	dir := copyOfStack(t, "../fixtures/stacks")
	l, err := New(Options{Profile: "extended", Jobs: 2})
	if err != nil {
		t.Fatal(err)
	}
	fresh, err := New(Options{Profile: "extended"})
	if err != nil {
		t.Fatal(err)
	}
	want := text(t, lintOnce(t, fresh, dir))
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			r, err := l.Lint(context.Background(), []string{dir})
			if err != nil {
				t.Error(err)
			} else if text(t, r) != want {
				t.Error("a report differs from that of a linter of its own")
			}
		})
	}
	wg.Wait()
}

// BenchmarkLintAgain judges a stack after a change of one file: with a new
// linter, and with one that has judged it before.
func BenchmarkLintAgain(b *testing.B) {
	dir := copyOfStack(b, webApp)
	file := filepath.Join(dir, "alarms.tf")
	data, err := os.ReadFile(file)
	if err != nil {
		b.Fatal(err)
	}
	changed := func(n int) map[string][]byte {
		return map[string][]byte{file: append(bytes.Clone(data), bytes.Repeat([]byte("# more\n"), n%100+1)...)}
	}
	linter := func() *Linter {
		l, err := New(Options{})
		if err != nil {
			b.Fatal(err)
		}
		return l
	}
	b.Run("new", func(b *testing.B) {
		for n := 0; b.Loop(); n++ {
			lintOnce(b, linter().Over(changed(n)), dir)
		}
	})
	b.Run("kept", func(b *testing.B) {
		l := linter()
		lintOnce(b, l, dir)
		for n := 0; b.Loop(); n++ {
			lintOnce(b, l.Over(changed(n)), dir)
		}
	})
}
