# Data warehouses.
package demarc.redshift

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Warehouses are encrypted
# description: >-
#   Encryption covers the cluster's blocks and its snapshots. New clusters are encrypted unless this is
#   switched off.
# related_resources:
#   - https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-db-encryption.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_redshift_cluster
#   reads: [encrypted]
#   controls: [DP-10]
#   aliases: {checkov: [CKV_AWS_64], kics: [3b316b05-564c-44a7-9c3f-405bb95e211e, cfdcabb0-fc06-427c-865b-c59f13e898ce]}
#   remedy: 'set encrypted = true / Encrypted: true'
cluster_encryption contains finding.at(cluster, "encrypted", "the warehouse is not encrypted") if {
	some cluster in resource.all("aws_redshift_cluster")
	cluster.values.encrypted == false
}

# METADATA
# title: Warehouses are not publicly accessible
# description: >-
#   A publicly accessible cluster has a public address: only its security group and its password stand
#   between it and the internet.
# related_resources:
#   - https://docs.aws.amazon.com/redshift/latest/mgmt/rs-security-group-public-private.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_redshift_cluster
#   reads: [publicly_accessible]
#   controls: [NW-16, NW-2]
#   aliases: {checkov: [CKV_AWS_87], kics: [af173fde-95ea-4584-b904-bb3923ac4bda, bdf8dcb4-75df-4370-92c4-606e4ae6c4d3]}
#   remedy: 'set publicly_accessible = false / PubliclyAccessible: false'
public_access contains finding.at(cluster, "publicly_accessible", "the warehouse has a public address") if {
	some cluster in resource.all("aws_redshift_cluster")
	cluster.values.publicly_accessible == true
}

# METADATA
# title: Warehouses keep automated snapshots
# description: >-
#   A retention of 0 days switches automated snapshots off, and deletes those that there are.
# related_resources:
#   - https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-snapshots.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_redshift_cluster
#   reads: [automated_snapshot_retention_period]
#   controls: [RS-1]
#   aliases: {checkov: [CKV_AWS_343]}
#   remedy: set automated_snapshot_retention_period / AutomatedSnapshotRetentionPeriod to at least 1
automated_snapshots contains finding.at(cluster, "automated_snapshot_retention_period", "the warehouse keeps no automated snapshots") if {
	some cluster in resource.all("aws_redshift_cluster")
	value.below(cluster, "automated_snapshot_retention_period", 1)
}

# METADATA
# title: Warehouse parameter groups demand TLS
# description: >-
#   With require_ssl the cluster refuses clients that connect in clear. The family redshift-1.0 does not
#   demand it unless told to.
# related_resources:
#   - https://docs.aws.amazon.com/redshift/latest/mgmt/connecting-ssl-support.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_redshift_parameter_group
#   weighs: [family, parameter, parameter.name, parameter.value]
#   controls: [TR-4]
#   aliases: {checkov: [CKV_AWS_105]}
#   remedy: set the parameter require_ssl to true
require_tls contains finding.at(group, "", "the parameter group does not set require_ssl, so clients may connect in clear") if {
	some group in resource.all("aws_redshift_parameter_group")
	value.is(group, "family", "redshift-1.0")
	value.lacks_block(group, "parameter", {"name": "require_ssl"})
}

require_tls contains finding.at(group, value.path(parameter, "value"), "require_ssl is off, so clients may connect in clear") if {
	some group in resource.all("aws_redshift_parameter_group")
	some parameter in group.values.parameter
	parameter.name == "require_ssl"
	value.is(parameter, "value", "false")
}

require_tls contains finding.inconclusive(group, "family", "it is unknown whether the family demands TLS by itself") if {
	some group in resource.all("aws_redshift_parameter_group")
	value.unsettled(group, "family")
	value.lacks_block(group, "parameter", {"name": "require_ssl"})
}

require_tls contains finding.inconclusive(group, value.path(parameter, undecided), "it is unknown whether require_ssl is on") if {
	some group in resource.all("aws_redshift_parameter_group")
	some parameter in group.values.parameter
	value.may_be(parameter, "name", "require_ssl")
	some undecided in ["name", "value"]
	value.unsettled(parameter, undecided)
}

require_tls contains finding.inconclusive(group, "parameter", "it is unknown whether require_ssl is on") if {
	some group in resource.all("aws_redshift_parameter_group")
	value.hidden(group, "parameter")
}
