package linter

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/source"
)

// crowded makes a repository that holds a stack among unrelated files, all of
// them tracked, and returns the stack's directory.
func crowded(tb testing.TB, stack string, unrelated int) string {
	tb.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		tb.Skip("git is not installed")
	}
	top := tb.TempDir()
	dir := filepath.Join(top, "infra", "stack")
	if err := os.CopyFS(dir, os.DirFS(stack)); err != nil {
		tb.Fatal(err)
	}
	for i := range unrelated {
		file := filepath.Join(top, "other", fmt.Sprint(i/100), fmt.Sprintf("%d.txt", i))
		if i%100 == 0 {
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				tb.Fatal(err)
			}
		}
		if err := os.WriteFile(file, []byte(fmt.Sprint(i)), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	for _, args := range [][]string{
		{"init", "-q", "-b", "main"}, {"add", "-A"},
		{"-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "-m", "a"},
	} {
		if out, err := exec.Command("git", append([]string{"-C", top}, args...)...).CombinedOutput(); err != nil {
			tb.Fatalf("git %v: %v: %s", args, err, out)
		}
	}
	return dir
}

const webApp = "../fixtures/stacks/web-app/terraform"

func TestTheBaseReadsOnlyTheStack(t *testing.T) {
	dir := crowded(t, webApp, 300)
	l, err := New(Options{NewFrom: "HEAD"})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	now, err := l.open(context.Background(), []string{dir})
	if err != nil {
		t.Fatal(err)
	}
	defer now.Tree.Close()
	b, err := l.baseOf(ctx, []string{dir})
	if err != nil {
		t.Fatal(err)
	}
	commit, tree, err := openBase(ctx, b, now)
	if err != nil {
		t.Fatal(err)
	}
	defer commit.Close()
	before, err := now.Before(tree)
	if err != nil {
		t.Fatal(err)
	}
	r, err := l.lint(ctx, &scan{Scan: before})
	if err != nil {
		t.Fatal(err)
	}
	if r.Coverage.Resources == 0 || len(r.Coverage.Errors) > 0 {
		t.Fatalf("%d resources, errors %v", r.Coverage.Resources, r.Coverage.Errors)
	}
	tracked := 0
	source.Walk(ctx, now.Tree, "infra/stack", nil, func(string, fs.DirEntry) { tracked++ }, func(name string, err error) { t.Fatal(name, err) })
	// The commit and HEAD, the directories down to the stack and in it.
	if got, most := commit.ObjectsRead(), tracked+10; got > most {
		t.Errorf("%d objects were read for %d files", got, tracked)
	}
}

func TestNothingIsNewWhereNothingChanged(t *testing.T) {
	dir := crowded(t, webApp, 0)
	count := func(revision string) (fails, known int) {
		l, err := New(Options{NewFrom: revision})
		if err != nil {
			t.Fatal(err)
		}
		r, err := l.Lint(context.Background(), []string{dir})
		if err != nil {
			t.Fatal(err)
		}
		if r.Base != nil {
			known = r.Base.Known
		}
		return r.Summary.Critical + r.Summary.High + r.Summary.Medium + r.Summary.Low, known
	}
	all, _ := count("")
	if fails, known := count("HEAD"); all == 0 || fails != 0 || known != all {
		t.Errorf("%d of %d findings are new, %d known", fails, all, known)
	}
	main := filepath.Join(dir, "added.tf")
	if err := os.WriteFile(main, []byte("resource \"aws_s3_bucket\" \"added\" {}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if fails, known := count("HEAD"); fails == 0 || known != all {
		t.Errorf("with a bucket more, %d are new and %d of %d known", fails, known, all)
	}
}

// BenchmarkNewFrom scans a stack among 10,000 unrelated files: plainly, and
// against HEAD.
func BenchmarkNewFrom(b *testing.B) {
	dir := crowded(b, webApp, 10_000)
	for _, revision := range []string{"", "HEAD"} {
		b.Run(strings.TrimSpace("from="+revision), func(b *testing.B) {
			for b.Loop() {
				l, err := New(Options{NewFrom: revision})
				if err != nil {
					b.Fatal(err)
				}
				if _, err := l.Lint(context.Background(), []string{dir}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
