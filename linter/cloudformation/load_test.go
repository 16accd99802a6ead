package cloudformation

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// newTree writes files to a directory of their own.
func newTree(t testing.TB, files map[string]string) *source.Tree {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		target := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(target, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tree, err := source.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tree.Close() })
	return tree
}

// loadText loads one template that must give stacks and no diagnostics.
func loadText(t testing.TB, text string, parameters map[string]string) []*graph.Stack {
	t.Helper()
	stacks, diagnostics := load(context.Background(), nil, source.NewFile("t.yaml", []byte(text)), Options{Parameters: parameters})
	if len(stacks) == 0 || len(diagnostics) > 0 {
		t.Fatalf("%d stacks, %v", len(stacks), diagnostics)
	}
	return stacks
}

func resourceOf(t testing.TB, s *graph.Stack, address string) *graph.Resource {
	t.Helper()
	for _, r := range s.Resources {
		if r.Address == address {
			return r
		}
	}
	t.Fatalf("no resource %s in %s", address, addresses(s))
	return nil
}

func addresses(s *graph.Stack) string {
	var names []string
	for _, r := range s.Resources {
		names = append(names, r.Address)
	}
	return strings.Join(names, " ")
}

// show writes a value as JSON; an unknown value is "?" with its first reason
// and the links it has.
func show(v graph.Value) string {
	switch v.Kind {
	case graph.Absent:
		return "absent"
	case graph.Null:
		return "null"
	case graph.Bool:
		if v.Bool {
			return "true"
		}
		return "false"
	case graph.Number:
		return v.Text
	case graph.String:
		var b bytes.Buffer
		b.WriteString(graph.StringValue(v.Text).JSON())
		return b.String()
	case graph.List:
		var items []string
		for _, item := range v.Items {
			items = append(items, show(item))
		}
		return "[" + strings.Join(items, ",") + "]"
	case graph.Object:
		var fields []string
		for _, f := range v.Fields {
			fields = append(fields, f.Name+":"+show(f.Value))
		}
		if v.Open() {
			fields = append(fields, "...")
		}
		return "{" + strings.Join(fields, ",") + "}"
	}
	out := "?"
	if reasons := v.Reasons(); len(reasons) > 0 {
		out += reasons[0].Text
	}
	var links []string
	for _, l := range v.Links() {
		links = append(links, l.Address+"."+l.Attribute)
	}
	sort.Strings(links)
	if len(links) > 0 {
		out += " <" + strings.Join(links, " ") + ">"
	}
	return out
}

func TestNonTemplatesAreSkipped(t *testing.T) {
	for name, text := range map[string]string{
		"deployment.yaml":     "apiVersion: apps/v1\nkind: Deployment\nspec: {Resources: {Type: AWS::X}}\n",
		"docker-compose.yml":  "services:\n  web: {image: nginx}\n",
		"package.json":        `{"name": "x", "dependencies": {}}`,
		"ci.yml":              "on: push\njobs: {a: {steps: [run: 'Resources Type AWS::']}}\n",
		"helm.yaml":           "{{- if .Values.x }}\nResources:\n  Type: AWS::\n{{- end }}\n",
		"broken.json":         `{"definitions": {"Resources": {"Type": "AWS::S3::Bucket"`,
		"list.json":           `["Resources", "Type", "AWS::"]`,
		"serverless.yml":      "service: x\nresources:\n  Resources:\n    B: {Type: 'AWS::S3::Bucket'}\n",
		"k8s.yaml":            "Resources: {a: {Type: none}}\nx: AWS::\n",
		"scalar.yaml":         "Resources Type AWS::S3::Bucket",
		"empty.yaml":          "",
		"text-resources.yaml": "Resources: [1]\nType: AWS::\n",
		"embedded.yaml":       "script: |\n  AWSTemplateFormatVersion: x\n  Resources: [\n",
	} {
		stacks, diagnostics := Load(context.Background(), newTree(t, map[string]string{name: text}), name, Options{})
		if stacks != nil || diagnostics != nil {
			t.Errorf("%s: %d stacks, %v", name, len(stacks), diagnostics)
		}
	}
}

