package source

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

func TestUntilLeavesWorkThatOutlivesTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	if got, done := Until(ctx, func() int { return 7 }); got != 7 || !done {
		t.Errorf("got %d, %v", got, done)
	}
	release := make(chan struct{})
	defer close(release)
	if got, done := Until(ctx, func() int { cancel(); <-release; return 7 }); got != 0 || done {
		t.Errorf("after the end: got %d, %v", got, done)
	}
}

func TestUntilPanicsWhereItIsCalled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	defer func() {
		if got := recover(); got != "broken" {
			t.Errorf("recovered %v", got)
		}
	}()
	Until(ctx, func() int { panic("broken") })
}

func TestWalkEndsWithTheContext(t *testing.T) {
	dir := t.TempDir()
	for i := range 20 {
		if err := os.WriteFile(filepath.Join(dir, strconv.Itoa(i)), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tree, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	ctx, cancel := context.WithCancel(context.Background())
	visited := 0
	Walk(ctx, tree, ".", nil, func(string, fs.DirEntry) {
		if visited++; visited == 3 {
			cancel()
		}
	}, func(name string, err error) { t.Errorf("%s: %v", name, err) })
	if visited != 3 {
		t.Errorf("visited %d files, want 3", visited)
	}
}
