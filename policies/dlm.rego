# Policies that make and copy snapshots.
package demarc.dlm

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Snapshots that are copied to another region are encrypted
# description: >-
#   A copy is encrypted only if the policy says so, or if the account does by default there.
# related_resources:
#   - https://docs.aws.amazon.com/ebs/latest/userguide/snapshot-lifecycle.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_dlm_lifecycle_policy
#   reads: [action.encrypted, schedule_copy.encrypted]
#   aspects: [DP-4.c]
#   remedy: 'set encrypted = true / Encrypted: true'
cross_region_copy_encryption contains finding.tagged(policy, value.path(copy, "encrypted"), message, kind) if {
	some policy in resource.all("aws_dlm_lifecycle_policy")
	some kind, message in {
		"action": "the event's copies in another region are not encrypted",
		"schedule_copy": "the schedule's copies in another region are not encrypted",
	}
	some copy in policy.values[kind]
	copy.encrypted == false
}

# METADATA
# title: Snapshot policies are switched on
# description: >-
#   A policy that is switched off makes no snapshots, and looks as if it did.
# related_resources:
#   - https://docs.aws.amazon.com/ebs/latest/userguide/snapshot-ami-policy.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_dlm_lifecycle_policy
#   reads: [state]
#   aspects: [RS-1.b]
#   remedy: 'set state = "ENABLED" / State: ENABLED'
policy_enabled contains finding.at(r, "state", "the policy makes no snapshots") if {
	some r in resource.all("aws_dlm_lifecycle_policy")
	value.is(r, "state", "DISABLED")
}
