package policy

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/policies"
)

// What variants say of one resource is counted once, as the worst; it passes
// where no variant says otherwise.
func TestVariantsAreCountedOnce(t *testing.T) {
	const id = "rds/storage-encryption"
	for _, c := range []struct {
		variants string // of each, by resource: fails, passes, is unknown, is not there
		want     Tally
		outcomes int
		passed   int
	}{
		{"f f", Tally{Fail: 1}, 2, 0},
		{"p f", Tally{Fail: 1}, 1, 0},
		{"p u", Tally{Inconclusive: 1}, 1, 0},
		{"u f", Tally{Fail: 1}, 2, 0},
		{"p p", Tally{Pass: 1}, 0, 2},
		{"- f", Tally{Fail: 1}, 1, 0},
		{"- p", Tally{Pass: 1}, 0, 1},
		{"pf p-", Tally{Pass: 1, Fail: 1}, 1, 2},
	} {
		var stacks []*graph.Stack
		for i, resources := range strings.Fields(c.variants) {
			s := &graph.Stack{Root: "t.yaml", Language: graph.Terraform, Variant: &graph.Variant{Base: i == 0}}
			for j, is := range resources {
				values := map[rune]graph.Value{'f': graph.BoolValue(false), 'p': graph.BoolValue(true), 'u': unknownBecause("var.x has no default")}
				if v, there := values[is]; there {
					s.Resources = append(s.Resources, &graph.Resource{Address: fmt.Sprint("D", j), DeclaredType: "aws_db_instance", Declared: object("storage_encrypted", v)})
				}
			}
			stacks = append(stacks, s)
		}
		g := graph.Build(context.Background(), policies.Schema(), stacks)
		result, err := Judge(context.Background(), g, Options{Passed: true, Wanted: func(r *policies.Rule) bool { return r.ID == id }})
		if err != nil {
			t.Fatal(err)
		}
		if tally := *result.PerRule[id]; tally != c.want || len(result.Outcomes) != c.outcomes || len(result.Passed[id]) != c.passed {
			t.Errorf("%s: %+v, %d outcomes, %d passed", c.variants, tally, len(result.Outcomes), len(result.Passed[id]))
		}
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
