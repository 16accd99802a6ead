# What the internet and other networks may reach.
package demarc.vpc

import data.demarc.lib.finding
import data.demarc.lib.network
import data.demarc.lib.resource
import data.demarc.lib.value

# Without 22 and 3389, which have rules of their own. 135 and 445 share files and more.
admin_ports := {20, 21, 23, 115, 135, 137, 138, 139, 445, 2049, 5500, 5900, 5985, 5986}

database_ports := {
	1433, 1434, 1521, 1522, 2382, 2383, 2483, 2484, 3306, 4333, 5432, 5439, 6379, 7000, 7001, 7199, 8182,
	9042, 9160, 9200, 9300, 11211, 11214, 11215, 27017, 27018, 27019, 50000,
}

cleartext_ports := {20, 21, 23, 69, 109, 110, 111, 143, 161, 389, 512, 513, 514, 873}

# What of AWS's high-risk ports the other rules leave: consoles and servers of developers.
# https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-19
high_risk_ports := {3000, 5000, 5601, 8080, 8088, 8888}

# Well-known services that no other rule names: Docker, Salt, Puppet, Hadoop, Cassandra's consoles.
service_ports := {2375, 2376, 3020, 4505, 4506, 8000, 8020, 8140, 9000, 9090, 50070, 50470, 61620, 61621}

directory_ports := {53, 88, 123, 464, 636, 1812, 1813, 3268, 3269}

relay_ports := {25, 465, 587, 1080, 3128, 8118}

# known_ports are those with a well-known service, by protocol.
known_ports := {protocol: ports |
	some protocol in network.tcp_udp
	ports := (((({22, 80, 443, 3389} | admin_ports) | database_ports) | (cleartext_ports | high_risk_ports)) | service_ports) | (directory_ports | relay_ports)
}

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
#   weighs: [ingress, ingress.cidr_blocks, ingress.ipv6_cidr_blocks, ingress.prefix_list_ids, ingress.protocol, ingress.from_port, ingress.to_port]
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
#   weighs: [ingress, ingress.cidr_blocks, ingress.ipv6_cidr_blocks, ingress.prefix_list_ids, ingress.protocol, ingress.from_port, ingress.to_port]
#   aspects: [NW-3.a]
#   remedy: name the addresses that administer the hosts, or use Fleet Manager or a gateway
ingress_rdp contains f if {
	some f in network.opened({3389}, network.tcp_udp, "Remote Desktop")
}

# METADATA
# title: Administration and file-sharing ports are not open to the internet
# description: >-
#   FTP, Telnet, NetBIOS, SMB, NFS, VNC and WinRM were made for networks whose members trust each other.
#   Port 22 and 3389 have rules of their own.
# related_resources:
#   - https://docs.aws.amazon.com/awssupport/latest/user/security-checks.html
# custom:
#   severity: high
#   profile: default
#   subject: [aws_security_group, aws_default_security_group]
#   weighs: [ingress, ingress.cidr_blocks, ingress.ipv6_cidr_blocks, ingress.prefix_list_ids, ingress.protocol, ingress.from_port, ingress.to_port]
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
#   weighs: [ingress, ingress.cidr_blocks, ingress.ipv6_cidr_blocks, ingress.prefix_list_ids, ingress.protocol, ingress.from_port, ingress.to_port]
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
#   weighs: [ingress, ingress.cidr_blocks, ingress.ipv6_cidr_blocks, ingress.prefix_list_ids, ingress.protocol, ingress.from_port, ingress.to_port]
#   aspects: [TR-5.a]
#   remedy: use the protocol's encrypted successor (SFTP, SSH, IMAPS, LDAPS), and name who may reach it
ingress_cleartext_ports contains f if {
	some f in network.opened_in_part(cleartext_ports, network.tcp_udp, "a clear-text protocol")
}

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
#   weighs: [ingress, ingress.cidr_blocks, ingress.ipv6_cidr_blocks, ingress.prefix_list_ids, ingress.protocol, ingress.from_port, ingress.to_port]
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
# title: Ports of consoles and development servers are not open to the internet
# description: >-
#   Consoles, dashboards and development servers seldom ask who is there. AWS counts their ports among the high-risk
#   ones; the others have rules of their own. A rule that opens every port is reported once, as vpc/ingress-all-
#   ports.
# related_resources:
#   - https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-19
# custom:
#   severity: high
#   profile: extended
#   subject: [aws_security_group, aws_default_security_group]
#   weighs: [ingress, ingress.cidr_blocks, ingress.ipv6_cidr_blocks, ingress.protocol, ingress.from_port, ingress.to_port]
#   pedantic: [NW-3.a]
#   remedy: name the addresses that need the port, or put a load balancer with authentication in front
ingress_high_risk_ports contains f if {
	some f in network.opened_in_part(high_risk_ports, network.tcp_udp, "a high-risk port")
}

