# Queues.
package demarc.sqs

import data.demarc.lib.audience
import data.demarc.lib.document
import data.demarc.lib.finding
import data.demarc.lib.key
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Queues are encrypted
# description: >-
#   SQS encrypts new queues with a key of its own. A queue that switches this off and names no KMS key
#   keeps its messages in clear.
# related_resources:
#   - https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_sqs_queue
#   weighs: [sqs_managed_sse_enabled, kms_master_key_id]
#   pedantic: [DP-10.a]
#   remedy: 'set kms_master_key_id, or remove sqs_managed_sse_enabled = false'
encryption contains finding.at(queue, "sqs_managed_sse_enabled", "the queue's messages are not encrypted") if {
	some queue in resource.all("aws_sqs_queue")
	queue.values.sqs_managed_sse_enabled == false
	value.none(queue, "kms_master_key_id")
}

encryption contains finding.inconclusive(queue, undecided, "it is unknown whether the queue's messages are encrypted") if {
	some queue in resource.all("aws_sqs_queue")
	value.may_be(queue, "sqs_managed_sse_enabled", false)
	resource.may_lack(queue, "kms_master_key_id")
	some undecided in ["sqs_managed_sse_enabled", "kms_master_key_id"]
	value.unsettled(queue, undecided)
}

# METADATA
# title: Queue policies name who may use the queue
# description: >-
#   A statement that allows everybody to send puts forged messages before your consumers; one that allows
#   to receive gives the messages away.
# related_resources:
#   - https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_sqs_queue
#   weighs: [policy]
#   aspects: [ID-9.a]
#   remedy: name the principals, or add a condition on aws:SourceArn
policy_public contains f if {
	some queue in document.carriers("aws_sqs_queue", "policy")
	some f in audience.public_findings(queue, "policy", "the queue policy")
}

# METADATA
# title: Queues that use KMS use a key of the customer's own
# description: >-
#   The key alias/aws/sqs has no policy of yours, and other services and accounts cannot use it.
# related_resources:
#   - https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_sqs_queue
#   presence: [kms_master_key_id]
#   pedantic: [DP-10.a]
#   remedy: set kms_master_key_id / KmsMasterKeyId to a key of your own
encryption_cmk contains finding.at(queue, "kms_master_key_id", "the key is AWS's own") if {
	some queue in resource.all("aws_sqs_queue")
	key.kept_by_aws(queue, "kms_master_key_id")
}

encryption_cmk_applies contains queue.id if {
	some queue in resource.all("aws_sqs_queue")
	resource.set(queue, "kms_master_key_id")
}

# METADATA
# title: Queue policies name what they allow
# description: >-
#   A statement with sqs:* lets whom it is given to delete the queue and change its policy.
# related_resources:
#   - https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_sqs_queue
#   weighs: [policy]
#   aspects: [ID-3.d]
#   remedy: name the actions, such as sqs:SendMessage
policy_wildcard_action contains f if {
	some queue in document.carriers("aws_sqs_queue", "policy")
	some f in document.wildcard_findings(queue, "policy", "the queue policy", "sqs")
}

policy_wildcard_action contains finding.inconclusive(queue, "policy", "the queue policy, or a part of it, is unknown") if {
	some queue in document.carriers("aws_sqs_queue", "policy")
	document.partly_listed(queue, "policy")
}
