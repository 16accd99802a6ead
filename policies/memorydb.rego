# In-memory databases.
package demarc.memorydb

import data.demarc.lib.finding
import data.demarc.lib.resource

# METADATA
# title: In-memory databases demand TLS
# description: >-
#   A cluster demands TLS unless this is switched off; a cluster without it cannot use access control
#   lists either, so anyone who reaches it is let in.
# related_resources:
#   - https://docs.aws.amazon.com/memorydb/latest/devguide/in-transit-encryption.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_memorydb_cluster
#   reads: [tls_enabled]
#   controls: [TR-4]
#   aliases: {checkov: [CKV_AWS_202]}
#   remedy: 'set tls_enabled = true / TLSEnabled: true'
tls contains finding.at(cluster, "tls_enabled", "clients speak to the cluster in clear") if {
	some cluster in resource.all("aws_memorydb_cluster")
	cluster.values.tls_enabled == false
}
