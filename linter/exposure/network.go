package exposure

import (
	"slices"
	"strings"

	"github.com/demarc-dev/demarc/linter/graph"
)

// subnetRef is a subnet that a resource stands in, or may stand in.
type subnetRef struct {
	owner *graph.Resource
	item  graph.Item
	// subnet is nil where the reference leads out of the graph.
	subnet *graph.Resource
}

// subnetRefs are the subnets that attributes of a resource name.
func (j *judge) subnetRefs(owner *graph.Resource, attributes ...string) []subnetRef {
	var out []subnetRef
	for _, a := range attributes {
		for _, item := range owner.Members(graph.ParsePath(a)...) {
			out = append(out, j.subnetRef(owner, item)...)
		}
	}
	return out
}

func (j *judge) subnetRef(owner *graph.Resource, item graph.Item) []subnetRef {
	if item.Value.IsNothing() {
		return nil
	}
	found := j.targets(owner, item.Value, "aws_subnet")
	if len(found) == 0 {
		return []subnetRef{{owner, item, nil}}
	}
	var out []subnetRef
	for _, subnet := range found {
		out = append(out, subnetRef{owner, item, subnet})
	}
	return out
}

// vpcs are the VPCs of some subnets, each once.
func (j *judge) vpcs(refs []subnetRef) []*graph.Resource {
	var out []*graph.Resource
	for _, ref := range refs {
		if ref.subnet == nil {
			continue
		}
		for _, vpc := range j.vpcOf(ref.subnet) {
			if !slices.Contains(out, vpc) {
				out = append(out, vpc)
			}
		}
	}
	return out
}

func (j *judge) vpcOf(r *graph.Resource) []*graph.Resource {
	return j.targets(r, r.Values.Get("vpc_id"), "aws_vpc", "aws_default_vpc")
}

// noSubnet is the hop of a resource that names no subnet.
func noSubnet(r *graph.Resource) hop {
	return unknown("subnet", "no subnet is named: the account's default VPC decides", at(r),
		[]graph.Reason{{Text: "the account's default VPC is not part of this code"}})
}

// arrive are the hops from the internet into a subnet: gateway, route, subnet,
// network ACL.
func (j *judge) arrive(ref subnetRef, f family) []hop {
	if ref.subnet == nil {
		return []hop{lostSubnet(ref)}
	}
	hops := j.routed(ref.subnet, f)
	return append(hops, subnetHop(ref), j.networkACL(ref.subnet, source{family: f, internet: true}))
}

func subnetHop(ref subnetRef) hop {
	return hop{Hop: Hop{Kind: "subnet", Text: name(ref.subnet), State: Open, Places: []Place{at(ref.owner, ref.item.Path...)}}}
}

// lostSubnet is the hop of a subnet that stands outside the graph.
func lostSubnet(ref subnetRef) hop {
	return unknown("subnet", "it is unknown which subnet "+name(ref.owner)+" stands in", at(ref.owner, ref.item.Path...), outside(ref.owner, ref.item.Path.String(), ref.item.Value))
}

// routed are the hops of the route that leads from an internet gateway to a
// subnet: its own route table's, or else the VPC's main one's.
func (j *judge) routed(subnet *graph.Resource, f family) []hop {
	tables, place, why := j.routeTables(subnet)
	if len(why) > 0 {
		return []hop{unknown("route", "it is unknown which route table "+name(subnet)+" has", place, why)}
	}
	best := []hop{{Hop: Hop{Kind: "route", State: Closed, Places: []Place{place},
		Text: name(subnet) + " has no route table of its own, and its VPC's main one leads nowhere else"}}}
	for i, table := range tables {
		if hops := j.throughTable(table, f); i == 0 || worst(hops) > worst(best) {
			best = hops
		}
	}
	return best
}

func worst(hops []hop) State {
	state := Open
	for _, h := range hops {
		state = min(state, h.State)
	}
	return state
}

