# Subnets and what their routes lead to.
package demarc.lib.subnets

import data.demarc.lib.resource
import data.demarc.lib.value

# public are pairs of a subnet's id and why it is public.
public contains [subnet.id, "hands out public addresses"] if {
	some subnet in resource.all("aws_subnet")
	subnet.values.map_public_ip_on_launch == true
}

public contains [subnet.id, "routes to an internet gateway"] if {
	some association in resource.all("aws_route_table_association")
	some table in resource.targets(association, "route_table_id", "aws_route_table")
	table.id in tables_to_internet
	some subnet in resource.targets(association, "subnet_id", "aws_subnet")
}

tables_to_internet contains table.id if {
	some table in resource.all("aws_route_table")
	some _ in resource.targets(table, "route.gateway_id", "aws_internet_gateway")
}

tables_to_internet contains table.id if {
	some route in resource.all("aws_route")
	some _ in resource.targets(route, "gateway_id", "aws_internet_gateway")
	some table in resource.targets(route, "route_table_id", "aws_route_table")
}

# public_ids are the ids of public subnets.
public_ids contains id if some [id, _] in public

# routed are the ids of subnets that route to an internet gateway.
routed contains id if some [id, "routes to an internet gateway"] in public

# private: the subnet is known not to be public.
private(subnet) if {
	value.is(subnet, "map_public_ip_on_launch", false)
	not subnet.id in routed
}
