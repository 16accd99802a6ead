# Relational databases: instances and Aurora clusters.
package demarc.rds

import data.demarc.lib.database
import data.demarc.lib.finding
import data.demarc.lib.key
import data.demarc.lib.parameter
import data.demarc.lib.resource
import data.demarc.lib.secret
import data.demarc.lib.value

databases := array.concat(resource.all("aws_db_instance"), resource.all("aws_rds_cluster"))

# standalone: not a member of a cluster, a replica or a restored snapshot,
# which take their settings from elsewhere.
standalone(db) if {
	value.none(db, "db_cluster_identifier")
	value.none(db, "replicate_source_db")
	value.none(db, "snapshot_identifier")
	value.none(db, "restore_to_point_in_time")
}

# A cluster has no cluster above it.
stands_alone contains db.id if {
	some db in resource.all("aws_db_instance")
	standalone(db)
}

stands_alone contains db.id if {
	some db in resource.all("aws_rds_cluster")
	value.none(db, "snapshot_identifier")
	value.none(db, "replication_source_identifier")
	value.none(db, "restore_to_point_in_time")
}

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
#   controls: [DP-5]
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

may_be_of_rds(db) if db.type == "aws_db_instance"

may_be_of_rds(cluster) if value.differs_from(cluster, "engine", "^aurora")

may_be_of_rds(cluster) if value.unsettled(cluster, "engine")

encrypts_by_itself(cluster) if {
	cluster.type == "aws_rds_cluster"
	value.matches(cluster, "engine", "^aurora")
}

storage_encryption contains finding.inconclusive(cluster, "engine", "it is unknown whether the cluster is one of Aurora, which encrypts by itself") if {
	some cluster in resource.all("aws_rds_cluster")
	says_neither(cluster)
}

says_neither(cluster) if {
	value.none(cluster, "storage_encrypted")
	value.unsettled(cluster, "engine")
}

in_clear(db) if db.values.storage_encrypted == false

# Of the clusters that say nothing, those of Aurora are encrypted.
in_clear(cluster) if {
	cluster.type == "aws_rds_cluster"
	value.none(cluster, "storage_encrypted")
	value.differs_from(cluster, "engine", "^aurora")
}

storage_encryption_applies contains db.id if {
	some db in resource.all("aws_db_instance")
	db.id in stands_alone
}

# Serverless version 1 is always encrypted.
storage_encryption_applies contains id if some id in (provisioned & stands_alone)

# provisioned are the clusters that are not of Aurora Serverless version 1.
provisioned contains db.id if {
	some db in resource.all("aws_rds_cluster")
	value.differs(db, "engine_mode", "serverless")
}

# METADATA
# title: Databases are not publicly accessible
# description: >-
#   A publicly accessible database has a public address: only its security group and its password stand
#   between it and the internet.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html
# custom:
#   severity: critical
#   profile: default
#   subject: [aws_db_instance, aws_rds_cluster_instance, aws_rds_cluster]
#   reads: [publicly_accessible]
#   controls: [NW-2]
#   remedy: 'set publicly_accessible = false / PubliclyAccessible: false'
public_access contains f if {
	some f in database.public(["aws_db_instance", "aws_rds_cluster_instance", "aws_rds_cluster"], "the database")
}

# METADATA
# title: Database passwords are not written in the source
# description: >-
#   A literal password is known to everyone who can read the repository, the plan or the state. RDS can
#   make and rotate one in Secrets Manager.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
# custom:
#   severity: high
#   profile: default
#   subject: [aws_db_instance, aws_rds_cluster]
#   weighs: [password, password_wo, master_password, master_password_wo]
#   controls: [ID-14, OS-2]
#   secret: true
#   remedy: 'set manage_master_user_password = true / ManageMasterUserPassword: true and remove the password'
literal_password contains f if {
	some db in databases
	some f in secret.written(db, ["password", "password_wo", "master_password", "master_password_wo"], "the master password")
}

