package terraform

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/internal/allocation"
	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

func TestIsSource(t *testing.T) {
	for name, want := range map[string]bool{
		"main.tf": true, "a.tf.json": true, "a.tofu": true, "a.tofu.json": true,
		"a.tftest.hcl": false, ".a.tf": false, "a.tf~": false, "#a.tf#": false, "a.tfvars": false, "a.json": false,
	} {
		if IsSource(name) != want {
			t.Errorf("IsSource(%q) is %v", name, !want)
		}
	}
}

func TestInstances(t *testing.T) {
	for _, c := range []struct{ name, files, want string }{
		{"single", `resource "t" "x" {}`, "t.x"},
		{"count", "resource \"t\" \"x\" { count = 2 }", "t.x[0] t.x[1]"},
		{"count of none", "resource \"t\" \"x\" { count = 0 }", ""},
		{"false condition", "variable \"c\" { default = false }\nresource \"t\" \"x\" { count = var.c ? 1 : 0 }", ""},
		{"empty for_each", "resource \"t\" \"x\" { for_each = {} }", ""},
		{"quoted key", "resource \"t\" \"x\" { for_each = { \"a \\\"b\\\"\" = 1 } }", `t.x["a \"b\""]`},
		{"data", "data \"t\" \"x\" { count = 1 }", "data.t.x[0]"},
		{"modules in modules", "-- main.tf --\nmodule \"a\" {\n source = \"./a\"\n for_each = toset([\"x\", \"y\"])\n}\n-- a/main.tf --\nmodule \"b\" {\n source = \"../b\"\n count = 1\n}\n-- b/main.tf --\nresource \"t\" \"x\" {}\n",
			`module.a["x"].module.b[0].t.x module.a["y"].module.b[0].t.x`},
		{"module that is off", "-- main.tf --\nmodule \"a\" {\n source = \"./a\"\n count = 0\n}\n-- a/main.tf --\nresource \"t\" \"x\" {}\n", ""},
		{"tofu replaces tf", "-- a.tf --\nresource \"t\" \"old\" {}\n-- a.tofu --\nresource \"t\" \"new\" {}\n-- b.tf.json --\n{\"resource\": {\"t\": {\"old2\": {}}}}\n-- b.tofu.json --\n{\"resource\": {\"t\": {\"new2\": [{}]}}}\n", "t.new t.new2"},
		{"installed module", "-- main.tf --\nmodule \"v\" { source = \"x/v/aws\" }\n-- .terraform/modules/modules.json --\n{\"Modules\": [{\"Key\": \"\", \"Dir\": \".\"}, {\"Key\": \"v\", \"Dir\": \".terraform/modules/v\"}, {\"Key\": \"v.w\", \"Dir\": \".terraform/modules/w\"}]}\n-- .terraform/modules/v/main.tf --\nmodule \"w\" { source = \"x/w/aws\" }\n-- .terraform/modules/w/main.tf --\nresource \"t\" \"x\" {}\n", "module.v.module.w.t.x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := load(t, c.files)
			if got := l.addresses(); got != c.want {
				t.Errorf("got %s\nwant %s", got, c.want)
			}
			if len(l.diags) > 0 {
				t.Error(l.messages())
			}
		})
	}
}

func TestMaybe(t *testing.T) {
	l := load(t, `-- main.tf --
variable "create" {}
resource "t" "x" { count = var.create ? 1 : 0 }
module "m" {
  source   = "./m"
  for_each = var.create
  p        = each.value
}
-- m/main.tf --
variable "p" {}
resource "t" "y" {
  count = 1
  a     = var.p
}
`)
	want := graph.Reason{Text: "var.create has no default", Needs: "var.create"}
	for _, address := range []string{`t.x[0]`, `module.m["*"].t.y[0]`} {
		r := l.find(address)
		if r.Maybe == nil || *r.Maybe != want {
			t.Errorf("%s: Maybe is %v", address, r.Maybe)
		}
	}
	r := l.find(`module.m["*"].t.y[0]`)
	if got := show(r.Declared.Get("a")); got != "?(var.create has no default)" {
		t.Error(got)
	}
	if len(r.Calls) != 1 || r.Calls[0].Address != `module.m["*"]` || written(r.Calls[0].Header) != `module "m"` {
		t.Errorf("calls are %+v", r.Calls)
	}
	if got := written(r.Header); got != `m/main.tf: resource "t" "y"` {
		t.Error(got)
	}
}

