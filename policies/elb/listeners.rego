# What listeners and targets speak.
package demarc.elb

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# outdated are the security policies that still speak TLS 1.0 or 1.1.
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
outdated := `^(Default|ELBSecurityPolicy-(2014|2015|2016)-.*|ELBSecurityPolicy-TLS-1-[01]-.*|ELBSecurityPolicy-FS-(2018-06|1-1-.*)|ELBSecurityPolicy-TLS13-1-[01]-.*)$`

# known_policies are all that there are, and nothing at all. As of November 2026.
known_policies := `^$|^(Default|ELBSecurityPolicy-(2014|2015|2016)-.*|ELBSecurityPolicy-TLS-1-[0-2]-.*|ELBSecurityPolicy-FS-.*|ELBSecurityPolicy-TLS13-1-[0-3]-.*)$`

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

# AWS refuses a listener without an action: what it does is not written here.
listener_https contains finding.at(listener, "protocol", "the listener serves plain HTTP") if {
	some listener in resource.all("aws_lb_listener")
	listener.id in plain
	value.none(listener, "default_action")
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

tls_version contains finding.inconclusive(listener, "ssl_policy", "it is unknown which versions of TLS the security policy admits") if {
	some listener in resource.all("aws_lb_listener")
	value.settled(listener, "ssl_policy")
	value.differs_from(listener, "ssl_policy", known_policies)
}

tls_version_applies contains listener.id if {
	some listener in resource.all("aws_lb_listener")
	listener.values.protocol in {"HTTPS", "TLS"}
}

# METADATA
# title: TLS listeners offer no ciphers without forward secrecy
# description: >-
#   The extended policies speak TLS 1.2, with ciphers whose traffic can be read later by whoever gets the key. TLS
#   1.0 and 1.1 are reported as elb/tls-version.
# related_resources:
#   - https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_lb_listener
#   reads: [ssl_policy]
#   aspects: [TR-2.a]
#   remedy: 'set ssl_policy = "ELBSecurityPolicy-TLS13-1-2-2021-06" / SslPolicy'
tls_policy_outdated contains finding.at(listener, "ssl_policy", message) if {
	some listener in resource.all("aws_lb_listener")
	value.matches(listener, "ssl_policy", extended_policy)
	message := sprintf("%s offers ciphers without forward secrecy", [listener.values.ssl_policy])
}

tls_policy_outdated_applies contains listener.id if {
	some listener in resource.all("aws_lb_listener")
	resource.set(listener, "ssl_policy")
}

tls_policy_outdated_applies contains listener.id if {
	some listener in resource.all("aws_lb_listener")
	value.unsettled(listener, "ssl_policy")
}

extended_policy := `^ELBSecurityPolicy-(TLS13-1-2-Ext[12](-FIPS)?(-PQ)?-.*|TLS-1-2-Ext-2018-06|TLS-1-2-2017-01)$`

# METADATA
# title: TLS listeners use a policy that AWS recommends
# description: >-
#   The recommended policies hold TLS 1.3 and, at most, TLS 1.2 with forward secrecy. Older ones are kept for old
#   clients.
# related_resources:
#   - https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_lb_listener
#   when: [protocol]
#   reads: [ssl_policy]
#   pedantic: [TR-2.a]
#   remedy: 'set ssl_policy = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06" / SslPolicy'
recommended_tls_policy contains finding.at(listener, "ssl_policy", "the security policy is none that AWS recommends") if {
	some listener in resource.all("aws_lb_listener")
	value.differs_from(listener, "ssl_policy", recommended)
}

recommended_tls_policy_applies contains listener.id if {
	some listener in resource.all("aws_lb_listener")
	listener.values.protocol in {"HTTPS", "TLS"}
}

# As read in November 2026; AWS adds names of the same form.
recommended := `^ELBSecurityPolicy-TLS13-1-[23](-Res)?(-FIPS)?(-PQ)?-20[0-9]{2}-[0-9]{2}$`

# METADATA
# title: Network listeners speak TLS
# description: >-
#   A TCP or UDP listener passes on what it gets; whether that is encrypted the load balancer cannot tell. Plain
#   HTTP is reported as elb/listener-https.
# related_resources:
#   - https://docs.aws.amazon.com/elasticloadbalancing/latest/network/create-tls-listener.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_lb_listener
#   reads: [protocol]
#   pedantic: [TR-1.a]
#   remedy: 'set protocol = "TLS" with a certificate / Protocol: TLS'
listener_encrypted contains finding.at(listener, "protocol", sprintf("the listener speaks %s", [listener.values.protocol])) if {
	some listener in resource.all("aws_lb_listener")
	listener.values.protocol in {"TCP", "UDP", "TCP_UDP"}
}

# METADATA
# title: Load balancers reach their targets over HTTPS
# description: >-
#   Behind the load balancer the traffic crosses the network in clear. Where the network is trusted that may be
#   accepted.
# related_resources:
#   - https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_lb_target_group
#   reads: [protocol]
#   only_keeps: [TR-1.c]
#   pedantic: [TR-1.c]
#   remedy: 'set protocol = "HTTPS" / Protocol: HTTPS'
target_group_https contains finding.at(group, "protocol", "the targets are reached over plain HTTP") if {
	some group in resource.all("aws_lb_target_group")
	group.values.protocol == "HTTP"
}

# METADATA
# title: Network load balancers reach their targets over TLS
# description: >-
#   Behind a TCP or UDP target group nothing says that the traffic is encrypted. Plain HTTP is reported as
#   elb/target-group-https.
# related_resources:
#   - https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_lb_target_group
#   reads: [protocol]
#   weighs: [target_type]
#   only_keeps: [TR-1.c]
#   pedantic: [TR-1.c]
#   remedy: 'set protocol = "TLS" / Protocol: TLS'
target_group_encrypted contains finding.at(group, "protocol", sprintf("the targets are reached over %s", [group.values.protocol])) if {
	some group in resource.all("aws_lb_target_group")
	group.values.protocol in {"TCP", "UDP", "TCP_UDP"}
	value.differs(group, "target_type", "alb")
}

target_group_encrypted contains finding.inconclusive(group, "target_type", "it is unknown whether the target is a load balancer, which decides itself") if {
	some group in resource.all("aws_lb_target_group")
	group.values.protocol in {"TCP", "UDP", "TCP_UDP"}
	value.unsettled(group, "target_type")
}

# METADATA
# title: Health checks use HTTPS
# description: >-
#   A check over plain HTTP tells whoever listens where the targets are and how they fare.
# related_resources:
#   - https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_lb_target_group
#   reads: [health_check_protocol]
#   weighs: [protocol]
#   pedantic: [TR-1.c]
#   remedy: 'set health_check.protocol = "HTTPS" / HealthCheckProtocol: HTTPS'
health_check_encrypted contains finding.at(group, "health_check_protocol", "health checks use plain HTTP") if {
	some group in resource.all("aws_lb_target_group")
	group.values.health_check_protocol == "HTTP"
}

# Without a protocol of its own, a check of the targets of an application load balancer is over HTTP.
health_check_encrypted contains finding.at(group, "health_check_protocol", "health checks use plain HTTP unless told otherwise") if {
	some group in resource.all("aws_lb_target_group")
	value.none(group, "health_check_protocol")
	group.values.protocol in {"HTTP", "HTTPS"}
}

health_check_encrypted contains finding.inconclusive(group, "protocol", "it is unknown over which protocol health checks are") if {
	some group in resource.all("aws_lb_target_group")
	value.none(group, "health_check_protocol")
	value.unsettled(group, "protocol")
}
