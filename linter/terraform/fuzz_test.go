package terraform

import (
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/internal/allocation"
	"github.com/demarc-dev/demarc/linter/source"
)

// FuzzLoad holds that no text makes loading fail other than by a diagnostic,
// and that every range lies in its file.
func FuzzLoad(f *testing.F) {
	f.Add("locals {\n l = [\"a\", \"b\"]\n}\nvariable \"map\" {\n type = map(string)\n default = { x = 1 }\n}\nresource \"t\" \"x\" {\n for_each = var.map\n a = each.value\n dynamic \"b\" {\n  for_each = local.l\n  content {\n   c = b.value\n  }\n }\n}", false)
	f.Add("data \"aws_iam_policy_document\" \"d\" {\n statement {\n  actions = [\"*\"]\n }\n}\nresource \"t\" \"x\" { p = data.aws_iam_policy_document.d.json }", false)
	f.Add("resource \"t\" \"x\" {\n p = <<-E\n  {\"a\": \"${t.y.arn}\"}\n E\n}\nresource \"t\" \"y\" { count = 1 }", false)
	f.Add(`{"resource": {"t": {"x": {"a": "${1 + 1}", "dynamic": {"b": {"for_each": [1], "content": {"c": "${b.value}"}}}}}}}`, true)
	f.Fuzz(func(t *testing.T, text string, asJSON bool) {
		if len(text) > 4096 {
			t.Skip()
		}
		name := "-- main.tf --\n"
		if asJSON {
			name = "-- main.tf.json --\n"
		}
		var l *loaded
		if bytes := allocation.Of(func() { l = load(t, name+text) }); bytes > 8<<30 {
			t.Fatalf("allocates %d MB", bytes>>20)
		}
		for _, d := range l.diags {
			checkRange(t, d.Range)
		}
		for _, s := range l.stacks {
			for _, r := range s.Resources {
				checkRange(t, r.Block)
				checkRange(t, r.Header)
			}
		}
	})
}

func checkRange(t *testing.T, r source.Range) {
	if r.Valid() && (r.Start < 0 || r.End < r.Start || r.End > len(r.File.Data)) {
		t.Fatalf("range %d-%d in a file of %d bytes", r.Start, r.End, len(r.File.Data))
	}
}

// FuzzExpression holds that no expression makes evaluation fail, nor take more
// than there may be: function calls above all, which are in the seeds.
func FuzzExpression(f *testing.F) {
	for _, seed := range []string{
		`yamldecode("a: &a [x]\nb: *a")`, `jsondecode("[1e9, {\"a\": null}]")`, `csvdecode("a,b\n1,2")`, `tonumber("1e99999")`,
		`regexall("(a+)+$", "aaaa")`, `replace("a", "/(a)/", "$1$1")`, `format("%*d %[1]s", 1)`, `formatlist("%s", ["a", "b"])`,
		`sort(["b", "a"])`, `setproduct([1, 2], ["a"])`, `cidrsubnets("10.0.0.0/8", 4, 4)`, `try(var.x.y, [for i in range(3): i])`,
		`templatestring("%{ for x in [1, 2] }${x}%{ endfor }", {})`, `merge({a = 1}, null)`, `(((1).a).b)`, `flatten([[1, [2]], 3])`,
		`base64gunzip(base64gzip("a"))`, `substr("héllo", -1, 3)`, `element([1, 2], -1)`, `fileset(".", "{a,b}{c,d}*")`, `pow(10, 400)`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 2048 {
			t.Skip()
		}
		var l *loaded
		if bytes := allocation.Of(func() { l = load(t, "-- main.tf --\nvariable \"x\" {}\nresource \"t\" \"x\" {\n  a = "+text+"\n}\n") }); bytes > 4<<30 {
			t.Fatalf("allocates %d MB", bytes>>20)
		}
		for _, d := range l.diags {
			checkRange(t, d.Range)
			if strings.HasPrefix(d.Message, "demarc failed") {
				t.Error(d.Message)
			}
		}
	})
}
