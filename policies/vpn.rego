# Virtual private networks: of sites and of single clients.
package demarc.vpn

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.secret
import data.demarc.lib.value

tunnels := ["tunnel1", "tunnel2"]

# METADATA
# title: Not every VPN user reaches every network
# description: >-
#   A rule that opens 0.0.0.0/0 to all groups makes the VPN a way around all zones.
# related_resources:
#   - https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/cvpn-working-rules.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_ec2_client_vpn_authorization_rule
#   reads: [authorize_all_groups, target_network_cidr]
#   aspects: [TR-6.d]
#   remedy: 'set access_group_id, or name the networks that all users need'
client_vpn_authorize_all contains finding.at(authorization, "authorize_all_groups", "every user of the VPN reaches every network") if {
	some authorization in resource.all("aws_ec2_client_vpn_authorization_rule")
	value.is(authorization, "authorize_all_groups", true)
	value.is(authorization, "target_network_cidr", "0.0.0.0/0")
}

# METADATA
# title: Client VPN endpoints log their connections
# description: >-
#   The log tells who connected, from where, and for how long.
# related_resources:
#   - https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/cvpn-working-connection-logging.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_ec2_client_vpn_endpoint
#   reads: [connection_log_options.enabled]
#   pedantic: [TR-6.d]
#   remedy: 'set connection_log_options { enabled = true } / ConnectionLogOptions.Enabled: true'
client_vpn_logging contains finding.at(r, "connection_log_options.enabled", "connections are not logged") if {
	some r in resource.all("aws_ec2_client_vpn_endpoint")
	value.is(r, "connection_log_options.enabled", false)
}

# METADATA
# title: Pre-shared keys of tunnels stand nowhere in the source
# description: >-
#   Whoever reads the key can pose as either end of the tunnel.
# related_resources:
#   - https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_vpn_connection
#   weighs: [tunnel1_preshared_key, tunnel2_preshared_key, preshared_keys]
#   secret: true
#   aspects: [TR-6.d]
#   remedy: 'let AWS make the key, or take it from Secrets Manager'
preshared_key_literal contains f if {
	some connection in resource.all("aws_vpn_connection")
	some f in secret.written(connection, ["tunnel1_preshared_key", "tunnel2_preshared_key", "preshared_keys"], "a tunnel's pre-shared key")
}

# METADATA
# title: Tunnels accept no weak proposals
# description: >-
#   Groups 2 and 5 of Diffie-Hellman, SHA-1 and IKE version 1 are within reach of an attacker who records the
#   traffic.
# related_resources:
#   - https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_vpn_connection
#   reads: [tunnel1_ike_versions, tunnel2_ike_versions, tunnel1_phase1_dh_group_numbers, tunnel2_phase1_dh_group_numbers, tunnel1_phase2_dh_group_numbers, tunnel2_phase2_dh_group_numbers, tunnel1_phase1_integrity_algorithms, tunnel2_phase1_integrity_algorithms, tunnel1_phase2_integrity_algorithms, tunnel2_phase2_integrity_algorithms]
#   aspects: [TR-6.d]
#   remedy: 'list ikev2, groups from 14 on and SHA2 alone'
strong_proposals contains finding.tagged(connection, path, sprintf("the tunnel accepts %s %v", [what, proposal]), sprintf("%s %v", [path, proposal])) if {
	some connection in resource.all("aws_vpn_connection")
	some tunnel in tunnels
	some attribute, {"what": what, "weak": weak} in weak_proposals
	path := concat("_", [tunnel, attribute])
	some proposal in connection.values[path]
	proposal in weak
}

weak_proposals := {
	"ike_versions": {"what": "the version", "weak": {"ikev1"}},
	"phase1_dh_group_numbers": {"what": "group", "weak": {"2", "5"}},
	"phase2_dh_group_numbers": {"what": "group", "weak": {"2", "5"}},
	"phase1_integrity_algorithms": {"what": "the digest", "weak": {"SHA1"}},
	"phase2_integrity_algorithms": {"what": "the digest", "weak": {"SHA1"}},
}

# METADATA
# title: Tunnels write logs
# description: >-
#   The log tells why a tunnel went down, and who tried to set one up.
# related_resources:
#   - https://docs.aws.amazon.com/vpn/latest/s2svpn/monitoring-logs.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_vpn_connection
#   reads: [tunnel1_log_enabled, tunnel2_log_enabled]
#   pedantic: [TR-6.d]
#   remedy: 'set log_enabled = true in each tunnel / LogOptions'
tunnel_logging contains finding.at(connection, path, "the tunnel writes no log") if {
	some connection in resource.all("aws_vpn_connection")
	some tunnel in tunnels
	path := concat("_", [tunnel, "log_enabled"])
	value.is(connection, path, false)
}
