package cloudformation

import (
	"slices"
	"strings"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// stored returns the unknown v with a link to the entry of Parameter Store
// that it will be read from. The entry stands in the graph as the data source
// aws_ssm_parameter, as it does in Terraform, so that a policy can read its
// name: the public parameters of AWS say in it which image they lead to.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html
func (l *loader) stored(v graph.Value, name string) graph.Value {
	if name == "" {
		return v
	}
	l.entries[name] = true
	return v.WithLinks(graph.Link{Address: storedAddress(name), Attribute: "value"})
}

func storedAddress(name string) string { return "{{resolve:ssm:" + name + "}}" }

// addStored adds the entries that the stack's values may link to.
func (l *loader) addStored(stack *graph.Stack, f *source.File) {
	names := make([]string, 0, len(l.entries))
	for name := range l.entries {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		stack.Resources = append(stack.Resources, &graph.Resource{
			Address: storedAddress(name), DeclaredType: "aws_ssm_parameter", Data: true,
			Declared: graph.ObjectValue(graph.Field{Name: "Name", Value: graph.StringValue(name)}),
			Header:   source.Range{File: f}, Block: source.Range{File: f},
		})
	}
}

// resolved makes a text with a dynamic reference unknown: the value is
// fetched at deployment, so it is present, but nothing is written down.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
func (l *loader) resolved(v graph.Value) graph.Value {
	if v.Kind != graph.String {
		return v
	}
	_, after, ok := strings.Cut(v.Text, "{{resolve:")
	reference, _, closed := strings.Cut(after, "}}")
	if !ok || !closed {
		return v
	}
	reason := "resolved at deployment"
	service, name, _ := strings.Cut(reference, ":")
	switch service {
	case "secretsmanager":
		reason = "resolved from Secrets Manager at deployment"
	case "ssm", "ssm-secure":
		reason = "resolved from Parameter Store at deployment"
	}
	out := graph.Value{Kind: graph.Unknown, Range: v.Range, Meta: v.Meta, Sensitive: v.Sensitive}
	out = out.WithReasons(graph.Reason{Text: reason})
	if service == "ssm" {
		name, _, _ = strings.Cut(name, ":") // without the version
		out = l.stored(out, name)
	}
	return out
}
