# What policies of identities let their holders reach beyond their task: a
# statement without limits is judged by the gravest thing that each of its
# patterns of actions gives, so that one fact is told once.
package demarc.lib.privilege

import data.demarc.lib.document
import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# idle are condition keys that say neither on what nor with what an action is
# allowed.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
idle := {
	"aws:requestedregion", "aws:securetransport", "aws:multifactorauthpresent", "aws:multifactorauthage",
	"aws:currenttime", "aws:epochtime", "aws:useragent", "aws:referer",
}

# limited: a condition says on what, with what or for whom.
limited(statement) if {
	some condition in statement.conditions
	not lower(condition.variable) in idle
	not contains(lower(condition.test), "not")
	not lower(condition.test) == "null"
	not "*" in condition.values
}

# unlimited: what the statement names is allowed on every resource.
unlimited(statement) if {
	document.every_resource(statement)
	unconditional(statement)
}

unconditional(statement) if {
	statement.effect == "Allow"
	not limited(statement)
	not document.conditions_unknown(statement)
}

# open_members are what leaves it unknown whether the statement is unlimited and
# which actions it names.
open_members(statement) := {member |
	not statement.effect == "Deny"
	not limited(statement)
	document.may_be_every_resource(statement)
	some member in ["effect", "actions", "every_resource"]
	value.unsettled(statement, member)
} | {"conditions" |
	not statement.effect == "Deny"
	not limited(statement)
	document.may_be_every_resource(statement)
	document.conditions_unknown(statement)
}

# steps are the single actions that raise one's own rights, and what they do.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html
steps := {
	"iam:CreatePolicyVersion": "rewrites a policy that it holds",
	"iam:SetDefaultPolicyVersion": "brings back an older, wider version of a policy",
	"iam:CreateAccessKey": "makes a key of a stronger user",
	"iam:CreateLoginProfile": "gives a stronger user a password",
	"iam:UpdateLoginProfile": "changes the password of a stronger user",
	"iam:AttachUserPolicy": "attaches a stronger policy to its user",
	"iam:AttachGroupPolicy": "attaches a stronger policy to its group",
	"iam:AttachRolePolicy": "attaches a stronger policy to its role",
	"iam:PutUserPolicy": "writes a policy on its user",
	"iam:PutGroupPolicy": "writes a policy on its group",
	"iam:PutRolePolicy": "writes a policy on its role",
	"iam:AddUserToGroup": "joins a stronger group",
	"iam:UpdateAssumeRolePolicy": "lets itself take a stronger role",
	"lambda:UpdateFunctionCode": "runs its own code with a function's role",
	"glue:UpdateDevEndpoint": "signs in to an endpoint that has a stronger role",
	"codestar:AssociateTeamMember": "becomes the owner of a project",
}

# ways are the actions that, with iam:PassRole, run something with a stronger
# role, and what they do. All of one way's actions are needed.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
ways := {
	"starts an instance with a stronger role": ["ec2:RunInstances"],
	"runs a function with a stronger role": ["lambda:CreateFunction", "lambda:InvokeFunction"],
	"lets a queue or stream run a function with a stronger role": ["lambda:CreateFunction", "lambda:CreateEventSourceMapping"],
	"opens an endpoint with a stronger role": ["glue:CreateDevEndpoint"],
	"runs a Glue job with a stronger role": ["glue:CreateJob", "glue:StartJobRun"],
	"makes a stack with a stronger role": ["cloudformation:CreateStack"],
	"runs a pipeline with a stronger role": ["datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition", "datapipeline:ActivatePipeline"],
	"runs a task with a stronger role": ["ecs:RegisterTaskDefinition", "ecs:RunTask"],
	"runs a build with a stronger role": ["codebuild:CreateProject", "codebuild:StartBuild"],
	"opens a notebook with a stronger role": ["sagemaker:CreateNotebookInstance", "sagemaker:CreatePresignedNotebookInstanceUrl"],
	"runs a state machine with a stronger role": ["states:CreateStateMachine", "states:StartExecution"],
}

# gives are, by kind, the actions that give it, the gravest kind first.
gives := [
	["everything", set()],
	["identity", {"iam:*"}],
	["rights", object.keys(steps)],
	["passing", {"iam:PassRole"}],
	["assuming", {"sts:AssumeRole"}],
	["credentials", credentials],
	["storage", {"s3:*"}],
	["data", {"s3:GetObject", "ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath", "secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue"}],
	["decryption", {"kms:Decrypt", "kms:ReEncryptFrom"}],
	["purchase", {"aws-marketplace:Subscribe"}],
]

