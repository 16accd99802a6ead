# Object storage: who can reach a bucket, what protects what lies in it.
package demarc.s3

import data.demarc.lib.document
import data.demarc.lib.finding
import data.demarc.lib.key
import data.demarc.lib.resource
import data.demarc.lib.value

switches := ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"]

readable := {"public-read", "public-read-write", "website", "authenticated-read"}

everyone := "http://acs.amazonaws.com/groups/global/AllUsers"

# acl_has_effect: neither switch that disarms public ACLs is on. A bucket made
# since April 2023 has both on unless it says otherwise, but its author cannot
# then set a public ACL at all, so a written one is judged.
acl_has_effect(bucket) if value.none(bucket, "public_access_block")

acl_has_effect(bucket) if {
	bucket.values.public_access_block.block_public_acls == false
	bucket.values.public_access_block.ignore_public_acls == false
}

# acl_may_have_effect gives the paths that leave it unknown.
acl_may_have_effect(bucket) := {path |
	value.may_be(bucket, "public_access_block.block_public_acls", false)
	value.may_be(bucket, "public_access_block.ignore_public_acls", false)
	some path in ["public_access_block.block_public_acls", "public_access_block.ignore_public_acls"]
	value.unsettled(bucket, path)
}

# METADATA
# title: Buckets refuse public access
# description: >-
#   The public-access block stands above ACLs and policies: with all four switches on, a mistake in
#   either cannot open the bucket. A bucket made since April 2023 without a block is private by
#   default; a block that is written and leaves a switch off takes that default back.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_s3_bucket
#   reads: [public_access_block]
#   controls: [DP-1]
#   aliases: {checkov: [CKV2_AWS_6, CKV_AWS_53, CKV_AWS_54, CKV_AWS_55, CKV_AWS_56], trivy: [AWS-0094, aws-s3-specify-public-access-block, AVD-AWS-0094], kics: []}
#   remedy: 'add a public-access block with all four switches true (aws_s3_bucket_public_access_block / PublicAccessBlockConfiguration)'
public_access_block contains finding.at(bucket, "", "no public-access block is written for this bucket") if {
	some bucket in resource.all("aws_s3_bucket")
	bucket.values.public_access_block == null
}

public_access_block contains finding.tagged(bucket, concat(".", ["public_access_block", switch]), message, switch) if {
	some bucket in resource.all("aws_s3_bucket")
	some switch in switches
	bucket.values.public_access_block[switch] == false
	message := sprintf("the bucket's public-access block leaves %s off", [switch])
}

# METADATA
# title: The account's public-access block has all switches on
# description: >-
#   The account-level block covers every bucket of the account, whatever the bucket itself says.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonS3/latest/userguide/configuring-block-public-access-account.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_s3_account_public_access_block
#   reads: [block_public_acls, block_public_policy, ignore_public_acls, restrict_public_buckets]
#   controls: [DP-1]
#   aliases: {}
#   remedy: set all four arguments to true
account_public_access_block contains finding.tagged(block, switch, message, switch) if {
	some block in resource.all("aws_s3_account_public_access_block")
	some switch in switches
	block.values[switch] == false
	message := sprintf("the account's public-access block leaves %s off", [switch])
}

# METADATA
# title: Bucket ACLs do not let the public read
# description: >-
#   A public ACL lets anybody list the bucket or fetch its objects without signing in. Access is better
#   given by policy, to named principals.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_s3_bucket
#   reads: [acl, grant.uri]
#   weighs: [public_access_block, public_access_block.block_public_acls, public_access_block.ignore_public_acls]
#   controls: [DP-1]
#   aliases: {checkov: [CKV_AWS_20], trivy: [AWS-0092, aws-s3-no-public-access-with-acl, AVD-AWS-0092], kics: [219f4c95-aa50-44e0-97de-cf71f4641170, 38c5ee0d-7f22-4260-ab72-5073048df100]}
#   remedy: 'set acl = "private" / AccessControl: Private, or remove the ACL'
acl_public_read contains finding.at(bucket, "acl", message) if {
	some bucket in resource.all("aws_s3_bucket")
	bucket.values.acl in readable
	acl_has_effect(bucket)
	message := sprintf("the ACL %s lets people outside the account read the bucket", [bucket.values.acl])
}

