package exposure

import (
	"slices"

	"github.com/demarc-dev/demarc/linter/graph"
)

// card is a network interface of an instance.
type card struct {
	owner   *graph.Resource // that the attributes stand on
	path    graph.Path      // of the block that they stand in
	subnets []subnetRef
	groups  groupRefs
	public  graph.Value // associate_public_ip_address, as it is written
	own     *graph.Resource
}

// cards are the network interfaces of an instance: its own, those that a
// template makes with it, and those that are given to it.
func (j *judge) cards(r *graph.Resource) []card {
	var out []card
	for _, item := range r.Members("network_interface") {
		out = append(out, j.givenCard(r, item))
	}
	if len(out) > 0 {
		return out
	}
	c := card{owner: r, subnets: j.subnetRefs(r, "subnet_id"), public: r.Values.Get("associate_public_ip_address")}
	c.groups = j.groupRefs(r, j.vpcs(c.subnets), "vpc_security_group_ids", "security_groups")
	if !r.Values.Get("launch_template").IsNothing() {
		j.fromTemplate(r, &c)
	}
	return []card{c}
}

func (j *judge) givenCard(r *graph.Resource, item graph.Item) card {
	made := j.targets(r, item.Value.Get("network_interface_id"), "aws_network_interface")
	if len(made) > 0 {
		own := made[0]
		c := card{owner: own, own: own, subnets: j.subnetRefs(own, "subnet_id")}
		c.groups = j.groupRefs(own, j.vpcs(c.subnets), "security_groups")
		return c
	}
	if id := item.Value.Get("network_interface_id"); !id.IsNothing() {
		// An interface outside the graph: neither where it stands is known, nor
		// what its groups let in.
		outer := graph.Item{Path: item.Path, Value: graph.UnknownValue(outside(r, item.Path.String(), id)...)}
		return card{
			owner: r, path: item.Path, subnets: []subnetRef{{r, graph.Item{Path: item.Path, Value: id}, nil}},
			groups: groupRefs{owner: r, items: []graph.Item{outer}},
		}
	}
	subnets := j.subnetRefs(r, item.Path.Join("subnet_id").String())
	return card{
		owner: r, path: item.Path, subnets: subnets, public: item.Value.Get("associate_public_ip_address"),
		groups: groupRefs{r, r.Members(item.Path.Join("security_groups")...), j.vpcs(subnets)},
	}
}

// fromTemplate takes from an instance's launch template what the instance does
// not say itself.
func (j *judge) fromTemplate(r *graph.Resource, c *card) {
	v := r.Values.Get("launch_template")
	templates := j.targets(r, v, "aws_launch_template")
	if len(templates) == 0 {
		doubt := graph.UnknownValue(outside(r, "launch_template", v)...)
		if len(c.groups.items) == 0 {
			c.groups.items = []graph.Item{{Path: graph.Path{"launch_template"}, Value: doubt}}
		}
		if c.public.IsNothing() {
			c.public = doubt
		}
		return
	}
	template := templates[0]
	if len(c.groups.items) == 0 {
		c.groups = j.groupRefs(template, c.groups.vpc, "vpc_security_group_ids", "network_interfaces.0.security_groups")
	}
	if c.public.IsNothing() {
		c.public = template.Values.Get("network_interfaces", "0", "associate_public_ip_address")
	}
}

// instance are the ways to an EC2 instance: to its own address, and through
// load balancers.
func (j *judge) instance(r *graph.Resource) []way {
	var out []way
	for _, c := range j.cards(r) {
		if len(c.subnets) == 0 {
			out = append(out, way{[][]hop{{noSubnet(r)}}})
		}
		for _, ref := range c.subnets {
			for _, f := range []family{ipv4, ipv6} {
				address := j.address(r, c, ref, f)
				if f.name == ipv6.name && address.State == Closed {
					continue // few have one, and the way over IPv4 tells enough
				}
				leg := append(j.arrive(ref, f), address, j.securityGroups(c.groups, source{family: f, internet: true}, nil))
				out = append(out, way{[][]hop{leg}})
			}
		}
		out = append(out, j.registered(r, c)...)
	}
	return out
}

// address is the hop of an instance's public address.
func (j *judge) address(r *graph.Resource, c card, ref subnetRef, f family) hop {
	if f.name == ipv6.name {
		return j.ipv6Address(c, ref)
	}
	h := hop{Hop: Hop{Kind: "public address", State: Open}}
	for _, reference := range []string{"aws_eip.instance", "aws_eip_association.instance_id"} {
		if eips := r.Referrers(reference); len(eips) > 0 {
			h.Text, h.Places = "the elastic address "+name(eips[0]), []Place{at(eips[0])}
			return h
		}
	}
	if c.own != nil {
		for _, reference := range []string{"aws_eip.network_interface", "aws_eip_association.network_interface_id"} {
			if eips := c.own.Referrers(reference); len(eips) > 0 {
				h.Text, h.Places = "the elastic address "+name(eips[0]), []Place{at(eips[0])}
				return h
			}
		}
	}
	h = j.launchAddress(c, ref)
	if h.State != Closed {
		return h
	}
	for _, reference := range []string{"aws_eip.instance", "aws_eip_association.instance_id"} {
		if why := j.graph.MayReference(r, reference); len(why) > 0 {
			return unknown("public address", "it is unknown which instance an elastic address belongs to", at(r), why)
		}
	}
	return h
}

