package graph_test

import (
	"context"
	"testing"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/policies"
)

// ending is a context that has ended once it was looked at some times.
type ending struct {
	context.Context
	left int
}

func (c *ending) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

func TestBuildKeepsWhatIsFinished(t *testing.T) {
	stack := func(root string) *graph.Stack {
		s := &graph.Stack{Root: root, Language: graph.Terraform}
		for _, name := range []string{"a", "b", "c", "d"} {
			s.Resources = append(s.Resources, &graph.Resource{Address: "aws_s3_bucket." + name, DeclaredType: "aws_s3_bucket"})
		}
		return s
	}
	for looks := range 60 {
		g := graph.Build(&ending{context.Background(), looks}, policies.Schema(), []*graph.Stack{stack("one"), stack("two")})
		if len(g.Resources) != 4*len(g.Stacks) {
			t.Errorf("after %d looks: %d resources of %d stacks", looks, len(g.Resources), len(g.Stacks))
		}
		if looks < 8 && len(g.Stacks) > 0 || looks > 50 && len(g.Stacks) != 2 {
			t.Errorf("after %d looks: %d stacks", looks, len(g.Stacks))
		}
	}
}
