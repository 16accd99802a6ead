# Whom roles trust, and on what condition.
package demarc.iam

import data.demarc.lib.condition
import data.demarc.lib.document
import data.demarc.lib.finding
import data.demarc.lib.privilege
import data.demarc.lib.value

# METADATA
# title: Policies name principals, not exceptions
# description: >-
#   NotPrincipal with Allow admits everybody in the world but those it names, anonymous callers included.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
# custom:
#   severity: high
#   profile: default
#   subject: [document:trust, document:resource, document:key]
#   reads: [statements.effect, statements.not_principals]
#   aspects: [ID-8.a, ID-9.a]
#   remedy: 'name the principals that are admitted in Principal'
allow_not_principal contains finding.tagged(policy, value.path(statement, "not_principals"), message, document.label(statement)) if {
	some kind in ["trust", "resource", "key"]
	some policy in document.all(kind)
	some statement in document.allows(policy)
	statement.not_principals != []
	message := sprintf("%s admits everybody but those it names", [document.label(statement)])
}

# METADATA
# title: Trust policies allow only to assume the role
# description: >-
#   A trust policy needs sts:AssumeRole and its kin. With a wildcard it also allows what AWS adds later.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html
# custom:
#   severity: medium
#   profile: default
#   subject: document:trust
#   reads: [statements.effect, statements.actions]
#   aspects: [ID-8.a]
#   remedy: 'write sts:AssumeRole, sts:AssumeRoleWithSAML or sts:AssumeRoleWithWebIdentity'
role_trust_star_action contains finding.tagged(trust, value.path(statement, "actions"), message, document.label(statement)) if {
	some trust in document.all("trust")
	some statement in document.allows(trust)
	some action in statement.actions
	lower(action) in {"*", "*:*", "sts:*"}
	message := sprintf("%s allows %s to whom the role trusts", [document.label(statement), action])
}

# METADATA
# title: Roles for web identities check whose token it is
# description: >-
#   A provider signs tokens for all its applications and users. Without a condition on audience or subject
#   any of them may take the role.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
# custom:
#   severity: high
#   profile: default
#   subject: document:trust
#   weighs: [statements]
#   aspects: [ID-8.d]
#   remedy: 'add a condition on the provider''s :aud and :sub'
oidc_trust_conditions contains finding.tagged(trust, value.path(statement, "actions"), message, document.label(statement)) if {
	some [trust, statement] in web_identities
	condition.undemanded(statement, {token_claim: some_value})
	message := "any application or user of the identity provider may take this role"
}

oidc_trust_conditions contains finding.inconclusive(trust, path, "it is unknown whose token the role takes") if {
	some [trust, statement] in web_identities
	path := condition.undecided_demand(statement, {token_claim: some_value})
}

oidc_trust_conditions contains f if {
	some trust in document.all("trust")
	some f in undecided_trust(trust, "sts:AssumeRoleWithWebIdentity", token_claim)
}

# web_identities are the statements that let web identities take a role, with
# their policy. GitHub's have a rule of their own.
web_identities contains [trust, statement] if {
	some trust in document.all("trust")
	some statement in document.allows(trust)
	document.acts(statement, "sts:AssumeRoleWithWebIdentity")
	privilege.without_principal(statement, `oidc-provider/token\.actions\.githubusercontent\.com(/|$)`)
	condition.unmentioned(statement, `^token\.actions\.githubusercontent\.com`)
}

token_claim := `:(aud|sub|amr|azp|app_id|oaud)$`

some_value := `[^*?]`

# undecided_trust are the unknown members that leave it open whether a statement
# lets the action be used without a condition on the variable.
undecided_trust(trust, action, variable) := {finding.inconclusive(trust, value.path(statement, member), "it is unknown who may take this role") |
	some statement in trust.statements
	some member in privilege.undecided_act(statement, action)
	condition.unmentioned(statement, variable)
} | {finding.inconclusive(trust, "", "it is unknown who may take this role") |
	document.unreadable(trust)
}

