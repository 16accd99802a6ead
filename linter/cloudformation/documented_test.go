package cloudformation

import (
	"strings"
	"testing"
)

// The template around the expressions of TestDocumentedValues: the mappings,
// parameters and conditions of the examples in AWS's documentation.
const documented = `
Transform: AWS::LanguageExtensions
Parameters:
  EnvironmentType: {Type: String, Default: prod, AllowedValues: [prod, dev]}
  DbSubnetIpBlocks: {Type: CommaDelimitedList, Default: "10.0.48.0/24, 10.0.112.0/24, 10.0.176.0/24"}
  InstanceTypeParameter: {Type: String, Default: t2.micro}
  Ports: {Type: List<Number>, Default: "80, 443"}
  One: {Type: CommaDelimitedList, Default: only}
  RootDomainName: {Type: String, Default: example.com}
  Unset: {Type: String}
Mappings:
  RegionMap:
    us-east-1: {HVM64: ami-0ff8a91507f77f867, HVMG2: ami-0a584ac55a7631c0c}
    eu-west-1: {HVM64: ami-047bb4163c506cd98}
  Defaults:
    DefaultKeys: {First: us-east-1, Second: HVM64}
  Lists:
    all: {zones: [a, b, c], empty: [], ports: [22, 80]}
  '01':
    '123456789012': {on: true}
Conditions:
  IsProd: !Equals [!Ref EnvironmentType, prod]
  IsDev: !Equals [!Ref EnvironmentType, dev]
  NotProd: !Not [!Condition IsProd]
  Both: !And [!Condition IsProd, !Condition IsDev]
  Either: !Or [!Condition IsProd, !Condition IsDev]
  Open: !Condition Gone
  Certain: !Or [!Condition Open, !Condition IsProd]
  Never: !And [!Condition Open, !Condition IsDev]
  Long: {"Fn::And": [{"Condition": "IsProd"}, {"Fn::Not": [{"Fn::Equals": ["a", "b"]}]}]}
  InEast: !Equals [!Ref AWS::Region, us-east-1]
  FromMap: !Equals [!FindInMap [Defaults, DefaultKeys, First], us-east-1]
  Joined: !Equals [!Join ['', [a, b]], ab]
  Picked: !Equals [!Select [1, !Ref DbSubnetIpBlocks], 10.0.112.0/24]
  NumberText: !Equals [1, "1"]
  BoolText: !Equals [true, "true"]
  CaseMatters: !Equals [Prod, !Ref EnvironmentType]
  EmptyText: !Equals ["", !Ref EnvironmentType]
  SubText: !Equals [!Sub '${EnvironmentType}-x', prod-x]
Resources:
  MyBucket: {Type: "AWS::S3::Bucket"}
  MyInstance: {Type: "AWS::EC2::Instance"}
  R:
    Type: Custom::Probe
    Properties:
      V: `

