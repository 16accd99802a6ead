# Document databases.
package demarc.docdb

import data.demarc.lib.database
import data.demarc.lib.finding
import data.demarc.lib.key
import data.demarc.lib.parameter
import data.demarc.lib.resource
import data.demarc.lib.secret
import data.demarc.lib.value

# METADATA
# title: Document databases encrypt their storage
# description: >-
#   Storage encryption covers the cluster's volume, its backups and its snapshots. It can only be chosen
#   when the cluster is made.
# related_resources:
#   - https://docs.aws.amazon.com/documentdb/latest/developerguide/encryption-at-rest.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_docdb_cluster
#   presence: [snapshot_identifier, restore_to_point_in_time]
#   reads: [storage_encrypted]
#   aspects: [DP-10.a]
#   remedy: 'set storage_encrypted = true / StorageEncrypted: true'
storage_encryption contains f if some f in database.in_clear("aws_docdb_cluster", "the database's storage")

# A restored cluster is encrypted as its source is.
storage_encryption_applies contains cluster.id if {
	some cluster in resource.all("aws_docdb_cluster")
	value.none(cluster, "snapshot_identifier")
	value.none(cluster, "restore_to_point_in_time")
}

# METADATA
# title: Document databases demand TLS
# description: >-
#   A cluster demands TLS unless its parameter group switches it off; queries and passwords then cross
#   the network in clear.
# related_resources:
#   - https://docs.aws.amazon.com/documentdb/latest/developerguide/security.encryption.ssl.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_docdb_cluster_parameter_group
#   weighs: [parameter, parameter.name, parameter.value]
#   aspects: [TR-4.a]
#   remedy: set the parameter tls to enabled, or remove it
tls contains finding.at(group, place, "TLS is switched off") if {
	some group in resource.all("aws_docdb_cluster_parameter_group")
	some place in parameter.among(group, "tls", {"disabled"})
}

tls contains finding.inconclusive(group, place, "it is unknown whether TLS is on") if {
	some group in resource.all("aws_docdb_cluster_parameter_group")
	some place in parameter.undecided(group, "tls")
}

# METADATA
# title: Document databases write an audit log
# description: >-
#   The audit log records who signed in and what they changed. It is off unless the parameter group switches
#   it on; only then is there something to export.
# related_resources:
#   - https://docs.aws.amazon.com/documentdb/latest/developerguide/event-auditing.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_docdb_cluster_parameter_group
#   weighs: [parameter, parameter.name, parameter.value]
#   aspects: [DT-7.b]
#   remedy: set the parameter audit_logs to enabled, ddl or all
audit_log_parameter contains finding.at(group, "", "the parameter group does not switch the audit log on") if {
	some group in resource.all("aws_docdb_cluster_parameter_group")
	parameter.absent(group, "audit_logs")
}

audit_log_parameter contains finding.at(group, place, "the parameter group leaves the audit log off") if {
	some group in resource.all("aws_docdb_cluster_parameter_group")
	some place in parameter.unlike(group, "audit_logs", auditing)
}

audit_log_parameter contains finding.inconclusive(group, place, "it is unknown whether the audit log is on") if {
	some group in resource.all("aws_docdb_cluster_parameter_group")
	some place in parameter.undecided(group, "audit_logs")
}

auditing := `(^|,)\s*(enabled|ddl|all|dml_read|dml_write)\s*(,|$)`

# METADATA
# title: Document databases keep backups for a week
# description: >-
#   A cluster keeps automatic backups for one day unless told otherwise: damage that is found later cannot
#   be undone.
# related_resources:
#   - https://docs.aws.amazon.com/documentdb/latest/developerguide/backup_restore.html
# custom:
#   severity: medium
#   profile: default
#   subject: [aws_docdb_cluster, aws_docdbelastic_cluster]
#   reads: [backup_retention_period]
#   aspects: [RS-1.a]
#   options: {days: {default: 7, about: days that automatic backups are kept at least}}
#   remedy: set backup_retention_period / BackupRetentionPeriod to 7 days or more
backup_retention contains f if {
	some f in database.kept_briefly(clusters, value.option("docdb/backup-retention", "days"), "automatic backups")
}

clusters := array.concat(resource.all("aws_docdb_cluster"), resource.all("aws_docdbelastic_cluster"))

