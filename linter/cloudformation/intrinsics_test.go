package cloudformation

import (
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/graph"
)

// The template around the expressions of TestIntrinsics.
const around = `
Transform: AWS::LanguageExtensions
Parameters:
  Name: {Type: String, Default: web}
  Empty: {Type: String, Default: ""}
  Count: {Type: Number, Default: 3}
  Quoted: {Type: Number, Default: "4"}
  Flag: {Type: String, Default: true}
  List: {Type: CommaDelimitedList, Default: "a, b,c"}
  Numbers: {Type: List<Number>, Default: "80,443"}
  Subnets: {Type: "List<AWS::EC2::Subnet::Id>"}
  Cidr: {Type: String}
  Vpc: {Type: "AWS::EC2::VPC::Id"}
  Ami: {Type: "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", Default: /aws/service/ami}
  Entry: {Type: "AWS::SSM::Parameter::Name", Default: /my/entry}
  Secret: {Type: String, NoEcho: true, Default: hunter2}
  Dynamic: {Type: String, Default: "{{resolve:secretsmanager:db:SecretString:password}}"}
Mappings:
  Sizes:
    web: {small: t3.micro, zones: [a, b], number: 5, flag: true}
    us-east-1: {small: t2.micro, zones: [x], number: 1, flag: false}
Conditions:
  Yes: !Equals [!Ref Name, web]
  No: !Equals [!Ref Name, other]
  Perhaps: !Condition Gone
Resources:
  Key: {Type: "AWS::KMS::Key"}
  Named: {Type: "AWS::S3::Bucket", Properties: {BucketName: !Sub '${Name}-bucket'}}
  Vpc2: {Type: "AWS::EC2::VPC"}
  Vpc3: {Type: "AWS::EC2::VPC", Properties: {CidrBlock: 10.1.0.0/16}}
  Vpc4: {Type: "AWS::EC2::VPC", Properties: {CidrBlock: !Ref Cidr}}
  Vpc5: {Type: "AWS::EC2::VPC", Properties: {CidrBlock: !GetAtt Vpc5.CidrBlock}}
  R:
    Type: Custom::Probe
    Properties:
      V: `

