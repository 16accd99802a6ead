# Instances, their disks, their metadata service and what starts in them.
package demarc.ec2

import data.demarc.lib.finding
import data.demarc.lib.image
import data.demarc.lib.resource
import data.demarc.lib.secret
import data.demarc.lib.value

launchers := ["aws_instance", "aws_launch_template", "aws_launch_configuration"]

launched := [r | some type in launchers; some r in resource.all(type)]

# METADATA
# title: The instance metadata service asks for a token
# description: >-
#   The metadata service hands out the instance role's credentials. Version 1 gives them to whoever can
#   make the instance fetch a URL; version 2 asks for a session token first. An instance that starts
#   from a launch template takes the template's setting.
# related_resources:
#   - https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
# custom:
#   severity: high
#   profile: default
#   subject: [aws_instance, aws_launch_template, aws_launch_configuration]
#   weighs: [metadata_options, metadata_options.http_tokens, metadata_options.http_endpoint, launch_template]
#   aspects: [ID-7.d]
#   remedy: 'set metadata_options { http_tokens = "required" } / MetadataOptions.HttpTokens: required'
imdsv2 contains finding.at(r, "metadata_options.http_tokens", "the instance metadata service answers without a token (IMDSv1)") if {
	some r in launched
	value.outside(r, "metadata_options.http_tokens", ["required"])
	value.differs(r, "metadata_options.http_endpoint", "disabled")
}

imdsv2 contains finding.at(r, "metadata_options", "the metadata options do not ask for a token, so IMDSv1 answers unless the account or the image does") if {
	some r in launched
	value.differs(r, "metadata_options.http_endpoint", "disabled")
	value.none(r, "metadata_options.http_tokens")
	r.values.metadata_options
	image.leaves_token_open(r)
}

imdsv2 contains finding.at(r, "", "no metadata options are written, so IMDSv1 answers unless the account or the image asks for a token") if {
	some r in launched
	r.values.metadata_options == null
	r.id in own_options
	image.leaves_token_open(r)
}

imdsv2 contains finding.inconclusive(r, "metadata_options.http_tokens", "it is unknown whether the instance metadata service asks for a token") if {
	some r in launched
	value.unsettled(r, "metadata_options.http_tokens")
	value.may_be(r, "metadata_options.http_endpoint", "enabled")
}

imdsv2 contains finding.inconclusive(r, "metadata_options.http_endpoint", "it is unknown whether the instance has a metadata service") if {
	some r in launched
	value.unsettled(r, "metadata_options.http_endpoint")
	value.may_be(r, "metadata_options.http_tokens", "optional")
}

imdsv2 contains finding.inconclusive(r, "launch_template", "it is unknown whether a launch template decides about the metadata service") if {
	some r in launched
	r.values.metadata_options == null
	value.hidden(r, "launch_template")
}

# own_options: no launch template decides for the instance.
own_options contains r.id if {
	some r in launched
	value.none(r, "launch_template")
}

own_options contains r.id if {
	some type in ["aws_launch_template", "aws_launch_configuration"]
	some r in resource.all(type)
}

# METADATA
# title: User data holds no secrets
# description: >-
#   User data can be read by every process on the instance, by whoever may describe the instance, and
#   stays in the state file. Secrets belong in Secrets Manager or Parameter Store, fetched with the
#   instance's role.
# related_resources:
#   - https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html
# custom:
#   severity: critical
#   profile: default
#   subject: [aws_instance, aws_launch_template, aws_launch_configuration]
#   weighs: [user_data, user_data_base64]
#   aspects: [OS-2.a]
#   only_breaks: [OS-2.a]
#   secret: true
#   remedy: fetch the secret at start from Secrets Manager with the instance's role
user_data_secrets contains finding.tagged(r, attribute, sprintf("user data holds %s", [kind]), kind) if {
	some r in launched
	some attribute in ["user_data", "user_data_base64"]
	some kind in secret.in_text(r.values[attribute])
}

# METADATA
# title: EBS volumes are encrypted
# description: >-
#   Encryption covers the volume, its snapshots and the traffic between instance and volume, at no cost
#   in speed. It cannot be switched on later for a volume in use. A volume made from a snapshot takes
#   the snapshot's encryption.
# related_resources:
#   - https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_ebs_volume
#   reads: [encrypted]
#   weighs: [snapshot_id]
#   aspects: [DP-4.a]
#   remedy: 'set encrypted = true / Encrypted: true'
ebs_volume_encryption contains finding.at(volume, "encrypted", "the volume is not encrypted") if {
	some volume in resource.all("aws_ebs_volume")
	volume.values.encrypted == false
	value.none(volume, "snapshot_id")
}