# METADATA
# title: Databases accept IAM authentication
# description: >-
#   With IAM authentication people and workloads sign in with tokens that live for fifteen minutes
#   instead of passwords that live for ever. MySQL, PostgreSQL, MariaDB from 10.6 and Aurora offer it,
#   version 1 of Aurora Serverless does not.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html
# custom:
#   severity: medium
#   profile: default
#   subject: [aws_db_instance, aws_rds_cluster]
#   when: [engine_mode]
#   presence: [db_cluster_identifier]
#   reads: [iam_database_authentication_enabled]
#   weighs: [engine, engine_version]
#   controls: [ID-14]
#   remedy: 'set iam_database_authentication_enabled = true / EnableIAMDatabaseAuthentication: true'
iam_authentication contains finding.at(db, "iam_database_authentication_enabled", "the database does not accept IAM authentication") if {
	some db in databases
	db.id in offering_iam
	db.values.iam_database_authentication_enabled == false
}

iam_authentication contains finding.inconclusive(db, engine, "it is unknown whether the engine offers IAM authentication") if {
	some db in resource.all("aws_db_instance")
	db.id in may_offer_iam
	db.values.iam_database_authentication_enabled == false
	some engine in ["engine", "engine_version"]
	value.unsettled(db, engine)
}

iam_authentication_applies contains id if some id in (offering_iam | may_offer_iam)

offering_iam contains db.id if {
	some db in resource.all("aws_db_instance")
	offers_iam(db)
	value.none(db, "db_cluster_identifier")
}

offering_iam contains id if some id in provisioned

offers_iam(db) if db.values.engine in {"mysql", "postgres"}

offers_iam(db) if {
	db.values.engine == "mariadb"
	value.none(db, "engine_version")
}

offers_iam(db) if {
	db.values.engine == "mariadb"
	value.matches(db, "engine_version", mariadb_with_iam)
}

mariadb_with_iam := `^(10\.(6|11)|11\.([4-9]|[1-9][0-9])|1[2-9])`

may_offer_iam contains db.id if {
	some db in resource.all("aws_db_instance")
	value.unsettled(db, "engine")
	value.none(db, "db_cluster_identifier")
}

may_offer_iam contains db.id if {
	some db in resource.all("aws_db_instance")
	db.values.engine == "mariadb"
	value.unsettled(db, "engine_version")
	value.none(db, "db_cluster_identifier")
}

# METADATA
# title: Databases keep backups
# description: >-
#   With a retention of 0 RDS takes no automatic backups, and there is no point in time to go back to.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html
# custom:
#   severity: medium
#   profile: default
#   subject: [aws_db_instance, aws_rds_cluster]
#   presence: [replicate_source_db, db_cluster_identifier]
#   reads: [backup_retention_period]
#   controls: [RS-1]
#   remedy: set backup_retention_period to 7 days or more
backup_enabled contains finding.at(db, "backup_retention_period", "the database takes no automatic backups") if {
	some db in databases
	db.id in originals
	db.values.backup_retention_period == 0
}

# originals are neither members of a cluster nor replicas.
originals contains db.id if {
	some db in resource.all("aws_db_instance")
	value.none(db, "replicate_source_db")
	value.none(db, "db_cluster_identifier")
}

originals contains db.id if some db in resource.all("aws_rds_cluster")

# METADATA
# title: Databases are protected from deletion
# description: >-
#   With deletion protection a database can only be deleted in two deliberate steps. A replica holds
#   nothing that its source does not hold.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html
# custom:
#   severity: medium
#   profile: default
#   subject: [aws_db_instance, aws_rds_cluster]
#   presence: [db_cluster_identifier, replicate_source_db]
#   reads: [deletion_protection]
#   controls: [RS-3]
#   remedy: 'set deletion_protection = true / DeletionProtection: true'
deletion_protection contains f if {
	some f in database.unprotected([db | some db in databases; db.id in originals], "the database")
}

