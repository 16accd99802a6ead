# Networks: security groups, network ACLs, routes, flow logs.
package demarc.vpc

import data.demarc.lib.finding
import data.demarc.lib.network
import data.demarc.lib.resource
import data.demarc.lib.value

admin_ports := {20, 21, 23, 115, 137, 138, 139, 2049, 5500, 5900, 5985, 5986}

database_ports := {
	1433, 1434, 1521, 1522, 2382, 2383, 2483, 2484, 3306, 4333, 5432, 5439, 6379, 7000, 7001, 7199, 8182,
	9042, 9160, 9200, 9300, 11211, 11214, 11215, 27017, 27018, 27019, 50000,
}

cleartext_ports := {20, 21, 23, 69, 109, 110, 111, 143, 161, 389, 512, 513, 514, 873}

# METADATA
# title: SSH (22) is not open to the internet
# description: >-
#   A security group that admits port 22 from every address lets anybody try keys and passwords on
#   the hosts behind it. Administrators can reach hosts through Session Manager or EC2 Instance
#   Connect, which need no open port, or from a known range of addresses.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html
#   - https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager.html
# custom:
#   severity: high
#   profile: default
#   subject: [aws_security_group, aws_default_security_group]
#   weighs: [ingress, ingress.cidr_blocks, ingress.ipv6_cidr_blocks, ingress.protocol, ingress.from_port, ingress.to_port]
#   aspects: [NW-3.a]
#   remedy: name the addresses that administer the hosts, or remove the rule and use Session Manager
ingress_ssh contains f if {
	some f in network.opened({22}, network.tcp, "SSH")
}

# METADATA
# title: Remote Desktop (3389) is not open to the internet
# description: >-
#   A security group that admits port 3389 from every address offers the Windows login screen to the
#   whole internet, where it is scanned for weak passwords and for flaws in the protocol.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html
# custom:
#   severity: high
#   profile: default
#   subject: [aws_security_group, aws_default_security_group]
#   weighs: [ingress, ingress.cidr_blocks, ingress.ipv6_cidr_blocks, ingress.protocol, ingress.from_port, ingress.to_port]
#   aspects: [NW-3.a]
#   remedy: name the addresses that administer the hosts, or use Fleet Manager or a gateway
ingress_rdp contains f if {
	some f in network.opened({3389}, network.tcp_udp, "Remote Desktop")
}

# METADATA
# title: Administration and file-sharing ports are not open to the internet
# description: >-
#   FTP, Telnet, NetBIOS, NFS, VNC and WinRM were made for networks whose members trust each other.
#   Port 22 and 3389 have rules of their own.
# related_resources:
#   - https://docs.aws.amazon.com/awssupport/latest/user/security-checks.html
# custom:
#   severity: high
#   profile: default
#   subject: [aws_security_group, aws_default_security_group]
#   weighs: [ingress, ingress.cidr_blocks, ingress.ipv6_cidr_blocks, ingress.protocol, ingress.from_port, ingress.to_port]
#   aspects: [NW-3.a]
#   remedy: name the addresses that need the port, or remove the rule
ingress_admin_ports contains f if {
	some f in network.opened(admin_ports, network.tcp_udp, "administration")
}

# METADATA
# title: Database ports are not open to the internet
# description: >-
#   Databases and caches belong behind the tier that uses them. A security group that admits their
#   ports from every address offers the data store itself to the internet.
# related_resources:
#   - https://docs.aws.amazon.com/awssupport/latest/user/security-checks.html
#   - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.RDSSecurityGroups.html
# custom:
#   severity: high
#   profile: default
#   subject: [aws_security_group, aws_default_security_group]
#   weighs: [ingress, ingress.cidr_blocks, ingress.ipv6_cidr_blocks, ingress.protocol, ingress.from_port, ingress.to_port]
#   aspects: [NW-4.a]
#   remedy: admit the security group of the tier that uses the database instead of an address range
ingress_database_ports contains f if {
	some f in network.opened(database_ports, network.tcp_udp, "a database port")
}

