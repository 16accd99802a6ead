# Whom a policy's statements let in: principals, the conditions that narrow
# them, and the Deny statements that keep others out.
package demarc.lib.audience

import data.demarc.lib.condition
import data.demarc.lib.document
import data.demarc.lib.finding
import data.demarc.lib.value

# anyone: the principal is everybody, also those outside AWS. An Allow for all
# but a few is one for everybody.
anyone(statement) if {
	some principal in statement.principals
	principal.anyone
}

anyone(statement) if spares(statement, "Allow")

# spares: the statement of that effect is for all but the principals it names.
spares(statement, effect) if {
	statement.effect == effect
	statement.not_principals != []
	not names_everybody(statement)
}

names_everybody(statement) if {
	some principal in statement.not_principals
	principal.anyone
}

# principal_at is where it stands whom the statement is about.
principal_at(statement) := value.path(statement, "not_principals") if {
	spares(statement, "Allow")
} else := value.path(statement, "principals")

# public: the document's statement lets anyone in, no condition is known to
# narrow who, and no other statement keeps strangers out. One with an unknown
# condition is not public.
public(policy, statement) if {
	statement.effect == "Allow"
	anyone(statement)
	condition.not_narrowed(statement)
	not kept_from_strangers(policy, statement)
	might_be_kept(policy, statement) == set()
}

# may_be_public: it is unknown whether the statement is public.
may_be_public(policy, statement) if {
	not statement.effect == "Deny"
	not public(policy, statement)
	not condition.narrowed(statement)
	not kept_from_strangers(policy, statement)
	may_be_anyone(statement)
	undecided(policy, statement) != set()
}

may_be_anyone(statement) if anyone(statement)

may_be_anyone(statement) if value.unsettled(statement, "principals.anyone")

may_be_anyone(statement) if value.hidden(statement, "not_principals")

# undecided are the paths that leave it unknown whom a statement lets in.
undecided(policy, statement) := (({value.path(statement, member) |
	some member, path in {"effect": "effect", "principals": "principals.anyone"}
	value.unsettled(statement, path)
} | {value.path(statement, "not_principals") |
	value.hidden(statement, "not_principals")
}) | {value.path(statement, "conditions") |
	document.conditions_unknown(statement)
}) | might_be_kept(policy, statement)

# may_let_anyone gives the paths that leave it unknown whether the statement
# lets anyone do one of the actions.
may_let_anyone(policy, statement, actions) := undecided(policy, statement) if {
	may_be_public(policy, statement)
	document.may_act_on_any(statement, actions)
} else := {value.path(statement, "actions")} if {
	public(policy, statement)
	not document.acts_on_any(statement, actions)
	value.unsettled(statement, "actions")
}

# kept_from_strangers: a Deny covers what the statement allows, for all but some
# organisation, account or network.
kept_from_strangers(policy, statement) if {
	some deny in document.denies(policy)
	covers(deny, statement)
	excludes_strangers(deny)
}

# might_be_kept are the paths at which statements stand that would keep
# strangers out if their unknown conditions are the right ones.
might_be_kept(policy, statement) := {value.path(deny, "conditions") |
	some deny in document.denies(policy)
	document.conditions_unknown(deny)
	covers(deny, statement)
	for_everyone(deny)
	not kept_from_strangers(policy, statement)
}

# for_everyone: the Deny binds everybody.
for_everyone(deny) if anyone(deny)

excludes_strangers(deny) if {
	for_everyone(deny)
	not document.conditions_unknown(deny)
	every limit in deny.conditions {
		spares_some(limit)
	}
	leaves_few(deny)
}

# Without a condition, a Deny for all but some principals leaves only those.
excludes_strangers(deny) if {
	spares(deny, "Deny")
	deny.conditions == []
	value.settled(deny, "conditions")
}

leaves_few(deny) if deny.conditions == []

leaves_few(deny) if {
	some limit in deny.conditions
	spares_named(limit)
}

# spares_some: whom the condition takes out of the Deny is not everybody. AWS's
# services, and what they do on somebody's behalf, are left to the other ones.
spares_some(limit) if spares_named(limit)

spares_some(limit) if {
	some variable in ["aws:principalisawsservice", "aws:viaawsservice"]
	condition.says(limit, variable, "false")
}

# spares_named: the condition takes out of the Deny only those that its values
# name. A request without the key is denied.
spares_named(limit) if {
	lower(limit.variable) in condition.narrowing
	regex.match(`^(forallvalues:)?(stringnotequals|stringnotequalsignorecase|stringnotlike|arnnotequals|arnnotlike|notipaddress)(ifexists)?$`, lower(limit.test))
	not condition.wide(limit)
}

# covers: the Deny is about all that the statement allows, as far as is known.
covers(deny, statement) if {
	covers_actions(deny, statement)
	covers_resources(deny, statement)
}

covers_actions(deny, _) if document.every_action(deny)

covers_actions(deny, statement) if {
	statement.actions != []
	every action in statement.actions {
		document.acts(deny, action)
	}
}

covers_resources(deny, _) if deny.every_resource

covers_resources(deny, _) if document.names_no_resource(deny)

covers_resources(deny, statement) if {
	deny.not_resources == []
	statement.not_resources == []
	every name in statement.resources {
		reaches(deny, name)
	}
}

# What is not known on both sides is taken to be the resource that carries them.
covers_resources(deny, statement) if {
	value.unsettled(deny, "resources")
	value.unsettled(statement, "resources")
}

# reaches: the statement's resources cover the name, or some are not known.
reaches(statement, _) if value.unsettled(statement, "resources")

reaches(statement, name) if {
	some pattern in statement.resources
	demarc.matches(pattern, name)
}

# public_findings are what is to be said of a resource policy that lets anyone
# in: a finding for each such statement, and for each that cannot be known.
public_findings(owner, attribute, what) := union({
	{finding.tagged(owner, principal_at(statement), message, document.label(statement)) |
		some statement in owner.values[attribute].statements
		public(owner.values[attribute], statement)
		message := sprintf("%s of %s lets anyone in", [document.label(statement), what])
	},
	{finding.inconclusive(owner, path, sprintf("it is unknown whether %s lets anyone in", [what])) |
		some statement in owner.values[attribute].statements
		may_be_public(owner.values[attribute], statement)
		some path in undecided(owner.values[attribute], statement)
	},
	{finding.inconclusive(owner, attribute, sprintf("%s, or a part of it, is unknown", [what])) |
		some unknown in owner._unknown
		unknown in {attribute, concat(".", [attribute, "statements"]), concat(".", [attribute, "statements.*"])}
	},
})
