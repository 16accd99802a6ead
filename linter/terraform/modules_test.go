package terraform

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

const modulesGolden = "testdata/modules.golden"

// moduleCases are the modules of testdata/modules, by their directory.
func moduleCases(t testing.TB) map[string][]txtar.File {
	t.Helper()
	names, err := filepath.Glob("testdata/modules/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string][]txtar.File{}
	for _, name := range names {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range a.Files {
			dir, _, _ := strings.Cut(f.Name, "/")
			cases[dir] = append(cases[dir], f)
		}
	}
	return cases
}

// combined is a root module that calls the given cases.
func combined(cases map[string][]txtar.File, names []string) string {
	a := txtar.Archive{Files: []txtar.File{{Name: "main.tf"}}}
	for _, name := range names {
		a.Files[0].Data = fmt.Appendf(a.Files[0].Data, "module %q { source = \"./%[1]s\" }\n", name)
		a.Files = append(a.Files, cases[name]...)
	}
	return string(txtar.Format(&a))
}

// caseNamed finds a case in what terraform says: an address, or a file.
var caseNamed = regexp.MustCompile(`(?:module\.| at )(\w+)`)

// askModules has terraform plan all cases: what is planned by "case: place",
// or "case" for an error.
func askModules(t testing.TB, program string, cases map[string][]txtar.File) map[string]string {
	t.Helper()
	answers := map[string]string{}
	for range 20 {
		var left []string
		for _, name := range sortedKeys(cases) {
			if answers[name] == "" {
				left = append(left, name)
			}
		}
		c := client{t, program, t.TempDir()}
		write(t, c.dir, combined(cases, left))
		errs := c.diagnostics("init", "-json", "-input=false")
		var planned map[string]string
		if len(errs) == 0 {
			planned, errs = c.plan()
		}
		if len(errs) == 0 {
			for place, v := range planned {
				if _, attribute, _ := strings.Cut(place, "input."); attribute == "" {
					answers[inCase(place)] = v
				}
			}
			return answers
		}
		before := len(answers)
		for _, e := range errs {
			name, _, _ := strings.Cut(e.file, "/")
			if named := caseNamed.FindStringSubmatch(e.summary + e.detail); named != nil && e.file == "" {
				name = named[1]
			}
			if cases[name] == nil && e.file == "main.tf" {
				name = left[e.line-1]
			}
			if cases[name] != nil && answers[name] == "" {
				summary, _, _ := strings.Cut(e.summary, ":")
				answers[name] = refused + summary
			}
		}
		if len(answers) == before {
			t.Fatalf("terraform refuses the modules: %v", errs)
		}
	}
	t.Fatal("terraform refuses modules one after the other")
	return nil
}

// inCase is a place of the combined module as "case: place".
func inCase(place string) string {
	name, rest, _ := strings.Cut(strings.TrimPrefix(place, "module."), ".")
	return name + ": " + rest
}

// ourModules evaluates each case, as askModules does.
func ourModules(t testing.TB, cases map[string][]txtar.File) (values map[string]string, doubted map[string]bool) {
	t.Helper()
	values, doubted = map[string]string{}, map[string]bool{}
	for _, name := range sortedKeys(cases) {
		l := load(t, combined(cases, []string{name}))
		doubted[name] = len(l.diags) > 0
		for _, r := range l.stack().Resources {
			if r.Data {
				continue
			}
			for _, attribute := range []string{"input", "triggers_replace"} {
				v := r.Declared.Get(attribute)
				values[inCase(r.Address+" "+attribute)] = answer(v)
				doubted[name] = doubted[name] || r.Maybe != nil || strings.Contains(answer(v), "?")
			}
		}
	}
	return values, doubted
}

// TestModules holds the evaluation of modules to Terraform's.
func TestModules(t *testing.T) {
	cases := moduleCases(t)
	if len(cases) < minModules {
		t.Errorf("%d modules, want %d", len(cases), minModules)
	}
	answers := map[string]string{}
	if !*update {
		answers = readAnswers(t, modulesGolden)
	}
	if program := findClient(t); program != "" {
		asked := askModules(t, program, cases)
		if !*update {
			sameAnswers(t, asked, answers)
		}
		answers = asked
	} else if *update {
		t.Fatal("terraform is not installed")
	}
	if *update {
		writeAnswers(t, modulesGolden, sortedKeys(answers), answers)
	}
	known := differences(t)
	ours, doubted := ourModules(t, cases)
	for _, name := range sortedKeys(cases) {
		if want := answers[name]; want != "" {
			have := "a value for all"
			if doubted[name] {
				have = "?"
			}
			unlessKnown(t, known, name+":", want, have)
		}
	}
	places := map[string]bool{}
	for _, m := range []map[string]string{answers, ours} {
		for place := range m {
			places[place] = true
		}
	}
	compared := 0
	for _, place := range sortedKeys(places) {
		name, _, inside := strings.Cut(place, ": ")
		if !inside || answers[name] != "" {
			continue
		}
		compared++
		want, have := answers[place], ours[place]
		if want == "" {
			want = "nothing there"
		}
		if have == "" {
			have = "nothing there"
		}
		unlessKnown(t, known, place, want, have)
	}
	t.Logf("%d modules, %d values", len(cases), compared)
}

func sameAnswers(t testing.TB, asked, golden map[string]string) {
	t.Helper()
	for what, answer := range asked {
		if answer != golden[what] {
			t.Errorf("%s\n   terraform: %s\n      golden: %s", what, answer, golden[what])
		}
	}
}

func writeAnswers(t testing.TB, name string, all []string, answers map[string]string) {
	t.Helper()
	var b strings.Builder
	for _, what := range all {
		fmt.Fprintf(&b, "%s\n\t%s\n", what, answers[what])
	}
	if err := os.WriteFile(name, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}
