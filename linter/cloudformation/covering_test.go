package cloudformation

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// seen lists, sorted, what V of resource R is in some world; "-" where R is not there.
func seen(t *testing.T, text string, parameters map[string]string) []string {
	t.Helper()
	var out []string
	for _, s := range loadText(t, text, parameters) {
		v := "-"
		for _, r := range s.Resources {
			if r.Address == "R" || r.Address == "N/R" {
				v = show(r.Declared.Get("V"))
			}
		}
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	slices.Sort(out)
	return out
}

// TestWorldsCover holds that everything that conditions can make is seen.
func TestWorldsCover(t *testing.T) {
	const (
		yesNo = "{Type: String, Default: 'no', AllowedValues: ['yes', 'no']}"
		two   = "Parameters: {A: " + yesNo + ", B: " + yesNo + "}\nConditions: {CA: !Equals [!Ref A, 'yes'], CB: !Equals ['yes', !Ref B], Both: !And [!Condition CA, !Condition CB], Either: !Or [!Condition CA, !Condition CB], One: !And [!Condition Either, !Not [!Condition Both]]}\nResources:\n"
		r     = "  R: {Type: Custom::R, Properties: {V: "
	)
	beforeCB, _, _ := strings.Cut(two, "CB:")
	for _, c := range []struct {
		name, text string
		want       string
	}{
		{"and", two + "  R: {Type: Custom::R, Condition: Both, Properties: {V: 1}}", "- 1"},
		{"exclusive or", two + "  R: {Type: Custom::R, Condition: One, Properties: {V: 1}}", "- 1"},
		{"resource and value", two + "  R: {Type: Custom::R, Condition: CA, Properties: {V: !If [CB, 1, 2]}}", "- 1 2"},
		{"nested", two + r + "!If [CA, !If [CB, 1, 2], !If [CB, 3, 4]]}}", "1 2 3 4"},
		{"two values of one resource", two + r + "[!If [CA, 1, 2], !If [CB, 1, 2]]}}", "[1,1] [1,2] [2,1] [2,2]"},
		{"what can't be", two + r + "!If [Both, !If [CA, 1, 2], !If [One, !If [CA, 3, 4], 5]]}}", "1 3 4 5"},
		{"one given", strings.Replace(two, "Default: 'no'", "Default: 'no', AllowedPattern: .*", 1) + r + "[!If [CA, 1, 2], !If [CB, 1, 2]]}}", "[1,1] [1,2] [2,1] [2,2]"},
		{"three", "Parameters: {A: " + yesNo + ", N: {Type: Number, Default: 1, MinValue: 1}, T: {Type: String, Default: ''}}\nConditions: {All: !And [!Equals [!Ref A, 'yes'], !Not [!Equals [!Ref N, 1]], !Not [!Equals [!Ref T, '']]]}\nResources:\n  R: {Type: Custom::R, Condition: All, Properties: {V: !Ref N}}", "- ?parameter N has some other value here"},
		{"every allowed value", "Parameters: {S: {Type: String, AllowedValues: [a, b, c, d]}}\nConditions: {B: !Equals [!Ref S, b], C: !Equals [!Ref S, c], D: !Equals [!Ref S, d]}\nResources:\n" + r + "!If [B, 2, !If [C, 3, !If [D, 4, !Ref S]]]}}", `"a" 2 3 4`},
		{"no value but the allowed ones", "Parameters: {S: {Type: String, AllowedValues: [a, b]}}\nConditions: {A: !Equals [!Ref S, a], B: !Equals [!Ref S, b]}\nResources:\n" + r + "!If [A, 1, !If [B, 2, 3]]}}", "1 2"},
		{"a required input is never empty", "Parameters: {S: {Type: String}}\nConditions: {No: !Equals [!Ref S, '']}\nResources:\n" + r + "!If [No, 1, 2]}}", "2"},
		{"unless it says that it may be", "Parameters: {S: {Type: String, AllowedPattern: '[a-z]*'}}\nConditions: {No: !Equals [!Ref S, '']}\nResources:\n" + r + "!If [No, 1, 2]}}", "1 2"},
		{"a default that may be empty", "Parameters: {S: {Type: String, Default: x, MinLength: 1}}\nConditions: {No: !Equals [!Ref S, '']}\nResources:\n" + r + "!If [No, 1, 2]}}", "2"},
		{"bounds", "Parameters: {N: {Type: Number, Default: 1, MaxValue: 2}}\nConditions: {Two: !Equals [!Ref N, 2], Three: !Equals [!Ref N, 3]}\nResources:\n" + r + "!If [Three, 3, !If [Two, 2, 1]]}}", "1 2"},
		{"a part of a text", "Parameters: {S: {Type: String, Default: dev-eu}}\nConditions: {P: !Equals [!Select [0, !Split ['-', !Ref S]], prod]}\nResources:\n" + r + "!If [P, 1, 2]}}", "1 2"},
		{"text of two inputs", "Parameters: {A: {Type: String, Default: x}, B: {Type: String, Default: y}}\nConditions: {P: !Equals [!Sub '${A}-${B}', 'prod-eu']}\nResources:\n" + r + "!If [P, 1, 2]}}", "1 2"},
		{"joined inputs", "Parameters: {A: {Type: String, Default: ''}, B: {Type: String, Default: ''}}\nConditions: {None: !Equals [!Join ['', [!Ref A, !Ref B]], '']}\nResources:\n" + r + "!If [None, 1, 2]}}", "1 2"},
		{"imported", "Conditions: {P: !Equals [!ImportValue x, prod]}\nResources:\n" + r + "!If [P, 1, 2]}}", "1 2"},
		{"two inputs that nobody gives", "Parameters: {A: {Type: String}, B: {Type: String}}\nConditions: {Same: !Equals [!Ref A, !Ref B]}\nResources:\n" + r + "!If [Same, 1, 2]}}", "1 2"},
		{"conditional condition", beforeCB + "X: !If [CA, !Equals [!Ref B, 'yes'], !Equals [!Ref B, 'no']]}\nResources:\n" + r + "!If [X, 1, 2]}}", "1 2"},
		{"rules that the defaults break", "Parameters: {T: {Type: String, Default: ''}, K: {Type: String, Default: ''}}\nRules: {N: {Assertions: [{Assert: !Not [!Equals [!Ref T, '']]}]}}\nConditions: {HasT: !Not [!Equals [!Ref T, '']], HasK: !Not [!Equals [!Ref K, '']]}\nResources:\n" + r + "[!If [HasT, 1, 2], !If [HasK, 1, 2]]}}", "[1,1] [1,2]"},
		{"rules under a condition", "Parameters: {A: " + yesNo + ", B: " + yesNo + "}\nRules: {N: {RuleCondition: !Equals [!Ref A, 'yes'], Assertions: [{Assert: !Equals [!Ref B, 'yes']}]}}\nConditions: {CA: !Equals [!Ref A, 'yes'], CB: !Equals [!Ref B, 'yes']}\nResources:\n" + r + "[!If [CA, 1, 2], !If [CB, 1, 2]]}}", "[1,1] [2,1] [2,2]"},
		{"unquoted words of YAML", "Parameters: {S: {Type: String, Default: no, AllowedValues: [yes, no]}}\nConditions: {On: !Equals [!Ref S, yes]}\nResources:\n" + r + "!If [On, 1, 2]}}", "1 2"},
		{"unquoted and quoted words", "Parameters: {S: {Type: String, Default: 'no', AllowedValues: [yes, no]}}\nConditions: {On: !Equals [!Ref S, 'yes']}\nResources:\n" + r + "!If [On, 1, 2]}}", "1 2"},
		{"regions", "Conditions: {E: !Equals [!Ref AWS::Region, eu-west-1], C: !Equals [!Ref AWS::Region, cn-north-1]}\nResources:\n" + r + "!If [E, 1, !If [C, 2, 3]]}}", "1 2 3"},
		{"map by region", "Mappings: {M: {us-east-1: {v: a}, eu-west-1: {v: b}, ap-south-1: {v: a}}}\nResources:\n" + r + "!FindInMap [M, !Ref AWS::Region, v]}}", `"a" "b"`},
		{"map by region, the second key", "Mappings: {M: {web: {us-east-1: a, eu-west-1: b}}}\nResources:\n" + r + "!FindInMap [M, web, !Sub '${AWS::Region}']}}", `"a" "b"`},
		{"map by account", "Mappings: {M: {'111111111111': {v: a}, '222222222222': {v: b}}}\nResources:\n" + r + "!FindInMap [M, !Ref AWS::AccountId, v]}}", `"a" "b"`},
		{"map of what AWS numbers", "Mappings: {M: {us-east-1: {v: ami-11111}, eu-west-1: {v: ami-22222}}}\nResources:\n" + r + "!FindInMap [M, !Ref AWS::Region, v]}}", `"ami-11111"`},
		{"map of bucket policies' accounts", "Mappings: {M: {us-east-1: {v: 'arn:aws:iam::111111111111:root'}, eu-west-1: {v: 'arn:aws:iam::222222222222:root'}}}\nResources:\n" + r + "!FindInMap [M, !Ref AWS::Region, v]}}", `"arn:aws:iam::111111111111:root"`},
		{"map under a condition", "Parameters: {A: " + yesNo + "}\nMappings: {M: {us-east-1: {v: a}, eu-west-1: {v: b}}}\nConditions: {CA: !Equals [!Ref A, 'yes']}\nResources:\n" + r + "!If [CA, !FindInMap [M, !Ref AWS::Region, v], c]}}", `"a" "b" "c"`},
		{"map by a parameter that nobody gives", "Parameters: {A: {Type: String}}\nMappings: {M: {x: {v: a, w: c}, y: {v: b, w: c}}}\nResources:\n" + r + "[!FindInMap [M, !Ref A, v], !FindInMap [M, !Ref A, w]]}}", `[?parameter A has no default,"c"]`},
		{"map that says too much", "Mappings: {M: {" + manyRegions() + "}}\nResources:\n" + r + "!FindInMap [M, !Ref AWS::Region, v]}}", `?mapping M says something else for each AWS::Region`},
		{"conditions that a loop makes", "Transform: AWS::LanguageExtensions\nParameters: {E: {Type: String, Default: dev}, L: {Type: CommaDelimitedList, Default: 'a,b'}}\nConditions:\n  Fn::ForEach::C: [N, !Ref L, {'Is${N}': !Equals [!Ref E, !Ref N], 'Not${N}': !Not [!Condition 'Is${N}']}]\n  Fn::ForEach::D: [N, [p, q], {'Has${N}': !Equals [!Ref E, !Sub 'x-${N}']}]\nResources:\n" + r + "!If [Isa, 1, !If [Notb, !If [Hasq, 3, 4], 2]]}}", "1 2 3 4"},
		{"a name that a loop makes", "Transform: AWS::LanguageExtensions\nParameters: {A: " + yesNo + "}\nConditions: {HasR: !Equals [!Ref A, 'yes']}\nResources:\n  Fn::ForEach::L: [N, [R], {'${N}': {Type: Custom::R, Condition: !Sub 'Has${N}', Properties: {V: 1}}}]", "- 1"},
	} {
		if got := strings.Join(seen(t, c.text, nil), " "); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// manyRegions are the entries of a mapping that says something else for each.
func manyRegions() string {
	var entries []string
	for _, place := range []string{"us", "eu", "ap", "sa", "ca", "af"} {
		for _, side := range []string{"north", "south", "east", "west"} {
			entries = append(entries, fmt.Sprintf("%s-%s-1: {v: %d}", place, side, len(entries)))
		}
	}
	return strings.Join(entries, ", ")
}

// What a nested template decides meets what decides around it.
func TestNestedWorldsCover(t *testing.T) {
	tree := newTree(t, map[string]string{
		"t.yaml":    "Parameters: {Env: {Type: String, Default: dev}, Deep: {Type: String, Default: 'no'}}\nConditions: {IsDeep: !Equals [!Ref Deep, 'yes']}\nResources:\n  N: {Type: 'AWS::CloudFormation::Stack', Condition: IsDeep, Properties: {TemplateURL: c.json, Parameters: {Stage: !Sub 'x-${Env}', Size: !If [IsDeep, big, small]}}}\n",
		"c.json":    `{"Parameters": {"Stage": {"Type": "String"}, "Size": {"Type": "String"}, "Own": {"Type": "String", "Default": ""}}, "Conditions": {"Prod": {"Fn::Equals": [{"Ref": "Stage"}, "x-prod"]}, "Big": {"Fn::Equals": [{"Ref": "Size"}, "big"]}, "HasOwn": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Own"}, ""]}]}, "All": {"Fn::And": [{"Condition": "Prod"}, {"Condition": "Big"}, {"Condition": "HasOwn"}]}}, "Resources": {"R": {"Type": "Custom::R", "Properties": {"V": {"Fn::If": ["All", 1, {"Fn::If": ["Prod", 2, 3]}]}}}}}`,
		"notes.txt": "",
	})
	stacks, diagnostics := Load(context.Background(), tree, "t.yaml", Options{})
	if len(diagnostics) > 0 {
		t.Fatal(diagnostics)
	}
	values := map[string]*graph.Resource{}
	for _, s := range stacks {
		for _, r := range s.Resources {
			if r.Address == "N/R" {
				values[show(r.Declared.Get("V"))] = r
			}
		}
	}
	if len(values) != 3 || values["1"] == nil || values["2"] == nil || values["3"] == nil {
		t.Errorf("values %v", values)
	}
	if got := strings.Join(values["1"].Guards, " "); got != "IsDeep N/All N/Prod" && got != "IsDeep N/All" {
		t.Errorf("guards %q", got)
	}
}

// bombs are conditions that would take for ever if every path were walked or
// every combination tried.
func bombs() map[string]string {
	const resource = "Resources:\n  B: {Type: Custom::B}\n  R: {Type: Custom::R, Condition: %s, Properties: {V: 1}}\n"
	doubled := "Parameters: {P: {Type: String, Default: a}}\nConditions:\n  C0: !Equals [!Ref P, b]\n"
	for i := range 400 {
		doubled += fmt.Sprintf("  C%d: !And [!Condition C%d, !Or [!Condition C%d, !Not [!Condition C%d]]]\n", i+1, i, i, i)
	}
	// One more pigeon than holes: which input has which value cannot be settled
	// without trying, and never comes out.
	var inputs, holes, all strings.Builder
	for i := range 12 {
		fmt.Fprintf(&inputs, "  P%d: {Type: String, Default: h0, AllowedValues: [h0, h1, h2, h3, h4, h5, h6, h7, h8, h9, h10]}\n", i)
		for j := range i {
			fmt.Fprintf(&all, "    - !Not [!Equals [!Ref P%d, !Ref P%d]]\n", i, j)
		}
	}
	fmt.Fprintf(&holes, "Parameters:\n%sConditions:\n  All: !And\n%s", inputs.String(), all.String())
	aliased := "Parameters: {P: {Type: String, Default: a}}\nConditions:\n  C0: &c0 !Equals [!Ref P, b]\n"
	for i := range 14 {
		aliased += fmt.Sprintf("  C%d: &c%d !And [*c%d, *c%d]\n", i+1, i+1, i, i)
	}
	return map[string]string{
		"doubled": doubled + fmt.Sprintf(resource, "C400"),
		"pigeons": holes.String() + fmt.Sprintf(resource, "All"),
		"aliased": aliased + fmt.Sprintf(resource, "C14"),
		"many":    strings.Replace(switches(300), "Resources:\n", "Resources:\n  R: {Type: Custom::R, Properties: {V: ["+manyIfs(300)+"]}}\n", 1),
	}
}

func manyIfs(n int) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = fmt.Sprintf("!If [C%d, 1, 2]", i)
	}
	return strings.Join(parts, ", ")
}

// TestConditionBombs holds that the search looks at no more than it may, and
// tells what it did not reach.
func TestConditionBombs(t *testing.T) {
	for name, text := range bombs() {
		l := newLoader(context.Background(), nil)
		tmpl, err := l.read(source.NewFile("t.yaml", []byte(text)), Unclaimed)
		if err != nil {
			t.Fatal(name, err)
		}
		l.template = tmpl
		l.templates["t.yaml"] = tmpl
		worlds := l.worlds(newEvaluator(l, tmpl))
		if len(worlds) > maxWorlds {
			t.Errorf("%s: %d worlds", name, len(worlds))
		}
		told := name == "pigeons" || name == "many"
		if len(l.diagnostics) > 0 != told {
			t.Errorf("%s: %d worlds, %v", name, len(worlds), l.diagnostics)
		}
		if l.looks > maxLooks+len(tmpl.file.Data) {
			t.Errorf("%s: %d looks", name, l.looks)
		}
	}
}
