# What the selectors of a trail let through.
package demarc.lib.selector

import data.demarc.lib.value

# leaves_management_out: none of the advanced selectors, all of which are known,
# takes management events of reads and of writes.
leaves_management_out(selectors) if {
	count([selector | some selector in selectors; takes_management(selector)]) == 0
}

takes_management(selector) if {
	some field in selector.field_selector
	field.field == "eventCategory"
	"Management" in field.equals
	not narrows_to_reads_or_writes(selector)
}

narrows_to_reads_or_writes(selector) if {
	some field in selector.field_selector
	field.field == "readOnly"
}

# alone: no other trail of the root takes, or may take, all management events.
alone(trail, trails) if {
	count([other |
		some other in trails
		other.stack == trail.stack
		other.id != trail.id
		may_take_all(other)
	]) == 0
}

may_take_all(trail) if {
	value.may_be(trail, "event_selector", [])
	value.may_be(trail, "advanced_event_selector", [])
}

may_take_all(trail) if {
	some events in value.get(trail, "event_selector")
	value.may_be(events, "include_management_events", true)
	value.may_be(events, "read_write_type", "All")
}

may_take_all(trail) if {
	some selector in value.get(trail, "advanced_event_selector")
	takes_management(selector)
}

may_take_all(trail) if value.unsettled(trail, "advanced_event_selector")
