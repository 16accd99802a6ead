package finding

import (
	"reflect"
	"testing"

	"github.com/demarc-dev/demarc/linter/source"
)

func TestJudge(t *testing.T) {
	finding := func(s Severity, status Status) Finding { return Finding{Rule: "a/b", Severity: s, Status: status} }
	broken := Coverage{Errors: []Error{{File: "a.tf", Message: "x"}}}
	for _, c := range []struct {
		name     string
		gate     Gate
		coverage Coverage
		findings []Finding
		want     Verdict
	}{
		{"clean", Gate{}, Coverage{}, nil, Verdict{0, "no findings"}},
		{"any finding", Gate{}, Coverage{}, []Finding{finding(Low, Fail)}, Verdict{1, "1 finding"}},
		{"below the threshold", Gate{FailOn: High}, Coverage{}, []Finding{finding(Low, Fail), finding(Medium, Fail)},
			Verdict{0, "2 findings, none of severity high or worse"}},
		{"at the threshold", Gate{FailOn: High}, Coverage{}, []Finding{finding(Low, Fail), finding(High, Fail)},
			Verdict{1, "1 finding of severity high or worse"}},
		{"suppressed", Gate{}, Coverage{}, []Finding{finding(High, Suppressed)}, Verdict{0, "no findings"}},
		{"housekeeping", Gate{}, Coverage{}, []Finding{Notice(MissingReason, "x", Location{}, "")},
			Verdict{0, "no findings but 1 about suppressions, which never fail"}},
		{"findings and housekeeping", Gate{}, Coverage{}, []Finding{finding(Low, Fail), Notice(MissingReason, "x", Location{}, "")},
			Verdict{1, "1 finding, and 1 about suppressions, which never fail"}},
		{"findings win", Gate{}, broken, []Finding{finding(Low, Fail)}, Verdict{1, "1 finding; also 1 part of the input could not be analysed"}},
		{"broken input", Gate{FailOn: High}, broken, []Finding{finding(Low, Fail)}, Verdict{3, "1 part of the input could not be analysed"}},
		{"gaps are coverage", Gate{}, Coverage{MissingModules: make([]MissingModule, 2)}, []Finding{finding(Low, Inconclusive)}, Verdict{0, "no findings"}},
		{"unless asked", Gate{RequireComplete: true}, Coverage{MissingModules: make([]MissingModule, 2)}, []Finding{finding(Low, Inconclusive)},
			Verdict{3, "2 modules not installed, 1 inconclusive finding"}},
	} {
		if got := c.gate.Judge(&Report{Coverage: c.coverage, Findings: c.findings}); got != c.want {
			t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestSortPutsWholeFilesFirst(t *testing.T) {
	at := func(file string, line int, rule string) Finding {
		f := Finding{Rule: rule, Location: Location{File: file}}
		if line > 0 {
			f.Location.Start = &source.Position{Line: line, Column: 1}
		}
		return f
	}
	want := []Finding{at("a.tf", 0, "z/z"), at("a.tf", 2, "b/b"), at("a.tf", 10, "a/a"), at("a.tf", 10, "a/b"), at("b.tf", 1, "a/a")}
	got := []Finding{want[4], want[3], want[1], want[2], want[0]}
	Sort(got)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
}
