# Keys of KMS: whose key encrypts something.
package demarc.lib.key

import data.demarc.lib.finding
import data.demarc.lib.resource
import data.demarc.lib.value

# foreign is what is to be said where the attribute names no key, or one that
# AWS keeps, or where that is unknown: such a key has no policy of the
# customer's. what names what is encrypted: "this bucket".
foreign(r, attribute, what) := ({finding.at(r, attribute, sprintf("no KMS key of the customer's own encrypts %s", [what])) |
	value.none(r, attribute)
} | {finding.at(r, attribute, sprintf("AWS's own key encrypts %s", [what])) |
	kept_by_aws(r, attribute)
}) | {finding.inconclusive(r, attribute, sprintf("it is unknown whose key encrypts %s", [what])) |
	value.unsettled(r, attribute)
	resource.may_lack(r, attribute)
}

# foreign_where is the same of what a switch of the resource turns on; without
# it there is no key.
foreign_where(r, switch, attribute, what) := foreign(r, attribute, what) if value.is(r, switch, true)

foreign_where(r, switch, attribute, what) := {finding.inconclusive(r, switch, sprintf("it is unknown whether %s is encrypted at all", [what])) |
	count(foreign(r, attribute, what)) > 0
} if value.unsettled(r, switch)

# https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-cmk
aliases_of_aws := `^(arn:[^/]*:)?alias/aws/`

kept_by_aws(r, attribute) if value.matches(r, attribute, aliases_of_aws)

kept_by_aws(r, attribute) if {
	some type, name in {"data.aws_kms_alias": "name", "data.aws_kms_key": "key_id"}
	some lookup in resource.targets(r, attribute, type)
	value.matches(lookup, name, aliases_of_aws)
}