// routeTables are the tables that hold a subnet's routes. The main table of a
// VPC whose routes refer to the VPC itself is the VPC.
func (j *judge) routeTables(subnet *graph.Resource) (tables []*graph.Resource, place Place, why []graph.Reason) {
	place = at(subnet)
	if own := subnet.Referrers("aws_route_table_association.subnet_id"); len(own) > 0 {
		for _, a := range own {
			place = at(a, "route_table_id")
			v := a.Values.Get("route_table_id")
			found := j.targets(a, v, "aws_route_table", "aws_vpc")
			if len(found) == 0 {
				return nil, place, outside(a, "route_table_id", v)
			}
			tables = append(tables, found...)
		}
		return tables, place, nil
	}
	if why := j.graph.MayReference(subnet, "aws_route_table_association.subnet_id"); len(why) > 0 {
		return nil, place, why
	}
	vpcs := j.vpcOf(subnet)
	if len(vpcs) == 0 || vpcs[0].Type == "aws_default_vpc" {
		return nil, place, []graph.Reason{{Text: "the main route table of its VPC is not part of this code"}}
	}
	vpc := vpcs[0]
	if main := vpc.Referrers("aws_main_route_table_association.vpc_id"); len(main) > 0 {
		a := main[0]
		place = at(a, "route_table_id")
		v := a.Values.Get("route_table_id")
		found := j.targets(a, v, "aws_route_table")
		if len(found) == 0 {
			return nil, place, outside(a, "route_table_id", v)
		}
		return found, place, nil
	}
	if why := j.graph.MayReference(vpc, "aws_main_route_table_association.vpc_id"); len(why) > 0 {
		return nil, place, why
	}
	if main := vpc.Referrers("aws_route_table.default_route_table_id"); len(main) > 0 {
		return main, at(main[0]), nil
	}
	if len(vpc.Referrers("aws_route.route_table_id")) > 0 {
		return []*graph.Resource{vpc}, place, nil
	}
	return nil, place, nil
}

// route is one route of a table.
type route struct {
	owner                *graph.Resource
	path                 graph.Path // of an inline route
	destination, gateway graph.Value
}

func routesOf(table *graph.Resource, f family) []route {
	var out []route
	for _, r := range table.Referrers("aws_route.route_table_id") {
		out = append(out, route{r, nil, r.Values.Get(f.route), r.Values.Get("gateway_id")})
	}
	for _, item := range table.Members("route") {
		if item.Value.Kind == graph.Unknown {
			out = append(out, route{table, item.Path, item.Value, item.Value})
			continue
		}
		out = append(out, route{table, item.Path, item.Value.Get(f.inlineRoute), item.Value.Get("gateway_id")})
	}
	return out
}

// throughTable are the hops of the most open default route of a table.
func (j *judge) throughTable(table *graph.Resource, f family) []hop {
	best := []hop{{Hop: Hop{Kind: "route", State: Closed, Places: []Place{at(table)},
		Text: name(table) + " has no " + f.name + " route from an internet gateway for all addresses"}}}
	for _, r := range routesOf(table, f) {
		// Of closed ones, one that leads to a gateway tells more than none.
		if hops := j.throughRoute(r, f); len(hops) > 0 && (worst(hops) > worst(best) || len(best) == 1 && worst(best) == Closed) {
			best = hops
		}
	}
	if worst(best) > Closed {
		return best
	}
	if why := j.graph.MayReference(table, "aws_route.route_table_id"); len(why) > 0 {
		return []hop{unknown("route", "it is unknown whether "+name(table)+" has further routes", at(table), why)}
	}
	return best
}

