# Topics.
package demarc.sns

import data.demarc.lib.audience
import data.demarc.lib.document
import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Topics are encrypted with a KMS key
# description: >-
#   SNS encrypts its disks, and with a KMS key the messages themselves: who reads them then needs the key, and its
#   use stands in CloudTrail. The AWS-managed key alias/aws/sns keeps CloudWatch alarms, S3 and EventBridge from
#   publishing; a key of your own does not have to.
# related_resources:
#   - https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_sns_topic
#   presence: [kms_master_key_id]
#   aspects: [DP-10.a]
#   remedy: set kms_master_key_id to a key of your own
encryption contains finding.at(topic, "kms_master_key_id", "no KMS key of the customer's own keeps the topic's messages") if {
	some topic in resource.all("aws_sns_topic")
	value.none(topic, "kms_master_key_id")
}

# METADATA
# title: Topic policies name who may use the topic
# description: >-
#   A statement that allows everybody to publish lets strangers speak to your subscribers; one that allows
#   to subscribe sends them your messages.
# related_resources:
#   - https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_sns_topic
#   weighs: [policy]
#   aspects: [ID-9.a]
#   remedy: name the principals, or add a condition on aws:SourceArn or aws:SourceAccount
policy_public contains f if {
	some topic in document.carriers("aws_sns_topic", "policy")
	some f in audience.public_findings(topic, "policy", "the topic policy")
}
