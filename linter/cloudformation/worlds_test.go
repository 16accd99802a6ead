package cloudformation

import (
	"fmt"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/graph"
)

// whenOf says which conditions come out in a stack as they don't in the base world.
func whenOf(stacks []*graph.Stack, s *graph.Stack) string {
	if s.IsBase() {
		return "base"
	}
	var parts []string
	for i, c := range s.Variant.Conditions {
		if c != stacks[0].Variant.Conditions[i] {
			parts = append(parts, fmt.Sprintf("%s is %v", c.Name, c.Holds))
		}
	}
	return strings.Join(parts, " and ")
}

// worldsOf lists the worlds of a template, each as "when: resource=value ...".
func worldsOf(t *testing.T, text string, parameters map[string]string) []string {
	t.Helper()
	var out []string
	stacks := loadText(t, text, parameters)
	for _, s := range stacks {
		when := whenOf(stacks, s)
		for _, r := range s.Resources {
			when += " " + r.Address
			if r.Maybe != nil {
				when += "?"
			}
			if v := r.Declared.Get("V"); len(r.Declared.Fields) > 0 {
				when += "=" + show(v)
			}
		}
		out = append(out, when)
	}
	return out
}

func TestWorlds(t *testing.T) {
	const probe = "\n  R: {Type: Custom::R, Properties: {V: "
	for _, c := range []struct {
		name, text string
		parameters map[string]string
		want       []string
	}{
		{"no conditions", "Parameters: {E: {Type: String, AllowedValues: [a, b]}}\nResources:" + probe + "!Ref E}}", nil,
			[]string{`base R=?parameter E has no default`}},
		{"default and other", "Parameters: {E: {Type: String, Default: dev}}\nConditions: {IsProd: !Equals [!Ref E, prod]}\nResources:" + probe + "!If [IsProd, a, b]}}", nil,
			[]string{`base R="b"`, `IsProd is true R="a"`}},
		{"given", "Parameters: {E: {Type: String, Default: dev}}\nConditions: {IsProd: !Equals [!Ref E, prod]}\nResources:" + probe + "!If [IsProd, a, b]}}", map[string]string{"E": "prod"},
			[]string{`base R="a"`}},
		{"allowed values", "Parameters: {E: {Type: String, AllowedValues: [dev, stage, prod]}}\nConditions: {IsProd: !Equals [!Ref E, prod]}\nResources:" + probe + "!If [IsProd, !Ref E, !Ref E]}}", nil,
			[]string{`base R="dev"`, `IsProd is true R="prod"`}},
		{"several conditions", "Parameters: {E: {Type: String, Default: dev, AllowedValues: [dev, prod]}}\nConditions: {IsProd: !Equals [!Ref E, prod], IsDev: !Not [!Condition IsProd]}\nResources:" + probe + "!If [IsProd, 1, !If [IsDev, 2, 3]]}}", nil,
			[]string{`base R=2`, `IsDev is false and IsProd is true R=1`}},
		{"invented value stays unknown", "Parameters: {K: {Type: String, Default: ''}}\nConditions: {HasKey: !Not [!Equals [!Ref K, '']]}\nResources:" + probe + "!If [HasKey, !Ref K, none]}}", nil,
			[]string{`base R="none"`, `HasKey is true R=?parameter K has some other value here`}},
		{"no default", "Parameters: {K: {Type: String}}\nConditions: {HasKey: !Not [!Equals [!Ref K, '']]}\nResources:\n  A: {Type: Custom::A, Condition: HasKey}" + probe + "!If [HasKey, 1, 2]}}", nil,
			[]string{`base A R=1`}},
		{"resource condition", "Parameters: {E: {Type: String, Default: 'no'}}\nConditions: {C: !Equals [!Ref E, 'yes']}\nResources:\n  A: {Type: Custom::A, Condition: C}\n  B: {Type: Custom::B}", nil,
			[]string{`base B`, `C is true A B`}},
		{"unused condition", "Parameters: {E: {Type: String, Default: dev}}\nConditions: {IsProd: !Equals [!Ref E, prod]}\nResources:" + probe + "1}}\nOutputs: {O: {Condition: IsProd, Value: x}}", nil,
			[]string{`base R=1`}},
		{"through a mapping", "Parameters: {E: {Type: String, Default: dev}}\nMappings: {M: {dev: {big: 'no'}, prod: {big: 'yes'}}}\nConditions: {Big: !Equals [!FindInMap [M, !Ref E, big], 'yes']}\nResources:" + probe + "!If [Big, a, b]}}", nil,
			[]string{`base R="b"`, `Big is true R="a"`}},
		{"region", "Conditions: {Home: !Equals [!Ref AWS::Region, us-east-1]}\nResources:" + probe + "!If [Home, a, !Ref AWS::Region]}}", nil,
			[]string{`base R="a"`, `Home is false R="eu-west-1"`}},
		{"two parameters compared", "Parameters: {A: {Type: String, Default: x}, B: {Type: String, Default: y}}\nConditions: {Same: !Equals [!Ref A, !Ref B]}\nResources:" + probe + "!If [Same, 1, 2]}}", nil,
			[]string{`base R=2`, `Same is true R=1`}},
		{"join of a list", "Parameters: {L: {Type: CommaDelimitedList, Default: ''}}\nConditions: {Has: !Not [!Equals [!Join ['', !Ref L], '']]}\nResources:" + probe + "!If [Has, !Ref L, none]}}", nil,
			[]string{`base R="none"`, `Has is true R=?parameter L has some other value here`}},
		{"and, or with unknown", "Parameters: {K: {Type: String}}\nConditions: {U: !Equals [!Ref K, x], T: !Equals [a, a], A: !And [!Condition U, !Not [!Condition T]], O: !Or [!Condition U, !Condition T]}\nResources:" + probe + "[!If [A, 1, 2], !If [O, 1, 2]]}}", nil,
			[]string{`base R=[2,1]`}},
		{"resource is never empty", "Conditions: {Has: !Not [!Equals [!GetAtt K.Arn, '']]}\nResources:\n  K: {Type: 'AWS::KMS::Key'}" + probe + "!If [Has, 1, 2]}}", nil,
			[]string{`base K R=1`}},
		{"number", "Parameters: {N: {Type: Number, Default: 0}}\nConditions: {Has: !Not [!Equals [!Ref N, 0]]}\nResources:" + probe + "!If [Has, !Ref N, none]}}", nil,
			[]string{`base R="none"`, `Has is true R=?parameter N has some other value here`}},
		{"parameter store", "Parameters: {S: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /x}}\nConditions: {On: !Equals [!Ref S, 'on']}\nResources:" + probe + "!If [On, 1, 2]}}", nil,
			[]string{`base R=2`, `On is true R=1`}},
	} {
		got := worldsOf(t, c.text, c.parameters)
		if len(got) != len(c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
			continue
		}
		for i := range got {
			if !strings.HasPrefix(got[i], c.want[i]) {
				t.Errorf("%s: %q, want %q", c.name, got[i], c.want[i])
			}
		}
	}
}

