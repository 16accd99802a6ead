# Topics.
package demarc.sns

import data.demarc.lib.document
import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Topics are encrypted
# description: >-
#   Without a KMS key SNS keeps messages in clear while it delivers them. The AWS-managed key alias/aws/sns
#   keeps CloudWatch alarms, S3 and EventBridge from publishing; a key of your own does not have to.
# related_resources:
#   - https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_sns_topic
#   presence: [kms_master_key_id]
#   controls: [DP-10]
#   aliases: {checkov: [CKV_AWS_26], trivy: [AWS-0095, aws-sns-enable-topic-encryption, AVD-AWS-0095], kics: [28545147-2fc6-42d5-a1f9-cf226658e591, 9d13b150-a2ab-42a1-b6f4-142e41f81e52]}
#   remedy: set kms_master_key_id to a key of your own
encryption contains finding.at(topic, "kms_master_key_id", "the topic's messages are not encrypted") if {
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
#   controls: [ID-9]
#   aliases: {checkov: [CKV_AWS_169], kics: [b26d2b7e-60f6-413d-a3a1-a57db24aa2b3, ae53ce91-42b5-46bf-a84f-9a13366a4f13]}
#   remedy: name the principals, or add a condition on aws:SourceArn or aws:SourceAccount
policy_public contains f if {
	some topic in document.carriers("aws_sns_topic", "policy")
	some f in document.public_findings(topic, "policy", "the topic policy")
}
