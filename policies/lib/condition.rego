# Conditions of policy statements: which narrow whom a statement lets in, and
# what they demand.
package demarc.lib.condition

import data.demarc.lib.document
import data.demarc.lib.value

# narrowing are the condition keys that say who or from where, as of November
# 2026. What a caller chooses for himself, such as a tag, is none.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
narrowing := {
	"aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths",
	"aws:principalservicename", "aws:principalservicenameslist",
	"aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceowner",
	"aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn", "aws:vpcsourceip",
	"aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths", "aws:ec2instancesourcevpc",
	"aws:userid", "aws:username", "kms:calleraccount", "identitystore:userid",
	"codebuild:projectarn", "ec2:sourceinstancearn", "lambda:sourcefunctionarn", "ssm:sourceinstancearn",
	"s3:dataaccesspointaccount", "s3:dataaccesspointarn", "sns:endpoint", "elasticfilesystem:accesspointarn",
	"elasticfilesystem:accessedviamounttarget",
}

narrowed(statement) if {
	some condition in statement.conditions
	lower(condition.variable) in narrowing
	asserts(statement, condition)
	not wide(condition)
}

# Only services of AWS pass.
narrowed(statement) if {
	some condition in statement.conditions
	says(condition, "aws:principalisawsservice", "true")
	asserts(statement, condition)
}

says(condition, variable, text) if {
	lower(condition.variable) == variable
	some v in condition.values
	lower(v) == text
}

# asserts: the statement's condition demands that its key is there and is one
# of its values. ForAllValues and IfExists let requests without the key pass, so
# that another condition has to ask for it.
asserts(_, condition) if affirms(condition)

asserts(statement, condition) if {
	compares(condition)
	some other in statement.conditions
	lower(other.variable) == lower(condition.variable)
	wants_key(other)
}

# compares: the condition says what its key is, where it is there.
compares(condition) if {
	test := lower(condition.test)
	not contains(test, "not")
	not test == "null"
}

affirms(condition) if {
	compares(condition)
	test := lower(condition.test)
	not startswith(test, "forallvalues:")
	not endswith(test, "ifexists")
}

wants_key(condition) if affirms(condition)

wants_key(condition) if {
	lower(condition.test) == "null"
	says(condition, lower(condition.variable), "false")
}

# wide: the known values of the condition admit everybody.
wide(condition) if {
	some v in condition.values
	wide_value(v)
}

wide(condition) if {
	lower(condition.variable) == "aws:sourceip"
	demarc.internet([v | some v in condition.values])
}

# A pattern of nothing but wildcards, behind the letters that every such name
# begins with.
wide_value(v) if regex.match(`^(o-|vpc-|vpce-|arn:|AROA|AIDA|ASIA)?[*?:/]*[*?][*?:/]*$`, v)

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

# not_narrowed: the statement's conditions are known and none says who or from where.
not_narrowed(statement) if {
	not document.conditions_unknown(statement)
	not narrowed(statement)
}

# may_be_narrowed: none of those known does, and there may be others.
may_be_narrowed(statement) if {
	document.conditions_unknown(statement)
	not narrowed(statement)
}

# demanded: the statement demands of a variable that it is one of the texts.
# Of several conditions on it each has to hold.
demanded(statement, variable, texts) if {
	some condition in statement.conditions
	demands(statement, condition, variable)
	value.settled(condition, "values")
	every v in condition.values {
		regex.match(texts, v)
	}
}

demands(statement, condition, variable) if {
	regex.match(variable, lower(condition.variable))
	asserts(statement, condition)
}

any_demanded(statement, demanding) if {
	some variable, texts in demanding
	demanded(statement, variable, texts)
}

# undemanded: it is known that the statement demands none of some variables to
# be one of their texts.
undemanded(statement, demanding) if {
	not any_demanded(statement, demanding)
	not open_demand(statement, demanding)
}

# undecided_demand is where what leaves that unknown stands.
undecided_demand(statement, demanding) := open_demand(statement, demanding) if {
	not any_demanded(statement, demanding)
}

open_demand(statement, demanding) := min(open_demands(statement, demanding)) if {
	open_demands(statement, demanding) != []
} else := value.path(statement, "conditions") if {
	document.conditions_unknown(statement)
}

open_demands(statement, demanding) := [value.path(condition, "values") |
	some condition in statement.conditions
	some variable, _ in demanding
	demands(statement, condition, variable)
	value.unsettled(condition, "values")
]

# unmentioned: no known condition is on a variable of the pattern.
unmentioned(statement, variable) if {
	count([condition |
		some condition in statement.conditions
		regex.match(variable, lower(condition.variable))
	]) == 0
}