acl_public_read contains finding.tagged(bucket, grant._at, "an ACL grant opens the bucket to everyone", "AllUsers") if {
	some bucket in resource.all("aws_s3_bucket")
	some grant in bucket.values.grant
	grant.uri == everyone
	acl_has_effect(bucket)
}

acl_public_read contains finding.inconclusive(bucket, path, "it is unknown whether the public-access block disarms the public ACL") if {
	some bucket in resource.all("aws_s3_bucket")
	opens(bucket)
	some path in acl_may_have_effect(bucket)
}

opens(bucket) if bucket.values.acl in readable

opens(bucket) if {
	some grant in bucket.values.grant
	grant.uri == everyone
}

# METADATA
# title: Bucket ACLs do not let the public write
# description: >-
#   A bucket that everybody may write to holds other people's data, malware included, in its owner's name
#   and on its owner's bill.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
# custom:
#   severity: critical
#   profile: default
#   subject: aws_s3_bucket
#   reads: [acl, grant.uri, grant.permissions]
#   weighs: [public_access_block, public_access_block.block_public_acls, public_access_block.ignore_public_acls]
#   controls: [DP-1]
#   aliases: {checkov: [CKV_AWS_57], kics: [07dda8de-d90d-469e-9b37-1aca53526ced]}
#   remedy: 'set acl = "private" / AccessControl: Private, or remove the ACL'
acl_public_write contains finding.at(bucket, "acl", "the ACL public-read-write lets everyone write to the bucket") if {
	some bucket in resource.all("aws_s3_bucket")
	bucket.values.acl == "public-read-write"
	acl_has_effect(bucket)
}

acl_public_write contains finding.tagged(bucket, grant._at, "an ACL grant lets everyone write to the bucket", permission) if {
	some bucket in resource.all("aws_s3_bucket")
	some grant in bucket.values.grant
	grant.uri == everyone
	some permission in grant.permissions
	permission in {"WRITE", "WRITE_ACP", "FULL_CONTROL"}
	acl_has_effect(bucket)
}

acl_public_write contains finding.inconclusive(bucket, path, "it is unknown whether the public-access block disarms the public ACL") if {
	some bucket in resource.all("aws_s3_bucket")
	lets_write(bucket)
	some path in acl_may_have_effect(bucket)
}

lets_write(bucket) if bucket.values.acl == "public-read-write"

lets_write(bucket) if {
	some grant in bucket.values.grant
	grant.uri == everyone
	some permission in grant.permissions
	permission in {"WRITE", "WRITE_ACP", "FULL_CONTROL"}
}

# METADATA
# title: Buckets keep versions of their objects
# description: >-
#   With versioning, an object that was overwritten or deleted by mistake, by a bug or by an intruder can
#   be brought back.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_s3_bucket
#   reads: [versioning.enabled]
#   controls: [DP-2, DP-12]
#   aliases: {checkov: [CKV_AWS_21], trivy: [AWS-0090, aws-s3-enable-versioning, AVD-AWS-0090], kics: [568a4d22-3517-44a6-a7ad-6a7eed88722c, a227ec01-f97a-4084-91a4-47b350c1db54]}
#   remedy: 'set versioning_configuration { status = "Enabled" } / VersioningConfiguration.Status: Enabled'
versioning contains finding.at(bucket, "versioning.enabled", "the bucket keeps no versions of its objects") if {
	some bucket in resource.all("aws_s3_bucket")
	bucket.values.versioning.enabled == false
}

# METADATA
# title: A bucket's default encryption names a real algorithm
# description: >-
#   Every bucket is encrypted with S3's own keys since January 2023. A configuration that is written has
#   to name AES256 or KMS to mean anything.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-bucket-encryption.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_s3_bucket
#   reads: [server_side_encryption_configuration.sse_algorithm]
#   controls: [DP-3]
#   aliases: {checkov: [CKV_AWS_19]}
#   remedy: set sse_algorithm = "AES256", or "aws:kms" with a key
bucket_encryption contains finding.at(bucket, path, message) if {
	some bucket in resource.all("aws_s3_bucket")
	path := "server_side_encryption_configuration.sse_algorithm"
	value.outside(bucket, path, {"AES256", "aws:kms", "aws:kms:dsse"})
	message := sprintf("%s is no encryption algorithm of S3", [value.get(bucket, path)])
}

