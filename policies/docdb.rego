# Document databases.
package demarc.docdb

import data.demarc.lib.finding
import data.demarc.lib.resource
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
#   controls: [DP-10]
#   aliases: {checkov: [CKV_AWS_74], trivy: [AWS-0021, aws-documentdb-enable-storage-encryption, AVD-AWS-0021], kics: [bc1f9009-84a0-490f-ae09-3e0ea6d74ad6]}
#   remedy: 'set storage_encrypted = true / StorageEncrypted: true'
storage_encryption contains finding.at(cluster, "storage_encrypted", "the database's storage is not encrypted") if {
	some cluster in resource.all("aws_docdb_cluster")
	cluster.id in storage_encryption_applies
	cluster.values.storage_encrypted == false
}

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
#   weighs: [parameter, parameter.name, parameter.value, parameters]
#   controls: [TR-4]
#   aliases: {checkov: [CKV_AWS_90]}
#   remedy: set the parameter tls to enabled, or remove it
tls contains finding.at(group, value.path(parameter, "value"), "TLS is switched off") if {
	some group in resource.all("aws_docdb_cluster_parameter_group")
	some parameter in group.values.parameter
	parameter.name == "tls"
	parameter.value == "disabled"
}

tls contains finding.at(group, "parameters", "TLS is switched off") if {
	some group in resource.all("aws_docdb_cluster_parameter_group")
	group.values.parameters.tls == "disabled"
}

tls contains finding.inconclusive(group, value.path(parameter, undecided), "it is unknown whether TLS is on") if {
	some group in resource.all("aws_docdb_cluster_parameter_group")
	some parameter in group.values.parameter
	value.may_be(parameter, "name", "tls")
	value.may_be(parameter, "value", "disabled")
	some undecided in ["name", "value"]
	value.unsettled(parameter, undecided)
}

tls contains finding.inconclusive(group, "parameter", "it is unknown whether TLS is on") if {
	some group in resource.all("aws_docdb_cluster_parameter_group")
	value.hidden(group, "parameter")
}

tls contains finding.inconclusive(group, "parameters", "it is unknown whether TLS is on") if {
	some group in resource.all("aws_docdb_cluster_parameter_group")
	value.entry_unknown(group, "parameters", "tls")
}
