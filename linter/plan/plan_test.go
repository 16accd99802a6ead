package plan

import (
	"context"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/internal/allocation"
	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
	"github.com/demarc-dev/demarc/linter/terraform"
)

func TestIs(t *testing.T) {
	for text, want := range map[string]bool{
		`{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{}}`: true,
		`{"format_version":"1.0","terraform_version":"1.11.4","values":{}}`:         true,
		`{"format_version":"1.0"}`:                                                     false,
		`{"format_version":"1.0","terraform_version":"1.11.4"}`:                        true,
		`{"format_version":"1.0","provider_schemas":{}}`:                               false,
		`{"format_version":"1.0","valid":true,"diagnostics":[]}`:                       false,
		`{"format_version":"1.2","terraform_version":"1.11.4","planned_val`:            true,
		`{"Resources":{"B":{"Type":"AWS::S3::Bucket"}},"Note":"format_version"}`:       false,
		`{"Resources":{"B":{"Type":"AWS::S3::Bucket"}},"Metadata":{"format_version":1`: false,
		``: false,
	} {
		if got := Is([]byte(text)); got != want {
			t.Errorf("Is(%s) = %v", text, got)
		}
	}
}

func TestForeignSaysWhatToRun(t *testing.T) {
	for text, want := range map[string]string{
		"PK\x03\x04tfplan":                 "terraform show -json PLANFILE",
		`{"version": 4, "lineage": "a-b"}`: "terraform show -json STATEFILE",
	} {
		if got := Foreign([]byte(text)); !strings.Contains(got, want) {
			t.Errorf("Foreign(%q) = %q", text, got)
		}
	}
	if got := Foreign([]byte(`{"Resources": {}}`)); got != "" {
		t.Error(got)
	}
}

const start = `{"format_version":"1.2","terraform_version":"1.11.4",`

func TestBrokenPlansAreExplained(t *testing.T) {
	deep := strings.Repeat(`{"child_modules":[`, 20_000)
	for text, want := range map[string]string{
		start + `"planned_values":{"root_mod`:                                     "ends too early",
		start + `"planned_values":{]`:                                             "is no valid JSON",
		start + `"planned_values":[]}`:                                            "planned_values must not be a array",
		start + `"planned_values":{"root_module":{"resources":[{"address":1}]}}}`: "must not be a number",
		start + `"planned_values":{"root_module":{"resources":[{}]}}}`:            "a resource has no address",
		start + `"planned_values":{"root_module":` + deep:                         "exceeded max depth",
		start + `"planned_values":{},"errored":true}`:                             "ended with an error",
		`{"format_version":"2.0","planned_values":{}}`:                            "demarc reads version 1",
		`null`: "demarc reads version 1",
	} {
		_, diags := Read(source.NewFile("plan.json", []byte(text)))
		if len(diags) != 1 || !strings.Contains(diags[0].Message, want) {
			t.Errorf("%.80s: got %v, want %q", text, diags, want)
		}
	}
}

// stack reads a plan of some resources, without source.
func stack(t *testing.T, members string) *graph.Stack {
	t.Helper()
	p, diags := Read(source.NewFile("plan.json", []byte(start+members+"}")))
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	return p.Stack(nil)
}

func declared(t *testing.T, s *graph.Stack, address string) graph.Value {
	t.Helper()
	for _, r := range s.Resources {
		if r.Address == address {
			return r.Declared
		}
	}
	t.Fatalf("no %s", address)
	return graph.Value{}
}

func TestWhatNobodyWroteIsAbsent(t *testing.T) {
	s := stack(t, `"planned_values":{"root_module":{"resources":[{"address":"a.b","mode":"managed","type":"a","name":"b",
		"values":{"written":"x","nothing":null,"empty":[],"kept":[],"block":[{"in":1,"unset":""}],"default":true}}]}},
		"resource_changes":[{"address":"a.b","change":{"after_unknown":{"id":true,"later":true,"block":[{"more":true,"set":true}]}}}],
		"configuration":{"root_module":{"resources":[{"address":"a.b","expressions":{"written":{"constant_value":"x"},
			"kept":{"constant_value":[]},"later":{"references":["c.d.id","c.d"]},"block":[{"in":{"constant_value":1},"set":{}}]}}]}}`)
	v := declared(t, s, "a.b")
	for path, want := range map[string]graph.Kind{
		"written": graph.String, "nothing": graph.Absent, "empty": graph.Absent, "kept": graph.List, "id": graph.Absent,
		"later": graph.Unknown, "default": graph.Bool, "block.0.in": graph.Number, "block.0.unset": graph.Absent,
		"block.0.more": graph.Absent, "block.0.set": graph.Unknown,
	} {
		if got := v.Get(strings.Split(path, ".")...); got.Kind != want {
			t.Errorf("%s: kind %v, want %v", path, got.Kind, want)
		}
	}
	later := v.Get("later")
	if want := []graph.Link{{Address: "c.d", Attribute: "id"}}; !slices.Equal(later.Links(), want) {
		t.Errorf("links %v, want %v", later.Links(), want)
	}
	if got := later.Reasons(); len(got) != 1 || got[0].Text != "known after apply" {
		t.Errorf("reasons %v", got)
	}
}

