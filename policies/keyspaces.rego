# Tables of Keyspaces, for Cassandra.
package demarc.keyspaces

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Cassandra tables can be recovered to a point in time
# description: >-
#   With point-in-time recovery a table can be restored to any second of the last 35 days. It is off unless
#   asked for.
# related_resources:
#   - https://docs.aws.amazon.com/keyspaces/latest/devguide/PointInTimeRecovery.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_keyspaces_table
#   reads: [point_in_time_recovery.status]
#   aspects: [DP-7.b, RS-1.a]
#   remedy: 'set point_in_time_recovery { status = "ENABLED" } / PointInTimeRecoveryEnabled: true'
point_in_time_recovery contains finding.at(table, "point_in_time_recovery.status", "the table cannot be restored to a point in time") if {
	some table in resource.all("aws_keyspaces_table")
	value.is(table, "point_in_time_recovery.status", "DISABLED")
}
