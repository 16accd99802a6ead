# Policy documents in normal form: every statement has its actions, resources,
# principals and conditions as lists.
package demarc.lib.document

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# all documents of a kind: identity, trust, resource, endpoint.
all(kind) := object.get(input.documents, kind, [])

# allows are the statements that are known to allow.
allows(document) := [statement |
	some statement in document.statements
	statement.effect == "Allow"
]

# denies are the statements that are known to deny.
denies(document) := [statement |
	some statement in document.statements
	statement.effect == "Deny"
]

# acts: some action pattern of the statement matches the action.
acts(statement, action) if {
	some pattern in statement.actions
	demarc.matches(lower(pattern), lower(action))
}

# acts_on_any: a pattern of the statement covers one of the actions.
acts_on_any(statement, actions) if {
	some action in actions
	acts(statement, action)
}

# every_action: the statement names all actions of all services.
every_action(statement) if "*" in statement.actions

every_action(statement) if "*:*" in statement.actions

every_resource(statement) if statement.every_resource

# may_allow_everything: it is unknown whether the statement allows every action
# on every resource.
may_allow_everything(statement) if {
	not statement.effect == "Deny"
	may_be_every_action(statement)
	may_be_every_resource(statement)
	value.unsettled(statement, ["effect", "actions", "every_resource"][_])
}

may_be_every_action(statement) if every_action(statement)

may_be_every_action(statement) if value.unsettled(statement, "actions")

may_be_every_resource(statement) if every_resource(statement)

may_be_every_resource(statement) if value.unsettled(statement, "every_resource")

# anyone: the principal is everybody, also those outside AWS.
anyone(statement) if {
	some principal in statement.principals
	principal.anyone
}

# public: the statement lets anyone in and no condition is known to narrow
# who. A statement with an unknown condition is not public.
public(statement) if {
	statement.effect == "Allow"
	anyone(statement)
	not_narrowed(statement)
}

# may_be_public: it is unknown whether the statement is public.
may_be_public(statement) if {
	not statement.effect == "Deny"
	not public(statement)
	not narrowed(statement)
	may_be_anyone(statement)
	undecided(statement) != set()
}

may_be_anyone(statement) if anyone(statement)

may_be_anyone(statement) if value.unsettled(statement, "principals.anyone")

# undecided are the members of a statement that leave it unknown whom it lets in.
undecided(statement) := {member |
	some member, path in {"effect": "effect", "principals": "principals.anyone"}
	value.unsettled(statement, path)
} | {"conditions" | conditions_unknown(statement)}

# conditions_unknown: there may be conditions on anything. The values of those
# that are listed do not count.
conditions_unknown(statement) if {
	some unknown in statement._unknown
	unknown in {"conditions", "conditions.*", "*"}
}

# may_let_anyone gives the members that leave it unknown whether the statement
# lets anyone do one of the actions.
may_let_anyone(statement, actions) := undecided(statement) if {
	may_be_public(statement)
	may_act_on_any(statement, actions)
} else := {"actions"} if {
	public(statement)
	not acts_on_any(statement, actions)
	value.unsettled(statement, "actions")
}

may_act_on_any(statement, actions) if acts_on_any(statement, actions)

may_act_on_any(statement, _) if value.unsettled(statement, "actions")

# narrowing are the condition keys that say who or from where.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
narrowing := {
	"aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths",
	"aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceowner",
	"aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn", "aws:vpcsourceip",
	"aws:userid", "aws:username", "kms:calleraccount",
	"s3:dataaccesspointaccount", "s3:dataaccesspointarn", "sns:endpoint", "elasticfilesystem:accesspointarn",
	"elasticfilesystem:accessedviamounttarget",
}

narrowed(statement) if {
	some condition in statement.conditions
	lower(condition.variable) in narrowing
	asserts(condition)
	not wide(condition)
}

# asserts: the condition demands that its key is there and is one of its values.
asserts(condition) if {
	test := lower(condition.test)
	not contains(test, "not")
	not test == "null"
	not startswith(test, "forallvalues:")
	not endswith(test, "ifexists")
}

# wide: some known value of the condition admits everybody.
wide(condition) if {
	some v in condition.values
	wide_value(v)
}

wide_value("*")

wide_value(v) if endswith(v, "/0")

