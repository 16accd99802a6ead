# Parameter groups of databases: blocks in Terraform, an object in CloudFormation.
package demarc.lib.parameter

import data.demarc.lib.value

# absent: the group is known not to set the parameter.
absent(group, name) if {
	value.lacks_block(group, "parameter", {"name": name})
	value.lacks_entry(group, "parameters", name)
}

# outside are the paths at which the group sets the parameter to none of the
# allowed texts.
outside(group, name, allowed) := {value.path(parameter, "value") |
	some parameter in group.values.parameter
	parameter.name == name
	value.outside(parameter, "value", allowed)
} | {"parameters" |
	value.entry_outside(group, "parameters", name, allowed)
}

# undecided are the paths that leave it unknown what the group sets the
# parameter to.
undecided(group, name) := ({value.path(parameter, member) |
	some parameter in group.values.parameter
	value.may_be(parameter, "name", name)
	some member in ["name", "value"]
	value.unsettled(parameter, member)
} | {"parameter" |
	value.hidden(group, "parameter")
}) | {"parameters" |
	value.entry_unknown(group, "parameters", name)
}

# among are the paths at which the group sets the parameter to one of the texts.
among(group, name, texts) := {value.path(parameter, "value") |
	some parameter in group.values.parameter
	parameter.name == name
	parameter.value in texts
} | {"parameters" |
	some key, v in group.values.parameters
	key == name
	sprintf("%v", [v]) in texts
}