# METADATA
# title: Ports of well-known services are not open to the internet
# description: >-
#   Docker, Salt, Puppet and Hadoop listen on these ports, for the cluster and not for the world. Ports that other
#   rules name are left to them.
# related_resources:
#   - https://docs.aws.amazon.com/awssupport/latest/user/security-checks.html
# custom:
#   severity: high
#   profile: extended
#   subject: [aws_security_group, aws_default_security_group]
#   weighs: [ingress, ingress.cidr_blocks, ingress.ipv6_cidr_blocks, ingress.protocol, ingress.from_port, ingress.to_port]
#   pedantic: [NW-4.a]
#   remedy: name the addresses that need the port, or remove the rule
ingress_sensitive_ports contains f if {
	some f in network.opened_in_part(service_ports, network.tcp_udp, "the port of a well-known service")
}

# METADATA
# title: Directory, DNS and time ports are not open to the internet
# description: >-
#   Directories, name and time servers answer to their own network; open to all they are read out, or used to flood
#   others. LDAP in clear text is reported as vpc/ingress-cleartext-ports.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
# custom:
#   severity: medium
#   profile: extended
#   subject: [aws_security_group, aws_default_security_group]
#   weighs: [ingress, ingress.cidr_blocks, ingress.ipv6_cidr_blocks, ingress.protocol, ingress.from_port, ingress.to_port]
#   aspects: [NW-13.c]
#   remedy: admit the networks whose hosts ask
ingress_directory_dns_time contains f if {
	some f in network.opened_in_part(directory_ports, network.tcp_udp, "a directory, DNS or time port")
}

# METADATA
# title: Mail-transfer and proxy ports are not open to the internet
# description: >-
#   An open relay sends strangers' mail, and an open proxy hides them. Both break the terms of use, and the address
#   lands on block lists.
# related_resources:
#   - https://aws.amazon.com/aup/
# custom:
#   severity: medium
#   profile: extended
#   subject: [aws_security_group, aws_default_security_group]
#   weighs: [ingress, ingress.cidr_blocks, ingress.ipv6_cidr_blocks, ingress.protocol, ingress.from_port, ingress.to_port]
#   aspects: [OS-10.a]
#   only_breaks: [OS-10.a]
#   remedy: admit the hosts that send through it
ingress_mail_relay_proxy contains f if {
	some f in network.opened_in_part(relay_ports, network.tcp, "a mail-transfer or proxy port")
}

# METADATA
# title: Plain HTTP is not open to the internet
# description: >-
#   Port 80 carries what can be read and changed on the way. A load balancer needs it only to redirect to HTTPS.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
# custom:
#   severity: medium
#   profile: extended
#   subject: [aws_security_group, aws_default_security_group]
#   weighs: [ingress, ingress.cidr_blocks, ingress.ipv6_cidr_blocks, ingress.protocol, ingress.from_port, ingress.to_port]
#   pedantic: [TR-1.a]
#   remedy: open 443 instead, or keep 80 for a redirect alone
ingress_http contains f if {
	some f in network.opened_in_part({80}, network.tcp, "plain HTTP")
}

# METADATA
# title: Only ports of known services are open to the internet
# description: >-
#   A port with no well-known service, open to every address, is mostly left over from a trial, and nobody watches
#   it. A rule that opens every port is reported once, as vpc/ingress-all-ports.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
# custom:
#   severity: medium
#   profile: extended
#   subject: [aws_security_group, aws_default_security_group]
#   weighs: [ingress, ingress.cidr_blocks, ingress.ipv6_cidr_blocks, ingress.protocol, ingress.from_port, ingress.to_port]
#   aspects: [NW-5.a]
#   remedy: name the addresses that need the port, or close it
ingress_unknown_ports contains f if {
	some f in network.beyond(known_ports, "a port without a well-known service")
}