// TestDocumentedValues holds values that AWS's documentation gives, or that
// follow from it, page by page.
func TestDocumentedValues(t *testing.T) {
	for _, c := range []struct{ expression, want string }{
		// intrinsic-function-reference-base64.html
		{`!Base64 AWS CloudFormation`, `"QVdTIENsb3VkRm9ybWF0aW9u"`},
		{`{"Fn::Base64": ""}`, `""`},
		{`{"Fn::Base64": "ü"}`, `"w7w="`},
		{`{"Fn::Base64": {"Fn::Join": ["\n", ["#!/bin/sh", "true"]]}}`, `"IyEvYmluL3NoCnRydWU="`},
		{`{"Fn::Base64": 5}`, `"NQ=="`},
		// intrinsic-function-reference-cidr.html
		{`!Cidr ["192.168.0.0/24", 6, 5]`, `["192.168.0.0/27","192.168.0.32/27","192.168.0.64/27","192.168.0.96/27","192.168.0.128/27","192.168.0.160/27"]`},
		{`!Select [0, !Cidr ["10.0.0.0/16", 1, 8]]`, `"10.0.0.0/24"`},
		{`!Select [255, !Cidr ["10.0.0.0/16", 256, 8]]`, `"10.0.255.0/24"`},
		{`!Cidr ["10.0.0.0/24", 1, 8]`, `["10.0.0.0/24"]`},
		{`!Cidr ["10.0.0.5/24", 2, 4]`, `["10.0.0.0/28","10.0.0.16/28"]`},
		{`!Cidr ["2001:db8:1234:1a00::/56", 2, 64]`, `["2001:db8:1234:1a00::/64","2001:db8:1234:1a01::/64"]`},
		{`!Cidr ["0.0.0.0/0", 2, 31]`, `["0.0.0.0/1","128.0.0.0/1"]`},
		{`!Cidr ["10.0.0.0/30", 4, 0]`, `["10.0.0.0/32","10.0.0.1/32","10.0.0.2/32","10.0.0.3/32"]`},
		{`!Select [!Length [a], !Cidr ["10.0.0.0/16", 2, 8]]`, `"10.0.1.0/24"`},
		{`!Cidr ["10.0.0.0/16", 0, 8]`, `?Fn::Cidr's count is no number from 1 to 256`},
		{`!Cidr ["10.0.0.0/16", 2, 33]`, `?10.0.0.0/16 has no room for that many blocks`},
		// intrinsic-function-reference-conditions.html
		{`!If [IsProd, m5.large, t2.micro]`, `"m5.large"`},
		{`!If [IsDev, m5.large, t2.micro]`, `"t2.micro"`},
		{`!If [NotProd, a, b]`, `"b"`},
		{`!If [Both, a, b]`, `"b"`},
		{`!If [Either, a, b]`, `"a"`},
		{`!If [Certain, a, b]`, `"a"`},
		{`!If [Never, a, b]`, `"b"`},
		{`!If [Long, a, b]`, `"a"`},
		{`!If [InEast, a, b]`, `"a"`},
		{`!If [FromMap, a, b]`, `"a"`},
		{`!If [Joined, a, b]`, `"a"`},
		{`!If [Picked, a, b]`, `"a"`},
		{`!If [NumberText, a, b]`, `"a"`},
		{`!If [BoolText, a, b]`, `"a"`},
		{`!If [CaseMatters, a, b]`, `"b"`},
		{`!If [EmptyText, a, b]`, `"b"`},
		{`!If [SubText, a, b]`, `"a"`},
		{`!If [Open, a, b]`, `?condition Gone is not declared`},
		{`!If [Open, !If [IsProd, x, y], x]`, `"x"`},
		{`{"Fn::If": ["IsProd", {"Ref": "AWS::NoValue"}, "b"]}`, `absent`},
		{`{A: 1, B: !If [IsDev, 2, !Ref AWS::NoValue]}`, `{A:1}`},
		{`{A: {B: !If [IsProd, {C: 1}, {C: 2}]}}`, `{A:{B:{C:1}}}`},
		{`{A: !If [Open, {B: 1}, {B: 2}], C: 3}`, `{A:?condition Gone is not declared,C:3}`},
		{`[!If [IsProd, {A: 1}, !Ref AWS::NoValue], {B: 2}]`, `[{A:1},{B:2}]`},
		{`[1, !If [Open, 2, !Ref AWS::NoValue]]`, `[1,?condition Gone is not declared]`},
		{`!Join ['-', [!If [IsProd, p, d], x]]`, `"p-x"`},
		{`!Sub ['${A}', {A: !If [IsDev, d, p]}]`, `"p"`},
		{`!And [!Condition IsProd, !Condition Either]`, `true`},
		{`!Not [!Equals [a, a]]`, `false`},
		{`!Or [!Equals [a, b], !Equals [b, b]]`, `true`},
		// intrinsic-function-reference-findinmap.html and its DefaultValue
		{`!FindInMap [RegionMap, !Ref AWS::Region, HVM64]`, `"ami-0ff8a91507f77f867"`},
		{`{"Fn::FindInMap": ["RegionMap", "eu-west-1", "HVM64"]}`, `"ami-047bb4163c506cd98"`},
		{`!FindInMap [RegionMap, eu-west-1, HVMG2]`, `?mapping RegionMap has no entry eu-west-1.HVMG2`},
		{`!FindInMap [RegionMap, eu-west-1, HVMG2, {DefaultValue: ami-0}]`, `"ami-0"`},
		{`!FindInMap [RegionMap, !FindInMap [Defaults, DefaultKeys, First], !FindInMap [Defaults, DefaultKeys, Second]]`, `"ami-0ff8a91507f77f867"`},
		{`!FindInMap [!Sub 'Region${Suffix}', us-east-1, HVM64]`, `?Suffix is neither a parameter nor a resource of this template`},
		{`!FindInMap [!Join ['', [Region, Map]], us-east-1, HVMG2]`, `"ami-0a584ac55a7631c0c"`},
		{`!FindInMap [RegionMap, !Select [0, [us-east-1]], HVM64]`, `"ami-0ff8a91507f77f867"`},
		{`!FindInMap [Lists, all, zones]`, `["a","b","c"]`},
		{`!FindInMap [Lists, all, empty]`, `[]`},
		{`!FindInMap [Lists, all, ports]`, `[22,80]`},
		{`!FindInMap ['01', '123456789012', on]`, `true`},
		{`!FindInMap ['01', !Ref AWS::AccountId, on]`, `true`},
		{`!FindInMap [Gone, a, b, {DefaultValue: [x, !Ref EnvironmentType]}]`, `["x","prod"]`},
		{`!Select [2, !FindInMap [Lists, all, zones]]`, `"c"`},
		{`!FindInMap [RegionMap, !Ref Unset, HVM64, {DefaultValue: d}]`, `?parameter Unset has no default`},
		// intrinsic-function-reference-foreach.html
		{`{"Fn::ForEach::Tables": [N, [Points, Score], {"T${N}": {"Name": {"Ref": "N"}}}]}`, `{TPoints:{Name:"Points"},TScore:{Name:"Score"}}`},
		{`{"Fn::ForEach::P": [P, !Ref Ports, {"Port${P}": !Ref P}]}`, `{Port80:80,Port443:443}`},
		{`{"Fn::ForEach::Z": [Z, !FindInMap [Lists, all, zones], {"${Z}": !Sub 'zone-${Z}'}]}`, `{a:"zone-a",b:"zone-b",c:"zone-c"}`},
		{`{"Fn::ForEach::Out": [A, [x, y], {"Fn::ForEach::In": [B, [1, 2], {"${A}${B}": "${A}-${B}"}]}]}`, `{x1:"x-1",x2:"x-2",y1:"y-1",y2:"y-2"}`},
		{`{"Fn::ForEach::Ip": [Ip, [10.0.0.1, 10.0.0.2], {"Host&{Ip}": "${Ip}"}]}`, `{Host10001:"10.0.0.1",Host10002:"10.0.0.2"}`},
		{`{"Fn::ForEach::None": [X, [], {"${X}": 1}]}`, `{}`},
		{`{"Fn::ForEach::Att": [B, [MyBucket], {"${B}Arn": !GetAtt [!Ref B, Arn]}]}`, `{MyBucketArn:?known after deployment <MyBucket.Arn>}`},
		{`{"Fn::ForEach::Dot": [B, [MyBucket], {"${B}Arn": !GetAtt '${B}.Arn'}]}`, `{MyBucketArn:?known after deployment <MyBucket.Arn>}`},
		// intrinsic-function-reference-getatt.html
		{`!GetAtt MyBucket.Arn`, `?known after deployment <MyBucket.Arn>`},
		{`!GetAtt [MyBucket, Arn]`, `?known after deployment <MyBucket.Arn>`},
		{`{"Fn::GetAtt": ["MyInstance", "PrivateIp"]}`, `?known after deployment <MyInstance.PrivateIp>`},
		{`{"Fn::GetAtt": "MyInstance.PrivateIp"}`, `?known after deployment <MyInstance.PrivateIp>`},
		{`!GetAtt MyBucket`, `?Fn::GetAtt takes a resource and an attribute`},
		// intrinsic-function-reference-getavailabilityzones.html
		{`!Select [0, !GetAZs us-east-1]`, `"us-east-1a"`},
		{`!Select [0, {"Fn::GetAZs": {"Ref": "AWS::Region"}}]`, `"us-east-1a"`},
		{`!Select [0, {"Fn::GetAZs": ""}]`, `"us-east-1a"`},
		// intrinsic-function-reference-importvalue.html
		{`!ImportValue NetworkStackNameParameter-SubnetID`, `?imported from another stack`},
		{`{"Fn::ImportValue": {"Fn::Sub": "${EnvironmentType}-SubnetID"}}`, `?imported from another stack`},
		{`!Select [0, !Split [',', !ImportValue x]]`, `?imported from another stack`},
		// intrinsic-function-reference-join.html
		{`!Join [':', [a, b, c]]`, `"a:b:c"`},
		{`!Join ['', ['arn:', !Ref AWS::Partition, ':s3:::elasticbeanstalk-*-', !Ref AWS::AccountId]]`, `"arn:aws:s3:::elasticbeanstalk-*-123456789012"`},
		{`!Join [',', !Ref DbSubnetIpBlocks]`, `"10.0.48.0/24,10.0.112.0/24,10.0.176.0/24"`},
		{`!Join ['', []]`, `""`},
		{`!Join ['-', [1, true, x]]`, `"1-true-x"`},
		{`!Join [',', !Split ['|', 'a|b']]`, `"a,b"`},
		{`!Join ['/', ['', !Ref MyBucket]]`, `?known after deployment <MyBucket.Ref>`},
		{`!Join ['-', [a, !Ref AWS::NoValue, b]]`, `"a-b"`},
		// intrinsic-function-reference-length.html
		{`!Length [1, 2, 3]`, `3`},
		{`{"Fn::Length": {"Ref": "DbSubnetIpBlocks"}}`, `3`},
		{`{"Fn::Length": {"Fn::Split": ["|", "a|b|c"]}}`, `3`},
		{`{"Fn::Length": {"Fn::FindInMap": ["Lists", "all", "empty"]}}`, `0`},
		// intrinsic-function-reference-select.html
		{`!Select ["1", [apples, grapes, oranges, mangoes]]`, `"grapes"`},
		{`!Select [0, !Ref DbSubnetIpBlocks]`, `"10.0.48.0/24"`},
		{`!Select ["2", !Ref DbSubnetIpBlocks]`, `"10.0.176.0/24"`},
		{`!Select [1, !Ref Ports]`, `443`},
		{`!Select [0, !Ref One]`, `"only"`},
		{`!Select [3, [a, b]]`, `?Fn::Select's list has no member 3`},
		{`!Select [-1, [a, b]]`, `?Fn::Select's list has no member -1`},
		{`!Select [0, [!Ref Unset, b]]`, `?parameter Unset has no default`},
		{`!Select [1, [!Ref Unset, b]]`, `"b"`},
		{`!Select [!Select [0, [1]], [a, b]]`, `"b"`},
		// intrinsic-function-reference-split.html
		{`!Split ['|', 'a|b|c']`, `["a","b","c"]`},
		{`!Split ['|', 'a||c|']`, `["a","","c",""]`},
		{`!Select [2, !Split [',', 'subnet-1,subnet-2,subnet-3']]`, `"subnet-3"`},
		{`!Split ['|', 'none']`, `["none"]`},
		{`!Split ['ab', 'xabyabz']`, `["x","y","z"]`},
		{`!Select [1, !Split ['.', !Ref RootDomainName]]`, `"com"`},
		// intrinsic-function-reference-sub.html
		{`!Sub ['www.${Domain}', {Domain: !Ref RootDomainName}]`, `"www.example.com"`},
		{`!Sub 'arn:aws:ec2:${AWS::Region}:${AWS::AccountId}:vpc/x'`, `"arn:aws:ec2:us-east-1:123456789012:vpc/x"`},
		{`!Sub '${!Literal}'`, `"${Literal}"`},
		{`!Sub 'a${!AWS::Region}b${AWS::Region}'`, `"a${AWS::Region}bus-east-1"`},
		{`!Sub ['${AWS::Region}${A}', {A: 1}]`, `"us-east-11"`},
		{`!Sub ['${EnvironmentType}', {EnvironmentType: own}]`, `"own"`},
		{`!Sub '$EnvironmentType {EnvironmentType} $ {x}'`, `"$EnvironmentType {EnvironmentType} $ {x}"`},
		{`!Sub '${MyBucket.Arn}/*'`, `?known after deployment <MyBucket.Arn>`},
		{`!Sub ['${A.B}', {A.B: dotted}]`, `"dotted"`},
		{`!Sub '${DbSubnetIpBlocks}'`, `"10.0.48.0/24,10.0.112.0/24,10.0.176.0/24"`},
		{`!Sub ''`, `""`},
		{`!Sub 5`, `"5"`},
		// intrinsic-function-reference-ToJsonString.html
		{`!ToJsonString {key1: value1, key2: !Ref EnvironmentType}`, `"{\"key1\":\"value1\",\"key2\":\"prod\"}"`},
		{`!ToJsonString [{a: 1}, [b, 2], true]`, `"[{\"a\":1},[\"b\",2],true]"`},
		{`!ToJsonString {a: !Ref AWS::NoValue, b: 1}`, `"{\"b\":1}"`},
		{`!ToJsonString {a: !Split [',', 'x,y'], n: !Length [1]}`, `"{\"a\":[\"x\",\"y\"],\"n\":1}"`},
		// intrinsic-function-reference-transform.html, dynamic-references.html
		{`{"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://b/k"}}}`, `?made by the macro AWS::Include`},
		{`'{{resolve:ssm:S3AccessControl:2}}'`, `?resolved from Parameter Store at deployment <{{resolve:ssm:S3AccessControl}}.value>`},
		{`'{{resolve:ssm-secure:IAMUserPassword:10}}'`, `?resolved from Parameter Store at deployment`},
		{`!Sub '{{resolve:secretsmanager:${EnvironmentType}:SecretString:password}}'`, `?resolved from Secrets Manager at deployment`},
		{`!Join ['', ['{{resolve:secretsmanager:', !Ref MyBucket, '::password}}']]`, `?known after deployment <MyBucket.Ref>`},
		{`'{{resolve:nothing'`, `"{{resolve:nothing"`},
		// YAML's own
		{`{<<: {A: 1, B: 2}, B: 3}`, `{B:3,A:1}`},
		{`{<<: [{A: 1}, {A: 2, B: 2}]}`, `{A:1,B:2}`},
		{`[&x {A: 1}, *x]`, `[{A:1},{A:1}]`},
		{`!!str 5`, `"5"`},
		{`0123456789`, `"0123456789"`},
		{`2012-10-17`, `"2012-10-17"`},
		{`yes`, `true`},
		{`1.10`, `1.10`},
		{`~`, `null`},
	} {
		s := loadText(t, documented+c.expression+"\n", nil)[0]
		v := resourceOf(t, s, "R").Declared.Get("V")
		if got := show(v); got != c.want {
			t.Errorf("%s is %s, want %s", c.expression, got, c.want)
		}
	}
}

