# Network ACLs, the baseline of a subnet.
package demarc.vpc

import data.demarc.lib.finding
import data.demarc.lib.network
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Network ACL entries that allow traffic limit the ports
# description: >-
#   A network ACL is the subnet's baseline, below all security groups. An entry that allows every port
#   from every address is no baseline.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
# custom:
#   severity: high
#   profile: extended
#   subject: aws_network_acl
#   weighs: [ingress, ingress.action, ingress.protocol, ingress.from_port, ingress.to_port, ingress.cidr_blocks, ingress.ipv6_cidr_blocks]
#   aspects: [NW-7.a]
#   remedy: allow the ports that the subnet serves, and return traffic on ports 1024-65535
nacl_all_ports contains finding.tagged(acl, value.path(entry, "protocol"), message, network.traffic(entry)) if {
	some acl in resource.all("aws_network_acl")
	some entry in acl.values.ingress
	lower(entry.action) == "allow"
	network.open(entry)
	network.every_port(entry)
	message := sprintf("the entry allows every port from %s", [network.range(entry)])
}

nacl_all_ports contains finding.inconclusive(acl, value.path(entry, undecided), "it is unknown whether the entry allows every port from everywhere") if {
	some acl in resource.all("aws_network_acl")
	some entry in acl.values.ingress
	some undecided in network.may_allow_every_port(entry)
}

nacl_all_ports contains finding.inconclusive(acl, "ingress", "it is unknown whether an entry allows every port from everywhere") if {
	some acl in resource.all("aws_network_acl")
	value.hidden(acl, "ingress")
}

# METADATA
# title: Network ACLs keep SSH from the internet
# description: >-
#   What the baseline of a subnet admits, a single security group can open by mistake. An entry for every port is
#   reported once, as vpc/nacl-all-ports.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_network_acl
#   weighs: [ingress, ingress.rule_no, ingress.action, ingress.protocol, ingress.from_port, ingress.to_port, ingress.cidr_blocks, ingress.ipv6_cidr_blocks]
#   pedantic: [NW-3.a]
#   remedy: allow the port from the networks that administer, or deny it with a lower number
nacl_ingress_ssh contains f if {
	some f in network.admitted({22}, network.tcp, "SSH")
}

# METADATA
# title: Network ACLs keep Remote Desktop from the internet
# description: >-
#   What the baseline of a subnet admits, a single security group can open by mistake. An entry for every port is
#   reported once, as vpc/nacl-all-ports.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_network_acl
#   weighs: [ingress, ingress.rule_no, ingress.action, ingress.protocol, ingress.from_port, ingress.to_port, ingress.cidr_blocks, ingress.ipv6_cidr_blocks]
#   pedantic: [NW-3.a]
#   remedy: allow the port from the networks that administer, or deny it with a lower number
nacl_ingress_rdp contains f if {
	some f in network.admitted({3389}, network.tcp_udp, "Remote Desktop")
}

# METADATA
# title: Network ACLs keep administration ports from the internet
# description: >-
#   What the baseline of a subnet admits, a single security group can open by mistake. An entry for every port is
#   reported once, as vpc/nacl-all-ports.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_network_acl
#   weighs: [ingress, ingress.rule_no, ingress.action, ingress.protocol, ingress.from_port, ingress.to_port, ingress.cidr_blocks, ingress.ipv6_cidr_blocks]
#   pedantic: [NW-3.a]
#   remedy: allow the port from the networks that administer, or deny it with a lower number
nacl_ingress_admin_ports contains f if {
	some f in network.admitted({23, 5500, 5900, 5985, 5986}, network.tcp, "an administration port")
}

# METADATA
# title: Network ACL entries that allow traffic name TCP, UDP or ICMP
# description: >-
#   An entry for all protocols lets tunnels and everything else through. Ingress of every port from everywhere is
#   reported as vpc/nacl-all-ports.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_network_acl
#   reads: [ingress.action, ingress.protocol, egress.action, egress.protocol]
#   weighs: [ingress, egress, ingress.cidr_blocks, ingress.ipv6_cidr_blocks]
#   aspects: [NW-7.a]
#   remedy: allow tcp, udp and icmp by themselves, with the ports that are needed
nacl_permissive_protocol contains finding.tagged(acl, value.path(entry, "protocol"), "the entry allows every protocol, or one that is seldom used", direction) if {
	some acl in resource.all("aws_network_acl")
	some direction in ["ingress", "egress"]
	some entry in acl.values[direction]
	lower(entry.action) == "allow"
	value.outside(entry, "protocol", usual_protocols)
	network.not_reported(direction, entry)
}

usual_protocols := {"tcp", "6", "udp", "17", "icmp", "1", "icmpv6", "58", "TCP", "UDP", "ICMP", "ICMPV6"}

# METADATA
# title: Network ACLs are bound to subnets
# description: >-
#   An ACL that no subnet has protects nothing, and looks as if it did.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_network_acl
#   presence: [subnet_ids]
#   companions: [aws_network_acl_association.network_acl_id]
#   pedantic: [NW-7.a]
#   remedy: set subnet_ids, or associate it / AWS::EC2::SubnetNetworkAclAssociation
nacl_attached contains finding.at(acl, "subnet_ids", "no subnet has this network ACL") if {
	some acl in resource.all("aws_network_acl")
	value.none(acl, "subnet_ids")
	value.none(acl, "default_network_acl_id")
	resource.without(acl, "aws_network_acl_association", "network_acl_id")
}
