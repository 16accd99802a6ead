# Webhooks of pipelines.
package demarc.codepipeline

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.secret
import data.demarc.lib.value

# METADATA
# title: Webhooks of pipelines ask who calls
# description: >-
#   Whoever finds the address of a webhook without authentication starts the pipeline.
# related_resources:
#   - https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-webhooks-create.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_codepipeline_webhook
#   reads: [authentication]
#   aspects: [ID-13.a]
#   remedy: 'set authentication = "GITHUB_HMAC" / Authentication: GITHUB_HMAC'
webhook_auth contains finding.at(webhook, "authentication", "anybody may start the pipeline") if {
	some webhook in resource.all("aws_codepipeline_webhook")
	value.is(webhook, "authentication", "UNAUTHENTICATED")
}

# METADATA
# title: Secrets of webhooks are not written in the source
# description: >-
#   Who can read the repository, the plan or the state can sign calls that start the pipeline.
# related_resources:
#   - https://docs.aws.amazon.com/codepipeline/latest/userguide/appendix-github-oauth.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_codepipeline_webhook
#   weighs: [secret_token]
#   aspects: [OS-2.b]
#   secret: true
#   remedy: take the token from Secrets Manager or from a variable
secret_literal contains f if {
	some r in resource.all("aws_codepipeline_webhook")
	some f in secret.written(r, ["secret_token"], "the secret of the webhook")
}
