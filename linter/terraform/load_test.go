package terraform

import (
	"testing"
)

func TestValues(t *testing.T) {
	for _, c := range []struct{ name, files, at, want string }{
		{"literal", `resource "t" "x" { a = 22 }`, "t.x a", `22`},
		{"default", "variable \"p\" { default = 22 }\nresource \"t\" \"x\" { a = var.p }", "t.x a", `22`},
		{"no default", "variable \"p\" { type = string }\nresource \"t\" \"x\" { a = \"${var.p}/16\" }", "t.x a", `?(var.p has no default)`},
		{"tfvars", "-- main.tf --\nvariable \"p\" {}\nresource \"t\" \"x\" { a = var.p }\n-- terraform.tfvars --\np = 1\n", "t.x a", `1`},
		{"auto.tfvars win, in order", "-- main.tf --\nvariable \"p\" {}\nresource \"t\" \"x\" { a = var.p }\n-- terraform.tfvars --\np = 1\n-- b.auto.tfvars --\np = 3\n-- a.auto.tfvars.json --\n{\"p\": 2}\n", "t.x a", `3`},
		{"local", "locals {\n a = [\"x\"]\n b = local.a\n}\nresource \"t\" \"x\" { a = local.b }", "t.x a", `["x"]`},
		{"count", "resource \"t\" \"x\" {\n count = 2\n a = count.index\n}", "t.x[1] a", `1`},
		{"for_each map", "resource \"t\" \"x\" {\n for_each = { k = 1 }\n a = \"${each.key}${each.value}\"\n}", `t.x["k"] a`, `"k1"`},
		{"for_each set", "resource \"t\" \"x\" {\n for_each = toset([\"k\"])\n a = each.value\n}", `t.x["k"] a`, `"k"`},
		{"for_each with unknown values", "resource \"t\" \"y\" {}\nresource \"t\" \"x\" {\n for_each = { k = t.y.id }\n a = each.value\n}", `t.x["k"] a`, `?(known after apply)->t.y.id`},
		{"unknown count", "variable \"n\" {}\nresource \"t\" \"x\" {\n count = var.n\n a = count.index\n}", `t.x["*"] a`, `?(var.n has no default)`},
		{"blocks", "resource \"t\" \"x\" {\n b {\n  p = 1\n }\n b {\n  p = 2\n }\n}", "t.x b", `[{p: 1}, {p: 2}]`},
		{"dynamic", "resource \"t\" \"x\" {\n dynamic \"b\" {\n  for_each = [1, 2]\n  content {\n   p = b.value\n   k = b.key\n  }\n }\n}", "t.x b", `[{p: 1, k: 0}, {p: 2, k: 1}]`},
		{"dynamic iterator", "resource \"t\" \"x\" {\n dynamic \"b\" {\n  for_each = [1]\n  iterator = it\n  content {\n   dynamic \"c\" {\n    for_each = [it.value, 5]\n    content {\n     p = \"${it.value}${c.value}\"\n    }\n   }\n  }\n }\n}", "t.x b", `[{c: [{p: "11"}, {p: "15"}]}]`},
		{"dynamic unknown", "variable \"l\" {}\nresource \"t\" \"x\" {\n dynamic \"b\" {\n  for_each = var.l\n  content {\n   p = b.value\n  }\n }\n}", "t.x b", `[?(var.l has no default)]`},
		{"empty dynamic", "resource \"t\" \"x\" {\n dynamic \"b\" {\n  for_each = []\n  content {}\n }\n}", "t.x b", `absent`},
		{"link", "resource \"k\" \"y\" {}\nresource \"t\" \"x\" { a = k.y.arn }", "t.x a", `?(known after apply)->k.y.arn`},
		{"link to a configured attribute", "resource \"k\" \"y\" { bucket = \"b\" }\nresource \"t\" \"x\" { a = k.y.bucket }", "t.x a", `"b"->k.y.bucket`},
		{"link in a template", "resource \"k\" \"y\" {}\nresource \"t\" \"x\" { a = \"${k.y.arn}/*\" }", "t.x a", `?(known after apply)->k.y.arn`},
		{"link through a splat", "resource \"k\" \"y\" { count = 2 }\nresource \"t\" \"x\" { a = k.y[*].id }", "t.x a", `[?(known after apply)->k.y[0].id, ?(known after apply)->k.y[1].id]`},
		{"link to an attribute that a block lacks", "resource \"k\" \"y\" {\n b {\n  c = 1\n }\n}\nresource \"t\" \"x\" { a = k.y.b[0].group_id }", "t.x a", `?(known after apply)->k.y.b.group_id`},
		{"link through for", "resource \"k\" \"y\" { for_each = toset([\"a\"]) }\nresource \"t\" \"x\" { a = [for o in k.y : o.endpoint] }", "t.x a", `[?(known after apply)->k.y["a"].endpoint]`},
		{"link by each.key", "locals { m = toset([\"a\", \"b\"]) }\nresource \"k\" \"y\" { for_each = local.m }\nresource \"t\" \"x\" {\n for_each = local.m\n a = k.y[each.key].id\n}", `t.x["b"] a`, `?(known after apply)->k.y["b"].id`},
		{"link to an unknown instance", "variable \"n\" {}\nresource \"k\" \"y\" { count = var.n }\nresource \"t\" \"x\" { a = k.y[0].id }", `t.x a`, `?(known after apply; var.n has no default)->k.y["*"].id`},
		{"link from the chosen branch only", "resource \"k\" \"a\" {}\nresource \"k\" \"b\" {}\nresource \"t\" \"x\" { a = true ? k.a.arn : k.b.arn }", `t.x a`, `?(known after apply)->k.a.arn`},
		{"unknown condition", "variable \"c\" {}\nresource \"k\" \"a\" {}\nresource \"t\" \"x\" { a = var.c ? k.a.arn : null }", `t.x a`, `?(known after apply; var.c has no default)->k.a.arn`},
		{"partly unknown", "variable \"c\" {}\nresource \"t\" \"x\" { a = [\"0.0.0.0/0\", var.c] }", `t.x a`, `["0.0.0.0/0", ?(var.c has no default)]`},
		{"partly unknown map", "variable \"c\" {}\nresource \"t\" \"x\" { a = merge({ k = 1 }, { l = var.c }) }", `t.x a`, `{k: 1, l: ?(var.c has no default)}`},
		{"data", "data \"d\" \"y\" {}\nresource \"t\" \"x\" { a = data.d.y.id }", `t.x a`, `?(data.d.y is read at plan time)->data.d.y.id`},
		{"impure", "resource \"t\" \"x\" { a = timestamp() }", `t.x a`, `?(timestamp() is known only at apply)`},
		{"workspace", "resource \"t\" \"x\" { a = terraform.workspace }", `t.x a`, `"default"`},
		{"workspace that has no member", "locals { m = { prod = 1 } }\nresource \"t\" \"x\" { a = local.m[terraform.workspace] }", `t.x a`, `?(Invalid index: The given key does not identify an element in this collection value, in the workspace "default")`},
		{"path", "resource \"t\" \"x\" { a = path.module }", `t.x a`, `"."`},
		{"sensitive", "variable \"s\" {\n default = \"p\"\n sensitive = true\n}\nresource \"t\" \"x\" { a = \"${var.s}!\" }", `t.x a`, `"p!"!`},
		{"secret in an error", "variable \"s\" {\n default = \"hunter2\"\n sensitive = true\n}\nresource \"t\" \"x\" { a = parseint(var.s, 10) }", `t.x a`, `?(Invalid function argument: Invalid value for "number" parameter: cannot parse "(sensitive)" as a base 10 integer)`},
		{"unknown function", "resource \"t\" \"x\" { a = nosuchthing(1) }", `t.x a`, `?(Call to unknown function: There is no function named "nosuchthing")`},
		{"provider function", "resource \"t\" \"x\" { a = provider::aws::arn_parse(\"x\") }", `t.x a`, `?(provider::aws::arn_parse() is a function of a provider)`},
		{"provider function of a link", "resource \"k\" \"y\" {}\nresource \"t\" \"x\" { a = provider::aws::arn_parse(k.y.arn).region }", `t.x a`, `?(known after apply; provider::aws::arn_parse() is a function of a provider)->k.y.arn`},
		{"functions of OpenTofu", `resource "t" "x" { a = [urldecode("a%20b"), base64gunzip(base64gzip("z")), cidrcontains("10.0.0.0/8", "10.1.0.0/16"), cidrcontains("10.0.0.0/8", "11.0.0.1")] }`, `t.x a`, `["a b", "z", true, false]`},
		{"infinity", `resource "t" "x" { a = 5 / 0 }`, `t.x a`, `?(the value is too large)`},
		{"unsupported attribute", "locals { o = { a = 1 } }\nresource \"t\" \"x\" { a = local.o.b }", `t.x a`, `?(Unsupported attribute: This object does not have an attribute named "b")`},
		{"failing member", "locals { o = { a = 1 } }\nresource \"t\" \"x\" { a = [local.o.b, 1] }", `t.x a`, `[?(Unsupported attribute: This object does not have an attribute named "b"), 1]`},
		{"module argument", "-- main.tf --\nmodule \"m\" {\n source = \"./m\"\n p = 22\n}\n-- m/main.tf --\nvariable \"p\" {}\nresource \"t\" \"x\" { a = var.p }", `module.m.t.x a`, `22`},
		{"module for_each", "-- main.tf --\nmodule \"m\" {\n source = \"./m\"\n for_each = { k = 22 }\n p = each.value\n}\n-- m/main.tf --\nvariable \"p\" {}\nresource \"t\" \"x\" { a = var.p }", `module.m["k"].t.x a`, `22`},
		{"argument that is not set", "-- main.tf --\nmodule \"m\" {\n source = \"./m\"\n}\n-- m/main.tf --\nvariable \"p\" {}\nresource \"t\" \"x\" { a = var.p }", `module.m.t.x a`, `?(module.m: var.p is not set)`},
		{"link into a module", "-- main.tf --\nresource \"k\" \"y\" {}\nmodule \"m\" {\n source = \"./m\"\n p = k.y.arn\n}\n-- m/main.tf --\nvariable \"p\" { type = string }\nresource \"t\" \"x\" { a = var.p }", `module.m.t.x a`, `?(known after apply)->k.y.arn`},
		{"link out of a module", "-- main.tf --\nmodule \"m\" {\n source = \"./m\"\n}\nresource \"t\" \"x\" { a = module.m.o }\n-- m/main.tf --\nresource \"k\" \"y\" {}\noutput \"o\" { value = k.y.id }", `t.x a`, `?(known after apply)->module.m.k.y.id`},
		{"whole object out of a module", "-- main.tf --\nmodule \"m\" {\n source = \"./m\"\n}\nresource \"t\" \"x\" { a = module.m.o.website_endpoint }\n-- m/main.tf --\nresource \"k\" \"y\" { bucket = \"b\" }\noutput \"o\" { value = k.y }", `t.x a`, `?(known after apply)->module.m.k.y.website_endpoint`},
		{"missing module", "module \"vpc\" { source = \"terraform-aws-modules/vpc/aws\" }\nresource \"t\" \"x\" { a = module.vpc.private_subnets[0] }", `t.x a`, `?(module.vpc (terraform-aws-modules/vpc/aws) is not installed)`},
		{"modules by count", "-- main.tf --\nmodule \"m\" {\n source = \"./m\"\n count = 2\n}\nresource \"t\" \"x\" { a = module.m[*].o }\n-- m/main.tf --\nresource \"k\" \"y\" {}\noutput \"o\" { value = k.y.id }", `t.x a`, `[?(known after apply)->module.m[0].k.y.id, ?(known after apply)->module.m[1].k.y.id]`},
		{"optional attributes", "variable \"v\" {\n type = object({ a = optional(bool, true), b = string })\n default = { b = 1 }\n}\nresource \"t\" \"x\" { a = var.v }", `t.x a`, `{b: "1", a: true}`},
		{"try", "variable \"v\" { default = {} }\nresource \"k\" \"y\" { count = 0 }\nresource \"t\" \"x\" { a = try(k.y[0].arn, var.v.a, \"none\") }", `t.x a`, `"none"`},
		{"try of a link", "resource \"k\" \"y\" { count = 1 }\nresource \"t\" \"x\" { a = try(k.y[0].arn, null) }", `t.x a`, `?(known after apply)->k.y[0].arn`},
		{"for over an unknown list", "variable \"l\" {}\nresource \"t\" \"x\" { a = [for i in var.l : i] }", `t.x a`, `?(var.l has no default)`},
		{"unknown key", "variable \"l\" {}\nresource \"t\" \"x\" { a = { (var.l) = 1, b = 2 } }", `t.x a`, `{b: 2, ...}`},
		{"json syntax", "-- main.tf.json --\n{\"resource\": {\"t\": {\"x\": {\"a\": \"${1 + 1}\", \"b\": [{\"c\": true}]}}}}", `t.x`, `{a: 2, b: [{c: true}]}`},
		{"data.aws_arn", "data \"aws_arn\" \"a\" { arn = \"arn:aws:s3:::b/k:v\" }\nresource \"t\" \"x\" { a = [data.aws_arn.a.service, data.aws_arn.a.account, data.aws_arn.a.resource] }", `t.x a`, `["s3"->data.aws_arn.a.service, ""->data.aws_arn.a.account, "b/k:v"->data.aws_arn.a.resource]`},
		{"data.aws_arn of a link", "resource \"k\" \"y\" {}\ndata \"aws_arn\" \"a\" { arn = k.y.arn }\nresource \"t\" \"x\" { a = data.aws_arn.a.service }", `t.x a`, `?(known after apply)->data.aws_arn.a.service->k.y.arn`},
		{"data.aws_arn of no ARN", "data \"aws_arn\" \"a\" { arn = \"x\" }\nresource \"t\" \"x\" { a = data.aws_arn.a.service }", `t.x a`, `?(x is no ARN)->data.aws_arn.a.service`},
		{"data.local_file", "-- main.tf --\ndata \"local_file\" \"f\" { filename = \"${path.module}/f.txt\" }\nresource \"t\" \"x\" { a = [data.local_file.f.content, data.local_file.f.content_md5] }\n-- f.txt --\nf\n", `t.x a`, `["f\n"->data.local_file.f.content, "9a8ad92c50cae39aa2c5604fd0ab6d8c"->data.local_file.f.content_md5]`},
		{"data.local_file outside", "data \"local_file\" \"f\" { filename = \"/etc/passwd\" }\nresource \"t\" \"x\" { a = data.local_file.f.content }", `t.x a`, `?(/etc/passwd lies outside the repository)->data.local_file.f.content`},
		{"data of an account", "data \"aws_ssm_parameter\" \"p\" { name = \"n\" }\nresource \"t\" \"x\" { a = [data.aws_ssm_parameter.p.value, data.aws_ssm_parameter.p.name] }", `t.x a`, `[?(data.aws_ssm_parameter.p is read at plan time)->data.aws_ssm_parameter.p.value, "n"->data.aws_ssm_parameter.p.name]`},
		{"stand-ins", "data \"aws_partition\" \"p\" {}\ndata \"aws_caller_identity\" \"i\" {}\ndata \"aws_region\" \"r\" {}\nresource \"t\" \"x\" { a = \"arn:${data.aws_partition.p.partition}:sqs:${data.aws_region.r.name}:${data.aws_caller_identity.i.account_id}:q\" }", `t.x a`, `"arn:aws:sqs:us-east-1:123456789012:q"->data.aws_caller_identity.i.account_id->data.aws_partition.p.partition->data.aws_region.r.name`},
		{"block that has a text's name", "resource \"k\" \"y\" {}\nresource \"t\" \"x\" { a = [k.y.endpoint[0].address, k.y.id.nope] }", `t.x a`, `[?(known after apply)->k.y.endpoint, ?(Unsupported attribute: Can't access attributes on a primitive-typed value (string))->k.y]`},
		{"keys are no references", "variable \"v\" {}\nresource \"t\" \"x\" { a = { (var.v) = 1, Name = 2 } }", `t.x a`, `{Name: 2, ...}`},
		{"reasons leave keys alone", "resource \"t\" \"x\" { a = { Name = tonumber(\"x\") } }", `t.x a`, `{Name: ?(Invalid function argument: Invalid value for "v" parameter: cannot convert string to number)}`},
		{"whole data object", "data \"d\" \"y\" { f = 1 }\nresource \"t\" \"x\" { a = data.d.y }", `t.x a`, `{arn: ?(data.d.y is read at plan time)->data.d.y.arn, f: 1->data.d.y.f, id: ?(data.d.y is read at plan time)->data.d.y.id, ...}->data.d.y`},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := load(t, c.files)
			if got := show(l.at(c.at)); got != c.want {
				t.Errorf("%s\n got %s\nwant %s\ndiagnostics %v", c.at, got, c.want, l.messages())
			}
		})
	}
}
