# Domains of CloudSearch, the older search.
package demarc.cloudsearch

import data.demarc.lib.audience
import data.demarc.lib.document
import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: CloudSearch domains accept HTTPS only
# description: >-
#   A domain answers plain HTTP as well unless told to demand HTTPS; documents and queries then cross the
#   network in clear.
# related_resources:
#   - https://docs.aws.amazon.com/cloudsearch/latest/developerguide/configuring-domain-endpoint-options.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_cloudsearch_domain
#   reads: [endpoint_options.enforce_https]
#   aspects: [TR-1.a]
#   remedy: 'set endpoint_options { enforce_https = true }'
enforce_https contains finding.at(domain, "endpoint_options.enforce_https", "the domain accepts plain HTTP") if {
	some domain in resource.all("aws_cloudsearch_domain")
	domain.values.endpoint_options.enforce_https == false
}

# METADATA
# title: Access policies of CloudSearch domains name who may search
# description: >-
#   A policy that allows everybody, wherever they call from, opens search, upload or configuration to the
#   internet.
# related_resources:
#   - https://docs.aws.amazon.com/cloudsearch/latest/developerguide/configuring-access.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_cloudsearch_domain_service_access_policy
#   weighs: [access_policy]
#   aspects: [ID-9.a]
#   remedy: name the principals, or add a condition on aws:SourceIp
policy_any_principal contains f if {
	some policy in document.carriers("aws_cloudsearch_domain_service_access_policy", "access_policy")
	some f in audience.public_findings(policy, "access_policy", "the access policy")
}

# METADATA
# title: CloudSearch domains demand TLS 1.2
# description: >-
#   Unless told otherwise a domain accepts clients that speak TLS 1.0, which is broken.
# related_resources:
#   - https://docs.aws.amazon.com/cloudsearch/latest/developerguide/configuring-domain-endpoint-options.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_cloudsearch_domain
#   reads: [endpoint_options.tls_security_policy]
#   aspects: [TR-2.a]
#   remedy: 'set endpoint_options { tls_security_policy = "Policy-Min-TLS-1-2-2019-07" }'
tls_policy contains finding.at(domain, "endpoint_options.tls_security_policy", "the domain accepts TLS 1.0") if {
	some domain in resource.all("aws_cloudsearch_domain")
	value.differs_from(domain, "endpoint_options.tls_security_policy", `-TLS-1-[2-9]-`)
}
