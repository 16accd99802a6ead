package terraform

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// faulty is an expression that makes evaluation fail in a way that nobody foresaw.
type faulty struct{ hclsyntax.LiteralValueExpr }

func (*faulty) Value(*hcl.EvalContext) (cty.Value, hcl.Diagnostics) { panic("boom") }

// TestFailuresAreTold forces each panic that is caught: what was being done,
// and where, is among the diagnostics, and evaluation goes on.
func TestFailuresAreTold(t *testing.T) {
	file := source.NewFile("app/main.tf", []byte("a = [1]\n"))
	at := source.Range{File: file, Start: 0, End: 7}
	for _, c := range []struct {
		name, doing string
		fail        func(*instance) []graph.Diagnostic
	}{
		{"parse", "parsing the file", func(*instance) []graph.Diagnostic {
			_, diags := guarded(file, func(*source.File) (body, []graph.Diagnostic) { panic("boom") })
			return diags
		}},
		{"root", "evaluating the directory", func(*instance) []graph.Diagnostic {
			stack, diags := evaluateRoot(&library{ctx: context.Background()}, &module{dir: "app"}, nil)
			if stack == nil {
				t.Error("there is no stack of what was evaluated")
			}
			return diags
		}},
		{"expression", "evaluating an expression", func(in *instance) []graph.Diagnostic {
			if v := in.scope().evaluate(&expression{node: &faulty{}, file: file}); v.IsKnown() {
				t.Errorf("the value is %#v", v)
			}
			return in.eval.diags
		}},
		{"variable", "converting the value of var.v to its type", func(in *instance) []graph.Diagnostic {
			kind := cty.Object(map[string]cty.Type{"a": cty.String})
			faultyDefault := &typeexpr.Defaults{Type: kind, DefaultValues: map[string]cty.Value{"a": cty.NilVal}}
			v := &variable{name: "v", header: at, kind: kind, defaults: faultyDefault}
			if out := in.conform(v, cty.EmptyObjectVal); out.IsKnown() {
				t.Errorf("the value is %#v", out)
			}
			return in.eval.diags
		}},
		{"place", "finding where the parts of a value are written", func(in *instance) []graph.Diagnostic {
			x := &expression{node: &hclsyntax.TupleConsExpr{Exprs: []hclsyntax.Expression{nil}}, file: file}
			v := (&cursor{scope: in.scope(), x: x, node: x.node}).safely(cty.TupleVal([]cty.Value{cty.StringVal("kept")}))
			if len(v.Items) != 1 || v.Items[0].Text != "kept" {
				t.Errorf("the value is %+v", v)
			}
			return in.eval.diags
		}},
		{"resource", "evaluating t.x", func(in *instance) []graph.Diagnostic {
			b := &block{kind: "resource", labels: []string{"t", "x"}, header: at, span: at, body: body{attributes: []*attribute{{name: "a"}}}}
			it := &item{resource: &resource{block: b}, scope: in.scope(), address: "t.x[0]"}
			if v := it.declare(); v.Kind != graph.Unknown {
				t.Errorf("the resource is %+v", v)
			}
			return in.eval.diags
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := &evaluation{library: &library{ctx: context.Background()}, inputs: &inputs{}, root: "app", reported: map[string]bool{}, effort: newEffort(context.Background(), 0)}
			diags := c.fail(newInstance(e, &module{dir: "app"}))
			if len(diags) != 1 {
				t.Fatalf("diagnostics are %+v", diags)
			}
			d := diags[0]
			if !strings.HasPrefix(d.Message, "demarc failed while "+c.doing+", please report it: ") || strings.Contains(d.Message, "goroutine") {
				t.Errorf("the message is %q", d.Message)
			}
			if !strings.HasPrefix(d.File, "app") {
				t.Errorf("the file is %q", d.File)
			}
		})
	}
}