func TestBrokenTemplatesAreReported(t *testing.T) {
	for name, c := range map[string]struct {
		text, want string
		line       int
	}{
		"jinja.yaml":   {"AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  {% for x in y %}\n", "no valid YAML", 3},
		"broken.json":  {"{\n  \"AWSTemplateFormatVersion\": \"2010-09-09\",\n  \"Resources\": {\n    \"A\" 1\n}}", `":" is expected`, 4},
		"empty.yaml":   {"AWSTemplateFormatVersion: '2010-09-09'\nResources:\n", "holds no resources", 2},
		"nothing.yaml": {"AWSTemplateFormatVersion: '2010-09-09'\nDescription: no Resources\n", "no Resources section", 1},
		"untyped.yaml": {"AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  A:\n    Properties: {}\n", "resource A has no Type", 3},
		"version.yaml": {"%YAML 1.3\n---\nAWSTemplateFormatVersion: '2010-09-09'\nResources: [\n", "no valid YAML", 5},
		"sam.yaml":     {"Transform: AWS::Serverless-2016-10-31\nResources:\n  A:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: x\n     Handler: y\n", "no valid YAML", 4},
		"merge.yaml":   {"Resources:\n  A:\n    Type: AWS::S3::Bucket\n<<<<<<< HEAD\n    Properties: {}\n=======\n", "no valid YAML", 4},
		"mac.yaml":     {"Resources:\r  A:\r    Type: 'AWS::S3::Bucket'\r   Properties: {}\r", "no valid YAML", 2},
		"cut.json":     {"{\"Resources\": {\"A\": {\"Type\": \"AWS::S3::Bucket\", \"Prop", "no valid JSON", 1},
		"custom.json":  {"{\"Description\": \"a } b\", \"Resources\" : {\"A\": {\"Type\": \"Custom::X\"}", "no valid JSON", 1},
		"log.json":     {"+ cdk synth\n{\"Resources\": {\"A\": {\"Type\": \"AWS::S3::Bucket\"}}}", "no valid YAML", 2},
		"deep.json":    {"{\"Resources\": {\"A\": {\"Type\": \"AWS::S3::Bucket\", \"Properties\": " + strings.Repeat("[", 300) + "", "levels deep", 1},
		"loop.yaml":    {"Conditions:\n  A: !Not [!Condition B]\n  B: !Or [!Condition A]\nResources:\n  R:\n    Type: AWS::S3::Bucket\n    Condition: A\n", "condition A depends on itself", 2},
		"twice.yaml":   {"Resources:\n  R:\n    Type: AWS::S3::Bucket\n  R:\n    Type: AWS::S3::Bucket\n", "in lines 2 and 4", 4},
	} {
		_, diagnostics := Load(context.Background(), newTree(t, map[string]string{name: c.text}), name, Options{})
		if len(diagnostics) != 1 || !strings.Contains(diagnostics[0].Message, c.want) {
			t.Errorf("%s: %v, want %q", name, diagnostics, c.want)
			continue
		}
		if d := diagnostics[0]; d.File != name || d.Range.StartPosition().Line != c.line {
			t.Errorf("%s: %q in line %d, want %d", name, d.Message, d.Range.StartPosition().Line, c.line)
		}
	}
	if _, diagnostics := Load(context.Background(), newTree(t, nil), "missing.yaml", Options{}); len(diagnostics) != 1 {
		t.Errorf("missing file: %v", diagnostics)
	}
}

