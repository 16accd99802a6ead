package cloudformation

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/internal/allocation"
	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// TestHostile holds that odd and oversized templates end with little work, and with a
// diagnostic that has a place where something is wrong.
func TestHostile(t *testing.T) {
	const head = "AWSTemplateFormatVersion: '2010-09-09'\n"
	members := strings.Repeat("x, ", 99) + "x"
	for name, c := range map[string]struct {
		text      string
		resources int    // in the base world
		want      string // in a diagnostic, with a line; "" for none
	}{
		"tabs":           {head + "Resources:\n\tTopic:\n\t\tType: AWS::SNS::Topic\n", 0, "no valid YAML"},
		"mixed tabs":     {head + "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n\t  Properties: {}\n", 0, "no valid YAML"},
		"CRLF":           {strings.ReplaceAll(head+"Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n", "\n", "\r\n"), 1, ""},
		"BOM":            {"\ufeff" + head + "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n", 1, ""},
		"NUL":            {head + "Resources:\n  Topic:\n    Type: \"AWS::SNS::Topic\"\x00\n", 0, "no valid YAML"},
		"not UTF-8":      {head + "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n    Properties: {TopicName: \xff\xfe}\n", 0, "no valid YAML"},
		"binary":         {"\x7fELF\x02\x01\x01AWSTemplateFormatVersion Resources Type AWS::" + strings.Repeat("\x00\x01\xfe", 5000), 0, ""},
		"cut off":        {`{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"T": {"Type": "AWS::SNS::Topic", "Prop`, 0, "no valid JSON"},
		"deep":           {head + "Resources:\n  T:\n    Type: AWS::SNS::Topic\n    Properties: {TopicName: " + strings.Repeat("[", 500) + strings.Repeat("]", 500) + "}\n", 0, "levels deep"},
		"deep calls":     {head + "Resources:\n  T:\n    Type: AWS::SNS::Topic\n    Properties: {TopicName: " + strings.Repeat("!Join ['', [", 90) + "x" + strings.Repeat("]]", 90) + "}\n", 1, ""},
		"cyclic GetAtt":  {head + "Resources:\n  A: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: !GetAtt B.CidrBlock}}\n  B: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: !GetAtt A.CidrBlock}}\n", 2, ""},
		"cyclic Ref":     {head + "Resources:\n  A: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !Sub '${B}x'}}\n  B: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !Sub '${A}x${A}'}}\n", 2, ""},
		"cyclic If":      {head + "Conditions: {A: !Or [!Condition B, !Condition A], B: !Not [!Condition A]}\nResources: {T: {Type: 'AWS::SNS::Topic', Condition: A}}\n", 1, "depends on itself"},
		"cyclic anchor":  {head + "Resources:\n  T: &t {Type: 'AWS::SNS::Topic', Properties: *t}\n", 0, "contains itself"},
		"ForEach":        {head + "Resources:\n  Fn::ForEach::A: [X, [" + strings.Join(numbers(5000), ", ") + "], {'R${X}': {Type: AWS::SNS::Topic}}]\n", 5000, ""},
		"ForEach cubed":  {head + "Resources:\n  Fn::ForEach::A:\n    - X\n    - [" + strings.Join(numbers(200), ", ") + "]\n    - Fn::ForEach::B:\n        - Y\n        - [" + strings.Join(numbers(200), ", ") + "]\n        - Fn::ForEach::C: [Z, [" + strings.Join(numbers(200), ", ") + "], {'R${X}x${Y}x${Z}': {Type: AWS::SNS::Topic}}]\n", -1, "too large"},
		"exploding text": {head + "Resources:\n  T:\n    Type: AWS::SNS::Topic\n    Properties: {TopicName: !Join [!Join [!Join [xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx, [" + members + "]], [" + members + "]], [" + members + "]]}\n", 1, ""},
		"1 MB":           {templateOf(500, false) + "Metadata: {Pad: '" + strings.Repeat("x", 900_000) + "'}\n", 500, ""},
		"1 MB of JSON":   {strings.Replace(templateOf(500, true), `"Parameters"`, `"Metadata": {"Pad": "`+strings.Repeat("x", 900_000)+`"}, "Parameters"`, 1), 500, ""},
	} {
		var stacks []*graph.Stack
		var diagnostics []graph.Diagnostic
		if bytes := allocation.Of(func() {
			stacks, diagnostics = load(context.Background(), nil, source.NewFile("t.yaml", []byte(c.text)), Options{})
		}); bytes > 512<<20 {
			t.Errorf("%s allocates %d MB", name, bytes>>20)
		}
		have := 0
		if len(stacks) > 0 {
			have = len(stacks[0].Resources)
		}
		if have != c.resources && c.resources >= 0 {
			t.Errorf("%s: %d resources, want %d", name, have, c.resources)
		}
		found := c.want == ""
		for _, d := range diagnostics {
			if strings.Contains(d.Message, "please report") {
				t.Errorf("%s: %s", name, d.Message)
			}
			found = found || strings.Contains(d.Message, c.want) && d.Range.Valid()
		}
		if !found {
			t.Errorf("%s: diagnostics %v, want %q", name, diagnostics, c.want)
		}
	}
}

func numbers(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprint(i)
	}
	return out
}
