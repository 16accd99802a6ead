package exposure

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/demarc-dev/demarc/linter/graph"
)

// toBalancer are the ways to a load balancer for what a hop listens to.
func (j *judge) toBalancer(r *graph.Resource, listens hop) []way {
	kind := r.Values.Get("load_balancer_type")
	scheme := j.scheme(r)
	if kind.Text == "gateway" {
		scheme = hop{Hop: Hop{Kind: "load balancer", State: Closed, Text: name(r) + " is a gateway load balancer", Places: []Place{at(r, "load_balancer_type")}}}
	}
	subnets := j.subnetRefs(r, "subnets", "subnet_mapping")
	groups := j.groupRefs(r, j.vpcs(subnets), "security_groups")
	var out []way
	for _, ref := range subnets {
		leg := append(j.arrive(ref, ipv4), scheme)
		// A network load balancer without groups admits everything
		// (https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html).
		if kind.Text != "network" || len(groups.items) > 0 {
			leg = append(leg, j.securityGroups(groups, source{family: ipv4, internet: true}, listens.filter))
		}
		out = append(out, way{[][]hop{append(leg, listens)}})
	}
	if len(subnets) == 0 {
		return []way{{[][]hop{{noSubnet(r), scheme}}}}
	}
	return []way{best(out)}
}

// scheme is whether a load balancer has public addresses.
func (j *judge) scheme(r *graph.Resource) hop {
	place := at(r, "internal")
	switch v := r.Values.Get("internal"); {
	case v.Kind == graph.Unknown:
		return unknown("load balancer", "it is unknown whether "+name(r)+" faces the internet", place, outside(r, "internal", v))
	case v.Bool:
		return hop{Hop: Hop{Kind: "load balancer", State: Closed, Text: name(r) + " is internal", Places: []Place{place}}}
	}
	return hop{Hop: Hop{Kind: "load balancer", State: Open, Text: name(r) + " faces the internet", Places: []Place{place}}}
}

// listeners is the hop of all listeners of a load balancer.
func (j *judge) listeners(r *graph.Resource) hop {
	const reference = "aws_lb_listener.load_balancer_arn"
	if all := r.Referrers(reference); len(all) > 0 {
		return j.listening(all)
	}
	if why := j.graph.MayReference(r, reference); len(why) > 0 {
		return unknown("listener", "it is unknown which load balancer a listener belongs to", at(r), why)
	}
	return hop{Hop: Hop{Kind: "listener", State: Closed, Text: name(r) + " has no listener", Places: []Place{at(r)}}}
}

// listening is the hop of some listeners of one load balancer.
func (j *judge) listening(all []*graph.Resource) hop {
	h := hop{Hop: Hop{Kind: "listener", State: Open}, filter: &filter{}}
	var texts []string
	for _, l := range all {
		one := j.listener(l)
		h.Places = append(h.Places, one.Places...)
		h.filter.certain = append(h.filter.certain, one.filter.certain...)
		h.filter.possible = append(h.filter.possible, one.filter.possible...)
		h.filter.why = append(h.filter.why, one.filter.why...)
		texts = append(texts, one.Text)
	}
	h.Text = shortList(texts)
	if len(h.filter.certain) == 0 {
		h.State, h.Why = Unknown, h.filter.why
	}
	return h
}

// listener is the hop of one listener.
func (j *judge) listener(l *graph.Resource) hop {
	h := hop{Hop: Hop{Kind: "listener", State: Open, Places: []Place{at(l, "port")}}}
	port := l.Values.Get("port")
	if port.Kind != graph.Number {
		h.State, h.Why, h.Text = Unknown, outside(l, "port", port), "it is unknown at which port "+name(l)+" listens"
		h.filter = &filter{possible: everything, why: h.Why}
		return h
	}
	listened := tcpPort(numberOf(port))
	switch strings.ToUpper(l.Values.Get("protocol").Text) {
	case "UDP":
		listened[0].protocol = "udp"
	case "TCP_UDP":
		listened = append(listened, flow{"udp", listened[0].from, listened[0].to})
	}
	h.filter = only(listened)
	h.Text = name(l) + " at " + listened.String()
	return h
}

// classicBalancer are the ways to a classic load balancer.
func (j *judge) classicBalancer(r *graph.Resource) []way {
	h := hop{Hop: Hop{Kind: "listener", State: Open}, filter: &filter{}}
	for _, item := range r.Members("listener") {
		h.Places = append(h.Places, at(r, item.Path...))
		if port := item.Value.Get("lb_port"); port.Kind == graph.Number {
			h.filter.certain = append(h.filter.certain, tcpPort(numberOf(port))...)
			h.filter.possible = append(h.filter.possible, tcpPort(numberOf(port))...)
			continue
		}
		h.filter.possible, h.filter.why = everything, append(h.filter.why, outside(r, item.Path.String(), item.Value.Get("lb_port"))...)
	}
	h.Text = name(r) + " at " + h.filter.certain.String()
	switch {
	case len(h.filter.possible) == 0:
		h.State, h.Text, h.Places = Closed, name(r)+" has no listener", []Place{at(r)}
	case len(h.filter.certain) == 0:
		h.State, h.Why, h.Text = Unknown, h.filter.why, "it is unknown at which ports "+name(r)+" listens"
	}
	return j.toBalancer(r, h)
}