# An ARN whose account is a star, as in arn:aws:iam::*:role/x. The name of a
# bucket is unique without its account.
wide_value(v) if {
	regex.match(`^arn:[^:]*:[^:]*:[^:]*:\*`, v)
	not regex.match(`^arn:[^:]*:s3:[^:]*:[^:]*:[^*?]`, v)
}

wide_value(v) if regex.match(`^arn:[^:]*:s3:[^:]*:[^:]*:[*?]`, v)

# An ARN that ends in a star before its account.
wide_value(v) if regex.match(`^arn:([^:]*:){0,2}\*$`, v)

# label names a statement for people: its sid, or its place.
label(statement) := statement.sid if is_string(statement.sid)

label(statement) := "statement" if not is_string(statement.sid)

# carriers are the resources of a type whose attribute holds a document, known
# or not.
carriers(type, attribute) := [r |
	some r in resource.all(type)
	not r.values[attribute] == null
]

# public_findings are what is to be said of a resource policy that lets anyone
# in: a finding for each such statement, and for each that cannot be known.
public_findings(owner, attribute, what) := union({
	{finding.tagged(owner, value.path(statement, "principals"), message, label(statement)) |
		some statement in owner.values[attribute].statements
		public(statement)
		message := sprintf("%s of %s lets anyone in", [label(statement), what])
	},
	{finding.inconclusive(owner, value.path(statement, member), sprintf("it is unknown whether %s lets anyone in", [what])) |
		some statement in owner.values[attribute].statements
		may_be_public(statement)
		some member in undecided(statement)
	},
	{finding.inconclusive(owner, attribute, sprintf("%s, or a part of it, is unknown", [what])) |
		some unknown in owner._unknown
		unknown in {attribute, concat(".", [attribute, "statements"]), concat(".", [attribute, "statements.*"])}
	},
})

# wildcard: the statement allows every action of the service, and no condition
# says when.
wildcard(statement, service) if {
	statement.effect == "Allow"
	names_all(statement, service)
	statement.conditions == []
	value.settled(statement, "conditions")
}

# names_all: the statement names all actions of the service, or of all services.
names_all(statement, service) if {
	some pattern in statement.actions
	lower(pattern) in {"*", "*:*", concat("", [service, ":*"])}
}

# may_be_wildcard gives the members that leave it unknown whether it is one.
may_be_wildcard(statement, service) := {member |
	not statement.effect == "Deny"
	may_name_all(statement, service)
	may_be_unconditional(statement)
	some member in {"effect", "actions", "conditions"}
	value.unsettled(statement, member)
	not wildcard(statement, service)
}

may_name_all(statement, service) if names_all(statement, service)

may_name_all(statement, _) if value.unsettled(statement, "actions")

may_be_unconditional(statement) if statement.conditions == []

may_be_unconditional(statement) if conditions_unknown(statement)

# wildcard_findings are what is to be said of a resource policy whose statements
# allow every action of the service. The unknown policy is left to public_findings.
wildcard_findings(owner, attribute, what, service) := {finding.tagged(owner, value.path(statement, "actions"), message, tag) |
	some statement in owner.values[attribute].statements
	wildcard(statement, service)
	message := sprintf("%s of %s allows every action", [label(statement), what])
	tag := sprintf("%s: actions", [label(statement)])
} | {finding.inconclusive(owner, value.path(statement, member), sprintf("it is unknown whether %s allows every action", [what])) |
	some statement in owner.values[attribute].statements
	some member in may_be_wildcard(statement, service)
}

# without_tls_demand: it is known that no statement refuses the action over
# plain HTTP, and that not all that allow ask for TLS.
without_tls_demand(null, _)

without_tls_demand(document, action) if {
	is_array(document.statements)
	not refuses_cleartext(document, action)
	not may_refuse_cleartext(document, action)
	not all_demand_tls(document)
}

refuses_cleartext(document, action) if {
	some statement in denies(document)
	acts(statement, action)
	some condition in statement.conditions
	about_tls(condition, "false")
}

# may_refuse_cleartext: some statement might, if its unknown parts were known.
may_refuse_cleartext(document, action) if {
	some statement in document.statements
	not statement.effect == "Allow"
	may_act(statement, action)
	may_be_about_tls(statement)
	some attribute in {"effect", "actions", "conditions"}
	value.unsettled(statement, attribute)
}