# METADATA
# title: Database parameter groups demand TLS
# description: >-
#   PostgreSQL and SQL Server refuse clear-text clients when rds.force_ssl is 1, MySQL and MariaDB when
#   require_secure_transport is ON. RDS's own defaults do so only from PostgreSQL 15, MySQL 8.4 and
#   MariaDB 11.8 on.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_db_parameter_group
#   when: [family]
#   weighs: [parameter, parameter.name, parameter.value]
#   controls: [TR-4]
#   remedy: set rds.force_ssl = 1 (PostgreSQL, SQL Server) or require_secure_transport = 1 (MySQL, MariaDB)
require_tls contains finding.at(group, "", sprintf("the parameter group does not set %s, so clients may connect in clear", [demand])) if {
	some group in resource.all("aws_db_parameter_group")
	demand := demands[group.id]
	value.differs_from(group, "family", demanding)
	parameter.absent(group, demand)
}

require_tls contains finding.at(group, path, sprintf("%s is off, so clients may connect in clear", [demand])) if {
	some group in resource.all("aws_db_parameter_group")
	demand := demands[group.id]
	some path in parameter.outside(group, demand, on)
}

require_tls contains finding.inconclusive(group, path, sprintf("it is unknown whether %s is on", [demand])) if {
	some group in resource.all("aws_db_parameter_group")
	demand := demands[group.id]
	some path in parameter.undecided(group, demand)
}

require_tls_applies contains id if some id, _ in demands

# demanding are the families in which the parameter is on unless it is set.
demanding := `^(postgres(1[5-9]|[2-9][0-9])|mysql(8\.[4-9]|9|[1-9][0-9])|mariadb(11\.([89]|[1-9][0-9])|1[2-9]))`

on := {"1", "ON", "on", "true"}

# demands is the parameter that decides for the group's family.
demands[group.id] := "rds.force_ssl" if {
	some group in resource.all("aws_db_parameter_group")
	value.matches(group, "family", `^(postgres|sqlserver)`)
}

demands[group.id] := "require_secure_transport" if {
	some group in resource.all("aws_db_parameter_group")
	value.matches(group, "family", `^(mysql|mariadb)`)
}

# METADATA
# title: Databases publish their logs
# description: >-
#   Logs on the database's own disk go with the database. Exported to CloudWatch Logs they stay, and can
#   be searched and alarmed on.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Procedural.UploadtoCloudWatch.html
# custom:
#   severity: medium
#   profile: extended
#   subject: [aws_db_instance, aws_rds_cluster]
#   when: [engine_mode]
#   presence: [db_cluster_identifier]
#   reads: [enabled_cloudwatch_logs_exports]
#   controls: [DT-7]
#   remedy: set enabled_cloudwatch_logs_exports to the engine's logs
log_exports contains finding.at(db, "enabled_cloudwatch_logs_exports", "the database exports no logs") if {
	some db in databases
	value.none(db, "enabled_cloudwatch_logs_exports")
}

log_exports_applies contains db.id if {
	some db in resource.all("aws_db_instance")
	value.none(db, "db_cluster_identifier")
}

# Serverless version 1 sends its logs by itself.
log_exports_applies contains id if some id in provisioned

# METADATA
# title: Databases run in more than one zone
# description: >-
#   A Multi-AZ instance keeps a standby in another Availability Zone and fails over to it.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZ.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_db_instance
#   presence: [replicate_source_db, db_cluster_identifier]
#   reads: [multi_az]
#   controls: [RS-2]
#   remedy: 'set multi_az = true / MultiAZ: true'
multi_az contains finding.at(db, "multi_az", "the database runs in one zone only") if {
	some db in resource.all("aws_db_instance")
	db.id in originals
	db.values.multi_az == false
}

# METADATA
# title: MySQL clusters export their audit log
# description: >-
#   The audit log says who signed in and what they asked. Without the export it stays on the cluster's own
#   disk, is rotated away, and goes with the cluster. The parameter group switches it on.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Auditing.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_rds_cluster
#   when: [engine_mode]
#   reads: [engine, enabled_cloudwatch_logs_exports]
#   controls: [DT-7]
#   remedy: 'add audit to enabled_cloudwatch_logs_exports / EnableCloudwatchLogsExports, and set server_audit_logging = 1'
audit_log_export contains finding.at(cluster, "enabled_cloudwatch_logs_exports", "the cluster does not export its audit log") if {
	some cluster in resource.all("aws_rds_cluster")
	cluster.id in provisioned
	cluster.values.engine in mysql_clusters
	value.lacks(cluster, "enabled_cloudwatch_logs_exports", "audit")
}

