# Buses of events, connections and endpoints.
package demarc.eventbridge

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.secret
import data.demarc.lib.value

# METADATA
# title: Secrets of connections are not written in the source
# description: >-
#   A literal password or key is known to everyone who can read the repository, the plan or the state.
# related_resources:
#   - https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-target-connection.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_cloudwatch_event_connection
#   weighs: [password, api_key, client_secret]
#   aspects: [OS-2.b]
#   secret: true
#   remedy: take the secret from Secrets Manager or from a variable
connection_literal_secret contains f if {
	some r in resource.all("aws_cloudwatch_event_connection")
	some f in secret.written(r, ["password", "api_key", "client_secret"], "the secret of the connection")
}

# METADATA
# title: Event buses take events from named accounts
# description: >-
#   Without a condition * lets every account of AWS put events on the bus, and so start what listens to it.
# related_resources:
#   - https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-perms.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_cloudwatch_event_permission
#   reads: [principal]
#   presence: [condition]
#   aspects: [ID-8.e, ID-9.a]
#   remedy: name the account, or add a condition on aws:PrincipalOrgID
bus_policy_public contains finding.at(permission, "principal", "every AWS account may put events on the bus") if {
	some permission in resource.all("aws_cloudwatch_event_permission")
	value.is(permission, "principal", "*")
	value.none(permission, "condition")
}

# METADATA
# title: Global endpoints replicate their events
# description: >-
#   Without replication events that were under way are lost with the region that they were in.
# related_resources:
#   - https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-global-endpoints.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_cloudwatch_event_endpoint
#   reads: [replication_state]
#   pedantic: [RS-4.a]
#   only_keeps: [RS-4.a]
#   remedy: 'set replication_config { state = "ENABLED" } / ReplicationConfig'
global_endpoint_replication contains finding.at(endpoint, "replication_state", "events are not replicated to the second region") if {
	some endpoint in resource.all("aws_cloudwatch_event_endpoint")
	value.is(endpoint, "replication_state", "DISABLED")
}
