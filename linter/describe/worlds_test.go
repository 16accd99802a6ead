package describe

import (
	"fmt"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/graph"
)

// combinations are stacks with all combinations of conditions, "A B": bit i of the
// index says whether the i-th holds. Resource r hangs on the conditions in own,
// resource other, which it refers to, on those in near.
func combinations(names, own, near string) []*graph.Stack {
	conditions := strings.Fields(names)
	var out []*graph.Stack
	for i := range 1 << len(conditions) {
		v := &graph.Variant{Base: i == 0}
		for j, name := range conditions {
			v.Conditions = append(v.Conditions, graph.Decided{Name: name, Holds: i>>j&1 == 1})
		}
		v.Inputs = []graph.Assumed{{Name: "In", Value: fmt.Sprintf("%q", fmt.Sprint(i))}}
		out = append(out, &graph.Stack{Root: "t.yaml", Language: graph.CloudFormation, Variant: v, Resources: []*graph.Resource{
			{Address: "r", Guards: strings.Fields(own), Declared: graph.ObjectValue(graph.Field{Name: "V", Value: graph.UnknownValue().WithLinks(graph.Link{Address: "other"})})},
			{Address: "other", Guards: strings.Fields(near)},
		}})
	}
	return out
}

func TestWhen(t *testing.T) {
	for _, c := range []struct {
		names, own, near string
		holds            func(a, b, c bool) bool
		want             string // "" for always
	}{
		{"A B C", "A", "", func(_, _, _ bool) bool { return true }, ""},
		{"A B C", "A B", "", func(a, _, _ bool) bool { return a }, "A is true"},
		{"A B C", "A B", "", func(a, _, _ bool) bool { return !a }, "A is false"},
		{"A B C", "A B C", "", func(a, b, _ bool) bool { return a && b }, "A is true and B is true"},
		{"A B C", "A B C", "", func(a, b, c bool) bool { return a && !b && c }, "A is true and C is true and B is false"},
		{"A B C", "A B C", "", func(a, b, _ bool) bool { return a || b }, "A is true or B is true"},
		{"A B C", "A B C", "", func(a, b, c bool) bool { return !a || b && c }, "A is false or B is true and C is true"},
		// What the resource hangs on itself goes before what stands around it.
		{"A B C", "A", "B", func(_, b, _ bool) bool { return b }, "B is true"},
		{"A B C", "A", "B", func(a, b, _ bool) bool { return a && !b }, "A is true and B is false"},
		{"A B C", "", "", func(_, _, c bool) bool { return c }, "C is true"},
	} {
		stacks := combinations(c.names, c.own, c.near)
		w := worldsOf(stacks)["t.yaml"]
		holds := map[*graph.Stack]bool{}
		for i, s := range stacks {
			if c.holds(i&1 == 1, i>>1&1 == 1, i>>2&1 == 1) {
				holds[s] = true
			}
		}
		got := ""
		if when := w.when("r", w.of(holds)); when != nil {
			got = *when
		}
		if got != c.want {
			t.Errorf("%s, own %s, near %s: %q, want %q", c.names, c.own, c.near, got, c.want)
		}
	}
}

// Where one condition follows from another, that of the resource itself is named.
func TestWhenNamesTheGuard(t *testing.T) {
	stacks := combinations("Both", "Both", "")
	for i, s := range stacks {
		s.Variant.Conditions = append([]graph.Decided{{Name: "First", Holds: i == 1}}, s.Variant.Conditions...)
	}
	w := worldsOf(stacks)["t.yaml"]
	if when := w.when("r", w.of(map[*graph.Stack]bool{stacks[1]: true})); when == nil || *when != "Both is true" {
		t.Errorf("when %v", when)
	}
}

// Without a condition that makes the difference, an input does.
func TestWhenByInput(t *testing.T) {
	stacks := combinations("A", "", "")
	for _, s := range stacks {
		s.Variant.Conditions = nil
	}
	w := worldsOf(stacks)["t.yaml"]
	if when := w.when("r", w.of(map[*graph.Stack]bool{stacks[1]: true})); when == nil || *when != `In is "1"` {
		t.Errorf("when %v", when)
	}
}

func TestSettleVariants(t *testing.T) {
	stacks := combinations("A", "A", "")
	roots := worldsOf(stacks)
	make1 := func(rule string, status finding.Status, fingerprint string, missing bool, in ...int) *merged {
		f := &merged{root: "t.yaml", missing: missing, stacks: map[*graph.Stack]bool{}, sites: map[instanceKey]int{}}
		f.finding.Rule, f.finding.Status, f.finding.Fingerprint = rule, status, fingerprint
		for _, i := range in {
			f.stacks[stacks[i]] = true
		}
		f.addSite(instanceKey{"t.yaml", "r"}, finding.Site{Address: "r", Identity: "r"})
		return f
	}
	const fail, doubt = finding.Fail, finding.Inconclusive
	for name, c := range map[string]struct {
		all  []*merged
		want string
	}{
		"doubt beside a failure":          {[]*merged{make1("a", doubt, "1", false, 0), make1("a", fail, "1", false, 1)}, "a fail 1"},
		"doubt of another rule":           {[]*merged{make1("b", doubt, "2", false, 0), make1("a", fail, "1", false, 1)}, "b inconclusive 1, a fail 1"},
		"both in one variant":             {[]*merged{make1("a", doubt, "2", false, 0), make1("a", fail, "1", false, 0)}, "a inconclusive 1, a fail 1"},
		"doubt in several variants":       {[]*merged{make1("a", doubt, "1", false, 1), make1("a", doubt, "2", false, 0)}, "a inconclusive 1"},
		"missing here, written there":     {[]*merged{make1("a", fail, "1", true, 0), make1("a", fail, "1", false, 1)}, "a fail 2"},
		"written in two places":           {[]*merged{make1("a", fail, "1", false, 0), make1("a", fail, "1", false, 1)}, "a fail 1, a fail 1"},
		"missing and written in one":      {[]*merged{make1("a", fail, "1", true, 0), make1("a", fail, "1", false, 0)}, "a fail 1, a fail 1"},
		"missing here, another one there": {[]*merged{make1("a", fail, "1", true, 0), make1("a", fail, "2", false, 1)}, "a fail 1, a fail 1"},
	} {
		var got []string
		for _, f := range settleVariants(c.all, roots) {
			got = append(got, fmt.Sprintf("%s %s %d", f.finding.Rule, f.finding.Status, len(f.stacks)))
		}
		if text := strings.Join(got, ", "); text != c.want {
			t.Errorf("%s: %s, want %s", name, text, c.want)
		}
	}
}
