# Secrets.
package demarc.secretsmanager

import data.demarc.lib.document

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
#   controls: [ID-9]
#   aliases: {kics: [fa00ce45-386d-4718-8392-fb485e1f3c5b]}
#   remedy: name the principals, or add a condition on aws:PrincipalOrgID
policy_open contains f if {
	some secret in document.carriers("aws_secretsmanager_secret", "policy")
	some f in document.public_findings(secret, "policy", "the secret's policy")
}
