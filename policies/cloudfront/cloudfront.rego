# The content delivery network.
package demarc.cloudfront

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

distributions := resource.all("aws_cloudfront_distribution")

# Whatever is switched off serves nobody.
serving contains distribution.id if {
	some distribution in distributions
	value.differs(distribution, "enabled", false)
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
	distribution.id in serving
	value.none(distribution, "logging_config.bucket")
	resource.without(distribution, "aws_cloudwatch_log_delivery_source", "resource_arn")
}

# A source alone delivers nothing. A delivery may name it by a text.
access_logging contains finding.at(distribution, "logging_config.bucket", "the distribution's log source has no delivery") if {
	some distribution in distributions
	distribution.id in serving
	value.none(distribution, "logging_config.bucket")
	some log in resource.referrers(distribution, "aws_cloudwatch_log_delivery_source", "resource_arn")
	resource.alone(log, "aws_cloudwatch_log_delivery")
	resource.without(log, "aws_cloudwatch_log_delivery", "delivery_source_name")
}

access_logging_applies contains id if some id in serving

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
	distribution.id in serving
	value.none(distribution, "web_acl_id")
}

waf_applies contains id if some id in serving

# METADATA
# title: Distributions are switched on
# description: >-
#   A distribution that is switched off protects and serves nobody, and is seldom looked after.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/distribution-web-values-specify.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_cloudfront_distribution
#   reads: [enabled]
#   pedantic: [NW-11.b]
#   remedy: 'set enabled = true / Enabled: true, or remove the distribution'
enabled contains finding.at(r, "enabled", "the distribution is switched off") if {
	some r in resource.all("aws_cloudfront_distribution")
	value.is(r, "enabled", false)
}
