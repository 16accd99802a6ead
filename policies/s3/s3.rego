# Object storage: who can reach a bucket, what protects what lies in it.
package demarc.s3

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

switches := ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"]

everyone := "http://acs.amazonaws.com/groups/global/AllUsers"

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
#   aspects: [DP-1.b]
#   remedy: 'add a public-access block with all four switches true (aws_s3_bucket_public_access_block / PublicAccessBlockConfiguration)'
public_access_block contains finding.at(bucket, "", "no public-access block is written for this bucket") if {
	some bucket in resource.all("aws_s3_bucket")
	bucket.values.public_access_block == null
}

public_access_block_applies contains bucket.id if {
	some bucket in resource.all("aws_s3_bucket")
	open_switches(bucket) != set()
}

# open_switches are those that the account's block does not put on for every
# bucket. https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
open_switches(bucket) := {switch |
	some switch in switches
	resource.without_default(bucket, "aws_s3_account_public_access_block", switch, true)
}

public_access_block contains finding.tagged(bucket, concat(".", ["public_access_block", switch]), message, switch) if {
	some bucket in resource.all("aws_s3_bucket")
	some switch in open_switches(bucket)
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
#   aspects: [DP-1.a]
#   remedy: set all four arguments to true
account_public_access_block contains finding.tagged(block, switch, message, switch) if {
	some block in resource.all("aws_s3_account_public_access_block")
	some switch in switches
	block.values[switch] == false
	message := sprintf("the account's public-access block leaves %s off", [switch])
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
#   pedantic: [DP-1.e]
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
#   aspects: [DP-1.b]
#   remedy: 'remove the public-access block, or set all its switches to true'
access_point_public_access_block contains finding.tagged(point, concat(".", ["public_access_block_configuration", switch]), message, switch) if {
	some type in ["aws_s3_access_point", "aws_s3control_multi_region_access_point"]
	some point in resource.all(type)
	some switch in switches
	value.is(point, concat(".", ["public_access_block_configuration", switch]), false)
	message := sprintf("the access point's public-access block leaves %s off", [switch])
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
#   aspects: [ID-13.c]
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
