# Graph databases.
package demarc.neptune

import data.demarc.lib.database
import data.demarc.lib.finding
import data.demarc.lib.key
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
#   aspects: [DP-10.a]
#   remedy: 'set storage_encrypted = true / StorageEncrypted: true'
storage_encryption contains f if some f in database.in_clear("aws_neptune_cluster", "the database's storage")

# A restored cluster, or a replica, is encrypted as its source is.
storage_encryption_applies contains cluster.id if {
	some cluster in resource.all("aws_neptune_cluster")
	value.none(cluster, "snapshot_identifier")
	value.none(cluster, "replication_source_identifier")
}

# METADATA
# title: Graph databases publish their audit log
# description: >-
#   Exported to CloudWatch Logs, the audit log outlives the cluster. The parameter neptune_enable_audit_log
#   switches it on.
# related_resources:
#   - https://docs.aws.amazon.com/neptune/latest/userguide/auditing.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_neptune_cluster
#   weighs: [enable_cloudwatch_logs_exports]
#   aspects: [DT-7.b]
#   remedy: add "audit" to enable_cloudwatch_logs_exports / EnableCloudwatchLogsExports
audit_log_export contains finding.at(cluster, "enable_cloudwatch_logs_exports", "the cluster does not export its audit log") if {
	some cluster in resource.all("aws_neptune_cluster")
	value.lacks(cluster, "enable_cloudwatch_logs_exports", "audit")
}

audit_log_export contains finding.inconclusive(cluster, "enable_cloudwatch_logs_exports", "it is unknown whether the audit log is exported") if {
	some cluster in resource.all("aws_neptune_cluster")
	value.may_lack(cluster, "enable_cloudwatch_logs_exports", "audit")
}

# METADATA
# title: Graph databases keep backups for a week
# description: >-
#   A cluster keeps automatic backups for one day unless told otherwise: damage that is found later cannot
#   be undone.
# related_resources:
#   - https://docs.aws.amazon.com/neptune/latest/userguide/backup-restore-overview.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_neptune_cluster
#   reads: [backup_retention_period]
#   aspects: [RS-1.a]
#   options: {days: {default: 7, about: days that automatic backups are kept at least}}
#   remedy: set backup_retention_period / BackupRetentionPeriod to 7 days or more
backup_retention contains f if {
	days := value.option("neptune/backup-retention", "days")
	some f in database.kept_briefly(resource.all("aws_neptune_cluster"), days, "automatic backups")
}

# METADATA
# title: Graph databases are protected from deletion
# description: >-
#   With deletion protection a cluster can only be deleted in two deliberate steps.
# related_resources:
#   - https://docs.aws.amazon.com/neptune/latest/userguide/manage-console-instances-delete.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_neptune_cluster
#   reads: [deletion_protection]
#   aspects: [RS-3.c]
#   remedy: 'set deletion_protection = true / DeletionProtection: true'
deletion_protection contains f if some f in database.unprotected(resource.all("aws_neptune_cluster"), "the cluster")

# METADATA
# title: Analytics graphs are not reachable from the internet
# description: >-
#   A graph with public connectivity answers on the internet: only IAM stands between it and strangers.
# related_resources:
#   - https://docs.aws.amazon.com/neptune-analytics/latest/userguide/gettingStarted-connecting.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_neptunegraph_graph
#   reads: [public_connectivity]
#   aspects: [NW-2.b]
#   remedy: 'set public_connectivity = false / PublicConnectivity: false, and add a private endpoint'
graph_public_access contains finding.at(analytics, "public_connectivity", "the graph can be reached from the internet") if {
	some analytics in resource.all("aws_neptunegraph_graph")
	analytics.values.public_connectivity == true
}

# METADATA
# title: Graph databases ask clients who they are
# description: >-
#   Neptune has no passwords: without IAM authentication it answers everybody who reaches its port.
# related_resources:
#   - https://docs.aws.amazon.com/neptune/latest/userguide/iam-auth.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_neptune_cluster
#   reads: [iam_database_authentication_enabled]
#   aspects: [ID-14.a]
#   remedy: 'set iam_database_authentication_enabled = true / IamAuthEnabled: true'
iam_authentication contains finding.at(cluster, "iam_database_authentication_enabled", "the cluster answers everybody who reaches it") if {
	some cluster in resource.all("aws_neptune_cluster")
	cluster.values.iam_database_authentication_enabled == false
}

