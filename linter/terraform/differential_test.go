package terraform

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "ask terraform anew and rewrite the golden files")

const (
	expressionsGolden = "testdata/expressions.golden"
	differencesFile   = "testdata/differences.txt"
	// minExpressions and minModules are how many have to be compared.
	minExpressions = 1000
	minModules     = 60
	// maxDifferences is how many kinds of differences may be listed.
	maxDifferences = 10
	refused        = "error: "
)

// environment is what the expressions may refer to.
func environment(t testing.TB) string {
	t.Helper()
	data, err := os.ReadFile("testdata/expressions/environment.txtar")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// handKept are the expressions of testdata/expressions, one a line.
func handKept(t testing.TB) []string {
	t.Helper()
	names, err := filepath.Glob("testdata/expressions/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, name := range names {
		for _, line := range lines(t, name) {
			if !strings.HasPrefix(line, "#") {
				all = append(all, line)
			}
		}
	}
	return all
}

// lines are those of a file that are not empty.
func lines(t testing.TB, name string) []string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, line := range strings.Split(string(data), "\n") {
		if strings.TrimSpace(line) != "" {
			out = append(out, line)
		}
	}
	return out
}

// allExpressions are the ones that are compared.
func allExpressions(t testing.TB) []string {
	t.Helper()
	seen := map[string]bool{}
	kept := handKept(t)
	for _, x := range kept {
		if seen[x] {
			t.Errorf("twice: %s", x)
		}
		seen[x] = true
	}
	for _, x := range generated() {
		if !seen[x] {
			kept = append(kept, x)
		}
	}
	if len(kept) < minExpressions {
		t.Errorf("%d expressions, want %d", len(kept), minExpressions)
	}
	return kept
}

// readAnswers reads terraform's answers: an expression on a line, and below
// it, after a tab, its value or error.
func readAnswers(t testing.TB, name string) map[string]string {
	t.Helper()
	all := lines(t, name)
	answers := make(map[string]string, len(all)/2)
	for i := 0; i+1 < len(all); i += 2 {
		answers[all[i]] = strings.TrimPrefix(all[i+1], "\t")
	}
	return answers
}

// group is how many expressions stand in one resource: planning one of each
// would take long.
const group = 40

// configure writes each expression on a line of its own, as a member of a
// resource's input, and each resource into a file: terraform reads the file
// again for every error that it shows.
func configure(all []string) string {
	var b strings.Builder
	for i, x := range all {
		if i%group == 0 {
			fmt.Fprintf(&b, "-- g%[1]d.tf --\nresource \"terraform_data\" \"g%[1]d\" {\n  input = {\n", i/group)
		}
		fmt.Fprintf(&b, "    e%d = %s\n", i, x)
		if i%group == group-1 || i == len(all)-1 {
			b.WriteString("  }\n}\n")
		}
	}
	return b.String()
}

// askExpressions has terraform plan all expressions. Those that it refuses
// are left out of the next plan: it tells all errors of a stage at once.
func askExpressions(t testing.TB, program string, all []string) map[string]string {
	t.Helper()
	answers := map[string]string{}
	left := all
	for range 10 {
		c := client{t, program, t.TempDir()}
		text := environment(t) + configure(left)
		write(t, c.dir, text)
		start := time.Now()
		planned, errs := c.plan()
		t.Logf("terraform planned %d expressions in %v; it refused %d", len(left), time.Since(start).Round(time.Millisecond), len(errs))
		if len(errs) == 0 {
			for i, x := range left {
				answers[x] = planned[fmt.Sprintf("terraform_data.g%d input.e%d", i/group, i)]
			}
			return answers
		}
		for _, e := range errs {
			data, err := os.ReadFile(filepath.Join(c.dir, e.file))
			if err != nil || !strings.HasPrefix(e.file, "g") {
				t.Fatalf("%s:%d: %s", e.file, e.line, e.summary)
			}
			_, x, _ := strings.Cut(strings.Split(string(data), "\n")[e.line-1], " = ")
			answers[x] = refused + e.summary
		}
		var next []string
		for _, x := range left {
			if answers[x] == "" {
				next = append(next, x)
			}
		}
		left = next
	}
	t.Fatal("terraform refuses expressions one after the other")
	return nil
}

// differences are what is known to differ, by what it is: "expression" or
// "module: place", with why.
func differences(t testing.TB) map[string]string {
	t.Helper()
	known := map[string]string{}
	why, kinds := "", 0
	for _, line := range lines(t, differencesFile) {
		if text, ok := strings.CutPrefix(line, "# "); ok {
			if !strings.HasSuffix(why, "\n") { // the first line of a reason
				why, kinds = "", kinds+1
			}
			why += text + "\n"
			continue
		}
		why = strings.TrimSuffix(why, "\n")
		known[line] = why
	}
	if kinds > maxDifferences {
		t.Errorf("%s lists %d kinds of differences, more than %d", differencesFile, kinds, maxDifferences)
	}
	return known
}

// agrees reports whether ours is what terraform says. What terraform refuses
// has no value, and demarc must not make one up.
func agrees(want, ours string) bool {
	if strings.HasPrefix(want, refused) {
		return strings.Contains(ours, "?")
	}
	return want == ours
}

// unlessKnown reports a difference that is not listed, and one that is listed
// and no longer there.
func unlessKnown(t testing.TB, known map[string]string, what, want, ours string) {
	t.Helper()
	why := known[what]
	switch same := agrees(want, ours); {
	case same && why != "":
		t.Errorf("%s\n   differs no longer: take it out of %s", what, differencesFile)
	case !same && why == "":
		t.Errorf("%s\n      demarc: %s\n   terraform: %s", what, ours, want)
	}
}

// TestExpressions holds the evaluation of expressions to Terraform's.
func TestExpressions(t *testing.T) {
	all := allExpressions(t)
	answers := map[string]string{}
	if !*update {
		answers = readAnswers(t, expressionsGolden)
	}
	if program := findClient(t); program != "" {
		asked := askExpressions(t, program, all)
		if !*update {
			sameAnswers(t, asked, answers)
		}
		answers = asked
	} else if *update {
		t.Fatal("terraform is not installed")
	}
	if *update {
		writeAnswers(t, expressionsGolden, all, answers)
	}
	known := differences(t)
	l := load(t, environment(t)+configure(all))
	refusals := 0
	for i, x := range all {
		want, asked := answers[x]
		if !asked {
			t.Errorf("%s has no answer: run with -update where terraform is", x)
			continue
		}
		if strings.HasPrefix(want, refused) {
			refusals++
		}
		v := l.at(fmt.Sprintf("terraform_data.g%d input.e%d", i/group, i))
		unlessKnown(t, known, x, want, answer(v))
	}
	t.Logf("%d expressions, of which Terraform refuses %d", len(all), refusals)
}
