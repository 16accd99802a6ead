# Streams that deliver.
package demarc.firehose

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.secret
import data.demarc.lib.value

# METADATA
# title: Delivery streams encrypt what they hold
# description: >-
#   Until it is delivered Firehose keeps what it was sent, unencrypted unless it is asked for more. Of a stream
#   of Kinesis the encryption counts there.
# related_resources:
#   - https://docs.aws.amazon.com/firehose/latest/dev/encryption.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_kinesis_firehose_delivery_stream
#   reads: [server_side_encryption.enabled]
#   presence: [kinesis_source_configuration, msk_source_configuration]
#   aspects: [DP-10.a]
#   remedy: 'set server_side_encryption { enabled = true } / DeliveryStreamEncryptionConfigurationInput: {KeyType: AWS_OWNED_CMK}'
encryption contains finding.at(stream, "server_side_encryption.enabled", "what was sent is held in clear until it is delivered") if {
	some stream in resource.all("aws_kinesis_firehose_delivery_stream")
	value.is(stream, "server_side_encryption.enabled", false)
}

encryption_applies contains stream.id if {
	some stream in resource.all("aws_kinesis_firehose_delivery_stream")
	resource.lacks_all(stream, ["kinesis_source_configuration", "msk_source_configuration"])
}

# METADATA
# title: Credentials of deliveries are not written in the source
# description: >-
#   A literal password or token is known to everyone who can read the repository, the plan or the state.
# related_resources:
#   - https://docs.aws.amazon.com/firehose/latest/dev/using-secrets-manager.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_kinesis_firehose_delivery_stream
#   weighs: [redshift_password, splunk_token, http_access_key]
#   aspects: [ID-14.c, OS-2.b]
#   secret: true
#   remedy: set secrets_manager_configuration / SecretsManagerConfiguration, or take it from a variable
literal_credential contains f if {
	some r in resource.all("aws_kinesis_firehose_delivery_stream")
	some f in secret.written(r, ["redshift_password", "splunk_token", "http_access_key"], "the credential of the destination")
}