func TestRoots(t *testing.T) {
	files := "-- main.tf --\nresource \"t\" \"x\" {}\n-- examples/e/main.tf --\nmodule \"m\" { source = \"../..\" }\n-- other/main.tf --\nresource \"t\" \"y\" {}\n"
	for _, c := range []struct {
		dirs []Dir
		want string
	}{
		{[]Dir{{Name: ".", Named: true}, {Name: "examples/e"}, {Name: "other"}}, ". examples/e other"},
		{[]Dir{{Name: "."}, {Name: "examples/e"}, {Name: "other"}}, "examples/e other"},
		{[]Dir{{Name: "."}, {Name: "other"}}, ". other"},
	} {
		l := loadDirs(t, files, c.dirs)
		var roots []string
		for _, s := range l.stacks {
			roots = append(roots, s.Root)
		}
		if got := strings.Join(roots, " "); got != c.want {
			t.Errorf("%v: roots are %s, want %s", c.dirs, got, c.want)
		}
	}
}

func TestOverrides(t *testing.T) {
	l := load(t, `-- main.tf --
variable "v" { default = 1 }
locals { l = 1 }
resource "t" "x" {
  a = 1
  b = 1
  c {
    d = 1
  }
  v = var.v
  l = local.l
  m = module.m.o
}
module "m" {
  source = "./m"
  p      = 1
}
-- m/main.tf --
variable "p" {}
output "o" { value = var.p }
-- m/m_override.tf --
output "o" { value = "${var.p}!" }
-- override.tf --
resource "t" "x" {
  b = 2
  c {
    d = 2
  }
}
variable "v" { default = 2 }
locals { l = 2 }
module "m" { p = 2 }
`)
	if got, want := show(l.at("t.x")), `{a: 1, b: 2, v: 2, l: 2, m: "2!", c: [{d: 2}]}`; !sameFields(got, want) {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if len(l.diags) > 0 {
		t.Error(l.messages())
	}
}

func sameFields(a, b string) bool {
	split := func(s string) []string {
		parts := strings.Split(strings.Trim(s, "{}"), ", ")
		slices.Sort(parts)
		return parts
	}
	return slices.Equal(split(a), split(b))
}

func TestInputs(t *testing.T) {
	l := load(t, `-- main.tf --
variable "a" {}
variable "b" { type = string }
variable "n" { type = list(number) }
variable "q" {
  default  = "d"
  nullable = false
}
resource "t" "x" {
  a = var.a
  b = var.b
  n = var.n
  q = var.q
}
-- terraform.tfvars --
a = "tfvars"
q = null
`, func(o *Options) {
		o.VarFiles = []string{"/outside/given.tfvars"}
		o.Open = func(name string) (*source.File, error) {
			return source.NewFile(name, []byte("a = \"file\"\nb = \"file\"\n")), nil
		}
		o.Variables = map[string]string{"b": "[1]", "n": "[1, 2]", "undeclared": "1"}
	})
	if got, want := show(l.at("t.x")), `{a: "file", b: "[1]", n: [1, 2], q: "d"}`; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if got := l.messages(); len(got) != 1 || !strings.Contains(got[0], `"undeclared", which no root module declares`) {
		t.Error(got)
	}
}

// What a file of values would say is not the variable's default.
func TestUnreadInputs(t *testing.T) {
	const encrypted = "\x00GITCRYPT\x00\xff\xfe\n\x01\n"
	l := load(t, `-- main.tf --
variable "a" { default = 1 }
variable "b" { default = 1 }
variable "c" { default = 1 }
resource "t" "x" {
  a = var.a
  b = var.b
  c = var.c
}
-- a.auto.tfvars --
a = 2
-- b.auto.tfvars --
`+encrypted+`-- c.auto.tfvars --
c = 2
`)
	const because = "may be given in b.auto.tfvars, which cannot be read"
	if got, want := show(l.at("t.x")), "{a: ?(var.a "+because+"), b: ?(var.b "+because+"), c: 2}"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if got, want := strings.Join(l.messages(), "\n"), "b.auto.tfvars: is encrypted by git-crypt: run git-crypt unlock to have it analysed"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestValidation(t *testing.T) {
	l := load(t, `-- main.tf --
variable "n" {
  default = 5
  validation {
    condition     = var.n > 10
    error_message = "n is ${var.n}, and must be more than 10."
  }
  validation {
    condition     = var.n > var.other
    error_message = "others are not asked"
  }
}
variable "other" { default = 9 }
variable "unknown" {
  validation {
    condition     = var.unknown > 10
    error_message = "never"
  }
}
variable "secret" {
  sensitive = true
  default   = "hush"
  validation {
    condition     = length(var.secret) > 10
    error_message = "${var.secret} is short"
  }
}
variable "broken" {
  default = null
  validation {
    condition     = var.broken > 10
    error_message = "an error is no refusal"
  }
}
module "m" {
  source   = "./m"
  for_each = toset(["a", "b"])
  size     = 3
}
resource "t" "x" {}
-- m/main.tf --
variable "size" {
  validation {
    condition     = contains([1, 2], var.size)
    error_message = "1 or 2"
  }
}
resource "t" "y" { a = var.size }
`)
	var got []string
	for _, a := range l.stack().Advice {
		got = append(got, fmt.Sprintf("%s:%d %s", a.At.File.Path, a.At.StartPosition().Line, a.Message))
	}
	want := []string{
		"main.tf:2 the value of var.n fails its validation: n is 5, and must be more than 10.",
		"main.tf:21 the value of var.secret fails its validation",
		"main.tf:37 module.m: the value of var.size fails its validation: 1 or 2",
		"main.tf:37 module.m: the value of var.size fails its validation: 1 or 2",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %s\nwant %s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestWorkspace(t *testing.T) {
	const files = "locals { m = { prod = 1 } }\nresource \"t\" \"x\" {\n count = terraform.workspace == \"prod\" ? 1 : 0\n a = local.m[terraform.workspace]\n}\nresource \"t\" \"y\" { a = local.m[terraform.workspace] }"
	l := load(t, files, func(o *Options) { o.Workspace = "prod" })
	if got := show(l.at("t.x[0] a")); got != "1" {
		t.Errorf("in prod it is %s", got)
	}
	l = load(t, files)
	if got := l.addresses(); got != "t.y" {
		t.Errorf("in default there are %s", got)
	}
	if got := l.at("t.y a").Reasons(); len(got) != 1 || got[0].Needs != "--workspace" {
		t.Errorf("reasons are %v", got)
	}
}

func TestGaps(t *testing.T) {
	l := load(t, `
resource "aws_vpc" "v" {}
module "s" {
  source = "terraform-aws-modules/x/aws"
  vpc    = { id = aws_vpc.v.id }
}
module "gone" { source = "./gone" }
resource "t" "x" { a = module.gone.o }
`)
	gaps := l.stack().Gaps
	if len(gaps) != 2 || gaps[1].Address != "module.s" || gaps[1].Source != "terraform-aws-modules/x/aws" ||
		written(gaps[1].Range) != `module "s"` || fmt.Sprint(gaps[1].Links) != "[{aws_vpc.v id}]" {
		t.Errorf("gaps are %+v", gaps)
	}
	if got := strings.Join(l.messages(), "\n"); got != "main.tf:7: module.gone: ./gone is not in the repository" {
		t.Error(got)
	}
	if got := show(l.at("t.x a")); got != "?(module.gone: ./gone is not in the repository)" {
		t.Error(got)
	}
}

func TestDiagnostics(t *testing.T) {
	for _, c := range []struct{ name, files, want string }{
		{"syntax error", "-- a.tf --\nresource \"t\" {\n a = \n}\n-- main.tf --\nresource \"t\" \"x\" {}\n", "a.tf:2: Invalid expression: "},
		{"JSON error", "-- a.tf.json --\n{\"resource\": }\n-- main.tf --\nresource \"t\" \"x\" {}\n", "a.tf.json:1: "},
		{"local cycle", "locals {\n a = local.b\n b = local.a\n}\nresource \"t\" \"x\" { a = local.a }", "main.tf:2: refers to itself: local.a -> local.b -> local.a"},
		{"resource cycle", "resource \"t\" \"x\" { a = t.y.a }\nresource \"t\" \"y\" { a = t.x.a }", "main.tf:1: refers to itself: t.x -> t.y -> t.x"},
		{"count cycle", "resource \"t\" \"x\" { count = length(t.x) }", "main.tf:1: refers to itself: t.x -> t.x"},
		{"module cycle", "-- main.tf --\nresource \"t\" \"x\" {}\nmodule \"m\" { source = \"./m\" }\n-- m/main.tf --\nmodule \"n\" { source = \"../m\" }\n", "m/main.tf:1: module.n: the module calls itself"},
		{"twice", "resource \"t\" \"x\" {}\nresource \"t\" \"x\" {}", "main.tf:2: t.x is declared twice in this module"},
		{"null count", "resource \"t\" \"x\" { count = null }", "main.tf:1: count of t.x is null"},
		{"list for_each", "resource \"t\" \"x\" { for_each = [1] }", "main.tf:1: for_each of t.x must be a map or a set of strings, not tuple"},
		{"enormous count", "resource \"t\" \"x\" { count = 1e9 }", "main.tf:1: t.x has 1000000000 instances; demarc evaluates at most 10000 of one block and 200000 in all"},
		{"type", "variable \"v\" {\n type = number\n default = \"x\"\n}\nresource \"t\" \"x\" { a = var.v }", "main.tf:3: the value of var.v does not fit its type: a number is required"},
		{"deep brackets", "locals { a = " + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + " }\nresource \"t\" \"x\" {}", "main.tf:1: is nested more than 1000 levels deep"},
		{"deep operators", "locals { a = 1" + strings.Repeat("+1", 100_000) + " }\nresource \"t\" \"x\" {}", "main.tf:1: Expression is nested more than 1000 levels deep"},
		{"deep negation", "locals { a = " + strings.Repeat("!", 100_000) + "true }\nresource \"t\" \"x\" {}", "main.tf:1: is nested more than 1000 levels deep"},
		{"deep conditionals", "locals { a = " + strings.Repeat("true ? 1 : ", 100_000) + "1 }\nresource \"t\" \"x\" {}", "main.tf:1: is nested more than 1000 levels deep"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var l *loaded
			if bytes := allocation.Of(func() { l = load(t, c.files) }); bytes > 512<<20 {
				t.Errorf("allocates %d MB", bytes>>20)
			}
			if len(l.diags) == 0 || !strings.HasPrefix(l.messages()[0], c.want) {
				t.Errorf("diagnostics are %v, want %s", l.messages(), c.want)
			}
			if !strings.Contains(c.name, "deep") && len(l.stack().Resources) == 0 {
				t.Error("nothing was evaluated")
			}
		})
	}
}

func TestFilesStayInside(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("s3cret"), 0o600); err != nil {
		t.Fatal(err)
	}
	l := load(t, fmt.Sprintf(`-- main.tf --
resource "t" "x" {
  absolute = file(%q)
  parent   = file("../secret")
  missing  = file("${path.module}/none")
  exists   = fileexists(%q)
  near     = file("${path.module}/near.txt")
  set      = fileset(path.module, "*.txt")
  outside  = fileset("..", "*")
  sum      = filemd5("near.txt")
}
module "m" { source = "./m" }
-- near.txt --
near
-- m/main.tf --
resource "t" "y" {
  own  = file("${path.module}/own.txt")
  root = file("near.txt")
}
-- m/own.txt --
own
`, secret, secret))
	for at, want := range map[string]string{
		"t.x absolute":      "lies outside the repository",
		"t.x parent":        "lies outside the repository",
		"t.x missing":       "none cannot be read",
		"t.x exists":        "lies outside the repository",
		"t.x near":          `"near\n"`,
		"t.x set":           `["near.txt"]`,
		"t.x outside":       "lies outside the repository",
		"t.x sum":           `"fe0d02610b3bbaa518d365edc8e2a40b"`,
		"module.m.t.y own":  `"own\n"`,
		"module.m.t.y root": `"near\n"`,
	} {
		if got := show(l.at(at)); !strings.Contains(got, want) || strings.Contains(got, "s3cret") {
			t.Errorf("%s is %s, want %s", at, got, want)
		}
	}
}

// TestHostile holds that configurations made to not end do end.
func TestHostile(t *testing.T) {
	if testing.Short() {
		t.Skip("takes about ten seconds")
	}
	var doubling, nesting strings.Builder
	doubling.WriteString("locals {\n a0 = \"xxxxxxxxxxxxxxxx\"\n")
	nesting.WriteString("locals {\n a0 = [1]\n")
	for i := 1; i < 60; i++ {
		fmt.Fprintf(&doubling, " a%d = \"${local.a%d}${local.a%d}\"\n", i, i-1, i-1)
		fmt.Fprintf(&nesting, " a%d = [local.a%d, local.a%d]\n", i, i-1, i-1)
	}
	var chain strings.Builder
	chain.WriteString("locals {\n a0 = 1\n")
	for i := 1; i < 50_000; i++ {
		fmt.Fprintf(&chain, " a%d = local.a%d\n", i, i-1)
	}
	for name, files := range map[string]string{
		"doubling text":  doubling.String() + "}\nresource \"t\" \"x\" { a = local.a59 }",
		"doubling lists": nesting.String() + "}\nresource \"t\" \"x\" { a = local.a59 }",
		"long chain":     chain.String() + "}\nresource \"t\" \"x\" { a = local.a49999 }",
		"product":        "locals { r = range(1000) }\nresource \"t\" \"x\" { a = setproduct(local.r, local.r, local.r, local.r) }",
		"loops":          "locals { r = range(1000) }\nresource \"t\" \"x\" { a = length([for a in local.r : [for b in local.r : [for c in local.r : [for d in local.r : 1]]]]) }",
		"huge for_each":  "resource \"t\" \"x\" { for_each = toset([for i in range(100000) : tostring(i)]) }\nresource \"t\" \"y\" {}",
		"huge range":     "locals { r = range(1000000000) }\nresource \"t\" \"x\" { a = local.r }",
		"huge dynamic":   "locals { r = range(1000) }\nresource \"t\" \"x\" {\n dynamic \"b\" {\n for_each = setproduct(local.r, local.r)\n content { a = b.value }\n }\n}",
		"deep types":     "variable \"v\" { type = " + strings.Repeat("list(", 900) + "any" + strings.Repeat(")", 900) + " }\nresource \"t\" \"x\" { a = var.v }",
		"regex":          "resource \"t\" \"x\" { a = regexall(\"(a*)*b\", join(\"\", [for i in range(1000) : \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"])) }",
		"yaml aliases":   "resource \"t\" \"x\" { a = yamldecode(\"a: &a [x,x,x,x,x,x,x,x,x]\\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\\nd: &d [*c,*c,*c,*c,*c,*c,*c]\\ne: &e [*d,*d,*d,*d,*d,*d,*d]\\nf: &f [*e,*e,*e,*e,*e,*e,*e]\\ng: [*f,*f,*f,*f,*f]\") }",
		"merging":        "locals {\n m = { for i in range(1000) : \"k${i}\" => i }\n n = [for i in range(1000) : merge(local.m, { x = i })]\n}\nresource \"t\" \"x\" { a = local.n }",
		"templates":      "-- main.tf --\nresource \"t\" \"x\" { a = templatefile(\"t.tpl\", { n = range(1000) }) }\n-- t.tpl --\n%{ for a in n }%{ for b in n }%{ for c in n }x%{ endfor }%{ endfor }%{ endfor }\n",
		"format":         "resource \"t\" \"x\" { a = format(\"%999999999d\", 1) }",
		"indent":         "resource \"t\" \"x\" { a = indent(999999999, \"a\\nb\") }",
		"big number":     "resource \"t\" \"x\" { a = \"${1e600000000}\" }",
		"wide modules":   "-- main.tf --\nmodule \"m\" {\n source = \"./a\"\n count = 10000\n}\n-- a/main.tf --\nmodule \"m\" {\n source = \"../b\"\n count = 10000\n}\n-- b/main.tf --\nresource \"t\" \"x\" { count = 10000 }\n",
	} {
		t.Run(name, func(t *testing.T) {
			var l *loaded
			bytes := allocation.Of(func() { l = load(t, files) })
			t.Logf("%d MB allocated; %d resources; %v", bytes>>20, len(l.stack().Resources), l.messages())
			if bytes > 2048<<20 {
				t.Errorf("allocates %d MB", bytes>>20)
			}
			if len(l.messages()) > 20 {
				t.Errorf("%d messages", len(l.messages()))
			}
		})
	}
}