# METADATA
# title: Buckets encrypt with a key the customer owns
# description: >-
#   A customer-managed KMS key adds a second lock beside the bucket policy, a log of every use, and the
#   power to shred the data by deleting the key.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_s3_bucket
#   when: [acl]
#   weighs: [server_side_encryption_configuration.kms_master_key_id, grant.uri, policy, logging.target_bucket]
#   controls: [DP-3, DP-11]
#   aliases: {trivy: [AWS-0132, aws-s3-encryption-customer-key, AVD-AWS-0132]}
#   remedy: set sse_algorithm = "aws:kms" and kms_master_key_id to a key of your own
bucket_customer_key contains f if {
	some bucket in resource.all("aws_s3_bucket")
	bucket.id in keeps_no_logs
	some f in key.foreign(bucket, "server_side_encryption_configuration.kms_master_key_id", "this bucket")
}

bucket_customer_key contains finding.inconclusive(bucket, "", "it is unknown whether the bucket receives access logs, which exclude a key of one's own") if {
	some bucket in resource.all("aws_s3_bucket")
	bucket.id in may_keep_logs
	value.none(bucket, "server_side_encryption_configuration.kms_master_key_id")
}

bucket_customer_key_applies contains id if some id in keeps_no_logs

bucket_customer_key_applies contains id if some id in may_keep_logs

# keeps_no_logs are the buckets that receive no server access logs: S3 delivers
# those only to buckets that its own keys encrypt, and logs nothing in a circle.
keeps_no_logs contains bucket.id if {
	some bucket in resource.all("aws_s3_bucket")
	not_for_logs(bucket)
	resource.without(bucket, "aws_s3_bucket", "logging.target_bucket")
}

# may_keep_logs are those that a bucket's log may go to, or may be let in to.
may_keep_logs contains bucket.id if {
	some bucket in resource.all("aws_s3_bucket")
	not_for_logs(bucket)
	resource.may_have(bucket, "aws_s3_bucket", "logging.target_bucket")
}

may_keep_logs contains bucket.id if {
	some bucket in resource.all("aws_s3_bucket")
	some path in ["acl", "grant", "policy"]
	value.unsettled(bucket, path)
	may_not_be_for_logs(bucket)
	no_log_goes_to(bucket)
}

no_log_goes_to(bucket) if resource.without(bucket, "aws_s3_bucket", "logging.target_bucket")

no_log_goes_to(bucket) if resource.may_have(bucket, "aws_s3_bucket", "logging.target_bucket")

not_for_logs(bucket) if {
	value.differs(bucket, "acl", "log-delivery-write")
	value.lacks_block(bucket, "grant", log_delivery)
	document.without_service(bucket, "policy", "logging.s3.amazonaws.com")
}

may_not_be_for_logs(bucket) if {
	value.may_differ(bucket, "acl", "log-delivery-write")
	value.may_lack_block(bucket, "grant", log_delivery)
	document.may_be_without_service(bucket, "policy", "logging.s3.amazonaws.com")
}

log_delivery := {"uri": "http://acs.amazonaws.com/groups/s3/LogDelivery"}

# METADATA
# title: Buckets write access logs
# description: >-
#   Server access logs say who asked for which object. A bucket that receives logs needs none itself.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_s3_bucket
#   when: [acl]
#   weighs: [logging, logging.target_bucket, grant.uri, policy]
#   controls: [DT-7]
#   aliases: {checkov: [CKV_AWS_18], trivy: [AWS-0089, aws-s3-enable-logging, AVD-AWS-0089], kics: [4552b71f-0a2a-4bc4-92dd-ed7ec1b4674c, f861041c-8c9f-4156-acfc-5e6e524f5884]}
#   remedy: 'add aws_s3_bucket_logging / LoggingConfiguration with a log bucket'
access_logging contains finding.at(bucket, "", "requests to this bucket are not logged") if {
	some bucket in resource.all("aws_s3_bucket")
	bucket.id in keeps_no_logs
	bucket.values.logging == null
}

access_logging contains finding.inconclusive(bucket, "", "it is unknown whether the bucket itself receives logs") if {
	some bucket in resource.all("aws_s3_bucket")
	bucket.id in may_keep_logs
	bucket.values.logging == null
}

access_logging contains finding.inconclusive(bucket, "logging", "it is unknown whether requests to this bucket are logged") if {
	some bucket in resource.all("aws_s3_bucket")
	value.hidden(bucket, "logging")
}

