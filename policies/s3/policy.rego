# Policies of buckets and access points.
package demarc.s3

import data.demarc.lib.audience
import data.demarc.lib.document
import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.tls
import data.demarc.lib.value

# METADATA
# title: Bucket policies name who may use the bucket
# description: >-
#   A statement that allows the principal * without a condition on account, organisation, network or
#   source lets anybody in, with or without an AWS account.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_s3_bucket
#   weighs: [policy]
#   aspects: [ID-9.a, DP-1.d]
#   remedy: name the accounts or roles, or add a condition such as aws:PrincipalOrgID or aws:SourceVpce
policy_any_principal contains f if {
	some bucket in document.carriers("aws_s3_bucket", "policy")
	some f in audience.public_findings(bucket, "policy", "the bucket policy")
}

# METADATA
# title: Bucket policies do not let everyone write
# description: >-
#   A statement that allows everybody to put, delete or restore objects gives the data away for change.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
# custom:
#   severity: critical
#   profile: default
#   subject: aws_s3_bucket
#   weighs: [policy]
#   aspects: [ID-9.a, DP-1.d, OS-10.b]
#   remedy: name the principals that write, and only the actions they need
policy_public_write contains finding.tagged(bucket, value.path(statement, "actions"), message, document.label(statement)) if {
	some bucket in document.carriers("aws_s3_bucket", "policy")
	some statement in bucket.values.policy.statements
	audience.public(bucket.values.policy, statement)
	document.acts_on_any(statement, writing)
	message := sprintf("%s lets everyone change what is in the bucket", [document.label(statement)])
}

policy_public_write contains finding.inconclusive(bucket, path, "it is unknown whether the bucket policy lets everyone write") if {
	some bucket in document.carriers("aws_s3_bucket", "policy")
	some statement in bucket.values.policy.statements
	some path in audience.may_let_anyone(bucket.values.policy, statement, writing)
}

policy_public_write contains finding.inconclusive(bucket, "policy", "it is unknown whether the bucket policy lets everyone write") if {
	some bucket in document.carriers("aws_s3_bucket", "policy")
	some path in ["policy", "policy.statements"]
	value.hidden(bucket, path)
}

writing := {
	"s3:PutObject", "s3:PutObjectAcl", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:RestoreObject",
	"s3:PutBucketPolicy", "s3:PutBucketAcl", "s3:DeleteBucket",
}

# METADATA
# title: Buckets refuse requests that are not over TLS
# description: >-
#   S3 answers plain HTTP too. A Deny statement for requests with aws:SecureTransport false makes sure that
#   nothing crosses a network in clear.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_s3_bucket
#   weighs: [policy]
#   aspects: [TR-3.a]
#   remedy: 'add a policy statement: Deny, principal *, s3:*, on the bucket and its objects, when aws:SecureTransport is false'
secure_transport contains finding.at(bucket, "policy", "nothing refuses requests to this bucket that are not over TLS") if {
	some bucket in resource.all("aws_s3_bucket")
	document.wholly_listed(bucket, "policy")
	tls.without_refusal(bucket.values.policy, "s3:*")
}

secure_transport contains finding.inconclusive(bucket, "policy", "it is unknown whether the bucket policy refuses plain HTTP") if {
	some bucket in document.carriers("aws_s3_bucket", "policy")
	tls.demand_unknown(bucket, "policy", "s3:*")
}

# METADATA
# title: Access point policies name who may use the access point
# description: >-
#   A statement that allows everybody opens the bucket through the access point to all AWS accounts and beyond.
#   An access point of a VPC is never public, whatever its policy says.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-vpc.html
# custom:
#   severity: high
#   profile: default
#   subject: [aws_s3_access_point, aws_s3control_multi_region_access_point_policy]
#   weighs: [policy, vpc_configuration]
#   aspects: [ID-9.a, DP-1.d]
#   remedy: 'name the principals, or add a condition on aws:PrincipalOrgID'
access_point_policy_any_principal contains f if {
	some point in document.carriers("aws_s3_access_point", "policy")
	value.none(point, "vpc_configuration")
	some f in audience.public_findings(point, "policy", "the access point policy")
}

access_point_policy_any_principal contains f if {
	some point in document.carriers("aws_s3control_multi_region_access_point_policy", "policy")
	some f in audience.public_findings(point, "policy", "the access point policy")
}

access_point_policy_any_principal contains finding.inconclusive(point, "vpc_configuration", "the policy lets anyone in, and it is unknown whether the access point is in a VPC") if {
	some point in document.carriers("aws_s3_access_point", "policy")
	value.hidden(point, "vpc_configuration")
	some statement in point.values.policy.statements
	audience.public(point.values.policy, statement)
}

# METADATA
# title: Bucket policies leave somebody who can change them
# description: >-
#   A statement that denies everybody the right to write the policy, without a condition, locks out all but the
#   root user, administrators included.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_s3_bucket
#   weighs: [policy]
#   aspects: [GV-2.c]
#   only_breaks: [GV-2.c]
#   remedy: 'add a condition that spares the roles which administer the bucket'
policy_lockout contains finding.tagged(bucket, value.path(statement, "actions"), sprintf("%s denies everyone the right to change the bucket policy", [document.label(statement)]), document.label(statement)) if {
	some bucket in document.carriers("aws_s3_bucket", "policy")
	some statement in bucket.values.policy.statements
	locks_out(statement)
	some name in statement.resources
	names_bucket(name)
}

# The bucket's own name may be known only when it is deployed.
policy_lockout contains finding.inconclusive(bucket, value.path(statement, "resources"), "it is unknown whether the statement that denies everyone also covers the bucket policy") if {
	some bucket in document.carriers("aws_s3_bucket", "policy")
	some statement in bucket.values.policy.statements
	locks_out(statement)
	value.unsettled(statement, "resources")
}

policy_lockout contains finding.inconclusive(bucket, value.path(statement, member), "it is unknown whether the statement locks everyone out") if {
	some bucket in document.carriers("aws_s3_bucket", "policy")
	some statement in bucket.values.policy.statements
	audience.anyone(statement)
	document.acts(statement, "s3:PutBucketPolicy")
	value.may_be(statement, "effect", "Deny")
	document.may_be_unconditional(statement)
	some member in ["effect", "conditions"]
	value.unsettled(statement, member)
}

policy_lockout contains finding.inconclusive(bucket, "policy", "it is unknown whether the bucket policy locks everyone out") if {
	some bucket in document.carriers("aws_s3_bucket", "policy")
	some path in ["policy", "policy.statements"]
	value.hidden(bucket, path)
}

locks_out(statement) if {
	statement.effect == "Deny"
	audience.anyone(statement)
	document.acts(statement, "s3:PutBucketPolicy")
	statement.conditions == []
	value.settled(statement, "conditions")
}

# names_bucket: the pattern covers a bucket itself, and not only its objects.
names_bucket(name) if regex.match(`^[^/]*$`, name)
