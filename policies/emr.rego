# Clusters of EMR and their security configurations.
package demarc.emr

import data.demarc.lib.finding
import data.demarc.lib.network
import data.demarc.lib.resource
import data.demarc.lib.secret
import data.demarc.lib.value

# METADATA
# title: EMR clusters encrypt data at rest
# description: >-
#   A security configuration decides whether the clusters that use it encrypt what they keep in S3 and on
#   local disks. It does so only where it says so.
# related_resources:
#   - https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-data-encryption-options.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_emr_security_configuration
#   reads: [encryption.enable_at_rest]
#   aspects: [DP-8.a]
#   remedy: set EncryptionConfiguration.EnableAtRestEncryption to true in the configuration
at_rest_encryption contains finding.at(settings, "encryption.enable_at_rest", "clusters keep their data in clear") if {
	some settings in resource.all("aws_emr_security_configuration")
	settings.values.encryption.enable_at_rest == false
}

# METADATA
# title: EMR clusters encrypt data in transit
# description: >-
#   Unless a security configuration says otherwise, nodes of a cluster speak to each other in clear.
# related_resources:
#   - https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-data-encryption-options.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_emr_security_configuration
#   reads: [encryption.enable_in_transit]
#   pedantic: [TR-4.b]
#   remedy: set EncryptionConfiguration.EnableInTransitEncryption to true in the configuration, and name certificates
in_transit_encryption contains finding.at(settings, "encryption.enable_in_transit", "nodes speak to each other in clear") if {
	some settings in resource.all("aws_emr_security_configuration")
	settings.values.encryption.enable_in_transit == false
}

# METADATA
# title: EMR clusters encrypt their EBS volumes
# description: >-
#   Local disk encryption leaves out root and storage volumes of EBS unless EnableEbsEncryption is set, with
#   a key of KMS.
# related_resources:
#   - https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-data-encryption-options.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_emr_security_configuration
#   reads: [encryption.enable_at_rest, encryption.at_rest.local_disk.enable_ebs]
#   aspects: [DP-8.a]
#   remedy: set LocalDiskEncryptionConfiguration.EnableEbsEncryption to true in the configuration, with a KMS key
ebs_encryption contains finding.at(settings, "encryption.at_rest.local_disk.enable_ebs", "EBS volumes of clusters are not encrypted") if {
	some settings in resource.all("aws_emr_security_configuration")
	value.settled(settings, "encryption.enable_at_rest")
	value.is(settings, "encryption.at_rest.local_disk.enable_ebs", false)
}

ebs_encryption contains finding.at(settings, "encryption.enable_at_rest", "clusters encrypt nothing at rest, so neither their EBS volumes") if {
	some settings in resource.all("aws_emr_security_configuration")
	settings.values.encryption.enable_at_rest == false
	value.is(settings, "encryption.at_rest.local_disk.enable_ebs", true)
}

# METADATA
# title: EMR clusters encrypt their local disks
# description: >-
#   Instance stores hold HDFS and what jobs spill. They are encrypted only if the security configuration
#   names who keeps the key.
# related_resources:
#   - https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-data-encryption-options.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_emr_security_configuration
#   reads: [encryption.enable_at_rest, encryption.at_rest.local_disk.key_provider]
#   aspects: [DP-8.a]
#   remedy: set LocalDiskEncryptionConfiguration.EncryptionKeyProviderType to AwsKms or Custom in the configuration
local_disk_encryption contains finding.at(settings, "encryption.at_rest.local_disk.key_provider", "local disks of clusters are not encrypted: no key provider is named") if {
	some settings in resource.all("aws_emr_security_configuration")
	value.none(settings, "encryption.at_rest.local_disk.key_provider")
}

local_disk_encryption contains finding.at(settings, "encryption.enable_at_rest", "clusters encrypt nothing at rest, so neither their local disks") if {
	some settings in resource.all("aws_emr_security_configuration")
	settings.values.encryption.enable_at_rest == false
	value.outside(settings, "encryption.at_rest.local_disk.key_provider", {""})
}

