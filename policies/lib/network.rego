# Security-group and network-ACL rules: addresses, protocols, ports.
package demarc.lib.network

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# world: the range is the internet, or half of it.
world(cidr) if {
	is_string(cidr)
	demarc.internet([cidr])
}

# default_route: the destination is that of a default route.
default_route(cidr) if {
	is_string(cidr)
	endswith(cidr, "/0")
}

# sources are the address ranges a security-group rule names.
sources(rule) := array.concat(list(rule, "cidr_blocks"), list(rule, "ipv6_cidr_blocks"))

list(rule, attribute) := rule[attribute] if is_array(rule[attribute])

list(rule, attribute) := [] if not is_array(rule[attribute])

# open: the rule is known to name the internet, in one range or in several.
open(rule) if demarc.internet(sources(rule))

# range is the world range that an open rule names, or one of those that are the
# world together, for messages and tags.
range(rule) := min([cidr | some cidr in sources(rule); world(cidr)]) if {
	names_world(rule)
} else := sprintf("%s and others", [min(sources(rule))])

names_world(rule) if {
	some cidr in sources(rule)
	world(cidr)
}

# source_at is the attribute that opens the rule, for a finding.
source_at(rule) := value.path(rule, "prefix_list_ids") if {
	rule.listed
} else := value.path(rule, "cidr_blocks") if {
	demarc.internet(list(rule, "cidr_blocks"))
} else := value.path(rule, "ipv6_cidr_blocks")

# may_open: the rule names the whole internet, or some source is unknown.
may_open(rule) if open(rule)

may_open(rule) if value.unsettled(rule, "cidr_blocks")

may_open(rule) if value.unsettled(rule, "ipv6_cidr_blocks")

any_protocol := {"-1", "all", "ALL", "All"}

# all_protocols: ports have no meaning, every one is reached.
all_protocols(rule) if rule.protocol in any_protocol

carries(rule, protocols) if all_protocols(rule)

carries(rule, protocols) if lower(rule.protocol) in protocols

tcp := {"tcp", "6"}

tcp_udp := {"tcp", "6", "udp", "17"}

# covers: the rule is known to reach the port over one of the protocols.
covers(rule, port, protocols) if all_protocols(rule)

covers(rule, port, protocols) if {
	lower(rule.protocol) in protocols
	rule.from_port <= port
	rule.to_port >= port
}

# every_port: the rule reaches all ports of its protocol.
every_port(rule) if all_protocols(rule)

every_port(rule) if {
	lower(rule.protocol) in tcp_udp
	rule.from_port <= 1
	rule.to_port >= 65535
}

# may_cover: the rule reaches the port, or an unknown protocol or port might.
may_cover(rule, port, protocols) if {
	may_carry(rule, protocols)
	not starts_above(rule, port)
	not ends_below(rule, port)
}

may_cover(rule, port, protocols) if all_protocols(rule)

may_carry(rule, protocols) if carries(rule, protocols)

may_carry(rule, protocols) if value.unsettled(rule, "protocol")

starts_above(rule, port) if {
	is_number(rule.from_port)
	rule.from_port > port
}

ends_below(rule, port) if {
	is_number(rule.to_port)
	rule.to_port < port
}

# exposes: the rule opens the port to the whole internet.
exposes(rule, port, protocols) if {
	open(rule)
	covers(rule, port, protocols)
}

# may_expose: it is unknown whether the rule does.
may_expose(rule, port, protocols) if {
	may_open(rule)
	may_cover(rule, port, protocols)
	not exposes(rule, port, protocols)
	count(undecided(rule)) > 0
}

deciding := {"cidr_blocks", "ipv6_cidr_blocks", "protocol", "from_port", "to_port"}

undecided(rule) := {attribute |
	some attribute in deciding
	value.unsettled(rule, attribute)
}

# undecided_at is one attribute that leaves the rule undecided, for a finding.
undecided_at(rule) := value.path(rule, min(undecided(rule)))

# exposed are those of the ports that the rule opens to the whole internet.
exposed(rule, ports, protocols) := {port |
	open(rule)
	some port in reached(rule, ports, protocols)
}

# reached are those of the ports that the rule is known to reach.
reached(rule, ports, _) := ports if all_protocols(rule)

reached(rule, ports, protocols) := {port |
	some port in ports
	rule.from_port <= port
	rule.to_port >= port
} if {
	lower(rule.protocol) in protocols
}

# may_expose_any: it is unknown whether the rule opens one of the ports, and
# known to open none.
may_expose_any(rule, ports, protocols) if {
	rule._unknown != [] # which few are, and the rest is dear
	exposed(rule, ports, protocols) == set()
	some port in ports
	may_expose(rule, port, protocols)
}

# listed_ports writes ports for people: "22, 3389", or "20, 21, 22 and 9 more".
listed_ports(ports) := joined(sort(ports)) if count(ports) <= 4

