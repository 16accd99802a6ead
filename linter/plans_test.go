package linter

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/finding"
)

// lint judges paths with all rules.
func lint(t *testing.T, o Options, paths ...string) *finding.Report {
	t.Helper()
	o.Profile = "extended"
	l, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	r, err := l.Lint(context.Background(), paths)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Coverage.Errors) > 0 {
		t.Fatal(r.Coverage.Errors)
	}
	return r
}

func asJSON(t *testing.T, v any) []any {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var out []any
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestPlanAndSourceAreJudgedTheSame(t *testing.T) {
	const dir = "testdata/plan"
	plan := filepath.Join(dir, "plan.json")
	ofSource := lint(t, Options{}, filepath.Join(dir, "main.tf"))
	if len(ofSource.Findings) < 10 {
		t.Fatalf("only %d findings", len(ofSource.Findings))
	}
	for name, r := range map[string]*finding.Report{
		"beside it":       lint(t, Options{}, plan),
		"--source":        lint(t, Options{Source: dir}, plan),
		"with its source": lint(t, Options{}, dir),
	} {
		want, got := asJSON(t, ofSource.Findings), asJSON(t, r.Findings)
		if len(want) != len(got) {
			t.Errorf("%s: %d findings, want %d", name, len(got), len(want))
			continue
		}
		for i := range want {
			if !reflect.DeepEqual(want[i], got[i]) {
				t.Errorf("%s: got %v\nwant %v", name, got[i], want[i])
			}
		}
		if r.Coverage.Resources != ofSource.Coverage.Resources {
			t.Errorf("%s: %d resources, want %d", name, r.Coverage.Resources, ofSource.Coverage.Resources)
		}
	}
}

func TestPlanWithoutSourceNamesAddresses(t *testing.T) {
	data, err := os.ReadFile("testdata/plan/plan.json")
	if err != nil {
		t.Fatal(err)
	}
	source := lint(t, Options{}, "testdata/plan/main.tf")
	t.Chdir(t.TempDir())
	r := lint(t, Options{Stdin: strings.NewReader(string(data))}, Stdin)
	seen := map[string]finding.Status{}
	for _, f := range r.Findings {
		seen[f.Rule+" "+f.Resource.Address] = f.Status
		if f.Location.File != Stdin || f.Location.Range.Valid() {
			t.Errorf("%s at %v", f.Rule, f.Location)
		}
		if strings.Contains(f.Message, "correct-horse") {
			t.Errorf("%s prints a secret: %s", f.Rule, f.Message)
		}
	}
	// What the source shows to be wrong is never passed over: it fails, or the
	// plan does not tell enough.
	for _, f := range source.Findings {
		at := f.Rule + " " + f.Resource.Address
		if f.Rule == "rds/literal-password" { // where it is from, a plan does not tell
			continue
		}
		if seen[at] == "" {
			t.Errorf("%s is passed over", at)
		}
	}
	for _, want := range []string{
		"vpc/ingress-ssh module.network.aws_security_group.web",
		"ec2/ebs-volume-encryption aws_ebs_volume.data",
		"iam/admin-policy aws_iam_policy.admin",
	} {
		if seen[want] != finding.Fail {
			t.Errorf("%s: %q", want, seen[want])
		}
	}
}
