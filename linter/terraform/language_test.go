package terraform

import (
	"strings"
	"testing"
)

// TestBlocksAroundResources holds that what speaks to Terraform alone changes
// nothing, and makes no trouble.
func TestBlocksAroundResources(t *testing.T) {
	l := load(t, `-- main.tf --
terraform {
  required_version = ">= 1.11"
  backend "s3" {}
  cloud { organization = "o" }
}
moved {
  from = t.old
  to   = t.x
}
removed {
  from = t.gone
  lifecycle { destroy = false }
}
import {
  for_each = toset(["a"])
  to       = t.y[each.key]
  id       = "i-${each.key}"
}
check "c" {
  data "http" "h" { url = "https://example.com" }
  assert {
    condition     = data.http.h.status_code == 200
    error_message = "${data.http.h.url} is down"
  }
}
variable "v" {
  default = "abc"
  validation {
    condition     = length(var.v) > 10
    error_message = "Too short."
  }
}
resource "t" "x" {
  a = var.v
  connection { host = self.ip }
  provisioner "local-exec" { command = "echo ${self.id}" }
  lifecycle {
    ignore_changes = all
    precondition {
      condition     = self.a != ""
      error_message = "No a."
    }
  }
}
resource "t" "y" { for_each = toset(["a"]) }
ephemeral "aws_secret" "s" { name = "n" }
resource "t" "z" {
  token_wo = ephemeral.aws_secret.s.secret_string
}
output "o" {
  value = t.x.a
  precondition {
    condition     = false
    error_message = "Never."
  }
}
`)
	if got, want := l.addresses(), `t.x t.y["a"] t.z`; got != want {
		t.Errorf("there are %s, want %s", got, want)
	}
	if got, want := show(l.at("t.x")), `{a: "abc"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := show(l.at("t.z token_wo")), `?(ephemeral.aws_secret.s is read at plan time)->ephemeral.aws_secret.s.secret_string!`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if len(l.diags) > 0 {
		t.Error(l.messages())
	}
}

func TestLibraryModule(t *testing.T) {
	l := load(t, `-- variables.tf --
variable "name" { type = string }
variable "public" {
  type    = bool
  default = false
}
variable "rules" {
  type    = list(object({ port = number, open = optional(bool, true) }))
  default = [{ port = 22 }]
}
-- main.tf --
resource "t" "x" {
  name   = "${var.name}-x"
  public = var.public
  dynamic "rule" {
    for_each = var.rules
    content {
      port = rule.value.port
      open = rule.value.open
    }
  }
}
`)
	if got, want := show(l.at("t.x")), `{name: ?(var.name has no default), public: false, rule: [{port: 22, open: true}]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestModuleDepth(t *testing.T) {
	var files strings.Builder
	files.WriteString("-- main.tf --\nresource \"t\" \"top\" {}\nmodule \"m\" { source = \"./m\" }\n")
	dir := ""
	for range 40 {
		dir += "m/"
		files.WriteString("-- " + dir + "main.tf --\nmodule \"m\" { source = \"./m\" }\nresource \"t\" \"x\" {}\n")
	}
	l := load(t, files.String())
	if got := len(l.stack().Resources); got != maxModuleDepth+1 {
		t.Errorf("%d resources", got)
	}
	if all := strings.Join(l.messages(), "\n"); !strings.Contains(all, "modules are nested more than 32 levels deep") {
		t.Error(all)
	}
}

// TestMislabelledBlocks tells of blocks that Terraform refuses, and evaluates
// what stands beside them.
func TestMislabelledBlocks(t *testing.T) {
	for name, c := range map[string]struct{ files, want string }{
		"one label":        {"-- main.tf --\nresource \"t\" {}\nresource \"t\" \"x\" {}\n", "a resource block needs a type and a name, and has t"},
		"three labels":     {"-- main.tf --\nresource \"t\" \"y\" \"z\" {}\nresource \"t\" \"x\" {}\n", "has t, y, z"},
		"data":             {"-- main.tf --\ndata \"t\" {}\nresource \"t\" \"x\" {}\n", "a data block needs a type and a name"},
		"no name":          {"-- main.tf --\nmodule {}\nresource \"t\" \"x\" {}\n", "a module block needs a name"},
		"JSON, no name":    {"-- main.tf.json --\n{\"resource\": {\"t\": {\"a\": \"b\", \"x\": {}}}}\n", "a resource block needs a type and a name, and has t"},
		"JSON, no type":    {"-- main.tf.json --\n{\"resource\": {\"y\": 1, \"t\": {\"x\": {}}}}\n", "a resource block needs a type and a name, and has y"},
		"JSON, in a list":  {"-- main.tf.json --\n{\"resource\": [{\"y\": [1]}, {\"t\": {\"x\": [{}]}}]}\n", "a resource block needs a type and a name, and has y"},
		"a file with hash": {"-- #main.tf --\nresource \"t\" \"x\" {}\ndata \"t\" {}\n", "a data block needs"},
	} {
		t.Run(name, func(t *testing.T) {
			l := load(t, c.files)
			if got := strings.Join(l.messages(), "\n"); !strings.Contains(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
			l.find("t.x")
		})
	}
}
