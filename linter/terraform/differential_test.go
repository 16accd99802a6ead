package terraform

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// expressions are evaluated by Terraform and by this package alike.
const expressions = `
1 + 2 * 3
7 / 2
-7 % 3
1 == 1.0
"a" == "a"
!true || false && true
true ? 1 : "a"
false ? [] : [1, 2]
true ? null : 1
"x${1 + 1}y"
"%{ if true }a%{ else }b%{ endif }"
"%{ for i in [1, 2] }${i},%{ endfor }"
[for i, v in ["a", "b"] : "${i}${v}"]
{for k, v in { a = 1, b = 2 } : upper(k) => v * 2}
{for v in ["a", "bb", "cc"] : length(v) => v...}
[for v in [1, 2, 3] : v if v > 1]
[{ a = 1 }, { a = 2 }][*].a
{ a = { b = [1, 2] } }.a.b[1]
{ "a" = 1 }["a"]
[1, 2, 3][1]
1e3
123456789012345678901234567890
0.1 + 0.2
1 / 3
abs(-3)
ceil(1.2)
floor(-1.2)
log(8, 2)
max(1, 3, 2)
min([1, 3, 2]...)
parseint("ff", 16)
pow(2, 10)
signum(-4)
sum([1, 2, 3.5])
chomp("a\n\n")
format("%s-%03d-%t-%v-%q", "a", 7, true, [1], "q")
format("%5.1f|%-5s|%x", 3.14159, "ab", 255)
formatlist("%s-%s", ["a", "b"], "c")
indent(2, "a\nb")
join(",", ["a", "b"], ["c"])
lower("ABC")
upper("abc")
regex("([a-z]+)([0-9]+)", "abc123")
regex("(?P<l>[a-z]+)", "abc123")
regexall("[0-9]", "a1b2")
replace("a.b.c", ".", "-")
replace("a1b2", "/[0-9]/", "-")
replace("a1b2", "/([0-9])/", "<$1>")
split(",", "a,b,c")
strrev("abc")
substr("hello", 1, 3)
substr("hello", -3, -1)
title("hello world")
trim("?!a!?", "!?")
trimprefix("abc", "a")
trimsuffix("abc", "c")
trimspace("  a ")
startswith("abc", "ab")
endswith("abc", "bc")
strcontains("abc", "b")
alltrue([])
alltrue([true, "false"])
anytrue([])
anytrue([false, true])
chunklist(["a", "b", "c"], 2)
coalesce("", "b")
coalesce(null, 2)
coalescelist([], ["b"])
compact(["a", "", null, "b"])
concat(["a"], [], ["b", "c"])
contains(["a", "b"], "b")
distinct(["a", "b", "a"])
element(["a", "b", "c"], 4)
flatten([["a"], [], ["b", ["c"]]])
index(["a", "b"], "b")
keys({ b = 1, a = 2 })
length("añb")
length([1, 2])
length({ a = 1 })
length(toset(["a", "a"]))
lookup({ a = "1" }, "a", "2")
lookup({ a = "1" }, "b", "2")
lookup({ a = 1 }, "b", "x")
lookup({ a = 1 }, "a")
lookup(tomap({ a = "x" }), "z", "d")
matchkeys(["i1", "i2", "i3"], ["a", "b", "a"], ["a"])
merge({ a = 1 }, { b = 2 }, { a = 3 })
merge({ a = 1 }, null)
one([])
one(["a"])
range(3)
range(1, 10, 3)
range(5, 0, -2)
reverse([1, 2, 3])
setintersection(["a", "b"], ["b", "c"])
setproduct(["a", "b"], [1, 2])
setsubtract(["a", "b"], ["b"])
setunion(["a"], ["b"])
slice(["a", "b", "c"], 1, 2)
sort(["b", "a", "C"])
transpose({ a = ["1", "2"], b = ["2"] })
values({ b = 1, a = 2 })
zipmap(["a", "b"], [1, 2])
base64decode("aGVsbG8=")
base64encode("hello")
base64gzip("hello")
csvdecode("a,b\n1,2\n3,4")
jsondecode("{\"a\": [1, true, null, \"x\"]}")
jsonencode({ a = "<&>", b = [1.5, null] })
textencodebase64("hé", "UTF-16LE")
textdecodebase64("aADpAA==", "UTF-16LE")
urlencode("a b&c/d")
yamldecode("a: [1, 'x']\nb: {c: true}")
yamlencode({ a = [1, "x"], b = null })
formatdate("YYYY-MM-DD'T'hh:mm", "2018-01-02T23:12:01Z")
timeadd("2018-01-02T23:12:01Z", "90m")
timecmp("2018-01-02T23:12:01Z", "2018-01-02T23:12:02Z")
cidrhost("10.0.0.0/8", 5)
cidrhost("10.0.0.0/8", -1)
cidrnetmask("10.0.0.0/12")
cidrsubnet("10.0.0.0/8", 8, 3)
cidrsubnet("fd00::/48", 16, 162)
cidrsubnets("10.1.0.0/16", 4, 4, 8)
base64sha256("a")
base64sha512("a")
md5("a")
sha1("a")
sha256("a")
sha512("a")
uuidv5("dns", "www.example.com")
basename("a/b/c.txt")
dirname("a/b/c.txt")
tobool("true")
tonumber("12.5")
tostring(true)
tostring(12)
tolist(["a", 1])
tomap({ a = 1, b = "x" })
toset(["b", "a", "b"])
try({ a = 1 }.b, "fallback")
try(tonumber("x"), 0)
can({ a = 1 }.b)
can(regex("^[a-z]+$", "abc"))
nonsensitive(sensitive("x"))
issensitive("x")
core::upper("a")
terraform.workspace
path.module
local.l
local.m.k[0]
var.s
var.o
var.o.b
var.l[1]
var.set
[for k, v in var.map : "${k}=${v}"]
file("data.txt")
filebase64("data.txt")
filemd5("data.txt")
filesha256("${path.module}/data.txt")
fileexists("data.txt")
fileexists("none.txt")
fileset(path.module, "*.txt")
templatefile("t.tpl", { name = "n", list = ["a", "b"] })
templatefile("${path.module}/t.tpl", { name = 1, list = [] })
`

