# The content delivery network.
package demarc.cloudfront

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

distributions := resource.all("aws_cloudfront_distribution")

# Whatever is switched off serves nobody.
enabled contains distribution.id if {
	some distribution in distributions
	value.differs(distribution, "enabled", false)
}

# METADATA
# title: Viewers reach a distribution over HTTPS
# description: >-
#   With allow-all the distribution serves plain HTTP to whoever asks for it.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-https-viewers-to-cloudfront.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_cloudfront_distribution
#   reads: [default_cache_behavior.viewer_protocol_policy, ordered_cache_behavior.viewer_protocol_policy]
#   aspects: [TR-1.a]
#   remedy: 'set viewer_protocol_policy = "redirect-to-https" / ViewerProtocolPolicy: redirect-to-https'
viewer_https contains finding.at(distribution, "default_cache_behavior.viewer_protocol_policy", "viewers may use plain HTTP") if {
	some distribution in distributions
	distribution.values.default_cache_behavior.viewer_protocol_policy == "allow-all"
}

viewer_https contains finding.tagged(distribution, value.path(behavior, "viewer_protocol_policy"), "viewers may use plain HTTP", behavior.path_pattern) if {
	some distribution in distributions
	some behavior in distribution.values.ordered_cache_behavior
	behavior.viewer_protocol_policy == "allow-all"
}

# METADATA
# title: Distributions refuse TLS 1.0 and 1.1
# description: >-
#   A distribution with CloudFront's own certificate, or without a minimum version, admits TLS 1.0.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_cloudfront_distribution
#   when: [enabled]
#   reads: [viewer_certificate.minimum_protocol_version, viewer_certificate.cloudfront_default_certificate]
#   aspects: [TR-2.a]
#   remedy: use a certificate of your own and set minimum_protocol_version = "TLSv1.2_2021"
minimum_tls contains finding.at(distribution, path, message) if {
	some distribution in distributions
	distribution.id in enabled
	path := "viewer_certificate.minimum_protocol_version"
	value.differs(distribution, "viewer_certificate.cloudfront_default_certificate", true)
	value.get(distribution, path) in {"SSLv3", "TLSv1", "TLSv1_2016", "TLSv1.1_2016"}
	message := "viewers may use TLS 1.0 or 1.1"
}

minimum_tls contains finding.at(distribution, "viewer_certificate.cloudfront_default_certificate", "CloudFront's own certificate admits TLS 1.0") if {
	some distribution in distributions
	distribution.id in enabled
	distribution.values.viewer_certificate.cloudfront_default_certificate == true
}

minimum_tls_applies contains id if some id in enabled

# METADATA
# title: Distributions use a certificate of the customer's own
# description: >-
#   Under CloudFront's own certificate the site has a name of CloudFront's, and its TLS version cannot be
#   chosen.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_cloudfront_distribution
#   presence: [viewer_certificate.acm_certificate_arn, viewer_certificate.iam_certificate_id]
#   aspects: [TR-8.b]
#   remedy: set viewer_certificate.acm_certificate_arn / AcmCertificateArn
custom_certificate contains finding.at(distribution, "viewer_certificate", "the distribution has no certificate of its own") if {
	some distribution in distributions
	value.none(distribution, "viewer_certificate.acm_certificate_arn")
	value.none(distribution, "viewer_certificate.iam_certificate_id")
}

# METADATA
# title: Distributions write access logs
# description: >-
#   Access logs say who asked for what. They are off unless switched on, here or as a CloudWatch delivery.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/AccessLogs.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_cloudfront_distribution
#   when: [enabled]
#   presence: [logging_config, logging_config.bucket]
#   companions: [aws_cloudwatch_log_delivery_source.resource_arn]
#   aspects: [DT-7.a]
#   remedy: 'add logging_config with a bucket / Logging.Bucket'
access_logging contains finding.at(distribution, "logging_config.bucket", "requests to the distribution are not logged") if {
	some distribution in distributions
	distribution.id in enabled
	value.none(distribution, "logging_config.bucket")
	resource.without(distribution, "aws_cloudwatch_log_delivery_source", "resource_arn")
}

# A source alone delivers nothing. A delivery may name it by a text.
access_logging contains finding.at(distribution, "logging_config.bucket", "the distribution's log source has no delivery") if {
	some distribution in distributions
	distribution.id in enabled
	value.none(distribution, "logging_config.bucket")
	some log in resource.referrers(distribution, "aws_cloudwatch_log_delivery_source", "resource_arn")
	resource.alone(log, "aws_cloudwatch_log_delivery")
	resource.without(log, "aws_cloudwatch_log_delivery", "delivery_source_name")
}

access_logging_applies contains id if some id in enabled

# METADATA
# title: CloudFront reaches its origins over HTTPS
# description: >-
#   What the viewer sends over TLS should not cross the internet in clear on its way to the origin.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-https-cloudfront-to-custom-origin.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_cloudfront_distribution
#   when: [enabled]
#   weighs: [origin]
#   aspects: [TR-1.b]
#   remedy: 'set origin_protocol_policy = "https-only" / OriginProtocolPolicy: https-only'
origin_https contains finding.tagged(distribution, value.path(origin, "custom_origin_config.origin_protocol_policy"), message, policy) if {
	some distribution in distributions
	distribution.id in enabled
	some origin in distribution.values.origin
	policy := origin.custom_origin_config.origin_protocol_policy
	policy in {"http-only", "match-viewer"}
	can_speak_tls(distribution, origin)
	message := "CloudFront may speak plain HTTP to this origin"
}

origin_https contains finding.inconclusive(distribution, value.path(origin, undecided), "it is unknown whether CloudFront reaches this origin over HTTPS") if {
	some distribution in distributions
	distribution.id in enabled
	some origin in distribution.values.origin
	some policy in ["http-only", "match-viewer"]
	value.may_be(origin, "custom_origin_config.origin_protocol_policy", policy)
	some undecided in ["custom_origin_config.origin_protocol_policy", "domain_name"]
	value.unsettled(origin, undecided)
}

origin_https contains finding.inconclusive(distribution, "origin", "it is unknown how CloudFront reaches its origins") if {
	some distribution in distributions
	distribution.id in enabled
	some unknown in distribution._unknown
	unknown in {"origin", "origin.*"}
}

origin_https_applies contains id if some id in enabled

# The website of a bucket cannot be asked over HTTPS.
can_speak_tls(_, origin) if value.differs_from(origin, "domain_name", `\.s3-website[.-]`)

can_speak_tls(distribution, origin) if {
	value.unsettled(origin, "domain_name")
	some type in ["aws_lb", "aws_elb"]
	some _ in resource.targets(distribution, "origin.domain_name", type)
}

# METADATA
# title: A web application firewall stands before a distribution
# description: >-
#   A web ACL stops known attacks and floods at the edge.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/distribution-web-awswaf.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_cloudfront_distribution
#   when: [enabled]
#   presence: [web_acl_id]
#   aspects: [NW-10.a]
#   remedy: set web_acl_id / WebACLId to the ARN of a web ACL
waf contains finding.at(distribution, "web_acl_id", "no web application firewall stands before the distribution") if {
	some distribution in distributions
	distribution.id in enabled
	value.none(distribution, "web_acl_id")
}

waf_applies contains id if some id in enabled