// throughRoute are the hops of a route; none if it leads elsewhere, or only to
// a part of the internet.
func (j *judge) throughRoute(r route, f family) []hop {
	doubt := r.destination.Kind == graph.Unknown && !r.destination.IsNamed()
	if !doubt && !f.world(r.destination) {
		return nil
	}
	gateways := j.targets(r.owner, r.gateway, "aws_internet_gateway", "data.aws_internet_gateway")
	place := at(r.owner, r.path.Join("gateway_id")...)
	h := hop{Hop: Hop{Kind: "route", State: Open, Places: []Place{place}, Text: r.destination.Text + " of " + name(r.owner)}}
	switch {
	case doubt:
		h.State, h.Why, h.Text = Unknown, r.destination.Reasons(), "it is unknown where the route "+name(r.owner)+" leads"
	case len(gateways) == 0 && strings.HasPrefix(r.gateway.Text, "igw-"):
		return []hop{{Hop: Hop{Kind: "internet gateway", Text: r.gateway.Text, State: Open, Places: h.Places}}, h}
	case len(gateways) == 0 && r.gateway.Kind == graph.Unknown:
		if len(j.graph.Targets(r.owner.Stack, r.gateway)) > 0 {
			return nil // another kind of gateway
		}
		h.State, h.Why, h.Text = Unknown, outside(r.owner, "gateway_id", r.gateway), "it is unknown which gateway the route "+name(r.owner)+" has"
		return []hop{h}
	case len(gateways) == 0:
		return nil
	}
	if len(gateways) == 0 {
		return []hop{h} // it may lead anywhere
	}
	return []hop{j.attached(gateways[0]), h}
}

// attached is the hop of an internet gateway. A route to one that is attached
// to another VPC cannot be made, so it is enough that it is attached.
func (j *judge) attached(gateway *graph.Resource) hop {
	h := hop{Hop: Hop{Kind: "internet gateway", Text: name(gateway), State: Open, Places: []Place{at(gateway, "vpc_id")}}}
	if gateway.Type != "aws_internet_gateway" || !gateway.Values.Get("vpc_id").IsNothing() {
		return h
	}
	const attachment = "aws_internet_gateway_attachment.internet_gateway_id"
	for _, a := range gateway.Referrers(attachment) {
		h.Places = []Place{at(a, "vpc_id")}
		return h
	}
	h.Places = []Place{at(gateway)}
	if why := j.graph.MayReference(gateway, attachment); len(why) > 0 {
		h.State, h.Why, h.Text = Unknown, why, "it is unknown whether "+name(gateway)+" is attached to a VPC"
		return h
	}
	h.State, h.Text = Closed, name(gateway)+" is attached to no VPC"
	return h
}

// networkACL is the hop of a subnet's network ACL: its own, or else the VPC's
// default one, which allows all unless it was adopted.
func (j *judge) networkACL(subnet *graph.Resource, from source) hop {
	acls, place, why := j.acls(subnet)
	switch {
	case len(why) > 0:
		h := unknown("network ACL", "it is unknown which network ACL "+name(subnet)+" has", place, why)
		h.filter = &filter{possible: everything, why: why}
		return h
	case len(acls) == 0:
		return hop{Hop: Hop{Kind: "network ACL", Text: "the VPC's default one allows all", State: Open, Places: []Place{place}}}
	}
	return weighACL(acls[0], from)
}

func (j *judge) acls(subnet *graph.Resource) (acls []*graph.Resource, place Place, why []graph.Reason) {
	place = at(subnet)
	if own := subnet.Referrers("aws_network_acl_association.subnet_id"); len(own) > 0 {
		a := own[0]
		v := a.Values.Get("network_acl_id")
		found := j.targets(a, v, "aws_network_acl")
		if len(found) == 0 {
			return nil, at(a, "network_acl_id"), outside(a, "network_acl_id", v)
		}
		return found, place, nil
	}
	if own := subnet.Referrers("aws_network_acl.subnet_ids"); len(own) > 0 {
		return own, place, nil
	}
	for _, reference := range []string{"aws_network_acl_association.subnet_id", "aws_network_acl.subnet_ids"} {
		if why := j.graph.MayReference(subnet, reference); len(why) > 0 {
			return nil, place, why
		}
	}
	vpcs := j.vpcOf(subnet)
	if len(vpcs) == 0 {
		return nil, place, []graph.Reason{{Text: "the default network ACL of its VPC is not part of this code"}}
	}
	return vpcs[0].Referrers("aws_network_acl.default_network_acl_id"), place, nil
}