// What is named as a template is told if it is none, whatever it is; what
// another file refers to, if it cannot be read.
func TestClaimedTemplates(t *testing.T) {
	utf16le := "\xff\xfe" + strings.Join(strings.Split("Resources: {A: {Type: AWS::S3::Bucket}}\n", ""), "\x00") + "\x00"
	for name, c := range map[string]struct {
		text, want string
		told       bool // also where nobody expects it
	}{
		"empty.yaml":      {" \n", "the file is empty", false},
		"comment.yaml":    {"# nothing\n", "neither Terraform", false},
		"other.json":      {`{"name": "x"}`, "neither Terraform", false},
		"broken.yaml":     {"a: [", "no valid YAML", false},
		"list.yaml":       {"- a\n", "neither Terraform", false},
		"main.tf.bak":     {"resource \"a\" \"b\" {\n}\n", "neither Terraform", false},
		"terragrunt.hcl":  {"inputs = { a = 1 }\n", "neither Terraform", false},
		"utf16.yaml":      {utf16le, "UTF-16", true},
		"utf16-bare.yaml": {utf16le[2:], "UTF-16", true},
		"missing.yaml":    {"", "", false},
	} {
		files := map[string]string{name: c.text}
		if name == "missing.yaml" {
			files, c.want = nil, "cannot be read"
		}
		_, diagnostics := Load(context.Background(), newTree(t, files), name, Options{Claim: Named})
		if len(diagnostics) != 1 || !strings.Contains(diagnostics[0].Message, c.want) || diagnostics[0].File != name {
			t.Errorf("%s: %v, want %q", name, diagnostics, c.want)
		}
		if files == nil {
			continue
		}
		if _, diagnostics := Load(context.Background(), newTree(t, files), name, Options{}); len(diagnostics) > 0 != c.told {
			t.Errorf("%s, not claimed: %v", name, diagnostics)
		}
		told := c.want != "" && !strings.HasPrefix(c.want, "neither")
		if _, diagnostics := Load(context.Background(), newTree(t, files), name, Options{Claim: Referred}); len(diagnostics) > 0 != told {
			t.Errorf("%s, referred to: %v", name, diagnostics)
		}
	}
	for _, name := range []string{"stack.cfn", "stack.yaml.tpl", "stack"} {
		tree := newTree(t, map[string]string{name: "\ufeffResources: {A: {Type: 'AWS::S3::Bucket'}}\n"})
		if stacks, diagnostics := Load(context.Background(), tree, name, Options{Claim: Named}); len(stacks) != 1 || len(diagnostics) > 0 {
			t.Errorf("%s: %d stacks, %v", name, len(stacks), diagnostics)
		}
	}
}

// What a template names and what cannot be read is told where it lies.
func TestReferredTemplates(t *testing.T) {
	const parent = "Resources:\n  N: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: ./inner}}\n"
	for text, want := range map[string]string{
		"Resources: {A: {Type: AWS::S3::Bucket": "no valid YAML",
		"a: [":                                  "no valid YAML",
		"":                                      "the file is empty",
		"a: b":                                  "",
		"Resources: {A: {Type: 'AWS::S3::Bucket'}}": "",
	} {
		_, diagnostics := Load(context.Background(), newTree(t, map[string]string{"t.yaml": parent, "inner": text}), "t.yaml", Options{})
		if want == "" && len(diagnostics) > 0 || want != "" && (len(diagnostics) != 1 || diagnostics[0].File != "inner" || !strings.Contains(diagnostics[0].Message, want)) {
			t.Errorf("%q: %v, want %q", text, diagnostics, want)
		}
	}
	_, diagnostics := Load(context.Background(), newTree(t, map[string]string{
		"t.yaml":    "Resources:\n  A: {Type: 'AWS::SNS::Topic'}\n  Fn::Transform: {Name: AWS::Include, Parameters: {Location: part.yaml}}\n",
		"part.yaml": "B: [",
	}), "t.yaml", Options{})
	if len(diagnostics) != 1 || diagnostics[0].File != "part.yaml" {
		t.Errorf("broken include: %v", diagnostics)
	}
}

func TestIsCandidate(t *testing.T) {
	for name, want := range map[string]bool{
		"a.yaml": true, "a.yml": true, "a.json": true, "a.template": true, "a.template.json": true, "A.YAML": true,
		"a.tf": false, "a.tf.json.bak": false, "yaml": false, "a.txt": false,
	} {
		if got := IsCandidate(name); got != want {
			t.Errorf("IsCandidate(%q) = %v", name, got)
		}
	}
}

const twin = `AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Name: {Type: String, Default: logs}
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    DeletionPolicy: Retain
    Metadata: {"aws:cdk:path": App/Logs/Resource}
    Properties:
      BucketName: !Ref Name
      VersioningConfiguration:
        Status: Enabled
      Tags: !Ref AWS::NoValue
`

const twinJSON = `{"AWSTemplateFormatVersion": "2010-09-09",
"Parameters": {"Name": {"Type": "String", "Default": "logs"}},
"Resources": {"Bucket": {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain",
  "Metadata": {"aws:cdk:path": "App/Logs/Resource"},
  "Properties": {"BucketName": {"Ref": "Name"}, "VersioningConfiguration": {"Status": "Enabled"}, "Tags": {"Ref": "AWS::NoValue"}}}}}`

