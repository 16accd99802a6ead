# Services of App Runner.
package demarc.apprunner

import data.demarc.lib.finding
import data.demarc.lib.key
import data.demarc.lib.resource
import data.demarc.lib.secret
import data.demarc.lib.value

# METADATA
# title: Environments of services hold no secrets
# description: >-
#   Variables of a service are shown in the console and kept in the state file. A secret belongs into Secrets
#   Manager; the service names it under its secrets.
# related_resources:
#   - https://docs.aws.amazon.com/apprunner/latest/dg/env-variable.html
# custom:
#   severity: critical
#   profile: default
#   subject: aws_apprunner_service
#   weighs: [image_variables.value]
#   aspects: [OS-2.b]
#   secret: true
#   remedy: name the secret in runtime_environment_secrets / RuntimeEnvironmentSecrets
plaintext_secrets contains finding.tagged(service, value.path(entry, "value"), message, entry.name) if {
	some service in resource.all("aws_apprunner_service")
	some entry in service.values.image_variables
	some kind in secret.in_variable(entry.name, entry.value)
	message := sprintf("the variable %s holds %s", [entry.name, kind])
}

# METADATA
# title: Services keep their images under a KMS key of the customer's own
# description: >-
#   App Runner keeps a copy of the image under a key of AWS's, which has no policy of yours.
# related_resources:
#   - https://docs.aws.amazon.com/apprunner/latest/dg/security-data-protection-encryption.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_apprunner_service
#   weighs: [kms_key]
#   pedantic: [DP-10.b]
#   remedy: 'set encryption_configuration { kms_key } / EncryptionConfiguration'
cmk contains f if {
	some service in resource.all("aws_apprunner_service")
	some f in key.foreign(service, "kms_key", "the copy of the image")
}
