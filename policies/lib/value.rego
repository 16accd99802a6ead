# The vocabulary for values that may be unknown. A known value is there, an
# absent one is there with its default or as null, an unknown one is not there:
# its path stands in _unknown. Everything here is false or undefined for an
# unknown value, so that a rule can never fail because of one.
#
# A path is dotted and has no indexes. x is a resource, a block or a statement.
package demarc.lib.value

missing := {"demarc": "missing"}

nothing := {null, "", [], {}}

# fields are the attributes of a resource, or a block itself.
fields(x) := x.values if x.address

fields(x) := x if not x.address

# get is the known value at a path; null or a default where it is absent.
get(x, path) := x.values[path] if {
	x.address
} else := x[path] if {
	not x.address
} else := v if {
	contains(path, ".")
	v := object.get(fields(x), split(path, "."), missing)
	v != missing
}

# none: it is known that nothing is written at the path, or around it.
none(x, path) if {
	get(x, path) in nothing
	settled(x, path)
}

none(x, path) if {
	contains(path, ".")
	parts := split(path, ".")
	some i, _ in parts
	i > 0
	object.get(fields(x), array.slice(parts, 0, i), missing) == null
}

# hidden: what is written at the path is unknown, or whether anything is.
hidden(x, path) if {
	some unknown in x._unknown
	unknown in {path, concat("", [path, ".*"])}
}

# settled: nothing at, below or around the path is unknown.
settled(x, path) if not unsettled(x, path)

unsettled(x, path) if {
	some unknown in x._unknown
	overlaps(unknown, path)
}

overlaps(unknown, path) if unknown == path

overlaps(unknown, path) if startswith(unknown, concat("", [path, "."]))

overlaps(unknown, path) if startswith(path, concat("", [unknown, "."]))

overlaps(unknown, path) if {
	endswith(unknown, "*")
	startswith(path, trim_suffix(unknown, "*"))
}

# too_brief says that something is kept for fewer days than asked for, which is
# known, in words.
too_brief(x, path, least, what) := message if {
	below(x, path, least)
	days := get(x, path)
	message := {true: sprintf("no %s are kept", [what]), false: sprintf("%s are kept for %s, fewer than %d", [what, in_days(days), least])}[days == 0]
}

in_days(n) := "1 day" if n == 1

in_days(n) := sprintf("%d days", [n]) if n != 1

# option is a threshold of a rule, as the configuration or else METADATA has it.
option(rule, name) := input.options[rule][name]

# is: the value at the path is known and is this one.
is(x, path, expected) if get(x, path) == expected

# may_be: the value at the path is this one, or unknown.
may_be(x, path, expected) if is(x, path, expected)

may_be(x, path, _) if unsettled(x, path)

# differs: the value at the path is known and is another one.
differs(x, path, expected) if get(x, path) != expected

# may_differ: the value at the path is another one, or unknown.
may_differ(x, path, expected) if differs(x, path, expected)

may_differ(x, path, _) if unsettled(x, path)

# unsettled_in is where the first of a resource's blocks stands whose attribute
# is unknown.
unsettled_in(x, blocks, attribute) := min([path(block, attribute) |
	some block in get(x, blocks)
	unsettled(block, attribute)
])

# first_at is where the attribute of the first of a resource's blocks stands.
first_at(x, blocks, attribute) := min([path(block, attribute) | some block in get(x, blocks)])

# has: the list at the path holds the member, whatever else it holds.
has(x, path, member) if member in get(x, path)

# lacks: the list at the path is wholly known and does not hold the member.
lacks(x, path, member) if {
	settled(x, path)
	not has(x, path, member)
}

# may_lack: the list at the path is not known to hold the member, and may not.
may_lack(x, path, member) if {
	unsettled(x, path)
	not has(x, path, member)
}

# outside: the value at the path is known, written, and none of the allowed.
outside(x, path, allowed) if {
	v := get(x, path)
	v != null
	not v in allowed
}

# matches: the text at the path is known and matches the pattern.
matches(x, path, pattern) if {
	v := get(x, path)
	is_string(v)
	regex.match(pattern, v)
}

# differs_from: the value at the path is known and no text that matches.
differs_from(x, path, pattern) if {
	get(x, path)
	not matches(x, path, pattern)
}

# alone: the list at the path is wholly known and has one member.
alone(x, path) if {
	settled(x, path)
	count(get(x, path)) == 1
}

# below: the number at the path is known and smaller.
below(x, path, least) if {
	v := get(x, path)
	is_number(v)
	v < least
}

# one_member: the list at the path is known to have one member.
one_member(x, path) if {
	settled(x, path)
	count(get(x, path)) == 1
}

# path is where a block's attribute stands, for a finding.
path(block, attribute) := concat(".", [block._at, attribute])

# entry_outside: the object at the path holds the key, known and none of the
# allowed texts. A key may have dots.
entry_outside(x, path, key, allowed) if {
	some name, v in get(x, path)
	name == key
	not sprintf("%v", [v]) in allowed
}

# entry_unknown: whether the object at the path holds the key, or what for, is
# unknown.
entry_unknown(x, path, _) if hidden(x, path)

entry_unknown(x, path, key) if concat(".", [path, key]) in x._unknown

# lacks_entry: the object at the path, if any, is known not to hold the key.
lacks_entry(x, path, key) if {
	some held in [get(x, path)]
	not entry_unknown(x, path, key)
	not holds(held, key)
}

holds(held, key) if {
	is_object(held)
	some name, _ in held
	name == key
}

# lacks_block: none of the blocks at the path has the members, all of which are
# texts. The blocks are wholly known as far as these members go.
lacks_block(x, path, members) if {
	some blocks in [get(x, path)]
	not hidden(x, path)
	count([b | some b in blocks; may_have_members(b, members)]) == 0
}

# may_lack_block: none of the blocks at the path is known to have the members.
may_lack_block(x, path, members) if not has_block(x, path, members)

has_block(x, path, members) if {
	some block in get(x, path)
	every name, text in members {
		is(block, name, text)
	}
}

may_have_members(b, members) if {
	every name, text in members {
		may_be(b, name, text)
	}
}
