# Load balancers: what reaches them, what they pass on, and what they record.
package demarc.elb

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

application contains balancer.id if {
	some balancer in resource.all("aws_lb")
	balancer.values.load_balancer_type == "application"
}

# METADATA
# title: Load balancers write access logs
# description: >-
#   Access logs say who asked for what, when, and with which result. They are off unless switched on.
# related_resources:
#   - https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
# custom:
#   severity: medium
#   profile: default
#   subject: [aws_lb, aws_elb]
#   when: [load_balancer_type]
#   reads: [access_logs.enabled]
#   aspects: [DT-7.a]
#   remedy: 'set access_logs { enabled = true, bucket = ... } / access_logs.s3.enabled: true'
access_logs contains finding.at(balancer, "access_logs.enabled", "requests to the load balancer are not logged") if {
	some balancer in resource.all("aws_lb")
	balancer.id in logs_requests
	balancer.values.access_logs.enabled == false
}

access_logs contains finding.inconclusive(balancer, "access_logs.enabled", "it is unknown whether the load balancer has a TLS listener, whose requests it could log") if {
	some balancer in resource.all("aws_lb")
	balancer.id in may_speak_tls
	balancer.values.access_logs.enabled == false
}

access_logs contains finding.at(balancer, "access_logs.enabled", "requests to the load balancer are not logged") if {
	some balancer in resource.all("aws_elb")
	value.none(balancer, "access_logs")
}

access_logs contains finding.at(balancer, "access_logs.enabled", "requests to the load balancer are not logged") if {
	some balancer in resource.all("aws_elb")
	balancer.values.access_logs.enabled == false
}

access_logs_applies contains id if some id in logs_requests

access_logs_applies contains id if some id in may_speak_tls

logs_requests contains balancer.id if {
	some balancer in resource.all("aws_lb")
	value.outside(balancer, "load_balancer_type", {"gateway", "network"})
}

# A network load balancer logs the requests of its TLS listeners only.
# https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html
logs_requests contains balancer.id if {
	some balancer in network
	some listener in resource.referrers(balancer, "aws_lb_listener", "load_balancer_arn")
	listener.values.protocol == "TLS"
}

may_speak_tls contains balancer.id if {
	some balancer in network
	some listener in resource.referrers(balancer, "aws_lb_listener", "load_balancer_arn")
	value.unsettled(listener, "protocol")
}

may_speak_tls contains balancer.id if {
	some balancer in network
	resource.may_have(balancer, "aws_lb_listener", "load_balancer_arn")
}

network contains balancer if {
	some balancer in resource.all("aws_lb")
	balancer.values.load_balancer_type == "network"
}

access_logs_applies contains balancer.id if some balancer in resource.all("aws_elb")

# METADATA
# title: Application load balancers drop invalid headers
# description: >-
#   Headers with invalid names are the raw material of request smuggling. The load balancer passes them on
#   unless told to drop them.
# related_resources:
#   - https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_lb
#   when: [load_balancer_type]
#   reads: [drop_invalid_header_fields]
#   aspects: [NW-17.a]
#   remedy: 'set drop_invalid_header_fields = true / routing.http.drop_invalid_header_fields.enabled: true'
drop_invalid_headers contains finding.at(balancer, "drop_invalid_header_fields", "headers with invalid names reach the targets") if {
	some balancer in resource.all("aws_lb")
	balancer.id in application
	balancer.values.drop_invalid_header_fields == false
}

drop_invalid_headers_applies contains id if some id in application

# METADATA
# title: Load balancers stop desync attacks
# description: >-
#   In the mode monitor the load balancer lets through requests that two servers may read differently.
# related_resources:
#   - https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html
# custom:
#   severity: medium
#   profile: default
#   subject: [aws_lb, aws_elb]
#   when: [load_balancer_type]
#   reads: [desync_mitigation_mode]
#   aspects: [NW-17.a]
#   remedy: set desync_mitigation_mode to "defensive" or "strictest"
desync_mitigation contains finding.at(balancer, "desync_mitigation_mode", "ambiguous requests are passed on") if {
	some type in ["aws_lb", "aws_elb"]
	some balancer in resource.all(type)
	balancer.values.desync_mitigation_mode == "monitor"
}

desync_mitigation_applies contains id if some id in application

desync_mitigation_applies contains balancer.id if some balancer in resource.all("aws_elb")

