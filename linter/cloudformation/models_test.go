package cloudformation

import (
	"strings"
	"sync"
	"testing"
)

func TestHasProperty(t *testing.T) {
	for _, c := range []struct {
		kind, path    string
		known, exists bool
	}{
		{"AWS::S3::Bucket", "BucketName", true, true},
		{"AWS::S3::Bucket", "VersioningConfiguration.Status", true, true},
		{"AWS::S3::Bucket", "BucketEncryption.ServerSideEncryptionConfiguration.ServerSideEncryptionByDefault.SSEAlgorithm", true, true},
		{"AWS::S3::Bucket", "Nonsense", true, false},
		{"AWS::S3::Bucket", "BucketName.Inner", true, false},
		{"AWS::EC2::SecurityGroup", "SecurityGroupIngress.CidrIp", true, true},
		{"AWS::IAM::Role", "AssumeRolePolicyDocument.Statement.Effect", true, true},
		{"AWS::Lambda::Function", "Environment.Variables.ANYTHING", true, true},
		{"AWS::WAFv2::WebACL", "Rules.Statement.AndStatement.Statements.NotStatement.Statement", true, true},
		{"AWS::Serverless::Function", "CodeUri.Bucket", true, true},
		{"AWS::Made::Up", "X", false, false},
		{"Custom::Thing", "X", false, false},
	} {
		known, exists := HasProperty(c.kind, strings.Split(c.path, "."))
		if known != c.known || exists != c.exists {
			t.Errorf("%s %s: %v %v, want %v %v", c.kind, c.path, known, exists, c.known, c.exists)
		}
	}
}

func TestModelsFromManyGoroutines(t *testing.T) {
	var wg sync.WaitGroup
	for range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for kind := range map[string]bool{"AWS::EC2::Instance": true, "AWS::ECS::TaskDefinition": true, "AWS::WAFv2::WebACL": true} {
				HasProperty(kind, []string{"Tags", "Key"})
			}
		}()
	}
	wg.Wait()
}