// launchAddress is the address that an instance gets when it starts: it or
// else its subnet says.
func (j *judge) launchAddress(c card, ref subnetRef) hop {
	h := hop{Hop: Hop{Kind: "public address"}}
	own := at(c.owner, c.path.Join("associate_public_ip_address")...)
	switch {
	case c.public.Kind == graph.Bool && c.public.Bool:
		h.State, h.Text, h.Places = Open, name(c.owner)+" asks for one", []Place{own}
		if len(c.path) > 0 {
			h.Places = append(h.Places, at(c.owner, "associate_public_ip_address"))
		}
	case c.public.Kind == graph.Bool:
		h.Text, h.Places = name(c.owner)+" asks for none", []Place{own}
	case c.public.Kind == graph.Unknown:
		return unknown("public address", "it is unknown whether "+name(c.owner)+" asks for one", own, outside(c.owner, "associate_public_ip_address", c.public))
	case ref.subnet == nil:
		return unknown("public address", "its subnet decides, which is not part of this code", own, outside(ref.owner, ref.item.Path.String(), ref.item.Value))
	default:
		return subnetAddress(ref.subnet, "map_public_ip_on_launch")
	}
	return h
}

// subnetAddress is whether a subnet gives addresses to what starts in it.
// Default subnets do unless told otherwise
// (https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc-components.html).
func subnetAddress(subnet *graph.Resource, attribute string) hop {
	place := at(subnet, attribute)
	v := subnet.Values.Get(attribute)
	written := subnet.At(graph.Path{attribute}).Placed
	switch {
	case v.Kind == graph.Unknown:
		return unknown("public address", "it is unknown whether "+name(subnet)+" gives one", place, outside(subnet, attribute, v))
	case v.Bool, !written && subnet.DeclaredType == "aws_default_subnet" && attribute == "map_public_ip_on_launch":
		return hop{Hop: Hop{Kind: "public address", State: Open, Text: name(subnet) + " gives one to what starts in it", Places: []Place{place}}}
	}
	return hop{Hop: Hop{Kind: "public address", State: Closed, Text: "none: " + name(subnet) + " gives none", Places: []Place{place}}}
}

func (j *judge) ipv6Address(c card, ref subnetRef) hop {
	for _, attribute := range []string{"ipv6_address_count", "ipv6_addresses"} {
		v := c.owner.Values.Get(attribute)
		switch {
		case v.Kind == graph.Unknown:
			return unknown("public address", "it is unknown whether "+name(c.owner)+" has an IPv6 address", at(c.owner, attribute), outside(c.owner, attribute, v))
		case v.Kind == graph.Number && numberOf(v) > 0, v.Kind == graph.List && len(v.Items) > 0:
			return hop{Hop: Hop{Kind: "public address", State: Open, Text: name(c.owner) + " has an IPv6 address", Places: []Place{at(c.owner, attribute)}}}
		}
	}
	if ref.subnet == nil {
		return hop{Hop: Hop{Kind: "public address", Text: "no IPv6 address is asked for", State: Closed}}
	}
	return subnetAddress(ref.subnet, "assign_ipv6_address_on_creation")
}

// registered are the ways to an instance through the load balancers that it is
// a target of.
func (j *judge) registered(r *graph.Resource, c card) []way {
	var out []way
	for _, to := range j.registrations(r) {
		for _, arrived := range to.ways {
			out = append(out, j.behind(arrived, to, c))
		}
	}
	const attached = "aws_lb_target_group_attachment.target_id"
	if why := j.graph.MayReference(r, attached); len(why) > 0 {
		out = append(out, way{[][]hop{{unknown("target group", "it is unknown which instance a target group's attachment names", at(r), why)}}})
	}
	return out
}

// behind goes on from a load balancer to an interface of its target.
func (j *judge) behind(arrived way, to registration, c card) way {
	from := to.source
	for _, ref := range j.subnetRefs(to.balancer, "subnets", "subnet_mapping") {
		if ref.subnet != nil {
			from.ranges = append(from.ranges, prefixes(ref.subnet)...)
		}
	}
	leg := slices.Clone(to.hops)
	if len(c.subnets) > 0 {
		leg = append(leg, j.inSubnet(c.subnets[0], from)...)
	}
	leg = append(leg, j.securityGroups(c.groups, from, to.hops[0].filter))
	return way{append(slices.Clone(arrived.legs), leg)}
}

// inSubnet are the hops into the subnet of a target.
func (j *judge) inSubnet(ref subnetRef, from source) []hop {
	if ref.subnet == nil {
		return []hop{lostSubnet(ref)}
	}
	return []hop{subnetHop(ref), j.networkACL(ref.subnet, from)}
}
