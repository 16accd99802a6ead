package finding

import "testing"

func TestPeerIDs(t *testing.T) {
	for id, want := range map[string]bool{
		"CKV_AWS_20": true, "ckv2_aws_6": true, "AVD-AWS-0092": true, "AWS-0092": true, "aws-s3-no-public-buckets": true, "AWS052": true,
		"d24c0755-c028-44b1-b503-8e719c898832": true, "W35": true, "AwsSolutions-S1": true, "s3/acl": false, "nope": false,
	} {
		if IsPeerID(id) != want {
			t.Errorf("IsPeerID(%s) = %v", id, !want)
		}
	}
}