mysql_clusters := {"aurora", "aurora-mysql", "mysql"}

# What is exported, or is no MySQL, needs no more to be known of it.
audit_log_export_applies contains cluster.id if {
	some cluster in resource.all("aws_rds_cluster")
	cluster.id in provisioned
	some engine in mysql_clusters
	value.may_be(cluster, "engine", engine)
	may_lack_audit(cluster)
}

may_lack_audit(cluster) if value.lacks(cluster, "enabled_cloudwatch_logs_exports", "audit")

may_lack_audit(cluster) if value.unsettled(cluster, "enabled_cloudwatch_logs_exports")

# METADATA
# title: Databases take minor upgrades by themselves
# description: >-
#   Minor versions carry the engine's security fixes. RDS installs them in the maintenance window unless this
#   is switched off.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html
# custom:
#   severity: low
#   profile: extended
#   subject: [aws_db_instance, aws_rds_cluster_instance]
#   reads: [auto_minor_version_upgrade]
#   controls: [OS-3]
#   remedy: 'set auto_minor_version_upgrade = true / AutoMinorVersionUpgrade: true, or remove it'
auto_minor_upgrade contains finding.at(db, "auto_minor_version_upgrade", "the database waits for somebody to install its security fixes") if {
	some db in instances
	db.values.auto_minor_version_upgrade == false
}

instances := array.concat(resource.all("aws_db_instance"), resource.all("aws_rds_cluster_instance"))

# METADATA
# title: Databases keep their backups for more than a day
# description: >-
#   What goes wrong on Friday evening is seen on Monday. With a retention of one day, which is the default of
#   clusters and of CloudFormation, there is then nothing left to go back to.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.BackupRetention.html
# custom:
#   severity: medium
#   profile: default
#   subject: [aws_db_instance, aws_rds_cluster]
#   presence: [replicate_source_db, db_cluster_identifier, replication_source_identifier]
#   reads: [backup_retention_period]
#   controls: [RS-1]
#   options: {days: {default: 2, about: days that automatic backups are kept at least}}
#   remedy: 'set backup_retention_period / BackupRetentionPeriod to 7 days or more'
backup_retention contains finding.at(db, "backup_retention_period", message) if {
	some db in databases
	db.values.backup_retention_period > 0
	message := value.too_brief(db, "backup_retention_period", value.option("rds/backup-retention", "days"), "backups")
}

# A retention of 0 is rds/backup-enabled's to report.
backup_retention_applies contains db.id if {
	some db in resource.all("aws_db_instance")
	db.id in originals
}

backup_retention_applies contains db.id if {
	some db in resource.all("aws_rds_cluster")
	value.none(db, "replication_source_identifier")
}

# METADATA
# title: Databases present a certificate that is valid
# description: >-
#   The authorities rds-ca-2015 and rds-ca-2019 have expired: clients that check the certificate cannot
#   connect, and those that connect do not check it.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
# custom:
#   severity: medium
#   profile: default
#   subject: [aws_db_instance, aws_rds_cluster_instance, aws_rds_cluster]
#   reads: [ca_cert_identifier, ca_certificate_identifier]
#   controls: [TR-2, TR-8]
#   remedy: 'set ca_cert_identifier = "rds-ca-rsa2048-g1" / CACertificateIdentifier: rds-ca-rsa2048-g1'
ca_certificate contains finding.at(db, attribute, sprintf("the certificate authority %s has expired", [value.get(db, attribute)])) if {
	some db in array.concat(instances, resource.all("aws_rds_cluster"))
	some attribute in ["ca_cert_identifier", "ca_certificate_identifier"]
	value.matches(db, attribute, "^rds-ca-20(15|19)")
}

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
#   controls: [DP-5]
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
# title: Snapshots carry the tags of their database
# description: >-
#   Who owns a snapshot, what it costs and who may restore it is told by its tags, if it has any.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Tagging.html
# custom:
#   severity: low
#   profile: extended
#   subject: [aws_db_instance, aws_rds_cluster]
#   presence: [db_cluster_identifier]
#   reads: [copy_tags_to_snapshot]
#   controls: [GV-1]
#   remedy: 'set copy_tags_to_snapshot = true / CopyTagsToSnapshot: true'
copy_tags_to_snapshot contains finding.at(db, "copy_tags_to_snapshot", "the database's snapshots do not carry its tags") if {
	some db in databases
	db.values.copy_tags_to_snapshot == false
}