// The expected values are those of AWS's pages on each function, below
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
func TestIntrinsics(t *testing.T) {
	for _, c := range []struct{ expression, want string }{
		// Ref
		{`!Ref Name`, `"web"`},
		{`{Ref: Name}`, `"web"`},
		{`{"Ref": "Empty"}`, `""`},
		{`!Ref Count`, `3`},
		{`!Ref Quoted`, `4`},
		{`!Ref Flag`, `"true"`},
		{`!Ref List`, `["a","b","c"]`},
		{`!Ref Numbers`, `[80,443]`},
		{`!Ref Cidr`, `?parameter Cidr has no default`},
		{`!Ref Subnets`, `?parameter Subnets has no default`},
		{`!Ref Ami`, `?parameter Ami is read from Parameter Store <{{resolve:ssm:/aws/service/ami}}.value>`},
		{`!Ref Entry`, `"/my/entry"`},
		{`!Ref Dynamic`, `?resolved from Secrets Manager at deployment`},
		{`!Ref Key`, `?known after deployment <Key.Ref>`},
		{`!Ref Named`, `"web-bucket"`},
		{`!Sub 'arn:aws:s3:::${Named}/*'`, `"arn:aws:s3:::web-bucket/*"`},
		{`!Ref Nothing`, `?Nothing is neither a parameter nor a resource of this template`},
		{`!Ref AWS::Region`, `"us-east-1"`},
		{`!Ref AWS::Partition`, `"aws"`},
		{`!Ref AWS::URLSuffix`, `"amazonaws.com"`},
		{`!Ref AWS::AccountId`, `"123456789012"`},
		{`!Ref AWS::StackName`, `"stack"`},
		{`!Ref AWS::NotificationARNs`, `[]`},
		{`!Ref AWS::NoValue`, `absent`},
		{`!Ref AWS::Nonsense`, `?AWS::Nonsense is no pseudo parameter that demarc knows`},
		{`[!Ref AWS::NoValue, 1, {a: !Ref AWS::NoValue, b: 2}]`, `[1,{b:2}]`},
		// Fn::GetAtt
		{`!GetAtt Key.Arn`, `?known after deployment <Key.Arn>`},
		{`!GetAtt [Key, Arn]`, `?known after deployment <Key.Arn>`},
		{`{"Fn::GetAtt": ["Key", "Endpoint.Address"]}`, `?known after deployment <Key.Endpoint.Address>`},
		{`{"Fn::GetAtt": "Key.Arn"}`, `?known after deployment <Key.Arn>`},
		{`!GetAtt [Key, !Ref Name]`, `?known after deployment <Key.web>`},
		{`!GetAtt [Key, !Ref Cidr]`, `?known after deployment <Key.*>`},
		{`!GetAtt Vpc3.CidrBlock`, `"10.1.0.0/16"`},
		{`!GetAtt Vpc4.CidrBlock`, `?known after deployment <Vpc4.CidrBlock>`},
		{`!GetAtt Vpc5.CidrBlock`, `?known after deployment <Vpc5.CidrBlock>`},
		{`!GetAtt Other.Arn`, `?Other is no resource of this template`},
		{`!GetAtt Key`, `?Fn::GetAtt takes a resource and an attribute`},
		// Fn::Sub
		{`!Sub 'a-${Name}-b'`, `"a-web-b"`},
		{`!Sub '${Name}${Count}${List}'`, `"web3a,b,c"`},
		{`!Sub 'plain'`, `"plain"`},
		{`!Sub '${!Name}'`, `"${Name}"`},
		{`!Sub '$${Name} ${ Name } ${'`, `"$web web ${"`},
		{`!Sub 'arn:${AWS::Partition}:s3:::${Name}/*'`, `"arn:aws:s3:::web/*"`},
		{`!Sub ['${A}-${Name}', {A: x}]`, `"x-web"`},
		{`!Sub ['${Name}', {Name: !Ref Count}]`, `"3"`},
		{`{"Fn::Sub": ["${A}${B}", {"A": {"Fn::Join": ["-", ["p", "q"]]}, "B": true}]}`, `"p-qtrue"`},
		{`!Sub '${Key.Arn}/x'`, `?known after deployment <Key.Arn>`},
		{`!Sub '${Key}-${Vpc2.CidrBlock}'`, `?known after deployment <Key.Ref Vpc2.CidrBlock>`},
		{`!Sub '${Cidr}'`, `?parameter Cidr has no default`},
		{`!Sub '{{resolve:ssm-secure:${Name}:1}}'`, `?resolved from Parameter Store at deployment`},
		{`!Sub [x]`, `?Fn::Sub takes a text and a map of variables`},
		{`!Sub {a: b}`, `?Fn::Sub takes a literal text`},
		{`!Sub ['${A}', {A: {b: c}}]`, `?${A} is no text`},
		// Fn::Join
		{`!Join ['', [a, b]]`, `"ab"`},
		{`!Join [':', [arn, !Ref AWS::Partition, s3, '', '', !Ref Name]]`, `"arn:aws:s3:::web"`},
		{`!Join ['-', [a, 1, true, 2.50]]`, `"a-1-true-2.50"`},
		{`!Join [',', !Ref List]`, `"a,b,c"`},
		{`!Join ['', []]`, `""`},
		{`!Join ['', [a, !Ref 'AWS::NoValue', b]]`, `"ab"`},
		{`{"Fn::Join": ["", ["a", {"Ref": "Key"}]]}`, `?known after deployment <Key.Ref>`},
		{`!Join ['', [a, !Ref Cidr]]`, `?parameter Cidr has no default`},
		{`!Join [a]`, `?Fn::Join takes a delimiter and a list`},
		{`!Join ['', x]`, `?Fn::Join takes a list of texts`},
		{`!Join ['', [{a: b}]]`, `?Fn::Join takes a list of texts`},
		{`!Join [[','], [a]]`, `?Fn::Join's delimiter is no text`},
		{`!Join ['', ['{{resolve:', 'secretsmanager:x}}']]`, `?resolved from Secrets Manager at deployment`},
		// Fn::Split and Fn::Select
		{`!Split ['|', 'a|b|c']`, `["a","b","c"]`},
		{`!Split ['|', 'a||c|']`, `["a","","c",""]`},
		{`!Split [',', !Ref Cidr]`, `?parameter Cidr has no default`},
		{`!Split ['', a]`, `?Fn::Split takes a delimiter and a text`},
		{`!Split [a]`, `?Fn::Split takes a delimiter and a text`},
		{`!Select [1, [x, y, z]]`, `"y"`},
		{`!Select ['1', [x, y, z]]`, `"y"`},
		{`!Select [0, !Split ['|', 'a|b']]`, `"a"`},
		{`!Select [2, !Ref List]`, `"c"`},
		{`!Select [0, [a, !Ref Cidr]]`, `"a"`},
		{`!Select [1, [a, !Ref Key]]`, `?known after deployment <Key.Ref>`},
		{`!Select [0, !Ref Subnets]`, `?parameter Subnets has no default`},
		{`!Select [0, !GetAtt Vpc2.CidrBlocks]`, `?known after deployment <Vpc2.CidrBlocks>`},
		{`!Select [3, [a]]`, `?Fn::Select's list has no member 3`},
		{`!Select [-1, [a]]`, `?Fn::Select's list has no member -1`},
		{`!Select [x, [a]]`, `?Fn::Select takes an index and a list`},
		{`!Select [0]`, `?Fn::Select takes an index and a list`},
		{`!Select [0, !GetAZs '']`, `"us-east-1a"`},
		{`!GetAZs`, `["us-east-1a","us-east-1b","us-east-1c","us-east-1d"]`},
		{`!GetAZs eu-west-1`, `["eu-west-1a","eu-west-1b","eu-west-1c"]`},
		{`!Select [1, !GetAZs {Ref: 'AWS::Region'}]`, `"us-east-1b"`},
		// Fn::FindInMap
		{`!FindInMap [Sizes, web, small]`, `"t3.micro"`},
		{`!FindInMap [Sizes, !Ref Name, zones]`, `["a","b"]`},
		{`!FindInMap [Sizes, !Ref AWS::Region, number]`, `1`},
		{`!FindInMap [Sizes, web, flag]`, `true`},
		{`!FindInMap [Sizes, !Ref Cidr, small]`, `?parameter Cidr has no default`},
		{`!FindInMap [Sizes, db, small]`, `?mapping Sizes has no entry db.small`},
		{`!FindInMap [Sizes, db, small, {DefaultValue: none}]`, `"none"`},
		{`!FindInMap [Sizes, web, small, {DefaultValue: none}]`, `"t3.micro"`},
		{`!FindInMap [Sizes, web]`, `?Fn::FindInMap takes a mapping and two keys`},
		{`{"Fn::FindInMap": ["Sizes", {"Ref": "Name"}, "small"]}`, `"t3.micro"`},
		// Fn::If and the condition functions
		{`!If [Yes, a, b]`, `"a"`},
		{`!If [No, a, b]`, `"b"`},
		{`!If [No, a, !Ref AWS::NoValue]`, `absent`},
		{`!If [Perhaps, same, same]`, `"same"`},
		{`!If [Perhaps, !GetAtt Key.Arn, !Ref AWS::NoValue]`, `?condition Gone is not declared <Key.Arn>`},
		{`!If [Unheard, a, b]`, `?condition Unheard is not declared`},
		{`!If [Yes, a]`, `?Fn::If takes a condition and two values`},
		{`[!If [Yes, a, !Ref AWS::NoValue], !If [No, b, !Ref AWS::NoValue]]`, `["a"]`},
		{`!If [Yes, !If [No, a, {x: !Ref Name}], c]`, `{x:"web"}`},
		{`!Condition Yes`, `true`},
		{`!Equals [a, b]`, `false`},
		// Encodings
		{`!Base64 hello`, `"aGVsbG8="`},
		{`{"Fn::Base64": {"Fn::Sub": "${Name}"}}`, `"d2Vi"`},
		{`!Base64 {Ref: Key}`, `?known after deployment <Key.Ref>`},
		{`!Base64 '{ "Fn::Sub" : "x" }'`, `"eyAiRm46OlN1YiIgOiAieCIgfQ=="`},
		{`!Cidr ["192.168.0.0/24", 6, 5]`, `["192.168.0.0/27","192.168.0.32/27","192.168.0.64/27","192.168.0.96/27","192.168.0.128/27","192.168.0.160/27"]`},
		{`!Cidr ["192.168.0.0/24", "2", "5"]`, `["192.168.0.0/27","192.168.0.32/27"]`},
		{`!Cidr ["2001:db8::/56", 2, 64]`, `["2001:db8::/64","2001:db8:0:1::/64"]`},
		{`!Select [1, !Cidr [10.0.0.0/16, 4, 8]]`, `"10.0.1.0/24"`},
		{`!Cidr [!GetAtt Vpc2.CidrBlock, 6, 8]`, `?known after deployment <Vpc2.CidrBlock>`},
		{`!Cidr [10.0.0.0/24, 6, 12]`, `?10.0.0.0/24 has no room for that many blocks`},
		{`!Cidr [10.0.0.0/24, 257, 1]`, `?Fn::Cidr's count is no number from 1 to 256`},
		{`!Cidr [nonsense, 1, 8]`, `?"nonsense" is no CIDR block`},
		{`!Cidr [10.0.0.0/24, 6]`, `?Fn::Cidr takes a block, a count and a number of bits`},
		{`!Length [a, b, c]`, `3`},
		{`{"Fn::Length": {"Ref": "List"}}`, `3`},
		{`!Length x`, `?Fn::Length takes a list`},
		{`!Length {Ref: Subnets}`, `?parameter Subnets has no default`},
		{`!ToJsonString {a: 1, b: [true, null, "<x>"], c: !Ref Name}`, `"{\"a\":1,\"b\":[true,null,\"<x>\"],\"c\":\"web\"}"`},
		{`!ToJsonString {a: !GetAtt Key.Arn}`, `?known after deployment <Key.Arn>`},
		// What a deployment decides
		{`!ImportValue network-vpc`, `?imported from another stack`},
		{`{"Fn::ImportValue": {"Fn::Sub": "${Name}-vpc"}}`, `?imported from another stack`},
		{`!Transform {Name: 'AWS::Include', Parameters: {Location: s3://x}}`, `?made by the macro AWS::Include`},
		{`{a: 1, Fn::Transform: {Name: M}}`, `{a:1,...}`},
		{`!Future [!GetAtt Key.Arn]`, `?Fn::Future is no function that demarc knows <Key.Arn>`},
		{`'{{resolve:secretsmanager:db:SecretString:password}}'`, `?resolved from Secrets Manager at deployment`},
		{`'{{resolve:ssm:/x:1}}'`, `?resolved from Parameter Store at deployment <{{resolve:ssm:/x}}.value>`},
		{`'prefix {{resolve:ssm-secure:/x}} suffix'`, `?resolved from Parameter Store at deployment`},
		// Loops
		{`{"Fn::ForEach::L": [X, [a, b], {"key${X}": {v: "${X}", s: !Sub "${X}-${Name}", r: !Ref X}}]}`, `{keya:{v:"a",s:"a-web",r:"a"},keyb:{v:"b",s:"b-web",r:"b"}}`},
		{`{x: 1, "Fn::ForEach::L": [X, !Ref List, {"k&{X}": "${X}"}]}`, `{x:1,ka:"a",kb:"b",kc:"c"}`},
		{`{"Fn::ForEach::L": [X, !Ref Subnets, {"k${X}": 1}]}`, `{...}`},
		{`{"Fn::ForEach::L": [X, [1]]}`, `{...}`},
	} {
		s := loadText(t, around+c.expression+"\n", nil)[0]
		v := resourceOf(t, s, "R").Declared.Get("V")
		if got := show(v); got != c.want {
			t.Errorf("%s is %s, want %s", c.expression, got, c.want)
		}
		if v.Range.Valid() && !strings.Contains(c.expression, textAt(v.Range)) {
			t.Errorf("%s stands at %q", c.expression, textAt(v.Range))
		}
	}
}

