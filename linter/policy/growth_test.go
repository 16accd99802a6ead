package policy

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/policies"
)

// openGroup is one security group with n ingress rules that open some ports,
// which several rules report.
func openGroup(n int) *graph.Graph {
	rules := make([]graph.Value, n)
	for i := range rules {
		rules[i] = object("description", text(fmt.Sprint("rule ", i)), "protocol", text("tcp"),
			"from_port", port(fmt.Sprint(i%10+15)), "to_port", port(fmt.Sprint(3300+i%50)),
			"cidr_blocks", graph.ListValue(text("0.0.0.0/0")))
	}
	r := &graph.Resource{Address: "aws_security_group.g", DeclaredType: "aws_security_group", Declared: ingress(rules...)}
	return graph.Build(context.Background(), policies.Schema(), []*graph.Stack{{Root: ".", Language: graph.Terraform, Resources: []*graph.Resource{r}}})
}

// work counts the allocations that judging a graph takes, and its outcomes.
func work(t testing.TB, g *graph.Graph) (allocations uint64, outcomes int) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	result, err := Judge(context.Background(), g, Options{})
	runtime.ReadMemStats(&after)
	if err != nil || len(result.Errors) > 0 {
		t.Fatal(err, result.Errors)
	}
	return after.Mallocs - before.Mallocs, len(result.Outcomes)
}

// TestManyFindingsOnOneResource holds the growth of the evaluation to that of
// what is evaluated: what twice as many blocks add is twice as much.
func TestManyFindingsOnOneResource(t *testing.T) {
	const n = 150
	var allocations [3]uint64
	var outcomes [3]int
	for i := range allocations {
		allocations[i], outcomes[i] = work(t, openGroup(n<<i))
	}
	if more := outcomes[1] - outcomes[0]; more < n || outcomes[2]-outcomes[1] != 2*more {
		t.Errorf("%v outcomes: what twice as many blocks add should be twice as many, several a block", outcomes)
	}
	first, second := allocations[1]-allocations[0], allocations[2]-allocations[1]
	if ratio := float64(second) / float64(first); ratio > 2.5 {
		t.Errorf("allocations grow by %d, then by %d: %.1f times", first, second, ratio)
	}
}

func BenchmarkManyFindingsOnOneResource(b *testing.B) {
	for _, n := range []int{1000, 2000, 4000} {
		b.Run(fmt.Sprint("blocks=", n), func(b *testing.B) {
			g := openGroup(n)
			for b.Loop() {
				work(b, g)
			}
		})
	}
}
