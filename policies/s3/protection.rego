# What protects objects, and what records who asked for them.
package demarc.s3

import data.demarc.lib.document
import data.demarc.lib.finding
import data.demarc.lib.key
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Buckets keep versions of their objects
# description: >-
#   With versioning, an object that was overwritten or deleted by mistake, by a bug or by an intruder can
#   be brought back.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_s3_bucket
#   reads: [versioning.enabled]
#   aspects: [DP-2.a]
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
#   aspects: [DP-3.a]
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
#   pedantic: [DP-3.b]
#   only_keeps: [DP-3.b]
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
#   pedantic: [DT-7.a]
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
#   pedantic: [DP-3.a]
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
# title: Buckets send event notifications
# description: >-
#   Notifications let something look at what arrives, scan it, or raise an alarm when objects go.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_s3_bucket
#   weighs: [notification, notification.topic, notification.queue, notification.lambda_function, notification.eventbridge]
#   pedantic: [DT-3.b]
#   remedy: 'add aws_s3_bucket_notification / NotificationConfiguration, if only with EventBridge'
event_notifications contains finding.at(bucket, "", "the bucket tells nobody what happens in it") if {
	some bucket in resource.all("aws_s3_bucket")
	bucket.values.notification == null
}

# A configuration that sets nothing up.
event_notifications contains finding.at(bucket, "notification", "the bucket tells nobody what happens in it") if {
	some bucket in resource.all("aws_s3_bucket")
	is_object(bucket.values.notification)
	resource.lacks_all(bucket, ["notification.topic", "notification.queue", "notification.lambda_function"])
	value.differs(bucket, "notification.eventbridge", true)
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
#   pedantic: [DP-2.b]
#   only_keeps: [DP-2.b]
#   remedy: 'set mfa_delete = "Enabled" with the root user and its device'
mfa_delete contains finding.at(bucket, "mfa_delete", "versions can be deleted without MFA") if {
	some bucket in resource.all("aws_s3_bucket")
	bucket.values.versioning.enabled == true
	bucket.values.mfa_delete == false
	value.none(bucket, "lifecycle_rule")
}

mfa_delete contains finding.inconclusive(bucket, "lifecycle_rule", "it is unknown whether a lifecycle configuration excludes MFA delete") if {
	some bucket in resource.all("aws_s3_bucket")
	value.may_be(bucket, "mfa_delete", false)
	value.hidden(bucket, "lifecycle_rule")
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
