# Access-control lists of buckets.
package demarc.s3

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

readable := {"public-read", "public-read-write", "website", "authenticated-read"}

# acl_has_effect: neither switch that disarms public ACLs is on. A bucket made
# since April 2023 has both on unless it says otherwise, but its author cannot
# then set a public ACL at all, so a written one is judged.
acl_has_effect(bucket) if {
	value.none(bucket, "public_access_block")
	acls_count(bucket)
}

acl_has_effect(bucket) if {
	bucket.values.public_access_block.block_public_acls == false
	bucket.values.public_access_block.ignore_public_acls == false
	acls_count(bucket)
}

# acls_count: the account's block leaves public ACLs of its buckets alone.
acls_count(bucket) if {
	"block_public_acls" in open_switches(bucket)
	"ignore_public_acls" in open_switches(bucket)
}

# Of a bucket that stands elsewhere, the ACL is what there is to judge.
acl_has_effect(bucket) if {
	resource.elsewhere(bucket, "public_access_block")
	acls_count(bucket)
}

# acl_may_have_effect gives the paths that leave it unknown.
acl_may_have_effect(bucket) := {path |
	value.may_be(bucket, "public_access_block.block_public_acls", false)
	value.may_be(bucket, "public_access_block.ignore_public_acls", false)
	some path in ["public_access_block.block_public_acls", "public_access_block.ignore_public_acls"]
	value.unsettled(bucket, path)
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
#   aspects: [DP-1.c]
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
#   aspects: [DP-1.c, OS-10.b]
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
#   aspects: [DP-1.c]
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
#   aspects: [DP-1.c]
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
#   aspects: [DP-1.c]
#   remedy: 'remove the grant of WRITE_ACP'
acl_write_acp contains finding.tagged(bucket, grant._at, "an ACL grant lets its grantee rewrite the bucket's ACL", "WRITE_ACP") if {
	some bucket in resource.all("aws_s3_bucket")
	some grant in bucket.values.grant
	value.has(grant, "permissions", "WRITE_ACP")
}
