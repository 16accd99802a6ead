# People: users, their groups, how they sign in, and what AWS's own policies give them.
package demarc.iam

import data.demarc.lib.finding
import data.demarc.lib.privilege
import data.demarc.lib.resource
import data.demarc.lib.secret
import data.demarc.lib.value

# METADATA
# title: IAMFullAccess is attached to nobody
# description: >-
#   The managed policy IAMFullAccess allows to give oneself everything else.
# related_resources:
#   - https://docs.aws.amazon.com/aws-managed-policy/latest/reference/IAMFullAccess.html
# custom:
#   severity: high
#   profile: default
#   subject: [aws_iam_role, aws_iam_user, aws_iam_group, aws_ssoadmin_permission_set]
#   weighs: [managed_policy_arns, policy_attachment]
#   aspects: [ID-3.a, ID-3.c]
#   only_breaks: [ID-3.c]
#   remedy: 'attach a policy that lists what is needed'
managed_iamfullaccess contains f if {
	some holder in holders
	some f in attached_findings(holder, "IAMFullAccess")
}

# METADATA
# title: AWSCloudShellFullAccess is attached to nobody
# description: >-
#   CloudShell can send files out of the account by its download and upload, past what the network lets
#   through.
# related_resources:
#   - https://docs.aws.amazon.com/cloudshell/latest/userguide/sec-auth-with-identities.html
# custom:
#   severity: low
#   profile: extended
#   subject: [aws_iam_role, aws_iam_user, aws_iam_group, aws_ssoadmin_permission_set]
#   weighs: [managed_policy_arns, policy_attachment]
#   pedantic: [ID-3.a]
#   remedy: 'attach a policy that leaves out cloudshell:GetFileDownloadUrls and cloudshell:GetFileUploadUrls'
cloudshell_full_access contains f if {
	some holder in holders
	some f in attached_findings(holder, "AWSCloudShellFullAccess")
}

# attached_findings are what is to be said where the policy of AWS's is attached.
attached_findings(holder, name) := ((({finding.at(holder, "managed_policy_arns", sprintf("%s is attached", [name])) |
	some arn in value.get(holder, "managed_policy_arns")
	regex.match(sprintf(":aws:policy/(.*/)?%s$", [name]), arn)
} | {finding.at(holder, value.path(attachment, "policy_arn"), sprintf("%s is attached", [name])) |
	some attachment in value.get(holder, "policy_attachment")
	value.matches(attachment, "policy_arn", sprintf(":aws:policy/(.*/)?%s$", [name]))
}) | {finding.inconclusive(holder, "managed_policy_arns", "it is unknown which policies are attached") |
	value.hidden(holder, "managed_policy_arns")
	resource.may_lack(holder, "managed_policy_arns")
}) | {finding.inconclusive(holder, value.path(attachment, "policy_arn"), "it is unknown which policy is attached") |
	some attachment in value.get(holder, "policy_attachment")
	value.unsettled(attachment, "policy_arn")
	resource.may_lack(holder, "policy_attachment.policy_arn")
}) | {finding.inconclusive(holder, "policy_attachment", "it is unknown which policies are attached") |
	value.hidden(holder, "policy_attachment")
}

# METADATA
# title: People sign in through Identity Center, not as IAM users
# description: >-
#   A console password of an IAM user lives as long as nobody deletes it, outside of the directory from which
#   leavers are taken.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#bp-users-federation-idp
# custom:
#   severity: medium
#   profile: default
#   subject: aws_iam_user
#   reads: [login_profile]
#   aspects: [ID-10.a]
#   only_breaks: [ID-10.a]
#   remedy: 'give people access through IAM Identity Center or federation, and remove the login profile'
no_console_user contains finding.at(user, "login_profile", "the user gets a console password") if {
	some user in resource.all("aws_iam_user")
	value.differs(user, "login_profile", null)
}

# METADATA
# title: First console passwords have to be changed
# description: >-
#   A password that somebody else chose stays known to whoever chose it.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_admin-change-user.html
# custom:
#   severity: medium
#   profile: default
#   subject: aws_iam_user
#   reads: [login_profile.password_reset_required]
#   aspects: [ID-6.c]
#   remedy: 'set password_reset_required = true / PasswordResetRequired: true'
login_profile_password_reset contains finding.at(user, "login_profile.password_reset_required", "the first password need not be changed") if {
	some user in resource.all("aws_iam_user")
	user.values.login_profile.password_reset_required == false
}

login_profile_password_reset_applies contains user.id if {
	some user in resource.all("aws_iam_user")
	value.may_differ(user, "login_profile", null)
}