func TestReferencesOf(t *testing.T) {
	var e any
	if err := json.Unmarshal([]byte(`{"references":["a.b[0].id","a.b[0]","a.b","a.bc","module.m[\"x.y\"].out","module.m"]}`), &e); err != nil {
		t.Fatal(err)
	}
	if got, want := referencesOf(e), []string{"a.b[0].id", "a.bc", `module.m["x.y"].out`}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestCaller(t *testing.T) {
	for module, want := range map[string][3]string{
		"":                                   {},
		"module.a":                           {"", "a", ""},
		`module.a["x.module.y"].module.b[0]`: {`module.a["x.module.y"]`, "b", "[0]"},
	} {
		parent, name, key := caller(module)
		if got := [3]string{parent, name, key}; got != want {
			t.Errorf("caller(%s) = %v", module, got)
		}
	}
}

func TestSecretsOfInputsAreNotWritten(t *testing.T) {
	s := stack(t, `"planned_values":{"root_module":{"resources":[{"address":"a.b","mode":"managed","type":"a","name":"b",
		"values":{"given":"hunter2","literal":"hunter3"},"sensitive_values":{"given":true,"literal":true}}]}},
		"configuration":{"root_module":{"resources":[{"address":"a.b","expressions":{
			"given":{"references":["var.p"]},"literal":{"constant_value":"hunter3"}}}]}}`)
	v := declared(t, s, "a.b")
	if given := v.Get("given"); given.Kind != graph.Unknown || given.Text != "" || !given.Sensitive {
		t.Errorf("given: %+v", given)
	}
	if literal := v.Get("literal"); literal.Kind != graph.String || !literal.Sensitive {
		t.Errorf("literal: %+v", literal)
	}
}

// TestPlanOfTerraform holds the reader against a plan of the real client: with
// and without source it knows what evaluation knows.
func TestPlanOfTerraform(t *testing.T) {
	client, err := exec.LookPath("terraform")
	if err != nil {
		if os.Getenv("DEMARC_REQUIRE_CLIENTS") == "1" {
			t.Fatal(err)
		}
		t.Skip("terraform is not installed")
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/modules")); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) []byte {
		cmd := exec.Command(client, args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "CHECKPOINT_DISABLE=1")
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("terraform %v: %v\n%s", args, err, out)
		}
		return out
	}
	run("init", "-input=false")
	run("plan", "-input=false", "-out=tfplan")
	text := run("show", "-json", "tfplan")
	p, diags := Read(source.NewFile("plan.json", text))
	if !Is(text) || len(diags) > 0 {
		t.Fatal(Is(text), diags)
	}
	tree, err := source.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	stacks, diags := terraform.Load(context.Background(), tree, []terraform.Dir{{Name: ".", Named: true}}, terraform.Options{})
	if len(stacks) != 1 || len(diags) > 0 || !p.Fits(stacks[0]) {
		t.Fatal(len(stacks), diags)
	}
	want := describe(t, stacks[0], true)
	if got := describe(t, p.Stack(stacks[0]), true); got != want {
		t.Errorf("with source: got\n%s\nwant\n%s", got, want)
	}
	want = describe(t, stacks[0], false)
	if got := describe(t, p.Stack(nil), false); got != want {
		t.Errorf("without source: got\n%s\nwant\n%s", got, want)
	}
	for _, r := range p.Stack(stacks[0]).Resources {
		if !r.Header.Valid() {
			t.Errorf("%s has no place", r.Address)
		}
	}

	run("apply", "-input=false", "-auto-approve", "tfplan")
	state, diags := Read(source.NewFile("state.json", run("show", "-json")))
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	applied := state.Stack(stacks[0])
	if len(applied.Resources) != len(stacks[0].Resources) {
		t.Errorf("%d resources in the state, want %d", len(applied.Resources), len(stacks[0].Resources))
	}
	for _, r := range applied.Resources {
		r.Declared.Unknowns(func(path graph.Path, _ graph.Value) { t.Errorf("%s.%s is unknown in a state", r.Address, path) })
	}
}

