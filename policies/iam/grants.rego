# What identities are allowed to do.
package demarc.iam

import data.demarc.lib.document
import data.demarc.lib.finding
import data.demarc.lib.privilege
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: No policy grants every action
# description: >-
#   Action * on named resources still allows all that can be done with them: deleting them, giving them away,
#   changing who may use them.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege
# custom:
#   severity: medium
#   profile: default
#   subject: document:identity
#   reads: [statements.effect, statements.actions, statements.every_resource]
#   aspects: [ID-3.a]
#   remedy: 'list the actions the identity needs'
star_action contains finding.tagged(policy, value.path(statement, "actions"), message, document.label(statement)) if {
	some policy in document.all("identity")
	some statement in document.allows(policy)
	document.every_action(statement)
	statement.every_resource == false
	message := sprintf("%s allows every action on what it names", [document.label(statement)])
}

# METADATA
# title: No policy allows all resources but some
# description: >-
#   NotResource with Allow grants the actions on everything that it does not name, what will be made next
#   year included.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html
# custom:
#   severity: medium
#   profile: default
#   subject: document:identity
#   reads: [statements.effect, statements.not_resources]
#   aspects: [ID-3.a]
#   remedy: 'list the resources in Resource; NotResource belongs to Deny'
allow_not_resource contains finding.tagged(policy, value.path(statement, "not_resources"), message, document.label(statement)) if {
	some policy in document.all("identity")
	some statement in document.allows(policy)
	statement.not_resources != []
	message := sprintf("%s allows its actions on every resource but those it names", [document.label(statement)])
}

# METADATA
# title: No policy grants all of IAM
# description: >-
#   Whoever may do everything in IAM may give himself everything else.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege
# custom:
#   severity: high
#   profile: default
#   subject: document:identity
#   weighs: [statements]
#   aspects: [ID-3.a, ID-3.c]
#   only_breaks: [ID-3.c]
#   remedy: 'list the actions the identity needs, and the users, roles or policies it may change'
full_iam_access contains f if {
	some policy in document.all("identity")
	some f in privilege.findings(policy, "identity", "allows every action of IAM")
}

# METADATA
# title: No policy opens a way to more rights
# description: >-
#   Some actions, alone or one after another, let their holder take rights that nobody gave it: write a
#   policy on itself, make a key of a stronger user, run code with a stronger role.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
# custom:
#   severity: high
#   profile: default
#   subject: [document:identity, aws_iam_role, aws_iam_user, aws_iam_group]
#   weighs: [statements, inline_policy, policy_attachment, managed_policy_arns]
#   aspects: [ID-3.e]
#   remedy: 'name the roles, users or policies in Resource, or demand a permissions boundary in a condition'
privilege_escalation contains finding.tagged(policy, value.path(statement, "actions"), message, document.label(statement)) if {
	some policy in document.all("identity")
	some statement in privilege.unlimited_in(policy)
	some actions in [privilege.given(policy, statement, "rights")]
	actions != set()
	message := sprintf("%s lets its holder raise its own rights: %s", [document.label(statement), privilege.told_alone(actions)])
}

privilege_escalation contains finding.tagged(policy, value.path(statement, "actions"), message, "iam:PassRole") if {
	some policy in document.all("identity")
	some ways in [privilege.complete({policy})]
	ways != set()
	some statement in privilege.passing(policy)
	message := sprintf("the policy lets its holder raise its own rights: %s", [privilege.told(ways)])
}

privilege_escalation contains f if {
	some policy in document.all("identity")
	some f in (privilege.doubts(policy, "rights", "lets its holder raise its own rights") | privilege.way_doubts(policy))
}

# What only several policies of one holder add up to.
privilege_escalation contains finding.tagged(holder, "", message, "together") if {
	some type in ["aws_iam_role", "aws_iam_user", "aws_iam_group"]
	some holder in resource.all(type)
	some ways in [privilege.summed(holder)]
	ways != set()
	message := sprintf("the policies of this identity together let it raise its own rights: %s", [privilege.told(ways)])
}

privilege_escalation contains finding.inconclusive(holder, "", message) if {
	some type in ["aws_iam_role", "aws_iam_user", "aws_iam_group"]
	some holder in resource.all(type)
	some ways in [privilege.perhaps_summed(holder)]
	ways != set()
	message := sprintf("it is unknown whether the policies of this identity add up to: %s", [privilege.told(ways)])
}

privilege_escalation_applies contains policy.id if some policy in document.all("identity")

# A holder is judged beside its policies where it has several.
privilege_escalation_applies contains holder.id if {
	some type in ["aws_iam_role", "aws_iam_user", "aws_iam_group"]
	some holder in resource.all(type)
	privilege.several(holder)
}

# METADATA
# title: iam:PassRole names the roles that may be passed
# description: >-
#   Whoever may pass any role may start something with the strongest one, and act as it.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
# custom:
#   severity: medium
#   profile: default
#   subject: document:identity
#   weighs: [statements]
#   aspects: [ID-3.e]
#   remedy: 'name the roles in Resource, or the service in a condition on iam:PassedToService'
passrole_any contains f if {
	some policy in document.all("identity")
	some f in privilege.findings(policy, "passing", "lets any role be passed")
}