# A member's snapshots are its cluster's.
copy_tags_to_snapshot_applies contains db.id if {
	some db in resource.all("aws_db_instance")
	value.none(db, "db_cluster_identifier")
}

copy_tags_to_snapshot_applies contains db.id if some db in resource.all("aws_rds_cluster")

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
#   controls: [DP-5, DP-11]
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
#   controls: [DP-5]
#   remedy: 'set storage_encrypted = true / StorageEncrypted: true'
global_cluster_encryption contains f if some f in database.in_clear("aws_rds_global_cluster", "the global database")

global_cluster_encryption_applies contains cluster.id if {
	some cluster in resource.all("aws_rds_global_cluster")
	value.none(cluster, "source_db_cluster_identifier")
}

# METADATA
# title: Databases record their query load
# description: >-
#   Performance Insights keeps which queries waited for what, and for whom: the first thing to look at when a
#   database is slow or abused. Db2, the smallest classes of MySQL and MariaDB, and the older burstable ones of
#   Aurora MySQL do not offer it; a cluster may ask for it for all its members.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.Overview.Engines.html
# custom:
#   severity: low
#   profile: extended
#   subject: [aws_db_instance, aws_rds_cluster_instance]
#   reads: [performance_insights_enabled]
#   presence: [cluster_identifier]
#   weighs: [engine, instance_class]
#   controls: [DT-10]
#   remedy: 'set performance_insights_enabled = true / EnablePerformanceInsights: true'
performance_insights contains finding.at(db, "performance_insights_enabled", "nothing records the database's query load") if {
	some db in instances
	offers_insights(db)
	db.values.performance_insights_enabled == false
}

performance_insights contains finding.inconclusive(db, attribute, "nothing records the database's query load, and it is unknown whether it could be recorded") if {
	some db in instances
	db.values.performance_insights_enabled == false
	some attribute in ["engine", "instance_class"]
	value.unsettled(db, attribute)
	may_offer_insights(db)
}

performance_insights_applies contains db.id if {
	some db in instances
	may_offer_insights(db)
	cluster_at_hand(db)
	resource.targets_lack(db, "cluster_identifier", "aws_rds_cluster", "performance_insights_enabled", true)
}

# cluster_at_hand: it is not unknown which cluster, if any, the member is of.
cluster_at_hand(db) if value.settled(db, "cluster_identifier")

cluster_at_hand(db) if some _ in resource.targets(db, "cluster_identifier", "aws_rds_cluster")

may_offer_insights(db) if offers_insights(db)

may_offer_insights(db) if value.unsettled(db, "engine")

may_offer_insights(db) if {
	value.matches(db, "engine", "^(mysql|mariadb|aurora|aurora-mysql)$")
	value.unsettled(db, "instance_class")
}

offers_insights(db) if value.matches(db, "engine", "^(postgres|oracle|sqlserver|aurora-postgresql)")

offers_insights(db) if {
	value.matches(db, "engine", "^(mysql|mariadb)$")
	value.differs_from(db, "instance_class", `^db\.t(2|3|4g)\.(micro|small)$`)
}

