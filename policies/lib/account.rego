# Roots that manage an account: what such a root lacks, its account lacks as far
# as the code shows. Another root may hold it, so that only roots that set up
# the account are asked.
package demarc.lib.account

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# managing are the types that a root has when it sets up an account.
managing := [
	"aws_organizations_organization", "aws_iam_account_password_policy", "aws_account_alternate_contact",
	"aws_s3_account_public_access_block", "aws_securityhub_account", "aws_guardduty_detector",
	"aws_config_configuration_recorder", "aws_accessanalyzer_analyzer",
]

# roots are the resources that stand for the roots that manage an account, one
# of each: the first by its address, whatever their order in the source.
roots := {r |
	some type in managing
	some r in resource.all(type)
	not r.external
	r.address == min(managers(r.stack))
}

managers(stack) := {r.address |
	some type in managing
	some r in resource.all(type)
	not r.external
	r.stack == stack
}

# absent is what is to be said of each root that has no resource of the types.
absent(types, what) := {finding.at(r, "", sprintf("this root manages the account, and has no %s", [what])) |
	some r in roots
	lacks(r, types)
}

# lacks: the root of a resource has no resource of the types, and no module that
# is not at hand may have one.
lacks(r, types) if {
	count([other |
		some type in types
		some other in resource.all(type)
		other.stack == r.stack
	]) == 0
	not r.in_gap
}

# none_is: no resource of this one's type in its root has, or might have, the
# value at the path.
none_is(r, path, v) if {
	count([other |
		some other in resource.all(r.type)
		other.stack == r.stack
		value.may_be(other, path, v)
	]) == 0
}
