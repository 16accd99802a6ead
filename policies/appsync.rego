# APIs of GraphQL and their caches.
package demarc.appsync

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

apis := resource.all("aws_appsync_graphql_api")

# METADATA
# title: GraphQL APIs do not take a shared key for a caller
# description: >-
#   An API key is the same for all callers and is handed out with every application: who has it once may call,
#   and nobody knows who did.
# related_resources:
#   - https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_appsync_graphql_api
#   reads: [authentication_type, additional_authentication_provider.authentication_type]
#   pedantic: [ID-13.a]
#   remedy: set authentication_type / AuthenticationType to AWS_IAM, AMAZON_COGNITO_USER_POOLS, OPENID_CONNECT or AWS_LAMBDA
no_api_key_auth contains finding.at(api, "authentication_type", "whoever has the key may call") if {
	some api in apis
	value.is(api, "authentication_type", "API_KEY")
}

no_api_key_auth contains finding.at(api, value.path(provider, "authentication_type"), "whoever has the key may call") if {
	some api in apis
	some provider in api.values.additional_authentication_provider
	provider.authentication_type == "API_KEY"
}

# METADATA
# title: GraphQL APIs keep a log
# description: >-
#   Without a log nobody can say who asked for what, when an intruder did, or what failed.
# related_resources:
#   - https://docs.aws.amazon.com/appsync/latest/devguide/monitoring.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_appsync_graphql_api
#   presence: [log_config.cloudwatch_logs_role_arn]
#   aspects: [DT-7.a]
#   remedy: 'set log_config { cloudwatch_logs_role_arn, field_log_level } / LogConfig'
logging contains finding.at(api, "log_config.cloudwatch_logs_role_arn", "the API keeps no log") if {
	some api in resource.all("aws_appsync_graphql_api")
	value.none(api, "log_config.cloudwatch_logs_role_arn")
}

# METADATA
# title: GraphQL APIs log what resolvers fail at
# description: >-
#   Without a level the log holds requests, but not which field failed and why.
# related_resources:
#   - https://docs.aws.amazon.com/appsync/latest/devguide/monitoring.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_appsync_graphql_api
#   reads: [log_config.field_log_level]
#   pedantic: [DT-7.a]
#   remedy: 'set field_log_level = "ERROR" / FieldLogLevel: ERROR'
field_logging contains finding.at(api, "log_config.field_log_level", "the log does not say what resolvers fail at") if {
	some api in resource.all("aws_appsync_graphql_api")
	value.is(api, "log_config.field_log_level", "NONE")
}

# METADATA
# title: GraphQL APIs trace requests
# description: >-
#   A trace shows where a request spent its time and where it failed.
# related_resources:
#   - https://docs.aws.amazon.com/appsync/latest/devguide/x-ray-tracing.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_appsync_graphql_api
#   reads: [xray_enabled]
#   pedantic: [DT-10.a]
#   remedy: 'set xray_enabled = true / XrayEnabled: true'
xray_tracing contains finding.at(api, "xray_enabled", "requests are not traced") if {
	some api in resource.all("aws_appsync_graphql_api")
	value.is(api, "xray_enabled", false)
}

# METADATA
# title: Caches of GraphQL APIs are encrypted at rest
# description: >-
#   A cache keeps answers on disk in clear unless it asks for more.
# related_resources:
#   - https://docs.aws.amazon.com/appsync/latest/devguide/enabling-caching.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_appsync_api_cache
#   reads: [at_rest_encryption_enabled]
#   aspects: [DP-10.b]
#   remedy: 'set at_rest_encryption_enabled = true / AtRestEncryptionEnabled: true'
cache_encryption_at_rest contains finding.at(cache, "at_rest_encryption_enabled", "the cache keeps answers in clear") if {
	some cache in resource.all("aws_appsync_api_cache")
	value.is(cache, "at_rest_encryption_enabled", false)
}

# METADATA
# title: Caches of GraphQL APIs are reached over TLS
# description: >-
#   Answers cross the network between the API and its cache in clear unless the cache asks for more.
# related_resources:
#   - https://docs.aws.amazon.com/appsync/latest/devguide/enabling-caching.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_appsync_api_cache
#   reads: [transit_encryption_enabled]
#   aspects: [TR-4.a]
#   remedy: 'set transit_encryption_enabled = true / TransitEncryptionEnabled: true'
cache_encryption_in_transit contains finding.at(cache, "transit_encryption_enabled", "the API speaks to its cache in clear") if {
	some cache in resource.all("aws_appsync_api_cache")
	value.is(cache, "transit_encryption_enabled", false)
}
