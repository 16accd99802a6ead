# Accelerators.
package demarc.globalaccelerator

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Traffic through an accelerator is recorded
# description: >-
#   Flow logs tell who came through the accelerator, and when.
# related_resources:
#   - https://docs.aws.amazon.com/global-accelerator/latest/dg/monitoring-global-accelerator.flow-logs.html
# custom:
#   severity: medium
#   profile: extended
#   subject: [aws_globalaccelerator_accelerator, aws_globalaccelerator_custom_routing_accelerator]
#   reads: [attributes.flow_logs_enabled]
#   pedantic: [DT-6.a]
#   remedy: 'set attributes { flow_logs_enabled = true, flow_logs_s3_bucket = ... }'
flow_logs contains finding.at(accelerator, "attributes.flow_logs_enabled", "traffic through the accelerator is not recorded") if {
	some type in ["aws_globalaccelerator_accelerator", "aws_globalaccelerator_custom_routing_accelerator"]
	some accelerator in resource.all(type)
	value.is(accelerator, "attributes.flow_logs_enabled", false)
}
