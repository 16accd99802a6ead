# Policy documents in normal form: every statement has its actions, resources,
# principals and conditions as lists.
package demarc.lib.document

import data.demarc.lib.finding
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

every_resource(statement) if "*" in statement.resources

# anyone: the principal is everybody, also those outside AWS.
anyone(statement) if {
	some principal in statement.principals
	principal.type in {"AWS", "*"}
	"*" in principal.identifiers
}

# public: the statement lets anyone in and no condition is known to narrow
# who. A statement with an unknown condition is not public.
public(statement) if {
	statement.effect == "Allow"
	anyone(statement)
	value.settled(statement, "conditions")
	not narrowed(statement)
}

# may_be_public: it is unknown whether the statement is public.
may_be_public(statement) if {
	not statement.effect == "Deny"
	not public(statement)
	not narrowed(statement)
	may_be_anyone(statement)
	some attribute in {"effect", "principals", "conditions"}
	value.unsettled(statement, attribute)
}

may_be_anyone(statement) if anyone(statement)

may_be_anyone(statement) if value.unsettled(statement, "principals")

# narrowing are the condition keys that say who or from where.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
narrowing := {
	"aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths",
	"aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceowner",
	"aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn", "aws:vpcsourceip",
	"aws:userid", "aws:username", "kms:calleraccount", "kms:viaservice",
	"s3:dataaccesspointaccount", "s3:dataaccesspointarn", "sns:endpoint", "elasticfilesystem:accesspointarn",
}

narrowed(statement) if {
	some condition in statement.conditions
	lower(condition.variable) in narrowing
	narrows(condition)
}

# narrows: every known value of the condition is narrower than everything.
narrows(condition) if {
	not startswith(lower(condition.test), "stringnot")
	not startswith(lower(condition.test), "arnnot")
	not startswith(lower(condition.test), "notipaddress")
	not lower(condition.test) == "null"
	not endswith(lower(condition.test), "ifexists")
	not wide(condition)
}

wide(condition) if {
	some v in condition.values
	wide_value(v)
}

wide_value("*")

wide_value(v) if endswith(v, "/0")

# An ARN whose account is a star, as in arn:aws:iam::*:role/x.
wide_value(v) if regex.match(`^arn:[^:]*:[^:]*:[^:]*:\*`, v)

# label names a statement for people: its sid, or its place.
label(statement) := statement.sid if is_string(statement.sid)

label(statement) := "statement" if not is_string(statement.sid)

# public_findings are what is to be said of a resource policy that lets anyone
# in: a finding for each such statement, and for each that cannot be known.
public_findings(owner, attribute, what) := union({
	{finding.tagged(owner, value.path(statement, "principals"), message, label(statement)) |
		some statement in owner.values[attribute].statements
		public(statement)
		message := sprintf("%s of %s lets anyone in", [label(statement), what])
	},
	{finding.inconclusive(owner, value.path(statement, undecided), sprintf("it is unknown whether %s lets anyone in", [what])) |
		some statement in owner.values[attribute].statements
		may_be_public(statement)
		some undecided in {"effect", "principals", "conditions"}
		value.unsettled(statement, undecided)
	},
	{finding.inconclusive(owner, attribute, sprintf("%s, or a part of it, is unknown", [what])) |
		some unknown in owner._unknown
		unknown in {attribute, concat(".", [attribute, "statements"]), concat(".", [attribute, "statements.*"])}
	},
})

# without_tls_demand: no statement refuses what is not over TLS, and not all
# that allow ask for it. The document is wholly known, or null.
without_tls_demand(document, _) if document == null

without_tls_demand(document, action) if {
	is_object(document)
	not refuses_cleartext(document, action)
	not all_demand_tls(document)
}

refuses_cleartext(document, action) if {
	some statement in denies(document)
	acts(statement, action)
	some condition in statement.conditions
	lower(condition.variable) == "aws:securetransport"
	some v in condition.values
	lower(v) == "false"
}

# A Deny that asks for a TLS version refuses clear text as well.
refuses_cleartext(document, action) if {
	some statement in denies(document)
	acts(statement, action)
	some condition in statement.conditions
	lower(condition.variable) == "s3:tlsversion"
}

all_demand_tls(document) if {
	allowing := allows(document)
	allowing != []
	every statement in allowing {
		demands_tls(statement)
	}
}

demands_tls(statement) if {
	some condition in statement.conditions
	lower(condition.variable) == "aws:securetransport"
	some v in condition.values
	lower(v) == "true"
}

# without_condition: no condition on the variable has only values that match
# the pattern.
without_condition(statement, variable, pattern) if {
	count([condition |
		some condition in statement.conditions
		lower(condition.variable) == variable
		every v in condition.values {
			regex.match(pattern, v)
		}
	]) == 0
}

# not_narrowed: the statement's conditions are known and none says who or from where.
not_narrowed(statement) if {
	value.settled(statement, "conditions")
	not narrowed(statement)
}

# unreadable: some or all statements of the document are unknown.
unreadable(document) if {
	some unknown in document._unknown
	unknown in {"statements", "statements.*"}
}
