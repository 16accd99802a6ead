# How APIs speak to callers and to backends, and what they keep of it.
package demarc.apigateway

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Cached responses are encrypted
# description: >-
#   What a stage caches it keeps on disk, in clear unless told otherwise.
# related_resources:
#   - https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_api_gateway_stage
#   reads: [method_settings.caching_enabled, method_settings.cache_data_encrypted]
#   aspects: [DP-10.b]
#   remedy: 'set cache_data_encrypted = true / CacheDataEncrypted: true'
cache_encryption contains finding.at(stage, value.path(settings, "cache_data_encrypted"), "cached responses are kept in clear") if {
	some stage in resource.all("aws_api_gateway_stage")
	some settings in stage.values.method_settings
	settings.caching_enabled == true
	settings.cache_data_encrypted == false
}

# METADATA
# title: Methods answer from a cache
# description: >-
#   A cache spares the backend what it has answered before. It costs money by the hour, and suits what is read
#   more than written.
# related_resources:
#   - https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_api_gateway_stage
#   reads: [method_settings.caching_enabled]
#   pedantic: [NW-11.c]
#   remedy: 'set caching_enabled = true / CachingEnabled: true'
method_caching contains finding.at(stage, value.path(settings, "caching_enabled"), "responses are not cached") if {
	some stage in resource.all("aws_api_gateway_stage")
	some settings in stage.values.method_settings
	settings.caching_enabled == false
}

# METADATA
# title: REST stages have a cache
# description: >-
#   A cache spares the backend what it has answered before. It costs money by the hour.
# related_resources:
#   - https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_api_gateway_stage
#   reads: [cache_cluster_enabled]
#   pedantic: [NW-11.c]
#   remedy: 'set cache_cluster_enabled = true / CacheClusterEnabled: true'
cache_cluster contains finding.at(stage, "cache_cluster_enabled", "the stage has no cache") if {
	some stage in resource.all("aws_api_gateway_stage")
	value.is(stage, "cache_cluster_enabled", false)
}

# METADATA
# title: REST stages prove to their backend that they call
# description: >-
#   With a client certificate an HTTP backend can refuse calls that do not come through the API. It only helps a
#   backend that checks it.
# related_resources:
#   - https://docs.aws.amazon.com/apigateway/latest/developerguide/getting-started-client-side-ssl-authentication.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_api_gateway_stage
#   presence: [client_certificate_id]
#   pedantic: [ID-13.a, TR-1.c]
#   remedy: set client_certificate_id / ClientCertificateId
client_certificate contains finding.at(stage, "client_certificate_id", "the backend cannot tell that the API calls it") if {
	some stage in resource.all("aws_api_gateway_stage")
	value.none(stage, "client_certificate_id")
}

# METADATA
# title: Domain names of APIs refuse old versions of TLS
# description: >-
#   TLS 1.0 and 1.1 have known weaknesses, and no current client needs them.
# related_resources:
#   - https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_api_gateway_domain_name
#   reads: [security_policy]
#   aspects: [TR-2.a]
#   remedy: 'set security_policy = "TLS_1_2" / SecurityPolicy: TLS_1_2'
domain_tls_policy contains finding.at(domain, "security_policy", "the domain accepts TLS 1.0") if {
	some domain in resource.all("aws_api_gateway_domain_name")
	value.is(domain, "security_policy", "TLS_1_0")
}

# AWS documents no default.
domain_tls_policy contains finding.inconclusive(domain, "security_policy", "it is unknown which versions of TLS the domain accepts") if {
	some domain in resource.all("aws_api_gateway_domain_name")
	value.differs_from(domain, "security_policy", `^(TLS_1_[02]|SecurityPolicy_TLS1[23]_.*)$`)
}

# METADATA
# title: APIs call their backends over HTTPS
# description: >-
#   What callers send over TLS goes on to the backend in clear, with the tokens in it.
# related_resources:
#   - https://docs.aws.amazon.com/apigateway/latest/developerguide/setup-http-integrations.html
# custom:
#   severity: medium
#   profile: default
#   subject: [aws_api_gateway_integration, aws_api_gateway_method, aws_apigatewayv2_integration]
#   when: [type, integration.type, integration_type]
#   reads: [uri, connection_type, integration.uri, integration.connection_type, integration_uri]
#   aspects: [TR-1.b]
#   remedy: begin the URI with https://
integration_https contains f if {
	some place in integrations
	some r in resource.all(place.type)
	some f in in_clear(r, place.uri, place.way)
}

integrations := [
	{"type": "aws_api_gateway_integration", "kind": "type", "uri": "uri", "way": "connection_type"},
	{"type": "aws_api_gateway_method", "kind": "integration.type", "uri": "integration.uri", "way": "integration.connection_type"},
	{"type": "aws_apigatewayv2_integration", "kind": "integration_type", "uri": "integration_uri", "way": "connection_type"},
]

in_clear(r, uri, way) := {finding.at(r, uri, "requests go to the backend in clear") |
	value.matches(r, uri, `(?i)^http://`)
	value.settled(r, way)
}

integration_https_applies contains r.id if {
	some place in integrations
	some r in resource.all(place.type)
	value.matches(r, place.kind, `^HTTP(_PROXY)?$`)
	value.may_differ(r, place.way, "VPC_LINK")
}

# METADATA
# title: Private integrations speak TLS
# description: >-
#   Over a VPC link an HTTP API speaks TLS to its target only if it is told whose name the certificate bears.
# related_resources:
#   - https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-private.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_apigatewayv2_integration
#   when: [connection_type]
#   presence: [tls_config]
#   pedantic: [TR-1.c]
#   only_keeps: [TR-1.c]
#   remedy: 'set tls_config { server_name_to_verify } / TlsConfig.ServerNameToVerify'
private_integration_tls contains finding.at(integration, "tls_config", "the API speaks to its target without TLS") if {
	some integration in resource.all("aws_apigatewayv2_integration")
	value.none(integration, "tls_config")
}

private_integration_tls_applies contains integration.id if {
	some integration in resource.all("aws_apigatewayv2_integration")
	value.is(integration, "connection_type", "VPC_LINK")
}

# METADATA
# title: APIs check the certificates of their backends
# description: >-
#   Without the check anybody between the API and its backend may pose as the backend.
# related_resources:
#   - https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-extensions-to-swagger-tls-config.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_api_gateway_integration
#   reads: [tls_config.insecure_skip_verification]
#   aspects: [TR-8.a]
#   remedy: remove insecure_skip_verification
integration_tls_verified contains finding.at(integration, "tls_config.insecure_skip_verification", "the certificate of the backend is not checked") if {
	some integration in resource.all("aws_api_gateway_integration")
	value.is(integration, "tls_config.insecure_skip_verification", true)
}
