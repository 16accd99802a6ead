package terraform

import (
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