// describe writes what a stack knows, one line an instance.
func describe(t *testing.T, s *graph.Stack, places bool) string {
	t.Helper()
	var lines []string
	for _, r := range s.Resources {
		line := r.Address
		slices.SortFunc(r.Declared.Fields, func(a, b graph.Field) int { return strings.Compare(a.Name, b.Name) })
		for _, f := range r.Declared.Fields {
			if f.Value.IsNothing() {
				continue
			}
			links := f.Value.AllLinks()
			for i := range links {
				links[i].Attribute = ""
			}
			slices.SortFunc(links, func(a, b graph.Link) int { return strings.Compare(a.Address, b.Address) })
			line += " " + f.Name + "=" + text(f.Value)
			if places {
				line += " " + f.NameRange.File.Path
			}
			for _, l := range slices.Compact(links) {
				line += " ->" + l.Address
			}
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func text(v graph.Value) string {
	if v.Sensitive && v.Kind != graph.Object { // without source, not known
		return "(sensitive)"
	}
	switch v.Kind {
	case graph.Unknown:
		return "?"
	case graph.List:
		out := "["
		for _, item := range v.Items {
			out += text(item) + ","
		}
		return out + "]"
	case graph.Object:
		var parts []string
		for _, f := range v.Fields {
			if !f.Value.IsNothing() {
				parts = append(parts, f.Name+":"+text(f.Value))
			}
		}
		slices.Sort(parts)
		return "{" + strings.Join(parts, ",") + "}"
	case graph.Bool:
		if v.Bool {
			return "true"
		}
		return "false"
	}
	return v.Text
}

// FuzzRead holds that no text makes reading fail other than by a diagnostic.
func FuzzRead(f *testing.F) {
	if data, err := os.ReadFile(filepath.Join("..", "testdata", "plan", "plan.json")); err == nil {
		f.Add(string(data))
	}
	f.Add(start + `"planned_values":{"root_module":{"resources":[{"address":"a.b[0]","type":"a","name":"b","values":{"x":[null,{"y":1}]}}]}},"resource_changes":[null,{"address":"a.b[0]","change":{"after_unknown":{"x":[true],"z":true},"after_sensitive":{"x":[true]}}}],"configuration":{"root_module":{"resources":[{"address":"a.b","expressions":{"x":[{"y":{"references":["var.a","module.m.o","a.b[count.index].id",1]}}],"z":{"references":["a.b[","module."]}}}],"module_calls":{"m":{"expressions":{"a":{"references":["var.a"]}},"module":{"outputs":{"o":{"expression":{"references":["var.a"]}},"n":null}}},"n":null}}}}`)
	f.Add(start + `"values":{"root_module":{"child_modules":[null,{"address":"module.m[","resources":[null,{"address":"]\"[","type":"a","name":"b"}]}]}}}`)
	tree := f.TempDir()
	if err := os.WriteFile(filepath.Join(tree, "main.tf"), []byte("resource \"a\" \"b\" {\n x {\n  y = var.a\n }\n z = jsonencode({ a = a.c.id })\n}\nvariable \"a\" {}\nresource \"a\" \"c\" {}\n"), 0o600); err != nil {
		f.Fatal(err)
	}
	opened, err := source.Open(tree)
	if err != nil {
		f.Fatal(err)
	}
	defer opened.Close()
	stacks, _ := terraform.Load(context.Background(), opened, []terraform.Dir{{Name: ".", Named: true}}, terraform.Options{})
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<16 {
			t.Skip()
		}
		bytes := allocation.Of(func() { read(t, text, stacks[0]) })
		if bytes > 1<<30 {
			t.Fatalf("allocates %d MB", bytes>>20)
		}
	})
}

func read(t *testing.T, text string, evaluated *graph.Stack) {
	Is([]byte(text))
	Foreign([]byte(text))
	p, diags := Read(source.NewFile("plan.json", []byte(text)))
	if p == nil && len(diags) == 0 {
		t.Fatal("nothing was read, and nothing said")
	}
	if p != nil {
		p.Fits(evaluated)
		p.Stack(nil)
		p.Stack(evaluated)
	}
}

func TestMemberNames(t *testing.T) {
	for text, want := range map[string]string{
		`{"a": 1, "b": {"c": [1, {"d": "}"}]}, "e\"f": "x: \"y\""}`: `a,b,e\"f`,
		`  {}  `: "", `{"a": [}`: "cut", `{"a": 1`: "cut", `[1]`: "cut", `{"a": 1} {}`: "cut", `{"a": "`: "cut",
	} {
		names, whole := memberNames([]byte(text))
		got := strings.Join(slices.Sorted(maps.Keys(names)), ",")
		if !whole {
			got = "cut"
		}
		if got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}
