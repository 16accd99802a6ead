# Backups, replicas and versions: what keeps a database alive.
package demarc.rds

import data.demarc.lib.database
import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

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
#   aspects: [RS-1.a]
#   remedy: set backup_retention_period to 7 days or more
backup_enabled contains finding.at(db, "backup_retention_period", "the database takes no automatic backups") if {
	some db in databases
	db.id in originals
	db.values.backup_retention_period == 0
}

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
#   aspects: [RS-3.c]
#   remedy: 'set deletion_protection = true / DeletionProtection: true'
deletion_protection contains f if {
	some f in database.unprotected([db | some db in databases; db.id in originals], "the database")
}

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
#   aspects: [RS-2.a]
#   remedy: 'set multi_az = true / MultiAZ: true'
multi_az contains finding.at(db, "multi_az", "the database runs in one zone only") if {
	some db in resource.all("aws_db_instance")
	db.id in originals
	db.values.multi_az == false
}

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
#   pedantic: [OS-3.f]
#   remedy: 'set auto_minor_version_upgrade = true / AutoMinorVersionUpgrade: true, or remove it'
auto_minor_upgrade contains finding.at(db, "auto_minor_version_upgrade", "the database waits for somebody to install its security fixes") if {
	some db in instances
	db.values.auto_minor_version_upgrade == false
}

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
#   aspects: [RS-1.a]
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
#   pedantic: [GV-1.d]
#   only_keeps: [GV-1.d]
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
#   aspects: [OS-3.f]
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

# A release that is known to have the fix passes.
postgres_log_fdw_version_applies contains db.id if {
	some db in array.concat(instances, resource.all("aws_rds_cluster"))
	with_log_fdw[db.values.engine]
	is_string(db.values.engine_version)
}

may_be_among(db, releases) if value.matches(db, "engine_version", releases)

may_be_among(db, _) if value.unsettled(db, "engine_version")
