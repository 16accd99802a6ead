# Secrets.
package demarc.secretsmanager

import data.demarc.lib.audience
import data.demarc.lib.document
import data.demarc.lib.finding
import data.demarc.lib.key
import data.demarc.lib.resource

# METADATA
# title: Secret policies name who may read the secret
# description: >-
#   A resource policy that allows everybody gives the secret to all AWS accounts.
# related_resources:
#   - https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_secretsmanager_secret
#   weighs: [policy]
#   aspects: [ID-9.a]
#   remedy: name the principals, or add a condition on aws:PrincipalOrgID
policy_open contains f if {
	some secret in document.carriers("aws_secretsmanager_secret", "policy")
	some f in audience.public_findings(secret, "policy", "the secret's policy")
}

# METADATA
# title: Secrets are encrypted with a KMS key of the customer's own
# description: >-
#   Secrets Manager encrypts every secret, by default with a key of AWS's that every principal of the
#   account may use through it. A key of your own has a policy of your own.
# related_resources:
#   - https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_secretsmanager_secret
#   weighs: [kms_key_id]
#   pedantic: [DP-10.b]
#   remedy: set kms_key_id / KmsKeyId to a key of your own
cmk contains f if {
	some secret in resource.all("aws_secretsmanager_secret")
	some f in key.foreign(secret, "kms_key_id", "the secret")
}

# METADATA
# title: Secrets are rotated
# description: >-
#   A secret that never changes serves whoever has once seen it for ever. What another service rotates
#   for you needs no rotation here.
# related_resources:
#   - https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_secretsmanager_secret
#   companions: [aws_secretsmanager_secret_rotation.secret_id]
#   aspects: [ID-14.b]
#   remedy: add an aws_secretsmanager_secret_rotation / AWS::SecretsManager::RotationSchedule for the secret
rotation_enabled contains finding.at(secret, "", "nothing rotates the secret") if {
	some secret in resource.all("aws_secretsmanager_secret")
	resource.without(secret, "aws_secretsmanager_secret_rotation", "secret_id")
}
