# Relational databases: instances and Aurora clusters.
package demarc.rds

import data.demarc.lib.finding
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
#   only be chosen when the database is made, so one that starts in clear stays so until it is copied.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html
# custom:
#   severity: high
#   profile: default
#   subject: [aws_db_instance, aws_rds_cluster]
#   when: [engine_mode]
#   presence: [snapshot_identifier, replicate_source_db, db_cluster_identifier, replication_source_identifier, restore_to_point_in_time]
#   reads: [storage_encrypted]
#   controls: [DP-5]
#   aliases: {checkov: [CKV_AWS_16, CKV_AWS_96], trivy: [AWS-0079, aws-rds-encrypt-cluster-storage-data, AVD-AWS-0079, AWS-0080, aws-rds-encrypt-instance-storage-data, AVD-AWS-0080], kics: [08bd0760-8752-44e1-9779-7bb369b2b4e4, 1a690d1d-0ae7-49fa-b2db-b75ae0dd1d3e, 3199c26c-7871-4cb3-99c2-10a59244ce7f, 5beacce3-4020-4a3d-9e1d-a36f953df630, 65844ba3-03a1-40a8-b3dd-919f122e8c95, ffee2785-c347-451e-89f3-11aeb08e5c84]}
#   remedy: 'set storage_encrypted = true / StorageEncrypted: true'
storage_encryption contains finding.at(db, "storage_encrypted", "the database's storage is not encrypted") if {
	some db in databases
	db.id in storage_encryption_applies
	db.values.storage_encrypted == false
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
#   aliases: {checkov: [CKV_AWS_17], trivy: [AWS-0180, aws-rds-enable-public-access, AVD-AWS-0180], kics: [35113e6f-2c6b-414d-beec-7a9482d3b2d1, de38e1d5-54cb-4111-a868-6f7722695007]}
#   remedy: 'set publicly_accessible = false / PubliclyAccessible: false'
public_access contains finding.at(db, "publicly_accessible", "the database has a public address") if {
	some type in ["aws_db_instance", "aws_rds_cluster_instance", "aws_rds_cluster"]
	some db in resource.all(type)
	db.values.publicly_accessible == true
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
#   aliases: {}
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
#   aliases: {checkov: [CKV_AWS_161, CKV_AWS_162], trivy: [AWS-0176, aws-rds-enable-iam-auth, AVD-AWS-0176], kics: [228497f6-414f-41c8-9113-f36a2b1b7975, 6282794f-def8-4d6f-9df6-289318aa42b8, 88fd05e0-ac0e-43d2-ba6d-fc0ba60ae1a6, 9fcd0a0a-9b6f-4670-a215-d94e6bf3f184]}
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
#   aliases: {checkov: [CKV_AWS_133], kics: [8c415f6f-7b90-4a27-a44a-51047e1506f9]}
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
#   aliases: {checkov: [CKV_AWS_293, CKV_AWS_139], trivy: [AWS-0177, aws-rds-enable-deletion-protection, AVD-AWS-0177, AWS-0343, aws-rds-enable-cluster-deletion-protection, AVD-AWS-0343], kics: [2c161e58-cb52-454f-abea-6470c37b5e6e]}
#   remedy: 'set deletion_protection = true / DeletionProtection: true'
deletion_protection contains finding.at(db, "deletion_protection", "the database can be deleted in one step") if {
	some db in databases
	db.values.deletion_protection == false
	db.id in originals
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
#   aliases: {checkov: [CKV2_AWS_69]}
#   remedy: set rds.force_ssl = 1 (PostgreSQL, SQL Server) or require_secure_transport = 1 (MySQL, MariaDB)
require_tls contains finding.at(group, "", sprintf("the parameter group does not set %s, so clients may connect in clear", [demand])) if {
	some group in resource.all("aws_db_parameter_group")
	demand := demands[group.id]
	value.differs_from(group, "family", demanding)
	parameter.lacking(group, demand)
}

require_tls contains finding.at(group, place, sprintf("%s is off, so clients may connect in clear", [demand])) if {
	some group in resource.all("aws_db_parameter_group")
	demand := demands[group.id]
	some place in parameter.unlike(group, demand, on)
}

require_tls contains f if {
	some group in resource.all("aws_db_parameter_group")
	demand := demands[group.id]
	some f in parameter.doubts(group, demand, never, sprintf("it is unknown whether %s is on", [demand]))
}

require_tls_applies contains id if some id, _ in demands

# demanding are the families in which the parameter is on unless it is set.
demanding := `^(postgres(1[5-9]|[2-9][0-9])|mysql(8\.[4-9]|9|[1-9][0-9])|mariadb(11\.([89]|[1-9][0-9])|1[2-9]))`

on := `(?i)^(1|on|true)$`

# never matches nothing.
never := `^[^\s\S]`

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
#   aliases: {checkov: [CKV_AWS_129, CKV_AWS_324], kics: [8d7f7b8c-6c7c-40f8-baa6-62006c6c7b56]}
#   remedy: set enabled_cloudwatch_logs_exports to the engine's logs
log_exports contains finding.at(db, "enabled_cloudwatch_logs_exports", "the database exports no logs") if {
	some db in databases
	db.id in log_exports_applies
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
#   aliases: {checkov: [CKV_AWS_157], kics: [2b1d4935-9acf-48a7-8466-10d18bf51a69]}
#   remedy: 'set multi_az = true / MultiAZ: true'
multi_az contains finding.at(db, "multi_az", "the database runs in one zone only") if {
	some db in resource.all("aws_db_instance")
	db.id in originals
	db.values.multi_az == false
}
