package describe

import (
	"fmt"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/internal/allocation"
	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/policy"
	"github.com/demarc-dev/demarc/linter/source"
)

// group is a resource of n blocks, one a line, each with a secret of its own
// and an outcome; half of the outcomes have the same identity.
func group(n int) (*graph.Graph, *policy.Result) {
	const line = "  ingress { from_port = 22 }\n"
	file := source.NewFile("main.tf", []byte(strings.Repeat(line, n)))
	blocks := make([]graph.Value, n)
	for i := range blocks {
		blocks[i] = graph.ObjectValue(
			graph.Field{Name: "from_port", Value: graph.NumberValue("22")},
			graph.Field{Name: "description", Value: graph.StringValue(fmt.Sprintf("secret-%d", i)).AsSensitive()},
		).At(source.Range{File: file, Start: i*len(line) + 2, End: (i+1)*len(line) - 1})
	}
	values := graph.ObjectValue(graph.Field{Name: "ingress", Value: graph.ListValue(blocks...)})
	stack := &graph.Stack{Root: ".", Language: graph.Terraform}
	r := &graph.Resource{Address: "aws_security_group.g", DeclaredType: "aws_security_group", Type: "aws_security_group", Declared: values, Values: values, Stack: stack}
	rule := &finding.Rule{ID: "vpc/open", Severity: finding.High, Reads: []string{"ingress.from_port"}}
	result := &policy.Result{}
	for i := range n {
		tag := "tcp/22"
		if i%2 == 0 {
			tag = fmt.Sprintf("tcp/%d", i)
		}
		result.Outcomes = append(result.Outcomes, policy.Outcome{
			Spot: r.At(graph.Path{"ingress", fmt.Sprint(i), "from_port"}), Rule: rule, Message: fmt.Sprintf("open, says secret-%d", i), Tag: tag,
		})
	}
	return &graph.Graph{Stacks: []*graph.Stack{stack}, Resources: []*graph.Resource{r}}, result
}

// A resource with n findings costs n times what one with one finding does: its
// secrets are collected once, and the digests of one identity sorted once.
func TestManyFindingsOnOneResource(t *testing.T) {
	spent := map[int]uint64{}
	for _, n := range []int{1000, 2000, 4000} {
		g, result := group(n)
		var found []finding.Finding
		spent[n] = allocation.Of(func() {
			d := New(g, result, func(name string) string { return name })
			found = d.Findings()
			d.About(found)
		})
		if len(found) != n {
			t.Fatalf("%d findings of %d outcomes", len(found), n)
		}
		for i, f := range found {
			if f.Message != "open, says (sensitive)" {
				t.Fatalf("finding %d says %q", i, f.Message)
			}
		}
	}
	for _, n := range []int{1000, 2000} {
		if spent[2*n] > 3*spent[n] {
			t.Errorf("%d findings allocate %d bytes, %d findings %d", n, spent[n], 2*n, spent[2*n])
		}
	}
}