listed_ports(ports) := sprintf("%s and %d more", [joined(array.slice(sort(ports), 0, 3)), count(ports) - 3]) if count(ports) > 4

joined(ports) := concat(", ", [sprintf("%d", [port]) | some port in ports])

# traffic names what a rule lets through, as a stable tag: "tcp/22-23 from 0.0.0.0/0".
traffic(rule) := sprintf("%s from %s", [passed(rule), range(rule)])

passed(rule) := "all traffic" if {
	all_protocols(rule)
} else := sprintf("%s/%d", [rule.protocol, rule.from_port]) if {
	is_number(rule.from_port)
	rule.from_port == rule.to_port
} else := sprintf("%s/%d-%d", [rule.protocol, rule.from_port, rule.to_port]) if {
	is_number(rule.from_port)
	is_number(rule.to_port)
} else := sprintf("protocol %s", [rule.protocol])

# some_ports: the rule is not known to reach every port.
some_ports(rule) if not every_port(rule)

# may_be_every_port: it is unknown whether an open rule reaches every port, or
# whether a rule for every port is open.
may_be_every_port(rule) if {
	rule._unknown != []
	open_or_every_port(rule)
}

open_or_every_port(rule) if {
	not open(rule)
	every_port(rule)
}

open_or_every_port(rule) if {
	open(rule)
	not every_port(rule)
	value.unsettled(rule, "protocol")
}

open_or_every_port(rule) if {
	open(rule)
	not every_port(rule)
	low_or_unknown(rule)
	high_or_unknown(rule)
	count({attribute | some attribute in {"from_port", "to_port"}; value.unsettled(rule, attribute)}) > 0
}

# may_allow_every_port gives the attributes that leave it unknown whether a
# network ACL's entry allows every port from everywhere.
may_allow_every_port(entry) := {attribute |
	may_allow(entry)
	may_open(entry)
	may_reach_every_port(entry)
	some attribute in (deciding | {"action"})
	value.unsettled(entry, attribute)
}

may_allow(entry) if lower(entry.action) == "allow"

may_allow(entry) if value.unsettled(entry, "action")

may_reach_every_port(rule) if every_port(rule)

may_reach_every_port(rule) if value.unsettled(rule, "protocol")

may_reach_every_port(rule) if {
	lower(rule.protocol) in tcp_udp
	low_or_unknown(rule)
	high_or_unknown(rule)
}

low_or_unknown(rule) if rule.from_port <= 1

low_or_unknown(rule) if value.unsettled(rule, "from_port")

high_or_unknown(rule) if rule.to_port >= 65535

high_or_unknown(rule) if value.unsettled(rule, "to_port")

# peered: the table's route leads into a peering connection. A reference is
# not known before deployment, but it is one.
peered(_, route) if {
	is_string(route.vpc_peering_connection_id)
	route.vpc_peering_connection_id != ""
}

peered(table, route) if {
	value.unsettled(route, "vpc_peering_connection_id")
	resource.linked(table, "route.vpc_peering_connection_id")
}

# groups are all security groups.
groups := array.concat(resource.all("aws_security_group"), resource.all("aws_default_security_group"))

# ingress and egress are the rules of all groups that are open to the internet
# or might be, with their group. Most rules are neither, and every rule about
# ports would look at them again.
ingress := candidates("ingress")

egress := candidates("egress")

candidates(direction) := array.concat(
	[{"group": group, "rule": rule} |
		some group in groups
		some rule in group.values[direction]
		some attribute in ["cidr_blocks", "ipv6_cidr_blocks"]
		some cidr in rule[attribute]
		strings.any_suffix_match(cidr, ["/0", "/1", "/2", "/3", "/4", "/5", "/6", "/7"])
	],
	array.concat(
		[{"group": group, "rule": rule} |
			some group in groups
			some rule in group.values[direction]
			rule._unknown != []
		],
		listed(direction),
	),
)

# listed are the rules that name prefix lists of the same root, with what the
# lists hold. https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html
listed(direction) := [{"group": group, "rule": object.union(rule, held)} |
	some group in groups
	lists := resource.targets(group, concat(".", [direction, "prefix_list_ids"]), "aws_ec2_managed_prefix_list")
	lists != set()
	rules := [rule | some rule in group.values[direction]; names_list(rule)]
	held := contents(lists, count(rules))
	some rule in rules
]

names_list(rule) if rule.prefix_list_ids != []

names_list(rule) if value.unsettled(rule, "prefix_list_ids")

# contents is what lists give a rule. Which of several rules names which of the
# lists is not known.
contents(lists, rules) := {"cidr_blocks": entries(lists), "listed": true} if {
	every l in lists {
		held_by(l, rules, lists)
	}
} else := {"cidr_blocks": [], "_unknown": ["cidr_blocks"]} if {
	some l in lists
	not closed_list(l)
} else := {}