# METADATA
# title: Clear-text protocols are not open to the internet
# description: >-
#   FTP, Telnet, TFTP, POP3, IMAP, SNMP, LDAP and the r-commands send passwords and data unencrypted.
#   A rule that opens every port is reported once, as vpc/ingress-all-ports.
# related_resources:
#   - https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/protecting-data-in-transit.html
# custom:
#   severity: medium
#   profile: extended
#   subject: [aws_security_group, aws_default_security_group]
#   weighs: [ingress, ingress.cidr_blocks, ingress.ipv6_cidr_blocks, ingress.protocol, ingress.from_port, ingress.to_port]
#   aspects: [TR-5.a]
#   remedy: use the protocol's encrypted successor (SFTP, SSH, IMAPS, LDAPS), and name who may reach it
ingress_cleartext_ports contains f if {
	some {"group": group, "rule": rule} in network.ingress
	network.some_ports(rule)
	some f in network.judged(group, rule, cleartext_ports, network.tcp_udp, "a clear-text protocol")
}

ingress_cleartext_ports contains f if some f in network.unlisted("ingress", "a clear-text protocol")

# METADATA
# title: No security group opens every port to the internet
# description: >-
#   A rule with protocol -1, or with the range 0-65535, admits every address to everything that listens
#   on the hosts behind the group, now and later.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
# custom:
#   severity: critical
#   profile: default
#   subject: [aws_security_group, aws_default_security_group]
#   weighs: [ingress, ingress.cidr_blocks, ingress.ipv6_cidr_blocks, ingress.protocol, ingress.from_port, ingress.to_port]
#   aspects: [TR-5.a, NW-5.a, NW-13.c, OS-10.a]
#   only_breaks: [TR-5.a, NW-13.c, OS-10.a]
#   remedy: open the ports that are needed, to the addresses that need them
ingress_all_ports contains finding.tagged(group, network.source_at(rule), message, network.traffic(rule)) if {
	some {"group": group, "rule": rule} in network.ingress
	network.open(rule)
	network.every_port(rule)
	message := sprintf("every port is open to the internet: %s", [network.range(rule)])
}

ingress_all_ports contains finding.inconclusive(group, network.undecided_at(rule), "it is unknown whether every port is open to the internet") if {
	some {"group": group, "rule": rule} in network.ingress
	network.may_open(rule)
	network.may_be_every_port(rule)
}

ingress_all_ports contains f if some f in network.unlisted("ingress", "every port")

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
#   weighs: [egress, egress.cidr_blocks, egress.ipv6_cidr_blocks, egress.protocol, egress.from_port, egress.to_port]
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
#   subject: aws_default_security_group
#   reads: [ingress, egress]
#   aspects: [NW-5.d]
#   only_breaks: [NW-5.d]
#   remedy: remove every ingress and egress block from aws_default_security_group
default_security_group_closed contains finding.tagged(group, rule._at, "the default security group has a rule", direction) if {
	some group in resource.all("aws_default_security_group")
	some direction in ["ingress", "egress"]
	some rule in group.values[direction]
}

# METADATA
# title: The stack does not rely on the default VPC
# description: >-
#   Every subnet of the account's default VPC is public and gives instances public addresses. A VPC of
#   its own keeps a workload's network in its owner's hands.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_default_vpc
#   aspects: [NW-1.a]
#   only_breaks: [NW-1.a]
#   remedy: declare an aws_vpc with private subnets and place the workload there
default_vpc contains finding.at(vpc, "", "the account's default VPC is adopted") if {
	some vpc in resource.all("aws_default_vpc")
}

# METADATA
# title: Every VPC records its traffic in flow logs
# description: >-
#   Flow logs tell who talked to whom. Without them an intrusion can be neither seen nor reconstructed.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_vpc
#   companions: [aws_flow_log.vpc_id]
#   aspects: [DT-6.a]
#   remedy: 'add an aws_flow_log / AWS::EC2::FlowLog for the VPC with traffic type ALL'
flow_logs contains finding.at(vpc, "", "no flow log records the traffic of this VPC") if {
	some vpc in resource.all("aws_vpc")
	resource.without(vpc, "aws_flow_log", "vpc_id")
}