# METADATA
# title: Roles for SAML check the audience
# description: >-
#   Without a condition on SAML:aud an assertion made for another application of the identity provider may
#   take the role.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_saml.html
# custom:
#   severity: medium
#   profile: default
#   subject: document:trust
#   weighs: [statements]
#   aspects: [ID-8.d]
#   remedy: 'add the condition StringEquals SAML:aud https://signin.aws.amazon.com/saml'
saml_trust_audience contains finding.tagged(trust, value.path(statement, "actions"), message, document.label(statement)) if {
	some trust in document.all("trust")
	some statement in document.allows(trust)
	document.acts(statement, "sts:AssumeRoleWithSAML")
	condition.undemanded(statement, {saml_audience: some_value})
	message := "an assertion for any application may take this role"
}

saml_trust_audience contains finding.inconclusive(trust, path, "it is unknown for whom assertions have to be made") if {
	some trust in document.all("trust")
	some statement in document.allows(trust)
	document.acts(statement, "sts:AssumeRoleWithSAML")
	path := condition.undecided_demand(statement, {saml_audience: some_value})
}

saml_trust_audience contains f if {
	some trust in document.all("trust")
	some f in undecided_trust(trust, "sts:AssumeRoleWithSAML", saml_audience)
}

saml_audience := `^saml:aud$`

# METADATA
# title: Roles for other accounts ask for an external id or MFA
# description: >-
#   A service that works for many customers may be led to take the role of another one. An external id that
#   only this customer and the service know prevents it; for people it is a second factor. Which accounts are
#   the customer's own no source shows.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
# custom:
#   severity: medium
#   profile: extended
#   subject: document:trust
#   weighs: [statements]
#   aspects: [ID-8.c]
#   remedy: 'add a condition on sts:ExternalId, aws:PrincipalOrgID or aws:MultiFactorAuthPresent'
cross_account_condition contains finding.tagged(trust, value.path(statement, "principals"), message, document.label(statement)) if {
	some [trust, statement, account] in foreign_accounts
	condition.undemanded(statement, {deputy_key: some_value})
	message := sprintf("account %s may take this role with neither an external id nor a second factor", [account])
}

cross_account_condition contains finding.inconclusive(trust, path, "it is unknown what another account has to show") if {
	some [trust, statement, _] in foreign_accounts
	path := condition.undecided_demand(statement, {deputy_key: some_value})
}

cross_account_condition contains f if {
	some trust in document.all("trust")
	some f in undecided_trust(trust, "sts:AssumeRole", deputy_key)
}

deputy_key := `^(sts:externalid|aws:multifactorauthpresent|aws:multifactorauthage|aws:principalorgid|aws:principalorgpaths)$`

# foreign_accounts are the statements that let an account that is written out
# take a role, with their policy and the account.
foreign_accounts contains [trust, statement, account] if {
	some trust in document.all("trust")
	some statement in document.allows(trust)
	document.acts(statement, "sts:AssumeRole")
	some principal in statement.principals
	principal.type == "AWS"
	some identifier in principal.identifiers
	some account in regex.find_n(`^[0-9]{12}$|^arn:[^:]*:(iam|sts)::[0-9]{12}:`, identifier, 1)
}

# METADATA
# title: Roles trust named identities of another account
# description: >-
#   Trusting a whole account leaves it to that account who may take the role.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
# custom:
#   severity: low
#   profile: extended
#   subject: document:trust
#   weighs: [statements]
#   pedantic: [ID-8.a]
#   remedy: 'name the role or user in Principal'
role_trust_account_root contains finding.tagged(trust, value.path(statement, "principals"), message, document.label(statement)) if {
	some trust in document.all("trust")
	some statement in document.allows(trust)
	some principal in statement.principals
	principal.type == "AWS"
	some identifier in principal.identifiers
	regex.match(`^[0-9]{12}$|^arn:[^:]*:iam::[0-9]{12}:root$`, identifier)
	message := sprintf("everybody in the account of %s whom it lets may take this role", [identifier])
}

role_trust_account_root contains finding.inconclusive(trust, value.path(statement, "principals"), "it is unknown whether the role trusts a whole account") if {
	some trust in document.all("trust")
	some statement in document.allows(trust)
	some principal in statement.principals
	principal.type == "AWS"
	value.unsettled(principal, "identifiers")
}

role_trust_account_root contains f if {
	some trust in document.all("trust")
	some f in undecided_trust(trust, "sts:AssumeRole", `^nothing$`)
}
