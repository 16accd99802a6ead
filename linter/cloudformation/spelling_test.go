package cloudformation

import (
	"context"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/source"
)

func TestSpelling(t *testing.T) {
	for properties, want := range map[string]string{
		"AWS::S3::Bucket {BuketName: x}":                                                          "BuketName: BucketName",
		"AWS::S3::Bucket {bucketName: x}":                                                         "bucketName: BucketName",
		"AWS::S3::Bucket {BuketName: x, BucketName: y}":                                           "",
		"AWS::S3::Bucket {EntirelyNew: x}":                                                        "",
		"AWS::S3::Bucket {VersionConfiguration: {Status: Enabled}}":                               "",
		"AWS::S3::Bucket {VersioningConfigurations: {Status: Enabled}}":                           "VersioningConfigurations: VersioningConfiguration",
		"AWS::S3::Bucket {VersioningConfiguration: {Statu: Enabled}}":                             "Statu: Status",
		"AWS::S3::Bucket {VersioningConfiguration: !If [X, {Statu: Enabled}, {Status: E}]}":       "Statu: Status",
		"AWS::EC2::SecurityGroup {SecurityGroupIngress: [{IpProtocol: tcp, FormPort: 1}]}":        "FormPort: FromPort",
		"AWS::Serverless::Function {Polices: [], Hander: x}":                                      "Polices: Policies, Hander: Handler",
		"AWS::Lambda::Function {Environment: {Variables: {Variable: x}}}":                         "",
		"AWS::New::Type {Nam: x}":                                                                 "",
		"Custom::Own {ServiceTokn: x}":                                                            "",
		"AWS::IAM::Role {AssumeRolePolicyDocument: {Statements: []}, 'Fn::Transform': {Name: M}}": "",
	} {
		kind, body, _ := strings.Cut(properties, " ")
		l := newLoader(context.Background(), nil)
		tmpl, err := l.read(source.NewFile("t.yaml", []byte("Resources:\n  R: {Type: '"+kind+"', Properties: "+body+"}\n")), Unclaimed)
		if err != nil || tmpl == nil {
			t.Fatal(properties, err)
		}
		var got []string
		for _, a := range tmpl.spelling() {
			_, meant, _ := strings.Cut(strings.TrimSuffix(a.Message, "?"), "did you mean ")
			got = append(got, textAt(a.At)+": "+meant)
		}
		if s := strings.Join(got, ", "); s != want {
			t.Errorf("%s: %q, want %q", properties, s, want)
		}
	}
}
