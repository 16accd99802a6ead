package linter_test

import (
	"context"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/demarc-dev/demarc/linter"
	"github.com/demarc-dev/demarc/linter/finding"
)

const stacks = "../fixtures/stacks"

func scanStack(t *testing.T, profile string, path ...string) *finding.Report {
	t.Helper()
	l, err := linter.New(linter.Options{Profile: profile})
	if err != nil {
		t.Fatal(err)
	}
	report, err := l.Lint(context.Background(), []string{filepath.Join(append([]string{stacks}, path...)...)})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range report.Coverage.Errors {
		t.Errorf("%s:%d: %s", e.File, e.Line, e.Message)
	}
	return report
}

// TestCorrectedTwinsAreClean holds the corrected stacks: no finding, and
// nothing that could not be decided.
func TestCorrectedTwinsAreClean(t *testing.T) {
	for _, stack := range []string{"web-app", "data-pipeline"} {
		for _, twin := range []string{"terraform-corrected", "cloudformation-corrected"} {
			report := scanStack(t, "default", stack, twin)
			for _, f := range report.Findings {
				t.Errorf("%s/%s: %s %s %s: %s", stack, twin, f.Status, f.Rule, f.Resource.Address, f.Message)
			}
			if report.Coverage.Judged == 0 {
				t.Errorf("%s/%s: nothing was judged", stack, twin)
			}
		}
	}
}

// TestParity holds that the same stack in both languages gives the same
// findings, resource by resource.
func TestParity(t *testing.T) {
	for _, stack := range []string{"web-app", "data-pipeline"} {
		for _, profile := range []string{"default", "extended"} {
			t.Run(stack+"/"+profile, func(t *testing.T) {
				pairs := readPairs(t, stack)
				inTerraform := broken(scanStack(t, profile, stack, "terraform"), func(address string) string {
					logical, ok := pairs[address]
					if !ok {
						return address + " (which pairs.yaml does not name)"
					}
					return logical
				})
				inTemplate := broken(scanStack(t, profile, stack, "cloudformation"), func(id string) string { return id })
				if len(inTerraform) == 0 {
					t.Fatal("no findings")
				}
				for _, only := range missing(inTerraform, inTemplate) {
					if rule, _, _ := strings.Cut(only, " "); oneLanguage[rule] == "" {
						t.Errorf("only in Terraform: %s", only)
					}
				}
				for _, only := range missing(inTemplate, inTerraform) {
					t.Errorf("only in CloudFormation: %s", only)
				}
			})
		}
	}
}

// readPairs maps Terraform addresses to logical ids.
func readPairs(t *testing.T, stack string) map[string]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(stacks, stack, "pairs.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var file map[string]string
	if err := yaml.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	out := make(map[string]string, len(file))
	for logical, address := range file {
		out[address] = logical
	}
	return out
}

// broken lists "rule resource" of all failures, by the resource's common name.
func broken(report *finding.Report, name func(string) string) []string {
	set := map[string]bool{}
	for _, f := range report.Findings {
		if f.Status != finding.Fail {
			continue
		}
		for _, instance := range f.Resource.Instances {
			set[f.Rule+" "+name(instance)] = true
		}
	}
	out := make([]string, 0, len(set))
	for s := range set {
		out = append(out, s)
	}
	sort.Strings(out)
	return out
}

// TestRunsAreAlike holds that two runs, with any number of jobs, say the same.
func TestRunsAreAlike(t *testing.T) {
	if testing.Short() {
		t.Skip("the command line's test of jobs holds the same in the short run")
	}
	say := func(jobs int) string {
		l, err := linter.New(linter.Options{Profile: "extended", Jobs: jobs})
		if err != nil {
			t.Fatal(err)
		}
		report, err := l.Lint(context.Background(), []string{stacks})
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, f := range report.Findings {
			b.WriteString(f.Fingerprint + " " + f.Location.File + " " + string(f.Status) + " " + f.Message + "\n")
		}
		return b.String()
	}
	first := say(1)
	for _, jobs := range []int{1, 4} {
		if say(jobs) != first {
			t.Errorf("a run with %d jobs differs", jobs)
		}
	}
}
