# APIs of all kinds: who may call them, what they log, how they speak.
package demarc.apigateway

import data.demarc.lib.audience
import data.demarc.lib.document
import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

apis := ["aws_api_gateway_rest_api", "aws_apigatewayv2_api"]

stages := ["aws_api_gateway_stage", "aws_apigatewayv2_stage"]

# methods are those of an OpenAPI description that ask for something. Browsers ask OPTIONS without credentials.
# https://spec.openapis.org/oas/v3.0.3#path-item-object
methods := {"get", "put", "post", "delete", "head", "patch", "x-amazon-apigateway-any-method"}

# operations are those of all APIs.
operations contains {"type": type, "api": api, "item": item, "method": method} if {
	some type in apis
	some api in resource.all(type)
	some item in api.values.paths
	some method, _ in item
	method in methods
}

# unsecured: the description asks callers for nothing.
unsecured(api, item, method) if {
	value.none(api, "body.security")
	value.lacks_entry(item, method, "x-amazon-apigateway-auth")
	asks_nothing(item, method)
}

asks_nothing(item, method) if value.lacks_entry(item, method, "security")

asks_nothing(item, method) if item[method].security == []

# open_operations are what is to be said of the operations of APIs, by type.
open_operations[o.type] contains finding.tagged(o.api, value.path(o.item, o.method), message, tag) if {
	some o in operations
	unsecured(o.api, o.item, o.method)
	tag := sprintf("%s %s", [verb(o.method), o.item.path])
	message := sprintf("anybody may call %s", [tag])
}

open_operations[o.type] contains finding.inconclusive(o.api, value.path(o.item, o.method), "it is unknown who may call this") if {
	some o in operations
	some member in ["security", "x-amazon-apigateway-auth"]
	value.entry_unknown(o.item, o.method, member)
}

open_operations[type] contains finding.inconclusive(api, "paths", "it is unknown what the API offers, and to whom") if {
	some type in apis
	some api in resource.all(type)
	value.hidden(api, "paths")
}

described(api) if some _ in api.values.paths

described(api) if value.hidden(api, "paths")

known_api(method) if value.settled(method, "rest_api_id")

known_api(method) if resource.linked(method, "rest_api_id")

verb(method) := {"x-amazon-apigateway-any-method": "any method of"}[method]

verb(method) := upper(method) if method in {"get", "put", "post", "delete", "head", "patch"}

# METADATA
# title: Methods of REST APIs ask who calls
# description: >-
#   A method without an authoriser, IAM or at least an API key answers everybody on the internet who finds its
#   address.
# related_resources:
#   - https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html
# custom:
#   severity: medium
#   profile: default
#   subject: [aws_api_gateway_method, aws_api_gateway_rest_api]
#   when: [endpoint_types]
#   reads: [authorization, api_key_required, http_method]
#   presence: [rest_api_id]
#   weighs: [paths]
#   aspects: [ID-13.a]
#   remedy: set authorization / AuthorizationType to AWS_IAM, CUSTOM or COGNITO_USER_POOLS; in OpenAPI, security
method_authorization contains finding.at(method, "authorization", message) if {
	some method in resource.all("aws_api_gateway_method")
	value.is(method, "authorization", "NONE")
	value.is(method, "api_key_required", false)
	value.differs(method, "http_method", "OPTIONS")
	known_api(method)
	resource.targets_lack(method, "rest_api_id", "aws_api_gateway_rest_api", "endpoint_types", ["PRIVATE"])
	message := sprintf("anybody may call %s here", [method.values.http_method])
}

method_authorization contains finding.inconclusive(method, "rest_api_id", "it is unknown whether the API is private") if {
	some method in resource.all("aws_api_gateway_method")
	value.is(method, "authorization", "NONE")
	value.is(method, "api_key_required", false)
	value.differs(method, "http_method", "OPTIONS")
	some api in resource.targets(method, "rest_api_id", "aws_api_gateway_rest_api")
	value.unsettled(api, "endpoint_types")
}

method_authorization contains f if {
	some f in open_operations.aws_api_gateway_rest_api
}

method_authorization_applies contains method.id if {
	some method in resource.all("aws_api_gateway_method")
}

method_authorization_applies contains api.id if {
	some api in resource.all("aws_api_gateway_rest_api")
	described(api)
	value.differs(api, "endpoint_types", ["PRIVATE"])
}