func TestResource(t *testing.T) {
	for text, ref := range map[string]string{twin: "!Ref Name", twinJSON: `{"Ref": "Name"}`} {
		stacks := loadText(t, text, nil)
		s := stacks[0]
		if len(stacks) != 1 || s.Root != "t.yaml" || s.Language != graph.CloudFormation || s.Variant != nil || len(s.Files) != 1 {
			t.Errorf("stack %+v", s)
		}
		r := resourceOf(t, s, "Bucket")
		if r.DeclaredType != "AWS::S3::Bucket" || r.Name != "App/Logs/Resource" || r.Maybe != nil {
			t.Errorf("resource %+v", r)
		}
		if got, want := show(r.Declared), `{BucketName:"logs",VersioningConfiguration:{Status:"Enabled"},DeletionPolicy:"Retain"}`; got != want {
			t.Errorf("declared %s, want %s", got, want)
		}
		name := r.Declared.Get("BucketName")
		if got := textAt(name.Range); got != ref {
			t.Errorf("BucketName stands at %q", got)
		}
		if via := name.Meta.Via; len(via) != 1 || via[0].Message != "parameter Name" || !strings.Contains(textAt(via[0].Range), "Default") {
			t.Errorf("BucketName came through %+v", via)
		}
		if got := strings.Trim(textAt(r.Header), `"`); got != "Bucket" {
			t.Errorf("the header is %q", got)
		}
		if got := textAt(r.Block); !strings.HasPrefix(strings.Trim(got, `"`), "Bucket") || !strings.Contains(got, "AWS::NoValue") {
			t.Errorf("the block is %q", got)
		}
		f, _ := r.Declared.Field("VersioningConfiguration")
		if got := strings.Trim(textAt(f.NameRange), `"`); got != "VersioningConfiguration" {
			t.Errorf("the name stands at %q", got)
		}
	}
}

func textAt(r source.Range) string { return string(r.File.Data[r.Start:r.End]) }

const coercion = `
Parameters: {Ports: {Type: CommaDelimitedList, Default: "a, b"}}
Resources:
  R:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupName: 5
      SecurityGroupIngress: {FromPort: "22", ToPort: x, IpProtocol: -1, CidrIp: 0.0.0.0/0}
      Tags: [{Key: 1, Value: true}]
      New: "true"
  DB:
    Type: AWS::RDS::DBInstance
    Properties: {StorageEncrypted: "TRUE", EnableCloudwatchLogsExports: audit, VPCSecurityGroups: !Ref Ports, AllocatedStorage: 1.50, MultiAZ: maybe}
  P:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {Version: 2012-10-17, Statement: [{Principal: {AWS: 123456789012}, Condition: {Bool: {x: "true"}}}]}}
  F:
    Type: AWS::Lambda::Function
    Properties: {Environment: {Variables: {N: 1, B: true}}, Timeout: "30", Code: {ZipFile: x}}
  U: {Type: "AWS::New::Thing", Properties: {A: "1", B: "true"}}
  C: {Type: "Custom::Thing", Properties: {A: "1"}}
  E: {Type: "AWS::SNS::Topic"}
`

func TestCoercion(t *testing.T) {
	s := loadText(t, coercion, nil)[0]
	for address, want := range map[string]string{
		"R":  `{GroupName:"5",SecurityGroupIngress:[{FromPort:22,ToPort:"x",IpProtocol:"-1",CidrIp:"0.0.0.0/0"}],Tags:[{Key:"1",Value:"true"}],New:"true"}`,
		"DB": `{StorageEncrypted:true,EnableCloudwatchLogsExports:["audit"],VPCSecurityGroups:["a","b"],AllocatedStorage:"1.50",MultiAZ:"maybe"}`,
		"P":  `{AssumeRolePolicyDocument:{Version:"2012-10-17",Statement:[{Principal:{AWS:123456789012},Condition:{Bool:{x:"true"}}}]}}`,
		"F":  `{Environment:{Variables:{N:"1",B:"true"}},Timeout:30,Code:{ZipFile:"x"}}`,
		"U":  `{A:"1",B:"true"}`,
		"C":  `{A:"1"}`,
		"E":  `{}`,
	} {
		if got := show(resourceOf(t, s, address).Declared); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}