held_by(l, _, _) if demarc.internet(entries({l}))

held_by(l, 1, _) if value.settled(l, "entry")

closed_list(l) if {
	value.settled(l, "entry")
	not demarc.internet(entries({l}))
}

entries(lists) := [entry.cidr |
	some l in lists
	some entry in l.values.entry
]

# hidden_groups are the groups of which some rules are unknown.
hidden_groups(direction) := [group |
	some group in groups
	group._unknown != []
	value.hidden(group, direction)
]

# opened are the findings about ingress rules that open one of the ports to the
# internet, or might.
opened(ports, protocols, what) := (unlisted("ingress", what) | together(ports, protocols, what)) | {f |
	some candidate in ingress
	some f in judged(candidate.group, candidate.rule, ports, protocols, what)
}

# together are the findings about groups of which no rule, but all of them, open
# one of the ports.
together(ports, protocols, what) := {f |
	some group in groups
	partial := [c.rule | some c in ingress; c.group.id == group.id; closed(c.rule)]
	count(partial) > 1
	open := {port | some port in ports; demarc.internet(sources_of(partial, port, protocols))}
	open != set()
	message := sprintf("%s (%s) is open to the internet: %s", [what, listed_ports(open), "the ranges of several rules are all addresses together"])
	f := finding.tagged(group, partial[0]._at, message, sprintf("%s from several ranges", [what]))
}

closed(rule) if not open(rule)

sources_of(rules, port, protocols) := [cidr |
	some rule in rules
	covers(rule, port, protocols)
	some cidr in sources(rule)
]

# unlisted are the findings about groups of which some rules are unknown.
unlisted(direction, what) := {finding.inconclusive(group, direction, sprintf("it is unknown whether %s is open to the internet", [what])) |
	some group in hidden_groups(direction)
}

judged(group, rule, ports, protocols, what) := {finding.tagged(group, source_at(rule), message, traffic(rule))} if {
	open := exposed(rule, ports, protocols)
	open != set()
	message := sprintf("%s (%s) is open to the internet: %s", [what, listed_ports(open), range(rule)])
} else := {finding.inconclusive(group, undecided_at(rule), sprintf("it is unknown whether %s is open to the internet", [what]))} if {
	may_expose_any(rule, ports, protocols)
}

# opened_in_part are the findings of opened without rules for every port, which
# are reported once, by a rule of their own.
opened_in_part(ports, protocols, what) := unlisted("ingress", what) | {f |
	some candidate in ingress
	some_ports(candidate.rule)
	some f in judged(candidate.group, candidate.rule, ports, protocols, what)
}

# beyond are the findings about ingress rules that open another port than those
# that are allowed, by protocol, or might.
beyond(allowed, what) := (unlisted("ingress", what) | {finding.tagged(candidate.group, source_at(candidate.rule), message, traffic(candidate.rule)) |
	some candidate in ingress
	undecided(candidate.rule) == set()
	open(candidate.rule)
	some_ports(candidate.rule)
	reaches_beyond(candidate.rule, allowed)
	message := sprintf("%s is open to the internet: %s", [what, traffic(candidate.rule)])
}) | {finding.inconclusive(candidate.group, undecided_at(candidate.rule), sprintf("it is unknown whether %s is open to the internet", [what])) |
	some candidate in ingress
	undecided(candidate.rule) != set()
	may_open(candidate.rule)
	may_carry(candidate.rule, tcp_udp)
	not stays_within(candidate.rule, allowed)
}

reaches_beyond(rule, allowed) if {
	ports := allowed[lower(rule.protocol)]
	count([port | some port in ports; port >= rule.from_port; port <= rule.to_port]) < (rule.to_port - rule.from_port) + 1
}

stays_within(rule, allowed) if {
	value.settled(rule, "protocol")
	value.settled(rule, "from_port")
	value.settled(rule, "to_port")
	not all_protocols(rule)
	not reaches_beyond(rule, allowed)
}

# worldwide are the findings about rules of a direction that name the whole
# internet, or might, for some ports.
worldwide(direction, what) := (unlisted(direction, "it") | {finding.tagged(candidate.group, source_at(candidate.rule), message, traffic(candidate.rule)) |
	some candidate in candidates_of[direction]
	undecided(candidate.rule) == set()
	open(candidate.rule)
	some_ports(candidate.rule)
	message := sprintf("%s: %s", [what, traffic(candidate.rule)])
}) | {finding.inconclusive(candidate.group, undecided_at(candidate.rule), sprintf("it is unknown whether %s", [what])) |
	some candidate in candidates_of[direction]
	undecided(candidate.rule) != set()
	may_open(candidate.rule)
}

candidates_of := {"ingress": ingress, "egress": egress}

