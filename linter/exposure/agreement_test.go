package exposure

import (
	"bytes"
	"context"
	"os"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/policy"
	"github.com/demarc-dev/demarc/policies"
)

// internetCases is fixtures/exposure/internet.yaml.
type internetCases struct {
	Groups []struct {
		answers `yaml:",inline"`
		Port    int
		Rule    yaml.Node
	}
	ACLs []struct {
		answers `yaml:",inline"`
		Entries yaml.Node
	} `yaml:"acls"`
}

type answers struct {
	Name, Want string
	ByRules    string `yaml:"by_rules"`
	Because    string
}

// check holds both engines to what is wanted of them.
func (a answers) check(t *testing.T, byExposure, byRules string) {
	t.Helper()
	if byExposure != a.Want {
		t.Errorf("the way is %s, want %s", byExposure, a.Want)
	}
	want := a.Want
	if a.ByRules != "" {
		want = a.ByRules
		if a.Because == "" || a.ByRules == a.Want {
			t.Error("it does not say why the engines differ, or they do not")
		}
	}
	if byRules != want {
		t.Errorf("the rule says %s, want %s", byRules, want)
	}
}

// TestRulesAgree holds the ways to the rules: what is open to the internet is
// the same for both, but where a case says why not.
func TestRulesAgree(t *testing.T) {
	data, err := os.ReadFile("../../fixtures/exposure/internet.yaml")
	if err != nil {
		t.Fatal(err)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	var cases internetCases
	if err := decoder.Decode(&cases); err != nil {
		t.Fatal(err)
	}
	rules := map[int]string{22: "vpc/ingress-ssh", 3389: "vpc/ingress-rdp"}
	for _, c := range cases.Groups {
		t.Run("group/"+c.Name, func(t *testing.T) {
			g, _ := judged(t, "aws_security_group", "ingress", graph.ListValue(valueOf(t, &c.Rule)))
			c.check(t, admitted(g, c.Port), ruled(t, g, rules[c.Port]))
		})
	}
	for _, c := range cases.ACLs {
		t.Run("acl/"+c.Name, func(t *testing.T) {
			g, acl := judged(t, "aws_network_acl", "ingress", valueOf(t, &c.Entries))
			c.check(t, everyPort(acl), ruled(t, g, "vpc/nacl-all-ports"))
		})
	}
}

// judged is a graph of one resource with one attribute.
func judged(t *testing.T, declared, attribute string, v graph.Value) (*graph.Graph, *graph.Resource) {
	t.Helper()
	values := graph.ObjectValue()
	values.Fields = []graph.Field{{Name: attribute, Value: v}}
	r := &graph.Resource{Address: declared + ".x", DeclaredType: declared, Declared: values}
	owner := &graph.Resource{Address: "aws_instance.x", DeclaredType: "aws_instance", Declared: graph.ObjectValue()}
	link := graph.UnknownValue(graph.Reason{Text: "known after apply"}).WithLinks(graph.Link{Address: r.Address, Attribute: "id"})
	owner.Declared.Fields = []graph.Field{{Name: "vpc_security_group_ids", Value: graph.ListValue(link)}}
	g := graph.Build(t.Context(), policies.Schema(), []*graph.Stack{{Root: ".", Language: graph.Terraform, Resources: []*graph.Resource{r, owner}}})
	return g, r
}

var fromInternet = []source{{family: ipv4, internet: true}, {family: ipv6, internet: true}}

// admitted is whether an interface with the group is open over either family.
func admitted(g *graph.Graph, port int) string {
	j := &judge{graph: g, all: map[*graph.Stack]map[string][]*graph.Resource{}}
	state := Closed
	for _, r := range g.Resources {
		if r.Type != "aws_instance" {
			continue
		}
		for _, from := range fromInternet {
			h := j.securityGroups(j.groupRefs(r, nil, "vpc_security_group_ids"), from, only(tcpPort(port)))
			state = max(state, h.State)
		}
	}
	return state.String()
}

// everyPort is whether an ACL lets in all of TCP or UDP over either family.
func everyPort(acl *graph.Resource) string {
	state := Closed
	for _, from := range fromInternet {
		in := allowed(acl, "ingress", from)
		for _, protocol := range []string{"tcp", "udp"} {
			all := flows{{protocol, 1, 65535}}
			switch {
			case len(all.without(in.certain)) == 0:
				state = Open
			case len(all.without(in.possible)) == 0:
				state = max(state, Unknown)
			}
		}
	}
	return state.String()
}

func ruled(t *testing.T, g *graph.Graph, id string) string {
	t.Helper()
	result, err := policy.Judge(context.Background(), g, policy.Options{Wanted: func(r *policies.Rule) bool { return r.ID == id }})
	if err != nil || len(result.Errors) > 0 {
		t.Fatal(err, result.Errors)
	}
	tally := *result.PerRule[id]
	return map[policy.Tally]string{{Pass: 1}: "closed", {Inconclusive: 1}: "unknown", {Fail: 1}: "open"}[tally]
}

// valueOf reads a value; a question mark is unknown.
func valueOf(t *testing.T, node *yaml.Node) graph.Value {
	t.Helper()
	switch {
	case node.Kind == yaml.SequenceNode:
		list := graph.ListValue()
		for _, item := range node.Content {
			list.Items = append(list.Items, valueOf(t, item))
		}
		return list
	case node.Kind == yaml.MappingNode:
		object := graph.ObjectValue()
		for i := 0; i < len(node.Content); i += 2 {
			object.Fields = append(object.Fields, graph.Field{Name: node.Content[i].Value, Value: valueOf(t, node.Content[i+1])})
		}
		return object
	case node.Value == "?":
		return graph.UnknownValue(graph.Reason{Text: "var.x has no default", Needs: "var.x"})
	case node.Tag == "!!int":
		return graph.NumberValue(node.Value)
	case node.Tag == "!!bool":
		return graph.BoolValue(node.Value == "true")
	}
	return graph.StringValue(node.Value)
}