ebs_volume_encryption contains finding.inconclusive(volume, "snapshot_id", "it is unknown whether the volume is made from a snapshot, which then decides") if {
	some volume in resource.all("aws_ebs_volume")
	volume.values.encrypted == false
	value.unsettled(volume, "snapshot_id")
	resource.may_lack(volume, "snapshot_id")
}

# METADATA
# title: Disks of instances are encrypted
# description: >-
#   The disks an instance or a launch template writes down are encrypted only if it says so, or if the
#   account encrypts by default. A disk made from a snapshot takes the snapshot's encryption.
# related_resources:
#   - https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html
# custom:
#   severity: high
#   profile: default
#   subject: [aws_instance, aws_launch_template, aws_launch_configuration]
#   reads: [root_block_device.encrypted, ebs_block_device.encrypted, block_device_mappings.encrypted]
#   weighs: [ebs_block_device.snapshot_id, block_device_mappings.snapshot_id]
#   aspects: [DP-4.a]
#   remedy: 'set encrypted = true in each block device / Ebs.Encrypted: true'
instance_volume_encryption contains finding.tagged(r, value.path(device, "encrypted"), "the disk is not encrypted", kind) if {
	some r in launched
	some kind in ["root_block_device", "ebs_block_device", "block_device_mappings"]
	some device in r.values[kind]
	device.encrypted == false
	value.none(device, "snapshot_id")
}

instance_volume_encryption contains finding.inconclusive(r, value.path(device, "snapshot_id"), "it is unknown whether the disk is made from a snapshot, which then decides") if {
	some r in launched
	some kind in ["root_block_device", "ebs_block_device", "block_device_mappings"]
	resource.may_lack(r, concat(".", [kind, "snapshot_id"]))
	some device in r.values[kind]
	device.encrypted == false
	value.unsettled(device, "snapshot_id")
}

# METADATA
# title: Instances take no public address by themselves
# description: >-
#   An instance with a public address is one security-group mistake away from the internet. Put a load
#   balancer in front and administer through Session Manager.
# related_resources:
#   - https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html
# custom:
#   severity: high
#   profile: default
#   subject: [aws_instance, aws_launch_template, aws_launch_configuration]
#   reads: [associate_public_ip_address, network_interfaces.associate_public_ip_address]
#   aspects: [NW-1.b]
#   remedy: 'set associate_public_ip_address = false / AssociatePublicIpAddress: false'
public_ip contains finding.at(r, "associate_public_ip_address", "the instance gets a public address") if {
	some r in launched
	r.values.associate_public_ip_address == true
}

public_ip contains finding.at(r, value.path(interface, "associate_public_ip_address"), "instances from this template get a public address") if {
	some r in launched
	some interface in r.values.network_interfaces
	interface.associate_public_ip_address == true
}

# METADATA
# title: Instances name their security group
# description: >-
#   An instance that names no group gets the VPC's default one, together with everything else that named
#   none: tiers then reach each other by accident.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_instance
#   presence: [vpc_security_group_ids, security_groups, network_interface, primary_network_interface, launch_template]
#   aspects: [NW-1.a]
#   remedy: make a group for the tier and set vpc_security_group_ids / SecurityGroupIds
instance_explicit_network contains finding.at(instance, "vpc_security_group_ids", "the instance falls into the VPC's default security group") if {
	some instance in resource.all("aws_instance")
	value.none(instance, "vpc_security_group_ids")
	value.none(instance, "security_groups")
	value.none(instance, "network_interface")
	value.none(instance, "primary_network_interface")
	value.none(instance, "launch_template")
}

# METADATA
# title: Instances stay out of the default security group
# description: >-
#   The group that comes with a VPC is shared by everything that named no group. A tier has a group of its
#   own, and groups that talk to each other name each other.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_instance
#   weighs: [vpc_security_group_ids, security_groups]
#   aspects: [NW-5.c]
#   remedy: make a group for the tier and name it instead
instance_default_security_group contains finding.at(instance, attribute, "the instance is placed in the VPC's default security group") if {
	some instance in resource.all("aws_instance")
	some attribute in ["vpc_security_group_ids", "security_groups"]
	value.has(instance, attribute, "default")
}

# A VPC, where a group is due, is the VPC's own default group.
instance_default_security_group contains finding.at(instance, attribute, "the instance is placed in the VPC's default security group") if {
	some instance in resource.all("aws_instance")
	some attribute in ["vpc_security_group_ids", "security_groups"]
	some type in ["aws_default_security_group", "aws_vpc"]
	some _ in resource.targets(instance, attribute, type)
}