access_logging_applies contains id if some id in keeps_no_logs

access_logging_applies contains id if some id in may_keep_logs

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
#   controls: [DP-1, ID-9]
#   aliases: {checkov: [CKV_AWS_70], kics: [7772bb8c-c0f3-42d4-8e4e-f1b8939ad085, 7af43613-6bb9-4a0e-8c4d-1314b799425e, 1df37f4b-7197-45ce-83f8-9994d2fcf885, f97b7d23-568f-4bcc-9ac9-02df0d57fbba, 66c6f96f-2d9e-417e-a998-9058aeeecd44, faa8fddf-c0aa-4b2d-84ff-e993e233ebe9]}
#   remedy: name the accounts or roles, or add a condition such as aws:PrincipalOrgID or aws:SourceVpce
policy_any_principal contains f if {
	some bucket in document.carriers("aws_s3_bucket", "policy")
	some f in document.public_findings(bucket, "policy", "the bucket policy")
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
#   controls: [DP-1, ID-9]
#   aliases: {kics: [d24c0755-c028-44b1-b503-8e719c898832, f6397a20-4cf1-4540-a997-1d363c25ef58, ffdf4b37-7703-4dfe-a682-9d2e99bc6c09, acc78859-765e-4011-a229-a65ea57db252, 456b00a3-1072-4149-9740-6b8bb60251b0, 4ae8af91-5108-42cb-9471-3bdbe596eac9, a4966c4f-9141-48b8-a564-ffe9959945bc]}
#   remedy: name the principals that write, and only the actions they need
policy_public_write contains finding.tagged(bucket, value.path(statement, "actions"), message, document.label(statement)) if {
	some bucket in document.carriers("aws_s3_bucket", "policy")
	some statement in bucket.values.policy.statements
	document.public(statement)
	document.acts_on_any(statement, writing)
	message := sprintf("%s lets everyone change what is in the bucket", [document.label(statement)])
}

policy_public_write contains finding.inconclusive(bucket, value.path(statement, member), "it is unknown whether the bucket policy lets everyone write") if {
	some bucket in document.carriers("aws_s3_bucket", "policy")
	some statement in bucket.values.policy.statements
	some member in document.may_let_anyone(statement, writing)
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
#   profile: default
#   subject: aws_s3_bucket
#   weighs: [policy]
#   controls: [TR-3]
#   aliases: {checkov: [CKV_AWS_379], kics: [38c64e76-c71e-4d92-a337-60174d1de1c9, 4bc4dd4c-7d8d-405e-a0fb-57fa4c31b4d9]}
#   remedy: 'add a policy statement: Deny, principal *, s3:*, on the bucket and its objects, when aws:SecureTransport is false'
secure_transport contains finding.at(bucket, "policy", "nothing refuses requests to this bucket that are not over TLS") if {
	some bucket in resource.all("aws_s3_bucket")
	document.wholly_listed(bucket, "policy")
	document.without_tls_demand(bucket.values.policy, "s3:PutObject")
}

secure_transport contains finding.inconclusive(bucket, "policy", "it is unknown whether the bucket policy refuses plain HTTP") if {
	some bucket in document.carriers("aws_s3_bucket", "policy")
	document.tls_demand_unknown(bucket, "policy", "s3:PutObject")
}

# METADATA
# title: Buckets serve no website of their own
# description: >-
#   A website endpoint speaks plain HTTP only and needs a bucket that everyone can read. CloudFront with
#   origin access control serves the same files over TLS from a private bucket.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_s3_bucket
#   weighs: [website, website.redirect_all_requests_to]
#   controls: [DP-1, TR-1]
#   aliases: {kics: [42bb6b7f-6d54-4428-b707-666f669d94fb, 90501b1b-cded-4cc1-9e8b-206b85cda317]}
#   remedy: put CloudFront in front and remove the website configuration
static_website contains finding.at(bucket, "website", "the bucket serves a website over plain HTTP") if {
	some bucket in resource.all("aws_s3_bucket")
	is_object(bucket.values.website)
	value.none(bucket, "website.redirect_all_requests_to")
}

static_website contains finding.inconclusive(bucket, path, "it is unknown whether the bucket serves a website") if {
	some bucket in resource.all("aws_s3_bucket")
	some path in ["website", "website.redirect_all_requests_to"]
	value.hidden(bucket, path)
}
