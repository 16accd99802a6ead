# What stages log.
package demarc.apigateway

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: Stages keep an access log
# description: >-
#   Without an access log nobody can say who called what, when an intruder did, or what failed.
# related_resources:
#   - https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
# custom:
#   severity: medium
#   profile: default
#   subject: [aws_api_gateway_stage, aws_apigatewayv2_stage]
#   presence: [access_log_settings.destination_arn]
#   aspects: [DT-7.a]
#   remedy: set access_log_settings with the ARN of a log group / AccessLogSetting, AccessLogSettings
access_logging contains finding.at(stage, "access_log_settings.destination_arn", "the stage keeps no access log") if {
	some type in stages
	some stage in resource.all(type)
	value.none(stage, "access_log_settings.destination_arn")
}

# METADATA
# title: Stages that deployments make keep an access log
# description: >-
#   A deployment that names a stage makes one. In Terraform such a stage cannot have an access log; in
#   CloudFormation it has one if StageDescription says so.
# related_resources:
#   - https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_api_gateway_deployment
#   presence: [stage_name, access_log_destination]
#   aspects: [DT-7.a]
#   only_breaks: [DT-7.a]
#   remedy: make the stage a resource of its own, with an access log
deployment_access_logging contains finding.at(deployment, "stage_name", "the stage that this deployment makes keeps no access log") if {
	some deployment in resource.all("aws_api_gateway_deployment")
	value.none(deployment, "access_log_destination")
}

deployment_access_logging_applies contains deployment.id if {
	some deployment in resource.all("aws_api_gateway_deployment")
	resource.set(deployment, "stage_name")
}

# METADATA
# title: Access logs say who called what, when, and with which result
# description: >-
#   A log without one of them does not answer the questions that it is kept for.
# related_resources:
#   - https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
# custom:
#   severity: medium
#   profile: default
#   subject: [aws_api_gateway_stage, aws_apigatewayv2_stage]
#   reads: [access_log_settings.format]
#   aspects: [DT-14.d]
#   remedy: add the variable to the format, such as $context.identity.sourceIp, $context.requestTime, $context.httpMethod, $context.status
access_log_fields contains finding.tagged(stage, "access_log_settings.format", message, answer) if {
	some type in stages
	some stage in resource.all(type)
	resource.set(stage, "access_log_settings.format")
	some answer, variables in answers
	value.differs_from(stage, "access_log_settings.format", variables)
	message := sprintf("the access log does not say %s", [answer])
}

answers := {
	"who called": `\$context\.(identity|authorizer)\.`,
	"when": `\$context\.requestTime`,
	"what was called": `\$context\.(httpMethod|routeKey|eventType|resourcePath|path|resourceId)`,
	"with which result": `\$context\.(status|integrationStatus|integration\.status|error)`,
}

# METADATA
# title: REST stages log what their methods do
# description: >-
#   The execution log says why a call failed: which authoriser refused, what the backend answered.
# related_resources:
#   - https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_api_gateway_stage
#   reads: [method_settings]
#   pedantic: [DT-7.a]
#   remedy: 'set logging_level = "ERROR" in aws_api_gateway_method_settings / MethodSettings.LoggingLevel'
execution_logging contains finding.at(stage, "method_settings", "the stage does not log what its methods do") if {
	some stage in resource.all("aws_api_gateway_stage")
	value.lacks_block(stage, "method_settings", {"logging_level": "ERROR"})
	value.lacks_block(stage, "method_settings", {"logging_level": "INFO"})
}

# METADATA
# title: Stages do not log whole requests and responses
# description: >-
#   With data tracing the execution log holds bodies and headers of every call, tokens and personal data
#   included, for all who may read logs.
# related_resources:
#   - https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
# custom:
#   severity: medium
#   profile: default
#   subject: [aws_api_gateway_stage, aws_apigatewayv2_stage]
#   reads: [method_settings.data_trace_enabled, default_route_settings.data_trace_enabled]
#   aspects: [OS-2.b]
#   remedy: 'set data_trace_enabled = false / DataTraceEnabled: false'
no_data_trace contains finding.at(stage, value.path(settings, "data_trace_enabled"), "whole requests and responses are logged") if {
	some stage in resource.all("aws_api_gateway_stage")
	some settings in stage.values.method_settings
	settings.data_trace_enabled == true
}

no_data_trace contains finding.at(stage, "default_route_settings.data_trace_enabled", "whole messages are logged") if {
	some stage in resource.all("aws_apigatewayv2_stage")
	value.is(stage, "default_route_settings.data_trace_enabled", true)
}

# METADATA
# title: REST stages trace requests
# description: >-
#   A trace shows where a request spent its time and where it failed, across the services behind the API.
# related_resources:
#   - https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-xray.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_api_gateway_stage
#   reads: [xray_tracing_enabled]
#   pedantic: [DT-10.a]
#   remedy: 'set xray_tracing_enabled = true / TracingEnabled: true'
xray_tracing contains finding.at(stage, "xray_tracing_enabled", "requests are not traced") if {
	some stage in resource.all("aws_api_gateway_stage")
	value.is(stage, "xray_tracing_enabled", false)
}
