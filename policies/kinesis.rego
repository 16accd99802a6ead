# Data streams.
package demarc.kinesis

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