# narrow_sources are the ranges that a rule names, if none is the whole internet.
narrow_sources(rule) := sources(rule) if not open(rule)

# may_admit: it is unknown whether a rule opens the port to a range.
may_admit(rule, port, protocols) if {
	rule._unknown != []
	may_cover(rule, port, protocols)
	undecided(rule) != set()
	may_name_range(rule)
}

may_name_range(rule) if sources(rule) != []

may_name_range(rule) if value.unsettled(rule, "cidr_blocks")

may_name_range(rule) if value.unsettled(rule, "ipv6_cidr_blocks")

# may_admit_all_protocols: it is unknown whether a rule opens every protocol to a range.
may_admit_all_protocols(rule) if {
	rule._unknown != []
	may_carry(rule, any_protocol)
	undecided(rule) & {"cidr_blocks", "ipv6_cidr_blocks", "protocol"} != set()
	may_name_range(rule)
}

# not_reported: no rule about every port speaks of the network ACL's entry.
not_reported("egress", _)

not_reported("ingress", entry) if {
	value.settled(entry, "cidr_blocks")
	value.settled(entry, "ipv6_cidr_blocks")
	not open(entry)
}

not_reported("ingress", entry) if not every_port(entry)

# admitted are the findings about network ACLs that let the internet reach one
# of the ports, or might. Entries count in the order of their numbers.
admitted(ports, protocols, what) := ({finding.tagged(acl, source_at(entry), message, traffic(entry)) |
	some acl in resource.all("aws_network_acl")
	some entry in acl.values.ingress
	admits(acl, entry, ports, protocols)
	not may_be_shut(acl)
	message := sprintf("the entry lets the internet reach %s: %s", [what, traffic(entry)])
} | {finding.inconclusive(acl, "ingress", sprintf("it is unknown whether the internet reaches %s", [what])) |
	some acl in resource.all("aws_network_acl")
	some entry in acl.values.ingress
	admits(acl, entry, ports, protocols)
	may_be_shut(acl)
}) | ({finding.inconclusive(acl, value.path(entry, attribute), sprintf("it is unknown whether the internet reaches %s", [what])) |
	some acl in resource.all("aws_network_acl")
	some entry in acl.values.ingress
	some attribute in may_admit_any(entry, ports, protocols)
} | {finding.inconclusive(acl, "ingress", sprintf("it is unknown whether the internet reaches %s", [what])) |
	some acl in resource.all("aws_network_acl")
	value.hidden(acl, "ingress")
})

admits(acl, entry, ports, protocols) if {
	lower(entry.action) == "allow"
	some_ports(entry)
	some port in exposed(entry, ports, protocols)
	not shut(acl, entry, port, protocols)
}

# shut: an entry with a lower number denies the port to the internet.
shut(acl, entry, port, protocols) if {
	some other in acl.values.ingress
	lower(other.action) == "deny"
	other.rule_no < entry.rule_no
	exposes(other, port, protocols)
}

# may_be_shut: an entry of the list might deny, or stand elsewhere in the order.
may_be_shut(acl) if {
	some other in acl.values.ingress
	other._unknown != []
	may_deny(other)
}

may_be_shut(acl) if {
	some other in acl.values.ingress
	value.unsettled(other, "rule_no")
}

may_admit_any(entry, ports, protocols) := {attribute |
	entry._unknown != []
	may_allow(entry)
	some port in ports
	may_expose_unless(entry, port, protocols)
	some attribute in (deciding | {"action"})
	value.unsettled(entry, attribute)
}

may_expose_unless(entry, port, protocols) if {
	may_open(entry)
	may_cover(entry, port, protocols)
}

may_deny(entry) if lower(entry.action) == "deny"

may_deny(entry) if value.unsettled(entry, "action")

# without_endpoint: no endpoint of the VPC is, or might be, for the service.
without_endpoint(vpc, service) if {
	count([endpoint |
		some endpoint in resource.referrers(vpc, "aws_vpc_endpoint", "vpc_id")
		may_serve(endpoint, service)
	]) == 0
}

may_serve(endpoint, service) if endswith(endpoint.values.service_name, concat("", [".", service]))

may_serve(endpoint, _) if value.unsettled(endpoint, "service_name")

# outside: the address is neither private nor one of AWS's link-local services.
outside(address) if not regex.match(`^(169\.254\.|fd00:ec2::|10\.|192\.168\.|172\.(1[6-9]|2[0-9]|3[01])\.|[fF][cCdD])`, address)

# open_unless_named: the port names the whole internet, or nobody at all, which
# means the same where a range is not asked for.
open_unless_named(port) if open(port)

open_unless_named(port) if {
	value.none(port, "cidr_blocks")
	value.none(port, "ipv6_cidr_blocks")
	value.none(port, "cidr_list_aliases")
}
