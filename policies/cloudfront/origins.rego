# How a distribution reaches its origins, and who else may.
package demarc.cloudfront

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

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
	distribution.id in serving
	some origin in distribution.values.origin
	policy := origin.custom_origin_config.origin_protocol_policy
	policy in {"http-only", "match-viewer"}
	can_speak_tls(distribution, origin)
	message := "CloudFront may speak plain HTTP to this origin"
}

origin_https contains finding.inconclusive(distribution, value.path(origin, undecided), "it is unknown whether CloudFront reaches this origin over HTTPS") if {
	some distribution in distributions
	distribution.id in serving
	some origin in distribution.values.origin
	some policy in ["http-only", "match-viewer"]
	value.may_be(origin, "custom_origin_config.origin_protocol_policy", policy)
	some undecided in ["custom_origin_config.origin_protocol_policy", "domain_name"]
	value.unsettled(origin, undecided)
}

origin_https contains finding.inconclusive(distribution, "origin", "it is unknown how CloudFront reaches its origins") if {
	some distribution in distributions
	distribution.id in serving
	some unknown in distribution._unknown
	unknown in {"origin", "origin.*"}
}

origin_https_applies contains id if some id in serving

# The website of a bucket cannot be asked over HTTPS.
can_speak_tls(_, origin) if value.differs_from(origin, "domain_name", `\.s3-website[.-]`)

can_speak_tls(distribution, origin) if {
	value.unsettled(origin, "domain_name")
	some type in ["aws_lb", "aws_elb"]
	some _ in resource.targets(distribution, "origin.domain_name", type)
}

# METADATA
# title: CloudFront offers no SSL 3 to its origins
# description: >-
#   SSL 3 is broken: what is sent over it can be read.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_cloudfront_distribution
#   reads: [origin.origin_ssl_protocols]
#   aspects: [TR-2.a]
#   remedy: 'set origin_ssl_protocols = ["TLSv1.2"] / OriginSSLProtocols: [TLSv1.2]'
origin_tls_protocols contains finding.tagged(distribution, value.path(origin, "origin_ssl_protocols"), "SSL 3 is offered to the origin", origin.origin_id) if {
	some distribution in distributions
	some origin in distribution.values.origin
	value.has(origin, "origin_ssl_protocols", "SSLv3")
}

# METADATA
# title: CloudFront speaks TLS 1.2 to its origins
# description: >-
#   TLS 1.0 and 1.1 were withdrawn in 2021. CloudFront takes the best that the origin offers.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_cloudfront_distribution
#   reads: [origin.origin_ssl_protocols]
#   pedantic: [TR-2.a]
#   remedy: 'set origin_ssl_protocols = ["TLSv1.2"] / OriginSSLProtocols: [TLSv1.2]'
origin_legacy_tls contains finding.tagged(distribution, value.path(origin, "origin_ssl_protocols"), sprintf("%s is offered to the origin", [version]), sprintf("%v %s", [origin.origin_id, version])) if {
	some distribution in distributions
	some origin in distribution.values.origin
	some version in ["TLSv1", "TLSv1.1"]
	value.has(origin, "origin_ssl_protocols", version)
}

# METADATA
# title: Buckets behind a distribution are read through an access control
# description: >-
#   Without an access control the bucket has to be open to all, and everybody can go past the distribution.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_cloudfront_distribution
#   weighs: [origin, origin.custom_origin_config, origin.vpc_origin_config, origin.origin_access_control_id, origin.origin_access_identity]
#   aspects: [DP-1.e]
#   remedy: 'set origin_access_control_id / OriginAccessControlId'
s3_origin_access contains finding.tagged(distribution, origin._at, "nothing lets CloudFront read a bucket that is closed to others", origin.origin_id) if {
	some [distribution, origin] in bucket_origins
	value.none(origin, "origin_access_control_id")
	value.none(origin, "origin_access_identity")
}

s3_origin_access contains finding.inconclusive(distribution, value.path(origin, attribute), "it is unknown whether CloudFront reads the bucket through an access control") if {
	some [distribution, origin] in bucket_origins
	some attribute in ["origin_access_control_id", "origin_access_identity"]
	value.unsettled(origin, attribute)
	resource.may_lack(distribution, concat(".", ["origin", attribute]))
}

s3_origin_access contains f if some f in unknown_origins

s3_origin_access_applies contains distribution.id if some [distribution, _] in bucket_origins

s3_origin_access_applies contains f.subject if some f in unknown_origins

# bucket_origins are origins with neither settings of a server nor a VPC.
bucket_origins contains [distribution, origin] if {
	some distribution in distributions
	some origin in distribution.values.origin
	value.none(origin, "custom_origin_config")
	value.none(origin, "vpc_origin_config")
}

unknown_origins contains finding.inconclusive(distribution, value.path(origin, attribute), "it is unknown what kind of origin this is") if {
	some distribution in distributions
	some origin in distribution.values.origin
	some attribute in ["custom_origin_config", "vpc_origin_config"]
	value.hidden(origin, attribute)
}

unknown_origins contains finding.inconclusive(distribution, "origin", "it is unknown which origins there are") if {
	some distribution in distributions
	value.hidden(distribution, "origin")
}

