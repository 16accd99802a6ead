# Kafka clusters.
package demarc.msk

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Kafka clusters demand TLS
# description: >-
#   Brokers demand TLS from clients and use it among themselves unless told otherwise; then messages and
#   passwords cross the network in clear.
# related_resources:
#   - https://docs.aws.amazon.com/msk/latest/developerguide/msk-encryption.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_msk_cluster
#   reads: [encryption_info.encryption_in_transit.client_broker, encryption_info.encryption_in_transit.in_cluster]
#   aspects: [TR-4.a]
#   remedy: 'set client_broker = "TLS" and in_cluster = true / ClientBroker: TLS, InCluster: true'
encryption_in_transit contains finding.at(cluster, "encryption_info.encryption_in_transit.client_broker", "clients may speak to the brokers in clear") if {
	some cluster in resource.all("aws_msk_cluster")
	some plain in ["PLAINTEXT", "TLS_PLAINTEXT"]
	value.is(cluster, "encryption_info.encryption_in_transit.client_broker", plain)
}

encryption_in_transit contains finding.at(cluster, "encryption_info.encryption_in_transit.in_cluster", "the brokers speak to each other in clear") if {
	some cluster in resource.all("aws_msk_cluster")
	value.is(cluster, "encryption_info.encryption_in_transit.in_cluster", false)
}

# METADATA
# title: Kafka clusters are not publicly accessible
# description: >-
#   With public access the brokers have public addresses: only security groups and the clients'
#   credentials keep the internet out.
# related_resources:
#   - https://docs.aws.amazon.com/msk/latest/developerguide/public-access.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_msk_cluster
#   reads: [broker_node_group_info.connectivity_info.public_access.type]
#   aspects: [NW-16.a]
#   remedy: set the type of public_access / PublicAccess to DISABLED
public_access contains finding.at(cluster, "broker_node_group_info.connectivity_info.public_access.type", "the brokers have public addresses") if {
	some cluster in resource.all("aws_msk_cluster")
	value.is(cluster, "broker_node_group_info.connectivity_info.public_access.type", "SERVICE_PROVIDED_EIPS")
}
