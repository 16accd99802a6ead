package terraform

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/demarc-dev/demarc/linter/graph"
)

// none is the answer where nothing is planned.
const none = "nothing"

const existenceGolden = "testdata/existence.golden"

// existenceCase is a configuration with inputs that it is planned with.
type existenceCase struct {
	name   string
	files  []txtar.File
	inputs []map[string]string
}

// existenceCases are those of testdata/existence.txtar. A file "inputs" of a
// case has a line for each set of values.
func existenceCases(t testing.TB) []existenceCase {
	t.Helper()
	a, err := txtar.ParseFile("testdata/existence.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var out []existenceCase
	for _, f := range a.Files {
		name, rest, _ := strings.Cut(f.Name, "/")
		if len(out) == 0 || out[len(out)-1].name != name {
			out = append(out, existenceCase{name: name})
		}
		c := &out[len(out)-1]
		if rest != "inputs" {
			c.files = append(c.files, txtar.File{Name: rest, Data: f.Data})
			continue
		}
		for line := range strings.Lines(string(f.Data)) {
			values := map[string]string{}
			for _, given := range strings.Fields(line) {
				name, value, _ := strings.Cut(given, "=")
				values[name] = value
			}
			c.inputs = append(c.inputs, values)
		}
	}
	return out
}

func (c existenceCase) text() string { return string(txtar.Format(&txtar.Archive{Files: c.files})) }

func (c existenceCase) key(values map[string]string) string {
	var given []string
	for _, name := range sortedKeys(values) {
		given = append(given, name+"="+values[name])
	}
	return c.name + ": " + strings.Join(given, " ")
}

// ask has terraform plan the case: the addresses that are planned.
func (c existenceCase) ask(t testing.TB, program string, answers map[string]string) {
	t.Helper()
	client := client{t, program, t.TempDir()}
	write(t, client.dir, c.text())
	if errs := client.diagnostics("init", "-json", "-input=false"); len(errs) > 0 {
		t.Fatalf("%s: %v", c.name, errs)
	}
	for _, values := range c.inputs {
		args := []string{"plan", "-json", "-input=false", "-refresh=false", "-out=saved.plan"}
		for _, name := range sortedKeys(values) {
			args = append(args, "-var", name+"="+values[name])
		}
		if errs := client.diagnostics(args...); len(errs) > 0 {
			t.Fatalf("%s: %v", c.key(values), errs)
		}
		var addresses []string
		for place := range client.planned("saved.plan") {
			if address, ok := strings.CutSuffix(place, " input"); ok {
				addresses = append(addresses, address)
			}
		}
		slices.Sort(addresses)
		if answers[c.key(values)] = strings.Join(addresses, " "); len(addresses) == 0 {
			answers[c.key(values)] = none
		}
	}
}

// TestExistence holds what exists, and under which condition, to what Terraform
// plans: with the values given it is the same, and without, each thing that some
// plan has is there under a condition, which is not met by a plan without it.
func TestExistence(t *testing.T) {
	cases := existenceCases(t)
	answers := map[string]string{}
	if !*update {
		answers = readAnswers(t, existenceGolden)
	}
	if program := findClient(t); program != "" {
		asked := map[string]string{}
		for _, c := range cases {
			c.ask(t, program, asked)
		}
		if !*update {
			sameAnswers(t, asked, answers)
		}
		answers = asked
	} else if *update {
		t.Fatal("terraform is not installed")
	}
	if *update {
		writeAnswers(t, existenceGolden, sortedKeys(answers), answers)
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { c.compare(t, answers) })
	}
}

func (c existenceCase) compare(t *testing.T, answers map[string]string) {
	planned := map[string]bool{}
	without := load(t, c.text()).stack().Resources
	for _, values := range c.inputs {
		var want []string
		if answer := answers[c.key(values)]; answer != none {
			want = strings.Fields(answer)
		}
		for _, address := range want {
			planned[address] = true
			if !slices.ContainsFunc(without, func(r *graph.Resource) bool { return standsFor(r.Address, address) }) {
				t.Errorf("%s is not there without values", address)
			}
		}
		given := load(t, c.text(), func(o *Options) { o.Variables = values })
		var have []string
		for _, r := range given.stack().Resources {
			have = append(have, r.Address)
			if r.Maybe != nil {
				t.Errorf("%s: %s may not exist: %s", c.key(values), r.Address, r.Maybe.Text)
			}
		}
		slices.Sort(have)
		if !slices.Equal(have, want) {
			t.Errorf("%s\n      demarc: %s\n   terraform: %s", c.key(values), have, want)
		}
		c.conditions(t, without, values, want)
	}
	for _, r := range without {
		switch {
		case !strings.Contains(r.Address, `["*"]`) && !planned[r.Address]:
			t.Errorf("%s is never planned", r.Address)
		case (r.Maybe == nil) != (r.Exists == nil):
			t.Errorf("%s: Maybe is %v, Exists is %v", r.Address, r.Maybe, r.Exists)
		}
	}
}

// conditions checks that what is always there is in each plan, and that the
// tests of equal name have one outcome: the condition of what is planned can be met
// together with that of all else that is planned, and not of what is not.
func (c existenceCase) conditions(t *testing.T, without []*graph.Resource, values map[string]string, planned []string) {
	t.Helper()
	met := graph.Always
	for _, r := range without {
		there := slices.ContainsFunc(planned, func(address string) bool { return standsFor(r.Address, address) })
		switch {
		case r.Exists == nil && !there:
			t.Errorf("%s is always there, and not with %v", r.Address, values)
		case there:
			met = graph.And(met, r.Exists)
		default:
			met = graph.And(met, graph.Not(r.Exists))
		}
	}
	if len(met.Worlds(1)) == 0 {
		t.Errorf("with %v: no world has just what is planned: %s", values, fmt.Sprint(planned))
	}
}

// standsFor reports whether an address with open keys may be another one.
func standsFor(open, address string) bool {
	if open == address {
		return true
	}
	if !strings.Contains(open, `["*"]`) {
		return false
	}
	before, after, _ := strings.Cut(open, `["*"]`)
	if !strings.HasPrefix(address, before) {
		return false
	}
	rest := address[len(before):]
	_, rest, ok := strings.Cut(rest, "]")
	return ok && standsFor(after, rest)
}