// switches is a template with n independent conditions.
func switches(n int) string {
	var parameters, conditions, values strings.Builder
	for i := range n {
		fmt.Fprintf(&parameters, "  P%d: {Type: String, Default: 'no'}\n", i)
		fmt.Fprintf(&conditions, "  C%d: !Equals [!Ref P%d, 'yes']\n", i, i)
		fmt.Fprintf(&values, "  R%d: {Type: Custom::R, Condition: C%d}\n", i, i)
	}
	return "Parameters:\n" + parameters.String() + "Conditions:\n" + conditions.String() + "Resources:\n  B: {Type: Custom::B}\n" + values.String()
}

func TestManyConditionsShareWorlds(t *testing.T) {
	stacks := loadText(t, switches(40), nil)
	if len(stacks) > maxWorlds {
		t.Errorf("%d stacks", len(stacks))
	}
	seen := map[string]bool{}
	for _, s := range stacks {
		for _, r := range s.Resources {
			seen[r.Address] = true
		}
	}
	if len(seen) != 41 {
		t.Errorf("%d of 41 resources are in some world", len(seen))
	}
}

// What the worlds don't reach is told by name.
func TestTooManyWorlds(t *testing.T) {
	var conditions, resources strings.Builder
	for i := range 70 {
		fmt.Fprintf(&conditions, "  C%d: !Equals [!Ref P, v%d]\n", i, i)
		fmt.Fprintf(&resources, "  R%d: {Type: Custom::R, Condition: C%d}\n", i, i)
	}
	stacks, diagnostics := loadAny("Parameters: {P: {Type: String, Default: none}}\nConditions:\n" + conditions.String() + "Resources:\n" + resources.String())
	if len(stacks) != maxWorlds || len(diagnostics) != 1 || !strings.Contains(diagnostics[0].Message, "those in which C63 is true, or C64 is true") {
		t.Errorf("%d stacks, %v", len(stacks), diagnostics)
	}
}

// A resource that reads nothing that changes is the same in every world, but
// each world has a copy of its own to build on.
func TestWorldsShareWhatIsTheSame(t *testing.T) {
	stacks := loadText(t, "Parameters: {E: {Type: String, Default: dev}}\nConditions: {P: !Equals [!Ref E, prod]}\nResources:\n  A: {Type: Custom::A, Properties: {V: [1]}}\n  B: {Type: Custom::B, Properties: {V: !If [P, 1, 2]}}\n", nil)
	a, b := resourceOf(t, stacks[0], "A"), resourceOf(t, stacks[1], "A")
	if a == b || &a.Declared.Fields[0] != &b.Declared.Fields[0] {
		t.Error("A is not a copy that shares its values")
	}
}
