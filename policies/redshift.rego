# Data warehouses.
package demarc.redshift

import data.demarc.lib.database
import data.demarc.lib.finding
import data.demarc.lib.key
import data.demarc.lib.parameter
import data.demarc.lib.resource
import data.demarc.lib.secret
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
#   aspects: [DP-10.a]
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
#   aspects: [NW-2.b, NW-16.a]
#   remedy: 'set publicly_accessible = false / PubliclyAccessible: false'
public_access contains f if some f in database.public(["aws_redshift_cluster"], "the warehouse")

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
#   aspects: [RS-1.a]
#   options: {days: {default: 1, about: days that automated snapshots are kept at least}}
#   remedy: set automated_snapshot_retention_period / AutomatedSnapshotRetentionPeriod to at least 1
automated_snapshots contains finding.at(cluster, "automated_snapshot_retention_period", message) if {
	some cluster in resource.all("aws_redshift_cluster")
	message := value.too_brief(cluster, "automated_snapshot_retention_period", value.option("redshift/automated-snapshots", "days"), "automated snapshots")
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
#   aspects: [TR-4.a]
#   remedy: set the parameter require_ssl to true
require_tls contains finding.at(group, "", "the parameter group does not set require_ssl, so clients may connect in clear") if {
	some group in resource.all("aws_redshift_parameter_group")
	value.is(group, "family", "redshift-1.0")
	parameter.absent(group, "require_ssl")
}

require_tls contains finding.at(group, place, "require_ssl is off, so clients may connect in clear") if {
	some group in resource.all("aws_redshift_parameter_group")
	some place in parameter.among(group, "require_ssl", {"false"})
}

require_tls contains finding.inconclusive(group, "family", "it is unknown whether the family demands TLS by itself") if {
	some group in resource.all("aws_redshift_parameter_group")
	value.unsettled(group, "family")
	parameter.absent(group, "require_ssl")
}

require_tls contains finding.inconclusive(group, place, "it is unknown whether require_ssl is on") if {
	some group in resource.all("aws_redshift_parameter_group")
	some place in parameter.undecided(group, "require_ssl")
}

# METADATA
# title: Public warehouses have no administrator that everyone would guess
# description: >-
#   On a public address only a name and a password stand before the data, and awsuser, admin and
#   administrator are the names tried first.
# related_resources:
#   - https://docs.aws.amazon.com/redshift/latest/mgmt/rs-security-group-public-private.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_redshift_cluster
#   reads: [master_username, publicly_accessible]
#   aspects: [NW-16.a]
#   remedy: set publicly_accessible = false, or a name of your own as master_username / MasterUsername
admin_username_public contains finding.at(cluster, "master_username", message) if {
	some cluster in resource.all("aws_redshift_cluster")
	cluster.values.publicly_accessible == true
	value.matches(cluster, "master_username", guessable)
	message := sprintf("the administrator of this public warehouse is called %s", [cluster.values.master_username])
}

# Where one of the two is known to be harmless, the other cannot matter.
admin_username_public_applies contains cluster.id if {
	some cluster in resource.all("aws_redshift_cluster")
	value.may_be(cluster, "publicly_accessible", true)
	may_be_guessable(cluster)
}

# A name that is known to be another passes.
admin_username_public_applies contains cluster.id if {
	some cluster in resource.all("aws_redshift_cluster")
	cluster.values.publicly_accessible == true
	is_string(cluster.values.master_username)
}

guessable := `(?i)^(awsuser|admin|administrator)$`

may_be_guessable(cluster) if value.matches(cluster, "master_username", guessable)

may_be_guessable(cluster) if value.unsettled(cluster, "master_username")

# METADATA
# title: Warehouses write an audit log
# description: >-
#   The audit log says who signed in, what they changed about users, and what they asked.
# related_resources:
#   - https://docs.aws.amazon.com/redshift/latest/mgmt/db-auditing.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_redshift_cluster
#   reads: [logging.enable]
#   aspects: [DT-7.b]
#   remedy: 'add aws_redshift_logging / LoggingProperties'
audit_logging contains finding.at(cluster, "", "the warehouse writes no audit log") if {
	some cluster in resource.all("aws_redshift_cluster")
	cluster.values.logging == null
}

audit_logging contains finding.at(cluster, "logging.enable", "the warehouse's audit log is switched off") if {
	some cluster in resource.all("aws_redshift_cluster")
	cluster.values.logging.enable == false
}

# METADATA
# title: Warehouses encrypt with a key the customer owns
# description: >-
#   A customer-managed key has a policy of its own, logs every use, and can be taken away from whoever
#   should no longer read the warehouse or its snapshots.
# related_resources:
#   - https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-db-encryption.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_redshift_cluster
#   weighs: [encrypted, kms_key_id]
#   pedantic: [DP-10.a]
#   remedy: set kms_key_id / KmsKeyId to a key of your own
customer_key contains f if {
	some cluster in resource.all("aws_redshift_cluster")
	some f in key.foreign_where(cluster, "encrypted", "kms_key_id", "the warehouse")
}

# A warehouse in clear has no key.
customer_key_applies contains cluster.id if {
	some cluster in resource.all("aws_redshift_cluster")
	value.may_be(cluster, "encrypted", true)
}

# METADATA
# title: Warehouses load and unload through the VPC
# description: >-
#   Without enhanced VPC routing COPY and UNLOAD go over the internet, past the VPC's endpoints, flow
#   logs and firewalls.
# related_resources:
#   - https://docs.aws.amazon.com/redshift/latest/mgmt/enhanced-vpc-routing.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_redshift_cluster
#   reads: [enhanced_vpc_routing]
#   pedantic: [NW-14.a]
#   only_keeps: [NW-14.a]
#   remedy: 'set enhanced_vpc_routing = true / EnhancedVpcRouting: true'
enhanced_vpc_routing contains finding.at(cluster, "enhanced_vpc_routing", "COPY and UNLOAD leave the warehouse past the VPC") if {
	some cluster in resource.all("aws_redshift_cluster")
	cluster.values.enhanced_vpc_routing == false
}

# METADATA
# title: Warehouses stand in a subnet group of their own
# description: >-
#   Without a subnet group the warehouse stands in the default VPC, whose subnets are public.
# related_resources:
#   - https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-cluster-subnet-groups.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_redshift_cluster
#   presence: [cluster_subnet_group_name]
#   aspects: [NW-1.a]
#   remedy: set cluster_subnet_group_name / ClusterSubnetGroupName to private subnets
in_vpc contains finding.at(cluster, "cluster_subnet_group_name", "the warehouse stands in the default VPC") if {
	some cluster in resource.all("aws_redshift_cluster")
	value.none(cluster, "cluster_subnet_group_name")
}

# METADATA
# title: Warehouse passwords are not written in the source
# description: >-
#   A literal password is known to everyone who can read the repository, the plan or the state. Redshift
#   can make and rotate one in Secrets Manager.
# related_resources:
#   - https://docs.aws.amazon.com/redshift/latest/mgmt/redshift-secrets-manager-integration.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_redshift_cluster
#   weighs: [master_password, master_password_wo]
#   aspects: [ID-14.c]
#   secret: true
#   remedy: 'set manage_master_password = true / ManageMasterPassword: true and remove the password'
literal_password contains f if {
	some cluster in resource.all("aws_redshift_cluster")
	some f in secret.written(cluster, ["master_password", "master_password_wo"], "the master password")
}
