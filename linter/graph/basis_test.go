package graph

import "testing"

// What a default holds is a default too, but for what is not there.
func TestMembersOfADefaultAreDefaults(t *testing.T) {
	member := Field{Name: "on", Value: BoolValue(true)}
	r := &Resource{Values: ObjectValue(
		Field{Name: "given", Value: ListValue(ObjectValue(member, Field{Name: "unset", Value: NullValue()})).asDefault()},
		Field{Name: "written", Value: ListValue(ObjectValue(member))})}
	for path, want := range map[string]Basis{
		"given": Default, "given.0.on": Default, "given.0.unset": Nothing, "given.1": Nothing, "written.0.on": Written, "written.0.unset": Nothing,
	} {
		if got := r.At(ParsePath(path)).Basis; got != want {
			t.Errorf("%s rests on %d, want %d", path, got, want)
		}
	}
}
