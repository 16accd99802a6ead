package cloudformation

import (
	"fmt"
	"slices"
	"testing"

	"github.com/demarc-dev/demarc/linter/graph"
)

// TestMacrosOverTheWhole holds that what a macro may add is not said to be missing, and
// that what is made elsewhere is listed.
func TestMacrosOverTheWhole(t *testing.T) {
	const disk = "\nResources:\n  D: {Type: 'AWS::EC2::Volume', Properties: {Encrypted: false, Tags: [{Key: a}]}}\n  T: {Type: 'AWS::SNS::Topic'}\n"
	grown := map[string]string{
		"D": `{Encrypted:false,Tags:[{Key:"a",...}],...}`,
		"T": `{...}`,
	}
	closed := map[string]string{
		"D": `{Encrypted:false,Tags:[{Key:"a"}]}`,
		"T": `{}`,
	}
	for name, c := range map[string]struct {
		text string
		want map[string]string
		gaps []string
	}{
		"whole":               {"Transform: House" + disk, grown, []string{"House: a macro that may rewrite the template (2)"}},
		"listed beside SAM":   {"Transform: [House, 'AWS::Serverless-2016-10-31']" + disk, grown, []string{"House: a macro that may rewrite the template (2)"}},
		"with parameters":     {"Transform: {Name: House, Parameters: {A: b}}" + disk, grown, []string{"House: a macro that may rewrite the template (2)"}},
		"as a function":       {"Fn::Transform: {Name: House}" + disk, grown, []string{"House: a macro that may rewrite the template (2)"}},
		"as a list":           {"Fn::Transform: [{Name: House}, {Name: Other}]" + disk, grown, []string{"House: a macro that may rewrite the template (2)", "Other: a macro that may rewrite the template (2)"}},
		"of AWS":              {"Transform: [AWS::LanguageExtensions, 'AWS::CodeDeployBlueGreen']" + disk, closed, nil},
		"an include of S3":    {"Mappings: {'Fn::Transform': {Name: AWS::Include, Parameters: {Location: 's3://b/m.yaml'}}}" + disk, closed, []string{"Fn::Transform: s3://b/m.yaml (0)"}},
		"one over conditions": {"Conditions: {'Fn::Transform': {Name: House}}" + disk, closed, []string{"Fn::Transform: made by the macro House (0)"}},
	} {
		s := loadText(t, c.text, nil)[0]
		for address, want := range c.want {
			if got := show(resourceOf(t, s, address).Declared); got != want {
				t.Errorf("%s: %s is %s, want %s", name, address, got, want)
			}
		}
		var gaps []string
		for _, g := range s.Gaps {
			gaps = append(gaps, fmt.Sprintf("%s: %s (%d)", g.Address, g.Source, len(g.Links)))
		}
		if !slices.Equal(gaps, c.gaps) {
			t.Errorf("%s: gaps %q, want %q", name, gaps, c.gaps)
		}
	}
	one := loadText(t, "Resources:\n  D: {Type: 'AWS::EC2::Volume', 'Fn::Transform': {Name: House}, Properties: {Size: 1}}\n", nil)[0]
	if got := show(resourceOf(t, one, "D").Declared); got != `{Size:1,...}` {
		t.Errorf("a macro over one resource: %s", got)
	}
}

// A policy is what it says, whatever a macro adds around it.
func TestMacrosLeaveDocuments(t *testing.T) {
	s := loadText(t, "Transform: House\nResources:\n  R: {Type: 'AWS::IAM::Role', Properties: {AssumeRolePolicyDocument: {Statement: [{Effect: Allow}]}}}\n", nil)[0]
	if got := show(resourceOf(t, s, "R").Declared); got != `{AssumeRolePolicyDocument:{Statement:[{Effect:"Allow"}]},...}` {
		t.Error(got)
	}
}

func TestStackSets(t *testing.T) {
	s := loadText(t, "Resources:\n  K: {Type: 'AWS::KMS::Key'}\n  S: {Type: 'AWS::CloudFormation::StackSet', Properties: {Parameters: [{ParameterKey: K, ParameterValue: !Ref K}], TemplateBody: 'Resources: {}'}}\n  U: {Type: 'AWS::CloudFormation::StackSet', Properties: {TemplateURL: 'https://x/y.yaml'}}\n", nil)[0]
	var got []string
	for _, g := range s.Gaps {
		got = append(got, fmt.Sprintf("%s: %s %v at %q", g.Address, g.Source, g.Links, textAt(g.Range)))
	}
	want := []string{"S: the template of a stack set [{K Ref}] at \"'Resources: {}'\"", "U: https://x/y.yaml [] at \"'https://x/y.yaml'\""}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestHoles holds that of a JSON text with something unknown inside only what
// holds it is unknown.
func TestHoles(t *testing.T) {
	const head = "Parameters: {A: {Type: String}}\nResources:\n  B: {Type: 'AWS::S3::Bucket'}\n  R: {Type: Custom::R, Properties: {V: "
	for text, want := range map[string]string{
		`!Sub '{"a": "x", "b": "arn:${B}/*", "c": [1, true, null]}'`:  `{a:"x",b:?known after deployment <B.Ref>,c:[1,true,null]}`,
		`!Sub '{"a": ${A}, "b": {"c": "d"}}'`:                         `{a:?parameter A has no default,b:{c:"d"}}`,
		`!Sub '{"${A}:sub": "x", "b": "y"}'`:                          `{b:"y",...}`,
		`!Sub '{"a": "\"${A}", "b": "y"}'`:                            `{a:?parameter A has no default,b:"y"}`,
		`!Sub ['{"a": "${Z}", "b": "y"}', {Z: !GetAtt B.Arn}]`:        `{a:?known after deployment <B.Arn>,b:"y"}`,
		`!Join ['', ['{"a": "', !Ref A, '", "b": ["y"]}']]`:           `{a:?parameter A has no default,b:["y"]}`,
		`!Join [',', ['{"a": "x"', '"b": "y"', !Sub '"c": "${A}"}']]`: `none`,
		`!Sub 'plain ${A}'`:                                           `none`,
		`!Sub '{not ${A} JSON'`:                                       `none`,
	} {
		v := resourceOf(t, loadText(t, head+text+"}}\n", nil)[0], "R").Declared.Get("V")
		got := "none"
		if s, ok := v.Structure(); ok {
			got = show(s)
		}
		if got != want || v.Kind != graph.Unknown {
			t.Errorf("%s encodes %s, want %s", text, got, want)
		}
	}
}
