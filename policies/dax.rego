# Accelerators of key-value tables.
package demarc.dax

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Table accelerators are encrypted at rest
# description: >-
#   An accelerator writes what it caches to disk, in clear unless told otherwise. Encryption can only be
#   chosen when the cluster is made.
# related_resources:
#   - https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DAXEncryptionAtRest.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_dax_cluster
#   reads: [server_side_encryption.enabled]
#   aspects: [DP-10.a]
#   remedy: 'set server_side_encryption { enabled = true } / SSESpecification.SSEEnabled: true'
encryption_at_rest contains finding.at(cluster, "server_side_encryption.enabled", "the accelerator is not encrypted at rest") if {
	some cluster in resource.all("aws_dax_cluster")
	cluster.values.server_side_encryption.enabled == false
}

# METADATA
# title: Table accelerators demand TLS
# description: >-
#   Clients speak to an accelerator in clear unless it is made with an encrypted endpoint.
# related_resources:
#   - https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DAXEncryptionInTransit.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_dax_cluster
#   reads: [cluster_endpoint_encryption_type]
#   aspects: [TR-4.a]
#   remedy: 'set cluster_endpoint_encryption_type = "TLS" / ClusterEndpointEncryptionType: TLS'
encryption_in_transit contains finding.at(cluster, "cluster_endpoint_encryption_type", "clients speak to the accelerator in clear") if {
	some cluster in resource.all("aws_dax_cluster")
	value.is(cluster, "cluster_endpoint_encryption_type", "NONE")
}
