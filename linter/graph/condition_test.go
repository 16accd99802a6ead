package graph

import "testing"

var (
	a   = &Test{Holds: "a", Fails: "not a"}
	b   = &Test{Holds: "b", Fails: "not b"}
	lab = &Test{Holds: `env == "lab"`, Fails: `env != "lab"`, Subject: "env", Value: "lab"}
	dev = &Test{Holds: `env == "dev"`, Fails: `env != "dev"`, Subject: "env", Value: "dev"}
)

func TestConditionsAreReducedAndSaid(t *testing.T) {
	for _, c := range []struct {
		condition *Condition
		want      string
	}{
		{nil, ""},
		{Always, ""},
		{Never, "never"},
		{When(a), "a"},
		{Not(When(a)), "not a"},
		{Not(Not(When(a))), "a"},
		{And(When(a), When(a)), "a"},
		{And(When(a), Always), "a"},
		{And(When(a), Never), "never"},
		{Or(When(a), Never), "a"},
		{Or(When(a), nil), ""},
		{And(When(a), Not(When(a))), "never"},
		{Or(When(a), Not(When(a))), ""},
		{And(When(a), Or(When(b), When(lab))), `a and (b or env == "lab")`},
		{Not(And(When(a), When(b))), "not a or not b"},
		{Not(Or(When(a), When(b))), "not a and not b"},
		{And(Not(Or(When(a), When(b))), When(lab)), `not a and not b and env == "lab"`},
	} {
		if got := c.condition.String(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestConditionsInWorlds(t *testing.T) {
	both := And(When(a), When(lab))
	for _, c := range []struct {
		world World
		want  string
	}{
		{nil, `a and env == "lab"`},
		{World{{a, true}}, `env == "lab"`},
		{World{{a, false}}, "never"},
		{World{{a, true}, {lab, true}}, ""},
		{World{{dev, true}}, "never"}, // one thing has one value
		{World{{dev, false}, {a, true}}, `env == "lab"`},
	} {
		if got := both.Under(c.world).String(); got != c.want {
			t.Errorf("in %q: got %q, want %q", c.world, got, c.want)
		}
	}
	if w := And(When(lab), When(dev)).Worlds(5); len(w) != 0 {
		t.Errorf("one thing has two values in %v", w)
	}
	if w := Or(When(a), When(b)).Worlds(5); len(w) != 2 {
		t.Errorf("a or b has the worlds %v", w)
	}
	if _, ok := (World{{lab, true}}).Join(World{{dev, true}}); ok {
		t.Error("worlds that contradict each other are joined")
	}
}

// TestValuesInWorlds decides choices at any depth, in texts too.
func TestValuesInWorlds(t *testing.T) {
	why := Reason{Text: "unknown"}
	choice := func(on *Condition, then, otherwise Value) Value {
		return UnknownValue(why).WithChoice(Choice{If: on, Then: then, Else: otherwise})
	}
	one, two := NumberValue("1"), NumberValue("2")
	spliced := UnknownValue(why).WithChoice(Choice{If: When(a), Then: ListValue(one, two), Else: ListValue(), Spliced: true})
	for name, c := range map[string]struct {
		value Value
		world World
		want  string
	}{
		"then":          {choice(When(a), one, two), World{{a, true}}, "1"},
		"else":          {choice(When(a), one, two), World{{a, false}}, "2"},
		"nested":        {choice(When(a), choice(When(b), one, two), two), World{{a, true}, {b, true}}, "1"},
		"a member":      {ListValue(one, choice(When(a), two, Value{})), World{{a, true}}, "[1,2]"},
		"no member":     {ListValue(one, choice(When(a), two, Value{})), World{{a, false}}, "[1]"},
		"members":       {ListValue(spliced, one), World{{a, true}}, "[1,2,1]"},
		"no members":    {ListValue(spliced, one), World{{a, false}}, "[1]"},
		"a field":       {ObjectValue(Field{Name: "f", Value: choice(When(a), one, Value{})}), World{{a, false}}, "{}"},
		"left open":     {ListValue(choice(When(a), one, two)), World{{b, true}}, "[null]"},
		"split, both":   {ListValue(choice(When(a), one, two)).Split(firstOf), World{{a, true}}, "1"},
		"each, changed": {choice(When(a), one, two).Each(inList), World{{a, false}}, "[2]"},
	} {
		if got := c.value.Under(c.world).JSON(); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
	text := UnknownValue(why).WithStructure(ObjectValue(Field{Name: "f", Value: choice(When(a), one, two)}))
	if left := ListValue(one, text, choice(When(a), one, two)).WithoutAlternatives(); len(left.Tests()) != 0 || left.JSON() != "[1,null,null]" {
		t.Errorf("left is %s, with the tests %v", left.JSON(), left.Tests())
	}
	if got, _ := text.Under(World{{a, true}}).Structure(); got.JSON() != `{"f":1}` {
		t.Errorf("the text encodes %s", got.JSON())
	}
	if n := len(ListValue(choice(And(When(a), When(lab)), one, two), text).Tests()); n != 2 {
		t.Errorf("%d tests", n)
	}
}

func firstOf(v Value) Value {
	if len(v.Items) == 0 || v.Items[0].Kind == Unknown {
		return UnknownValue()
	}
	return v.Items[0]
}

func inList(v Value) Value {
	if v.Kind == Unknown {
		return v
	}
	return ListValue(v)
}
