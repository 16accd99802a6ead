# Fleets of game servers.
package demarc.gamelift

import data.demarc.lib.finding
import data.demarc.lib.network
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Game fleets keep administration ports from the internet
# description: >-
#   Whoever finds an open port 22 or 3389 tries keys and passwords.
# related_resources:
#   - https://docs.aws.amazon.com/gameliftservers/latest/developerguide/fleets-creating.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_gamelift_fleet
#   reads: [ec2_inbound_permission.cidr_blocks, ec2_inbound_permission.from_port, ec2_inbound_permission.to_port]
#   aspects: [NW-3.a]
#   remedy: 'set ip_range to the addresses that administer / IpRange'
inbound_admin_ports contains finding.tagged(fleet, value.path(permission, "cidr_blocks"), sprintf("port %d is open to the internet", [number]), sprintf("%d", [number])) if {
	some fleet in resource.all("aws_gamelift_fleet")
	some permission in fleet.values.ec2_inbound_permission
	network.open(permission)
	some number in [22, 3389]
	permission.from_port <= number
	permission.to_port >= number
}

# METADATA
# title: Game fleets open single ports
# description: >-
#   Of a span of ports, some have no game behind them, and nobody watches those.
# related_resources:
#   - https://docs.aws.amazon.com/gameliftservers/latest/developerguide/fleets-creating.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_gamelift_fleet
#   reads: [ec2_inbound_permission.from_port, ec2_inbound_permission.to_port]
#   pedantic: [NW-5.b]
#   remedy: 'open each port that a server process uses by itself'
inbound_port_range contains finding.tagged(fleet, value.path(permission, "to_port"), message, message) if {
	some fleet in resource.all("aws_gamelift_fleet")
	some permission in fleet.values.ec2_inbound_permission
	permission.from_port < permission.to_port
	message := sprintf("ports %d to %d are open", [permission.from_port, permission.to_port])
}
