# Topics.
package demarc.sns

import data.demarc.lib.audience
import data.demarc.lib.document
import data.demarc.lib.finding
import data.demarc.lib.key
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

# METADATA
# title: Topics that use KMS use a key of the customer's own
# description: >-
#   The key alias/aws/sns has no policy of yours, and other services and accounts cannot use it.
# related_resources:
#   - https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_sns_topic
#   presence: [kms_master_key_id]
#   pedantic: [DP-10.a]
#   remedy: set kms_master_key_id / KmsMasterKeyId to a key of your own
encryption_cmk contains finding.at(topic, "kms_master_key_id", "the key is AWS's own") if {
	some topic in resource.all("aws_sns_topic")
	key.kept_by_aws(topic, "kms_master_key_id")
}

encryption_cmk_applies contains topic.id if {
	some topic in resource.all("aws_sns_topic")
	resource.set(topic, "kms_master_key_id")
}

# METADATA
# title: Topics deliver over HTTPS
# description: >-
#   Over HTTP everybody on the way reads the messages, and may change them.
# related_resources:
#   - https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_sns_topic_subscription
#   reads: [protocol]
#   aspects: [TR-1.b]
#   remedy: 'set protocol = "https" / Protocol: https'
subscription_https contains finding.at(subscription, "protocol", "messages are delivered in clear") if {
	some subscription in resource.all("aws_sns_topic_subscription")
	value.is(subscription, "protocol", "http")
}
