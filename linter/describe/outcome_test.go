package describe

import (
	"slices"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/policy"
	"github.com/demarc-dev/demarc/linter/source"
)

func TestLastingNames(t *testing.T) {
	module := source.NewFile("modules/m/main.tf", []byte("resource"))
	root := source.NewFile("root/main.tf", []byte("module"))
	nested := source.NewFile("child.yaml", []byte("R"))
	whole := func(f *source.File) source.Range { return source.Range{File: f, End: len(f.Data)} }
	terraform := &graph.Stack{Root: "root", Language: graph.Terraform}
	calls := []graph.Call{{Address: "module.a", Header: whole(root)}, {Address: `module.a.module.b["x"]`, Header: whole(module)}}
	inner := &graph.Resource{Address: `module.a.module.b["x"].aws_s3_bucket.c[0]`, Stack: terraform, Calls: calls}
	for _, c := range []struct {
		name string
		r    *graph.Resource
		at   source.Range
		want finding.Home
	}{
		{"of the root", &graph.Resource{Address: "aws_s3_bucket.c[0]", Stack: terraform}, whole(root), finding.Home{Root: "root", Address: "aws_s3_bucket.c"}},
		{"a line of a module", inner, whole(module), finding.Home{Root: "modules/m", Address: "aws_s3_bucket.c"}},
		{"shown at the root's call", inner, whole(root), finding.Home{Root: "root", Address: "module.a.module.b.aws_s3_bucket.c"}},
		{"shown nowhere", inner, source.Range{}, finding.Home{Root: "root", Address: "module.a.module.b.aws_s3_bucket.c"}},
		{"of a nested template", &graph.Resource{Address: "Child/R", Header: whole(nested), Stack: &graph.Stack{Root: "t.yaml", Language: graph.CloudFormation},
			Calls: []graph.Call{{Address: "Child", Header: whole(root)}}}, whole(nested), finding.Home{Root: "child.yaml", Address: "R"}},
	} {
		if got := lastingName(c.r, c.at); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
	installed := source.NewFile("root/.terraform/modules/m/main.tf", []byte("resource"))
	if got := owned(whole(installed), []graph.Call{{Header: whole(root)}, {Header: whole(installed)}}); got != whole(root) {
		t.Errorf("a finding in an installed module is shown in %s", got.File.Path)
	}
	if got := owned(whole(module), calls); got != whole(module) {
		t.Errorf("a finding in a local module is shown in %s", got.File.Path)
	}
}

// variants are two variants of a template with a bucket each, of which a rule
// fails on both, and another is inconclusive on both.
func variants() (*graph.Graph, *policy.Result) {
	file := source.NewFile("t.yaml", []byte("Bucket: versioning"))
	fails, doubts := &finding.Rule{ID: "s3/a"}, &finding.Rule{ID: "s3/b"}
	g, result := &graph.Graph{}, &policy.Result{Passed: map[string][]policy.Pass{}}
	for _, base := range []bool{true, false} {
		s := &graph.Stack{Root: "t.yaml", Language: graph.CloudFormation, Variant: &graph.Variant{Base: base}}
		r := &graph.Resource{Address: "Bucket", Type: "aws_s3_bucket", Stack: s, Header: source.Range{File: file, End: 6},
			Values: graph.ObjectValue(graph.Field{Name: "versioning", Value: graph.BoolValue(base).At(source.Range{File: file, Start: 8, End: 18})})}
		g.Stacks, g.Resources = append(g.Stacks, s), append(g.Resources, r)
		spot := r.At(graph.Path{"versioning"})
		result.Outcomes = append(result.Outcomes,
			policy.Outcome{Spot: spot, Rule: fails, Message: "off"},
			policy.Outcome{Spot: spot, Rule: doubts, Message: "cannot be decided", Inconclusive: true, Why: []policy.Why{{Path: spot.Path, Reason: graph.Reason{Text: "x"}}}})
		result.Passed["s3/c"] = append(result.Passed["s3/c"], policy.Pass{Rule: &finding.Rule{ID: "s3/c", ServiceModel: "abstracted"}, Resource: r})
	}
	return g, result
}

func TestVariantsAreOneFinding(t *testing.T) {
	g, result := variants()
	d := New(g, result, strings.ToUpper)
	found := d.Findings()
	if len(found) != 2 {
		t.Fatalf("%d findings: %+v", len(found), found)
	}
	fails, doubts := found[0], found[1]
	if fails.When != nil || !slices.Equal(fails.Sites[0].Outcomes, []int{0, 2}) || len(fails.Sites) != 1 || fails.Value == "" || fails.Location.File != "T.YAML" {
		t.Errorf("the failure: %+v", fails)
	}
	if doubts.Status != finding.Inconclusive || !slices.Equal(doubts.Sites[0].Outcomes, []int{1, 3}) || doubts.Value != "" || doubts.Why[0].Path != "versioning" {
		t.Errorf("the doubt: %+v", doubts)
	}
	// What is unknown is said once, and is about the bucket in both variants.
	about := d.About(found)
	for _, r := range g.Resources {
		var rules []string
		for _, f := range about.Resource(r) {
			rules = append(rules, f.Rule)
		}
		if strings.Join(rules, " ") != "s3/a s3/b" {
			t.Errorf("about the bucket, base %v: %v", r.Stack.IsBase(), rules)
		}
	}
	if kept := d.Passing(); len(kept) != 1 || kept[0].Rule != "s3/c" || kept[0].ServiceModel != "abstracted" {
		t.Errorf("kept: %+v", kept)
	}
	// A finding that is gone is about nothing.
	if left := d.About(found[:1]).Resource(g.Resources[1]); len(left) != 1 || left[0].Rule != "s3/a" {
		t.Errorf("left: %+v", left)
	}
}

func TestDigestsTellValuesApart(t *testing.T) {
	rule := &finding.Rule{ID: "s3/a", Reads: []string{"a"}}
	digest := func(v graph.Value, path string) string {
		r := &graph.Resource{Values: graph.ObjectValue(graph.Field{Name: "a", Value: v})}
		return New(&graph.Graph{}, &policy.Result{}, nil).digest(&policy.Outcome{Spot: r.At(graph.ParsePath(path)), Rule: rule})
	}
	one, other := graph.StringValue("1"), graph.NumberValue("1")
	if digest(one, "a") == digest(other, "a") || digest(one, "a") != digest(one, "") || len(digest(one, "a")) != digestLength {
		t.Error("digests of a text and a number are the same, or of one value differ")
	}
	ab := graph.ObjectValue(graph.Field{Name: "x", Value: one}, graph.Field{Name: "y", Value: other})
	ba := graph.ObjectValue(graph.Field{Name: "y", Value: other}, graph.Field{Name: "x", Value: one})
	if digest(ab, "a") != digest(ba, "a") || digest(graph.ListValue(one, other), "a") == digest(graph.ListValue(other, one), "a") {
		t.Error("the order of members counts, or that of a list does not")
	}
	for _, path := range []string{"a", "", "a.x"} {
		if digest(ab.AsSensitive(), path) != "" {
			t.Errorf("a sensitive value has a digest at %q", path)
		}
	}
	rule.Secret = true
	if digest(one, "a") != "" {
		t.Error("a secret has a digest")
	}
	g, result := variants()
	result.Outcomes[2].Rule = &finding.Rule{ID: "s3/a", Secret: true}
	if f := New(g, result, strings.ToUpper).Findings()[0]; f.Value != "" {
		t.Errorf("a finding of a secret in one variant has the digest %s", f.Value)
	}
}

func TestOverlap(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{{"ingress", "ingress.0", true}, {"ingress.0", "ingress", true}, {"ingress", "egress", false}, {"", "ingress", false}, {"", "", true}} {
		if overlap(graph.ParsePath(c.a), graph.ParsePath(c.b)) != c.want {
			t.Errorf("%q and %q: %v", c.a, c.b, !c.want)
		}
	}
}
