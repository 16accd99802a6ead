# In-memory databases.
package demarc.memorydb

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.secret
import data.demarc.lib.value

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
#   aspects: [TR-4.a]
#   remedy: 'set tls_enabled = true / TLSEnabled: true'
tls contains finding.at(cluster, "tls_enabled", "clients speak to the cluster in clear") if {
	some cluster in resource.all("aws_memorydb_cluster")
	cluster.values.tls_enabled == false
}

# METADATA
# title: In-memory databases have an access control list of their own
# description: >-
#   The list open-access lets everybody who reaches the port do everything, without a password.
# related_resources:
#   - https://docs.aws.amazon.com/memorydb/latest/devguide/clusters.acls.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_memorydb_cluster
#   presence: [acl_name]
#   aspects: [ID-13.b, ID-14.a]
#   remedy: set acl_name / ACLName to an access control list with users of its own
acl_open_access contains finding.at(cluster, "acl_name", "everybody who reaches the cluster may do everything") if {
	some cluster in resource.all("aws_memorydb_cluster")
	value.is(cluster, "acl_name", "open-access")
}

# METADATA
# title: Passwords of in-memory databases are not written in the source
# description: >-
#   A literal password is known to everyone who can read the repository, the plan or the state.
# related_resources:
#   - https://docs.aws.amazon.com/memorydb/latest/devguide/clusters.acls.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_memorydb_user
#   weighs: [authentication_mode]
#   aspects: [ID-14.c]
#   secret: true
#   remedy: take it from a secret, or set the type of the authentication mode to iam
literal_password contains f if {
	some user in resource.all("aws_memorydb_user")
	some f in secret.written(user, ["authentication_mode.passwords"], "a user's password")
}

# METADATA
# title: In-memory databases keep snapshots
# description: >-
#   With a limit of 0 no snapshots are taken, and there is nothing to restore a damaged cluster from.
# related_resources:
#   - https://docs.aws.amazon.com/memorydb/latest/devguide/snapshots-automatic.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_memorydb_cluster
#   reads: [snapshot_retention_limit]
#   aspects: [RS-1.a]
#   options: {days: {default: 1, about: days that snapshots are kept at least}}
#   remedy: set snapshot_retention_limit / SnapshotRetentionLimit to 1 or more days
snapshot_retention contains finding.at(cluster, "snapshot_retention_limit", message) if {
	some cluster in resource.all("aws_memorydb_cluster")
	message := value.too_brief(cluster, "snapshot_retention_limit", value.option("memorydb/snapshot-retention", "days"), "snapshots")
}
