# Data streams.
package demarc.kinesis

import data.demarc.lib.audience
import data.demarc.lib.document
import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Streams are encrypted
# description: >-
#   With server-side encryption a record is encrypted before it is stored. It is off unless a stream
#   asks for it.
# related_resources:
#   - https://docs.aws.amazon.com/streams/latest/dev/server-side-encryption.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_kinesis_stream
#   reads: [encryption_type]
#   aspects: [DP-10.a]
#   remedy: 'set encryption_type = "KMS" and kms_key_id / StreamEncryption: {EncryptionType: KMS, KeyId: alias/aws/kinesis}'
stream_encryption contains finding.at(stream, "encryption_type", "the stream's records are not encrypted") if {
	some stream in resource.all("aws_kinesis_stream")
	value.is(stream, "encryption_type", "NONE")
}

# METADATA
# title: Stream policies name who may read and write
# description: >-
#   A statement that allows everybody gives the records to every account of AWS, or lets them put in records of
#   their own.
# related_resources:
#   - https://docs.aws.amazon.com/streams/latest/dev/resource-based-policy-examples.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_kinesis_resource_policy
#   weighs: [policy]
#   aspects: [ID-9.a]
#   remedy: name the principals, or add a condition on aws:PrincipalOrgID
resource_policy_public contains f if {
	some r in document.carriers("aws_kinesis_resource_policy", "policy")
	some f in audience.public_findings(r, "policy", "the policy of the stream")
}

# METADATA
# title: Streams keep their records for a week
# description: >-
#   A consumer that stops on a Friday finds its records on Monday only if they are still there.
# related_resources:
#   - https://docs.aws.amazon.com/streams/latest/dev/kinesis-extended-retention.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_kinesis_stream
#   reads: [retention_period]
#   pedantic: [RS-1.a]
#   remedy: 'set retention_period = 168 / RetentionPeriodHours: 168'
stream_retention contains finding.at(stream, "retention_period", message) if {
	some stream in resource.all("aws_kinesis_stream")
	value.below(stream, "retention_period", 168)
	message := sprintf("records are kept for %v hours, fewer than 168", [stream.values.retention_period])
}
