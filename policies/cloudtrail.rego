# The account's audit trail.
package demarc.cloudtrail

import data.demarc.lib.account
import data.demarc.lib.condition
import data.demarc.lib.document
import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.selector
import data.demarc.lib.value

trails := resource.all("aws_cloudtrail")

# METADATA
# title: Trails cover every region
# description: >-
#   Whoever takes over an account works where nobody looks. A trail of one region does not see the others.
# related_resources:
#   - https://docs.aws.amazon.com/awscloudtrail/latest/userguide/receive-cloudtrail-log-files-from-multiple-regions.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_cloudtrail
#   reads: [is_multi_region_trail]
#   aspects: [DT-1.b]
#   remedy: 'set is_multi_region_trail = true / IsMultiRegionTrail: true'
multi_region contains finding.at(trail, "is_multi_region_trail", "the trail covers one region only") if {
	some trail in trails
	trail.values.is_multi_region_trail == false
}

# METADATA
# title: Trail files can be proved untouched
# description: >-
#   With log file validation CloudTrail signs a digest of its files every hour; without it nobody can tell
#   whether a record was taken away.
# related_resources:
#   - https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_cloudtrail
#   reads: [enable_log_file_validation]
#   aspects: [DT-2.e]
#   remedy: 'set enable_log_file_validation = true / EnableLogFileValidation: true'
log_file_validation contains finding.at(trail, "enable_log_file_validation", "nothing proves that the trail's files are untouched") if {
	some trail in trails
	trail.values.enable_log_file_validation == false
}

# METADATA
# title: Trails are encrypted with a KMS key
# description: >-
#   A key of your own decides who may read the trail, beside the bucket policy.
# related_resources:
#   - https://docs.aws.amazon.com/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_cloudtrail
#   presence: [kms_key_id]
#   pedantic: [DT-2.f]
#   remedy: set kms_key_id / KMSKeyId to a key whose policy lets CloudTrail use it
kms_encryption contains finding.at(trail, "kms_key_id", "no KMS key encrypts the trail") if {
	some trail in trails
	value.none(trail, "kms_key_id")
}

# METADATA
# title: Trails are switched on
# description: >-
#   A trail that does not log records nothing.
# related_resources:
#   - https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-turning-off-logging.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_cloudtrail
#   reads: [enable_logging]
#   aspects: [DT-1.a]
#   remedy: 'set enable_logging = true / IsLogging: true'
logging_enabled contains finding.at(trail, "enable_logging", "the trail is switched off") if {
	some trail in trails
	trail.values.enable_logging == false
}

# METADATA
# title: Trails record global services
# description: >-
#   IAM, STS and CloudFront are global: their events are recorded only where global service events are
#   included.
# related_resources:
#   - https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_cloudtrail
#   reads: [include_global_service_events]
#   weighs: [is_multi_region_trail, event_selector, event_selector.include_management_events, advanced_event_selector]
#   aspects: [DT-1.c]
#   remedy: 'set include_global_service_events = true / IncludeGlobalServiceEvents: true'
global_service_events contains finding.at(trail, "include_global_service_events", "events of IAM and STS are not recorded") if {
	some trail in trails
	trail.values.include_global_service_events == false
	value.differs(trail, "is_multi_region_trail", true)
}

# Events of global services are management events.
# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html
global_service_events_applies contains trail.id if {
	some trail in trails
	resource.lacks_all(trail, ["event_selector", "advanced_event_selector"])
}

global_service_events_applies contains trail.id if {
	some trail in trails
	some selector in trail.values.event_selector
	value.may_be(selector, "include_management_events", true)
}

global_service_events_applies contains trail.id if {
	some trail in trails
	some selector in trail.values.advanced_event_selector
	some wanted in selector.field_selector
	value.is(wanted, "field", "eventCategory")
	value.has(wanted, "equals", "Management")
}

