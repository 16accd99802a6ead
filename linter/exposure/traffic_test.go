package exposure

import (
	"testing"

	"github.com/demarc-dev/demarc/linter/graph"
)

func TestFlows(t *testing.T) {
	for _, c := range []struct {
		name string
		got  flows
		want string
	}{
		{"all", everything, "all traffic"},
		{"and", everything.and(tcpPort(22)), "tcp/22"},
		{"another protocol", tcpPort(53).and(flows{{"udp", 53, 53}}), ""},
		{"a hole", flows{{"tcp", 0, 65535}}.without(tcpPort(22)), "tcp/0-21, tcp/23-65535"},
		{"all gone", tcpPort(22).without(everything), ""},
		{"the end", flows{{"tcp", 20, 22}}.without(tcpPort(22)), "tcp/20-21"},
		{"many", flows{{"tcp", 1, 1}, {"tcp", 2, 2}, {"tcp", 3, 3}, {"tcp", 4, 4}, {"tcp", 5, 5}}, "tcp/1, tcp/2, tcp/3, tcp/4 and 1 more"},
	} {
		if c.got.String() != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
}

func TestWorld(t *testing.T) {
	for text, want := range map[string]string{
		"0.0.0.0/0": "IPv4", "128.0.0.0/1": "IPv4", "10.0.0.0/8": "", "::/0": "IPv6", "2000::/3": "IPv6", "4000::/3": "", "2001:db8::/32": "", "anything": "", "": "",
	} {
		got := ""
		for _, f := range []family{ipv4, ipv6} {
			if f.world(graph.StringValue(text)) {
				got = f.name
			}
		}
		if got != want {
			t.Errorf("%q is all of %q, want %q", text, got, want)
		}
	}
}

// aclEntry is an entry of a network ACL; a port of 0 is all traffic, "?" is an unknown action.
func aclEntry(number, action, cidr string, port string) graph.Value {
	v := graph.StringValue(action)
	if action == "?" {
		v = graph.UnknownValue(graph.Reason{Text: "var.action has no default", Needs: "var.action"})
	}
	fields := []graph.Field{
		{Name: "rule_no", Value: graph.NumberValue(number)}, {Name: "action", Value: v},
		{Name: "cidr_blocks", Value: graph.ListValue(graph.StringValue(cidr))}, {Name: "protocol", Value: graph.StringValue("-1")},
	}
	if port != "0" {
		fields[3].Value = graph.StringValue("tcp")
		fields = append(fields, graph.Field{Name: "from_port", Value: graph.NumberValue(port)}, graph.Field{Name: "to_port", Value: graph.NumberValue(port)})
	}
	return graph.ObjectValue(fields...)
}

// The first entry that matches decides, whatever order the entries stand in.
func TestNetworkACL(t *testing.T) {
	const world = "0.0.0.0/0"
	out := graph.ListValue(aclEntry("1", "allow", world, "0"))
	for _, c := range []struct {
		name    string
		ingress []graph.Value
		want    State
		certain string
	}{
		{"none", nil, Closed, ""},
		{"allowed", []graph.Value{aclEntry("100", "allow", world, "0")}, Open, "all traffic"},
		{"denied first", []graph.Value{aclEntry("100", "allow", world, "0"), aclEntry("50", "deny", world, "0")}, Closed, ""},
		{"denied later", []graph.Value{aclEntry("50", "allow", world, "443"), aclEntry("100", "deny", world, "0")}, Open, "tcp/443"},
		{"one port denied", []graph.Value{aclEntry("1", "deny", world, "22"), aclEntry("2", "allow", world, "22"), aclEntry("3", "allow", world, "443")}, Open, "tcp/443"},
		{"some addresses denied", []graph.Value{aclEntry("1", "deny", "203.0.113.0/24", "0"), aclEntry("2", "allow", world, "443")}, Open, "tcp/443"},
		{"some addresses allowed", []graph.Value{aclEntry("1", "allow", "203.0.113.0/24", "0")}, Closed, ""},
		{"perhaps denied", []graph.Value{aclEntry("1", "?", world, "0"), aclEntry("2", "allow", world, "443")}, Unknown, ""},
		{"perhaps denied too late", []graph.Value{aclEntry("1", "allow", world, "443"), aclEntry("2", "?", world, "0")}, Open, "tcp/443"},
		{"perhaps allowed", []graph.Value{aclEntry("1", "?", world, "443")}, Unknown, ""},
	} {
		acl := &graph.Resource{Address: "acl", Values: graph.ObjectValue(
			graph.Field{Name: "ingress", Value: graph.ListValue(c.ingress...)}, graph.Field{Name: "egress", Value: out})}
		h := weighACL(acl, source{family: ipv4, internet: true})
		if h.State != c.want || h.filter.certain.String() != c.certain && c.certain != "" {
			t.Errorf("%s: %s for %q, want %s for %q", c.name, h.State, h.filter.certain, c.want, c.certain)
		}
	}
}
