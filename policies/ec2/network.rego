# Where instances stand in the network.
package demarc.ec2

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.subnets
import data.demarc.lib.value

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

# METADATA
# title: Instances with a public address stand in no subnet that routes to the internet
# description: >-
#   A public address and a route to an internet gateway make the path whole: whatever a security group opens is then
#   reached from anywhere.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_instance
#   when: [associate_public_ip_address]
#   weighs: [subnet_id, network_interface.subnet_id]
#   aspects: [NW-1.b, NW-9.a]
#   remedy: move the instance to a subnet without such a route, behind a load balancer
public_instance_routed contains finding.at(instance, place.path, message) if {
	some place in places
	instance := place.instance
	some subnet in resource.targets(instance, place.attribute, "aws_subnet")
	subnet.id in subnets.routed
	message := sprintf("the instance has a public address, and its subnet %s routes to an internet gateway", [subnet.address])
}

public_instance_routed contains finding.inconclusive(instance, place.path, "it is unknown in which subnet the instance stands") if {
	some place in places
	instance := place.instance
	resource.may_lack(instance, place.attribute)
}

# places are where an instance names a subnet that is known, if at all, as a reference.
places contains {"instance": instance, "attribute": "subnet_id", "path": "subnet_id"} if {
	some instance in resource.all("aws_instance")
	value.unsettled(instance, "subnet_id")
}

places contains {"instance": instance, "attribute": "network_interface.subnet_id", "path": value.path(interface, "subnet_id")} if {
	some instance in resource.all("aws_instance")
	some interface in instance.values.network_interface
	value.unsettled(interface, "subnet_id")
}

public_instance_routed_applies contains instance.id if {
	some instance in resource.all("aws_instance")
	instance.values.associate_public_ip_address == true
}

# METADATA
# title: Public and private instances do not share a role
# description: >-
#   Whoever takes over an instance that faces the internet has its role. A role that the inner tier uses as well
#   opens that tier's data too.
# related_resources:
#   - https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_instance
#   presence: [iam_instance_profile]
#   weighs: [subnet_id]
#   aspects: [NW-8.d]
#   remedy: give each tier an instance profile of its own
role_shared_across_tiers contains finding.at(instance, "iam_instance_profile", message) if {
	some instance in public_instances
	some id in instance.links.iam_instance_profile
	inner := {other.address | some other in holders[id]; other.id in private_instances}
	inner != set()
	message := sprintf("the instance faces the internet and has the role of %s, which does not", [min(inner)])
}

role_shared_across_tiers contains finding.inconclusive(instance, "subnet_id", "it is unknown in which subnet the instance stands") if {
	some instance in resource.all("aws_instance")
	some id in instance.links.iam_instance_profile
	some other in holders[id]
	other.id != instance.id
	resource.may_lack(instance, "subnet_id")
	value.unsettled(instance, "subnet_id")
}

role_shared_across_tiers contains finding.inconclusive(instance, "subnet_id", sprintf("it is unknown whether the subnet %s is public", [subnet.address])) if {
	some instance in resource.all("aws_instance")
	some id in instance.links.iam_instance_profile
	some other in holders[id]
	other.id != instance.id
	some subnet in resource.targets(instance, "subnet_id", "aws_subnet")
	value.unsettled(subnet, "map_public_ip_on_launch")
}

role_shared_across_tiers_applies contains instance.id if {
	some instance in resource.all("aws_instance")
	resource.set(instance, "iam_instance_profile")
}

# holders are the instances that have a profile, by its id.
holders[id] contains instance if {
	some instance in resource.all("aws_instance")
	some id in instance.links.iam_instance_profile
}

# An instance whose subnet is one of several is in a tier only if all of them are.
public_instances contains instance if {
	some instance in resource.all("aws_instance")
	ids := {subnet.id | some subnet in resource.targets(instance, "subnet_id", "aws_subnet")}
	ids != set()
	ids & subnets.public_ids == ids
}

private_instances contains instance.id if {
	some instance in resource.all("aws_instance")
	ids := {subnet.id | some subnet in resource.targets(instance, "subnet_id", "aws_subnet")}
	ids != set()
	ids == {subnet.id | some subnet in resource.targets(instance, "subnet_id", "aws_subnet"); subnets.private(subnet)}
}

# METADATA
# title: Instances have one network interface
# description: >-
#   An instance with a foot in two networks is a way around whatever stands between them.
# related_resources:
#   - https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_instance
#   reads: [network_interface.device_index]
#   companions: [aws_network_interface_attachment.instance_id]
#   pedantic: [NW-8.e]
#   remedy: keep the interface with device index 0, and route between the networks
multiple_network_interfaces contains finding.tagged(instance, value.path(interface, "device_index"), "the instance has more than one network interface", "interface") if {
	some instance in resource.all("aws_instance")
	some interface in instance.values.network_interface
	interface.device_index > 0
}

multiple_network_interfaces contains finding.tagged(instance, "", message, attachment.address) if {
	some instance in resource.all("aws_instance")
	some attachment in resource.referrers(instance, "aws_network_interface_attachment", "instance_id")
	message := sprintf("%s gives the instance a further network interface", [attachment.address])
}

# METADATA
# title: Interfaces check that traffic is theirs
# description: >-
#   Without the check an interface passes on whatever it is sent. Only what routes for others, such as a NAT or a
#   firewall instance, needs that.
# related_resources:
#   - https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html
# custom:
#   severity: medium
#   profile: extended
#   subject: [aws_instance, aws_network_interface]
#   reads: [source_dest_check]
#   companions: [aws_route.network_interface_id, aws_route.instance_id, aws_route_table.route.network_interface_id]
#   pedantic: [NW-9.a]
#   remedy: 'set source_dest_check = true / SourceDestCheck: true'
source_dest_check contains finding.at(r, "source_dest_check", "the interface accepts traffic that is meant for others") if {
	some type in ["aws_instance", "aws_network_interface"]
	some r in resource.all(type)
	r.values.source_dest_check == false
	resource.without(r, "aws_route", "network_interface_id")
	resource.without(r, "aws_route", "instance_id")
	resource.without(r, "aws_route_table", "route.network_interface_id")
}