# METADATA
# title: Document databases are protected from deletion
# description: >-
#   With deletion protection a cluster can only be deleted in two deliberate steps.
# related_resources:
#   - https://docs.aws.amazon.com/documentdb/latest/developerguide/db-cluster-delete.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_docdb_cluster
#   reads: [deletion_protection]
#   aspects: [RS-3.c]
#   remedy: 'set deletion_protection = true / DeletionProtection: true'
deletion_protection contains f if some f in database.unprotected(resource.all("aws_docdb_cluster"), "the cluster")

# METADATA
# title: Global document databases are encrypted
# description: >-
#   A global cluster copies its data into other regions. It is encrypted only if it is made so, or made from
#   an encrypted cluster.
# related_resources:
#   - https://docs.aws.amazon.com/documentdb/latest/developerguide/global-clusters.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_docdb_global_cluster
#   presence: [source_db_cluster_identifier]
#   reads: [storage_encrypted]
#   aspects: [DP-10.a]
#   remedy: 'set storage_encrypted = true / StorageEncrypted: true'
global_cluster_encryption contains f if some f in database.in_clear("aws_docdb_global_cluster", "the global cluster")

# One that is made from a cluster is encrypted as that cluster is.
global_cluster_encryption_applies contains cluster.id if {
	some cluster in resource.all("aws_docdb_global_cluster")
	value.none(cluster, "source_db_cluster_identifier")
}

# METADATA
# title: Document database passwords are not written in the source
# description: >-
#   A literal password is known to everyone who can read the repository, the plan or the state. DocumentDB
#   can make and rotate one in Secrets Manager.
# related_resources:
#   - https://docs.aws.amazon.com/documentdb/latest/developerguide/docdb-secrets-manager.html
# custom:
#   severity: high
#   profile: default
#   subject: [aws_docdb_cluster, aws_docdbelastic_cluster]
#   weighs: [master_password, master_password_wo, admin_user_password]
#   aspects: [ID-14.c]
#   secret: true
#   remedy: 'set manage_master_user_password = true / ManageMasterUserPassword: true and remove the password'
literal_password contains f if {
	some cluster in resource.all("aws_docdb_cluster")
	some f in secret.written(cluster, ["master_password", "master_password_wo"], "the master password")
}

literal_password contains f if {
	some cluster in resource.all("aws_docdbelastic_cluster")
	some f in secret.written(cluster, ["admin_user_password"], "the administrator's password")
}

# METADATA
# title: Document databases publish their logs
# description: >-
#   Exported to CloudWatch Logs, the audit and profiler logs outlive the cluster, and can be searched and
#   alarmed on.
# related_resources:
#   - https://docs.aws.amazon.com/documentdb/latest/developerguide/event-auditing.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_docdb_cluster
#   reads: [enabled_cloudwatch_logs_exports]
#   aspects: [DT-7.b]
#   remedy: set enabled_cloudwatch_logs_exports / EnableCloudwatchLogsExports to audit, profiler or both
log_exports contains finding.at(cluster, "enabled_cloudwatch_logs_exports", "the cluster exports no logs") if {
	some cluster in resource.all("aws_docdb_cluster")
	value.none(cluster, "enabled_cloudwatch_logs_exports")
}

# METADATA
# title: Document databases are encrypted with a key the customer owns
# description: >-
#   By default AWS's own key encrypts a cluster. A key of your own has a policy of your own, and its use is
#   logged.
# related_resources:
#   - https://docs.aws.amazon.com/documentdb/latest/developerguide/encryption-at-rest.html
# custom:
#   severity: low
#   profile: extended
#   subject: [aws_docdb_cluster, aws_docdbelastic_cluster]
#   presence: [snapshot_identifier, restore_to_point_in_time, kms_key_id]
#   pedantic: [DP-10.a]
#   remedy: set kms_key_id / KmsKeyId to a key of your own
customer_key contains f if {
	some cluster in clusters
	some f in key.foreign(cluster, "kms_key_id", "the cluster")
}

# A restored cluster keeps the key of its source.
customer_key_applies contains id if some id in storage_encryption_applies

customer_key_applies contains cluster.id if some cluster in resource.all("aws_docdbelastic_cluster")