# credentials are the actions whose answer is a credential.
# https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
credentials := {
	"iam:UpdateAccessKey", "iam:CreateServiceSpecificCredential", "iam:ResetServiceSpecificCredential",
	"sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity", "sts:GetFederationToken", "sts:AssumeRoot",
	"sso:GetRoleCredentials", "rds-db:connect", "redshift:GetClusterCredentials", "redshift:GetClusterCredentialsWithIAM",
	"redshift-serverless:GetCredentials", "ec2:GetPasswordData", "codepipeline:PollForJobs", "connect:GetFederationToken",
	"cognito-identity:GetOpenIdToken", "cognito-identity:GetOpenIdTokenForDeveloperIdentity",
	"cognito-identity:GetCredentialsForIdentity", "gamelift:GetComputeAuthToken", "gamelift:RequestUploadCredentials",
	"lightsail:DownloadDefaultKeyPair", "lightsail:GetInstanceAccessDetails", "lightsail:GetRelationalDatabaseMasterUserPassword",
	"lightsail:CreateBucketAccessKey", "mediapackage:RotateChannelCredentials", "appsync:ListApiKeys", "chime:CreateApiKey",
}

# whole are the patterns that name a kind by the name of all that there is.
whole := {"*": "everything", "*:*": "everything", "iam:*": "identity", "s3:*": "storage"}

# kind is the gravest thing that a pattern of actions gives.
kind(pattern) := whole[lower(pattern)]

kind(pattern) := named_kinds(pattern)[0] if not whole[lower(pattern)]

named_kinds(pattern) := array.concat(
	[name |
		some [name, actions] in gives
		not name in {"everything", "identity", "storage"}
		some action in actions
		demarc.matches(lower(pattern), lower(action))
	],
	["permissions" | demarc.action(pattern, "permissions")],
)

# given are the actions of a kind that the statement's patterns name, that no
# statement of the policy refuses, and of which no other rule tells.
given(policy, statement, wanted) := {action |
	some action in named(policy, statement, wanted)
	not told_elsewhere(policy, statement, wanted, action)
}

named(policy, statement, wanted) := {action |
	some pattern in statement.actions
	kind(pattern) == wanted
	some action in covered(pattern, wanted)
	not may_refuse(policy, action)
}

told_elsewhere(policy, _, "passing", _) if complete({policy}) != set()

told_elsewhere(policy, statement, "permissions", _) if graver(policy, statement)

told_elsewhere(policy, statement, "data", "s3:GetObject") if exchanged(policy, statement) != set()

# exchanged are the actions of a statement that both reads and writes objects.
exchanged(policy, statement) := actions if {
	actions := {action |
		some action in ["s3:GetObject", "s3:PutObject"]
		some pattern in statement.actions
		not whole[lower(pattern)]
		demarc.matches(lower(pattern), lower(action))
		not may_refuse(policy, action)
	}
	count(actions) == 2
} else := set()

# refused_perhaps are those that the policy might refuse, if it were known.
refused_perhaps(policy, statement, wanted) := {action |
	some pattern in statement.actions
	kind(pattern) == wanted
	some action in covered(pattern, wanted)
	not refuses(policy, action)
}

covered(_, "everything") := {"*"}

covered(pattern, "permissions") := {action | action := demarc.action(pattern, "permissions")}

covered(pattern, wanted) := {action |
	some [name, actions] in gives
	name == wanted
	some action in actions
	demarc.matches(lower(pattern), lower(action))
} if {
	not wanted in {"everything", "permissions"}
}

# refuses: a statement denies the action on every resource, whatever the conditions.
refuses(policy, action) if {
	some statement in document.denies(policy)
	document.acts(statement, action)
	document.every_resource(statement)
	statement.conditions == []
	value.settled(statement, "conditions")
}

may_refuse(policy, action) if refuses(policy, action)

may_refuse(policy, action) if {
	some statement in policy.statements
	not statement.effect == "Allow"
	may_act(statement, action)
	document.may_be_every_resource(statement)
	document.may_be_unconditional(statement)
	value.unsettled(statement, ["effect", "actions", "every_resource", "conditions"][_])
}

# findings are what is to be said of a policy whose statements give a kind on
# every resource. doing says what that means: "hands out credentials".
findings(policy, wanted, doing) := given_findings(policy, unlimited_in(policy), wanted, doing) | doubts(policy, wanted, doing)

unlimited_in(policy) := [statement | some statement in policy.statements; unlimited(statement)]

given_findings(policy, statements, wanted, doing) := {finding.tagged(policy, value.path(statement, "actions"), message, document.label(statement)) |
	some statement in statements
	actions := given(policy, statement, wanted)
	actions != set()
	message := sprintf("%s %s on every resource: %s", [document.label(statement), doing, listed(actions)])
}

