# Load balancers.
package demarc.elb

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# outdated are the security policies that still speak TLS 1.0 or 1.1.
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
outdated := `^(Default|ELBSecurityPolicy-(2014|2015|2016)-.*|ELBSecurityPolicy-TLS-1-[01]-.*|ELBSecurityPolicy-FS-(2018-06|1-1-.*)|ELBSecurityPolicy-TLS13-1-[01]-.*)$`

# METADATA
# title: Listeners speak HTTPS
# description: >-
#   A listener that serves plain HTTP lets everyone on the way read and change what is sent. One that only
#   redirects to HTTPS is fine.
# related_resources:
#   - https://docs.aws.amazon.com/elasticloadbalancing/latest/application/create-https-listener.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_lb_listener
#   when: [protocol]
#   weighs: [default_action]
#   aspects: [TR-1.a]
#   remedy: set protocol = "HTTPS" with a certificate, or redirect to HTTPS
listener_https contains finding.at(listener, "protocol", "the listener serves plain HTTP") if {
	some listener in resource.all("aws_lb_listener")
	listener.id in plain
	some action in listener.values.default_action
	value.differs(action, "type", "redirect")
}

listener_https contains finding.at(listener, value.path(action, "redirect_protocol"), "the listener redirects, but not to HTTPS") if {
	some listener in resource.all("aws_lb_listener")
	listener.id in plain
	some action in listener.values.default_action
	action.type == "redirect"
	value.differs(action, "redirect_protocol", "HTTPS")
}

listener_https contains finding.inconclusive(listener, value.path(action, member), "it is unknown whether the listener only redirects to HTTPS") if {
	some listener in resource.all("aws_lb_listener")
	listener.id in plain
	some action in listener.values.default_action
	some member in ["type", "redirect_protocol"]
	value.unsettled(action, member)
}

listener_https contains finding.inconclusive(listener, "default_action", "it is unknown whether the listener only redirects to HTTPS") if {
	some listener in resource.all("aws_lb_listener")
	listener.id in plain
	some unknown in listener._unknown
	unknown in {"default_action", "default_action.*"}
}

listener_https contains finding.inconclusive(listener, "load_balancer_arn", "it is unknown whether the load balancer is one whose listeners serve plain HTTP unless told otherwise") if {
	some listener in resource.all("aws_lb_listener")
	listener.id in perhaps_plain
}

listener_https_applies contains id if some id in perhaps_plain

listener_https_applies contains id if some id in plain

listener_https_applies contains listener.id if {
	some listener in resource.all("aws_lb_listener")
	listener.values.protocol == "HTTPS"
}

perhaps_plain contains listener.id if {
	some listener in resource.all("aws_lb_listener")
	value.none(listener, "protocol")
	resource.may_lack(listener, "load_balancer_arn")
}

plain contains listener.id if {
	some listener in resource.all("aws_lb_listener")
	listener.values.protocol == "HTTP"
}

# Terraform's default for an application load balancer.
plain contains listener.id if {
	some listener in resource.all("aws_lb_listener")
	value.none(listener, "protocol")
	some balancer in resource.targets(listener, "load_balancer_arn", "aws_lb")
	balancer.values.load_balancer_type == "application"
}

# METADATA
# title: Classic load balancers speak HTTPS or TLS
# description: >-
#   A listener that serves plain HTTP lets everyone on the way read and change what is sent.
# related_resources:
#   - https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-https-load-balancers.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_elb
#   reads: [listener.lb_protocol]
#   aspects: [TR-1.a]
#   remedy: set the listener's protocol to HTTPS with a certificate
classic_listener_https contains finding.tagged(balancer, value.path(listener, "lb_protocol"), "the listener serves plain HTTP", "http") if {
	some balancer in resource.all("aws_elb")
	some listener in balancer.values.listener
	lower(listener.lb_protocol) == "http"
}

# METADATA
# title: TLS listeners refuse TLS 1.0 and 1.1
# description: >-
#   The policy of a listener that names none, ELBSecurityPolicy-2016-08, admits TLS 1.0. Both old versions
#   are known to be weak and were withdrawn in 2021.
# related_resources:
#   - https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_lb_listener
#   when: [protocol]
#   reads: [ssl_policy]
#   aspects: [TR-2.a]
#   remedy: set ssl_policy = "ELBSecurityPolicy-TLS13-1-2-2021-06"
tls_version contains finding.at(listener, "ssl_policy", "no security policy is named, so TLS 1.0 is admitted") if {
	some listener in resource.all("aws_lb_listener")
	value.none(listener, "ssl_policy")
}

tls_version contains finding.at(listener, "ssl_policy", message) if {
	some listener in resource.all("aws_lb_listener")
	value.matches(listener, "ssl_policy", outdated)
	message := sprintf("%s admits TLS 1.0 or 1.1", [listener.values.ssl_policy])
}

tls_version_applies contains listener.id if {
	some listener in resource.all("aws_lb_listener")
	listener.values.protocol in {"HTTPS", "TLS"}
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

access_logs_applies contains balancer.id if {
	some balancer in resource.all("aws_lb")
	value.differs(balancer, "load_balancer_type", "gateway")
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

application contains balancer.id if {
	some balancer in resource.all("aws_lb")
	balancer.values.load_balancer_type == "application"
}

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
