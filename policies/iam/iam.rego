# Identities: what policies grant, whom roles trust, who holds keys.
package demarc.iam

import data.demarc.lib.audience
import data.demarc.lib.condition
import data.demarc.lib.document
import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# METADATA
# title: No policy grants every action on every resource
# description: >-
#   A statement that allows * on * is administrator access under another name: whoever gets hold of the
#   identity owns the account.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege
# custom:
#   severity: high
#   profile: default
#   subject: document:identity
#   weighs: [statements]
#   aspects: [ID-3.a]
#   remedy: list the actions and resources the identity needs
admin_policy contains finding.tagged(policy, value.path(statement, "actions"), message, document.label(statement)) if {
	some policy in document.all("identity")
	some statement in document.allows(policy)
	document.every_action(statement)
	document.every_resource(statement)
	message := sprintf("%s allows every action on every resource", [document.label(statement)])
}

admin_policy contains finding.inconclusive(policy, value.path(statement, member), "it is unknown whether everything is allowed") if {
	some policy in document.all("identity")
	some statement in policy.statements
	document.may_allow_everything(statement)
	some member in ["effect", "actions", "every_resource"]
	value.unsettled(statement, member)
}

admin_policy contains finding.inconclusive(policy, "", "it is unknown what the policy allows") if {
	some policy in document.all("identity")
	document.unreadable(policy)
}

# METADATA
# title: No policy grants all actions of a service
# description: >-
#   service:* covers what the service can do today and whatever it learns tomorrow, its permission
#   management included.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege
# custom:
#   severity: medium
#   profile: extended
#   subject: document:identity
#   reads: [statements.effect, statements.actions]
#   aspects: [ID-3.a]
#   remedy: list the actions the identity needs
service_wildcard_action contains finding.tagged(policy, value.path(statement, "actions"), message, action) if {
	some policy in document.all("identity")
	some statement in document.allows(policy)
	some action in statement.actions
	regex.match(`^[A-Za-z0-9-]+:\*$`, action)
	message := sprintf("%s allows all of %s", [document.label(statement), action])
}

# METADATA
# title: No policy allows by exclusion
# description: >-
#   NotAction with Allow grants everything but what it names, services that do not exist yet included.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html
# custom:
#   severity: medium
#   profile: default
#   subject: document:identity
#   reads: [statements.effect, statements.not_actions]
#   aspects: [ID-3.a]
#   remedy: list the actions that are allowed instead
allow_not_action contains finding.tagged(policy, value.path(statement, "not_actions"), message, document.label(statement)) if {
	some policy in document.all("identity")
	some statement in document.allows(policy)
	statement.not_actions != []
	message := sprintf("%s allows everything but the actions it names", [document.label(statement)])
}

# METADATA
# title: Roles name whom they trust
# description: >-
#   A trust policy with the principal * and no narrowing condition lets any AWS account take the role.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user.html
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
# custom:
#   severity: high
#   profile: default
#   subject: document:trust
#   weighs: [statements]
#   aspects: [ID-7.c, ID-8.a]
#   only_breaks: [ID-7.c]
#   remedy: name the accounts, roles or services that may take the role
role_trust_any_principal contains finding.tagged(trust, audience.principal_at(statement), message, document.label(statement)) if {
	some trust in document.all("trust")
	some statement in trust.statements
	audience.public(trust, statement)
	message := "any AWS account may take this role"
}

role_trust_any_principal contains finding.inconclusive(trust, path, "it is unknown who may take this role") if {
	some trust in document.all("trust")
	some statement in trust.statements
	audience.may_be_public(trust, statement)
	some path in audience.undecided(trust, statement)
}

role_trust_any_principal contains finding.inconclusive(trust, "", "it is unknown who may take this role") if {
	some trust in document.all("trust")
	document.unreadable(trust)
}

# METADATA
# title: Roles for GitHub Actions name the repository
# description: >-
#   The GitHub token service signs tokens for every repository of GitHub. Without a condition on the
#   token's subject any of them may take the role.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
# custom:
#   severity: high
#   profile: default
#   subject: document:trust
#   weighs: [statements]
#   aspects: [ID-8.d]
#   remedy: 'add a condition on token.actions.githubusercontent.com:sub such as repo:owner/name:*'
github_oidc_subject contains finding.tagged(trust, value.path(statement, "conditions"), message, document.label(statement)) if {
	some trust in document.all("trust")
	some statement in document.allows(trust)
	for_github(statement)
	condition.undemanded(statement, owned_claims)
	message := "repositories of strangers may take this role"
}

