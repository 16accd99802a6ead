package cloudformation

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/source"
)

// templateOf is a template of n resources, a third of them buckets, groups
// and roles each.
func templateOf(n int, asJSON bool) string {
	var b strings.Builder
	if asJSON {
		b.WriteString(`{"AWSTemplateFormatVersion": "2010-09-09",` + "\n" + `"Parameters": {"Env": {"Type": "String", "Default": "dev"}},` + "\n" + `"Resources": {` + "\n")
		for i := range n {
			if i > 0 {
				b.WriteString(",\n")
			}
			switch i % 3 {
			case 0:
				fmt.Fprintf(&b, `  "R%d": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::Sub": "${Env}-%d"}, "VersioningConfiguration": {"Status": "Enabled"}, "Tags": [{"Key": "Env", "Value": {"Ref": "Env"}}]}}`, i, i)
			case 1:
				fmt.Fprintf(&b, `  "R%d": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "group %d", "SecurityGroupIngress": [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/8"}, {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIp": "10.0.0.0/8"}]}}`, i, i)
			default:
				fmt.Fprintf(&b, `  "R%d": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}, "ManagedPolicyArns": [{"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::aws:policy/ReadOnlyAccess"]]}], "Tags": [{"Key": "bucket", "Value": {"Fn::GetAtt": ["R%d", "Arn"]}}]}}`, i, i-2)
			}
		}
		b.WriteString("\n}}\n")
		return b.String()
	}
	b.WriteString("AWSTemplateFormatVersion: '2010-09-09'\nParameters:\n  Env: {Type: String, Default: dev}\nResources:\n")
	for i := range n {
		switch i % 3 {
		case 0:
			fmt.Fprintf(&b, "  R%d:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: !Sub '${Env}-%d'\n      VersioningConfiguration:\n        Status: Enabled\n      Tags:\n        - Key: Env\n          Value: !Ref Env\n", i, i)
		case 1:
			fmt.Fprintf(&b, "  R%d:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      GroupDescription: group %d\n      SecurityGroupIngress:\n        - IpProtocol: tcp\n          FromPort: 443\n          ToPort: 443\n          CidrIp: 10.0.0.0/8\n        - IpProtocol: tcp\n          FromPort: 80\n          ToPort: 80\n          CidrIp: 10.0.0.0/8\n", i, i)
		default:
			fmt.Fprintf(&b, "  R%d:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Version: 2012-10-17\n        Statement:\n          - Effect: Allow\n            Principal:\n              Service: ec2.amazonaws.com\n            Action: sts:AssumeRole\n      ManagedPolicyArns:\n        - !Join ['', ['arn:', !Ref AWS::Partition, ':iam::aws:policy/ReadOnlyAccess']]\n      Tags:\n        - Key: bucket\n          Value: !GetAtt R%d.Arn\n", i, i-2)
		}
	}
	return b.String()
}

func BenchmarkLoad(b *testing.B) {
	HasProperty("AWS::S3::Bucket", nil) // the models are built once a process
	for _, n := range []int{10, 100, 500} {
		for _, format := range []string{"yaml", "json"} {
			text := []byte(templateOf(n, format == "json"))
			b.Run(fmt.Sprintf("%s/%d", format, n), func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				b.ReportAllocs()
				for b.Loop() {
					if stacks, _ := load(context.Background(), nil, source.NewFile("t", text), Options{}); len(stacks[0].Resources) != n {
						b.Fatal("resources are missing")
					}
				}
			})
		}
	}
}

func BenchmarkWorlds(b *testing.B) {
	_, resources, _ := strings.Cut(templateOf(100, false), "  R0:")
	text := []byte(switches(40) + "  R0:" + resources)
	for b.Loop() {
		load(context.Background(), nil, source.NewFile("t", text), Options{})
	}
}

func BenchmarkNoTemplate(b *testing.B) {
	text := []byte(strings.Repeat("apiVersion: v1\nkind: ConfigMap\ndata: {a: b}\n---\n", 5000))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		load(context.Background(), nil, source.NewFile("t", text), Options{})
	}
}
