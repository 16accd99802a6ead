# Parameter groups of databases: blocks of a name and a value.
package demarc.lib.parameter

import data.demarc.lib.finding
import data.demarc.lib.value

# lacking: it is known that the group does not set the parameter.
lacking(group, name) if value.lacks_block(group, "parameter", {"name": name})

# unlike are the places where the group sets the parameter to a known value
# that does not match the pattern.
unlike(group, name, pattern) := {value.path(block, "value") |
	some block in group.values.parameter
	block.name == name
	value.differs_from(block, "value", pattern)
}

# doubts are the findings about a group of which it is unknown whether it sets
# the parameter, or to what. A block whose value matches the pattern of harmless
# ones leaves no doubt.
doubts(group, name, harmless, message) := union({
	{finding.inconclusive(group, value.path(block, undecided), message) |
		some block in group.values.parameter
		value.may_be(block, "name", name)
		not value.matches(block, "value", harmless)
		some undecided in ["name", "value"]
		value.unsettled(block, undecided)
	},
	{finding.inconclusive(group, "parameter", message) | value.hidden(group, "parameter")},
})
