package exposure

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/demarc-dev/demarc/linter/graph"
)

// flow is traffic of one protocol to a range of ports.
type flow struct {
	protocol string // tcp, udp, icmp, or other
	from, to int
}

type flows []flow

var everything = flows{{"tcp", 0, 65535}, {"udp", 0, 65535}, {"icmp", 0, 65535}, {"other", 0, 65535}}

// tcpPort is the traffic to one port; none if the port is not known.
func tcpPort(port int) flows { return flows{{"tcp", port, port}} }

// and is the traffic that is in both.
func (a flows) and(b flows) flows {
	var out flows
	for _, x := range a {
		for _, y := range b {
			if from, to := max(x.from, y.from), min(x.to, y.to); x.protocol == y.protocol && from <= to {
				if f := (flow{x.protocol, from, to}); !slices.Contains(out, f) {
					out = append(out, f)
				}
			}
		}
	}
	return out
}

// without is the traffic of a that is not in b.
func (a flows) without(b flows) flows {
	for _, y := range b {
		var out flows
		for _, x := range a {
			if x.protocol != y.protocol || y.to < x.from || y.from > x.to {
				out = append(out, x)
				continue
			}
			if x.from < y.from {
				out = append(out, flow{x.protocol, x.from, y.from - 1})
			}
			if y.to < x.to {
				out = append(out, flow{x.protocol, y.to + 1, x.to})
			}
		}
		a = out
	}
	return a
}

func (f flow) String() string {
	switch {
	case f.protocol == "icmp" || f.protocol == "other":
		return f.protocol
	case f.from == 0 && f.to == 65535:
		return f.protocol + "/all"
	case f.from == f.to:
		return fmt.Sprintf("%s/%d", f.protocol, f.from)
	}
	return fmt.Sprintf("%s/%d-%d", f.protocol, f.from, f.to)
}

// String names the traffic in short.
func (a flows) String() string {
	if len(everything.without(a)) == 0 {
		return "all traffic"
	}
	var names []string
	for _, f := range a {
		if s := f.String(); !slices.Contains(names, s) {
			names = append(names, s)
		}
	}
	if len(names) > 4 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:4], ", "), len(names)-4)
	}
	return strings.Join(names, ", ")
}

// filter is what a hop lets through: surely, and perhaps.
type filter struct {
	certain, possible flows
	why               []graph.Reason
}

// only is a filter that surely lets through this and nothing else.
func only(f flows) *filter { return &filter{certain: f, possible: f} }

// family is a version of the internet protocol.
type family struct {
	name        string
	route       string // attribute of a route
	inlineRoute string // of a route that its table holds
	attribute   string // of rules of security groups and network ACLs
	isWhole     func(netip.Prefix) bool
}

var (
	ipv4 = family{
		name: "IPv4", route: "destination_cidr_block", inlineRoute: "cidr_block", attribute: "cidr_blocks",
		// Halves count: two of them are the whole.
		isWhole: func(p netip.Prefix) bool { return p.Addr().Is4() && p.Bits() <= 1 },
	}
	ipv6 = family{
		name: "IPv6", route: "destination_ipv6_cidr_block", inlineRoute: "ipv6_cidr_block", attribute: "ipv6_cidr_blocks",
		// 2000::/3 is all that is given out.
		isWhole: func(p netip.Prefix) bool {
			return p.Addr().Is6() && p.Bits() <= 3 && p.Contains(netip.MustParseAddr("2000::"))
		},
	}
)

// world reports whether a range is known to be the whole internet.
func (f family) world(v graph.Value) bool {
	p, err := netip.ParsePrefix(v.Text)
	return v.Kind == graph.String && err == nil && f.isWhole(p)
}

// carried is the traffic of a security-group rule or an ACL's entry. What of
// it is unknown may be anything.
func carried(rule graph.Value) (certain, possible flows, why []graph.Reason) {
	protocol := rule.Get("protocol")
	if protocol.Kind == graph.Unknown {
		return nil, everything, protocol.Reasons()
	}
	kind := strings.ToLower(protocol.Text)
	switch kind {
	case "-1", "all", "":
		return everything, everything, nil
	case "tcp", "6":
		kind = "tcp"
	case "udp", "17":
		kind = "udp"
	case "icmp", "1", "icmpv6", "58":
		return flows{{"icmp", 0, 65535}}, flows{{"icmp", 0, 65535}}, nil
	default:
		return flows{{"other", 0, 65535}}, flows{{"other", 0, 65535}}, nil
	}
	from, to := rule.Get("from_port"), rule.Get("to_port")
	low, high := 0, 65535
	if from.Kind == graph.Number {
		low = numberOf(from)
	}
	if to.Kind == graph.Number {
		high = numberOf(to)
	}
	possible = flows{{kind, low, high}}
	if from.Kind == graph.Unknown || to.Kind == graph.Unknown {
		return nil, possible, append(from.Reasons(), to.Reasons()...)
	}
	if from.IsNothing() && to.IsNothing() {
		return flows{{kind, 0, 65535}}, flows{{kind, 0, 65535}}, nil
	}
	return possible, possible, nil
}

func numberOf(v graph.Value) int {
	n, _ := strconv.ParseFloat(v.Text, 64)
	return int(n)
}

// match says whether a rule speaks of the source of some traffic.
type match struct {
	surely, perhaps bool
	by              string // path of what matches, below the rule
	text            string
	why             []graph.Reason
}

// source is where traffic comes from.
type source struct {
	family family
	// internet: anyone; else the addresses of a load balancer's subnets, none
	// if they are not known, and the balancer's security groups.
	internet bool
	ranges   []netip.Prefix
	groups   []*graph.Resource
}

// matches asks whether a rule's ranges cover the source.
func (s source) matches(rule graph.Value) match {
	var m match
	for _, attribute := range []string{ipv4.attribute, ipv6.attribute} {
		of := ipv4
		if attribute == ipv6.attribute {
			of = ipv6
		}
		if s.internet && of.name != s.family.name {
			continue
		}
		list := rule.Get(attribute)
		items := list.Items
		if list.Kind == graph.Unknown {
			items = []graph.Value{list}
		}
		for _, cidr := range items {
			switch {
			case cidr.Kind == graph.Unknown && cidr.IsNamed():
				// Another resource's range is never everybody's, but may be the balancer's.
				if !s.internet && !m.surely {
					m.surely, m.by, m.text = true, attribute, linked(cidr)
				}
			case cidr.Kind == graph.Unknown:
				m.perhaps, m.why = true, append(m.why, cidr.Reasons()...)
				m.by = cmp.Or(m.by, attribute)
			case of.world(cidr), !s.internet && s.overlaps(cidr):
				if !m.surely {
					m.by, m.text = attribute, cidr.Text
				}
				m.surely = true
			}
		}
	}
	return m
}

func linked(v graph.Value) string {
	if links := v.Links(); len(links) > 0 {
		return links[0].Address + "." + links[0].Attribute
	}
	return "a range that another resource has"
}

// overlaps: a rule for part of the balancer's subnets lets that part through.
// Where the subnets' ranges are not known, a private range is taken for theirs.
func (s source) overlaps(cidr graph.Value) bool {
	p, err := netip.ParsePrefix(cidr.Text)
	if err != nil {
		return false
	}
	if len(s.ranges) == 0 {
		return p.Addr().IsPrivate()
	}
	return slices.ContainsFunc(s.ranges, p.Overlaps)
}