github_oidc_subject contains finding.inconclusive(trust, path, "it is unknown which repositories may take this role") if {
	some trust in document.all("trust")
	some statement in document.allows(trust)
	for_github(statement)
	path := condition.undecided_demand(statement, owned_claims)
}

# Another provider's audience or subject tells that GitHub is not the one.
github_oidc_subject contains finding.inconclusive(trust, value.path(statement, "principals"), "it is unknown whether GitHub's tokens are taken") if {
	some trust in document.all("trust")
	some statement in document.allows(trust)
	some principal in statement.principals
	principal.type == "Federated"
	value.unsettled(principal, "identifiers")
	condition.unmentioned(statement, `:(aud|sub|amr)$`)
}

github_oidc_subject contains finding.inconclusive(trust, "", "it is unknown who may take this role") if {
	some trust in document.all("trust")
	document.unreadable(trust)
}

for_github(statement) if {
	some principal in statement.principals
	principal.type == "Federated"
	some identifier in principal.identifiers
	regex.match(`oidc-provider/token\.actions\.githubusercontent\.com(/|$)`, identifier)
}

# The provider's ARN may be unknown where its claims are named.
for_github(statement) if {
	some principal in statement.principals
	principal.type == "Federated"
	some condition in statement.conditions
	startswith(lower(condition.variable), "token.actions.githubusercontent.com")
}

# owned_claims are the claims of a token that a stranger's repository cannot
# make, and their texts. Environments, branches and workflows have the names that
# their repository gives them; whoever starts a workflow may do so anywhere.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
owned_claims := {
	`^token\.actions\.githubusercontent\.com(/.*)?:sub$`: owned_subject,
	`^token\.actions\.githubusercontent\.com(/.*)?:(repository|job_workflow_ref)$`: `^[^*?/]+/`,
	`^token\.actions\.githubusercontent\.com(/.*)?:(repository_id|repository_owner|repository_owner_id|enterprise|enterprise_id)$`: `^[^*?]+$`,
}

owned_subject := `^((repo|repository|job_workflow_ref):[^*?/]+/|(repository_owner|repository_owner_id|repository_id|enterprise|enterprise_id):[^*?:]+(:|$))`

# METADATA
# title: Users get permissions through groups
# description: >-
#   Policies on single users are lost from sight: who may do what can only be reviewed, and taken back,
#   when permissions hang on groups or roles.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html
# custom:
#   severity: medium
#   profile: extended
#   subject: [aws_iam_user, aws_iam_policy]
#   reads: [inline_policy, policy_attachment, managed_policy_arns, users]
#   aspects: [ID-4.a]
#   only_breaks: [ID-4.a]
#   remedy: attach the policy to a group or a role
policy_on_user contains finding.tagged(user, policy._at, "a policy is written on the user", "inline") if {
	some user in resource.all("aws_iam_user")
	some policy in user.values.inline_policy
}

policy_on_user contains finding.tagged(user, value.first_at(user, "policy_attachment", "policy_arn"), "a policy is attached to the user", "attached") if {
	some user in resource.all("aws_iam_user")
}

policy_on_user contains finding.tagged(user, "managed_policy_arns.0", "a policy is attached to the user", "attached") if {
	some user in resource.all("aws_iam_user")
	resource.set(user, "managed_policy_arns")
}

policy_on_user contains finding.tagged(policy, "users", "the policy is attached to users", "attached") if {
	some policy in resource.all("aws_iam_policy")
	resource.set(policy, "users")
}

policy_on_user_applies contains user.id if some user in resource.all("aws_iam_user")

policy_on_user_applies contains policy.id if {
	some policy in resource.all("aws_iam_policy")
	resource.set(policy, "users")
}

policy_on_user_applies contains policy.id if {
	some policy in resource.all("aws_iam_policy")
	value.unsettled(policy, "users")
}

