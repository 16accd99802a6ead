# Message brokers.
package demarc.mq

import data.demarc.lib.finding
import data.demarc.lib.resource

# METADATA
# title: Message brokers are not publicly accessible
# description: >-
#   A publicly accessible broker has a public address: only its security group and its password stand
#   between it and the internet.
# related_resources:
#   - https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/using-amazon-mq-securely.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_mq_broker
#   reads: [publicly_accessible]
#   aspects: [NW-16.a]
#   remedy: 'set publicly_accessible = false / PubliclyAccessible: false'
public_access contains finding.at(broker, "publicly_accessible", "the broker has a public address") if {
	some broker in resource.all("aws_mq_broker")
	broker.values.publicly_accessible == true
}
