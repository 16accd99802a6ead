package describe

import (
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/policy"
	"github.com/demarc-dev/demarc/linter/source"
)

func withSecrets(secrets ...string) *graph.Resource {
	var items []graph.Value
	for _, secret := range secrets {
		items = append(items, graph.StringValue(secret).AsSensitive())
	}
	v := graph.ObjectValue(
		graph.Field{Name: "hidden", Value: graph.ListValue(items...)},
		graph.Field{Name: "password", Value: graph.StringValue("password")})
	return &graph.Resource{Declared: v, Values: v, Stack: &graph.Stack{}}
}

func TestRedact(t *testing.T) {
	for _, c := range []struct {
		secrets    []string
		text, want string
	}{
		{nil, "the password is open", "the password is open"},
		{[]string{"hunter2"}, "pass hunter2x and hunter2", "pass (sensitive)x and (sensitive)"},
		{[]string{"abc", "abcdef"}, "abcdef, abc", "(sensitive), (sensitive)"},
		{[]string{"sens", "xyz"}, "xyz", "(sensitive)"},
		{[]string{""}, "nothing", "nothing"},
		{[]string{"ab"}, "ab=ab;cab abc ab", "(sensitive)=(sensitive);cab abc (sensitive)"},
		{[]string{"7"}, "port 7 of 77 at 7", "port (sensitive) of 77 at (sensitive)"},
		{[]string{"é"}, "é né", "(sensitive) né"},
		{[]string{"a!"}, "a! ba! a!b", "(sensitive) ba! (sensitive)b"},
		{[]string{"s", "secret"}, "secret s", "(sensitive) (sensitive)"},
	} {
		d := New(&graph.Graph{}, &policy.Result{}, strings.ToUpper)
		if got := d.redact(c.text, withSecrets(c.secrets...)); got != c.want {
			t.Errorf("%q of %q: %q, want %q", c.secrets, c.text, got, c.want)
		}
	}
}

// Whatever a frame is about, it shows no secret: a neighbour's on the same
// line, nor an input's that no resource takes.
func TestSecretRanges(t *testing.T) {
	const text = `password = "hunter2" name = "n" key = "ab" user = "from-elsewhere" default = "unused-word"`
	file := source.NewFile("main.tf", []byte(text))
	within := func(part string) source.Range {
		i := strings.Index(text, part)
		return source.Range{File: file, Start: i, End: i + len(part)}
	}
	declared := graph.ObjectValue(
		graph.Field{Name: "password", Value: graph.StringValue("hunter2").At(within(`"hunter2"`))},
		graph.Field{Name: "name", Value: graph.StringValue("n").At(within(`"n"`))},
		graph.Field{Name: "key", Value: graph.StringValue("ab").AsSensitive().At(within(`"ab"`))},
		graph.Field{Name: "user", Value: graph.StringValue("made of words").AsSensitive().At(within(`"from-elsewhere"`)).
			WithVia(graph.Step{Range: within("key")})})
	folded := &graph.Resource{Declared: declared, Folded: true}
	stack := &graph.Stack{Resources: []*graph.Resource{folded, folded}, Secrets: []source.Range{within(`"unused-word"`), {}}}
	var got []string
	for _, at := range Secrets(&graph.Graph{Stacks: []*graph.Stack{stack}}) {
		got = append(got, text[at.Start:at.End])
	}
	if want := `"unused-word" "hunter2" "ab"`; strings.Join(got, " ") != want {
		t.Errorf("secrets at %s, want %s", strings.Join(got, " "), want)
	}
}