const declarations = `
locals {
  l = ["a", "b"]
  m = { k = local.l }
}
variable "s" { default = "text" }
variable "o" {
  type    = object({ a = string, b = optional(number, 5), c = optional(bool) })
  default = { a = 1 }
}
variable "l" {
  type    = list(string)
  default = [1, 2]
}
variable "set" {
  type    = set(string)
  default = ["b", "a", "b"]
}
variable "map" {
  type    = map(string)
  default = { x = 1, y = true }
}
`

const files = "-- data.txt --\nhéllo\n-- t.tpl --\n${name}: %{ for i in list }<${i}>%{ endfor }\n"

// TestLikeTerraform compares with what the console of Terraform says.
func TestLikeTerraform(t *testing.T) {
	command, err := exec.LookPath("terraform")
	if err != nil {
		if os.Getenv("DEMARC_REQUIRE_CLIENTS") == "1" && os.Getenv("DEMARC_WITHOUT_TERRAFORM") == "" {
			t.Fatal(err)
		}
		t.Skip("terraform is not installed; DEMARC_REQUIRE_CLIENTS=1 makes this a failure")
	}
	all := strings.Split(strings.TrimSpace(expressions), "\n")
	top := t.TempDir()
	write(t, top, "-- main.tf --\n"+declarations+files)
	var tuple, ours strings.Builder
	tuple.WriteString("jsonencode([")
	ours.WriteString("-- main.tf --\n" + declarations + "resource \"t\" \"x\" {\n")
	for i, x := range all {
		fmt.Fprintf(&tuple, "jsonencode(%s), ", x)
		fmt.Fprintf(&ours, "  a%d = jsonencode(%s)\n", i, x)
	}
	tuple.WriteString("])\n")
	ours.WriteString("}\n" + files)

	cmd := exec.Command(command, "console")
	cmd.Dir = top
	cmd.Stdin = strings.NewReader(tuple.String())
	cmd.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+os.DevNull, "CHECKPOINT_DISABLE=1")
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("terraform console: %v\n%s", err, problems.String())
	}
	var text string
	var want []string
	if err := json.Unmarshal(bytes.TrimSpace(out), &text); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	if err := json.Unmarshal([]byte(text), &want); err != nil {
		t.Fatal(err)
	}
	l := load(t, ours.String())
	for i, x := range all {
		if got := l.at(fmt.Sprintf("t.x a%d", i)); got.Text != want[i] {
			t.Errorf("%s\n      demarc: %s\n   terraform: %s", x, show(got), want[i])
		}
	}
	t.Logf("%d expressions", len(all))
}
