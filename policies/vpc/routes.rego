# Where routes, gateways and endpoints lead, and who may use them.
package demarc.vpc

import data.demarc.lib.finding
import data.demarc.lib.network
import data.demarc.lib.resource
import data.demarc.lib.value

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

# Another network's own range is not the default route.
peering_route_open contains finding.inconclusive(route, attribute, "it is unknown whether this is the default route") if {
	some route in resource.all("aws_route")
	resource.set(route, "vpc_peering_connection_id")
	some attribute in ["destination_cidr_block", "destination_ipv6_cidr_block"]
	value.unsettled(route, attribute)
	resource.may_lack(route, attribute)
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
	resource.may_lack(table, concat(".", ["route", attribute]))
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
# title: Transit gateways accept no attachment by themselves
# description: >-
#   Whoever the gateway is shared with can join the network without anybody's consent.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/tgw/tgw-transit-gateways.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_ec2_transit_gateway
#   reads: [auto_accept_shared_attachments]
#   aspects: [NW-9.b]
#   remedy: 'set auto_accept_shared_attachments = "disable" / AutoAcceptSharedAttachments: disable'
transit_gateway_auto_accept contains finding.at(gateway, "auto_accept_shared_attachments", "attachments from other accounts are accepted by themselves") if {
	some gateway in resource.all("aws_ec2_transit_gateway")
	gateway.values.auto_accept_shared_attachments == "enable"
}

# METADATA
# title: Connections to an endpoint service are accepted by hand
# description: >-
#   Without acceptance every principal that may connect does so unseen.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/privatelink/create-endpoint-service.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_vpc_endpoint_service
#   reads: [acceptance_required]
#   aspects: [NW-14.b]
#   remedy: 'set acceptance_required = true / AcceptanceRequired: true'
endpoint_service_acceptance contains finding.at(service, "acceptance_required", "connections are accepted by themselves") if {
	some service in resource.all("aws_vpc_endpoint_service")
	service.values.acceptance_required == false
}

# METADATA
# title: Endpoint services name who may connect
# description: >-
#   With * every AWS account may ask for a connection to the service.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_vpc_endpoint_service
#   weighs: [allowed_principals]
#   aspects: [NW-14.b]
#   remedy: name accounts, roles or organisations' roots in allowed_principals / AllowedPrincipals
endpoint_service_principals contains finding.at(service, "allowed_principals", "every AWS account may connect to the service") if {
	some service in resource.all("aws_vpc_endpoint_service")
	value.has(service, "allowed_principals", "*")
}

endpoint_service_principals contains finding.inconclusive(service, "allowed_principals", "it is unknown who may connect to the service") if {
	some service in resource.all("aws_vpc_endpoint_service")
	value.may_lack(service, "allowed_principals", "*")
}

# METADATA
# title: A VPC reaches EC2, ECR and Systems Manager through endpoints
# description: >-
#   Through an endpoint the calls stay in AWS's network, and a policy says what may be called.
# related_resources:
#   - https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-10
# custom:
#   severity: low
#   profile: extended
#   subject: aws_vpc
#   companions: [aws_vpc_endpoint.vpc_id]
#   only_keeps: [NW-14.a]
#   pedantic: [NW-14.a]
#   remedy: add an aws_vpc_endpoint / AWS::EC2::VPCEndpoint for the service
service_endpoint contains finding.tagged(vpc, "", sprintf("the VPC has no endpoint for %s", [service]), service) if {
	some vpc in resource.all("aws_vpc")
	resource.settled_by(vpc, "aws_vpc_endpoint", "vpc_id")
	some service in ["ec2", "ecr.api", "ecr.dkr", "ssm"]
	network.without_endpoint(vpc, service)
}

service_endpoint contains finding.inconclusive(vpc, "", "it is unknown which services the endpoints of the VPC are for") if {
	some vpc in resource.all("aws_vpc")
	some endpoint in resource.referrers(vpc, "aws_vpc_endpoint", "vpc_id")
	value.unsettled(endpoint, "service_name")
}

# METADATA
# title: VPC block public access is switched on where it is declared
# description: >-
#   With the block no internet gateway passes traffic, whatever a route or a security group says.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_vpc_block_public_access_options
#   reads: [internet_gateway_block_mode]
#   pedantic: [NW-1.b]
#   remedy: set internet_gateway_block_mode to block-bidirectional or block-ingress
block_public_access contains finding.at(options, "internet_gateway_block_mode", "internet gateways pass traffic") if {
	some options in resource.all("aws_vpc_block_public_access_options")
	options.values.internet_gateway_block_mode == "off"
}

# METADATA
# title: Hosts take their time from their own network
# description: >-
#   Logs are worth what their times are. A public time server can be spoofed, and hosts then need a way out to it.
# related_resources:
#   - https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/set-time.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_vpc_dhcp_options
#   weighs: [ntp_servers]
#   aspects: [NW-15.a]
#   remedy: name 169.254.169.123 or a time server of the network
dhcp_time_servers contains finding.tagged(options, "ntp_servers", sprintf("the time comes from %s, outside the network", [server]), server) if {
	some options in resource.all("aws_vpc_dhcp_options")
	some server in options.values.ntp_servers
	network.outside(server)
}

dhcp_time_servers contains finding.inconclusive(options, "ntp_servers", "it is unknown where the time comes from") if {
	some options in resource.all("aws_vpc_dhcp_options")
	value.unsettled(options, "ntp_servers")
}