// TestHostileFiles holds that files made to hurt are refused, and that the
// rest is evaluated.
func TestHostileFiles(t *testing.T) {
	top := t.TempDir()
	outside := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(outside, []byte("s3cret"), 0o600); err != nil {
		t.Fatal(err)
	}
	write(t, top, "-- main.tf --\nresource \"t\" \"x\" {\n link = file(\"link\")\n dir = file(\"up/secret\")\n huge = file(\"huge.txt\")\n bytes = file(\"bytes.txt\")\n fine = filebase64(\"bytes.txt\")\n}\n"+
		"module \"m\" { source = \"./up\" }\n-- bytes.txt --\n\xff\xfe\n-- bytes.tf --\nlocals { a = \"\xff\" }\n")
	for name, to := range map[string]string{"link": outside, "up": filepath.Dir(outside), "linked.tf": outside} {
		if err := os.Symlink(to, filepath.Join(top, name)); err != nil {
			t.Skip(err)
		}
	}
	for _, name := range []string{"huge.tf", "huge.txt"} {
		f, err := os.Create(filepath.Join(top, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(f.Truncate(100<<20), f.Close()); err != nil {
			t.Fatal(err)
		}
	}
	var l *loaded
	if bytes := allocation.Of(func() { l = loadFrom(t, top, []Dir{{Name: ".", Named: true}}, Options{}) }); bytes > 16<<20 {
		t.Errorf("allocates %d MB: a file over the limit was read", bytes>>20)
	}
	for at, want := range map[string]string{"link": "cannot be read", "dir": "cannot be read", "huge": "cannot be read", "bytes": "not valid UTF-8", "fine": `"//4K"`} {
		if got := show(l.at("t.x " + at)); !strings.Contains(got, want) || strings.Contains(got, "s3cret") {
			t.Errorf("%s is %s, want %s", at, got, want)
		}
	}
	all := strings.Join(l.messages(), "\n")
	for _, want := range []string{"huge.tf: cannot be read", "linked.tf: cannot be read", "bytes.tf", "main.tf:8: module.m: ./up"} {
		if !strings.Contains(all, want) {
			t.Errorf("no diagnostic has %q:\n%s", want, all)
		}
	}
	t.Log(all)
}
