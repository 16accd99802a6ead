# Functions: who may call them, what they carry, what they run on.
package demarc.lambda

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.secret
import data.demarc.lib.value

# METADATA
# title: Function URLs ask for authentication
# description: >-
#   A function URL with NONE is an open endpoint: anybody who finds the address may call the function.
# related_resources:
#   - https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_lambda_function_url
#   reads: [authorization_type]
#   aspects: [ID-13.a]
#   remedy: 'set authorization_type = "AWS_IAM" / AuthType: AWS_IAM'
url_auth contains finding.at(url, "authorization_type", "anybody may call this function's URL") if {
	some url in resource.all("aws_lambda_function_url")
	url.values.authorization_type == "NONE"
}

# METADATA
# title: Function environments hold no secrets
# description: >-
#   Environment variables are shown in the console, kept in the state file and handed to every library the
#   function loads.
# related_resources:
#   - https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_lambda_function
#   weighs: [environment, environment.variables]
#   aspects: [ID-7.b, OS-2.b]
#   only_breaks: [ID-7.b]
#   secret: true
#   remedy: fetch the secret from Secrets Manager with the function's role
environment_secrets contains finding.tagged(fn, concat(".", ["environment.variables", name]), message, name) if {
	some fn in resource.all("aws_lambda_function")
	some name, text in fn.values.environment.variables
	kinds := secret.in_variable(name, text)
	kinds != set()
	message := sprintf("the variable %s holds %s", [name, concat(" and ", kinds)])
}

# METADATA
# title: Not everybody may call a function
# description: >-
#   A permission for the principal * lets every AWS account call the function.
# related_resources:
#   - https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
# custom:
#   severity: critical
#   profile: default
#   subject: aws_lambda_permission
#   reads: [principal]
#   weighs: [principal_org_id, source_account, source_arn]
#   aspects: [ID-9.a]
#   remedy: name the account or service, or set source_account or principal_org_id
public_permission contains finding.at(permission, "principal", "every AWS account may call this function") if {
	some permission in resource.all("aws_lambda_permission")
	permission.values.principal == "*"
	value.none(permission, "principal_org_id")
	value.none(permission, "source_account")
	value.none(permission, "source_arn")
}

public_permission contains finding.inconclusive(permission, undecided, "it is unknown whether every AWS account may call this function") if {
	some permission in resource.all("aws_lambda_permission")
	permission.values.principal == "*"
	resource.may_lack(permission, "principal_org_id")
	resource.may_lack(permission, "source_account")
	resource.may_lack(permission, "source_arn")
	some undecided in ["principal_org_id", "source_account", "source_arn"]
	value.unsettled(permission, undecided)
}

# METADATA
# title: Services may call a function for their owner only
# description: >-
#   A permission for a service without source_arn or source_account lets that service call the function on
#   behalf of any customer of AWS.
# related_resources:
#   - https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_lambda_permission
#   when: [principal]
#   weighs: [source_arn, source_account, event_source_token, principal_org_id]
#   aspects: [ID-8.e]
#   remedy: set source_arn to the resource that calls, or source_account to its account
permission_source contains finding.at(permission, "principal", message) if {
	some permission in resource.all("aws_lambda_permission")
	value.none(permission, "source_arn")
	value.none(permission, "source_account")
	value.none(permission, "event_source_token")
	value.none(permission, "principal_org_id")
	message := sprintf("%s may call this function for any account", [permission.values.principal])
}

# The name of a bucket that is deleted is free for everybody.
# https://docs.aws.amazon.com/lambda/latest/dg/with-s3.html
permission_source contains finding.at(permission, "source_arn", "the ARN of a bucket names no account: whoever owns the bucket may call this function") if {
	some permission in resource.all("aws_lambda_permission")
	value.matches(permission, "principal", `^s3\.amazonaws\.com`)
	value.matches(permission, "source_arn", `^arn:[^:]*:s3:::`)
	value.none(permission, "source_account")
	value.none(permission, "principal_org_id")
}

permission_source contains finding.inconclusive(permission, undecided, "it is unknown for whom the service may call this function") if {
	some permission in resource.all("aws_lambda_permission")
	resource.may_lack(permission, "source_arn")
	resource.may_lack(permission, "source_account")
	resource.may_lack(permission, "event_source_token")
	resource.may_lack(permission, "principal_org_id")
	some undecided in ["source_arn", "source_account", "event_source_token", "principal_org_id"]
	value.unsettled(permission, undecided)
}

permission_source_applies contains permission.id if {
	some permission in resource.all("aws_lambda_permission")
	value.matches(permission, "principal", `\.amazonaws\.com(\.cn)?$`)
}

# METADATA
# title: Functions run on a supported runtime
# description: >-
#   A runtime past its date gets no security patches.
# related_resources:
#   - https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_lambda_function
#   reads: [runtime]
#   aspects: [OS-3.f]
#   remedy: move to a runtime that AWS supports
deprecated_runtime contains finding.at(fn, "runtime", message) if {
	some fn in resource.all("aws_lambda_function")
	value.matches(fn, "runtime", deprecated)
	message := sprintf("AWS no longer patches %s", [fn.values.runtime])
}

