package exposure

import (
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/graph"
)

func filtered(certain, possible flows, state State) hop {
	return hop{Hop{State: state, Text: "rules"}, &filter{certain: certain, possible: possible}}
}

func TestSettle(t *testing.T) {
	ssh, web, both := tcpPort(22), tcpPort(443), flows{{"tcp", 22, 22}, {"tcp", 443, 443}}
	why := hop{Hop{State: Open}, &filter{certain: ssh, possible: both, why: []graph.Reason{{Text: "unknown"}}}}
	open := hop{Hop: Hop{State: Open}}
	for _, c := range []struct {
		name string
		leg  []hop
		want string
	}{
		{"all let the same through", []hop{open, filtered(ssh, ssh, Open), filtered(both, both, Open)}, "open open open"},
		{"the second lets through nothing of it", []hop{filtered(ssh, ssh, Open), filtered(web, web, Open)}, "open closed"},
		{"what follows a closed hop is judged by itself", []hop{filtered(ssh, ssh, Open), filtered(web, web, Open), filtered(web, web, Open)}, "open closed open"},
		{"the second may let it through", []hop{filtered(ssh, ssh, Open), filtered(nil, ssh, Open)}, "open unknown"},
		{"one that is closed itself lets everything be asked after it", []hop{filtered(nil, nil, Closed), filtered(ssh, ssh, Open)}, "closed open"},
		{"they may not meet", []hop{why, {Hop{State: Open}, &filter{certain: web, possible: both, why: why.filter.why}}}, "unknown unknown"},
		{"a certain doubt leaves the others alone", []hop{why, filtered(nil, web, Open)}, "open unknown"},
	} {
		var states []string
		for _, h := range settle(c.leg) {
			states = append(states, h.State.String())
		}
		if got := strings.Join(states, " "); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	if text := settle([]hop{filtered(ssh, ssh, Open), filtered(web, web, Open)})[1].Text; text != "lets through none of what the hops before it do: rules" {
		t.Errorf("the closed hop says %q", text)
	}
}

func TestTheMostOpenWayIsBest(t *testing.T) {
	closed, open := hop{Hop: Hop{State: Closed}}, hop{Hop: Hop{State: Open}}
	one, two := way{[][]hop{{closed, open}}}, way{[][]hop{{closed, closed}}}
	unknown := way{[][]hop{{hop{Hop: Hop{State: Unknown}}, open}}}
	for _, ways := range [][]way{{one, two}, {two, one}} {
		if got := best(ways).weigh().closed(); got != 1 {
			t.Errorf("the best of two closed ways has %d closed hops", got)
		}
		if v := verdict(nil, ways); v.State != Closed || len(v.Ways) != 1 || v.Ways[0].closed() != 1 {
			t.Errorf("the verdict on two closed ways: %+v", v)
		}
		if got := best(append([]way{unknown}, ways...)).weigh().State; got != Unknown {
			t.Errorf("the best way is %s", got)
		}
	}
	if v := verdict(nil, []way{one, unknown, unknown}); v.State != Unknown || len(v.Ways) != 2 {
		t.Errorf("the verdict on two unknown ways: %+v", v)
	}
}

// aclOf is a network ACL of entries "number action protocol port", where ? is
// unknown, all open to the internet.
func aclOf(entries ...string) *graph.Resource {
	value := func(text string) graph.Value {
		if text == "?" {
			return graph.UnknownValue(graph.Reason{Text: "var.x"})
		}
		return graph.StringValue(text)
	}
	number := func(text string) graph.Value {
		v := value(text)
		if v.Kind == graph.String {
			v.Kind = graph.Number
		}
		return v
	}
	var items []graph.Value
	for _, e := range entries {
		part := strings.Fields(e)
		items = append(items, graph.ObjectValue(
			graph.Field{Name: "rule_no", Value: number(part[0])}, graph.Field{Name: "action", Value: value(part[1])}, graph.Field{Name: "protocol", Value: value(part[2])},
			graph.Field{Name: "from_port", Value: number(part[3])}, graph.Field{Name: "to_port", Value: number(part[3])},
			graph.Field{Name: "cidr_blocks", Value: graph.ListValue(graph.StringValue("0.0.0.0/0"))}))
	}
	return &graph.Resource{Values: graph.ObjectValue(graph.Field{Name: "ingress", Value: graph.ListValue(items...)})}
}

func TestNetworkACLEntriesCountInOrder(t *testing.T) {
	for _, c := range []struct {
		name              string
		entries           []string
		certain, possible string
	}{
		{"allowed", []string{"100 allow tcp 22"}, "tcp/22", "tcp/22"},
		{"denied first", []string{"200 allow tcp 22", "100 deny tcp 22"}, "", ""},
		{"denied too late", []string{"100 allow tcp 22", "200 deny tcp 22"}, "tcp/22", "tcp/22"},
		{"another denied", []string{"100 deny tcp 443", "200 allow tcp 22"}, "tcp/22", "tcp/22"},
		{"perhaps denied first", []string{"100 ? tcp 22", "200 allow tcp 22"}, "", "tcp/22"},
		{"perhaps allowed", []string{"100 ? tcp 22"}, "", "tcp/22"},
		{"in an unknown order", []string{"? allow tcp 22", "100 deny tcp 22"}, "", "tcp/22"},
		{"in an unknown order, the denial stands first", []string{"? deny tcp 22", "100 allow tcp 22"}, "", "tcp/22"},
		{"in an unknown order, none denied", []string{"? allow tcp 22", "100 allow tcp 443"}, "tcp/22, tcp/443", "tcp/22, tcp/443"},
	} {
		got := allowed(aclOf(c.entries...), "ingress", source{family: ipv4, internet: true})
		if certain, possible := got.certain.String(), got.possible.String(); certain != c.certain || possible != c.possible {
			t.Errorf("%s: surely %q, perhaps %q; want %q and %q", c.name, certain, possible, c.certain, c.possible)
		}
	}
}
