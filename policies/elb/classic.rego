# Classic load balancers, and the negotiation policies of their listeners.
package demarc.elb

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

negotiators := ["aws_elb", "aws_load_balancer_policy"]

# on: the attribute of a negotiation policy is switched on.
on(attribute) if lower(attribute.value) == "true"

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
# title: Classic load balancers refuse old versions of TLS
# description: >-
#   SSL 2 and 3 and TLS 1.0 and 1.1 are broken or withdrawn.
# related_resources:
#   - https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-security-policy-table.html
# custom:
#   severity: high
#   profile: default
#   subject: [aws_load_balancer_policy, aws_elb]
#   reads: [policy_attribute.name, policy_attribute.value]
#   aspects: [TR-2.a]
#   remedy: 'switch on Protocol-TLSv1.2 alone, or refer to ELBSecurityPolicy-TLS-1-2-2017-01'
classic_tls_version contains finding.tagged(r, value.path(attribute, "value"), sprintf("%s is switched on", [attribute.name]), attribute.name) if {
	some type in negotiators
	some r in resource.all(type)
	some attribute in r.values.policy_attribute
	attribute.name in {"Protocol-SSLv2", "Protocol-SSLv3", "Protocol-TLSv1", "Protocol-TLSv1.1"}
	on(attribute)
}

classic_tls_version contains finding.tagged(r, value.path(attribute, "value"), sprintf("%s admits TLS 1.0 or 1.1", [attribute.value]), attribute.name) if {
	some type in negotiators
	some r in resource.all(type)
	some attribute in r.values.policy_attribute
	attribute.name == "Reference-Security-Policy"
	value.matches(attribute, "value", outdated)
}

# METADATA
# title: Classic load balancers offer no weak ciphers
# description: >-
#   Ciphers without encryption, with short keys, broken digests or without forward secrecy let recorded traffic be
#   read.
# related_resources:
#   - https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-ssl-security-policy.html
# custom:
#   severity: high
#   profile: default
#   subject: [aws_load_balancer_policy, aws_elb]
#   reads: [policy_attribute.name, policy_attribute.value]
#   aspects: [TR-2.a]
#   remedy: 'keep the ECDHE ciphers with AES-GCM, or refer to ELBSecurityPolicy-TLS-1-2-2017-01'
classic_weak_ciphers contains finding.tagged(r, value.path(attribute, "value"), sprintf("the weak cipher %s is offered", [attribute.name]), attribute.name) if {
	some type in negotiators
	some r in resource.all(type)
	some attribute in r.values.policy_attribute
	value.matches(attribute, "name", weak)
	on(attribute)
}

# https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-ssl-security-policy.html
weak := `(?i)^(AES|CAMELLIA|SEED|IDEA|RC4|DES|EXP|NULL|PSK|KRB5|ADH|EDH|DHE-DSS)[0-9-]|(RC4|NULL|MD5|3DES|DES-CBC|anon|EXPORT)`

# METADATA
# title: Classic TLS listeners use the predefined policy of TLS 1.2
# description: >-
#   A listener without a policy of its own takes ELBSecurityPolicy-2016-08, which admits TLS 1.0; one put together
#   by hand is not kept up.
# related_resources:
#   - https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-security-policy-table.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_elb
#   reads: [listener.lb_protocol, listener.policy_names, policy_attribute.name, policy_attribute.value]
#   companions: [aws_load_balancer_listener_policy.load_balancer_name]
#   pedantic: [TR-2.a]
#   remedy: 'refer to ELBSecurityPolicy-TLS-1-2-2017-01'
classic_predefined_policy contains finding.tagged(balancer, value.path(listener, "lb_protocol"), "no security policy is named, so TLS 1.0 is admitted", "listener") if {
	some balancer in resource.all("aws_elb")
	some listener in balancer.values.listener
	lower(listener.lb_protocol) in {"https", "ssl"}
	value.none(listener, "policy_names")
	resource.without(balancer, "aws_load_balancer_listener_policy", "load_balancer_name")
}

classic_predefined_policy contains finding.tagged(balancer, value.path(attribute, "value"), "the security policy is not the predefined one of TLS 1.2", attribute.name) if {
	some balancer in resource.all("aws_elb")
	some attribute in balancer.values.policy_attribute
	attribute.name == "Reference-Security-Policy"
	value.outside(attribute, "value", {"ELBSecurityPolicy-TLS-1-2-2017-01"})
}

