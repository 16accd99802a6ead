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