global_service_events_applies contains trail.id if {
	some trail in trails
	some path in ["event_selector", "advanced_event_selector"]
	value.hidden(trail, path)
}

# CloudTrail refuses a trail of every region that leaves them out.
global_service_events contains finding.inconclusive(trail, "is_multi_region_trail", "it is unknown whether events of IAM and STS are recorded") if {
	some trail in trails
	trail.values.include_global_service_events == false
	value.unsettled(trail, "is_multi_region_trail")
}

# METADATA
# title: Trail events reach CloudWatch Logs
# description: >-
#   In a bucket events are kept; in CloudWatch Logs they can raise an alarm.
# related_resources:
#   - https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_cloudtrail
#   presence: [cloud_watch_logs_group_arn]
#   aspects: [DT-3.a]
#   remedy: set cloud_watch_logs_group_arn and the role that writes to it
cloudwatch_logs contains finding.at(trail, "cloud_watch_logs_group_arn", "the trail's events do not reach CloudWatch Logs") if {
	some trail in trails
	value.none(trail, "cloud_watch_logs_group_arn")
}

# METADATA
# title: Audit logs are kept for a year
# description: >-
#   An intrusion is often found months later. Records that were deleted by then cannot tell how it came
#   about.
# related_resources:
#   - https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_s3_bucket
#   reads: [lifecycle_rule.enabled, lifecycle_rule.expiration_days]
#   aspects: [DT-4.a]
#   options: {days: {default: 365, about: days that the trail's records are kept at least}}
#   remedy: let the lifecycle rule of the trail's bucket expire objects after 365 days or later
bucket_retention contains finding.tagged(bucket, value.path(rule, "expiration_days"), message, "expiration") if {
	some bucket in trail_buckets
	some rule in bucket.values.lifecycle_rule
	rule.enabled == true
	value.below(rule, "expiration_days", value.option("cloudtrail/bucket-retention", "days"))
	message := sprintf("the trail's bucket deletes records after %d days", [rule.expiration_days])
}

bucket_retention_applies contains bucket.id if some bucket in trail_buckets

trail_buckets contains bucket if {
	some trail in trails
	some bucket in resource.targets(trail, "s3_bucket_name", "aws_s3_bucket")
}

# METADATA
# title: The trail's bucket takes files from this trail only
# description: >-
#   Without a condition on aws:SourceArn anybody's trail may write into the bucket, and so plant false
#   records.
# related_resources:
#   - https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_s3_bucket
#   weighs: [policy]
#   aspects: [ID-8.e, DT-12.b]
#   remedy: add a condition on aws:SourceArn (the trail) or aws:SourceAccount to the statement
bucket_policy_source contains finding.tagged(bucket, value.path(statement, "principals"), message, document.label(statement)) if {
	some [bucket, statement] in admitting_trails
	condition.not_narrowed(statement)
	message := "any account's trail may write into this bucket"
}

bucket_policy_source contains finding.inconclusive(bucket, value.path(statement, "conditions"), "it is unknown whose trail may write into this bucket") if {
	some [bucket, statement] in admitting_trails
	condition.may_be_narrowed(statement)
}

# admitting_trails are the statements that let CloudTrail write, with their bucket.
admitting_trails contains [bucket, statement] if {
	some bucket in document.carriers("aws_s3_bucket", "policy")
	some statement in document.allows(bucket.values.policy)
	some principal in statement.principals
	"cloudtrail.amazonaws.com" in principal.identifiers
	document.acts(statement, "s3:PutObject")
}

bucket_policy_source_applies contains bucket.id if {
	some bucket in resource.all("aws_s3_bucket")
	some statement in bucket.values.policy.statements
	some principal in statement.principals
	"cloudtrail.amazonaws.com" in principal.identifiers
}

