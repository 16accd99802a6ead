# User pools, their clients, and identity pools.
package demarc.cognito

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

pools := resource.all("aws_cognito_user_pool")

# METADATA
# title: Identity pools give guests no credentials
# description: >-
#   A pool that admits guests hands credentials of AWS to anybody on the internet who asks; the role of guests
#   is then the only limit.
# related_resources:
#   - https://docs.aws.amazon.com/cognito/latest/developerguide/identity-pools.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_cognito_identity_pool
#   reads: [allow_unauthenticated_identities]
#   aspects: [ID-13.a]
#   remedy: 'set allow_unauthenticated_identities = false / AllowUnauthenticatedIdentities: false'
identity_pool_guest contains finding.at(pool, "allow_unauthenticated_identities", "guests get credentials of AWS") if {
	some pool in resource.all("aws_cognito_identity_pool")
	value.is(pool, "allow_unauthenticated_identities", true)
}

# METADATA
# title: Users return to applications over HTTPS
# description: >-
#   The address that a user is sent back to carries the code or the token of the session; over HTTP everybody on
#   the way reads it.
# related_resources:
#   - https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-app-idp-settings.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_cognito_user_pool_client
#   reads: [callback_urls, logout_urls]
#   aspects: [TR-1.a]
#   remedy: begin the address with https://
client_callback_https contains finding.tagged(client, path, message, url) if {
	some client in resource.all("aws_cognito_user_pool_client")
	some path in ["callback_urls", "logout_urls"]
	some url in client.values[path]
	regex.match(in_clear, url)
	message := sprintf("users are sent to %s in clear", [url])
}

# Any host but the user's own.
in_clear := `^(?i)http://([^l/:1]|l[^o]|lo[^c]|1[^2]|12[^7])`

# METADATA
# title: Clients do not tell whether a user exists
# description: >-
#   With LEGACY a failed sign-in says whether the name is wrong or the password, and strangers find out who has
#   an account.
# related_resources:
#   - https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-managing-errors.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_cognito_user_pool_client
#   reads: [prevent_user_existence_errors]
#   pedantic: [ID-13.a]
#   remedy: 'set prevent_user_existence_errors = "ENABLED" / PreventUserExistenceErrors: ENABLED'
client_user_existence_errors contains finding.at(client, "prevent_user_existence_errors", "a failed sign-in tells whether the user exists") if {
	some client in resource.all("aws_cognito_user_pool_client")
	value.is(client, "prevent_user_existence_errors", "LEGACY")
}

# METADATA
# title: User pools cannot be deleted in one step
# description: >-
#   With a pool all its users go, and what they can sign in to.
# related_resources:
#   - https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-deletion-protection.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_cognito_user_pool
#   reads: [deletion_protection]
#   pedantic: [RS-3.c]
#   remedy: 'set deletion_protection = "ACTIVE" / DeletionProtection: ACTIVE'
user_pool_deletion_protection contains finding.at(pool, "deletion_protection", "the pool can be deleted in one step") if {
	some pool in resource.all("aws_cognito_user_pool")
	value.is(pool, "deletion_protection", "INACTIVE")
}

# METADATA
# title: User pools offer a second factor
# description: >-
#   Where a password is all, one that is guessed or fished opens the account.
# related_resources:
#   - https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_cognito_user_pool
#   reads: [mfa_configuration]
#   aspects: [ID-2.d]
#   remedy: 'set mfa_configuration = "ON" or "OPTIONAL" / MfaConfiguration'
user_pool_mfa contains finding.at(pool, "mfa_configuration", "users cannot have a second factor") if {
	some pool in resource.all("aws_cognito_user_pool")
	value.is(pool, "mfa_configuration", "OFF")
}

# METADATA
# title: User pools ask for strong passwords
# description: >-
#   Where a pool says what passwords are, what it does not ask for is off. A short password or one of few kinds
#   of characters is soon guessed.
# related_resources:
#   - https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html
# custom:
#   severity: medium
#   profile: extended
#   subject: aws_cognito_user_pool
#   reads: [password_policy]
#   aspects: [ID-6.d]
#   remedy: 'ask for 8 characters or more and all four kinds, or remove the policy: the default is as strong'
user_pool_password_policy contains finding.at(pool, "password_policy.minimum_length", message) if {
	some pool in pools
	value.below(pool, "password_policy.minimum_length", 8)
	message := sprintf("passwords of %v characters are taken", [pool.values.password_policy.minimum_length])
}

user_pool_password_policy contains finding.tagged(pool, path, message, what) if {
	some pool in pools
	some what in ["lowercase", "uppercase", "numbers", "symbols"]
	path := concat("", ["password_policy.require_", what])
	value.is(pool, path, false)
	message := sprintf("passwords without %s are taken", [what])
}

# METADATA
# title: User pools refuse risky sign-ins
# description: >-
#   Threat protection knows passwords that leaked and sign-ins from unusual places. AUDIT only notes them.
# related_resources:
#   - https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-threat-protection.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_cognito_user_pool
#   reads: [user_pool_add_ons.advanced_security_mode]
#   aspects: [ID-2.d]
#   remedy: 'set advanced_security_mode = "ENFORCED" / AdvancedSecurityMode: ENFORCED'
user_pool_threat_protection contains finding.at(pool, "user_pool_add_ons.advanced_security_mode", "risky sign-ins are not refused") if {
	some pool in pools
	some mode in ["OFF", "AUDIT"]
	value.is(pool, "user_pool_add_ons.advanced_security_mode", mode)
}
