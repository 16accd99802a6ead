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

func loadAny(text string) ([]*graph.Stack, []graph.Diagnostic) {
	return load(context.Background(), nil, source.NewFile("t.yaml", []byte(text)), Options{})
}

var family = map[string]string{
	"app/parent.yaml": `
Parameters: {Env: {Type: String, Default: dev}}
Resources:
  Key: {Type: "AWS::KMS::Key"}
  Network:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: ./parts/network.yaml
      Parameters: {Cidr: 10.0.0.0/16, Name: !Sub "${Env}-net", KeyArn: !GetAtt Key.Arn, Zones: "a,b"}
  Db:
    Type: AWS::RDS::DBInstance
    Properties:
      VPCSecurityGroups: [!GetAtt Network.Outputs.Group]
      DBInstanceIdentifier: !Sub "${Network.Outputs.Name}-db"
      DBName: !GetAtt Network.Outputs.Missing
`,
	"app/parts/network.yaml": `
Parameters:
  Cidr: {Type: String}
  Name: {Type: String}
  KeyArn: {Type: String}
  Zones: {Type: CommaDelimitedList}
  Public: {Type: String, Default: "false"}
Conditions:
  IsPublic: !Equals [!Ref Public, "true"]
Resources:
  Vpc: {Type: "AWS::EC2::VPC", Properties: {CidrBlock: !Ref Cidr, Tags: [{Key: zones, Value: !Select [1, !Ref Zones]}]}}
  Group: {Type: "AWS::EC2::SecurityGroup", Properties: {VpcId: !Ref Vpc, GroupName: !Ref Name}}
  Logs: {Type: "AWS::Logs::LogGroup", Properties: {KmsKeyId: !Ref KeyArn}}
  Gateway: {Type: "AWS::EC2::InternetGateway", Condition: IsPublic}
  Inner: {Type: "AWS::CloudFormation::Stack", Properties: {TemplateURL: inner.json}}
Outputs:
  Group: {Value: !GetAtt Group.GroupId}
  Name: {Value: !Ref Name}
`,
	"app/parts/inner.json": `{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}`,
}

