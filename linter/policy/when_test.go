package policy

import (
	"testing"

	"github.com/demarc-dev/demarc/linter/graph"
)

// TestWhenIsShort reduces the worlds in which something fails to the least that
// tells them from those in which it does not.
func TestWhenIsShort(t *testing.T) {
	a := &graph.Test{Holds: "a", Fails: "not a"}
	b := &graph.Test{Holds: "b", Fails: "not b"}
	world := func(texts ...string) graph.World {
		var w graph.World
		for _, text := range texts {
			w = append(w, map[string]graph.Literal{"a": {Test: a, Holds: true}, "-a": {Test: a}, "b": {Test: b, Holds: true}, "-b": {Test: b}}[text])
		}
		return w
	}
	all := []graph.World{world("a", "b"), world("a", "-b"), world("-a", "b"), world("-a", "-b")}
	for name, c := range map[string]struct {
		exists  *graph.Condition
		failing []graph.World
		all     []graph.World
		want    string
	}{
		"everywhere":     {nil, all, all, ""},
		"one test":       {nil, all[:2], all, "a"},
		"its opposite":   {nil, all[2:], all, "not a"},
		"both":           {nil, all[:1], all, "a and b"},
		"either":         {nil, all[:3], all, "a or b"},
		"exactly one":    {nil, []graph.World{all[1], all[2]}, all, "a and not b or not a and b"},
		"exists":         {graph.When(b), []graph.World{world("a")}, []graph.World{world("a"), world("-a")}, "b and a"},
		"exists already": {graph.When(a), []graph.World{world("a")}, []graph.World{world("a"), world("-a")}, "a"},
		"exists only":    {graph.When(b), []graph.World{world("a"), world("-a")}, []graph.World{world("a"), world("-a")}, "b"},
	} {
		if got := when(c.exists, reduce(c.failing, c.all)); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
