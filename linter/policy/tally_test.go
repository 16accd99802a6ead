package policy

import (
	"context"
	"testing"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/policies"
)

// What a variant says is an outcome, and counted once, in the base.
func TestVariantsAreNotCounted(t *testing.T) {
	stack := func(when string) *graph.Stack {
		return &graph.Stack{Root: "t.yaml", Language: graph.Terraform, When: when, Resources: []*graph.Resource{
			{Address: "D", DeclaredType: "aws_db_instance", Declared: object("storage_encrypted", graph.BoolValue(false))}}}
	}
	const id = "rds/storage-encryption"
	g := graph.Build(context.Background(), policies.Schema(), []*graph.Stack{stack(""), stack("IsProd is true")})
	result, err := Judge(context.Background(), g, Options{Wanted: func(r *policies.Rule) bool { return r.ID == id }})
	if err != nil {
		t.Fatal(err)
	}
	if tally := *result.PerRule[id]; tally != (Tally{Fail: 1}) || len(result.Outcomes) != 2 {
		t.Errorf("%+v, %d outcomes", tally, len(result.Outcomes))
	}
}

// A companion that refers to the subject settles a rule, whatever others may.
func TestCompanionsSettle(t *testing.T) {
	const id = "vpc/flow-logs"
	log := func(name string, vpc graph.Value) *graph.Resource {
		return &graph.Resource{Address: "aws_flow_log." + name, DeclaredType: "aws_flow_log", Declared: object("vpc_id", vpc)}
	}
	known := log("known", unknownBecause("known after apply").WithLinks(graph.Link{Address: "aws_vpc.v", Attribute: "id"}))
	lost := log("lost", unknownBecause("var.x has no default"))
	for _, c := range []struct {
		name string
		logs []*graph.Resource
		want Tally
	}{
		{"none", nil, Tally{Fail: 1}},
		{"one that may be another's", []*graph.Resource{lost}, Tally{Inconclusive: 1}},
		{"one of its own", []*graph.Resource{known}, Tally{Pass: 1}},
		{"one of its own and another", []*graph.Resource{lost, known}, Tally{Pass: 1}},
	} {
		vpc := &graph.Resource{Address: "aws_vpc.v", DeclaredType: "aws_vpc", Declared: object("cidr_block", text("10.0.0.0/16"))}
		stack := &graph.Stack{Root: ".", Language: graph.Terraform, Resources: append([]*graph.Resource{vpc}, c.logs...)}
		g := graph.Build(context.Background(), policies.Schema(), []*graph.Stack{stack})
		result, err := Judge(context.Background(), g, Options{Passed: true, Wanted: func(r *policies.Rule) bool { return r.ID == id }})
		if err != nil {
			t.Fatal(err)
		}
		if got := *result.PerRule[id]; got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
		if passed := result.Passed[id]; len(passed) > 0 && passed[0].Evidence != graph.Written {
			t.Errorf("%s: it rests on %d", c.name, passed[0].Evidence)
		}
	}
}
