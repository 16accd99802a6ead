package terraform

import (
	"fmt"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/graph"
)

// via writes the steps of a value with the text they stand at.
func via(v graph.Value) string {
	if v.Meta == nil {
		return ""
	}
	var steps []string
	for _, s := range v.Meta.Via {
		steps = append(steps, fmt.Sprintf("%s @ %s", s.Message, strings.Join(strings.Fields(written(s.Range)), " ")))
	}
	return strings.Join(steps, " <- ")
}

func TestPlaces(t *testing.T) {
	for _, c := range []struct{ name, files, at, written, via string }{
		{"attribute", `resource "t" "x" { a = 22 }`, "t.x a", "22", ""},
		{"item", `resource "t" "x" { a = ["p", "q"] }`, "t.x a.1", `"q"`, ""},
		{"key", `resource "t" "x" { a = { p = "q" } }`, "t.x a.p", `"q"`, ""},
		{"nested block", "resource \"t\" \"x\" {\n b {\n  p = 1\n }\n}", "t.x b.0", "b {\n  p = 1\n }", ""},
		{"local", "locals { l = 22 }\nresource \"t\" \"x\" { a = local.l }", "t.x a", "local.l", "local.l @ l = 22"},
		{"item of a local", "locals { l = [\"p\"] }\nresource \"t\" \"x\" { a = local.l }", "t.x a.0", `"p"`, ""},
		{"local of a local", "locals {\n l = 22\n m = local.l\n}\nresource \"t\" \"x\" { a = local.m }", "t.x a", "local.m", "local.m @ m = local.l <- local.l @ l = 22"},
		{"member of a local", "locals { l = { p = [1, 2] } }\nresource \"t\" \"x\" { a = local.l.p }", "t.x a.1", "2", ""},
		{"default", "variable \"v\" { default = [22] }\nresource \"t\" \"x\" { a = var.v }", "t.x a", "var.v", `variable "v" default @ default = [22]`},
		{"item of a default", "variable \"v\" { default = [22] }\nresource \"t\" \"x\" { a = var.v }", "t.x a.0", "22", ""},
		{"item of a set", "variable \"v\" {\n type = set(string)\n default = [\"b\", \"a\"]\n}\nresource \"t\" \"x\" { a = var.v }", "t.x a.0", `"a"`, ""},
		{"tfvars", "-- main.tf --\nvariable \"v\" {}\nresource \"t\" \"x\" { a = var.v }\n-- terraform.tfvars --\nv = [22]\n", "t.x a", "var.v", "terraform.tfvars @ terraform.tfvars: v = [22]"},
		{"item of tfvars", "-- main.tf --\nvariable \"v\" {}\nresource \"t\" \"x\" { a = var.v }\n-- terraform.tfvars --\nv = [22]\n", "t.x a.0", "terraform.tfvars: 22", ""},
		{"argument", "-- main.tf --\nmodule \"m\" {\n source = \"./m\"\n p = [22]\n}\n-- m/main.tf --\nvariable \"p\" {}\nresource \"t\" \"x\" { a = var.p }", "module.m.t.x a", "m/main.tf: var.p", `module.m argument "p" @ p = [22]`},
		{"item of an argument", "-- main.tf --\nmodule \"m\" {\n source = \"./m\"\n p = [22]\n}\n-- m/main.tf --\nvariable \"p\" {}\nresource \"t\" \"x\" { a = var.p }", "module.m.t.x a.0", "22", ""},
		{"output", "-- main.tf --\nmodule \"m\" {\n source = \"./m\"\n}\nresource \"t\" \"x\" { a = module.m.o }\n-- m/main.tf --\noutput \"o\" { value = [22] }", "t.x a.0", "m/main.tf: 22", ""},
		{"template", "variable \"v\" { default = 22 }\nresource \"t\" \"x\" { a = \"${var.v}/tcp\" }", "t.x a", `"${var.v}/tcp"`, `variable "v" default @ default = 22`},
		{"dynamic", "locals { r = [{ p = 22 }] }\nresource \"t\" \"x\" {\n dynamic \"b\" {\n  for_each = local.r\n  content {\n   a = b.value.p\n  }\n }\n}", "t.x b.0.a", "b.value.p", "b.value @ local.r <- local.r @ r = [{ p = 22 }]"},
		{"each", "resource \"t\" \"x\" {\n for_each = { k = { p = [22] } }\n a = each.value.p\n}", `t.x["k"] a.0`, "22", ""},
		{"merge", "locals { l = { p = 1 } }\nresource \"t\" \"x\" { a = merge(local.l, { q = 2 }) }", "t.x a.q", "2", ""},
		{"merge of a local", "locals { l = { p = 1 } }\nresource \"t\" \"x\" { a = merge(local.l, { q = 2 }) }", "t.x a.p", "1", "local.l @ l = { p = 1 }"},
		{"concat", "locals { l = [1] }\nresource \"t\" \"x\" { a = concat(local.l, [2]) }", "t.x a.1", "2", ""},
		{"chosen branch", "resource \"t\" \"x\" { a = true ? [1] : [2] }", "t.x a.0", "1", ""},
		{"json", "-- main.tf.json --\n{\"resource\": {\"t\": {\"x\": {\"a\": [\"p\"]}}}}", "t.x a.0", `main.tf.json: "p"`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := load(t, c.files)
			v := l.at(c.at)
			if got := written(v.Range); got != c.written {
				t.Errorf("stands at %q, want %q (value %s, diagnostics %v)", got, c.written, show(v), l.messages())
			}
			if got := via(v); got != c.via {
				t.Errorf("came via %q\nwant %q", got, c.via)
			}
		})
	}
}

