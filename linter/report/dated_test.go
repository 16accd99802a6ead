package report

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/responsibility"
)

// The UUIDs of version 5 in RFC 9562 (appendix A.4) and of demarc's own space.
func TestUUID(t *testing.T) {
	dns := []byte("\x6b\xa7\xb8\x10\x9d\xad\x11\xd1\x80\xb4\x00\xc0\x4f\xd4\x30\xc8")
	if got := string(uuidIn(dns, "www.example.com")); got != "\x2e\xd6\x65\x7d\xe9\x27\x56\x8b\x95\xe1\x26\x65\xa8\xae\xa6\xa2" {
		t.Errorf("%x", got)
	}
	once, again := uuid("a"), uuid("a")
	if uuid("a", "b") == uuid("ab") || once != again || once[14] != '5' {
		t.Error(uuid("a", "b"), uuid("ab"))
	}
}

// requests are those of an ASFF output.
func requests(t *testing.T, text string) []asffRequest {
	t.Helper()
	var out []asffRequest
	for line := range strings.Lines(text) {
		var one asffRequest
		if err := json.Unmarshal([]byte(line), &one); err != nil {
			t.Fatal(err)
		}
		out = append(out, one)
	}
	return out
}

// A request has at most a hundred findings; none has none.
func TestASFFBatches(t *testing.T) {
	for n, want := range map[int][]int{0: nil, 1: {1}, 100: {100}, 101: {100, 1}} {
		var got []int
		for _, r := range requests(t, render(t, ASFF, many(n), Options{})) {
			got = append(got, len(r.Findings))
		}
		if len(got) != len(want) || len(got) > 0 && (got[0] != want[0] || got[len(got)-1] != want[len(want)-1]) {
			t.Errorf("%d findings make requests of %v, want %v", n, got, want)
		}
	}
}

// Forms that must have a time say one that nobody takes for the time of a run,
// and the date that was asked for.
func TestDates(t *testing.T) {
	for _, c := range []struct {
		o       Options
		at, arn string
		millis  int64
	}{
		{Options{}, "1970-01-01T00:00:00Z", "arn:aws:securityhub:us-east-1:123456789012:product/123456789012/default", 0},
		{Options{Date: time.Date(2026, 11, 28, 1, 0, 0, 0, time.UTC), Account: "111122223333", Region: "cn-north-1"}, "2026-11-28T01:00:00Z",
			"arn:aws-cn:securityhub:cn-north-1:111122223333:product/111122223333/default", 1795827600000},
	} {
		f := requests(t, render(t, ASFF, sample(), c.o))[0].Findings[0]
		if f.CreatedAt != c.at || f.UpdatedAt != c.at || f.ProductArn != c.arn {
			t.Errorf("%s %s %s, want %s %s", f.CreatedAt, f.UpdatedAt, f.ProductArn, c.at, c.arn)
		}
		var events []ocsfFinding
		if err := json.Unmarshal([]byte(render(t, OCSF, sample(), c.o)), &events); err != nil {
			t.Fatal(err)
		}
		if events[0].Time != c.millis {
			t.Errorf("time %d, want %d", events[0].Time, c.millis)
		}
	}
}

// What is told of a finding that did not fail: the check warns, or somebody accepted it.
func TestStatusesForMachines(t *testing.T) {
	want := map[string]string{"FAILED NEW": "fail", "WARNING NEW": "inconclusive", "FAILED SUPPRESSED": "suppressed"}
	seen := map[string]bool{}
	all := Options{ShowInconclusive: true, ShowSuppressed: true}
	findings := shown(sample(), all)
	for i, f := range requests(t, render(t, ASFF, sample(), all))[0].Findings {
		got := want[f.Compliance.Status+" "+f.Workflow.Status]
		if got != string(findings[i].Status) {
			t.Errorf("%s is told as %s %s", findings[i].Status, f.Compliance.Status, f.Workflow.Status)
		}
		seen[got] = true
	}
	if len(seen) != len(want) {
		t.Errorf("the sample shows %v", seen)
	}
}

func TestCSVHasARowAFinding(t *testing.T) {
	rows, err := csv.NewReader(strings.NewReader(render(t, CSV, hostile(), Options{ShowInconclusive: true, ShowSuppressed: true}))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(hostile().Findings)+1 {
		t.Errorf("%d rows", len(rows))
	}
	for _, row := range rows {
		for _, cell := range row {
			if len(cell) > 1 && strings.ContainsAny(cell[:1], "=+-@") {
				t.Errorf("%q is a formula", cell)
			}
		}
	}
}

// A template makes a link of a place; what stands in it is escaped.
func TestLinks(t *testing.T) {
	o := Options{SourceURL: "https://example.com/blob/{commit}/{path}#L{line}", Commit: "abc"}
	for _, f := range sample().Findings {
		for _, related := range f.Related {
			if got := o.link(related.Location); got != "https://example.com/blob/abc/modules/a%20b/vars.tf#L2" {
				t.Error(got)
			}
			if got := (Options{}).link(related.Location); got != "" {
				t.Error(got)
			}
		}
	}
}

// An OSCAL id begins with a letter, and has no other marks than OSCAL takes.
func TestOSCALTokens(t *testing.T) {
	for id, want := range map[string]string{"ID-3.a": "ID-3.a", "PCI:12.6": "PCI_12.6", "1.2": "_1.2", "AC-2(3)": "AC-2_3_"} {
		if got := oscalToken(id); got != want {
			t.Errorf("%s is %s, want %s", id, got, want)
		}
	}
}

// OSCAL has a finding for each aspect that was looked at, and names the others.
func TestOSCALTellsWhatWasNotLookedAt(t *testing.T) {
	r := &finding.Report{Controls: []finding.Control{{ID: "A-1", Side: "customer", Aspects: []finding.Aspect{
		{ID: "A-1.a", Side: "customer", Evidence: "static", Rules: []finding.AspectRule{{ID: "x/y", Keeps: true}}}, {ID: "A-1.b", Side: "customer", Evidence: "static"}}}},
		Passing: []finding.Kept{{Rule: "x/y", Resource: "r", Evidence: finding.Written}}}
	var b strings.Builder
	if err := LineOSCAL(&b, responsibility.Of(r), Options{}); err != nil {
		t.Fatal(err)
	}
	var file oscalFile
	if err := json.Unmarshal([]byte(b.String()), &file); err != nil {
		t.Fatal(err)
	}
	result := file.Results.Results[0]
	if len(result.Findings) != 1 || result.Findings[0].Target.Status.State != "satisfied" || len(result.Findings[0].Related) != 1 || result.Remarks != "no rule yet: A-1.b" {
		t.Errorf("%+v", result)
	}
}