# METADATA
# title: Console passwords are not written in templates
# description: >-
#   A password in a template is read by whoever reads the repository, and stays in its history.
# related_resources:
#   - https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-iam-user-loginprofile.html
# custom:
#   severity: high
#   profile: default
#   subject: aws_iam_user
#   weighs: [login_profile.password]
#   secret: true
#   aspects: [OS-2.b]
#   remedy: 'use a dynamic reference to Secrets Manager, or a parameter with NoEcho and no default'
login_profile_password_literal contains f if {
	some user in resource.all("aws_iam_user")
	some f in secret.written(user, ["login_profile.password"], "the console password")
}

# METADATA
# title: Groups use managed policies
# description: >-
#   A policy written on a group cannot be used, reviewed or versioned elsewhere.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_iam_group
#   reads: [inline_policy]
#   pedantic: [ID-4.a]
#   remedy: 'make a managed policy and attach it'
group_inline_policy contains finding.tagged(group, policy._at, "a policy is written on the group", "inline") if {
	some group in resource.all("aws_iam_group")
	some policy in group.values.inline_policy
}

# METADATA
# title: Groups have members
# description: >-
#   A group that nobody is in grants nothing, and its policies wait for whoever is put there.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_groups.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_iam_group
#   companions: [aws_iam_user.groups]
#   pedantic: [ID-4.a]
#   remedy: 'put users into the group, or remove it'
group_has_members contains finding.at(group, "", "no user of this stack is in the group") if {
	some group in resource.all("aws_iam_group")
	resource.without(group, "aws_iam_user", "groups")
}

# METADATA
# title: Users are in a group
# description: >-
#   A user outside of any group has its permissions of its own, or none.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_iam_user
#   presence: [groups]
#   pedantic: [ID-4.a]
#   remedy: 'put the user into a group'
user_in_group contains finding.at(user, "groups", "the user is in no group") if {
	some user in resource.all("aws_iam_user")
	value.none(user, "groups")
}

# METADATA
# title: Users have one access key that works
# description: >-
#   Two keys of one user are twice as many to lose; the second is for the days of a rotation.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/id-credentials-access-keys-update.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_iam_access_key
#   reads: [status]
#   presence: [user]
#   pedantic: [ID-5.b]
#   remedy: 'remove one key, or set its status to Inactive'
one_access_key contains finding.at(key, "", "the user has another access key that works") if {
	some key in resource.all("aws_iam_access_key")
	value.differs(key, "status", "Inactive")
	some other in resource.all("aws_iam_access_key")
	other.address < key.address
	other.stack == key.stack
	value.differs(other, "status", "Inactive")
	same_user(key, other)
}

same_user(key, other) if key.values.user == other.values.user

same_user(key, other) if {
	some user in resource.targets(key, "user", "aws_iam_user")
	some same in resource.targets(other, "user", "aws_iam_user")
	user.id == same.id
}

# METADATA
# title: Groups ask for a second factor
# description: >-
#   A policy that denies what is done without a second factor holds for everybody in the group.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_iam_group
#   weighs: [inline_policy, policy_attachment, managed_policy_arns]
#   pedantic: [ID-2.c]
#   only_keeps: [ID-2.c]
#   remedy: 'attach a policy with a condition on aws:MultiFactorAuthPresent'
group_mfa_condition contains finding.at(group, "", "no policy of the group asks for a second factor") if {
	some group in resource.all("aws_iam_group")
	privilege.never_mentions(group, mfa_key)
}

group_mfa_condition contains finding.inconclusive(group, "", "it is unknown whether a policy asks for a second factor") if {
	some group in resource.all("aws_iam_group")
	privilege.may_mention(group, mfa_key)
}

mfa_key := `^aws:multifactorauth(present|age)$`

# METADATA
# title: Passwords expire
# description: >-
#   Where people still have IAM passwords, an audit may ask that they expire. (NIST advises against it.)
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html
# custom:
#   severity: low
#   profile: extended
#   subject: aws_iam_account_password_policy
#   reads: [max_password_age]
#   pedantic: [ID-6.b]
#   remedy: 'set max_password_age = 90'
password_policy_expiry contains finding.at(policy, "max_password_age", "passwords never expire") if {
	some policy in resource.all("aws_iam_account_password_policy")
	policy.values.max_password_age == 0
}

password_policy_expiry contains finding.at(policy, "max_password_age", message) if {
	some policy in resource.all("aws_iam_account_password_policy")
	policy.values.max_password_age > 90
	message := sprintf("passwords expire after %d days", [policy.values.max_password_age])
}
