# How instances are watched and kept.
package demarc.ec2

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Instances publish metrics every minute
# description: >-
#   Without detailed monitoring a metric comes every five minutes, and an alarm on it that much later.
# related_resources:
#   - https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-detailed-monitoring.html
# custom:
#   severity: low
#   profile: extended
#   subject: [aws_instance, aws_launch_template]
#   reads: [monitoring]
#   pedantic: [DT-10.a]
#   remedy: 'set monitoring = true / Monitoring: true'
detailed_monitoring contains finding.at(instance, "monitoring", "metrics come every five minutes") if {
	some instance in resource.all("aws_instance")
	instance.values.monitoring == false
	value.none(instance, "launch_template")
}

detailed_monitoring contains finding.at(template, "monitoring", "metrics come every five minutes") if {
	some template in resource.all("aws_launch_template")
	template.values.monitoring == false
}

# METADATA
# title: Instances resist accidental termination
# description: >-
#   A single instance that is terminated by mistake is gone, and with it the disks that go along.
# related_resources:
#   - https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_ChangingDisableAPITermination.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_instance
#   reads: [disable_api_termination]
#   pedantic: [RS-3.c]
#   remedy: 'set disable_api_termination = true / DisableApiTermination: true'
instance_termination_protection contains finding.at(instance, "disable_api_termination", "the instance can be terminated in one step") if {
	some instance in resource.all("aws_instance")
	instance.values.disable_api_termination == false
}
