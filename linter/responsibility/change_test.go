package responsibility

import (
	"testing"

	"github.com/demarc-dev/demarc/linter/finding"
)

// What changes is the state, or the findings below it; the rest is counted.
func TestCompare(t *testing.T) {
	control := func(id string, s State) Control { return Control{Control: finding.Control{ID: id}, State: s} }
	before := &Line{Controls: []Control{control("A", Kept), control("B", Broken), control("C", Broken), control("D", Kept), control("E", Broken)}}
	after := &Line{Controls: []Control{control("A", Broken), control("B", Kept), control("C", Broken), control("D", Kept), control("E", Broken), control("F", NotShown)}}
	came := []finding.Finding{{Rule: "s3/a", Controls: []string{"A", "C"}}}
	went := []finding.Finding{{Rule: "s3/b", Controls: []string{"B"}}, {Rule: "s3/e", Controls: []string{"E"}}}
	got := Compare(before, after, came, went, finding.Base{})
	want := []struct {
		id            string
		came, went    int
		worse, better bool
	}{{"A", 1, 0, true, false}, {"B", 0, 1, false, true}, {"C", 1, 0, true, false}, {"E", 0, 1, false, true}, {"F", 0, 0, false, false}}
	if len(got.Controls) != len(want) || got.Same != 1 {
		t.Fatalf("%d changed and %d are the same: %+v", len(got.Controls), got.Same, got.Controls)
	}
	for i, w := range want {
		c := got.Controls[i]
		if c.ID != w.id || len(c.Came) != w.came || len(c.Went) != w.went || c.Worse() != w.worse || c.Better() != w.better {
			t.Errorf("%s changed as %+v, want %+v", c.ID, c, w)
		}
	}
}
