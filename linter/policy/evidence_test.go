package policy

import (
	"context"
	"testing"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/policies"
)

// TestEvidence holds what the pass of a rule rests on.
func TestEvidence(t *testing.T) {
	statement := object("Effect", text("Allow"), "Principal", object("AWS", text("arn:aws:iam::111122223333:root")), "Action", text("sqs:*"), "Resource", text("*"))
	replica := unknownBecause("known after apply").WithLinks(graph.Link{Address: "aws_db_instance.other", Attribute: "identifier"})
	for _, c := range []struct {
		name, rule, declared string
		values               graph.Value
		want                 graph.Basis
	}{
		{"written", "rds/storage-encryption", "aws_db_instance", object("storage_encrypted", graph.BoolValue(true)), graph.Written},
		{"AWS's own setting", "rds/public-access", "aws_db_instance", object(), graph.Default},
		{"written as the default", "rds/public-access", "aws_db_instance", object("publicly_accessible", graph.BoolValue(false)), graph.Written},
		{"a link", "cloudtrail/kms-encryption", "aws_cloudtrail", object("kms_key_id", replica), graph.Written},
		{"no rule to judge", "vpc/ingress-ssh", "aws_security_group", object(), graph.Nothing},
		{"an empty list of rules", "vpc/ingress-ssh", "aws_security_group", ingress(), graph.Nothing},
		{"a rule that keeps out", "vpc/ingress-ssh", "aws_security_group", ingress(rule(text("10.0.0.0/8"), port("22"), port("22"))), graph.Written},
		{"no policy to judge", "sqs/policy-public", "aws_sqs_queue", object(), graph.Nothing},
		{"a narrow policy", "sqs/policy-public", "aws_sqs_queue", object("policy", object("Statement", graph.ListValue(statement))), graph.Written},
	} {
		t.Run(c.rule+" "+c.name, func(t *testing.T) {
			r := &graph.Resource{Address: "r", DeclaredType: c.declared, Declared: c.values}
			g := graph.Build(context.Background(), policies.Schema(), []*graph.Stack{{Root: ".", Language: graph.Terraform, Resources: []*graph.Resource{r}}})
			result, err := Judge(context.Background(), g, Options{Passed: true, Wanted: func(r *policies.Rule) bool { return r.ID == c.rule }})
			if err != nil {
				t.Fatal(err)
			}
			passed := result.Passed[c.rule]
			if len(passed) != 1 || passed[0].Resource != r {
				t.Fatalf("passed: %v, of %+v", passed, result.PerRule[c.rule])
			}
			if passed[0].Evidence != c.want {
				t.Errorf("it rests on %d, want %d", passed[0].Evidence, c.want)
			}
		})
	}
}

// The members of a default are defaults, whatever they hold themselves.
func TestBasisBelowADefault(t *testing.T) {
	member := graph.Field{Name: "a", Value: graph.BoolValue(true)}
	inside := object("list", graph.ListValue(graph.ObjectValue(member), graph.NullValue()))
	for _, c := range []struct {
		path   string
		around graph.Basis
		want   graph.Basis
	}{
		{"list.a", graph.Written, graph.Written},
		{"list.a", graph.Default, graph.Default},
		{"list.b", graph.Default, graph.Nothing},
		{"list.a.b", graph.Written, graph.Nothing},
	} {
		if got := basis(inside, c.around, graph.ParsePath(c.path)); got != c.want {
			t.Errorf("%s in %d rests on %d, want %d", c.path, c.around, got, c.want)
		}
	}
}

// A key with a dot is one step, in what policies read and in what they hand over.
func TestKeysWithDots(t *testing.T) {
	missing := unknownBecause("var.x has no default")
	r := &graph.Resource{Address: "r", DeclaredType: "custom_thing", Declared: object(
		"parameters", object("method.request.path", missing, "plain", missing),
		"block", graph.ListValue(object("key", object("a.b", graph.ListValue(object("c", missing))))))}
	g := graph.Build(context.Background(), policies.Schema(), []*graph.Stack{{Root: ".", Language: graph.Terraform, Resources: []*graph.Resource{r}}})
	shown, err := Inspect(context.Background(), g, false)
	if err != nil {
		t.Fatal(err)
	}
	thing := shown.(map[string]any)["by_type"].(map[string]any)["custom_thing"].([]any)[0].(map[string]any)
	unknown := thing["_unknown"].([]any)
	want := []any{`block.key["a.b"].c`, "parameters.plain", `parameters["method.request.path"]`}
	if len(unknown) != len(want) {
		t.Fatalf("unknown: %v", unknown)
	}
	for i := range want {
		if unknown[i] != want[i] {
			t.Errorf("unknown: %v, want %v", unknown[i], want[i])
		}
	}
	block := thing["values"].(map[string]any)["block"].([]any)[0].(map[string]any)
	inner := block["key"].(map[string]any)["a.b"].([]any)[0].(map[string]any)
	at, _ := inner["_at"].(string)
	if at != `block.0.key["a.b"].0` {
		t.Errorf("the inner block says that it stands at %s", at)
	}
	if spot := r.At(graph.ParsePath(at + ".c")); spot.Value.Kind != graph.Unknown || spot.Value.Reasons()[0].Needs != "var.x" {
		t.Errorf("at %s.c: %+v", at, spot.Value)
	}
}
