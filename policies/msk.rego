# Kafka clusters.
package demarc.msk

import data.demarc.lib.audience
import data.demarc.lib.document
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

# METADATA
# title: Kafka brokers send their logs somewhere
# description: >-
#   Without a destination the logs of the brokers are not kept: nobody can say who connected, or what failed.
# related_resources:
#   - https://docs.aws.amazon.com/msk/latest/developerguide/msk-logging.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_msk_cluster
#   reads: [broker_logs]
#   aspects: [DT-7.c]
#   remedy: enable one of cloudwatch_logs, firehose and s3 in logging_info.broker_logs / LoggingInfo.BrokerLogs
broker_logging contains finding.at(cluster, "broker_logs", "the logs of the brokers are not kept") if {
	some cluster in resource.all("aws_msk_cluster")
	value.is(cluster, "broker_logs.cloudwatch", false)
	value.is(cluster, "broker_logs.firehose", false)
	value.is(cluster, "broker_logs.s3", false)
}

# METADATA
# title: Kafka clients say who they are
# description: >-
#   With unauthenticated access whoever reaches the brokers reads and writes every topic.
# related_resources:
#   - https://docs.aws.amazon.com/msk/latest/developerguide/msk-authentication.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_msk_cluster
#   reads: [unauthenticated]
#   aspects: [ID-13.b, ID-14.a]
#   remedy: remove unauthenticated / Unauthenticated, and set sasl or tls
client_authentication contains finding.at(cluster, "unauthenticated", "clients need not say who they are") if {
	some cluster in resource.all("aws_msk_cluster")
	value.is(cluster, "unauthenticated", true)
}

# METADATA
# title: Kafka clusters report metrics by topic
# description: >-
#   The default counts a cluster as a whole: which topic fills it, and who reads it, is not shown.
# related_resources:
#   - https://docs.aws.amazon.com/msk/latest/developerguide/metrics-details.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_msk_cluster
#   reads: [enhanced_monitoring]
#   pedantic: [DT-10.a]
#   remedy: 'set enhanced_monitoring = "PER_TOPIC_PER_BROKER" / EnhancedMonitoring'
topic_monitoring contains finding.at(cluster, "enhanced_monitoring", "metrics are not gathered by topic") if {
	some cluster in resource.all("aws_msk_cluster")
	some level in ["DEFAULT", "PER_BROKER"]
	value.is(cluster, "enhanced_monitoring", level)
}

# METADATA
# title: Cluster policies name who may use Kafka
# description: >-
#   A statement that allows everybody lets every account of AWS connect.
# related_resources:
#   - https://docs.aws.amazon.com/msk/latest/developerguide/mvpc-cluster-owner-action-policy.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_msk_cluster_policy
#   weighs: [policy]
#   aspects: [ID-9.a]
#   remedy: name the principals, or add a condition on aws:PrincipalOrgID
cluster_policy_public contains f if {
	some r in document.carriers("aws_msk_cluster_policy", "policy")
	some f in audience.public_findings(r, "policy", "the cluster policy")
}

# METADATA
# title: Kafka connectors use TLS
# description: >-
#   What a connector reads and writes crosses the network in clear unless it asks for TLS.
# related_resources:
#   - https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-connectors.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_mskconnect_connector
#   reads: [encryption_type]
#   aspects: [TR-4.a]
#   remedy: 'set encryption_type = "TLS" / EncryptionType: TLS'
connector_encryption_in_transit contains finding.at(connector, "encryption_type", "the connector speaks to the brokers in clear") if {
	some connector in resource.all("aws_mskconnect_connector")
	value.is(connector, "encryption_type", "PLAINTEXT")
}
