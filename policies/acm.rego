# Certificates.
package demarc.acm

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Certificates have keys of 2048 bits or more
# description: >-
#   A key of 1024 bits can be broken, and no browser takes it.
# related_resources:
#   - https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_acm_certificate
#   reads: [key_algorithm]
#   aspects: [TR-8.b]
#   remedy: 'set key_algorithm = "RSA_2048" or "EC_prime256v1" / KeyAlgorithm'
cert_key_algorithm contains finding.at(certificate, "key_algorithm", "the key of the certificate has 1024 bits") if {
	some certificate in resource.all("aws_acm_certificate")
	value.is(certificate, "key_algorithm", "RSA_1024")
}

# METADATA
# title: Certificates are logged in public
# description: >-
#   The log of certificates shows whoever watches it that somebody had one made for your name. Browsers refuse
#   certificates that are not in it.
# related_resources:
#   - https://docs.aws.amazon.com/acm/latest/userguide/acm-concepts.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_acm_certificate
#   reads: [transparency]
#   pedantic: [TR-8.b]
#   remedy: remove the preference, or set it to ENABLED
cert_transparency_logging contains finding.at(certificate, "transparency", "the certificate is not in the public log") if {
	some certificate in resource.all("aws_acm_certificate")
	value.is(certificate, "transparency", "DISABLED")
}

# METADATA
# title: Certificates name the hosts that they serve
# description: >-
#   Whoever takes the key of one host with a wildcard certificate can pose as all of them.
# related_resources:
#   - https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_acm_certificate
#   reads: [domain_name, subject_alternative_names]
#   pedantic: [TR-8.b]
#   remedy: name each host in subject_alternative_names / SubjectAlternativeNames
cert_no_wildcard contains finding.tagged(certificate, "domain_name", message, certificate.values.domain_name) if {
	some certificate in resource.all("aws_acm_certificate")
	value.matches(certificate, "domain_name", `\*`)
	message := sprintf("the certificate serves every host of %s", [certificate.values.domain_name])
}

cert_no_wildcard contains finding.tagged(certificate, "subject_alternative_names", message, name) if {
	some certificate in resource.all("aws_acm_certificate")
	some name in certificate.values.subject_alternative_names
	contains(name, "*")
	message := sprintf("the certificate serves every host of %s", [name])
}
