package terraform

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// generated are random expressions, the same ones each time.
func generated() []string {
	const (
		count = 800
		seed  = 1
		deep  = 3
	)
	g := generator{rand.New(rand.NewPCG(seed, seed))}
	kinds := []string{"n", "s", "b", "ls", "ln", "ms", "o", "s", "ls"}
	seen := map[string]bool{}
	var out []string
	for len(out) < count {
		x := g.make(kinds[g.IntN(len(kinds))], 1+g.IntN(deep))
		if !seen[x] && len(x) < 240 {
			seen[x] = true
			out = append(out, x)
		}
	}
	return out
}

// generator writes expressions that mostly have the type they should have.
type generator struct{ *rand.Rand }

// leaves are the simplest expressions of a kind: numbers, strings, booleans,
// lists of strings and of numbers, maps of strings, objects.
var leaves = map[string][]string{
	"n":  {"0", "1", "2", "-3", "2.5", "10", "local.n", "var.how_many", "local.unknown_n", `"7"`},
	"s":  {`"a"`, `"b"`, `""`, `"a-b_c"`, `"10"`, `"héllo wörld"`, "local.s", "var.s", "local.unknown", `"${local.unknown}x"`, `"x${local.unknown}"`, `"A,B,C"`},
	"b":  {"true", "false", `"true"`, "local.unknown_b", "local.yes"},
	"ls": {`["a", "b"]`, "[]", `["c"]`, "local.l", "var.l", `["a", local.unknown]`, "local.unknown_l", `tolist(["b", "a", "b"])`, "var.set", "null"},
	"ln": {"[1, 2, 3]", "[]", "[local.n]", "tolist([3, 1])", "[1, local.unknown_n]", "[local.unknown_n]"},
	"ms": {`{ a = "1", b = "2" }`, "{}", "var.map", "local.unknown_m", `tomap({ k = "v" })`, `{ a = local.unknown }`, `{ b = null }`},
	"o":  {`{ a = 1, b = "x" }`, "var.o", "local.o", `{ a = local.unknown, l = ["y"] }`},
}

