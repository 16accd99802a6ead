package responsibility

import (
	"slices"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/finding"
)

func report() *finding.Report {
	return &finding.Report{
		Controls: []finding.Control{
			{ID: "DP-1", Area: "data", Side: "customer", Evidence: "static", Clauses: []finding.Clause{{Framework: "ncsc", Number: 2}}},
			{ID: "DP-2", Area: "data", Side: "customer", Evidence: "static", Clauses: []finding.Clause{{Framework: "ncsc", Number: 2}}},
			{ID: "DP-3", Area: "data", Side: "customer", Evidence: "static"},
			{ID: "ID-1", Area: "identity", Side: "customer", Evidence: "partial"},
			{ID: "ID-2", Area: "identity", Side: "customer", Evidence: "static"},
			{ID: "GV-1", Area: "governance", Side: "customer", Evidence: "none", Clauses: []finding.Clause{{Framework: "ncsc", Number: 1}}},
			{ID: "AWS-1", Area: "governance", Side: "aws", Evidence: "none"},
		},
		Frameworks: []finding.Framework{{ID: "ncsc", Titles: []string{"in transit", "at rest"}}},
		Rules: []finding.AskedRule{
			{Rule: finding.Rule{ID: "s3/encryption", Controls: []string{"DP-2", "DP-3"}}},
			{Rule: finding.Rule{ID: "s3/trust", Controls: []string{"ID-2"}}},
			{Rule: finding.Rule{ID: "s3/versioning", Controls: []string{"DP-1", "DP-2"}}},
		},
		Findings: []finding.Finding{
			{Rule: "s3/versioning", Status: finding.Fail, Controls: []string{"DP-1"}},
			{Rule: "s3/versioning", Status: finding.Suppressed, Controls: []string{"DP-2"}},
			{Rule: "s3/encryption", Status: finding.Inconclusive, Controls: []string{"DP-1", "ID-2"}},
		},
		Passing: []finding.Kept{
			{Rule: "s3/encryption", Resource: "aws_s3_bucket.a"},
			{Rule: "s3/versioning", Resource: "aws_s3_bucket.a"},
			{Rule: "s3/trust", Resource: "aws_s3_bucket.a"},
		},
	}
}

// A control's state is the first that holds: broken, inconclusive, kept, and
// then what the model says of it.
func TestStates(t *testing.T) {
	want := map[string]State{
		"DP-1": Broken, "DP-2": Kept, "DP-3": Kept, "ID-1": NotShown, "ID-2": Inconclusive, "GV-1": Process, "AWS-1": Provider,
	}
	line := Of(report())
	for _, c := range line.Controls {
		if c.State != want[c.ID] {
			t.Errorf("%s is %s, want %s", c.ID, c.State, want[c.ID])
		}
	}
	// A resource that keeps a control through two rules keeps it once, and a
	// suppressed finding is accepted.
	if c := line.Controls[1]; len(c.Kept) != 1 || len(c.Accepted) != 1 {
		t.Errorf("DP-2 has %d resources and %d accepted findings, want 1 and 1", len(c.Kept), len(c.Accepted))
	}
}

func TestClauses(t *testing.T) {
	clauses := Of(report()).Clauses()
	if len(clauses) != 2 || clauses[0].State() != Process || clauses[1].State() != Broken {
		t.Errorf("clauses are %+v, want 1 by process and 2 broken", clauses)
	}
}

func TestOnly(t *testing.T) {
	for _, c := range []struct {
		selections []string
		want       string
	}{
		{nil, "DP-1 DP-2 DP-3 ID-1 ID-2 GV-1 AWS-1"},
		{[]string{"NCSC:2"}, "DP-1 DP-2"},
		{[]string{"ncsc:1", "identity"}, "ID-1 ID-2 GV-1"},
		{[]string{"broken", "aws"}, "DP-1 AWS-1"},
		{[]string{"dp-3"}, "DP-3"},
		{[]string{"NCSC:3"}, `NCSC has no clause "3": use 1 to 2`},
		{[]string{"ISO:3"}, `unknown framework "ISO": use NCSC`},
		{[]string{"dta"}, `"dta" selects nothing: use a clause (NCSC:1), an area (data, identity, governance), a state (broken) or a control (DP-1)`},
	} {
		got := ""
		if line, err := Of(report()).Only(c.selections); err != nil {
			got = err.Error()
		} else {
			ids := make([]string, len(line.Controls))
			for i, control := range line.Controls {
				ids[i] = control.ID
			}
			got = strings.Join(ids, " ")
		}
		if got != c.want {
			t.Errorf("%v gives %s, want %s", c.selections, got, c.want)
		}
	}
}

func TestCountAddsUp(t *testing.T) {
	line := Of(report())
	total := 0
	for s, n := range Count(line.Controls) {
		if !slices.Contains(States, s) {
			t.Errorf("unknown state %s", s)
		}
		total += n
	}
	if total != len(line.Controls) {
		t.Errorf("states of %d controls, want %d", total, len(line.Controls))
	}
}