# METADATA
# title: Graph databases are not publicly accessible
# description: >-
#   An instance with a public endpoint can be reached from the internet: only its security group and IAM
#   stand in between.
# related_resources:
#   - https://docs.aws.amazon.com/neptune/latest/userguide/neptune-public-endpoints.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_neptune_cluster_instance
#   reads: [publicly_accessible]
#   aspects: [NW-2.b]
#   remedy: 'set publicly_accessible = false / PubliclyAccessible: false'
public_access contains finding.at(instance, "publicly_accessible", "the instance has a public endpoint") if {
	some instance in resource.all("aws_neptune_cluster_instance")
	instance.values.publicly_accessible == true
}

# METADATA
# title: Snapshots of graph databases are encrypted
# description: >-
#   A snapshot is encrypted as its cluster is. One that is taken of a cluster in clear stays so wherever it
#   is copied.
# related_resources:
#   - https://docs.aws.amazon.com/neptune/latest/userguide/encrypt.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_neptune_cluster_snapshot
#   weighs: [storage_encrypted, db_cluster_identifier]
#   aspects: [DP-10.a]
#   remedy: set storage_encrypted = true on the cluster
snapshot_encryption contains finding.at(snapshot, "db_cluster_identifier", "the snapshot is not encrypted, as its cluster is not") if {
	some snapshot in resource.all("aws_neptune_cluster_snapshot")
	value.none(snapshot, "storage_encrypted")
	some cluster in resource.targets(snapshot, "db_cluster_identifier", "aws_neptune_cluster")
	cluster.id in storage_encryption_applies
	cluster.values.storage_encrypted == false
}

# A plan or a state says it of the snapshot itself.
snapshot_encryption contains finding.at(snapshot, "storage_encrypted", "the snapshot is not encrypted") if {
	some snapshot in resource.all("aws_neptune_cluster_snapshot")
	snapshot.values.storage_encrypted == false
}

snapshot_encryption contains finding.inconclusive(snapshot, "db_cluster_identifier", "it is unknown whether the snapshot's cluster is encrypted") if {
	some snapshot in resource.all("aws_neptune_cluster_snapshot")
	value.differs(snapshot, "storage_encrypted", true)
	resource.targets(snapshot, "db_cluster_identifier", "aws_neptune_cluster") & encrypted == set()
}

encrypted contains cluster if {
	some cluster in resource.all("aws_neptune_cluster")
	cluster.values.storage_encrypted == true
}

# METADATA
# title: Graph databases are encrypted with a key the customer owns
# description: >-
#   By default AWS's own key encrypts a cluster or a graph. A key of your own has a policy of your own, and its use is
#   logged.
# related_resources:
#   - https://docs.aws.amazon.com/neptune/latest/userguide/encrypt.html
# custom:
#   severity: low
#   profile: extended
#   subject: [aws_neptune_cluster, aws_neptunegraph_graph]
#   presence: [snapshot_identifier, replication_source_identifier, kms_key_arn, kms_key_identifier]
#   pedantic: [DP-10.a]
#   remedy: set kms_key_arn (kms_key_identifier) / KmsKeyId (KmsKeyIdentifier) to a key of your own
customer_key contains f if {
	some cluster in resource.all("aws_neptune_cluster")
	some f in key.foreign(cluster, "kms_key_arn", "the cluster")
}

customer_key contains f if {
	some analytics in resource.all("aws_neptunegraph_graph")
	some f in key.foreign(analytics, "kms_key_identifier", "the graph")
}

# A restored cluster, or a replica, keeps the key of its source.
customer_key_applies contains id if some id in storage_encryption_applies

customer_key_applies contains analytics.id if some analytics in resource.all("aws_neptunegraph_graph")