// forms are what a kind may be made of: %n and kin stand for a part of a kind.
var forms = map[string][]string{
	"n": {
		"(%n + %n)", "(%n - %n)", "(%n * %n)", "(%n / 4)", "(%n % %n)", "-(%n)", "abs(%n)", "ceil(%n)", "floor(%n)",
		"max(%n, %n)", "min(%n, %n, 1)", "pow(2, 3)", "signum(%n)", "length(%s)", "length(%ls)", "length(%ms)", "sum(%ln)",
		"(%b ? %n : %n)", "try(%n, 1)", "tonumber(%s)", `parseint("%N", 16)`, "%ln[0]", "one([%n])", "coalesce(%n, %n)",
		"element(%ln, %N)", "try(tonumber(%s), %n)", "lookup({ k = %n }, \"k\", 5)", "log(8, 2)", "index(%ls, %s)", "sum([for v in %ln : v * %N])",
	},
	"s": {
		`"<${%s}>"`, `"${%s}-${%n}"`, `"%{ if %b }y${%s}%{ else }n%{ endif }"`, `"%{ for v in %ls }[${v}]%{ endfor }"`, "upper(%s)", "lower(%s)",
		"title(%s)", "trimspace(%s)", "strrev(%s)", "substr(%s, 0, 2)", "replace(%s, \"a\", %s)", "join(\",\", %ls)", "join(%s, [%s, %s])",
		"format(\"%%s=%%v\", %s, %n)", "format(\"%%q\", %s)", "(%b ? %s : %s)", "tostring(%n)", "tostring(%b)", "coalesce(%s, \"z\")", "%ls[0]",
		"element(%ls, %N)", "%ms[\"a\"]", "lookup(%ms, \"a\", %s)", "try(%ms.b, %s)", "jsonencode(%o)", "jsonencode(%ls)", "jsonencode(%ms)", "base64encode(%s)",
		"md5(%s)", "trimprefix(%s, \"a\")", "trimsuffix(%s, \"b\")", "trim(%s, \"a\")", "one(%ls)", "try(%o.b, \"none\")", "indent(2, %s)", "chomp(%s)",
		"regex(\"[a-z]*\", %s)", "nonsensitive(sensitive(%s))", "urlencode(%s)", "try(%ls[5], %s)", "keys(%ms)[0]", "try(jsondecode(%s), %s)",
	},
	"b": {
		"(%n == %n)", "(%s == %s)", "(%s != %s)", "(%n < %n)", "(%n >= %n)", "(%b && %b)", "(%b || %b)", "!%b", "contains(%ls, %s)", "can(%ms.a)",
		"can(tonumber(%s))", "startswith(%s, \"a\")", "endswith(%s, \"b\")", "strcontains(%s, \"b\")", "alltrue([%b, %b])", "anytrue([%b, %b])", "tobool(%b)",
		"(%ls == %ls)", "(%s == null)", "(%ls != null)", "(%o == %o)", "(length(%ls) > 0)", "alltrue([for v in %ls : v != \"q\"])", "anytrue([for v in %ls : v == \"a\"])",
	},
	"ls": {
		"[%s, %s]", "concat(%ls, %ls)", "[for v in %ls : upper(v)]", "[for i, v in %ls : \"${i}${v}\"]", "[for v in %ls : v if v != \"a\"]", "[for k, v in %ms : \"${k}=${v}\"]",
		"distinct(%ls)", "compact(%ls)", "sort(%ls)", "reverse(%ls)", "slice(%ls, 0, 1)", "flatten([%ls, %ls])", "split(\",\", %s)", "keys(%ms)", "values(%ms)",
		"toset(%ls)", "tolist(%ls)", "setunion(%ls, %ls)", "setintersection(%ls, %ls)", "setsubtract(%ls, %ls)", "coalescelist(%ls, [\"d\"])", "(%b ? %ls : %ls)",
		"try(%o.l, %ls)", "formatlist(\"%%s!\", %ls)", "[%o][*].b", "%ls[*]", "chunklist(%ls, 2)", "regexall(\"[a-z]\", %s)", "(%b ? %ls : [])", "[for k in keys(%ms) : k]",
		"flatten([for v in %ls : [v, %s]])", "matchkeys(%ls, %ls, [%s])", "setproduct(%ls, [\"p\", \"q\"])", "tolist(toset(%ls))", "%s[*]", "range(%N)",
	},
	"ln": {"[%n, %n]", "range(%N)", "[for v in %ln : v * 2]", "concat(%ln, [%n])", "[for v in %ls : length(v)]", "reverse(%ln)", "(%b ? %ln : [1])", "toset(%ln)", "distinct(%ln)", "[for v in %ln : v if v > 1]"},
	"ms": {
		"{ a = %s, b = %s }", "merge(%ms, %ms)", "{ for k, v in %ms : k => upper(v) }", "{ for v in %ls : v => %s }", "zipmap([\"a\", \"b\"], [%s, %s])", "tomap({ a = %s })",
		"(%b ? %ms : %ms)", "{ for k, v in %ms : k => v if v != \"1\" }", "merge({ a = %s }, %b ? { c = %s } : {})", "{ for v in %ls : v => v... }", "{ (%s) = %s }",
		"{ for i, v in %ls : i => v }", "try(%o.m, %ms)", "transpose({ a = %ls })", "merge([for v in %ls : { (v) = 1 }]...)", "{ for k, v in %ms : \"${k}!\" => v }",
	},
	"o": {"{ a = %n, b = %s, l = %ls }", "merge(%o, { c = %b })", "{ n = null, s = %s }", "(%b ? %o : null)", "jsondecode(jsonencode(%o))", "[%o, %o][0]", "yamldecode(yamlencode(%o))", "one([%o])", "try(%o, {})"},
}

// make writes an expression of a kind.
func (g generator) make(kind string, depth int) string {
	if depth == 0 || g.IntN(8) == 0 {
		return g.pick(leaves[kind])
	}
	form := g.pick(forms[kind])
	var b strings.Builder
	for i := 0; i < len(form); i++ {
		if form[i] != '%' || i+1 == len(form) {
			b.WriteByte(form[i])
			continue
		}
		rest := form[i+1:]
		switch {
		case rest[0] == '%':
			b.WriteByte('%')
			i++
		case rest[0] == 'N':
			fmt.Fprint(&b, g.IntN(4))
			i++
		case strings.HasPrefix(rest, "ls"), strings.HasPrefix(rest, "ln"), strings.HasPrefix(rest, "ms"):
			b.WriteString(g.make(rest[:2], depth-1))
			i += 2
		case strings.IndexByte("nsbo", rest[0]) >= 0:
			b.WriteString(g.make(rest[:1], depth-1))
			i++
		default: // the operator, and directives
			b.WriteByte('%')
		}
	}
	return b.String()
}

func (g generator) pick(from []string) string { return from[g.IntN(len(from))] }