listed(actions) := concat(", ", array.slice(sort(actions), 0, 4))

# exchange_findings are those of statements that read and write every bucket.
exchange_findings(policy) := ({finding.tagged(policy, value.path(statement, "actions"), message, document.label(statement)) |
	some statement in unlimited_in(policy)
	exchanged(policy, statement) != set()
	message := sprintf("%s reads and writes the objects of every bucket", [document.label(statement)])
} | {finding.inconclusive(policy, value.path(statement, member), "it is unknown whether every bucket is read and written") |
	some statement in policy.statements
	may_exchange(policy, statement)
	some member in open_members(statement)
}) | unread(policy, "reads and writes every bucket")

may_exchange(_, statement) if value.unsettled(statement, "actions")

may_exchange(policy, statement) if exchanged(policy, statement) != set()

# wide_findings are those of statements whose actions could be limited, and are
# not, but for what rules of their own tell.
wide_findings(policy, level, doing) := (({finding.tagged(policy, value.path(statement, "actions"), message, document.label(statement)) |
	some statement in unlimited_in(policy)
	not graver(policy, statement)
	actions := wide(policy, statement, level)
	actions != set()
	message := sprintf("%s %s on every resource: %s", [document.label(statement), doing, listed(actions)])
} | {finding.inconclusive(policy, value.path(statement, member), sprintf("it is unknown whether %s %s on every resource", [document.label(statement), doing])) |
	some statement in policy.statements
	may_be_wide(policy, statement, level)
	some member in open_members(statement)
}) | {finding.inconclusive(policy, value.path(statement, "actions"), sprintf("%s is no action that AWS listed when the table was made", [pattern])) |
	some statement in unlimited_in(policy)
	wide(policy, statement, level) == set()
	some pattern in statement.actions
	not whole[lower(pattern)]
	not demarc.action(pattern, "any")
}) | unread(policy, doing)

wide(policy, statement, level) := {action |
	some pattern in statement.actions
	not kind(pattern)
	action := wide_action(pattern, level)
	not may_refuse(policy, action)
}

wide_action(pattern, "write") := demarc.action(pattern, "write")

wide_action(pattern, "limitable") := demarc.action(pattern, "limitable") if not demarc.action(pattern, "write")

may_be_wide(_, statement, _) if value.unsettled(statement, "actions")

may_be_wide(policy, statement, level) if wide(policy, statement, level) != set()

# doubts are the members that leave it unknown whether a statement gives the kind.
doubts(policy, wanted, doing) := ({finding.inconclusive(policy, value.path(statement, member), message) |
	some statement in policy.statements
	may_give(policy, statement, wanted)
	some member in open_members(statement)
	message := sprintf("it is unknown whether %s %s on every resource", [document.label(statement), doing])
} | unread(policy, doing)) | {finding.inconclusive(policy, value.path(statement, "actions"), "it is unknown whether another statement refuses this") |
	some statement in unlimited_in(policy)
	named(policy, statement, wanted) == set()
	refused_perhaps(policy, statement, wanted) != set()
}

unread(policy, doing) := {finding.inconclusive(policy, "", sprintf("it is unknown whether the policy %s", [doing])) |
	document.unreadable(policy)
}

may_give(_, statement, _) if value.unsettled(statement, "actions")

may_give(policy, statement, wanted) if refused_perhaps(policy, statement, wanted) != set()

# graver: the statement is told of already, as what gives a graver thing.
graver(policy, statement) if {
	some wanted in ["everything", "identity", "storage", "rights"]
	named(policy, statement, wanted) != set()
}

# grants are the actions of a list that some unlimited statement of the policies
# allows, and that no statement of the same policy refuses.
grants(policies, actions) := {action |
	some action in actions
	some policy in policies
	some statement in unlimited_in(policy)
	some pattern in statement.actions
	not whole[lower(pattern)]
	demarc.matches(lower(pattern), lower(action))
	not may_refuse(policy, action)
}

# may_grant counts what is unknown as a grant.
may_grant(policies, actions) := (grants(policies, actions) | {action |
	some action in actions
	some policy in policies
	some statement in policy.statements
	open_members(statement) != set()
	may_act(statement, action)
}) | {action |
	some action in actions
	some policy in policies
	document.unreadable(policy)
}

# complete are the ways whose every action, and iam:PassRole, the policies grant.
complete(policies) := {doing |
	some doing, actions in ways
	wanted := {"iam:PassRole"} | {action | some action in actions}
	grants(policies, wanted) == wanted
}