func TestSensitive(t *testing.T) {
	for _, expression := range []string{`!Ref Secret`, `!Sub 'x${Secret}'`, `!Join ['', [!Ref Secret]]`, `!Base64 {Ref: Secret}`, `!If [Yes, !Ref Secret, x]`, `!Select [0, !Split [',', !Ref Secret]]`} {
		v := resourceOf(t, loadText(t, around+expression+"\n", nil)[0], "R").Declared.Get("V")
		if !v.Sensitive {
			t.Errorf("%s is not sensitive", expression)
		}
	}
}

func TestVia(t *testing.T) {
	for expression, want := range map[string]string{
		`!Ref Name`:                                    `parameter Name "Default: web"`,
		`!Sub '${Name}-${Count}'`:                      `parameter Name "Default: web", parameter Count "Default: 3"`,
		`!FindInMap [Sizes, !Ref Name, small]`:         `mapping Sizes "t3.micro", parameter Name "Default: web"`,
		`!Select [0, !Ref List]`:                       `parameter List "Default: \"a, b,c\""`,
		`!Join ['', [!FindInMap [Sizes, web, small]]]`: `mapping Sizes "t3.micro"`,
		`!Ref Cidr`:                                    `parameter Cidr "Cidr"`,
	} {
		v := resourceOf(t, loadText(t, around+expression+"\n", nil)[0], "R").Declared.Get("V")
		var got []string
		if v.Meta != nil {
			for _, s := range v.Meta.Via {
				got = append(got, s.Message+" "+show(graph.StringValue(textAt(s.Range))))
			}
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s came through %s, want %s", expression, strings.Join(got, ", "), want)
		}
	}
}

func TestNeeds(t *testing.T) {
	v := resourceOf(t, loadText(t, around+"!Sub '${Cidr}'\n", nil)[0], "R").Declared.Get("V")
	if r := v.Reasons(); len(r) != 1 || r[0].Needs != "Cidr" {
		t.Errorf("reasons %+v", r)
	}
	v = resourceOf(t, loadText(t, around+"!Sub '${Cidr}'\n", map[string]string{"Cidr": "10.0.0.0/8", "Undeclared": "x"})[0], "R").Declared.Get("V")
	if show(v) != `"10.0.0.0/8"` {
		t.Errorf("given Cidr: %s", show(v))
	}
}

func TestStructure(t *testing.T) {
	for expression, want := range map[string]string{
		`!ToJsonString {a: 1, b: !GetAtt Key.Arn}`: `{a:1,b:?known after deployment <Key.Arn>}`,
		`!Base64 {"Fn::Sub": "key=${Name}"}`:       `"key=web"`,
	} {
		v := resourceOf(t, loadText(t, around+expression+"\n", nil)[0], "R").Declared.Get("V")
		inner, ok := v.Structure()
		if got := show(inner); !ok || got != want {
			t.Errorf("%s encodes %s, want %s", expression, got, want)
		}
	}
}
