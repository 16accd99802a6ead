package cloudformation

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/source"
)

func TestInclude(t *testing.T) {
	files := map[string]string{
		"app/t.yaml": `
Transform: {Name: AWS::Include, Parameters: {Location: parts/top.yaml}}
Parameters: {Env: {Type: String, Default: dev}}
Resources:
  Fn::Transform: {Name: AWS::Include, Parameters: {Location: ./parts/resources.yaml}}
  Own: {Type: "AWS::SNS::Topic", Properties: {TopicName: own}}
  Part:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: q
      Fn::Transform: {Name: AWS::Include, Parameters: {Location: parts/properties.json}}
      Tags: !Transform {Name: AWS::Include, Parameters: {Location: parts/tags.yaml}}
  Remote:
    Type: AWS::SQS::Queue
    Properties:
      Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://b/k.yaml}}
`,
		"app/parts/resources.yaml":  "Made:\n  Type: AWS::SNS::Topic\n  Properties: {TopicName: !Sub '${Env}-made', KmsMasterKeyId: !FindInMap [M, a, b]}\nOwn: {Type: 'AWS::SQS::Queue'}\n",
		"app/parts/properties.json": `{"DelaySeconds": "5"}`,
		"app/parts/tags.yaml":       "- {Key: a, Value: !Ref Env}\n",
		"app/parts/top.yaml":        "Mappings: {M: {a: {b: key}}}\n",
	}
	stacks, diagnostics := Load(context.Background(), newTree(t, files), "app/t.yaml", Options{})
	if len(stacks) != 1 || len(diagnostics) > 0 {
		t.Fatal(stacks, diagnostics)
	}
	s := stacks[0]
	for address, want := range map[string]string{
		"Made":   `{TopicName:"dev-made",KmsMasterKeyId:"key"}`,
		"Part":   `{QueueName:"q",DelaySeconds:5,Tags:[{Key:"a",Value:"dev"}]}`,
		"Remote": `{...}`,
	} {
		if got := show(resourceOf(t, s, address).Declared); got != want {
			t.Errorf("%s is %s, want %s", address, got, want)
		}
	}
	made := resourceOf(t, s, "Made")
	if at := made.Header; at.File.Path != "app/parts/resources.yaml" || textAt(at) != "Made" {
		t.Errorf("Made stands in %s at %q", at.File.Path, textAt(at))
	}
	if name := resourceOf(t, s, "Part").Declared.Fields[1].NameRange; name.File.Path != "app/parts/properties.json" || textAt(name) != `"DelaySeconds"` {
		t.Errorf("DelaySeconds stands in %s at %q", name.File.Path, textAt(name))
	}
	if len(s.Files) != 5 {
		t.Errorf("%d files", len(s.Files))
	}
}

func TestIncludeFails(t *testing.T) {
	for name, c := range map[string]struct{ location, file, want string }{
		"missing": {"gone.yaml", "", "cannot be read"},
		"outside": {"../../../etc/passwd", "", "cannot be read"},
		"broken":  {"part.yaml", "a: [", "no valid YAML"},
		"itself":  {"t.yaml", "", ""},
	} {
		files := map[string]string{"t.yaml": "Resources:\n  Fn::Transform: {Name: AWS::Include, Parameters: {Location: " + c.location + "}}\n  T: {Type: 'AWS::SNS::Topic'}\n"}
		if c.file != "" {
			files["part.yaml"] = c.file
		}
		stacks, diagnostics := Load(context.Background(), newTree(t, files), "t.yaml", Options{})
		if len(stacks) != 1 || resourceOf(t, stacks[0], "T") == nil {
			t.Errorf("%s: %v", name, stacks)
		}
		if c.want == "" {
			continue
		}
		if len(diagnostics) != 1 || !strings.Contains(diagnostics[0].Message, c.want) || !diagnostics[0].Range.Valid() {
			t.Errorf("%s: %v, want %q", name, diagnostics, c.want)
		}
	}
}

// TestIncludeMuch holds that includes end.
func TestIncludeMuch(t *testing.T) {
	var b strings.Builder
	b.WriteString("Resources:\n  T: {Type: 'AWS::SNS::Topic', Properties: {")
	for i := range 100 {
		fmt.Fprintf(&b, "P%d: !Transform {Name: AWS::Include, Parameters: {Location: a.yaml}}, ", i)
	}
	b.WriteString("}}\n")
	stacks, diagnostics := Load(context.Background(), newTree(t, map[string]string{"t.yaml": b.String(), "a.yaml": "a: b"}), "t.yaml", Options{})
	if len(stacks) != 1 || len(diagnostics) == 0 || !strings.Contains(diagnostics[0].Message, "too many files") {
		t.Errorf("%v", diagnostics)
	}
}

func TestDocuments(t *testing.T) {
	const version = "AWSTemplateFormatVersion: '2010-09-09'\n"
	const one, two = "Resources:\n  A: {Type: 'AWS::SNS::Topic'}\n", "Resources:\n  B: {Type: 'AWS::SQS::Queue'}\n"
	for text, want := range map[string]string{
		"---\n" + one:                            "A",
		"# a comment\n---\n---\n" + one:          "A",
		"%YAML 1.1\n---\n" + one + "...\n":       "A",
		one + "---\n# nothing\n":                 "A",
		one + "---\n" + two:                      "A t.yaml:4: a second YAML document starts here",
		version + one + "---\na: [\n":            "this is no valid YAML",
		"---\r\n" + one + "--- # next\r\n" + two: "A t.yaml:5: a second YAML document starts here",
	} {
		stacks, diagnostics := load(context.Background(), nil, source.NewFile("t.yaml", []byte(text)), Options{})
		var got []string
		for _, s := range stacks {
			got = append(got, addresses(s))
		}
		for _, d := range diagnostics {
			line := ""
			if len(stacks) > 0 {
				line = fmt.Sprintf("t.yaml:%d: ", d.Range.StartPosition().Line)
			}
			message, _, _ := strings.Cut(d.Message, ";")
			message, _, _ = strings.Cut(message, ",")
			got = append(got, line+message)
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%q gives %q, want %q", text, s, want)
		}
	}
}