// TestDocumentedLines does the same for values of several lines.
func TestDocumentedLines(t *testing.T) {
	for _, c := range []struct{ lines, want string }{
		{"Fn::If:\n  - IsProd\n  - A: 1\n  - A: 2", `{A:1}`},
		{"Fn::Sub: |\n  echo ${EnvironmentType}\n  echo ${!HOME}", `"echo prod\necho ${HOME}\n"`},
		{"Fn::Base64: !Sub |\n  x ${EnvironmentType}", `"eCBwcm9kCg=="`},
		{"A: a\n\"B\": !Sub\n  - ${X}-${Y}\n  - X: 1\n    Y: !Ref EnvironmentType", `{A:"a",B:"1-prod"}`},
		{"- &base {A: 1}\n- <<: *base\n  B: 2", `[{A:1},{B:2,A:1}]`},
		{"Fn::Join:\n- ''\n- - 'arn:'\n  - Ref: AWS::Partition", `"arn:aws"`},
		{">-\n  folded\n  text", `"folded text"`},
		{"Fn::ForEach::L:\n  - X\n  - [a, b]\n  - K${X}:\n      V: !Sub ${X}!", `{Ka:{V:"a!"},Kb:{V:"b!"}}`},
	} {
		text := documented + "\n        " + strings.ReplaceAll(c.lines, "\n", "\n        ") + "\n"
		v := resourceOf(t, loadText(t, text, nil)[0], "R").Declared.Get("V")
		if got := show(v); got != c.want {
			t.Errorf("%s\nis %s, want %s", c.lines, got, c.want)
		}
	}
}
