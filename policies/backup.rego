# Backup vaults.
package demarc.backup

import data.demarc.lib.audience
import data.demarc.lib.document

# METADATA
# title: Backup vault policies name who may use the vault
# description: >-
#   A statement that allows everybody gives the backups, or the right to delete them, to all AWS
#   accounts.
# related_resources:
#   - https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_backup_vault
#   weighs: [policy]
#   aspects: [ID-9.a]
#   remedy: name the principals, or add a condition on aws:PrincipalOrgID
vault_policy_any_principal contains f if {
	some vault in document.carriers("aws_backup_vault", "policy")
	some f in audience.public_findings(vault, "policy", "the vault policy")
}