# As of November 2026: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
deprecated := `^(nodejs([0-9]\.x|[0-9]\.[0-9]+|1[0-9]\.x|20\.x|4\.3-edge)?|python(2\.7|3\.[6-9]|3\.10)|ruby(2\.[57]|3\.2)|java8|go1\.x|provided(\.al2)?|dotnetcore[1-3]\.[01]|dotnet[5-9](\.0)?)$`

# METADATA
# title: Permissions name what they allow on a function
# description: >-
#   lambda:* lets whom it is given to change the code of the function, not only call it.
# related_resources:
#   - https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_lambda_permission
#   reads: [action]
#   aspects: [ID-3.d]
#   remedy: 'set action = "lambda:InvokeFunction" / Action: lambda:InvokeFunction'
permission_wildcard_action contains finding.at(permission, "action", "the permission allows everything on the function") if {
	some permission in resource.all("aws_lambda_permission")
	value.matches(permission, "action", `(?i)^(lambda:)?\*$`)
}

# METADATA
# title: Permissions for S3 name the account of the bucket
# description: >-
#   The ARN of a bucket holds no account. Who takes the name after the bucket is deleted may call the function.
# related_resources:
#   - https://docs.aws.amazon.com/lambda/latest/dg/with-s3.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_lambda_permission
#   when: [principal]
#   presence: [source_account, source_arn]
#   aspects: [ID-8.e]
#   remedy: set source_account / SourceAccount beside the ARN
permission_s3_account contains finding.at(permission, "source_account", "whoever has a bucket of this name may call the function") if {
	some permission in resource.all("aws_lambda_permission")
	value.none(permission, "source_account")
	resource.set(permission, "source_arn")
}

permission_s3_account_applies contains permission.id if {
	some permission in resource.all("aws_lambda_permission")
	value.matches(permission, "principal", `^s3\.amazonaws\.com(\.cn)?$`)
}

# METADATA
# title: Layers are shared with named accounts
# description: >-
#   A layer that every account may read gives away the code and whatever was packed with it.
# related_resources:
#   - https://docs.aws.amazon.com/lambda/latest/dg/permissions-layer-cross-account.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_lambda_layer_version_permission
#   reads: [principal]
#   presence: [organization_id]
#   aspects: [ID-9.a]
#   remedy: name the account, or set organization_id / OrganizationId
layer_public contains finding.at(permission, "principal", "every AWS account may read the layer") if {
	some permission in resource.all("aws_lambda_layer_version_permission")
	value.is(permission, "principal", "*")
	value.none(permission, "organization_id")
}

# METADATA
# title: Function URLs name the web sites that may call them
# description: >-
#   With * for sites and for methods any web site that a user visits may do anything here from that user's
#   browser.
# related_resources:
#   - https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_lambda_function_url
#   reads: [cors.allow_origins, cors.allow_methods]
#   aspects: [ID-13.c]
#   remedy: name the sites in allow_origins / AllowOrigins
url_cors contains finding.at(url, "cors.allow_origins", "any web site may call this with any method") if {
	some url in resource.all("aws_lambda_function_url")
	value.has(url, "cors.allow_origins", "*")
	value.has(url, "cors.allow_methods", "*")
}

# METADATA
# title: Functions trace their calls
# description: >-
#   A trace shows where a call spent its time and where it failed. PassThrough only goes on with one that
#   somebody else began.
# related_resources:
#   - https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_lambda_function
#   reads: [tracing_config.mode]
#   pedantic: [OS-6.d, DT-10.a]
#   only_keeps: [OS-6.d]
#   remedy: 'set tracing_config { mode = "Active" } / TracingConfig: {Mode: Active}'
xray_tracing contains finding.at(fn, "tracing_config.mode", "calls are not traced") if {
	some fn in resource.all("aws_lambda_function")
	value.is(fn, "tracing_config.mode", "PassThrough")
}

# METADATA
# title: Functions keep the calls that failed
# description: >-
#   An asynchronous call that fails three times is dropped, unless the function names a queue or a topic for it.
# related_resources:
#   - https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_lambda_function
#   presence: [dead_letter_target]
#   pedantic: [OS-6.d]
#   only_keeps: [OS-6.d]
#   remedy: 'set dead_letter_config { target_arn } / DeadLetterConfig'
dead_letter_queue contains finding.at(fn, "dead_letter_target", "calls that fail are dropped") if {
	some fn in resource.all("aws_lambda_function")
	value.none(fn, "dead_letter_target")
}

# METADATA
# title: Functions in a VPC use several subnets
# description: >-
#   In one subnet a function stands in one zone, and stops with it.
# related_resources:
#   - https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_lambda_function
#   reads: [subnet_ids]
#   pedantic: [RS-2.a]
#   remedy: name subnets of two zones or more in vpc_config / VpcConfig
multi_zone contains finding.at(fn, "subnet_ids", "the function stands in one subnet") if {
	some fn in resource.all("aws_lambda_function")
	value.alone(fn, "subnet_ids")
}
