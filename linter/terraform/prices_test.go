package terraform

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// million is a list of a million members, were it evaluated to its end.
func million(member string) string {
	return "length([for i in range(1024): [for j in range(1000): " + member + "]])"
}

// TestWhatIsTooMuchIsRefused holds that each kind of work that a short text can
// ask for ends within the account, and is told.
func TestWhatIsTooMuchIsRefused(t *testing.T) {
	aliases := "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
	for i := 1; i < 10; i++ {
		aliases += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.Repeat(fmt.Sprintf("*a%d,", i-1), 9)+fmt.Sprintf("*a%d", i-1))
	}
	merges := "m0: &m0 {a: 1, b: 2}\n"
	for i := 1; i < 30; i++ {
		merges += fmt.Sprintf("m%d: &m%d {x: *m%d, y: *m%d}\n", i, i, i-1, i-1)
	}
	text := "locals {\n  s = \"" + strings.Repeat("s", 5000) + "\"\n  big = [for i in range(1000): {a = i, b = \"${i}\"}]\n}\n"
	for _, c := range []struct{ name, value, files string }{
		{"sort", million(`sort(["b", "a", "${j}"])`), ""},
		{"sort of long lists", "length([for i in range(1024): sort([for j in range(1024): \"${j}\"])])", ""},
		{"digest of a text", million("sha512(local.s)"), ""},
		{"digest of a file", million(`filesha512("b.bin")`), "-- b.bin --\n" + strings.Repeat("x", 1<<20) + "\n"},
		{"file", million(`file("b.bin")`), "-- b.bin --\n" + strings.Repeat("x", 1<<20) + "\n"},
		{"pattern", million(`regexall("(x+x+)+y", "xxxxxxxxxxxxxxxxxxxxxxxxxx${j}")`), ""},
		{"large pattern", `regex("` + strings.Repeat("a{1000}", 20) + `", "a")`, ""},
		{"replace by pattern", million(`replace(local.s, "/(s+s+)+y/", "")`), ""},
		{"text in a template", `"%{for a in range(500)}%{for b in range(500)}${local.s}%{endfor}%{endfor}"`, ""},
		{"text joined", `join("", [for i in range(1024): [for j in range(100): local.s][0]])`, ""},
		{"text formatted", `format("` + strings.Repeat("%[1]s", 5000) + `", join("", [for i in range(100): local.s]))`, ""},
		{"flatten", million("flatten(local.big)"), ""},
		{"merge", million("merge(local.big...)"), ""},
		{"one type of many", "length(tolist([for i in range(1000): {for j in range(300): \"k${i}${j}\" => 1}]))", ""},
		{"jsondecode deep", `jsondecode(file("deep"))`, "-- deep --\n" + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + "\n"},
		{"jsondecode long", `jsondecode(file("long"))`, "-- long --\n[" + strings.Repeat("1,", 600_000) + "1]\n"},
		{"yamldecode deep", `yamldecode(file("deep"))`, "-- deep --\n" + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + "\n"},
		{"yamldecode dashes", `yamldecode(file("deep"))`, "-- deep --\n" + strings.Repeat("- ", 100_000) + "x\n"},
		{"yamldecode steps", `yamldecode(file("deep"))`, "-- deep --\n" + staircase(2000) + "\n"},
		{"yamldecode aliases", `yamldecode(file("aliases"))`, "-- aliases --\n" + aliases},
		{"yamldecode of nested aliases", `yamldecode(file("aliases"))`, "-- aliases --\n" + merges},
		{"csvdecode wide", `csvdecode(file("wide"))`, "-- wide --\n" + strings.Repeat("a,", 100_000) + "b\n"},
		{"csvdecode long", `csvdecode(file("long"))`, "-- long --\na,b\n" + strings.Repeat("1,2\n", 200_000)},
		{"number written out", `"${tonumber("1e999999999")}"`, ""},
		{"templates in templates", `templatefile("t.tftpl", {n = 12})`,
			"-- t.tftpl --\n%{ for k in [1, 2, 3, 4] }${n == 0 ? \"\" : templatefile(\"t.tftpl\", {n = n - 1})}%{ endfor }\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if testing.Short() && strings.Contains(c.value, "range(") {
				t.Skip("what takes until the account is spent is left to the long run")
			}
			l := load(t, "-- main.tf --\n"+text+"resource \"t\" \"x\" {\n  a = "+c.value+"\n}\n"+c.files)
			if len(l.diags) == 0 {
				t.Error("nothing is said about what was given up")
			}
			for _, d := range l.diags {
				if strings.Contains(d.Message, "demarc failed") {
					t.Error(d.Message)
				}
			}
		})
	}
}

// staircase is a document whose every line stands one further in.
func staircase(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

// tallied is an expression that counts how often it is evaluated.
type tallied struct {
	hclsyntax.LiteralValueExpr
	times *int
	fails bool
}

func (c *tallied) Value(*hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	*c.times++
	if c.fails {
		return cty.DynamicVal, hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "it fails"}}
	}
	return cty.UnknownVal(cty.Bool), nil
}

// TestNothingIsEvaluatedTwice holds that what stands in itself n deep is
// evaluated in proportion to n.
func TestNothingIsEvaluatedTwice(t *testing.T) {
	const depth = 12
	one := &hclsyntax.LiteralValueExpr{Val: cty.True}
	for name, around := range map[string]func(hclsyntax.Expression) hclsyntax.Expression{
		"condition": func(x hclsyntax.Expression) hclsyntax.Expression {
			return &choice{&hclsyntax.ConditionalExpr{Condition: x, TrueResult: one, FalseResult: one}}
		},
		"selection": func(x hclsyntax.Expression) hclsyntax.Expression {
			return &tolerantSelection{&hclsyntax.RelativeTraversalExpr{Source: x, Traversal: hcl.Traversal{hcl.TraverseAttr{Name: "a"}}}}
		},
		"try": func(x hclsyntax.Expression) hclsyntax.Expression {
			return &hclsyntax.FunctionCallExpr{Name: "try", Args: []hclsyntax.Expression{x}}
		},
	} {
		for _, fails := range []bool{false, true} {
			times := 0
			var x hclsyntax.Expression = &tallied{times: &times, fails: fails}
			for range depth {
				x = around(x)
			}
			_, _ = x.Value(&hcl.EvalContext{Functions: pureFunctions()})
			if times == 0 || times > depth {
				t.Errorf("%s, failing %t: the innermost was evaluated %d times, %d deep", name, fails, times, depth)
			}
		}
	}
}
