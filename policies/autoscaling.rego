# Groups of instances that grow and shrink.
package demarc.autoscaling

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

balancers := ["target_group_arns", "load_balancers", "traffic_source"]

attachments := ["aws_autoscaling_attachment", "aws_autoscaling_traffic_source_attachment"]

# behind: a load balancer is known to send requests to the group.
behind contains group.id if {
	some group in resource.all("aws_autoscaling_group")
	some attribute in balancers
	resource.set(group, attribute)
}

behind contains group.id if {
	some group in resource.all("aws_autoscaling_group")
	some type in attachments
	some _ in resource.referrers(group, type, "autoscaling_group_name")
}

# perhaps_behind are the groups and attributes of which that is unknown.
perhaps_behind contains [group, attribute] if {
	some group in resource.all("aws_autoscaling_group")
	some attribute in balancers
	value.unsettled(group, attribute)
	resource.may_lack(group, attribute)
}

perhaps_behind contains [group, ""] if {
	some group in resource.all("aws_autoscaling_group")
	some type in attachments
	resource.may_have(group, type, "autoscaling_group_name")
}

# METADATA
# title: Groups behind a load balancer use its health checks
# description: >-
#   By itself a group replaces only instances that EC2 finds broken, not those whose application has stopped.
# related_resources:
#   - https://docs.aws.amazon.com/autoscaling/ec2/userguide/health-checks-overview.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_autoscaling_group
#   reads: [health_check_type]
#   weighs: [target_group_arns, load_balancers]
#   pedantic: [RS-2.a]
#   remedy: 'set health_check_type = "ELB" / HealthCheckType: ELB'
elb_health_check contains finding.at(group, "health_check_type", "instances whose application has stopped are kept") if {
	some group in resource.all("aws_autoscaling_group")
	group.id in behind
	value.differs_from(group, "health_check_type", "ELB")
}

elb_health_check contains finding.inconclusive(group, attribute, "it is unknown whether the group stands behind a load balancer") if {
	some [group, attribute] in perhaps_behind
	value.differs_from(group, "health_check_type", "ELB")
}

elb_health_check_applies contains id if some id in behind

elb_health_check_applies contains group.id if some [group, _] in perhaps_behind

# METADATA
# title: Groups behind a load balancer follow the load
# description: >-
#   A group of fixed size, or without a policy, is overrun by a rush of requests, wanted or not.
# related_resources:
#   - https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scale-based-on-demand.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_autoscaling_group
#   weighs: [min_size, max_size, target_group_arns, load_balancers]
#   companions: [aws_autoscaling_policy.autoscaling_group_name]
#   aspects: [NW-11.a]
#   remedy: 'add an aws_autoscaling_policy / AWS::AutoScaling::ScalingPolicy, and let max_size be above min_size'
scaling_policy contains finding.at(group, "", "no policy lets the group follow the load") if {
	some group in resource.all("aws_autoscaling_group")
	group.id in behind
	resource.without(group, "aws_autoscaling_policy", "autoscaling_group_name")
}

scaling_policy contains finding.at(group, "max_size", "the group cannot grow") if {
	some group in resource.all("aws_autoscaling_group")
	group.id in behind
	some _ in resource.referrers(group, "aws_autoscaling_policy", "autoscaling_group_name")
	group.values.max_size == group.values.min_size
}

scaling_policy contains finding.inconclusive(group, attribute, "it is unknown whether the group can grow") if {
	some group in resource.all("aws_autoscaling_group")
	group.id in behind
	some _ in resource.referrers(group, "aws_autoscaling_policy", "autoscaling_group_name")
	some attribute in ["min_size", "max_size"]
	value.unsettled(group, attribute)
}

scaling_policy contains finding.inconclusive(group, attribute, "it is unknown whether the group stands behind a load balancer") if {
	some [group, attribute] in perhaps_behind
}

scaling_policy_applies contains id if some id in behind

scaling_policy_applies contains group.id if some [group, _] in perhaps_behind

# METADATA
# title: Groups start instances from launch templates
# description: >-
#   Launch configurations cannot be changed, know nothing that came after 2022, and new accounts cannot make them.
# related_resources:
#   - https://docs.aws.amazon.com/autoscaling/ec2/userguide/launch-templates.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_autoscaling_group
#   presence: [launch_template, mixed_instances_policy]
#   pedantic: [OS-3.f]
#   remedy: 'move the settings to an aws_launch_template / AWS::EC2::LaunchTemplate'
launch_template contains finding.at(group, "launch_configuration", "the group starts instances without a launch template") if {
	some group in resource.all("aws_autoscaling_group")
	value.none(group, "launch_template")
	value.none(group, "mixed_instances_policy")
}

# METADATA
# title: Groups span at least two zones
# description: >-
#   With one zone the service goes when the zone goes.
# related_resources:
#   - https://docs.aws.amazon.com/autoscaling/ec2/userguide/auto-scaling-benefits.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_autoscaling_group
#   reads: [availability_zones, vpc_zone_identifier]
#   pedantic: [RS-2.a]
#   remedy: 'list a second zone or subnet'
multi_zone contains finding.at(group, attribute, "the group stands in one zone") if {
	some group in resource.all("aws_autoscaling_group")
	some attribute in ["availability_zones", "vpc_zone_identifier"]
	value.one_member(group, attribute)
}

# METADATA
# title: Groups mix instance types
# description: >-
#   When a zone has run out of one type, another takes its place.
# related_resources:
#   - https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-mixed-instances-groups.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_autoscaling_group
#   presence: [mixed_instances_policy]
#   reads: [instance_types]
#   pedantic: [RS-2.a]
#   remedy: 'add a mixed_instances_policy with two overrides / MixedInstancesPolicy'
multiple_instance_types contains finding.at(group, "mixed_instances_policy", "the group has one instance type") if {
	some group in resource.all("aws_autoscaling_group")
	value.none(group, "mixed_instances_policy")
}

multiple_instance_types contains finding.at(group, "instance_types", "the group has one instance type") if {
	some group in resource.all("aws_autoscaling_group")
	value.one_member(group, "instance_types")
}

# METADATA
# title: Groups tag their instances
# description: >-
#   Instances that come and go are told apart, and paid for, by their tags.
# related_resources:
#   - https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_autoscaling_group
#   presence: [tag]
#   pedantic: [GV-1.d]
#   remedy: 'add a tag block with propagate_at_launch = true / Tags'
tags contains finding.at(group, "tag", "the group tags nothing") if {
	some group in resource.all("aws_autoscaling_group")
	value.none(group, "tag")
}