# METADATA
# title: Network ACL entries that allow traffic limit the ports
# description: >-
#   A network ACL is the subnet's baseline, below all security groups. An entry that allows every port
#   from every address is no baseline.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
# custom:
#   severity: high
#   profile: default
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
# title: Routes to a peering connection name the peer's addresses
# description: >-
#   A default route into a peering connection hands all traffic that has no better route to another
#   network.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html
# custom:
#   severity: high
#   profile: default
#   subject: [aws_route, aws_route_table]
#   weighs: [vpc_peering_connection_id, destination_cidr_block, destination_ipv6_cidr_block, route, route.vpc_peering_connection_id, route.cidr_block, route.ipv6_cidr_block]
#   aspects: [NW-9.b]
#   remedy: route only the peer's address range into the connection
peering_route_open contains finding.at(route, attribute, "the default route leads into a peering connection") if {
	some route in resource.all("aws_route")
	resource.set(route, "vpc_peering_connection_id")
	some attribute in ["destination_cidr_block", "destination_ipv6_cidr_block"]
	network.default_route(route.values[attribute])
}

# A default route leads somewhere: what is unknown here may be the connection.
peering_route_open contains finding.inconclusive(route, "vpc_peering_connection_id", "it is unknown whether the default route leads into a peering connection") if {
	some route in resource.all("aws_route")
	value.unsettled(route, "vpc_peering_connection_id")
	some attribute in ["destination_cidr_block", "destination_ipv6_cidr_block"]
	network.default_route(route.values[attribute])
}

peering_route_open contains finding.inconclusive(route, attribute, "it is unknown whether this is the default route") if {
	some route in resource.all("aws_route")
	resource.set(route, "vpc_peering_connection_id")
	some attribute in ["destination_cidr_block", "destination_ipv6_cidr_block"]
	value.unsettled(route, attribute)
}

peering_route_open contains finding.tagged(table, value.path(route, attribute), "the default route leads into a peering connection", route[attribute]) if {
	some table in resource.all("aws_route_table")
	some route in table.values.route
	network.peered(table, route)
	some attribute in ["cidr_block", "ipv6_cidr_block"]
	network.default_route(route[attribute])
}

peering_route_open contains finding.inconclusive(table, value.path(route, attribute), "it is unknown whether this is the default route") if {
	some table in resource.all("aws_route_table")
	some route in table.values.route
	network.peered(table, route)
	some attribute in ["cidr_block", "ipv6_cidr_block"]
	value.unsettled(route, attribute)
}

peering_route_open contains finding.inconclusive(table, value.path(route, "vpc_peering_connection_id"), "it is unknown whether the default route leads into a peering connection") if {
	some table in resource.all("aws_route_table")
	some route in table.values.route
	value.unsettled(route, "vpc_peering_connection_id")
	some attribute in ["cidr_block", "ipv6_cidr_block"]
	network.default_route(route[attribute])
}

peering_route_open contains finding.inconclusive(table, "route", "it is unknown where a route of the table leads") if {
	some table in resource.all("aws_route_table")
	value.hidden(table, "route")
}

# METADATA
# title: Subnets give no public address by themselves
# description: >-
#   In a subnet that assigns public addresses every instance is reachable from the internet as soon as
#   a security group allows it. Give public addresses where they are meant: to load balancers, NAT
#   gateways and single instances.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_subnet
#   reads: [map_public_ip_on_launch]
#   aspects: [NW-1.b]
#   remedy: 'set map_public_ip_on_launch = false / MapPublicIpOnLaunch: false'
subnet_public_ip contains finding.at(subnet, "map_public_ip_on_launch", "instances in this subnet get a public address") if {
	some subnet in resource.all("aws_subnet")
	subnet.values.map_public_ip_on_launch == true
}
