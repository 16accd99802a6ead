package exposure

import (
	"slices"
	"strings"

	"github.com/demarc-dev/demarc/linter/graph"
)

// groupRefs are the references of a network interface to security groups.
type groupRefs struct {
	owner *graph.Resource
	items []graph.Item
	vpc   []*graph.Resource // of its subnets, for the default group
}

func (j *judge) groupRefs(owner *graph.Resource, vpc []*graph.Resource, attributes ...string) groupRefs {
	refs := groupRefs{owner: owner, vpc: vpc}
	for _, a := range attributes {
		refs.items = append(refs.items, owner.Members(graph.ParsePath(a)...)...)
	}
	return refs
}

// groups resolves the references. What they lead to outside the graph is told.
func (j *judge) groups(refs groupRefs) (found []*graph.Resource, why []graph.Reason) {
	if len(refs.items) == 0 {
		return j.defaultGroups(refs.vpc), nil
	}
	for _, item := range refs.items {
		to := j.targets(refs.owner, item.Value, "aws_security_group", "aws_default_security_group")
		if len(to) == 0 {
			// A VPC, where a group is due, is the VPC's own default group.
			if vpcs := j.targets(refs.owner, item.Value, "aws_vpc", "aws_default_vpc"); len(vpcs) > 0 {
				found = append(found, j.defaultGroups(vpcs)...)
				continue
			}
			why = append(why, outside(refs.owner, item.Path.String(), item.Value)...)
		}
		found = append(found, to...)
	}
	return found, why
}

func (j *judge) defaultGroups(vpcs []*graph.Resource) []*graph.Resource {
	var out []*graph.Resource
	for _, vpc := range vpcs {
		out = append(out, vpc.Referrers("aws_default_security_group.vpc_id")...)
	}
	return out
}

// securityGroups is the hop that admits traffic from a source to an interface.
// Rules for other traffic than is asked for do not count; nil asks for any.
func (j *judge) securityGroups(refs groupRefs, from source, asked *filter) hop {
	found, why := j.groups(refs)
	h := hop{Hop: Hop{Kind: "security group", State: Open}, filter: &filter{why: why}}
	var texts []string
	var closed []Place
	for _, group := range found {
		closed = append(closed, at(group, "ingress"))
		if group.External {
			h.filter.why = append(h.filter.why, graph.Reason{Text: "the other rules of " + name(group) + " are not part of this code"})
		}
		for _, rule := range group.Members("ingress") {
			if rule.Value.Kind == graph.Unknown {
				h.filter.possible = append(h.filter.possible, everything...)
				h.filter.why = append(h.filter.why, rule.Value.Reasons()...)
				h.Places = append(h.Places, at(group, rule.Path...))
				continue
			}
			m := j.admits(group, rule.Value, from)
			if !m.surely && !m.perhaps {
				continue
			}
			certain, possible, doubts := carried(rule.Value)
			if asked != nil && len(possible.and(asked.possible)) == 0 {
				continue
			}
			h.filter.possible = append(h.filter.possible, possible...)
			place := at(group, rule.Path.Join(m.by)...)
			if m.surely && len(certain) > 0 {
				h.filter.certain = append(h.filter.certain, certain...)
				texts = append(texts, certain.String()+" from "+m.text+" in "+name(group))
				h.Places = append([]Place{place}, h.Places...)
				continue
			}
			h.filter.why = append(append(h.filter.why, m.why...), doubts...)
			h.Places = append(h.Places, place)
		}
	}
	if len(h.filter.why) > 0 && len(h.filter.possible) == 0 || len(why) > 0 {
		h.filter.possible = everything
	}
	switch {
	case len(h.filter.certain) > 0:
		slices.Reverse(h.Places[:len(texts)]) // the order in which they stand
		h.Text = shortList(texts)
	case len(h.filter.possible) > 0:
		h.State, h.Why = Unknown, h.filter.why
		h.Text = "it is unknown what " + names(found, "its security group") + " lets in"
		if len(h.Places) == 0 {
			h.Places = []Place{at(refs.owner)}
		}
	case len(refs.items) == 0 && len(found) == 0:
		h.State, h.Text, h.Places = Closed, "no security group is named: the VPC's default one admits only its own members", []Place{at(refs.owner)}
	default:
		h.State, h.Places = Closed, closed
		h.Text = names(found, "the security groups") + " admits nothing from " + from.name()
		if asked != nil && len(asked.certain) > 0 {
			h.Text = names(found, "the security groups") + " admits no " + asked.certain.String() + " from " + from.name()
		}
	}
	return h
}

func (s source) name() string {
	if s.internet {
		return "the internet over " + s.family.name
	}
	return "the load balancer"
}

// admits asks whether a rule of a group lets the source in.
func (j *judge) admits(group *graph.Resource, rule graph.Value, from source) match {
	m := from.matches(rule)
	refer := func(path string, v graph.Value) {
		for _, to := range j.targets(group, v, "aws_security_group", "aws_default_security_group") {
			if slices.Contains(from.groups, to) {
				m.surely, m.by, m.text = true, path, name(to)
			}
		}
	}
	refer("security_groups", rule.Get("security_groups"))
	if rule.Get("self").Bool && slices.Contains(from.groups, group) {
		m.surely, m.by, m.text = true, "self", "its own members"
	}
	if !m.surely && len(from.groups) > 0 {
		groups := rule.Get("security_groups")
		for _, v := range append(groups.Items, groups) {
			if v.Kind == graph.Unknown && len(v.Links()) == 0 {
				m.perhaps, m.by, m.why = true, "security_groups", append(m.why, v.Reasons()...)
			}
		}
	}
	for _, v := range rule.Get("prefix_list_ids").Items {
		if m.surely || v.IsNothing() {
			continue
		}
		m.perhaps, m.by = true, "prefix_list_ids"
		m.why = append(m.why, graph.Reason{Text: "what the prefix list holds is not part of this code"})
	}
	return m
}

func names(resources []*graph.Resource, otherwise string) string {
	if len(resources) == 0 {
		return otherwise
	}
	var out []string
	for _, r := range resources {
		if !slices.Contains(out, name(r)) {
			out = append(out, name(r))
		}
	}
	return strings.Join(out, ", ")
}

// shortList joins not more than people read.
func shortList(texts []string) string {
	const most = 3
	if len(texts) > most {
		texts = append(texts[:most:most], "and more")
	}
	return strings.Join(texts, "; ")
}
