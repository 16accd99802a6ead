package cloudformation

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// TestReuse holds that a world which takes resources over from the base world
// is the same as one that is evaluated from scratch: over testdata, or the
// directory that DEMARC_TEMPLATES names.
func TestReuse(t *testing.T) {
	dir := "testdata"
	if named := os.Getenv("DEMARC_TEMPLATES"); named != "" {
		dir = named
	}
	tree, err := source.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	worlds := 0
	source.Walk(context.Background(), tree, ".", nil, func(name string, _ fs.DirEntry) {
		if !IsCandidate(name) {
			return
		}
		reused, _ := Load(context.Background(), tree, name, Options{})
		if len(reused) < 2 {
			return
		}
		for i, s := range fresh(t, tree, name) {
			worlds++
			if i >= len(reused) || describe(reused[i]) != describe(s) {
				t.Errorf("%s: when %s differs:\n%s\nfrom scratch\n%s", filepath.ToSlash(name), whenOf(reused, s), describe(reused[i]), describe(s))
			}
		}
	}, func(name string, err error) { t.Errorf("%s: %v", name, err) })
	if worlds == 0 {
		t.Error("no template has several worlds")
	}
	t.Logf("%d worlds compared", worlds)
}

// fresh evaluates a template in all its worlds, each from scratch.
func fresh(t *testing.T, tree *source.Tree, name string) []*graph.Stack {
	t.Helper()
	f, err := tree.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	l := newLoader(context.Background(), tree)
	l.left *= maxWorlds
	tmpl, err := l.read(f, Unclaimed)
	if err != nil || tmpl == nil {
		t.Fatal(name, err)
	}
	l.template = tmpl
	l.templates[f.Path] = tmpl
	var out []*graph.Stack
	var base *evaluator
	for _, w := range l.worlds(newEvaluator(l, tmpl)) {
		e := w.evaluator(l, tmpl, Options{})
		if w.about.Base {
			base = e
		} else {
			e.base = base
		}
		out = append(out, stackOf(e, w.about, nil))
	}
	return out
}
