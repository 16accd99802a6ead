package terraform

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/demarc-dev/demarc/linter/source"
)

// ending is a context that has ended once it was looked at some times.
type ending struct {
	context.Context
	after int64
	looks atomic.Int64
}

func (c *ending) Err() error {
	if c.looks.Add(1) > c.after {
		return context.Canceled
	}
	return nil
}

func TestLoadEndsWithTheContext(t *testing.T) {
	for name, text := range map[string]string{
		"resources": `
resource "t" "a" {
  name = "a"
}
resource "t" "b" {
  count = 5000
  name  = "b-${count.index}"
}
resource "t" "c" {
  name = "c"
}
`,
		"loop": `
locals {
  ten = range(100)
  all = [for a in local.ten : [for b in local.ten : [for c in local.ten : a + b + c]]]
}
resource "t" "a" {
  name = length(local.all)
}
`,
	} {
		top := t.TempDir()
		write(t, top, text)
		tree, err := source.Open(top)
		if err != nil {
			t.Fatal(err)
		}
		whole := &ending{Context: context.Background(), after: 1 << 40}
		Load(whole, tree, []Dir{{Name: ".", Named: true}}, Options{Jobs: 1})
		if n := whole.looks.Load(); n < 20 {
			t.Errorf("%s: only %d looks at the context", name, n)
		}
		ctx := &ending{Context: context.Background(), after: 8}
		if _, diags := Load(ctx, tree, []Dir{{Name: ".", Named: true}}, Options{Jobs: 1}); len(diags) > 0 {
			t.Errorf("%s: %v", name, diags)
		}
		if n := ctx.looks.Load() - ctx.after; n > 8 {
			t.Errorf("%s: %d looks at the context after it ended", name, n)
		}
		tree.Close()
	}
}
