# Graph databases.
package demarc.neptune

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Graph databases encrypt their storage
# description: >-
#   Storage encryption covers the cluster's volume, its backups and its snapshots. It can only be chosen
#   when the cluster is made.
# related_resources:
#   - https://docs.aws.amazon.com/neptune/latest/userguide/encrypt.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_neptune_cluster
#   presence: [snapshot_identifier, replication_source_identifier]
#   reads: [storage_encrypted]
#   controls: [DP-10]
#   aliases: {checkov: [CKV_AWS_44], trivy: [AWS-0076, aws-neptune-enable-storage-encryption, AVD-AWS-0076], kics: [98d59056-f745-4ef5-8613-32bca8d40b7e, bf4473f1-c8a2-4b1b-8134-bd32efabab93]}
#   remedy: 'set storage_encrypted = true / StorageEncrypted: true'
storage_encryption contains finding.at(cluster, "storage_encrypted", "the database's storage is not encrypted") if {
	some cluster in resource.all("aws_neptune_cluster")
	cluster.id in storage_encryption_applies
	cluster.values.storage_encrypted == false
}

# A restored cluster, or a replica, is encrypted as its source is.
storage_encryption_applies contains cluster.id if {
	some cluster in resource.all("aws_neptune_cluster")
	value.none(cluster, "snapshot_identifier")
	value.none(cluster, "replication_source_identifier")
}
