# Networks: VPCs, their subnets and flow logs; the files beside have security groups, network ACLs and routes.
package demarc.vpc

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: The stack does not rely on the default VPC
# description: >-
#   Every subnet of the account's default VPC is public and gives instances public addresses. A VPC of
#   its own keeps a workload's network in its owner's hands.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_default_vpc
#   aspects: [NW-1.a]
#   only_breaks: [NW-1.a]
#   remedy: declare an aws_vpc with private subnets and place the workload there
default_vpc contains finding.at(vpc, "", "the account's default VPC is adopted") if {
	some vpc in resource.all("aws_default_vpc")
}

# METADATA
# title: Subnets give no public address by themselves
# description: >-
#   In a subnet that assigns public addresses every instance is reachable from the internet as soon as
#   a security group allows it. Give public addresses where they are meant: to load balancers, NAT
#   gateways and single instances.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_subnet
#   reads: [map_public_ip_on_launch]
#   aspects: [NW-1.b]
#   remedy: 'set map_public_ip_on_launch = false / MapPublicIpOnLaunch: false'
subnet_public_ip contains finding.at(subnet, "map_public_ip_on_launch", "instances in this subnet get a public address") if {
	some subnet in resource.all("aws_subnet")
	subnet.values.map_public_ip_on_launch == true
}

# METADATA
# title: Every VPC records its traffic in flow logs
# description: >-
#   Flow logs tell who talked to whom. Without them an intrusion can be neither seen nor reconstructed.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_vpc
#   companions: [aws_flow_log.vpc_id]
#   aspects: [DT-6.a]
#   remedy: 'add an aws_flow_log / AWS::EC2::FlowLog for the VPC with traffic type ALL'
flow_logs contains finding.at(vpc, "", "no flow log records the traffic of this VPC") if {
	some vpc in resource.all("aws_vpc")
	resource.without(vpc, "aws_flow_log", "vpc_id")
}

# METADATA
# title: Flow logs keep who, when, where and the result
# description: >-
#   A format of one's own that leaves out an address, the times or the verdict cannot tell what happened.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_flow_log
#   when: [resource_type]
#   reads: [log_format]
#   aspects: [DT-14.d]
#   remedy: drop log_format, or add the fields / LogFormat
flow_log_fields contains finding.tagged(log, "log_format", sprintf("the flow log lacks %s", [field]), field) if {
	some log in resource.all("aws_flow_log")
	value.outside(log, "log_format", {""})
	some field, pattern in needed_fields
	value.differs_from(log, "log_format", pattern)
}

flow_log_fields_applies contains log.id if {
	some log in resource.all("aws_flow_log")
	value.none(log, "transit_gateway_id")
	value.none(log, "transit_gateway_attachment_id")
	value.differs(log, "resource_type", "TransitGateway")
	value.differs(log, "resource_type", "TransitGatewayAttachment")
}

# https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
needed_fields := {
	"the source's address": `\{(pkt-)?srcaddr\}`,
	"the destination's address": `\{(pkt-)?dstaddr\}`,
	"the start": `\{start\}`,
	"the end": `\{end\}`,
	"the action": `\{action\}`,
	"the interface": `\{(interface-id|instance-id|ecs-task-id|ecs-task-arn)\}`,
}

# METADATA
# title: Flow logs record what was rejected
# description: >-
#   The attempts that were refused tell of an attacker first.
# related_resources:
#   - https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-basics.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_flow_log
#   reads: [traffic_type]
#   pedantic: [DT-6.a]
#   remedy: 'set traffic_type = "ALL" / TrafficType: ALL'
flow_log_traffic_type contains finding.at(log, "traffic_type", "rejected traffic is not recorded") if {
	some log in resource.all("aws_flow_log")
	log.values.traffic_type == "ACCEPT"
}