# may_be_complete are those that they may grant.
may_be_complete(policies) := {doing |
	some doing, actions in ways
	wanted := {"iam:PassRole"} | {action | some action in actions}
	may_grant(policies, wanted) == wanted
}

# passing are the statements by which a policy lets any role be passed.
passing(policy) := [statement |
	some statement in unlimited_in(policy)
	document.acts(statement, "iam:PassRole")
]

# way_doubts are the members that leave it unknown whether a policy opens a way.
way_doubts(policy) := {finding.inconclusive(policy, value.path(statement, member), "it is unknown whether the policy lets its holder raise its own rights") |
	may_be_complete({policy}) - complete({policy}) != set()
	some statement in policy.statements
	some member in open_members(statement)
}

# summed are the ways that only several policies of a holder open together.
summed(holder) := complete(policies_of(holder)) - union({complete({policy}) | some policy in policies_of(holder)})

# perhaps_summed are those of which they grant a part, and may grant the rest;
# so may policies that are not known.
perhaps_summed(holder) := {doing |
	some doing, actions in ways
	wanted := {"iam:PassRole"} | {action | some action in actions}
	grants(policies_of(holder), wanted) != set()
	may_complete(holder, wanted)
} - complete(policies_of(holder))

may_complete(holder, wanted) if may_grant(policies_of(holder), wanted) == wanted

may_complete(holder, _) if more_policies(holder)

# more_policies: the holder may have policies that are not known.
more_policies(holder) if value.hidden(holder, ["inline_policy", "policy_attachment", "groups"][_])

more_policies(holder) if {
	value.hidden(holder, "managed_policy_arns")
	not holder.links.managed_policy_arns
}

# several: a holder has several policies, or may have.
several(holder) if count(policies_of(holder)) > 1

several(holder) if {
	policies_of(holder) != set()
	more_policies(holder)
}

# told says ways step by step.
told(doings) := concat("; ", sort([step |
	some doing in doings
	step := sprintf("iam:PassRole, then %s, %s", [concat(", then ", ways[doing]), doing])
]))

# told_alone says what single actions do.
told_alone(actions) := concat("; ", sort([sprintf("%s %s", [action, steps[action]]) | some action in actions]))

# policies_of are the policies of a role, user or group of the stack: written on
# it, attached to it, and those of its groups.
policies_of(holder) := {policy |
	some policy in document.all("identity")
	policy.owner in owners(holder)
}

owners(holder) := ({holder.id} | attached(holder)) | {id |
	some group in resource.targets(holder, "groups", "aws_iam_group")
	some id in ({group.id} | attached(group))
}

attached(holder) := {policy.id |
	some attribute in ["policy_attachment.policy_arn", "managed_policy_arns"]
	some policy in resource.targets(holder, attribute, "aws_iam_policy")
} | {policy.id |
	some attribute in ["roles", "users", "groups"]
	some policy in resource.referrers(holder, "aws_iam_policy", attribute)
}

# never_mentions: no policy of the holder has a condition on the variable, and
# none might.
never_mentions(holder, variable) if {
	not mentions(holder, variable)
	not may_mention(holder, variable)
}

mentions(holder, variable) if {
	some policy in policies_of(holder)
	some statement in policy.statements
	some condition in statement.conditions
	regex.match(variable, lower(condition.variable))
}

may_mention(holder, variable) if {
	more_policies(holder)
	not mentions(holder, variable)
}

# A policy that the stack does not hold may.
may_mention(holder, variable) if {
	not mentions(holder, variable)
	some unknown in holder._unknown
	unknown in {"policy_attachment.policy_arn", "managed_policy_arns", "managed_policy_arns.*"}
	count(attached(holder)) == 0
}

may_mention(holder, variable) if {
	not mentions(holder, variable)
	some policy in policies_of(holder)
	may_have_conditions(policy)
}

may_have_conditions(policy) if document.unreadable(policy)

may_have_conditions(policy) if {
	some statement in policy.statements
	document.conditions_unknown(statement)
}

# without_principal: no known principal of the statement matches the pattern.
without_principal(statement, pattern) if {
	count([identifier |
		some principal in statement.principals
		some identifier in principal.identifiers
		regex.match(pattern, identifier)
	]) == 0
}

# undecided_act are the members that leave it unknown whether the statement
# allows the action.
undecided_act(statement, action) := {member |
	not statement.effect == "Deny"
	may_act(statement, action)
	some member in ["effect", "actions"]
	value.unsettled(statement, member)
}

may_act(statement, action) if document.acts(statement, action)

may_act(statement, _) if value.unsettled(statement, "actions")