func TestNestedStacks(t *testing.T) {
	stacks, diagnostics := Load(context.Background(), newTree(t, family), "app/parent.yaml", Options{})
	if len(stacks) != 2 || whenOf(stacks, stacks[1]) != "Network/IsPublic is true" || len(diagnostics) > 0 {
		t.Fatal(stacks, diagnostics)
	}
	if got, want := addresses(stacks[1]), "Key Network Network/Vpc Network/Group Network/Logs Network/Gateway Network/Inner Network/Inner/Topic Db"; got != want {
		t.Errorf("when %s resources %s, want %s", whenOf(stacks, stacks[1]), got, want)
	}
	s := stacks[0]
	if got, want := addresses(s), "Key Network Network/Vpc Network/Group Network/Logs Network/Inner Network/Inner/Topic Db"; got != want {
		t.Errorf("resources %s, want %s", got, want)
	}
	for path, want := range map[string]string{
		"Network/Vpc CidrBlock":    `"10.0.0.0/16"`,
		"Network/Vpc Tags 0 Value": `"b"`,
		"Network/Group VpcId":      `?known after deployment <Network/Vpc.Ref>`,
		"Network/Group GroupName":  `"dev-net"`,
		"Network/Logs KmsKeyId":    `?known after deployment <Key.Arn>`,
		"Db VPCSecurityGroups":     `[?known after deployment <Network/Group.GroupId>]`,
		"Db DBInstanceIdentifier":  `"dev-net-db"`,
		"Db DBName":                `?stack Network has no output Missing`,
	} {
		parts := strings.Fields(path)
		if got := show(resourceOf(t, s, parts[0]).Declared.Get(parts[1:]...)); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
	if got := Nested(stacks); !slices.Equal(got, []string{"app/parts/network.yaml", "app/parts/inner.json"}) {
		t.Errorf("nested files %v", got)
	}
	topic := resourceOf(t, s, "Network/Inner/Topic")
	if len(topic.Calls) != 2 || topic.Calls[0].Address != "Network" || topic.Calls[1].Address != "Network/Inner" || textAt(topic.Calls[0].Header) != "Network" {
		t.Errorf("calls %+v", topic.Calls)
	}
	cidr := resourceOf(t, s, "Network/Vpc").Declared.Get("CidrBlock")
	if textAt(cidr.Range) != "!Ref Cidr" || cidr.Meta.Via[0].Message != "parameter Cidr" || textAt(cidr.Meta.Via[0].Range) != "10.0.0.0/16" {
		t.Errorf("CidrBlock at %q through %+v", textAt(cidr.Range), cidr.Meta.Via)
	}
}

// TestNestedWorlds holds that a nested template's conditions make worlds of
// the stack around it, by what is passed to it.
func TestNestedWorlds(t *testing.T) {
	tree := newTree(t, map[string]string{
		"t.yaml": `
Parameters: {Stage: {Type: String, Default: dev}}
Resources:
  Passed: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: c.yaml, Parameters: {Env: !Ref Stage}}}
  Fixed: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: c.yaml, Parameters: {Env: dev}}}
  Open: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: c.yaml}}
  Reader: {Type: Custom::R, Properties: {V: !GetAtt Passed.Outputs.Size}}
`,
		"c.yaml": `
Parameters: {Env: {Type: String, AllowedValues: [dev, prod]}}
Conditions: {IsProd: !Equals [!Ref Env, prod]}
Resources:
  Always: {Type: "AWS::SNS::Topic"}
  Live: {Type: "AWS::SQS::Queue", Condition: IsProd}
Outputs: {Size: {Value: !If [IsProd, large, small]}}
`,
	})
	stacks, diagnostics := Load(context.Background(), tree, "t.yaml", Options{})
	if len(diagnostics) > 0 {
		t.Fatal(diagnostics)
	}
	var got []string
	for _, s := range stacks {
		got = append(got, whenOf(stacks, s)+": "+addresses(s)+" "+show(resourceOf(t, s, "Reader").Declared.Get("V")))
	}
	want := []string{
		`base: Passed Passed/Always Fixed Fixed/Always Open Open/Always Reader "small"`,
		`Passed/IsProd is true and Open/IsProd is true: Passed Passed/Always Passed/Live Fixed Fixed/Always Open Open/Always Open/Live Reader "large"`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("worlds\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestRules holds that a world which the Rules section forbids is not judged.
func TestRules(t *testing.T) {
	const text = `
Parameters:
  Env: {Type: String, Default: dev, AllowedValues: [dev, test, prod]}
  Size: {Type: String, Default: small}
Rules:
  Prod:
    RuleCondition: !Equals [!Ref Env, prod]
    Assertions:
      - Assert: !Contains [[large, huge], !Ref Size]
        AssertDescription: production is large
  Never:
    Assertions: [{Assert: !Not [!EachMemberIn [[!Ref Env], [test]]]}, {Assert: !EachMemberEquals [[a, a], a]}, {}]
Conditions: {IsDev: !Equals [!Ref Env, dev], IsProd: !Equals [!Ref Env, prod], IsTest: !Equals [!Ref Env, test]}
Resources:
  D: {Type: "AWS::SNS::Topic", Condition: IsDev}
  P: {Type: "AWS::SNS::Topic", Condition: IsProd}
  T: {Type: "AWS::SNS::Topic", Condition: IsTest}
`
	for given, want := range map[string]string{"": "D|P", "large": "D|P", "tiny": "D"} {
		parameters := map[string]string{}
		if given != "" {
			parameters["Size"] = given
		}
		var got []string
		for _, s := range loadText(t, text, parameters) {
			got = append(got, addresses(s))
		}
		if strings.Join(got, "|") != want {
			t.Errorf("Size %q: %v, want %s", given, got, want)
		}
	}
}

func TestNestedStacksElsewhere(t *testing.T) {
	for name, c := range map[string]struct{ url, source string }{
		"remote":  {"https://s3.amazonaws.com/b/t.yaml", "https://s3.amazonaws.com/b/t.yaml"},
		"missing": {"./gone.yaml", "./gone.yaml"},
		"outside": {"../../etc/passwd", "../../etc/passwd"},
		"unknown": {"!Ref Url", "a template whose place is not known"},
		"other":   {"plain.yaml", "plain.yaml"},
	} {
		tree := newTree(t, map[string]string{
			"t.yaml":     "Parameters: {Url: {Type: String}}\nResources:\n  K: {Type: 'AWS::KMS::Key'}\n  N: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: " + c.url + ", Parameters: {A: !Ref K}}}\n  R: {Type: Custom::R, Properties: {V: !GetAtt N.Outputs.X}}\n",
			"plain.yaml": "a: b\n",
		})
		stacks, diagnostics := Load(context.Background(), tree, "t.yaml", Options{})
		if len(diagnostics) > 0 || len(stacks) != 1 || len(stacks[0].Gaps) != 1 {
			t.Errorf("%s: %v %v", name, stacks, diagnostics)
			continue
		}
		gap := stacks[0].Gaps[0]
		if gap.Address != "N" || gap.Source != c.source || len(gap.Links) != 1 || gap.Links[0].Address != "K" || !gap.Range.Valid() {
			t.Errorf("%s: gap %+v", name, gap)
		}
		if got := show(resourceOf(t, stacks[0], "R").Declared.Get("V")); got != "?known after deployment <N.Outputs.X>" {
			t.Errorf("%s: V is %s", name, got)
		}
	}
}

func TestNestedCDK(t *testing.T) {
	tree := newTree(t, map[string]string{
		"cdk.out/App.template.json":          `{"Resources": {"N": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": {"Fn::Join": ["", ["https://s3.", {"Ref": "AWS::URLSuffix"}, "/x.json"]]}}, "Metadata": {"aws:asset:path": "Inner.nested.template.json", "aws:asset:property": "TemplateURL"}}}}`,
		"cdk.out/Inner.nested.template.json": `{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}`,
	})
	stacks, _ := Load(context.Background(), tree, "cdk.out/App.template.json", Options{})
	if got := addresses(stacks[0]); got != "N N/T" {
		t.Errorf("resources %s", got)
	}
}

func TestNestedCycles(t *testing.T) {
	deep := map[string]string{}
	for i := range 12 {
		deep[fmt.Sprintf("d%d.yaml", i)] = fmt.Sprintf("Resources:\n  N: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: d%d.yaml}}\n", i+1)
	}
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"self":   {map[string]string{"d0.yaml": "Resources:\n  N: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: d0.yaml}}\n"}, "contains itself"},
		"depth":  {deep, "nested too deeply"},
		"values": {map[string]string{"d0.yaml": "Resources:\n  A: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: c.yaml, Parameters: {P: !GetAtt B.Outputs.O}}}\n  B: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: c.yaml, Parameters: {P: !GetAtt A.Outputs.O}}}\n", "c.yaml": "Parameters: {P: {Type: String}}\nResources: {T: {Type: 'AWS::SNS::Topic', Properties: {TopicName: !Ref P}}}\nOutputs: {O: {Value: !Ref P}}\n"}, "depend on its own outputs"},
	} {
		stacks, diagnostics := Load(context.Background(), newTree(t, c.files), "d0.yaml", Options{})
		if len(stacks) != 1 || len(diagnostics) != 1 || !strings.Contains(diagnostics[0].Message, c.want) {
			t.Errorf("%s: %d stacks, %v", name, len(stacks), diagnostics)
		}
	}
}

// A template that includes the next one ten times, eight deep, would be 10^8
// resources.
func TestNestedBomb(t *testing.T) {
	files := map[string]string{"d8.yaml": "Resources: {T: {Type: 'AWS::SNS::Topic'}}\n"}
	for i := range 8 {
		var b strings.Builder
		b.WriteString("Resources:\n")
		for j := range 10 {
			fmt.Fprintf(&b, "  N%d: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: d%d.yaml}}\n", j, i+1)
		}
		files[fmt.Sprintf("d%d.yaml", i)] = b.String()
	}
	_, diagnostics := Load(context.Background(), newTree(t, files), "d0.yaml", Options{})
	if len(diagnostics) != 1 || !strings.Contains(diagnostics[0].Message, "too large") {
		t.Errorf("%v", diagnostics)
	}
}

func TestGaps(t *testing.T) {
	stacks := loadText(t, `AWSTemplateFormatVersion: "2010-09-09"
Resources:
  K: {Type: "AWS::KMS::Key"}
  M: {Type: "My::Own::Bucket::MODULE", Properties: {Key: !GetAtt K.Arn}}
  Fn::Transform: {Name: AWS::Include, Parameters: {Location: "s3://b/x.yaml"}}
  X: !Macro y
  Y: {Type: !Rain::Module ./m.yaml, Properties: {Key: !Ref K}}
`, nil)
	var got []string
	for _, g := range stacks[0].Gaps {
		got = append(got, fmt.Sprintf("%s %s %d", g.Address, g.Source, len(g.Links)))
	}
	want := []string{"M My::Own::Bucket::MODULE 1", "Fn::Transform s3://b/x.yaml 0", "X made by a macro 0", "Y Rain::Module ./m.yaml 1"}
	if !slices.Equal(got, want) {
		t.Errorf("gaps %q, want %q", got, want)
	}
}

func TestForEachResources(t *testing.T) {
	s := loadText(t, `
Transform: AWS::LanguageExtensions
Parameters: {Names: {Type: CommaDelimitedList, Default: "a-1,b"}, More: {Type: CommaDelimitedList}}
Resources:
  Fn::ForEach::Buckets:
    - Name
    - !Ref Names
    - "Bucket&{Name}":
        Type: AWS::S3::Bucket
        Properties: {BucketName: !Sub "x-${Name}", AccessControl: "${Name}"}
      Fn::ForEach::Topics:
        - N
        - [p, q]
        - "Topic&{Name}${N}": {Type: "AWS::SNS::Topic", Properties: {TopicName: !Join ["-", [!Ref Name, !Ref N]]}}
  Fn::ForEach::Unknown:
    - Name
    - !Ref More
    - "Queue${Name}": {Type: "AWS::SQS::Queue", Properties: {QueueName: !Ref Name}}
  Reader: {Type: Custom::R, Properties: {V: !GetAtt Bucketa1.Arn}}
`, nil)[0]
	if got, want := addresses(s), "Bucketa1 Topica1p Topica1q Bucketb Topicbp Topicbq Queue* Reader"; got != want {
		t.Errorf("resources %s, want %s", got, want)
	}
	for path, want := range map[string]string{
		"Bucketa1 BucketName":    `"x-a-1"`,
		"Bucketa1 AccessControl": `"a-1"`,
		"Topicbq TopicName":      `"b-q"`,
		"Queue* QueueName":       `?parameter More has no default`,
		"Reader V":               `?known after deployment <Bucketa1.Arn>`,
	} {
		parts := strings.Fields(path)
		if got := show(resourceOf(t, s, parts[0]).Declared.Get(parts[1])); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
	if r := resourceOf(t, s, "Queue*"); r.Maybe == nil || r.Maybe.Needs != "More" {
		t.Errorf("Queue* exists: %v", r.Maybe)
	}
}

// TestMacros holds that a macro for the whole template is a gap: it may add
// and change anything.
func TestMacros(t *testing.T) {
	for transform, want := range map[string]string{
		"Count": "Count",
		"[AWS::LanguageExtensions, Count, Expand]":               "Count Expand",
		"AWS::Serverless-2016-10-31":                             "",
		"{Name: Count, Parameters: {A: b}}":                      "Count",
		"{Name: AWS::Include, Parameters: {Location: s3://b/k}}": "AWS::Include",
	} {
		var got []string
		for _, gap := range loadText(t, "Transform: "+transform+"\nResources: {T: {Type: 'AWS::SNS::Topic'}}\n", nil)[0].Gaps {
			got = append(got, gap.Address)
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s: gaps %q, want %q", transform, s, want)
		}
	}
}

func TestServerlessGlobals(t *testing.T) {
	s := loadText(t, `
Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
Globals:
  Function:
    Timeout: 5
    Runtime: nodejs20.x
    Environment: {Variables: {A: global, B: global}}
    VpcConfig: {SecurityGroupIds: [sg-1], SubnetIds: [s-1]}
    Layers: [l1]
  HttpApi: {FailOnWarnings: "true"}
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Timeout: "9"
      Environment: {Variables: {B: own, C: 1}}
      VpcConfig: {SecurityGroupIds: [sg-2]}
  G: {Type: "AWS::Serverless::Function"}
  H: {Type: "AWS::Serverless::Function", IgnoreGlobals: "*", Properties: {Handler: x}}
  I: {Type: "AWS::Serverless::Function", IgnoreGlobals: [Environment, VpcConfig, Layers], Properties: {Handler: x}}
  Api: {Type: "AWS::Serverless::HttpApi"}
  T: {Type: "AWS::SNS::Topic", Properties: {TopicName: !Ref ServerlessRestApi}}
`, nil)[0]
	for address, want := range map[string]string{
		"F":   `{Timeout:9,Environment:{Variables:{B:"own",C:"1",A:"global"}},VpcConfig:{SecurityGroupIds:["sg-1","sg-2"],SubnetIds:["s-1"]},Runtime:"nodejs20.x",Layers:["l1"],Tags:[{Key:"lambda:createdBy",Value:"SAM"}],Role:?known after deployment <FRole.Arn>}`,
		"G":   `{Timeout:5,Runtime:"nodejs20.x",Environment:{Variables:{A:"global",B:"global"}},VpcConfig:{SecurityGroupIds:["sg-1"],SubnetIds:["s-1"]},Layers:["l1"],Tags:[{Key:"lambda:createdBy",Value:"SAM"}],Role:?known after deployment <GRole.Arn>}`,
		"H":   `{Handler:"x",Tags:[{Key:"lambda:createdBy",Value:"SAM"}],Role:?known after deployment <HRole.Arn>}`,
		"I":   `{Handler:"x",Timeout:5,Runtime:"nodejs20.x",Tags:[{Key:"lambda:createdBy",Value:"SAM"}],Role:?known after deployment <IRole.Arn>}`,
		"Api": `{Body:{},FailOnWarnings:true}`,
		"T":   `{TopicName:?ServerlessRestApi is made by the SAM transform}`,
	} {
		if got := show(resourceOf(t, s, address).Declared); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}

func TestReadParameters(t *testing.T) {
	for name, c := range map[string]struct{ text, want, fails string }{
		"CLI":          {`[{"ParameterKey": "A", "ParameterValue": "1"}, {"ParameterKey": "B", "UsePreviousValue": true}]`, "A=1", ""},
		"CLI YAML":     {"- {ParameterKey: A, ParameterValue: 007}\n- {ParameterKey: L, ParameterValue: 'a,b'}\n", "A=007 L=a,b", ""},
		"pairs":        {`["A=1", "B=x=y"]`, "A=1 B=x=y", ""},
		"CodePipeline": {`{"Parameters": {"A": "1", "L": ["a", "b"]}, "Tags": {}}`, "A=1 L=a,b", ""},
		"flat":         {"A: 1\nB: true\nC: 1.10\n", "A=1 B=true C=1.10", ""},
		"bad entry":    {`[{"ParameterKey": "A"}]`, "", "line 1: a parameter needs"},
		"bad value":    {"A: 1\nB: {c: d}\n", "", "line 2: the value of parameter B"},
		"bad JSON":     {"{\"A\": 1,\n\"B\" 2}", "", "line 2"},
		"twice":        {"A: 1\nA: 2\n", "", "line 2"},
		"scalar":       {"hello", "", "a parameter file holds"},
	} {
		got, err := ReadParameters([]byte(c.text))
		if c.fails != "" {
			if err == nil || !strings.Contains(err.Error(), c.fails) {
				t.Errorf("%s: %v, want %q", name, err, c.fails)
			}
			continue
		}
		var pairs []string
		for key, value := range got {
			pairs = append(pairs, key+"="+value)
		}
		slices.Sort(pairs)
		if err != nil || strings.Join(pairs, " ") != c.want {
			t.Errorf("%s: %v %v, want %s", name, pairs, err, c.want)
		}
	}
}
