# Resources of the graph and the links between them.
package demarc.lib.resource

import data.demarc.lib.value

# all resources of a canonical type.
all(type) := object.get(input.by_type, type, [])

# elsewhere: r is declared elsewhere, and nothing here says what its attribute is.
elsewhere(r, attribute) if {
	r.external
	object.get(r.values, attribute, value.missing) == value.missing
}

# alone: no resource of the type stands beside r.
alone(r, type) if count([other | some other in object.get(input.by_type, type, []); other.stack == r.stack]) == 0

# without_default: no resource of the type, of which a root has one, sets the
# attribute to the value for all that stands beside r, or might.
without_default(r, type, attribute, v) if not may_have_default(r, type, attribute, v)

may_have_default(r, type, attribute, v) if {
	some other in object.get(input.by_type, type, [])
	other.stack == r.stack
	value.may_be(other, attribute, v)
}

# without: no resource of the type links to r by the attribute, none might, and
# no module that is not at hand takes r as an argument.
without(r, type, attribute) if {
	reference := concat(".", [type, attribute])
	not r.external
	not r.linked_by[reference]
	not reference in input.loose[r.stack]
	not r.in_gap
}

# may_have: no resource of the type is known to link to r by the attribute, but
# one might, or a module that is not at hand takes r as an argument.
may_have(r, type, attribute) if {
	reference := concat(".", [type, attribute])
	not r.linked_by[reference]
	reference in input.loose[r.stack]
}

may_have(r, type, attribute) if {
	not r.linked_by[concat(".", [type, attribute])]
	r.in_gap
}

# referrers are the resources of the type that link to r by the attribute.
referrers(r, type, attribute) := {other |
	some id in r.linked_by[concat(".", [type, attribute])]
	other := input.by_id[id]
}

# targets are the resources of the type that r's attribute links to.
targets(r, attribute, type) := {other |
	some id in r.links[attribute]
	other := input.by_id[id]
	other.type == type
}

# linked: r's attribute refers to some resource or data source.
linked(r, attribute) if r.links[attribute]

# may_lack: nothing is written at the attribute, as far as is known: it is
# absent, or unknown and no reference.
may_lack(r, attribute) if value.none(r, attribute)

may_lack(r, attribute) if {
	value.unsettled(r, attribute)
	not linked(r, attribute)
}

# set: the attribute is written: known and something, or a reference.
set(r, attribute) if linked(r, attribute)

set(r, attribute) if {
	v := value.get(r, attribute)
	not v in value.nothing
}

# lacks_all: it is known that nothing is written at any of the attributes.
lacks_all(r, attributes) if {
	every attribute in attributes {
		value.none(r, attribute)
	}
}

# may_lack_all are the attributes that leave it unknown whether nothing is
# written at any of them.
may_lack_all(r, attributes) := {attribute |
	every other in attributes {
		may_lack(r, other)
	}
	some attribute in attributes
	value.unsettled(r, attribute)
}

# targets_lack: of the resources of the type that r's attribute refers to, none
# has, or might have, the value at the path.
targets_lack(r, attribute, type, path, v) if {
	count([other | some other in targets(r, attribute, type); value.may_be(other, path, v)]) == 0
}

# settled_by: which resources of the type link to r by the attribute is known.
settled_by(r, type, attribute) if {
	not r.external
	not r.in_gap
	not concat(".", [type, attribute]) in input.loose[r.stack]
}
