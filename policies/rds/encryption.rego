# Databases and snapshots: what encrypts them, and whose key.
package demarc.rds

import data.demarc.lib.database
import data.demarc.lib.finding
import data.demarc.lib.key
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Databases encrypt their storage
# description: >-
#   Storage encryption covers the database's volumes, its backups, its replicas and its snapshots. It can
#   only be chosen when the database is made, so one that starts in clear stays so until it is copied. Aurora
#   encrypts clusters made since 18 February 2026 where nothing is said; older ones may still be in clear.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html
#   - https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Overview.Encryption.html
# custom:
#   severity: high
#   profile: default
#   subject: [aws_db_instance, aws_rds_cluster]
#   when: [engine_mode]
#   presence: [snapshot_identifier, replicate_source_db, db_cluster_identifier, replication_source_identifier, restore_to_point_in_time]
#   reads: [storage_encrypted]
#   weighs: [engine]
#   aspects: [DP-5.a]
#   remedy: 'set storage_encrypted = true / StorageEncrypted: true'
storage_encryption contains finding.at(db, "storage_encrypted", "the database's storage is not encrypted") if {
	some db in databases
	in_clear(db)
	may_be_of_rds(db)
}

storage_encryption contains finding.at(cluster, "storage_encrypted", "the cluster's storage is not encrypted, unless it was made since 18 February 2026") if {
	some cluster in resource.all("aws_rds_cluster")
	in_clear(cluster)
	encrypts_by_itself(cluster)
}

storage_encryption contains finding.inconclusive(cluster, "engine", "it is unknown whether the cluster is one of Aurora, which encrypts by itself") if {
	some cluster in resource.all("aws_rds_cluster")
	says_neither(cluster)
}

may_be_of_rds(db) if db.type == "aws_db_instance"

may_be_of_rds(db) if value.differs_from(db, "engine", "^aurora")

may_be_of_rds(db) if value.unsettled(db, "engine")

encrypts_by_itself(cluster) if {
	cluster.type == "aws_rds_cluster"
	value.matches(cluster, "engine", "^aurora")
}

says_neither(cluster) if {
	value.none(cluster, "storage_encrypted")
	value.unsettled(cluster, "engine")
}

in_clear(db) if db.values.storage_encrypted == false

# Of the clusters that say nothing, those of Aurora are encrypted.
in_clear(db) if {
	db.type == "aws_rds_cluster"
	value.none(db, "storage_encrypted")
	value.differs_from(db, "engine", "^aurora")
}

storage_encryption_applies contains db.id if {
	some db in resource.all("aws_db_instance")
	db.id in stands_alone
}

# Serverless version 1 is always encrypted.
storage_encryption_applies contains id if some id in (provisioned & stands_alone)

# METADATA
# title: Cluster snapshots are taken from encrypted clusters
# description: >-
#   A snapshot is encrypted as its cluster is. One in clear stays so for as long as it is kept, and may be
#   shared and copied without any key.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-create-snapshot.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_db_cluster_snapshot
#   presence: [db_cluster_identifier]
#   aspects: [DP-5.a]
#   remedy: 'set storage_encrypted = true on the cluster'
cluster_snapshot_encryption contains finding.at(snapshot, "db_cluster_identifier", sprintf("the snapshot's cluster, %s, is not encrypted", [cluster.address])) if {
	some snapshot in resource.all("aws_db_cluster_snapshot")
	some cluster in resource.targets(snapshot, "db_cluster_identifier", "aws_rds_cluster")
	cluster.id in storage_encryption_applies
	in_clear(cluster)
}

cluster_snapshot_encryption contains finding.inconclusive(snapshot, "db_cluster_identifier", sprintf("it is unknown whether the snapshot's cluster, %s, is encrypted", [cluster.address])) if {
	some snapshot in resource.all("aws_db_cluster_snapshot")
	some cluster in resource.targets(snapshot, "db_cluster_identifier", "aws_rds_cluster")
	cluster.id in storage_encryption_applies
	encryption_unknown(cluster)
}

encryption_unknown(cluster) if value.unsettled(cluster, "storage_encrypted")

encryption_unknown(cluster) if says_neither(cluster)

# A cluster that stands elsewhere is not judged.
cluster_snapshot_encryption_applies contains snapshot.id if {
	some snapshot in resource.all("aws_db_cluster_snapshot")
	some _ in resource.targets(snapshot, "db_cluster_identifier", "aws_rds_cluster")
}

# METADATA
# title: Databases encrypt with a key the customer owns
# description: >-
#   A customer-managed key has a policy of its own, logs every use, and lets encrypted snapshots be shared with
#   another account, which AWS's own key does not. Members, replicas and restored databases inherit theirs.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html
# custom:
#   severity: low
#   profile: extended
#   subject: [aws_db_instance, aws_rds_cluster]
#   presence: [snapshot_identifier, replicate_source_db, db_cluster_identifier, replication_source_identifier, restore_to_point_in_time]
#   weighs: [kms_key_id]
#   pedantic: [DP-5.a]
#   remedy: 'set kms_key_id / KmsKeyId to a key of your own'
customer_key contains f if {
	some db in databases
	some f in key.foreign(db, "kms_key_id", "the database")
}

# A database in clear has no key.
customer_key_applies contains db.id if {
	some db in databases
	db.id in stands_alone
	value.may_be(db, "storage_encrypted", true)
}

customer_key_applies contains cluster.id if {
	some cluster in resource.all("aws_rds_cluster")
	cluster.id in stands_alone
	value.none(cluster, "storage_encrypted")
	encrypts_by_itself(cluster)
}

# METADATA
# title: Global databases are encrypted
# description: >-
#   Encryption is chosen when the global database is made, and all its regions follow. One that takes over a
#   cluster takes over its encryption.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_rds_global_cluster
#   presence: [source_db_cluster_identifier]
#   reads: [storage_encrypted]
#   aspects: [DP-5.a]
#   remedy: 'set storage_encrypted = true / StorageEncrypted: true'
global_cluster_encryption contains f if some f in database.in_clear("aws_rds_global_cluster", "the global database")

global_cluster_encryption_applies contains cluster.id if {
	some cluster in resource.all("aws_rds_global_cluster")
	value.none(cluster, "source_db_cluster_identifier")
}

# METADATA
# title: Query load is encrypted with a key the customer owns
# description: >-
#   Performance Insights keeps the text of queries, and with it what people wrote into them.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.access-control.html
# custom:
#   severity: low
#   profile: extended
#   subject: [aws_db_instance, aws_rds_cluster_instance, aws_rds_cluster]
#   weighs: [performance_insights_enabled, performance_insights_kms_key_id]
#   pedantic: [DP-5.a]
#   remedy: 'set performance_insights_kms_key_id / PerformanceInsightsKMSKeyId to a key of your own'
performance_insights_customer_key contains f if {
	some db in array.concat(instances, resource.all("aws_rds_cluster"))
	some f in key.foreign_where(db, "performance_insights_enabled", "performance_insights_kms_key_id", "the query load")
}

performance_insights_customer_key_applies contains db.id if {
	some db in array.concat(instances, resource.all("aws_rds_cluster"))
	value.may_be(db, "performance_insights_enabled", true)
}
