# Parameter groups of databases: blocks of a name and a value.
package demarc.lib.parameter

import data.demarc.lib.value

# absent: the group is known not to set the parameter.
absent(group, name) if value.lacks_block(group, "parameter", {"name": name})

# outside are the paths at which the group sets the parameter to none of the
# allowed texts.
outside(group, name, allowed) := {value.path(parameter, "value") |
	some parameter in group.values.parameter
	parameter.name == name
	value.outside(parameter, "value", allowed)
}

# unlike are those at which it sets it to a text that does not match.
unlike(group, name, pattern) := {value.path(parameter, "value") |
	some parameter in group.values.parameter
	parameter.name == name
	value.differs_from(parameter, "value", pattern)
}

# among are those at which it sets it to one of the texts.
among(group, name, texts) := {value.path(parameter, "value") |
	some parameter in group.values.parameter
	parameter.name == name
	parameter.value in texts
}

# undecided are the paths that leave it unknown what the group sets the
# parameter to.
undecided(group, name) := {value.path(parameter, member) |
	some parameter in group.values.parameter
	value.may_be(parameter, "name", name)
	some member in ["name", "value"]
	value.unsettled(parameter, member)
} | {"parameter" |
	value.hidden(group, "parameter")
}