may_act(statement, action) if acts(statement, action)

may_act(statement, _) if value.unsettled(statement, "actions")

may_be_about_tls(statement) if {
	some condition in statement.conditions
	about_tls(condition, "false")
}

may_be_about_tls(statement) if value.unsettled(statement, "conditions")

about_tls(condition, expected) if {
	lower(condition.variable) == "aws:securetransport"
	some v in condition.values
	lower(v) == expected
}

# Refusing old versions of TLS refuses clear text as well.
about_tls(condition, "false") if lower(condition.variable) == "s3:tlsversion"

all_demand_tls(document) if {
	allowing := allows(document)
	allowing != []
	every statement in allowing {
		some condition in statement.conditions
		about_tls(condition, "true")
	}
}

# tls_demand_unknown: it is unknown whether the owner's policy refuses plain HTTP.
tls_demand_unknown(owner, attribute, _) if {
	some unknown in owner._unknown
	unknown in {attribute, concat(".", [attribute, "statements"]), concat(".", [attribute, "statements.*"])}
}

tls_demand_unknown(owner, attribute, action) if {
	document := owner.values[attribute]
	not refuses_cleartext(document, action)
	may_refuse_cleartext(document, action)
}

# demanded: a condition demands that a variable is one of the texts.
demanded(statement, variable, texts) if {
	some condition in statement.conditions
	demands(condition, variable)
	value.settled(condition, "values")
	every v in condition.values {
		regex.match(texts, v)
	}
}

demands(condition, variable) if {
	regex.match(variable, lower(condition.variable))
	asserts(condition)
}

# undemanded: it is known that none does.
undemanded(statement, variable, texts) if {
	not demanded(statement, variable, texts)
	not open_demand(statement, variable)
}

# undecided_demand is where what leaves that unknown stands.
undecided_demand(statement, variable, texts) := open_demand(statement, variable) if {
	not demanded(statement, variable, texts)
}

open_demand(statement, variable) := min(open_demands(statement, variable)) if {
	open_demands(statement, variable) != []
} else := value.path(statement, "conditions") if {
	conditions_unknown(statement)
}

open_demands(statement, variable) := [value.path(condition, "values") |
	some condition in statement.conditions
	demands(condition, variable)
	value.unsettled(condition, "values")
]

# unmentioned: no known condition is on a variable of the pattern.
unmentioned(statement, variable) if {
	count([condition |
		some condition in statement.conditions
		regex.match(variable, lower(condition.variable))
	]) == 0
}

# not_narrowed: the statement's conditions are known and none says who or from where.
not_narrowed(statement) if {
	not conditions_unknown(statement)
	not narrowed(statement)
}

# may_be_narrowed: none of those known does, and there may be others.
may_be_narrowed(statement) if {
	conditions_unknown(statement)
	not narrowed(statement)
}

# without_service: no statement of the owner's policy allows the service anything.
without_service(owner, attribute, _) if value.none(owner, attribute)

without_service(owner, attribute, service) if {
	wholly_listed(owner, attribute)
	count([statement |
		some statement in owner.values[attribute].statements
		not statement.effect == "Deny"
		may_name_service(statement, service)
	]) == 0
}

# may_be_without_service: no statement is known to allow the service something.
may_be_without_service(owner, attribute, service) if not names_service(owner, attribute, service)

names_service(owner, attribute, service) if {
	some statement in owner.values[attribute].statements
	statement.effect == "Allow"
	some principal in statement.principals
	principal.type == "Service"
	service in principal.identifiers
}

may_name_service(statement, service) if {
	some principal in statement.principals
	principal.type == "Service"
	service in principal.identifiers
}

may_name_service(statement, _) if value.hidden(statement, "principals")

# unreadable: some or all statements of the document are unknown.
unreadable(document) if {
	some unknown in document._unknown
	unknown in {"statements", "statements.*"}
}

# wholly_listed: all statements of the owner's policy are there, if only in part known.
wholly_listed(owner, attribute) if {
	unknown := {attribute, concat(".", [attribute, "statements"]), concat(".", [attribute, "statements.*"])}
	unknown & {u | some u in owner._unknown} == set()
}

# partly_listed: some or all statements of the owner's policy are unknown.
partly_listed(owner, attribute) if not wholly_listed(owner, attribute)
