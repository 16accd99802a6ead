# How viewers reach a distribution.
package demarc.cloudfront

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

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
	distribution.id in serving
	path := "viewer_certificate.minimum_protocol_version"
	value.differs(distribution, "viewer_certificate.cloudfront_default_certificate", true)
	value.get(distribution, path) in {"SSLv3", "TLSv1", "TLSv1_2016", "TLSv1.1_2016"}
	message := "viewers may use TLS 1.0 or 1.1"
}

minimum_tls contains finding.at(distribution, "viewer_certificate.cloudfront_default_certificate", "CloudFront's own certificate admits TLS 1.0") if {
	some distribution in distributions
	distribution.id in serving
	distribution.values.viewer_certificate.cloudfront_default_certificate == true
}

minimum_tls_applies contains id if some id in serving

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
# title: Distributions use one of the newest TLS policies
# description: >-
#   The policies of 2018 and 2019 keep ciphers without forward secrecy for old viewers. Older ones are reported as
#   cloudfront/minimum-tls.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_cloudfront_distribution
#   reads: [viewer_certificate.minimum_protocol_version]
#   pedantic: [TR-2.a]
#   remedy: 'set minimum_protocol_version = "TLSv1.2_2021" / MinimumProtocolVersion: TLSv1.2_2021'
recommended_tls_policy contains finding.at(distribution, "viewer_certificate.minimum_protocol_version", "ciphers without forward secrecy are offered to viewers") if {
	some distribution in distributions
	value.matches(distribution, "viewer_certificate.minimum_protocol_version", `^TLSv1\.2_20(18|19)$`)
}

# METADATA
# title: Distributions serve HTTPS by server name
# description: >-
#   Dedicated addresses are for viewers from before 2010, and cost 600 dollars a month.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-https-dedicated-ip-or-sni.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_cloudfront_distribution
#   reads: [viewer_certificate.ssl_support_method]
#   pedantic: [TR-1.a]
#   remedy: 'set ssl_support_method = "sni-only" / SslSupportMethod: sni-only'
sni_only contains finding.at(distribution, "viewer_certificate.ssl_support_method", "the distribution has dedicated addresses for HTTPS") if {
	some distribution in distributions
	distribution.values.viewer_certificate.ssl_support_method in {"vip", "static-ip"}
}

# METADATA
# title: Signed URLs rely on key groups
# description: >-
#   Trusted signers use key pairs that only the root user can manage. Key groups are managed through IAM.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-trusted-signers.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_cloudfront_distribution
#   weighs: [default_cache_behavior.trusted_signers, ordered_cache_behavior.trusted_signers]
#   pedantic: [ID-13.a]
#   remedy: 'set trusted_key_groups / TrustedKeyGroups instead'
trusted_key_groups contains finding.at(distribution, "default_cache_behavior.trusted_signers", "signed URLs rely on key pairs of the root user") if {
	some distribution in distributions
	some _ in distribution.values.default_cache_behavior.trusted_signers
}

trusted_key_groups contains finding.tagged(distribution, value.path(behavior, "trusted_signers"), "signed URLs rely on key pairs of the root user", behavior.path_pattern) if {
	some distribution in distributions
	some behavior in distribution.values.ordered_cache_behavior
	some _ in behavior.trusted_signers
}

trusted_key_groups contains finding.inconclusive(distribution, path, "it is unknown whether signed URLs rely on key pairs of the root user") if {
	some distribution in distributions
	some path in ["default_cache_behavior.trusted_signers", "ordered_cache_behavior.trusted_signers"]
	value.unsettled(distribution, path)
}

# METADATA
# title: Distributions serve the countries that they are meant for
# description: >-
#   Where the customers are in few countries, the rest of the world only attacks. Whether that is so the business
#   knows.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/georestrictions.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_cloudfront_distribution
#   reads: [geo_restriction_type]
#   pedantic: [NW-11.b]
#   remedy: 'set restriction_type = "whitelist" with locations / RestrictionType: whitelist'
geo_restriction contains finding.at(r, "geo_restriction_type", "every country is served") if {
	some r in resource.all("aws_cloudfront_distribution")
	value.is(r, "geo_restriction_type", "none")
}

# METADATA
# title: Distributions name a default root object
# description: >-
#   A request for / is otherwise passed on, and a bucket that allows it lists its content.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DefaultRootObject.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_cloudfront_distribution
#   presence: [default_root_object]
#   pedantic: [DP-1.e]
#   remedy: 'set default_root_object = "index.html" / DefaultRootObject'
default_root_object contains finding.at(distribution, "default_root_object", "a request for / reaches the origin") if {
	some distribution in distributions
	value.none(distribution, "default_root_object")
}

# METADATA
# title: Response headers demand HTTPS for a year
# description: >-
#   With strict transport security a browser refuses plain HTTP, also where somebody on the way offers it.
# related_resources:
#   - https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_cloudfront_response_headers_policy
#   reads: [strict_transport_security.access_control_max_age_sec, strict_transport_security.include_subdomains]
#   pedantic: [TR-1.a]
#   remedy: 'set strict_transport_security with access_control_max_age_sec = 31536000 and include_subdomains = true'
hsts contains finding.at(policy, "strict_transport_security", "the headers do not demand HTTPS") if {
	some policy in resource.all("aws_cloudfront_response_headers_policy")
	value.none(policy, "strict_transport_security")
}

hsts contains finding.at(policy, "strict_transport_security.access_control_max_age_sec", "HTTPS is demanded for less than a year") if {
	some policy in resource.all("aws_cloudfront_response_headers_policy")
	value.below(policy, "strict_transport_security.access_control_max_age_sec", 31536000)
}

hsts contains finding.at(policy, "strict_transport_security.include_subdomains", "HTTPS is not demanded of subdomains") if {
	some policy in resource.all("aws_cloudfront_response_headers_policy")
	value.is(policy, "strict_transport_security.include_subdomains", false)
}
