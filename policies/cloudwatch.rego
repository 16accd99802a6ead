# Logs and alarms.
package demarc.cloudwatch

import data.demarc.lib.audience
import data.demarc.lib.document
import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Log groups state how long they keep events
# description: >-
#   A log group without a retention keeps events for ever, which nobody decided. Say how long they are
#   needed. (The class DELIVERY has a retention of its own.)
# related_resources:
#   - https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_cloudwatch_log_group
#   when: [log_group_class]
#   reads: [retention_in_days]
#   aspects: [DT-11.a]
#   remedy: 'set retention_in_days / RetentionInDays'
log_group_retention contains finding.at(group, "retention_in_days", "the log group states no retention") if {
	some group in resource.all("aws_cloudwatch_log_group")
	group.values.retention_in_days == 0
}

# How long the class DELIVERY keeps events cannot be chosen.
log_group_retention_applies contains group.id if {
	some group in resource.all("aws_cloudwatch_log_group")
	value.differs(group, "log_group_class", "DELIVERY")
}

# METADATA
# title: Log groups are encrypted with a key the customer owns
# description: >-
#   CloudWatch Logs encrypts with a key of its own. A KMS key adds a second lock and a log of its use.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_cloudwatch_log_group
#   presence: [kms_key_id]
#   pedantic: [DT-11.b]
#   remedy: set kms_key_id to a key whose policy lets CloudWatch Logs use it
log_group_cmk contains finding.at(group, "kms_key_id", "no KMS key of the customer's own encrypts the log group") if {
	some group in resource.all("aws_cloudwatch_log_group")
	value.none(group, "kms_key_id")
}

# METADATA
# title: Log resource policies name who may write
# description: >-
#   A policy that lets everybody put log events lets strangers forge them.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_cloudwatch_log_resource_policy
#   weighs: [policy_document]
#   aspects: [ID-9.a, DT-11.b]
#   only_breaks: [DT-11.b]
#   remedy: name the service, and add a condition on aws:SourceArn or aws:SourceAccount
log_resource_policy_public contains f if {
	some policy in document.carriers("aws_cloudwatch_log_resource_policy", "policy_document")
	some f in audience.public_findings(policy, "policy_document", "the log resource policy")
}
