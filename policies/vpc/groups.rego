# Security groups: what may leave, the default group, what they say of themselves.
package demarc.vpc

import data.demarc.lib.finding
import data.demarc.lib.network
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Egress is limited to what is needed
# description: >-
#   A group that lets every protocol out to every address gives whoever gets onto a host a free way to
#   take data out and to load tools. Terraform removes AWS's own allow-all rule when no egress is
#   written; CloudFormation keeps it, which this rule does not report.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
# custom:
#   severity: medium
#   profile: extended
#   subject: [aws_security_group, aws_default_security_group]
#   weighs: [egress, egress.cidr_blocks, egress.ipv6_cidr_blocks, egress.prefix_list_ids, egress.protocol, egress.from_port, egress.to_port]
#   aspects: [NW-6.a]
#   remedy: name the ports and destinations the hosts need
egress_all_traffic contains finding.tagged(group, network.source_at(rule), message, network.traffic(rule)) if {
	some {"group": group, "rule": rule} in network.egress
	network.open(rule)
	network.every_port(rule)
	message := sprintf("all traffic may leave to the internet: %s", [network.range(rule)])
}

egress_all_traffic contains finding.inconclusive(group, network.undecided_at(rule), "it is unknown whether all traffic may leave to the internet") if {
	some {"group": group, "rule": rule} in network.egress
	network.may_open(rule)
	network.may_be_every_port(rule)
}

egress_all_traffic contains finding.inconclusive(group, "egress", "it is unknown whether all traffic may leave to the internet") if {
	some group in network.groups
	value.hidden(group, "egress")
}

# METADATA
# title: The default security group of a VPC has no rules
# description: >-
#   Whatever is started without naming a group gets the VPC's default one. With rules in it, such
#   resources talk to each other, or to the world, by accident.
# related_resources:
#   - https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-2
# custom:
#   severity: high
#   profile: default
#   subject: [aws_default_security_group, aws_security_group]
#   reads: [ingress, egress]
#   aspects: [NW-5.d]
#   only_breaks: [NW-5.d]
#   remedy: remove every ingress and egress block from aws_default_security_group
default_security_group_closed contains finding.tagged(group, rule._at, "the default security group has a rule", direction) if {
	some group in resource.all("aws_default_security_group")
	some direction in ["ingress", "egress"]
	some rule in group.values[direction]
}

# A rule that is written elsewhere belongs to a group of which only the name of
# what it comes with is known.
default_security_group_closed contains finding.tagged(group, rule._at, "the default security group has a rule", direction) if {
	some group in default_groups
	some direction in ["ingress", "egress"]
	some rule in group.values[direction]
}

default_security_group_closed_applies contains group.id if some group in default_groups

default_security_group_closed_applies contains group.id if some group in resource.all("aws_default_security_group")

# default_groups are the groups that come with a VPC and are written elsewhere, or
# not at all.
default_groups contains group if {
	some group in resource.all("aws_security_group")
	group.external
	some type in ["aws_default_security_group", "aws_vpc", "aws_default_vpc"]
	some _ in resource.targets(group, "stands_for", type)
}

# METADATA
# title: Egress names the networks that it reaches
# description: >-
#   A host that may reach every address on some port can send data there. A rule for all traffic is reported once,
#   as vpc/egress-all-traffic.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
# custom:
#   severity: low
#   profile: extended
#   subject: [aws_security_group, aws_default_security_group]
#   weighs: [egress, egress.cidr_blocks, egress.ipv6_cidr_blocks, egress.protocol, egress.from_port, egress.to_port]
#   pedantic: [NW-6.a]
#   remedy: name the destinations, or reach AWS through endpoints
egress_open_world contains f if {
	some f in network.worldwide("egress", "the whole internet can be reached")
}

# METADATA
# title: The default security group names no world range
# description: >-
#   Whatever names no group falls into the default one, and is open to, or may reach, the whole internet.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
# custom:
#   severity: high
#   profile: extended
#   subject: aws_default_security_group
#   reads: [ingress.cidr_blocks, ingress.ipv6_cidr_blocks, egress.cidr_blocks, egress.ipv6_cidr_blocks]
#   aspects: [NW-5.a]
#   only_breaks: [NW-5.a]
#   remedy: remove every ingress and egress block from aws_default_security_group
default_security_group_open contains finding.tagged(group, network.source_at(rule), message, direction) if {
	some group in resource.all("aws_default_security_group")
	some direction in ["ingress", "egress"]
	some rule in group.values[direction]
	network.open(rule)
	message := sprintf("the default security group names %s", [network.range(rule)])
}

# METADATA
# title: The default security group of each VPC is taken over
# description: >-
#   AWS makes the group with a rule that lets its members talk to each other. Terraform can adopt and empty it;
#   CloudFormation cannot.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_vpc
#   companions: [aws_default_security_group.vpc_id]
#   pedantic: [NW-5.d]
#   remedy: add an aws_default_security_group with the vpc_id and no rules
default_security_group_managed contains finding.at(vpc, "", "the default security group keeps the rules that AWS gave it") if {
	some vpc in resource.all("aws_vpc")
	resource.without(vpc, "aws_default_security_group", "vpc_id")
}

default_security_group_managed_applies contains vpc.id if {
	some vpc in resource.all("aws_vpc")
	vpc.declared_type == "aws_vpc"
}

# METADATA
# title: Security groups say what they are for
# description: >-
#   A group whose purpose is written is removed when the purpose is gone.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_security_group
#   reads: [description]
#   only_keeps: [NW-5.e]
#   pedantic: [NW-5.e]
#   remedy: write a description / GroupDescription
security_group_description contains finding.at(group, "description", "the group does not say what it is for") if {
	some group in resource.all("aws_security_group")
	group.values.description in {null, "", "Managed by Terraform"}
}

# METADATA
# title: Rules of security groups say why they are there
# description: >-
#   Nobody dares to remove a rule whose reason is unknown.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
# custom:
#   severity: low
#   profile: extended
#   subject: [aws_security_group, aws_default_security_group]
#   reads: [ingress.description, egress.description]
#   only_keeps: [NW-5.e]
#   pedantic: [NW-5.e]
#   remedy: write a description / Description at each rule
security_group_rule_description contains finding.tagged(group, value.path(rule, "description"), "the rule does not say why it is there", direction) if {
	some group in network.groups
	some direction in ["ingress", "egress"]
	some rule in group.values[direction]
	rule.description in {null, ""}
}

# METADATA
# title: Security groups name their VPC
# description: >-
#   A group without one lands in the account's default VPC.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_security_group
#   presence: [vpc_id]
#   pedantic: [NW-1.a]
#   remedy: set vpc_id / VpcId
security_group_without_vpc contains finding.at(group, "vpc_id", "the group lands in the default VPC") if {
	some group in resource.all("aws_security_group")
	value.none(group, "vpc_id")
}
