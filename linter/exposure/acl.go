package exposure

import (
	"slices"
	"strings"

	"github.com/demarc-dev/demarc/linter/graph"
)

// entry is what an ACL's entry says of traffic from a source.
type entry struct {
	number            int
	numbered          bool
	place             Place
	allows, mayAllow  bool
	denies, mayDeny   bool
	certain, possible flows
	why               []graph.Reason
}

// weighACL is the hop of a network ACL: what its first matching entries allow
// in, and whether replies get out again, since an ACL keeps no state
// (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html).
func weighACL(acl *graph.Resource, from source) hop {
	in := allowed(acl, "ingress", from)
	out := allowed(acl, "egress", from)
	h := hop{Hop: Hop{Kind: "network ACL", State: Open, Places: in.places}, filter: &filter{
		certain: answered(in.certain, out.certain), possible: answered(in.possible, out.possible),
		why: append(in.why, out.why...),
	}}
	if acl.External {
		h.filter.possible = everything
		h.filter.why = append(h.filter.why, graph.Reason{Text: "the other entries of " + name(acl) + " are not part of this code"})
	}
	switch {
	case len(h.filter.certain) > 0:
		h.Text = name(acl) + " allows " + h.filter.certain.String() + " from " + from.name()
	case len(h.filter.possible) > 0:
		h.State, h.Why, h.Text = Unknown, h.filter.why, "it is unknown what "+name(acl)+" allows"
	case len(in.possible) > 0:
		h.State, h.Text = Closed, name(acl)+" lets no replies out"
		h.Places = slices.Concat(out.places, []Place{at(acl, "egress")})
	default:
		h.State, h.Text = Closed, name(acl)+" allows nothing in from "+from.name()
	}
	if len(h.Places) == 0 {
		h.Places = []Place{at(acl)}
	}
	return h
}

// weighed is what the entries of one direction allow.
type weighed struct {
	certain, possible flows
	places            []Place
	why               []graph.Reason
}

// allowed goes through the entries by number. What an entry surely denies
// does not reach the entries after it; what it may deny is no longer certain.
func allowed(acl *graph.Resource, direction string, from source) weighed {
	var out weighed
	var entries []entry
	for _, item := range acl.Members(direction) {
		entries = append(entries, read(acl, item, from))
	}
	ordered := !slices.ContainsFunc(entries, func(e entry) bool { return !e.numbered })
	if ordered {
		slices.SortStableFunc(entries, func(a, b entry) int { return a.number - b.number })
	}
	left, doubtful := everything, flows(nil)
	for i, e := range entries {
		out.why = append(out.why, e.why...)
		switch {
		case e.mayAllow && !e.allows || e.allows && len(e.certain) == 0:
			if more := e.possible.and(left); len(more) > 0 {
				out.possible = append(out.possible, more...)
				out.places = append(out.places, e.place)
			}
		case e.allows:
			more := e.certain.and(left)
			out.possible = append(out.possible, more...)
			sure := more.without(doubtful)
			if !ordered {
				sure = nil // an entry that denies may come first
				if !slices.ContainsFunc(entries, func(e entry) bool { return e.mayDeny }) {
					sure = more
				}
			}
			out.certain = append(out.certain, sure...)
			if len(more) > 0 {
				out.places = append(out.places, entries[i].place)
			}
		}
		if e.denies && ordered {
			left = left.without(e.certain)
		}
		if e.mayDeny {
			doubtful = append(doubtful, e.possible...)
			if e.denies && len(out.possible) == 0 {
				out.places = append(out.places, e.place)
			}
		}
	}
	return out
}

func read(acl *graph.Resource, item graph.Item, from source) entry {
	e := entry{place: at(acl, item.Path...)}
	if item.Value.Kind == graph.Unknown {
		return entry{place: e.place, mayAllow: true, mayDeny: true, possible: everything, why: item.Value.Reasons()}
	}
	number, action := item.Value.Get("rule_no"), item.Value.Get("action")
	if e.numbered = number.Kind == graph.Number; e.numbered {
		e.number = numberOf(number)
	} else {
		e.why = append(e.why, number.Reasons()...)
	}
	m := from.matches(item.Value)
	if !m.surely && !m.perhaps {
		return e
	}
	var doubts []graph.Reason
	e.certain, e.possible, doubts = carried(item.Value)
	e.why = append(append(e.why, m.why...), doubts...)
	allow := action.Kind == graph.String && strings.EqualFold(action.Text, "allow")
	deny := action.Kind == graph.String && strings.EqualFold(action.Text, "deny")
	e.mayAllow, e.mayDeny = !deny, !allow
	e.allows, e.denies = allow && m.surely, deny && m.surely
	if !allow && !deny {
		e.why = append(e.why, action.Reasons()...)
	}
	return e
}

// answered is the traffic in whose replies get out: to the ports above 1023
// from which clients ask.
func answered(in, out flows) flows {
	var kept flows
	for _, f := range in {
		clients := flows{{f.protocol, 1024, 65535}}
		if len(out.and(clients)) > 0 {
			kept = append(kept, f)
		}
	}
	return kept
}
