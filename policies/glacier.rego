# Archives.
package demarc.glacier

import data.demarc.lib.audience
import data.demarc.lib.document

# METADATA
# title: Vault policies name who may use the vault
# description: >-
#   A statement that allows everybody opens the archive to all AWS accounts.
# related_resources:
#   - https://docs.aws.amazon.com/amazonglacier/latest/dev/vault-access-policy.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_glacier_vault
#   weighs: [access_policy]
#   aspects: [ID-9.a, DP-6.b]
#   remedy: name the principals, or add a condition on aws:PrincipalOrgID
policy_any_principal contains f if {
	some vault in document.carriers("aws_glacier_vault", "access_policy")
	some f in audience.public_findings(vault, "access_policy", "the vault policy")
}
