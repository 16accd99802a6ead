package policy

import "testing"

func TestFirstAction(t *testing.T) {
	for _, c := range []struct{ pattern, kind, want string }{
		{"s3:GetObject", "any", "s3:GetObject"},
		{"S3:getobject", "limitable", "s3:GetObject"},
		{"s3:GetObject", "permissions", ""},
		{"s3:*", "permissions", "s3:AssociateAccessGrantsIdentityCenter"},
		{"s3:PutBucket*", "permissions", "s3:PutBucketAcl"},
		{"ec2:Describe*", "limitable", "ec2:DescribeCapacityBlockExtensionOfferings"},
		{"ec2:DescribeInstances", "limitable", ""},
		{"ec2:DescribeInstances", "any", "ec2:DescribeInstances"},
		{"logs:CreateLogGrou?", "write", "logs:CreateLogGroup"},
		{"nothing:*", "any", ""},
		{"*", "any", ""},
	} {
		if got := firstAction(c.pattern, actionKinds[c.kind]); got != c.want {
			t.Errorf("%s, %s: %q, want %q", c.pattern, c.kind, got, c.want)
		}
	}
}