# METADATA
# title: Routes of HTTP and WebSocket APIs ask who calls
# description: >-
#   A route without an authoriser or IAM answers everybody on the internet who finds its address.
# related_resources:
#   - https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html
# custom:
#   severity: high
#   profile: default
#   subject: [aws_apigatewayv2_route, aws_apigatewayv2_api]
#   when: [route_key]
#   reads: [authorization_type]
#   weighs: [paths]
#   aspects: [ID-13.a]
#   remedy: set authorization_type / AuthorizationType to JWT, AWS_IAM or CUSTOM; in OpenAPI, security
route_authorization contains finding.at(route, "authorization_type", message) if {
	some route in resource.all("aws_apigatewayv2_route")
	value.is(route, "authorization_type", "NONE")
	asked(route)
	message := sprintf("anybody may call the route %s", [route.values.route_key])
}

route_authorization contains finding.inconclusive(route, "api_id", "it is unknown whether the API speaks HTTP") if {
	some route in resource.all("aws_apigatewayv2_route")
	value.is(route, "authorization_type", "NONE")
	may_speak_http(route)
}

route_authorization contains f if {
	some f in open_operations.aws_apigatewayv2_api
}

# Of a WebSocket only the connection is authorised.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-control-access.html
asked(route) if value.matches(route, "route_key", `^(\$connect$|(ANY|GET|PUT|POST|DELETE|PATCH|HEAD) )`)

asked(route) if {
	value.is(route, "route_key", "$default")
	some api in resource.targets(route, "api_id", "aws_apigatewayv2_api")
	value.is(api, "protocol_type", "HTTP")
}

may_speak_http(route) if {
	value.is(route, "route_key", "$default")
	some api in resource.targets(route, "api_id", "aws_apigatewayv2_api")
	value.unsettled(api, "protocol_type")
}

may_speak_http(route) if {
	value.is(route, "route_key", "$default")
	value.unsettled(route, "api_id")
	resource.may_lack(route, "api_id")
}

route_authorization_applies contains route.id if {
	some route in resource.all("aws_apigatewayv2_route")
	asked(route)
}

route_authorization_applies contains route.id if {
	some route in resource.all("aws_apigatewayv2_route")
	may_speak_http(route)
}

route_authorization_applies contains api.id if {
	some api in resource.all("aws_apigatewayv2_api")
	described(api)
}

# METADATA
# title: Resource policies of APIs name who may call
# description: >-
#   A statement that lets anyone call lets every account of AWS past the check of IAM, and every VPC in front of
#   a private API.
# related_resources:
#   - https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_api_gateway_rest_api
#   weighs: [policy]
#   aspects: [ID-9.a, ID-13.a]
#   remedy: name the principals, or deny what does not come from your VPC endpoints or addresses
resource_policy_public contains f if {
	some api in document.carriers("aws_api_gateway_rest_api", "policy")
	some f in audience.public_findings(api, "policy", "the resource policy")
}

# METADATA
# title: REST APIs are private endpoints
# description: >-
#   Without a type an API has an address on the internet. One for your own networks alone is PRIVATE, and
#   reached through VPC endpoints.
# related_resources:
#   - https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_api_gateway_rest_api
#   reads: [endpoint_types]
#   pedantic: [NW-14.a]
#   only_keeps: [NW-14.a]
#   remedy: 'set endpoint_configuration { types = ["PRIVATE"] } / EndpointConfiguration.Types'
private_endpoint contains finding.at(api, "endpoint_types", message) if {
	some api in resource.all("aws_api_gateway_rest_api")
	some type in api.values.endpoint_types
	type in {"EDGE", "REGIONAL"}
	message := sprintf("the API has a public endpoint (%s)", [type])
}

# METADATA
# title: HTTP APIs name the web sites that may call them
# description: >-
#   With * any web site that a user visits may call the API from that user's browser.
# related_resources:
#   - https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_apigatewayv2_api
#   reads: [cors_configuration.allow_origins]
#   pedantic: [ID-13.c]
#   remedy: name the sites in allow_origins / AllowOrigins
cors_any_origin contains finding.at(api, "cors_configuration.allow_origins", message) if {
	some api in resource.all("aws_apigatewayv2_api")
	some origin in api.values.cors_configuration.allow_origins
	origin in {"*", "http://*", "https://*"}
	message := sprintf("any web site may call the API (%s)", [origin])
}