// registration is how an instance is a target of a load balancer.
type registration struct {
	balancer *graph.Resource
	ways     []way // to the balancer
	hops     []hop // that lead on from it
	source   source
}

// registrations are those of an instance.
func (j *judge) registrations(r *graph.Resource) []registration {
	var out []registration
	for _, a := range r.Referrers("aws_lb_target_group_attachment.target_id") {
		v := a.Values.Get("target_group_arn")
		for _, group := range j.targets(a, v, "aws_lb_target_group") {
			out = append(out, j.through(group, at(a, "target_group_arn"), a.Values.Get("port"))...)
		}
	}
	for _, group := range r.Referrers("aws_lb_target_group.targets.id") {
		for _, item := range group.Members("targets") {
			if slices.Contains(j.targets(group, item.Value.Get("id"), "aws_instance"), r) {
				out = append(out, j.through(group, at(group, item.Path...), item.Value.Get("port"))...)
			}
		}
	}
	for _, b := range r.Referrers("aws_elb.instances") {
		passes := hop{Hop: Hop{Kind: "target", State: Open, Text: name(b) + " passes requests on", Places: []Place{at(b, "instances")}}, filter: j.instancePorts(b)}
		out = append(out, registration{b, j.classicBalancer(b), []hop{passes}, j.sourceOf(b)})
	}
	return out
}

func (j *judge) instancePorts(b *graph.Resource) *filter {
	f := &filter{}
	for _, item := range b.Members("listener") {
		port := item.Value.Get("instance_port")
		if port.Kind != graph.Number {
			return &filter{possible: everything, why: outside(b, item.Path.String(), port)}
		}
		f.certain = append(f.certain, tcpPort(numberOf(port))...)
	}
	f.possible = f.certain
	return f
}

// through are the registrations that lead to a target group, one for each load
// balancer with listeners that forward to it.
func (j *judge) through(group *graph.Resource, place Place, port graph.Value) []registration {
	target := j.targetGroup(group, place, port)
	listeners := map[*graph.Resource][]*graph.Resource{}
	var balancers []*graph.Resource
	for _, l := range j.forwarding(group) {
		for _, b := range j.targets(l, l.Values.Get("load_balancer_arn"), "aws_lb") {
			if listeners[b] == nil {
				balancers = append(balancers, b)
			}
			listeners[b] = append(listeners[b], l)
		}
	}
	var out []registration
	for _, b := range balancers {
		from := j.sourceOf(b)
		if b.Values.Get("load_balancer_type").Text == "network" && group.Values.Get("target_type").Text == "instance" {
			// It keeps the client's address
			// (https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html).
			from.internet = true
		}
		out = append(out, registration{b, j.toBalancer(b, j.listening(listeners[b])), []hop{target}, from})
	}
	return out
}

// targetGroup is the hop from a load balancer to its targets.
func (j *judge) targetGroup(group *graph.Resource, place Place, port graph.Value) hop {
	h := hop{Hop: Hop{Kind: "target group", State: Open, Places: []Place{place}}}
	if port.IsNothing() {
		port = group.Values.Get("port")
	}
	if port.Kind != graph.Number {
		why := outside(group, "port", port)
		h.State, h.Why, h.Text = Unknown, why, "it is unknown to which port "+name(group)+" passes requests on"
		h.filter = &filter{possible: everything, why: why}
		return h
	}
	sent := tcpPort(numberOf(port))
	if protocol := strings.ToUpper(group.Values.Get("protocol").Text); protocol == "UDP" {
		sent[0].protocol = "udp"
	}
	h.filter = only(sent)
	h.Text = name(group) + " at " + sent.String()
	return h
}

// forwarding are the listeners that forward to a target group, by default or
// by a rule.
func (j *judge) forwarding(group *graph.Resource) []*graph.Resource {
	var out []*graph.Resource
	add := func(l *graph.Resource) {
		if !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	for _, reference := range []string{"aws_lb_listener.default_action.target_group_arn", "aws_lb_listener.default_action.target_groups"} {
		for _, l := range group.Referrers(reference) {
			add(l)
		}
	}
	for _, reference := range []string{"aws_lb_listener_rule.action.target_group_arn", "aws_lb_listener_rule.action.target_groups"} {
		for _, rule := range group.Referrers(reference) {
			for _, l := range j.targets(rule, rule.Values.Get("listener_arn"), "aws_lb_listener") {
				add(l)
			}
		}
	}
	return out
}

// sourceOf is where the requests of a load balancer come from.
func (j *judge) sourceOf(b *graph.Resource) source {
	groups, _ := j.groups(j.groupRefs(b, j.vpcs(j.subnetRefs(b, "subnets", "subnet_mapping")), "security_groups"))
	return source{family: ipv4, groups: groups}
}

// prefixes are the addresses of a subnet, none if they are not known.
func prefixes(subnet *graph.Resource) []netip.Prefix {
	p, err := netip.ParsePrefix(subnet.Values.Get("cidr_block").Text)
	if err != nil {
		return nil
	}
	return []netip.Prefix{p}
}