# METADATA
# title: Event data stores collect from every region
# description: >-
#   What happens in a region that is left out cannot be searched afterwards.
# related_resources:
#   - https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-event-data-store-cloudtrail.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_cloudtrail_event_data_store
#   reads: [multi_region_enabled]
#   aspects: [DT-1.b]
#   remedy: 'set multi_region_enabled = true / MultiRegionEnabled: true'
event_data_store_multi_region contains finding.at(store, "multi_region_enabled", "the event data store collects from one region only") if {
	some store in resource.all("aws_cloudtrail_event_data_store")
	store.values.multi_region_enabled == false
}

# METADATA
# title: Event data stores cannot be deleted at a stroke
# description: >-
#   Whoever wants to hide what was done deletes the record of it first; and an intrusion is often found
#   months later.
# related_resources:
#   - https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-event-data-store-cloudtrail.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_cloudtrail_event_data_store
#   reads: [termination_protection_enabled, retention_period]
#   aspects: [DT-2.i, DT-4.a]
#   options: {days: {default: 365, about: days that events are kept at least}}
#   remedy: 'leave termination_protection_enabled at true and keep events for a year'
event_data_store_protected contains finding.at(store, "termination_protection_enabled", "the event data store can be deleted at a stroke") if {
	some store in resource.all("aws_cloudtrail_event_data_store")
	store.values.termination_protection_enabled == false
}

event_data_store_protected contains finding.tagged(store, "retention_period", message, "retention") if {
	some store in resource.all("aws_cloudtrail_event_data_store")
	value.below(store, "retention_period", value.option("cloudtrail/event-data-store-protected", "days"))
	message := sprintf("events are deleted after %d days", [store.values.retention_period])
}

# METADATA
# title: Trails record all management events
# description: >-
#   A trail of writes alone does not show who looked around first; one of data events alone shows neither.
# related_resources:
#   - https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_cloudtrail
#   reads: [event_selector, advanced_event_selector]
#   aspects: [DT-1.c]
#   remedy: 'let one selector include management events, with read_write_type All'
management_events contains finding.at(trail, "event_selector", "no selector of the trail records all management events") if {
	some trail in trails
	value.differs(trail, "event_selector", [])
	value.lacks_block(trail, "event_selector", {"include_management_events": true, "read_write_type": "All"})
	none_elsewhere(trail)
}

management_events contains finding.at(trail, "advanced_event_selector", "no selector of the trail records all management events") if {
	some trail in trails
	value.differs(trail, "advanced_event_selector", [])
	value.settled(trail, "advanced_event_selector")
	selector.leaves_management_out(trail.values.advanced_event_selector)
	none_elsewhere(trail)
}

# A trail for data events often stands beside one for all management events.
none_elsewhere(trail) if selector.alone(trail, trails)

# METADATA
# title: Trails that record objects record reads and writes
# description: >-
#   Reads alone do not show what was replaced or deleted; writes alone do not show what was taken.
# related_resources:
#   - https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_cloudtrail
#   reads: [event_selector]
#   aspects: [DT-1.d]
#   remedy: 'set read_write_type = "All" / ReadWriteType: All'
s3_data_events contains finding.at(trail, value.path(events, "read_write_type"), sprintf("the trail records objects as %s", [events.read_write_type])) if {
	some [trail, events] in object_events
	value.outside(events, "read_write_type", {"All"})
}

s3_data_events_applies contains trail.id if some [trail, _] in object_events

s3_data_events_applies contains trail.id if {
	some trail in trails
	value.unsettled(trail, "event_selector")
}

object_events contains [trail, events] if {
	some trail in trails
	some events in trail.values.event_selector
	some recorded in events.data_resource
	recorded.type == "AWS::S3::Object"
}

# METADATA
# title: Trails announce new files
# description: >-
#   A topic lets whoever watches read the trail as it comes.
# related_resources:
#   - https://docs.aws.amazon.com/awscloudtrail/latest/userguide/configure-sns-notifications-for-cloudtrail.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_cloudtrail
#   presence: [sns_topic_name]
#   aspects: [DT-3.b]
#   remedy: 'set sns_topic_name / SnsTopicName'
sns_topic contains finding.at(trail, "sns_topic_name", "no topic announces the trail's files") if {
	some trail in trails
	value.none(trail, "sns_topic_name")
}

