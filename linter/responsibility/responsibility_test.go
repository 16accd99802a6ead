package responsibility

import (
	"slices"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/finding"
)

func judges(ids ...string) []finding.AspectRule {
	var out []finding.AspectRule
	for _, id := range ids {
		out = append(out, finding.AspectRule{ID: id, Keeps: true})
	}
	return out
}

func static(id string, rules ...finding.AspectRule) finding.Aspect {
	return finding.Aspect{ID: id, Side: "customer", Evidence: "static", Rules: rules}
}

func control(id, area string, aspects ...finding.Aspect) finding.Control {
	return finding.Control{ID: id, Area: area, Side: "customer", Aspects: aspects}
}

func report() *finding.Report {
	yours := finding.Aspect{ID: "GV-1.a", Side: "customer", Evidence: "none", WhyNot: "process"}
	theirs := finding.Aspect{ID: "AWS-1.a", Side: "aws", Evidence: "none"}
	aws := control("AWS-1", "governance", theirs)
	aws.Side = "aws"
	same := static("DP-4.a")
	same.See = []string{"DP-1.a"}
	return &finding.Report{
		Controls: []finding.Control{
			control("DP-1", "data", static("DP-1.a", judges("s3/versioning")...), static("DP-1.b", judges("s3/encryption")...)),
			control("DP-2", "data", static("DP-2.a", judges("s3/lock")...)),
			control("DP-3", "data", static("DP-3.a", judges("s3/trust")...), static("DP-3.b", judges("s3/never-asked")...)),
			control("DP-4", "data", same, static("DP-4.b", judges("s3/trust")...)),
			control("ID-1", "identity", static("ID-1.a")),
			control("ID-2", "identity", static("ID-2.a", judges("iam/undecided")...)),
			control("ID-3", "identity", static("ID-3.a", judges("iam/accepted")...)),
			control("GV-1", "governance", yours),
			aws,
		},
		Frameworks: []finding.Framework{{ID: "ncsc", Title: "principles", Clauses: []finding.Clause{
			{ID: "1", Title: "governance", Aspects: []string{"GV-1.a", "AWS-1.a"}},
			{ID: "2.1", Title: "at rest", Aspects: []string{"DP-1.a", "DP-3.a", "DP-3.b"}},
			{ID: "2.2", Title: "deletion", Aspects: []string{"DP-4.a", "DP-1.a"}},
		}}},
		Findings: []finding.Finding{
			{Rule: "s3/versioning", Status: finding.Fail, Fingerprint: "v"},
			{Rule: "iam/undecided", Status: finding.Inconclusive, Fingerprint: "u"},
			{Rule: "iam/accepted", Status: finding.Suppressed, Fingerprint: "a"},
		},
		Passing: []finding.Kept{
			{Rule: "s3/encryption", Resource: "aws_s3_bucket.a", Evidence: finding.Written},
			{Rule: "s3/lock", Resource: "aws_s3_bucket.a", Evidence: finding.Default},
			{Rule: "s3/trust", Resource: "aws_s3_bucket.a", Evidence: finding.Written},
			{Rule: "s3/trust", Resource: "aws_s3_bucket.a", Evidence: finding.Written},
		},
	}
}

// An aspect's state is the first that holds; a control's follows from those of
// its aspects.
func TestStates(t *testing.T) {
	want := map[string]State{
		"DP-1": Broken, "DP-1.a": Broken, "DP-1.b": Kept,
		"DP-2": Kept, "DP-2.a": Kept,
		"DP-3": InPart, "DP-3.a": Kept, "DP-3.b": NotShown,
		"DP-4": Kept, "DP-4.b": Kept,
		"ID-1": NoRule, "ID-1.a": NoRule,
		"ID-2": Inconclusive, "ID-2.a": Inconclusive,
		"ID-3": Accepted, "ID-3.a": Accepted,
		"GV-1": Yours, "GV-1.a": Yours,
		"AWS-1": Provider, "AWS-1.a": Provider,
	}
	for _, c := range Of(report()).Controls {
		if c.State != want[c.ID] {
			t.Errorf("%s is %s, want %s", c.ID, c.State, want[c.ID])
		}
		for _, a := range c.Aspects {
			if a.Counts() && a.State != want[a.ID] {
				t.Errorf("%s is %s, want %s", a.ID, a.State, want[a.ID])
			}
		}
	}
}