# METADATA
# title: Buckets behind a distribution are read through an origin access control
# description: >-
#   The older access identity knows neither KMS keys nor the newer regions. A bucket with neither is reported as
#   cloudfront/s3-origin-access.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_cloudfront_distribution
#   weighs: [origin, origin.custom_origin_config, origin.vpc_origin_config, origin.origin_access_control_id, origin.origin_access_identity]
#   pedantic: [DP-1.e]
#   remedy: 'set origin_access_control_id / OriginAccessControlId'
s3_origin_oac contains finding.tagged(distribution, value.path(origin, "origin_access_identity"), "the bucket is read through the older access identity", origin.origin_id) if {
	some [distribution, origin] in bucket_origins
	value.none(origin, "origin_access_control_id")
	value.outside(origin, "origin_access_identity", {""})
}

s3_origin_oac contains finding.tagged(distribution, value.path(origin, "origin_access_identity"), "the bucket is read through the older access identity", origin.origin_id) if {
	some [distribution, origin] in bucket_origins
	value.none(origin, "origin_access_control_id")
	value.unsettled(origin, "origin_access_identity")
	resource.linked(distribution, "origin.origin_access_identity")
}

s3_origin_oac contains finding.inconclusive(distribution, value.path(origin, "origin_access_control_id"), "it is unknown whether CloudFront reads the bucket through an origin access control") if {
	some [distribution, origin] in bucket_origins
	value.unsettled(origin, "origin_access_control_id")
	resource.may_lack(distribution, "origin.origin_access_control_id")
}

s3_origin_oac contains finding.inconclusive(distribution, value.path(origin, "origin_access_identity"), "it is unknown whether the bucket is read through the older access identity") if {
	some [distribution, origin] in bucket_origins
	value.none(origin, "origin_access_control_id")
	value.unsettled(origin, "origin_access_identity")
	resource.may_lack(distribution, "origin.origin_access_identity")
}

s3_origin_oac contains f if some f in unknown_origins

s3_origin_oac_applies contains distribution.id if some [distribution, _] in bucket_origins

s3_origin_oac_applies contains f.subject if some f in unknown_origins

# METADATA
# title: Function URLs behind a distribution are read through an access control
# description: >-
#   Without an access control the URL has to be open to all, and everybody can call the function past the
#   distribution.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-lambda.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_cloudfront_distribution
#   weighs: [origin, origin.domain_name, origin.origin_access_control_id]
#   aspects: [ID-13.a]
#   remedy: 'set origin_access_control_id, of type lambda / OriginAccessControlId'
lambda_url_origin_access contains finding.tagged(distribution, origin._at, "nothing lets CloudFront call a function that is closed to others", origin.origin_id) if {
	some [distribution, origin] in function_origins
	value.none(origin, "origin_access_control_id")
}

lambda_url_origin_access contains finding.inconclusive(distribution, value.path(origin, "origin_access_control_id"), "it is unknown whether CloudFront calls the function through an access control") if {
	some [distribution, origin] in function_origins
	value.unsettled(origin, "origin_access_control_id")
	resource.may_lack(distribution, "origin.origin_access_control_id")
}

lambda_url_origin_access contains finding.inconclusive(distribution, value.path(origin, "domain_name"), "it is unknown whether the origin is a function") if {
	some distribution in distributions
	resource.may_lack(distribution, "origin.domain_name")
	some origin in distribution.values.origin
	value.unsettled(origin, "domain_name")
	value.none(origin, "origin_access_control_id")
	value.differs(origin, "custom_origin_config", null)
}

lambda_url_origin_access contains f if some f in unlisted_origins

lambda_url_origin_access_applies contains distribution.id if some [distribution, _] in function_origins

lambda_url_origin_access_applies contains distribution.id if {
	some distribution in distributions
	value.unsettled(distribution, "origin.domain_name")
}

lambda_url_origin_access_applies contains f.subject if some f in unlisted_origins

unlisted_origins contains finding.inconclusive(distribution, "origin", "it is unknown which origins there are") if {
	some distribution in distributions
	value.hidden(distribution, "origin")
}

function_origins contains [distribution, origin] if {
	some distribution in distributions
	some origin in distribution.values.origin
	value.matches(origin, "domain_name", `\.lambda-url\.`)
}

# Of several origins it cannot be told which one a reference belongs to, but if all are to functions.
function_origins contains [distribution, origin] if {
	some distribution in distributions
	some origin in distribution.values.origin
	value.unsettled(origin, "domain_name")
	urls := {url.id | some url in resource.targets(distribution, "origin.domain_name", "aws_lambda_function_url")}
	urls != set()
	urls == {id | some id in distribution.links["origin.domain_name"]}
}

# METADATA
# title: Distributions fail over to a second origin
# description: >-
#   When the only origin is gone, so is the site.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_cloudfront_distribution
#   presence: [origin_group]
#   pedantic: [RS-2.a]
#   remedy: 'add an origin_group with two members / OriginGroups'
origin_failover contains finding.at(distribution, "origin_group", "no second origin takes over") if {
	some distribution in distributions
	value.none(distribution, "origin_group")
}
