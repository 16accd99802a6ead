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

# acts: some action pattern of the statement matches the action, or it is not
# among those that NotAction leaves out. The action may be a pattern itself.
acts(statement, action) if {
	some pattern in statement.actions
	demarc.matches(lower(pattern), lower(action))
}

acts(statement, action) if {
	statement.not_actions != []
	value.settled(statement, "not_actions")
	not leaves_out(statement, action)
}

leaves_out(statement, action) if {
	some pattern in statement.not_actions
	meet(lower(pattern), lower(action))
}

meet(a, b) if demarc.matches(a, b)

meet(a, b) if demarc.matches(b, a)

# acts_on_any: a pattern of the statement covers one of the actions.
acts_on_any(statement, actions) if {
	some action in actions
	acts(statement, action)
}

may_act_on_any(statement, actions) if acts_on_any(statement, actions)

may_act_on_any(statement, _) if value.unsettled(statement, "actions")

# every_action: the statement names all actions of all services.
every_action(statement) if "*" in statement.actions

every_action(statement) if "*:*" in statement.actions

every_resource(statement) if statement.every_resource

# What an Allow leaves out is named, and all the rest is not.
every_resource(statement) if {
	statement.effect == "Allow"
	statement.not_resources != []
}

# names_no_resource: the statement is about the resource that carries it.
names_no_resource(statement) if {
	statement.resources == []
	statement.not_resources == []
}

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

# conditions_unknown: there may be conditions on anything. The values of those
# that are listed do not count.
conditions_unknown(statement) if {
	some unknown in statement._unknown
	unknown in {"conditions", "conditions.*", "*"}
}

# label names a statement for people: its sid, or its place.
label(statement) := statement.sid if is_string(statement.sid)

label(statement) := "statement" if not is_string(statement.sid)

# carriers are the resources of a type whose attribute holds a document, known
# or not.
carriers(type, attribute) := [r |
	some r in resource.all(type)
	not r.values[attribute] == null
]

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

names_all(statement, service) if {
	statement.not_actions != []
	acts(statement, concat("", [service, ":*"]))
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