# METADATA
# title: Load balancers pass nothing on when the firewall fails
# description: >-
#   With fail-open every request goes through uninspected while the web ACL cannot be reached.
# related_resources:
#   - https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_lb
#   reads: [enable_waf_fail_open]
#   aspects: [NW-10.b]
#   remedy: 'set enable_waf_fail_open = false / waf.fail_open.enabled: false'
waf_fail_open contains finding.at(r, "enable_waf_fail_open", "requests go through uninspected while the web ACL cannot be reached") if {
	some r in resource.all("aws_lb")
	value.is(r, "enable_waf_fail_open", true)
}

# METADATA
# title: A web ACL stands before public application load balancers
# description: >-
#   A web ACL stops known attacks and floods before they reach the targets.
# related_resources:
#   - https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-associating-aws-resource.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_lb
#   when: [load_balancer_type, internal]
#   companions: [aws_wafv2_web_acl_association.resource_arn, aws_wafregional_web_acl_association.resource_arn]
#   aspects: [NW-10.a]
#   remedy: 'associate a web ACL / AWS::WAFv2::WebACLAssociation'
waf_association contains finding.at(balancer, "", "no web ACL stands before the load balancer") if {
	some balancer in resource.all("aws_lb")
	resource.without(balancer, "aws_wafv2_web_acl_association", "resource_arn")
	resource.without(balancer, "aws_wafregional_web_acl_association", "resource_arn")
}

waf_association_applies contains balancer.id if {
	some balancer in resource.all("aws_lb")
	balancer.id in application
	value.is(balancer, "internal", false)
}

# METADATA
# title: Load balancers face the internet on purpose
# description: >-
#   A load balancer is public unless told otherwise.
# related_resources:
#   - https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html
# custom:
#   severity: medium
#   profile: extended
#   subject: [aws_lb, aws_elb]
#   when: [load_balancer_type]
#   reads: [internal]
#   pedantic: [NW-1.b]
#   remedy: 'set internal = true / Scheme: internal where only the own network asks'
internet_facing contains finding.at(balancer, "internal", "the load balancer faces the internet") if {
	some type in ["aws_lb", "aws_elb"]
	some balancer in resource.all(type)
	balancer.values.internal == false
}

internet_facing_applies contains balancer.id if {
	some balancer in resource.all("aws_lb")
	value.differs(balancer, "load_balancer_type", "gateway")
}

internet_facing_applies contains balancer.id if some balancer in resource.all("aws_elb")

# METADATA
# title: Load balancers cannot be deleted in one step
# description: >-
#   A load balancer that is deleted by mistake takes its address and its service along.
# related_resources:
#   - https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_lb
#   reads: [enable_deletion_protection]
#   pedantic: [RS-3.c]
#   remedy: 'set enable_deletion_protection = true / deletion_protection.enabled: true'
deletion_protection contains finding.at(r, "enable_deletion_protection", "the load balancer can be deleted in one step") if {
	some r in resource.all("aws_lb")
	value.is(r, "enable_deletion_protection", false)
}

# METADATA
# title: Load balancers spread requests over all zones
# description: >-
#   Without it a zone with few targets is overrun while another idles. Application load balancers always do it.
# related_resources:
#   - https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-load-balancer-attributes.html
# custom:
#   severity: low
#   profile: extended
#   subject: [aws_lb, aws_elb]
#   when: [load_balancer_type]
#   reads: [enable_cross_zone_load_balancing, cross_zone_load_balancing]
#   pedantic: [RS-2.a]
#   remedy: 'set enable_cross_zone_load_balancing = true / load_balancing.cross_zone.enabled: true'
cross_zone contains finding.at(balancer, "enable_cross_zone_load_balancing", "requests stay in the zone where they arrive") if {
	some balancer in resource.all("aws_lb")
	value.is(balancer, "enable_cross_zone_load_balancing", false)
}

cross_zone contains finding.at(balancer, "cross_zone_load_balancing", "requests stay in the zone where they arrive") if {
	some balancer in resource.all("aws_elb")
	value.is(balancer, "cross_zone_load_balancing", false)
}

cross_zone_applies contains balancer.id if {
	some balancer in resource.all("aws_lb")
	value.differs(balancer, "load_balancer_type", "application")
}

cross_zone_applies contains balancer.id if some balancer in resource.all("aws_elb")

# METADATA
# title: Load balancers span at least two zones
# description: >-
#   With one zone the service goes when the zone goes.
# related_resources:
#   - https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_lb
#   reads: [subnets]
#   pedantic: [RS-2.a]
#   remedy: 'list a subnet in a second zone'
multi_zone contains finding.at(balancer, "subnets", "the load balancer stands in one zone") if {
	some balancer in resource.all("aws_lb")
	value.one_member(balancer, "subnets")
}