# METADATA
# title: sts:AssumeRole names the roles that may be assumed
# description: >-
#   A role whose trust policy admits the whole account is open to whoever may assume any role.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_permissions-to-switch.html
# custom:
#   severity: medium
#   profile: default
#   subject: document:identity
#   weighs: [statements]
#   aspects: [ID-3.e, ID-8.b]
#   remedy: 'name the roles in Resource'
assume_any_role contains f if {
	some policy in document.all("identity")
	some f in privilege.findings(policy, "assuming", "lets any role be assumed")
}

# METADATA
# title: No policy hands out credentials of everything
# description: >-
#   An action that answers with a credential, allowed on every resource, lets its holder act as others.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege
# custom:
#   severity: high
#   profile: default
#   subject: document:identity
#   weighs: [statements]
#   aspects: [ID-3.e]
#   remedy: 'name the users, clusters or instances in Resource'
credentials_exposure contains f if {
	some policy in document.all("identity")
	some f in privilege.findings(policy, "credentials", "hands out credentials")
}

# METADATA
# title: Permissions are managed on named resources
# description: >-
#   Actions that change who may do what, allowed on every resource, let their holder open any of them.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege
# custom:
#   severity: medium
#   profile: default
#   subject: document:identity
#   weighs: [statements]
#   aspects: [ID-3.e]
#   remedy: 'name the resources, or add a condition that narrows'
permissions_management contains f if {
	some policy in document.all("identity")
	some f in privilege.findings(policy, "permissions", "changes permissions")
}

# METADATA
# title: Objects, parameters and secrets are read by name
# description: >-
#   Whoever may read every object, parameter or secret takes all of them along when the identity is stolen.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege
# custom:
#   severity: medium
#   profile: default
#   subject: document:identity
#   weighs: [statements]
#   aspects: [ID-3.a]
#   remedy: 'name the buckets, parameters or secrets in Resource'
data_exfiltration contains f if {
	some policy in document.all("identity")
	some f in privilege.findings(policy, "data", "reads data")
}

# METADATA
# title: No policy grants all of S3
# description: >-
#   s3:* on every bucket reads, deletes and gives away all the objects that the account has.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege
# custom:
#   severity: high
#   profile: default
#   subject: document:identity
#   weighs: [statements]
#   aspects: [ID-3.a]
#   remedy: 'list the actions the identity needs, and its buckets'
s3_full_access contains f if {
	some policy in document.all("identity")
	some f in privilege.findings(policy, "storage", "allows every action of S3")
}

# METADATA
# title: No statement both reads and writes every bucket
# description: >-
#   Whoever may read and write everywhere can carry objects from a closed bucket to an open one, and replace
#   what others trust.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege
# custom:
#   severity: high
#   profile: default
#   subject: document:identity
#   weighs: [statements]
#   aspects: [ID-3.a]
#   remedy: 'name the buckets that are read and those that are written'
s3_get_put_all contains f if {
	some policy in document.all("identity")
	some f in privilege.exchange_findings(policy)
}

# METADATA
# title: Decryption is allowed with named keys
# description: >-
#   Whoever may decrypt with every key needs only the cipher text: the keys no longer keep anything apart.
# related_resources:
#   - https://docs.aws.amazon.com/kms/latest/developerguide/iam-policies-best-practices.html
# custom:
#   severity: medium
#   profile: default
#   subject: document:identity
#   weighs: [statements]
#   aspects: [ID-3.a, DP-9.a]
#   remedy: 'name the keys in Resource, or add a condition on kms:ViaService or kms:ResourceAliases'
kms_decrypt_all_keys contains f if {
	some policy in document.all("identity")
	some f in privilege.findings(policy, "decryption", "decrypts")
}

# METADATA
# title: Marketplace subscriptions are limited to products
# description: >-
#   A subscription starts software of others in the account, at the account's cost.
# related_resources:
#   - https://docs.aws.amazon.com/marketplace/latest/buyerguide/buyer-iam-users-groups-policies.html
# custom:
#   severity: medium
#   profile: extended
#   subject: document:identity
#   weighs: [statements]
#   aspects: [ID-17.a]
#   remedy: 'add a condition on aws-marketplace:ProductId'
marketplace_subscribe contains f if {
	some policy in document.all("identity")
	some f in privilege.findings(policy, "purchase", "subscribes to products")
}

# METADATA
# title: Actions are allowed on named resources
# description: >-
#   An action that can be limited to a resource, allowed on all, reaches beyond what the task needs.
# related_resources:
#   - https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
# custom:
#   severity: medium
#   profile: extended
#   subject: document:identity
#   weighs: [statements]
#   aspects: [ID-3.a]
#   remedy: 'name the resources in Resource'
resource_wildcard contains f if {
	some policy in document.all("identity")
	some f in privilege.wide_findings(policy, "limitable", "allows what could be limited")
}

# METADATA
# title: Writing actions name their resources
# description: >-
#   A write that is allowed on every resource changes or deletes what others depend on.
# related_resources:
#   - https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
# custom:
#   severity: low
#   profile: extended
#   subject: document:identity
#   weighs: [statements]
#   aspects: [ID-3.a]
#   remedy: 'name the resources, or add a condition that narrows'
write_without_constraint contains f if {
	some policy in document.all("identity")
	some f in privilege.wide_findings(policy, "write", "writes")
}