offers_insights(db) if {
	value.matches(db, "engine", "^aurora(-mysql)?$")
	value.differs_from(db, "instance_class", `^db\.(t[23]\..*|t4g\.(micro|small))$`)
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
#   controls: [DP-5, DP-11]
#   remedy: 'set performance_insights_kms_key_id / PerformanceInsightsKMSKeyId to a key of your own'
performance_insights_customer_key contains f if {
	some db in array.concat(instances, resource.all("aws_rds_cluster"))
	some f in key.foreign_where(db, "performance_insights_enabled", "performance_insights_kms_key_id", "the query load")
}

performance_insights_customer_key_applies contains db.id if {
	some db in array.concat(instances, resource.all("aws_rds_cluster"))
	value.may_be(db, "performance_insights_enabled", true)
}

# METADATA
# title: PostgreSQL has the fix for log_fdw
# description: >-
#   Before these releases a user of the extension log_fdw could read files of the host, AWS's internal
#   credentials included. AWS's bulletin names the releases that close it.
# related_resources:
#   - https://aws.amazon.com/security/security-bulletins/AWS-2022-004/
# custom:
#   severity: high
#   profile: default
#   subject: [aws_db_instance, aws_rds_cluster, aws_rds_cluster_instance]
#   reads: [engine, engine_version]
#   controls: [OS-3]
#   remedy: 'set engine_version / EngineVersion to a current release'
postgres_log_fdw_version contains finding.at(db, "engine_version", sprintf("%s lets users of log_fdw read files of the host", [db.values.engine_version])) if {
	some db in array.concat(instances, resource.all("aws_rds_cluster"))
	value.matches(db, "engine_version", with_log_fdw[db.values.engine])
}

# with_log_fdw are the releases without the fix. A major version alone stands
# for its newest release.
with_log_fdw := {
	"postgres": `^(13\.[0-2]|12\.[0-6]|11\.([0-9]|1[01])|10\.([0-9]|1[0-6])|9\.6\.([0-9]|1[0-9]|2[01])|9\.[3-5](\.[0-9]+)?)([^0-9.].*)?$`,
	"aurora-postgresql": `^(11\.[0-8]|10\.([0-9]|1[0-3])|9\.6(\.[0-9]+)?)([^0-9.].*)?$`,
}

postgres_log_fdw_version_applies contains db.id if {
	some db in array.concat(instances, resource.all("aws_rds_cluster"))
	some engine, releases in with_log_fdw
	value.may_be(db, "engine", engine)
	may_be_among(db, releases)
}

may_be_among(db, releases) if value.matches(db, "engine_version", releases)

may_be_among(db, _) if value.unsettled(db, "engine_version")

# METADATA
# title: PostgreSQL logs statements and slow queries
# description: >-
#   PostgreSQL logs no statements of its own accord. log_statement says which kinds it logs, and
#   log_min_duration_statement from how many milliseconds on it logs any.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Concepts.PostgreSQL.Query_Logging.html
# custom:
#   severity: low
#   profile: extended
#   subject: [aws_db_parameter_group, aws_rds_cluster_parameter_group]
#   when: [family]
#   weighs: [parameter, parameter.name, parameter.value]
#   controls: [DT-7]
#   remedy: 'set log_statement (ddl, mod or all) and log_min_duration_statement (milliseconds)'
postgres_query_logging contains finding.tagged(group, "", sprintf("the parameter group does not set %s", [name]), name) if {
	some group in postgres_groups
	some name in query_logging
	parameter.absent(group, name)
}

postgres_query_logging contains finding.tagged(group, path, "no kind of statement is logged", "log_statement") if {
	some group in postgres_groups
	some path in parameter.outside(group, "log_statement", {"ddl", "mod", "all"})
}

postgres_query_logging contains finding.tagged(group, path, "no slow query is logged", "log_min_duration_statement") if {
	some group in postgres_groups
	some path in parameter.among(group, "log_min_duration_statement", {"-1"})
}

postgres_query_logging contains finding.inconclusive(group, path, sprintf("it is unknown what %s is", [name])) if {
	some group in postgres_groups
	some name in query_logging
	some path in parameter.undecided(group, name)
}

postgres_query_logging_applies contains group.id if some group in postgres_groups

query_logging := ["log_statement", "log_min_duration_statement"]

postgres_groups contains group if {
	some group in resource.all("aws_db_parameter_group")
	value.matches(group, "family", "^postgres")
}

# The members of an Aurora cluster take both from the cluster's group.
postgres_groups contains group if {
	some group in resource.all("aws_rds_cluster_parameter_group")
	value.matches(group, "family", "^(aurora-)?postgres")
}

# METADATA
# title: Database proxies demand TLS
# description: >-
#   A proxy accepts clear-text clients unless it is told to demand TLS; their passwords and queries then
#   cross the network in clear.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.howitworks.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_db_proxy
#   reads: [require_tls]
#   controls: [TR-4]
#   remedy: 'set require_tls = true / RequireTLS: true'
proxy_require_tls contains finding.at(proxy, "require_tls", "the proxy accepts clients that do not use TLS") if {
	some proxy in resource.all("aws_db_proxy")
	proxy.values.require_tls == false
}

# METADATA
# title: Databases stand in private subnets
# description: >-
#   A subnet that routes to an internet gateway, or hands out public addresses, is one switch away from
#   publishing what stands in it. A database's subnets need neither.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_db_subnet_group
#   weighs: [subnet_ids]
#   controls: [NW-2]
#   remedy: 'list subnets whose route tables lead to no internet gateway'
public_subnet contains finding.tagged(group, "subnet_ids", sprintf("the subnet %s %s", [subnet.address, why]), subnet.address) if {
	some group in resource.all("aws_db_subnet_group")
	some subnet in resource.targets(group, "subnet_ids", "aws_subnet")
	some [subnet.id, why] in public_subnets
}

public_subnet contains finding.inconclusive(group, "subnet_ids", sprintf("it is unknown whether the subnet %s hands out public addresses", [subnet.address])) if {
	some group in resource.all("aws_db_subnet_group")
	some subnet in resource.targets(group, "subnet_ids", "aws_subnet")
	value.unsettled(subnet, "map_public_ip_on_launch")
}

public_subnet contains finding.inconclusive(group, "subnet_ids", "it is unknown which subnets these are") if {
	some group in resource.all("aws_db_subnet_group")
	resource.may_lack(group, "subnet_ids")
}

# Subnets that are known to stand elsewhere are not judged.
public_subnet_applies contains group.id if {
	some group in resource.all("aws_db_subnet_group")
	some _ in resource.targets(group, "subnet_ids", "aws_subnet")
}

public_subnet_applies contains group.id if {
	some group in resource.all("aws_db_subnet_group")
	resource.may_lack(group, "subnet_ids")
}

# public_subnets are pairs of a subnet's id and why it is public.
public_subnets contains [subnet.id, "hands out public addresses"] if {
	some subnet in resource.all("aws_subnet")
	subnet.values.map_public_ip_on_launch == true
}

public_subnets contains [subnet.id, "routes to an internet gateway"] if {
	some association in resource.all("aws_route_table_association")
	some table in resource.targets(association, "route_table_id", "aws_route_table")
	table.id in tables_to_internet
	some subnet in resource.targets(association, "subnet_id", "aws_subnet")
}

tables_to_internet contains table.id if {
	some table in resource.all("aws_route_table")
	some _ in resource.targets(table, "route.gateway_id", "aws_internet_gateway")
}

tables_to_internet contains table.id if {
	some route in resource.all("aws_route")
	some _ in resource.targets(route, "gateway_id", "aws_internet_gateway")
	some table in resource.targets(route, "route_table_id", "aws_route_table")
}

# METADATA
# title: Snapshots are shared with named accounts
# description: >-
#   A snapshot that is shared with all can be restored, and read, by anybody who has an AWS account.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html
# custom:
#   severity: critical
#   profile: default
#   subject: [aws_db_snapshot, aws_db_snapshot_copy, aws_db_cluster_snapshot, aws_rds_cluster_snapshot_copy]
#   reads: [shared_accounts]
#   controls: [DP-5]
#   remedy: 'list account ids in shared_accounts'
snapshot_public contains finding.at(snapshot, "shared_accounts", "everybody with an AWS account can restore the snapshot") if {
	some type in ["aws_db_snapshot", "aws_db_snapshot_copy", "aws_db_cluster_snapshot", "aws_rds_cluster_snapshot_copy"]
	some snapshot in resource.all(type)
	value.has(snapshot, "shared_accounts", "all")
}
