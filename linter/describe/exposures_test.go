package describe

import (
	"context"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/policy"
	"github.com/demarc-dev/demarc/policies"
)

// Of the variants of a root, the one that is reached most tells; each way is
// told once, with the findings about what opens it.
func TestTheWorstVariantIsTold(t *testing.T) {
	stack := func(when, authorization string) *graph.Stack {
		written := graph.StringValue(authorization)
		if authorization == "" {
			written = graph.UnknownValue(graph.Reason{Text: "var.x has no default"})
		}
		variant := &graph.Variant{Base: when == ""}
		for _, name := range []string{"A", "B", "C"} {
			variant.Conditions = append(variant.Conditions, graph.Decided{Name: name, Holds: name == when})
		}
		r := &graph.Resource{Address: "Hook", DeclaredType: "aws_lambda_function_url", Declared: graph.ObjectValue(
			graph.Field{Name: "authorization_type", Value: written})}
		return &graph.Stack{Root: "t", Language: graph.Terraform, Variant: variant, Resources: []*graph.Resource{r}}
	}
	closed, open, again, last := stack("", "AWS_IAM"), stack("A", "NONE"), stack("B", "NONE"), stack("C", "")
	g := graph.Build(context.Background(), policies.Schema(), []*graph.Stack{closed, open, again, last})
	rule := &finding.Rule{ID: "lambda/url"}
	result := &policy.Result{Outcomes: []policy.Outcome{
		{Spot: open.Resources[0].At(graph.Path{"authorization_type"}), Rule: rule, Message: "anybody"},
		{Spot: open.Resources[0].At(nil), Rule: rule, Message: "the resource as a whole", Tag: "whole"},
	}}
	d := New(g, result, strings.ToLower)
	exposures := d.Exposures(d.About(d.Findings()))
	if len(exposures) != 1 {
		t.Fatalf("%d exposures: %+v", len(exposures), exposures)
	}
	e := exposures[0]
	if e.Reach != finding.Reached || e.Root != "t" || e.Address != "Hook" || len(e.Paths) != 1 || e.Paths[0].When != "A is true or B is true" {
		t.Fatalf("%+v", e)
	}
	var about []string
	for _, h := range e.Paths[0].Hops {
		for _, f := range h.Findings {
			about = append(about, h.Kind+": "+f.Message)
		}
	}
	if got := strings.Join(about, ", "); !strings.Contains(got, "authorization: anybody") || strings.Contains(got, "authorization: the resource") {
		t.Errorf("the findings about the hops: %q", got)
	}
}