# METADATA
# title: Of all ports only 80 and 443 are open to the internet
# description: >-
#   What serves the public listens for HTTP and HTTPS. Every other port that is open to all needs a reason.
# related_resources:
#   - https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-18
# custom:
#   severity: medium
#   profile: extended
#   subject: [aws_security_group, aws_default_security_group]
#   weighs: [ingress, ingress.cidr_blocks, ingress.ipv6_cidr_blocks, ingress.protocol, ingress.from_port, ingress.to_port]
#   pedantic: [NW-5.b]
#   remedy: name the addresses that need the port, or serve it through a load balancer
ingress_authorized_ports contains f if {
	some f in network.beyond({"tcp": {80, 443}, "6": {80, 443}, "udp": set(), "17": set()}, "a port other than 80 and 443")
}

# METADATA
# title: Ingress names the networks that it admits
# description: >-
#   A rule for every address admits the whole internet, also where only partners or offices are meant. A public site
#   has to; whatever else is open should not. A rule that opens every port is reported once, as vpc/ingress-all-
#   ports.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
# custom:
#   severity: medium
#   profile: extended
#   subject: [aws_security_group, aws_default_security_group]
#   weighs: [ingress, ingress.cidr_blocks, ingress.ipv6_cidr_blocks, ingress.protocol, ingress.from_port, ingress.to_port]
#   pedantic: [NW-5.a]
#   remedy: name the address ranges or security groups that need it
ingress_open_world contains f if {
	some f in network.worldwide("ingress", "the whole internet is admitted")
}

# METADATA
# title: Ingress names its protocol
# description: >-
#   A rule with protocol -1 admits a whole network to every port, also to those that are opened later.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
# custom:
#   severity: medium
#   profile: extended
#   subject: [aws_security_group, aws_default_security_group]
#   weighs: [ingress, ingress.cidr_blocks, ingress.ipv6_cidr_blocks, ingress.protocol, ingress.from_port, ingress.to_port]
#   aspects: [NW-5.b]
#   remedy: name the protocol and the ports that are needed
ingress_all_protocols contains finding.tagged(group, value.path(rule, "protocol"), message, concat(", ", sources)) if {
	some group in network.groups
	some rule in group.values.ingress
	network.all_protocols(rule)
	sources := network.narrow_sources(rule)
	sources != []
	message := sprintf("every protocol and port is open to %s", [concat(", ", sources)])
}

ingress_all_protocols contains finding.inconclusive(group, network.undecided_at(rule), "it is unknown whether every protocol is open") if {
	some group in network.groups
	some rule in group.values.ingress
	network.may_admit_all_protocols(rule)
}

ingress_all_protocols contains f if some f in network.unlisted("ingress", "every protocol")

# METADATA
# title: SSH opens to EC2 Instance Connect alone
# description: >-
#   Through an Instance Connect endpoint, or Session Manager, nobody needs an open port for SSH, and IAM decides who
#   logs in. The whole internet as a source is reported as vpc/ingress-ssh.
# related_resources:
#   - https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/connect-with-ec2-instance-connect-endpoint.html
# custom:
#   severity: low
#   profile: extended
#   subject: [aws_security_group, aws_default_security_group]
#   weighs: [ingress, ingress.cidr_blocks, ingress.ipv6_cidr_blocks, ingress.protocol, ingress.from_port, ingress.to_port]
#   aspects: [TR-7.a]
#   remedy: admit the endpoint's security group or the prefix list of EC2 Instance Connect
ingress_ssh_instance_connect contains finding.tagged(group, rule._at, message, concat(", ", sources)) if {
	keeping_clients == set()
	some group in network.groups
	some rule in group.values.ingress
	network.covers(rule, 22, network.tcp)
	sources := network.narrow_sources(rule)
	sources != []
	message := sprintf("SSH is open to %s", [concat(", ", sources)])
}

ingress_ssh_instance_connect contains finding.inconclusive(group, network.undecided_at(rule), "it is unknown to whom SSH is open") if {
	some group in network.groups
	some rule in group.values.ingress
	network.may_admit(rule, 22, network.tcp)
}

ingress_ssh_instance_connect contains f if some f in network.unlisted("ingress", "SSH")

# keeping_clients are endpoints that show hosts the clients' own addresses, which must be open then.
keeping_clients := {endpoint.id |
	some endpoint in resource.all("aws_ec2_instance_connect_endpoint")
	value.may_differ(endpoint, "preserve_client_ip", false)
}
