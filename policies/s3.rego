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

bucket_customer_key contains finding.inconclusive(bucket, "", "it is unknown whether the bucket receives access logs, which exclude a key of one's own") if {
	some bucket in resource.all("aws_s3_bucket")
	bucket.id in may_keep_logs
	value.matches(bucket, "server_side_encryption_configuration.kms_master_key_id", "(^|/)aws/s3$")
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
#   controls: [ID-9, DP-1]
#   remedy: 'name the principals, or add a condition on aws:PrincipalOrgID'
access_point_policy_any_principal contains f if {
	some point in document.carriers("aws_s3_access_point", "policy")
	value.none(point, "vpc_configuration")
	some f in document.public_findings(point, "policy", "the access point policy")
}

access_point_policy_any_principal contains f if {
	some point in document.carriers("aws_s3control_multi_region_access_point_policy", "policy")
	some f in document.public_findings(point, "policy", "the access point policy")
}

access_point_policy_any_principal contains finding.inconclusive(point, "vpc_configuration", "the policy lets anyone in, and it is unknown whether the access point is in a VPC") if {
	some point in document.carriers("aws_s3_access_point", "policy")
	value.hidden(point, "vpc_configuration")
	some statement in point.values.policy.statements
	document.public(statement)
}

# METADATA
# title: Access points keep their public-access block
# description: >-
#   Access points are made with all four switches on, and a switch that is off when it is made can never be
#   put on again.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-bpa-settings.html
# custom:
#   severity: high
#   profile: default
#   subject: [aws_s3_access_point, aws_s3control_multi_region_access_point]
#   reads: [public_access_block_configuration]
#   controls: [DP-1]
#   remedy: 'remove the public-access block, or set all its switches to true'
access_point_public_access_block contains finding.tagged(point, concat(".", ["public_access_block_configuration", switch]), message, switch) if {
	some type in ["aws_s3_access_point", "aws_s3control_multi_region_access_point"]
	some point in resource.all(type)
	some switch in switches
	value.is(point, concat(".", ["public_access_block_configuration", switch]), false)
	message := sprintf("the access point's public-access block leaves %s off", [switch])
}

# METADATA
# title: Bucket ACLs do not let in every AWS account
# description: >-
#   The group AuthenticatedUsers is everybody who has an AWS account, of whomever: anybody can have one within
#   minutes.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_s3_bucket
#   reads: [acl, grant.uri]
#   weighs: [public_access_block, public_access_block.block_public_acls, public_access_block.ignore_public_acls]
#   controls: [DP-1]
#   remedy: 'set acl = "private" / AccessControl: Private, or remove the ACL'
acl_authenticated_users contains finding.at(bucket, path, "the ACL opens the bucket to everybody who has an AWS account") if {
	some [bucket, path] in authenticated_acls
	acl_has_effect(bucket)
}

acl_authenticated_users contains finding.inconclusive(bucket, undecided, "it is unknown whether the public-access block disarms the public ACL") if {
	some [bucket, _] in authenticated_acls
	some undecided in acl_may_have_effect(bucket)
}

# authenticated_acls are pairs of a bucket and where its ACL names the group.
authenticated_acls contains [bucket, "acl"] if {
	some bucket in resource.all("aws_s3_bucket")
	bucket.values.acl == "authenticated-read"
}

authenticated_acls contains [bucket, grant._at] if {
	some bucket in resource.all("aws_s3_bucket")
	some grant in bucket.values.grant
	grant.uri == "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
}

# METADATA
# title: Bucket ACLs are hidden from the public
# description: >-
#   Who may read an ACL sees whom the bucket trusts and which doors it leaves open.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_s3_bucket
#   reads: [grant.uri, grant.permissions]
#   weighs: [public_access_block, public_access_block.block_public_acls, public_access_block.ignore_public_acls]
#   controls: [DP-1]
#   remedy: 'remove the grant to AllUsers'
acl_public_acp contains finding.tagged(bucket, place, "an ACL grant lets everyone read the bucket's ACL", "AllUsers") if {
	some [bucket, place] in public_acps
	acl_has_effect(bucket)
}

acl_public_acp contains finding.inconclusive(bucket, undecided, "it is unknown whether the public-access block disarms the public ACL") if {
	some [bucket, _] in public_acps
	some undecided in acl_may_have_effect(bucket)
}

# public_acps are pairs of a bucket and the grant that shows its ACL to everyone.
public_acps contains [bucket, grant._at] if {
	some bucket in resource.all("aws_s3_bucket")
	some grant in bucket.values.grant
	grant.uri == everyone
	some permission in grant.permissions
	permission in {"READ_ACP", "FULL_CONTROL"}
}

# METADATA
# title: Bucket ACLs let nobody rewrite the ACL
# description: >-
#   Whoever may write the ACL may give themselves, and everybody else, all the rest. Policies grant what is
#   needed without that.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_s3_bucket
#   reads: [grant.permissions]
#   controls: [DP-1, ID-3]
#   remedy: 'remove the grant of WRITE_ACP'
acl_write_acp contains finding.tagged(bucket, grant._at, "an ACL grant lets its grantee rewrite the bucket's ACL", "WRITE_ACP") if {
	some bucket in resource.all("aws_s3_bucket")
	some grant in bucket.values.grant
	value.has(grant, "permissions", "WRITE_ACP")
}

# METADATA
# title: Buckets state their default encryption
# description: >-
#   S3 encrypts every new object with its own keys since January 2023. A written configuration says so to those
#   who read the template, and is where a key of one's own is named.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-bucket-encryption.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_s3_bucket
#   weighs: [server_side_encryption_configuration]
#   controls: [DP-3]
#   remedy: 'add aws_s3_bucket_server_side_encryption_configuration / BucketEncryption'
bucket_encryption_explicit contains finding.at(bucket, "", "the bucket does not state its default encryption") if {
	some bucket in resource.all("aws_s3_bucket")
	bucket.values.server_side_encryption_configuration == null
}

# A configuration with an unknown key is one.
bucket_encryption_explicit contains finding.inconclusive(bucket, "server_side_encryption_configuration", "it is unknown whether the bucket states its default encryption") if {
	some bucket in resource.all("aws_s3_bucket")
	value.hidden(bucket, "server_side_encryption_configuration")
}

# METADATA
# title: CORS rules name the sites that may write
# description: >-
#   A rule for every origin lets the script of any website that a visitor opens change objects with whatever
#   the visitor's browser holds. Reading from every origin is how public files are served, and not judged.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_s3_bucket
#   weighs: [cors_rule, cors_rule.allowed_origins, cors_rule.allowed_methods]
#   controls: [ID-13]
#   remedy: 'list the origins in allowed_origins / AllowedOrigins'
cors contains finding.at(bucket, value.path(entry, "allowed_origins"), sprintf("scripts of any website may %s objects", [method])) if {
	some bucket in resource.all("aws_s3_bucket")
	some entry in bucket.values.cors_rule
	value.has(entry, "allowed_origins", "*")
	method := min([m | some m in entry.allowed_methods; m in changing])
}

cors contains finding.inconclusive(bucket, value.path(entry, undecided), "it is unknown whether scripts of any website may change objects") if {
	some bucket in resource.all("aws_s3_bucket")
	some entry in bucket.values.cors_rule
	may_hold(entry, "allowed_origins", {"*"})
	may_hold(entry, "allowed_methods", changing)
	some undecided in ["allowed_origins", "allowed_methods"]
	value.unsettled(entry, undecided)
}

cors contains finding.inconclusive(bucket, "cors_rule", "it is unknown whether scripts of any website may change objects") if {
	some bucket in resource.all("aws_s3_bucket")
	value.hidden(bucket, "cors_rule")
}

changing := {"PUT", "POST", "DELETE"}

may_hold(entry, list, members) if {
	some member in members
	value.has(entry, list, member)
}

may_hold(entry, list, _) if value.unsettled(entry, list)

# METADATA
# title: Buckets send event notifications
# description: >-
#   Notifications let something look at what arrives, scan it, or raise an alarm when objects go.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_s3_bucket
#   weighs: [notification]
#   controls: [IR-2, DT-10]
#   remedy: 'add aws_s3_bucket_notification / NotificationConfiguration, if only with EventBridge'
event_notifications contains finding.at(bucket, "", "the bucket tells nobody what happens in it") if {
	some bucket in resource.all("aws_s3_bucket")
	bucket.values.notification == null
}

event_notifications contains finding.inconclusive(bucket, "notification", "it is unknown whether the bucket sends event notifications") if {
	some bucket in resource.all("aws_s3_bucket")
	value.hidden(bucket, "notification")
}

# METADATA
# title: Versions are deleted only with MFA
# description: >-
#   With MFA delete stolen keys alone cannot destroy versions. Only the root user can switch it on, S3 refuses it
#   beside a lifecycle configuration, and CloudFormation cannot express it.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiFactorAuthenticationDelete.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_s3_bucket
#   reads: [versioning.enabled, mfa_delete]
#   weighs: [lifecycle_rule]
#   controls: [DP-2, ID-2]
#   remedy: 'set mfa_delete = "Enabled" with the root user and its device'
mfa_delete contains finding.at(bucket, "mfa_delete", "versions can be deleted without MFA") if {
	some bucket in resource.all("aws_s3_bucket")
	bucket.values.versioning.enabled == true
	bucket.values.mfa_delete == false
	value.none(bucket, "lifecycle_rule")
}

mfa_delete_applies contains bucket.id if {
	some bucket in resource.all("aws_s3_bucket")
	may_keep_versions(bucket)
	may_lack_lifecycle(bucket)
}

may_keep_versions(bucket) if value.is(bucket, "versioning.enabled", true)

may_keep_versions(bucket) if {
	value.unsettled(bucket, "versioning.enabled")
	value.may_be(bucket, "mfa_delete", false)
}

may_lack_lifecycle(bucket) if value.none(bucket, "lifecycle_rule")

may_lack_lifecycle(bucket) if value.hidden(bucket, "lifecycle_rule")

mfa_delete contains finding.inconclusive(bucket, "lifecycle_rule", "it is unknown whether a lifecycle configuration excludes MFA delete") if {
	some bucket in resource.all("aws_s3_bucket")
	value.may_be(bucket, "mfa_delete", false)
	value.hidden(bucket, "lifecycle_rule")
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
#   controls: [GV-2]
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
	document.anyone(statement)
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
	document.anyone(statement)
	document.acts(statement, "s3:PutBucketPolicy")
	statement.conditions == []
	value.settled(statement, "conditions")
}

# names_bucket: the pattern covers a bucket itself, and not only its objects.
names_bucket(name) if regex.match(`^[^/]*$`, name)
