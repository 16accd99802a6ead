package diagram

import (
	"context"
	"testing"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/graph"
)

func linked(address string) graph.Value {
	return graph.UnknownValue().WithLinks(graph.Link{Address: address, Attribute: "id"})
}

// Instances are one node, a reference is drawn once and by its outermost
// attribute, and the worst finding gives a node its state.
func TestOf(t *testing.T) {
	field := func(name string, v graph.Value) graph.Field { return graph.Field{Name: name, Value: v} }
	policy := linked("aws_s3_bucket.b")
	policy.Kind, policy.Fields = graph.Object, []graph.Field{field("resources", linked("aws_s3_bucket.b"))}
	stack := &graph.Stack{Root: ".", Resources: []*graph.Resource{
		{Address: `module.m["x"].aws_iam_role.a[0]`, DeclaredType: "aws_iam_role", Calls: []graph.Call{{Address: `module.m["x"]`}}, Declared: graph.ObjectValue(field("policy", policy))},
		{Address: `module.m["x"].aws_iam_role.a[1]`, DeclaredType: "aws_iam_role", Calls: []graph.Call{{Address: `module.m["x"]`}}, Declared: graph.ObjectValue(field("policy", policy))},
		{Address: "aws_s3_bucket.b", DeclaredType: "aws_s3_bucket", Declared: graph.ObjectValue(
			field("tags", graph.ObjectValue(field("a", linked("aws_sns_topic.c")))), field("tags_all", graph.ObjectValue(field("a", linked("aws_sns_topic.c")))))},
		{Address: "aws_sns_topic.c", DeclaredType: "aws_sns_topic", Declared: graph.ObjectValue()},
	}}
	g := graph.Build(context.Background(), graph.NewSchema(nil), []*graph.Stack{stack})
	d := Of(g, func(r *graph.Resource) []finding.Finding {
		if r.Type != "aws_s3_bucket" {
			return nil
		}
		return []finding.Finding{
			{Fingerprint: "a", Status: finding.Inconclusive, Severity: finding.Critical}, {Fingerprint: "b", Status: finding.Fail, Severity: finding.Low},
			{Fingerprint: "c", Status: finding.Suppressed, Severity: finding.High}, {Fingerprint: "b", Status: finding.Fail, Severity: finding.Low},
		}
	})
	if len(d.Nodes) != 3 || d.Nodes[0].Instances != 2 || d.Nodes[0].Name() != "aws_iam_role.a" || d.Nodes[0].Module() != "module.m" {
		t.Fatalf("nodes are %+v", d.Nodes)
	}
	want := []Edge{{0, 1, "policy"}, {1, 2, "tags.a"}}
	if len(d.Edges) != len(want) || d.Edges[0] != want[0] || d.Edges[1] != want[1] {
		t.Errorf("edges are %+v, want %+v", d.Edges, want)
	}
	if b := d.Nodes[1]; b.State() != "low" || len(b.Findings) != 2 || d.Nodes[2].State() != "" {
		t.Errorf("states are %q and %q, with %d findings", b.State(), d.Nodes[2].State(), len(b.Findings))
	}
	groups := d.Groups()
	if len(groups) != 1 || len(groups[0].Nodes) != 2 || len(groups[0].Groups) != 1 || groups[0].Groups[0].Title != "module.m" {
		t.Errorf("groups are %+v", groups)
	}
	// The bucket has the finding; what is cut is counted, with its edges.
	if cut := d.Largest(1); cut.Nodes[0].Address != "aws_s3_bucket.b" || cut.Cut != (Cut{2, 2}) {
		t.Errorf("the largest is %+v, cut %+v", cut.Nodes, cut.Cut)
	}
}
