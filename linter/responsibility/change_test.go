package responsibility

import (
	"testing"

	"github.com/demarc-dev/demarc/linter/finding"
)

// What changes is the state, or the findings below it; the rest is counted.
func TestCompare(t *testing.T) {
	one := func(id string, s State, rules ...string) Control {
		a := static(id+".a", judges(rules...)...)
		return Control{Control: control(id, "data", a), State: s, Aspects: []Aspect{{Aspect: a, State: s}}}
	}
	before := &Line{Controls: []Control{one("A", Kept, "s3/a"), one("B", Broken, "s3/b"), one("C", Broken, "s3/a"), one("D", Kept), one("E", Broken, "s3/c")}}
	after := &Line{Controls: []Control{one("A", Broken, "s3/a"), one("B", Kept, "s3/b"), one("C", Broken, "s3/a"), one("D", Kept), one("E", Broken, "s3/c"), one("F", NotShown)}}
	came := []finding.Finding{{Rule: "s3/a", Fingerprint: "a"}}
	went := []finding.Finding{{Rule: "s3/b", Fingerprint: "b"}, {Rule: "s3/elsewhere", Fingerprint: "e"}}
	got := Compare(before, after, came, went, finding.Base{})
	want := []struct {
		id            string
		came, went    int
		worse, better bool
	}{{"A", 1, 0, true, false}, {"B", 0, 1, false, true}, {"C", 1, 0, true, false}, {"F", 0, 0, false, false}}
	if len(got.Controls) != len(want) || got.Same != 2 {
		t.Fatalf("%d changed and %d are the same: %+v", len(got.Controls), got.Same, got.Controls)
	}
	for i, w := range want {
		c := got.Controls[i]
		if c.ID != w.id || len(c.Came) != w.came || len(c.Went) != w.went || c.Worse() != w.worse || c.Better() != w.better {
			t.Errorf("%s changed as %+v, want %+v", c.ID, c, w)
		}
		if len(c.Aspects) != 1 || len(c.Aspects[0].Came) != w.came || len(c.Aspects[0].Went) != w.went {
			t.Errorf("%s changed in the aspects %+v", c.ID, c.Aspects)
		}
	}
}