# METADATA
# title: Listeners of classic load balancers have a certificate
# description: >-
#   A TCP listener passes on whatever arrives; the load balancer neither proves who it is nor encrypts. Plain HTTP
#   is reported as elb/classic-listener-https.
# related_resources:
#   - https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-https-load-balancers.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_elb
#   reads: [listener.lb_protocol]
#   weighs: [listener.ssl_certificate_id]
#   aspects: [TR-1.a]
#   remedy: 'set the protocol to SSL or HTTPS, with a certificate'
classic_listener_certificate contains finding.tagged(balancer, listener._at, "the listener has no certificate", "listener") if {
	some balancer in resource.all("aws_elb")
	some listener in balancer.values.listener
	lower(listener.lb_protocol) == "tcp"
	value.none(listener, "ssl_certificate_id")
}

classic_listener_certificate contains finding.inconclusive(balancer, value.path(listener, "ssl_certificate_id"), "it is unknown whether the listener has a certificate") if {
	some balancer in resource.all("aws_elb")
	resource.may_lack(balancer, "listener.ssl_certificate_id")
	some listener in balancer.values.listener
	lower(listener.lb_protocol) == "tcp"
	value.unsettled(listener, "ssl_certificate_id")
}

# METADATA
# title: Classic load balancers take their certificates from ACM
# description: >-
#   ACM renews its certificates; one in IAM expires unless somebody remembers.
# related_resources:
#   - https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/ssl-server-cert.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_elb
#   reads: [listener.lb_protocol]
#   weighs: [listener.ssl_certificate_id]
#   pedantic: [TR-8.b]
#   remedy: 'name a certificate of ACM'
classic_acm_certificate contains finding.tagged(balancer, value.path(listener, "ssl_certificate_id"), "the certificate is none of ACM", "listener") if {
	some balancer in resource.all("aws_elb")
	some listener in balancer.values.listener
	lower(listener.lb_protocol) in {"https", "ssl"}
	value.matches(listener, "ssl_certificate_id", `^arn:[^:]*:iam:`)
}

classic_acm_certificate contains finding.inconclusive(balancer, value.path(listener, "ssl_certificate_id"), "it is unknown where the certificate comes from") if {
	some balancer in resource.all("aws_elb")
	resource.may_lack(balancer, "listener.ssl_certificate_id")
	some listener in balancer.values.listener
	lower(listener.lb_protocol) in {"https", "ssl"}
	value.unsettled(listener, "ssl_certificate_id")
}

# METADATA
# title: Classic load balancers speak TLS to their instances
# description: >-
#   What comes in over TLS crosses the inner network in clear where the instance protocol is HTTP or TCP.
# related_resources:
#   - https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-create-https-ssl-load-balancer.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_elb
#   reads: [listener.lb_protocol, listener.instance_protocol]
#   only_keeps: [TR-1.c]
#   pedantic: [TR-1.c]
#   remedy: 'set instance_protocol to HTTPS or SSL / InstanceProtocol'
classic_end_to_end_tls contains finding.tagged(balancer, value.path(listener, "instance_protocol"), "instances are reached without TLS", "listener") if {
	some balancer in resource.all("aws_elb")
	some listener in balancer.values.listener
	lower(listener.instance_protocol) in {"http", "tcp"}
}

# Without one of its own the protocol is that of the front.
classic_end_to_end_tls contains finding.tagged(balancer, value.path(listener, "lb_protocol"), "instances are reached without TLS", "listener") if {
	some balancer in resource.all("aws_elb")
	some listener in balancer.values.listener
	value.none(listener, "instance_protocol")
	lower(listener.lb_protocol) in {"http", "tcp"}
}

# METADATA
# title: Classic load balancers serve at least two zones
# description: >-
#   With one zone the service goes when the zone goes.
# related_resources:
#   - https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/enable-disable-az.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_elb
#   reads: [availability_zones, subnets]
#   pedantic: [RS-2.a]
#   remedy: 'list a second zone or subnet'
classic_multi_zone contains finding.at(balancer, attribute, "the load balancer stands in one zone") if {
	some balancer in resource.all("aws_elb")
	some attribute in ["availability_zones", "subnets"]
	value.one_member(balancer, attribute)
}

# METADATA
# title: Classic load balancers let running requests finish
# description: >-
#   Without draining, requests on their way to an instance that leaves are cut off.
# related_resources:
#   - https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/config-conn-drain.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_elb
#   reads: [connection_draining]
#   pedantic: [NW-17.a]
#   remedy: 'set connection_draining = true / ConnectionDrainingPolicy.Enabled: true'
connection_draining contains finding.at(r, "connection_draining", "requests to an instance that leaves are cut off") if {
	some r in resource.all("aws_elb")
	value.is(r, "connection_draining", false)
}
