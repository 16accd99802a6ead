package terraform

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/demarc-dev/demarc/linter/graph"
)

// declareProvider notes a provider block by its name, with its alias if it
// has one: aws, aws.east.
func (m *module) declareProvider(b *block) {
	name := b.labels[0]
	if alias := b.body.expression("alias"); alias != nil && alias.constant != cty.NilVal {
		if given, ok := text(alias.constant); ok {
			name += "." + given
		}
	}
	if m.providers == nil {
		m.providers = map[string]*block{}
	}
	if m.providers[name] == nil {
		m.providers[name] = b
	}
}

// providerName is the name of a provider that an expression refers to:
// aws.east, or "aws.east" in JSON.
func providerName(node hcl.Expression) string {
	if t, diags := hcl.AbsTraversalForExpr(node); !diags.HasErrors() {
		parts := make([]string, 0, len(t))
		for _, step := range t {
			switch step := step.(type) {
			case hcl.TraverseRoot:
				parts = append(parts, step.Name)
			case hcl.TraverseAttr:
				parts = append(parts, step.Name)
			}
		}
		return strings.Join(parts, ".")
	}
	if v, diags := node.Value(nil); !diags.HasErrors() {
		name, _ := text(v)
		return name
	}
	return ""
}

// provider finds the block that configures a provider for an instance, and
// the instance that the block stands in: a module has the providers that its
// call passes, and those of its caller that have no alias.
func (in *instance) provider(name string) (*instance, *block) {
	for {
		if b := in.module.providers[name]; b != nil {
			return in, b
		}
		if in.call == nil {
			return nil, nil
		}
		passed := in.call.provider(name)
		if passed == "" && strings.Contains(name, ".") {
			return nil, nil
		}
		if passed != "" {
			name = passed
		}
		in = in.caller.in
	}
}

// provider is the caller's name of a provider that a call passes, or "".
func (c *call) provider(name string) string {
	x := c.block.body.expression("providers")
	if x == nil {
		return ""
	}
	object, ok := x.node.(*hclsyntax.ObjectConsExpr)
	if !ok {
		return ""
	}
	for _, item := range object.Items {
		if providerName(item.KeyExpr) == name {
			return providerName(item.ValueExpr)
		}
	}
	return ""
}

// defaultTags are the tags that the provider adds to a resource of AWS; false
// where it adds none.
func (it *item) defaultTags() (cty.Value, bool) {
	if it.resource.data || !strings.HasPrefix(it.resource.kind, "aws_") {
		return cty.NilVal, false
	}
	name := "aws"
	if x := it.resource.block.body.expression("provider"); x != nil {
		name = providerName(x.node)
	}
	in, b := it.scope.in.provider(name)
	if b == nil {
		return cty.NilVal, false
	}
	_, blocks := in.scope().blocksOf(&b.body, func(kind string) bool { return kind == "default_tags" })
	for _, c := range blocks["default_tags"] {
		if c.unknown != cty.NilVal {
			return c.unknown, true
		}
		if x := c.block.body.expression("tags"); x != nil {
			return c.scope.evaluate(x), true
		}
	}
	return cty.NilVal, false
}

// allTags are the provider's default tags with those of the resource; false
// where the provider adds none.
func (it *item) allTags() (cty.Value, bool) {
	tags, ok := it.defaultTags()
	if !ok {
		return cty.NilVal, false
	}
	if it.resource.attributes["tags"] == nil {
		return tags, true
	}
	own := it.value("tags")
	merged, err := stdlib.MergeFunc.Call([]cty.Value{tags, own})
	if err != nil {
		return unknown(cty.DynamicPseudoType, "the tags cannot be joined: "+err.Error(), "").WithMarks(causes(deepMarks(own))), true
	}
	return merged, true
}

// addAllTags adds the tags_all that the provider makes.
func (it *item) addAllTags(v *graph.Value) {
	if tags, ok := it.allTags(); ok && it.resource.attributes["tags_all"] == nil {
		at := it.resource.block.header
		if a := it.resource.attributes["tags"]; a != nil {
			at = a.span
		}
		v.Fields = append(v.Fields, graph.Field{Name: "tags_all", NameRange: at, Value: it.scope.in.eval.convert(tags, at)})
	}
}