// What passes shows an aspect kept only if there was something to judge, and if
// the rule sees all that may break it.
func TestEvidenceThatShowsNothing(t *testing.T) {
	pedantic := func(keeps bool) finding.AspectRule {
		return finding.AspectRule{ID: "s3/rule", Pedantic: true, Keeps: keeps}
	}
	for name, c := range map[string]struct {
		rule     finding.AspectRule
		evidence finding.Evidence
		status   finding.Status
		want     State
	}{
		"written":                 {finding.AspectRule{ID: "s3/rule", Keeps: true}, finding.Written, "", Kept},
		"default":                 {finding.AspectRule{ID: "s3/rule", Keeps: true}, finding.Default, "", Kept},
		"vacuous":                 {finding.AspectRule{ID: "s3/rule", Keeps: true}, finding.Vacuous, "", NotShown},
		"one way of many":         {finding.AspectRule{ID: "s3/rule"}, finding.Written, "", NotShown},
		"one way of many, broken": {finding.AspectRule{ID: "s3/rule"}, finding.Written, finding.Fail, Broken},
		"pedantic":                {pedantic(false), finding.Written, "", NoRule},
		"pedantic, broken":        {pedantic(false), finding.Written, finding.Fail, NoRule},
		"pedantic, enough":        {pedantic(true), finding.Written, "", Kept},
		"pedantic, enough, fails": {pedantic(true), finding.Vacuous, finding.Fail, NotShown},
	} {
		r := &finding.Report{
			Controls: []finding.Control{control("A", "data", static("A.a", c.rule))},
			Passing:  []finding.Kept{{Rule: "s3/rule", Resource: "aws_s3_bucket.a", Evidence: c.evidence}},
		}
		if c.status != "" {
			r.Findings = []finding.Finding{{Rule: "s3/rule", Status: c.status}}
		}
		a := Of(r).Controls[0].Aspects[0]
		if a.State != c.want {
			t.Errorf("%s: %s, want %s", name, a.State, c.want)
		}
		if listed := c.rule.Pedantic && c.status == finding.Fail; listed != (len(a.Pedantic) == 1) {
			t.Errorf("%s: %d findings beyond what is asked", name, len(a.Pedantic))
		}
	}
}

// A resource that keeps an aspect through two passes keeps it once.
func TestResourcesKeepOnce(t *testing.T) {
	if kept := Of(report()).Controls[2].Aspects[0].Kept; len(kept) != 1 {
		t.Errorf("DP-3.a is kept by %d, want 1", len(kept))
	}
}

// A clause says at how many of its aspects was looked; one that only repeats
// another stands for that one.
func TestClauses(t *testing.T) {
	for i, want := range []struct {
		name       string
		state      State
		looked, of int
	}{{"NCSC:1", Yours, 0, 1}, {"NCSC:2.1", Broken, 2, 3}, {"NCSC:2.2", Broken, 1, 1}} {
		c := Of(report()).Clauses()[i]
		looked, of := c.LookedAt()
		if c.Name() != want.name || c.State() != want.state || looked != want.looked || of != want.of {
			t.Errorf("%s is %s, looked at %d of %d, want %+v", c.Name(), c.State(), looked, of, want)
		}
	}
}

func TestOnly(t *testing.T) {
	for _, c := range []struct {
		selections []string
		want       string
	}{
		{nil, "DP-1 DP-2 DP-3 DP-4 ID-1 ID-2 ID-3 GV-1 AWS-1"},
		{[]string{"NCSC:2.1"}, "DP-1 DP-3"},
		{[]string{"NCSC:2"}, "DP-1 DP-3 DP-4"},
		{[]string{"ncsc:1", "identity"}, "ID-1 ID-2 ID-3 GV-1 AWS-1"},
		{[]string{"broken", "aws"}, "DP-1 AWS-1"},
		{[]string{"dp-3"}, "DP-3"},
		{[]string{"NCSC:3"}, `NCSC has no clause "3": use 1, 2.1, 2.2`},
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
