# Queues.
package demarc.sqs

import data.demarc.lib.audience
import data.demarc.lib.document
import data.demarc.lib.finding
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