const bucket = "resource \"aws_s3_bucket\" \"b\" {}\n"

func TestStructures(t *testing.T) {
	for _, c := range []struct{ name, files, at, text, structure, part, written string }{
		{
			"jsonencode", bucket + `resource "t" "x" { p = jsonencode({ Statement = [{ Action = "s3:*", Resource = "${aws_s3_bucket.b.arn}/*" }] }) }`, "t.x p",
			`?(known after apply)->aws_s3_bucket.b.arn`,
			`{Statement: [{Action: "s3:*", Resource: ?(known after apply)->aws_s3_bucket.b.arn}]}`,
			"Statement.0.Action", `"s3:*"`,
		},
		{
			"known jsonencode", `resource "t" "x" { p = jsonencode({ a = [1] }) }`, "t.x p", `"{\"a\":[1]}"`, `{a: [1]}`, "a.0", "1",
		},
		{
			"jsonencode in a local", "locals { p = jsonencode({ a = [1] }) }\nresource \"t\" \"x\" { p = local.p }", "t.x p", `"{\"a\":[1]}"`, `{a: [1]}`, "a.0", "1",
		},
		{
			"jsonencode of a local", "locals { p = { a = [1] } }\nresource \"t\" \"x\" { p = jsonencode(local.p) }", "t.x p", `"{\"a\":[1]}"`, `{a: [1]}`, "a.0", "1",
		},
		{
			"jsonencode through a module", "-- main.tf --\nmodule \"m\" {\n source = \"./m\"\n p = jsonencode({ a = [1] })\n}\n-- m/main.tf --\nvariable \"p\" { type = string }\nresource \"t\" \"x\" { p = var.p }",
			"module.m.t.x p", `"{\"a\":[1]}"`, `{a: [1]}`, "a.0", "1",
		},
		{
			"heredoc", bucket + "resource \"t\" \"x\" {\n p = <<-EOT\n   {\n     \"Action\": \"s3:*\",\n     \"Resource\": [\"${aws_s3_bucket.b.arn}/*\", \"x\"]\n   }\n EOT\n}", "t.x p",
			`?(known after apply)->aws_s3_bucket.b.arn`,
			`{Action: "s3:*", Resource: [?(known after apply)->aws_s3_bucket.b.arn, "x"]}`,
			"Action", `"s3:*"`,
		},
		{
			"known heredoc", "resource \"t\" \"x\" {\n p = <<-EOT\n   {\n     \"Action\": \"s3:*\"\n   }\n EOT\n}", "t.x p",
			`"{\n  \"Action\": \"s3:*\"\n}\n"`, `{Action: "s3:*"}`, "Action", `"s3:*"`,
		},
		{
			"heredoc with a value in place", "locals { r = [\"x\"] }\n" + bucket + "resource \"t\" \"x\" {\n p = <<EOT\n{\"Resource\": ${jsonencode([aws_s3_bucket.b.arn])}}\nEOT\n}", "t.x p",
			`?(known after apply)->aws_s3_bucket.b.arn`, `{Resource: [?(known after apply)->aws_s3_bucket.b.arn]}`, "Resource", "jsonencode([aws_s3_bucket.b.arn])",
		},
		{
			"templatefile", "-- main.tf --\n" + bucket + "resource \"t\" \"x\" { p = templatefile(\"${path.module}/p.json\", { b = aws_s3_bucket.b.arn }) }\n-- p.json --\n{\"Action\": \"*\", \"Resource\": \"${b}\"}\n",
			"t.x p", `?(known after apply)->aws_s3_bucket.b.arn`, `{Action: "*", Resource: ?(known after apply)->aws_s3_bucket.b.arn}`, "", "",
		},
		{
			"policy document", bucket + `data "aws_iam_policy_document" "d" {
  statement {
    sid       = "A"
    actions   = ["s3:*"]
    resources = ["${aws_s3_bucket.b.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:x"
      values   = ["y"]
    }
  }
}
resource "t" "x" { p = data.aws_iam_policy_document.d.json }`, "t.x p",
			`?(known after apply)->aws_s3_bucket.b.arn->data.aws_iam_policy_document.d.json`,
			`{Version: "2012-10-17", Statement: [{Sid: "A", Effect: "Allow", Action: ["s3:*"], Resource: [?(known after apply)->aws_s3_bucket.b.arn], Principal: "*", Condition: {StringEquals: {aws:x: ["y"]}}}]}`,
			"Statement.0.Action.0", `"s3:*"`,
		},
		{
			"known policy document", `data "aws_iam_policy_document" "d" {
  statement {
    effect = "Deny"
    not_actions = ["a:b", "c:d"]
    not_resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["1"]
    }
    principals {
      type        = "Service"
      identifiers = ["s"]
    }
  }
}
locals { p = true ? data.aws_iam_policy_document.d.json : null }
resource "t" "x" { p = local.p }`, "t.x p",
			`"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"NotAction\":[\"a:b\",\"c:d\"],\"NotResource\":\"*\",\"Principal\":{\"AWS\":\"1\",\"Service\":\"s\"}}]}"->data.aws_iam_policy_document.d.json`,
			`{Version: "2012-10-17", Statement: [{Effect: "Deny", NotAction: ["a:b", "c:d"], NotResource: ["*"], Principal: {AWS: ["1"], Service: ["s"]}}]}`,
			"Statement.0.Effect", `"Deny"`,
		},
		{
			"merged policy documents", `data "aws_iam_policy_document" "a" {
  statement {
    sid = "A"
    actions = ["a:a"]
  }
  statement {
    sid = "B"
    actions = ["b:b"]
  }
}
data "aws_iam_policy_document" "d" {
  source_policy_documents = [data.aws_iam_policy_document.a.json]
  override_policy_documents = [jsonencode({ Statement = { Sid = "A", Effect = "Deny", Action = "x:x" } }), "{\"Statement\": [{\"Sid\": \"D\"}]}"]
  dynamic "statement" {
    for_each = ["C"]
    content {
      sid = statement.value
      actions = ["c:c"]
    }
  }
}
resource "t" "x" { p = data.aws_iam_policy_document.d.minified_json }`, "t.x p", "",
			`{Version: "2012-10-17", Statement: [{Sid: "A", Effect: "Deny", Action: "x:x"}, {Sid: "B", Effect: "Allow", Action: ["b:b"]}, {Sid: "C", Effect: "Allow", Action: ["c:c"]}, {Sid: "D"}]}`,
			"Statement.1.Action.0", `"b:b"`,
		},
		{
			"policy document through modules", "-- main.tf --\nmodule \"d\" { source = \"./d\" }\nmodule \"m\" {\n source = \"./m\"\n p = module.d.json\n}\n-- d/main.tf --\ndata \"aws_iam_policy_document\" \"d\" {\n statement {\n  actions = [\"a:b\"]\n }\n}\noutput \"json\" { value = data.aws_iam_policy_document.d.json }\n-- m/main.tf --\nvariable \"p\" { type = string }\nresource \"t\" \"x\" { p = var.p }",
			"module.m.t.x p", "", `{Version: "2012-10-17", Statement: [{Effect: "Allow", Action: ["a:b"]}]}`, "Statement.0.Action.0", `d/main.tf: "a:b"`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := load(t, c.files)
			v := l.at(c.at)
			if got := show(v); c.text != "" && got != c.text {
				t.Errorf("text is %s\nwant %s", got, c.text)
			}
			s, ok := v.Structure()
			if !ok {
				t.Fatalf("no structure in %s; diagnostics %v", show(v), l.messages())
			}
			if got := show(s); got != c.structure {
				t.Errorf("structure is %s\nwant %s", got, c.structure)
			}
			if c.part != "" {
				if got := written(s.Get(strings.Split(c.part, ".")...).Range); got != c.written {
					t.Errorf("%s stands at %q, want %q", c.part, got, c.written)
				}
			}
		})
	}
}
