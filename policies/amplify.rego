# Applications of Amplify.
package demarc.amplify

import data.demarc.lib.resource
import data.demarc.lib.secret

# METADATA
# title: Tokens of repositories are not written in the source
# description: >-
#   The token opens the repository, often more than one, to everyone who can read the source, the plan or the
#   state.
# related_resources:
#   - https://docs.aws.amazon.com/amplify/latest/userguide/setting-up-GitHub-access.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_amplify_app
#   weighs: [access_token, oauth_token]
#   aspects: [OS-2.b]
#   secret: true
#   remedy: take the token from Secrets Manager or from a variable
app_token_literal contains f if {
	some r in resource.all("aws_amplify_app")
	some f in secret.written(r, ["access_token", "oauth_token"], "the token of the repository")
}

# METADATA
# title: Passwords of applications are not written in the source
# description: >-
#   Who can read the source, the plan or the state signs in.
# related_resources:
#   - https://docs.aws.amazon.com/amplify/latest/userguide/access-control.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_amplify_app
#   weighs: [basic_auth_credentials]
#   aspects: [OS-2.b]
#   secret: true
#   remedy: take the password from Secrets Manager or from a variable
basic_auth_literal contains f if {
	some r in resource.all("aws_amplify_app")
	some f in secret.written(r, ["basic_auth_credentials"], "the password of the application")
}
