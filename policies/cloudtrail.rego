# The account's audit trail.
package demarc.cloudtrail

import data.demarc.lib.condition
import data.demarc.lib.document
import data.demarc.lib.finding
import data.demarc.lib.resource
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