# METADATA
# title: The trail's bucket keeps versions
# description: >-
#   A record that is overwritten or deleted can be had back from its former version.
# related_resources:
#   - https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_s3_bucket
#   reads: [versioning.enabled]
#   aspects: [DT-2.d]
#   remedy: 'enable versioning on the bucket'
bucket_versioning contains finding.at(bucket, "versioning.enabled", "the bucket of the trail keeps no versions") if {
	some bucket in trail_buckets
	value.is(bucket, "versioning.enabled", false)
}

bucket_versioning_applies contains bucket.id if some bucket in trail_buckets

# METADATA
# title: The trail's bucket logs who reads it
# description: >-
#   Access logs show who read the records, or tried to take them away.
# related_resources:
#   - https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_s3_bucket
#   reads: [logging]
#   aspects: [DT-2.g]
#   remedy: 'send the access log of the bucket to another bucket'
bucket_access_logging contains finding.at(bucket, "logging", "nobody can tell who reads the bucket of the trail") if {
	some bucket in trail_buckets
	value.none(bucket, "logging")
}

bucket_access_logging_applies contains bucket.id if some bucket in trail_buckets

# METADATA
# title: The trail's bucket is written by AWS alone
# description: >-
#   Whoever may write or delete records may take out the traces of what was done.
# related_resources:
#   - https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_s3_bucket
#   weighs: [policy]
#   aspects: [DT-2.a]
#   remedy: 'leave writing to CloudTrail''s service principal, and give people s3:GetObject'
bucket_policy_read_only contains finding.tagged(bucket, value.path(statement, "principals"), message, document.label(statement)) if {
	some bucket in trail_buckets
	some statement in document.allows(bucket.values.policy)
	writes_records(statement)
	message := sprintf("%s lets others than AWS's services write or delete the trail's records", [document.label(statement)])
}

bucket_policy_read_only contains finding.inconclusive(bucket, value.path(statement, member), "it is unknown who may write the trail's records") if {
	some bucket in trail_buckets
	some statement in bucket.values.policy.statements
	some member in ["effect", "actions", "principals"]
	value.may_be(statement, "effect", "Allow")
	value.unsettled(statement, member)
}

bucket_policy_read_only contains finding.inconclusive(bucket, "policy", "the policy of the trail's bucket, or a part of it, is unknown") if {
	some bucket in trail_buckets
	document.partly_listed(bucket, "policy")
}

writes_records(statement) if {
	some principal in statement.principals
	principal.type in {"AWS", "*"}
	document.acts_on_any(statement, {"s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:DeleteBucket", "s3:PutBucketPolicy", "s3:PutLifecycleConfiguration"})
}

bucket_policy_read_only_applies contains bucket.id if {
	some bucket in trail_buckets
	value.may_differ(bucket, "policy", null)
}

# METADATA
# title: Roots that manage the account make a trail
# description: >-
#   Without a trail the account keeps ninety days of management events, and nothing else.
# related_resources:
#   - https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-create-and-update-a-trail.html
# custom:
#   severity: medium
#   profile: extended
#   subject: [aws_organizations_organization, aws_iam_account_password_policy, aws_account_alternate_contact, aws_s3_account_public_access_block, aws_securityhub_account, aws_guardduty_detector, aws_config_configuration_recorder, aws_accessanalyzer_analyzer]
#   aspects: [DT-1.a]
#   only_breaks: [DT-1.a]
#   remedy: 'add aws_cloudtrail / AWS::CloudTrail::Trail, or let the trail of the organisation cover it'
trail_present contains f if some f in account.absent(["aws_cloudtrail", "aws_cloudtrail_event_data_store"], "trail")

trail_present_applies contains r.id if some r in account.roots
