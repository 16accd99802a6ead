# Whether a resource policy refuses requests that are not over TLS.
package demarc.lib.tls

import data.demarc.lib.audience
import data.demarc.lib.document
import data.demarc.lib.value

# without_refusal: it is known that no statement refuses the action over
# plain HTTP for everybody. The action may be a pattern: s3:*.
without_refusal(null, _)

without_refusal(policy, action) if {
	is_array(policy.statements)
	not refuses_cleartext(policy, action)
	not may_refuse_cleartext(policy, action)
}

# without_demand: and that not all that allow ask for TLS.
without_demand(policy, action) if {
	without_refusal(policy, action)
	not all_demand(policy)
}

# refuses_cleartext: the statements that refuse clear text cover the resource
# that carries the policy, and what is in it.
refuses_cleartext(policy, action) if {
	some outer in policy.statements
	refuses(outer, action)
	covers_container(outer)
	some inner in policy.statements
	refuses(inner, action)
	covers_content(inner)
}

# refuses: the statement refuses everybody the action over plain HTTP, and
# nothing else has to be so.
refuses(statement, action) if {
	statement.effect == "Deny"
	audience.anyone(statement)
	document.acts(statement, action)
	not document.conditions_unknown(statement)
	statement.conditions != []
	every condition in statement.conditions {
		about_tls(condition, "false")
	}
}

covers_container(statement) if covers_whatever(statement)

covers_container(statement) if {
	some name in statement.resources
	not contains(name, "/")
}

# The ARN of what has no parts, as a file system's, has a slash as well.
covers_container(statement) if {
	some name in statement.resources
	not startswith(name, "arn:aws:s3:")
}

covers_content(statement) if covers_whatever(statement)

covers_content(statement) if {
	some name in statement.resources
	regex.match(`^[^/]*(/\*|\*)$`, name)
}

covers_content(statement) if {
	some name in statement.resources
	not regex.match(`^arn:[^:]*:s3:`, name)
}

# covers_whatever: the statement is about every resource, or some are not known.
covers_whatever(statement) if statement.every_resource

covers_whatever(statement) if value.unsettled(statement, "resources")

covers_whatever(statement) if document.names_no_resource(statement)

# may_refuse_cleartext: some statement might, if its unknown parts were known.
may_refuse_cleartext(policy, action) if {
	some statement in policy.statements
	not statement.effect == "Allow"
	may_act(statement, action)
	may_be_about_tls(statement)
	may_bind_everybody(statement)
	some attribute in {"effect", "actions", "conditions", "principals.anyone"}
	value.unsettled(statement, attribute)
}

may_act(statement, action) if document.acts(statement, action)

may_act(statement, _) if value.unsettled(statement, "actions")

may_bind_everybody(statement) if audience.anyone(statement)

may_bind_everybody(statement) if value.unsettled(statement, "principals.anyone")

may_be_about_tls(statement) if {
	some condition in statement.conditions
	about_tls(condition, "false")
}

may_be_about_tls(statement) if value.unsettled(statement, "conditions")

about_tls(condition, expected) if {
	lower(condition.variable) == "aws:securetransport"
	startswith(lower(condition.test), "bool")
	some v in condition.values
	lower(v) == expected
}

# Refusing old versions of TLS refuses clear text as well.
about_tls(condition, "false") if lower(condition.variable) == "s3:tlsversion"

all_demand(policy) if {
	allowing := document.allows(policy)
	allowing != []
	every statement in allowing {
		some condition in statement.conditions
		about_tls(condition, "true")
	}
}

# demand_unknown: it is unknown whether the owner's policy refuses plain HTTP.
demand_unknown(owner, attribute, _) if {
	some unknown in owner._unknown
	unknown in {attribute, concat(".", [attribute, "statements"]), concat(".", [attribute, "statements.*"])}
}

demand_unknown(owner, attribute, action) if {
	policy := owner.values[attribute]
	not refuses_cleartext(policy, action)
	may_refuse_cleartext(policy, action)
}