# METADATA
# title: EMR refuses clusters that are open to the internet
# description: >-
#   The block of public access refuses clusters whose security groups let the internet in. It is on in every
#   account until someone switches it off.
# related_resources:
#   - https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-block-public-access.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_emr_block_public_access_configuration
#   reads: [block_public_security_group_rules]
#   aspects: [NW-16.a]
#   remedy: set block_public_security_group_rules = true
block_public_access contains finding.at(block, "block_public_security_group_rules", "clusters may be opened to the internet") if {
	some block in resource.all("aws_emr_block_public_access_configuration")
	block.values.block_public_security_group_rules == false
}

# METADATA
# title: Kerberos passwords of EMR are not written in the source
# description: >-
#   A literal password is known to everyone who can read the repository, the plan or the state.
# related_resources:
#   - https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-kerberos.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_emr_cluster
#   weighs: [kerberos_attributes]
#   aspects: [ID-14.c]
#   secret: true
#   remedy: take it from a secret
literal_kerberos_password contains f if {
	some cluster in resource.all("aws_emr_cluster")
	some f in secret.written(cluster, kerberos_passwords, "a Kerberos password")
}

kerberos_passwords := [
	"kerberos_attributes.kdc_admin_password",
	"kerberos_attributes.ad_domain_join_password",
	"kerberos_attributes.cross_realm_trust_principal_password",
]

# METADATA
# title: EMR clusters have a security configuration
# description: >-
#   It decides what a cluster encrypts and whom it lets in. Without one nothing asks it to do either.
# related_resources:
#   - https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-create-security-configuration.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_emr_cluster
#   presence: [security_configuration]
#   aspects: [DP-8.a]
#   remedy: set security_configuration / SecurityConfiguration
security_configuration contains finding.at(cluster, "security_configuration", "the cluster has no security configuration, so nothing asks it to encrypt or to authenticate") if {
	some cluster in resource.all("aws_emr_cluster")
	value.none(cluster, "security_configuration")
}

# METADATA
# title: EMR clusters are not open to the internet
# description: >-
#   The web interfaces of a cluster ask for no password. A security group that lets the internet in lets it
#   run jobs.
# related_resources:
#   - https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-security-groups.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_emr_cluster
#   weighs: [ec2_attributes]
#   aspects: [NW-16.a]
#   remedy: name the addresses or groups that may reach the cluster
security_group_open contains finding.tagged(cluster, attribute, message, network.traffic(candidate.rule)) if {
	some cluster in resource.all("aws_emr_cluster")
	some attribute in group_attributes
	some group in resource.targets(cluster, attribute, "aws_security_group")
	some candidate in network.ingress
	candidate.group.id == group.id
	network.open(candidate.rule)
	message := sprintf("the cluster's security group %s lets the internet in: %s", [group.address, network.traffic(candidate.rule)])
}

security_group_open contains finding.inconclusive(cluster, attribute, "it is unknown whether the cluster's security group lets the internet in") if {
	some cluster in resource.all("aws_emr_cluster")
	some attribute in group_attributes
	some group in resource.targets(cluster, attribute, "aws_security_group")
	group.id in doubtful
}

doubtful contains candidate.group.id if {
	some candidate in network.ingress
	network.may_open(candidate.rule)
}

doubtful contains group.id if some group in network.hidden_groups("ingress")

# Groups of other stacks are judged there.
security_group_open_applies contains cluster.id if {
	some cluster in resource.all("aws_emr_cluster")
	some attribute in group_attributes
	resource.targets(cluster, attribute, "aws_security_group") != set()
}

group_attributes := [
	"ec2_attributes.emr_managed_master_security_group",
	"ec2_attributes.emr_managed_slave_security_group",
	"ec2_attributes.additional_master_security_groups",
	"ec2_attributes.additional_slave_security_groups",
	"ec2_attributes.service_access_security_group",
]