# METADATA
# title: AdministratorAccess is attached to nobody
# description: >-
#   The managed policy AdministratorAccess allows everything. Workloads and day-to-day users need less.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_job-functions.html
# custom:
#   severity: high
#   profile: default
#   subject: [aws_iam_role, aws_iam_user, aws_iam_group, aws_ssoadmin_permission_set]
#   weighs: [managed_policy_arns, policy_attachment]
#   aspects: [ID-3.a]
#   remedy: attach a policy that lists what is needed
managed_admin_policy contains finding.at(r, "managed_policy_arns", "AdministratorAccess is attached") if {
	some r in holders
	some arn in r.values.managed_policy_arns
	regex.match(administrator, arn)
}

managed_admin_policy contains finding.at(r, value.path(attachment, "policy_arn"), "AdministratorAccess is attached") if {
	some r in holders
	some attachment in r.values.policy_attachment
	value.matches(attachment, "policy_arn", administrator)
}

managed_admin_policy contains finding.inconclusive(r, "managed_policy_arns", "it is unknown which policies are attached") if {
	some r in holders
	value.hidden(r, "managed_policy_arns")
	resource.may_lack(r, "managed_policy_arns")
}

# A policy of AWS may be looked up by its name.
managed_admin_policy contains finding.at(r, path, "AdministratorAccess is attached") if {
	some r in holders
	some lookup in resource.targets(r, "policy_attachment.policy_arn", "data.aws_iam_policy")
	lookup.values.name == "AdministratorAccess"
	path := value.unsettled_in(r, "policy_attachment", "policy_arn")
}

managed_admin_policy contains finding.at(r, "managed_policy_arns", "AdministratorAccess is attached") if {
	some r in holders
	some lookup in resource.targets(r, "managed_policy_arns", "data.aws_iam_policy")
	lookup.values.name == "AdministratorAccess"
	value.unsettled(r, "managed_policy_arns")
}

# holders are what policies are attached to.
holders := [r |
	some type in ["aws_iam_role", "aws_iam_user", "aws_iam_group", "aws_ssoadmin_permission_set"]
	some r in resource.all(type)
]

administrator := `:aws:policy/AdministratorAccess$`

# METADATA
# title: No access keys are made in templates
# description: >-
#   A long-lived key made by a template stays in the state or the stack's outputs, and nothing rotates it.
#   Roles and federated sign-in give keys that expire.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_iam_access_key
#   reads: [status]
#   aspects: [ID-5.b]
#   remedy: use a role (instance profile, task role, OIDC federation) instead of a user's key
access_key contains finding.at(key, "", "a long-lived access key is made") if {
	some key in resource.all("aws_iam_access_key")
	value.differs(key, "status", "Inactive")
}

# METADATA
# title: The root user has no access keys
# description: >-
#   A key of the root user can do everything, and no policy can limit it.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html
# custom:
#   severity: critical
#   profile: default
#   subject: aws_iam_access_key
#   presence: [user]
#   reads: [status]
#   aspects: [ID-1.a]
#   only_breaks: [ID-1.a]
#   remedy: remove the key and use a role
root_access_key contains finding.at(key, "user", "the root user gets an access key") if {
	some key in resource.all("aws_iam_access_key")
	value.differs(key, "status", "Inactive")
	lower(key.values.user) == "root"
}

# METADATA
# title: The password policy asks for strong passwords
# description: >-
#   At least 14 characters, with letters of both cases, digits and symbols, and no reuse of the last 24.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_iam_account_password_policy
#   reads: [minimum_password_length, require_symbols, require_numbers, require_uppercase_characters, require_lowercase_characters, password_reuse_prevention]
#   aspects: [ID-6.b]
#   pedantic: [ID-6.a]
#   options:
#     length: {default: 14, about: characters that a password has at least}
#     reuse: {default: 24, about: former passwords that may not come again}
#   remedy: set minimum_password_length = 14, all four require_* = true and password_reuse_prevention = 24
password_policy contains finding.tagged(policy, attribute, sprintf("%s is off", [attribute]), attribute) if {
	some policy in resource.all("aws_iam_account_password_policy")
	some attribute in ["require_symbols", "require_numbers", "require_uppercase_characters", "require_lowercase_characters"]
	policy.values[attribute] == false
}

password_policy contains finding.tagged(policy, attribute, sprintf("%s is below %d", [attribute, least]), attribute) if {
	some policy in resource.all("aws_iam_account_password_policy")
	some attribute, least in {
		"minimum_password_length": value.option("iam/password-policy", "length"),
		"password_reuse_prevention": value.option("iam/password-policy", "reuse"),
	}
	value.below(policy, attribute, least)
}
