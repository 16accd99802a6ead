package terraform

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	hcljson "github.com/hashicorp/hcl/v2/json"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// topLevel says how many labels the blocks of a .tf.json file have.
var topLevel = map[string]int{
	"resource": 2, "data": 2, "ephemeral": 2, "module": 1, "variable": 1, "output": 1, "locals": 0, "moved": 0, "terraform": 0,
}

// parseJSON reads a file in JSON syntax as the blocks that it stands for.
// Whether a member of a resource is a block or an attribute only a provider's
// schema could tell; both come to the same value.
func (p *parser) parseJSON() body {
	root, problems := hcljson.ParseExpression(p.file.Data, p.file.Path)
	if p.report(problems); len(p.diags) > 0 {
		return body{}
	}
	var out body
	members := p.members(root)
	if members == nil {
		at := root.StartRange()
		p.report(hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "A JSON object is expected here", Subject: &at}})
		return out
	}
	for _, m := range members {
		if labels, ok := topLevel[m.name]; ok {
			p.labelled(&out, m.name, nil, labels, m)
		}
	}
	return out
}

// member is a member of a JSON object.
type member struct {
	name  string
	key   source.Range
	value hcl.Expression
}

func (m *member) span() source.Range {
	return m.key.Through(spanOf(m.key.File, m.value.Range()))
}

// members are those of an object, or of all objects in an array.
func (p *parser) members(x hcl.Expression) []member {
	out := []member{}
	if list, diags := hcl.ExprList(x); !diags.HasErrors() {
		objects := 0
		for _, item := range list {
			if inner := p.members(item); inner != nil {
				objects++
				out = append(out, inner...)
			}
		}
		if objects == 0 && len(list) > 0 {
			return nil
		}
		return out
	}
	pairs, diags := hcl.ExprMap(x)
	if diags.HasErrors() {
		return nil
	}
	for _, pair := range pairs {
		name, _ := pair.Key.Value(nil)
		if name.Type() != cty.String || name.AsString() == "//" {
			continue
		}
		out = append(out, member{name: name.AsString(), key: spanOf(p.file, pair.Key.Range()), value: pair.Value})
	}
	return out
}

// labelled adds the blocks of one kind, whose labels are nested objects.
func (p *parser) labelled(out *body, kind string, labels []string, missing int, m member) {
	if missing > 0 {
		members := p.members(m.value)
		if members == nil {
			p.misplaced(out, kind, labels, m)
		}
		for _, inner := range members {
			p.labelled(out, kind, append(labels[:len(labels):len(labels)], inner.name), missing-1, inner)
		}
		return
	}
	items := []hcl.Expression{m.value}
	if list, diags := hcl.ExprList(m.value); !diags.HasErrors() {
		items = list
	}
	for _, item := range items {
		if p.members(item) == nil {
			p.misplaced(out, kind, labels, m)
			continue
		}
		out.blocks = append(out.blocks, &block{
			kind: kind, labels: labels, header: m.key, span: m.span(), body: p.object(p.members(item), 0),
		})
	}
}

// misplaced is what stands where the object of a block is due: the block lacks
// a label, of which its module tells.
func (p *parser) misplaced(out *body, kind string, labels []string, m member) {
	v, diags := m.value.Value(nil)
	switch {
	case !diags.HasErrors() && v.IsNull(): // nothing is written
	case blockLabels[kind] > 0:
		short := labels[:min(len(labels), blockLabels[kind]-1)]
		out.blocks = append(out.blocks, &block{kind: kind, labels: short, header: m.key, span: m.span()})
	default:
		at := m.value.Range()
		p.report(hcl.Diagnostics{{Severity: hcl.DiagError, Subject: &at, Summary: "A JSON object is expected here"}})
	}
}

// object makes a body of an object's members. Of those only "dynamic" is
// known to be a block.
func (p *parser) object(members []member, depth int) body {
	var out body
	for _, m := range members {
		if m.name != "dynamic" || depth > maxDepth {
			out.attributes = append(out.attributes, &attribute{
				name: m.name, nameRange: m.key, span: m.span(), value: p.expression(p.value(m.value)),
			})
			continue
		}
		for _, kind := range p.members(m.value) {
			items := []hcl.Expression{kind.value}
			if list, diags := hcl.ExprList(kind.value); !diags.HasErrors() {
				items = list
			}
			for _, item := range items {
				dynamic := &block{kind: "dynamic", labels: []string{kind.name}, header: kind.key, span: kind.span()}
				for _, inner := range p.members(item) {
					if inner.name == "content" {
						dynamic.body.blocks = append(dynamic.body.blocks, &block{
							kind: "content", header: inner.key, span: inner.span(), body: p.object(p.members(inner.value), depth+1),
						})
						continue
					}
					dynamic.body.attributes = append(dynamic.body.attributes, p.object([]member{inner}, depth+1).attributes...)
				}
				out.blocks = append(out.blocks, dynamic)
			}
		}
	}
	return out
}

// value makes a native expression of a JSON value: strings are templates.
func (p *parser) value(x hcl.Expression) hclsyntax.Expression {
	at := x.Range()
	if out := structure(x, p.value); out != nil {
		return out
	}
	v, _ := x.Value(nil)
	if v.Type() == cty.String && v.IsKnown() && !v.IsNull() {
		start := at.Start
		start.Byte++
		start.Column++
		node, problems := hclsyntax.ParseTemplate([]byte(v.AsString()), at.Filename, start)
		if p.report(problems); !problems.HasErrors() {
			if t, ok := node.(*hclsyntax.TemplateExpr); ok {
				t.SrcRange = at
			}
			return node
		}
	}
	return &hclsyntax.LiteralValueExpr{Val: v, SrcRange: at}
}

// parseValuesJSON reads a .tfvars.json file: strings are taken as they are.
func parseValuesJSON(f *source.File) (top body, diags []graph.Diagnostic) {
	p := &parser{file: f}
	if problem := unparsable(f); problem != nil {
		return top, []graph.Diagnostic{*problem}
	}
	root, problems := hcljson.ParseExpression(f.Data, f.Path)
	if p.report(problems); len(p.diags) > 0 {
		return top, p.diags
	}
	for _, m := range p.members(root) {
		top.attributes = append(top.attributes, &attribute{
			name: m.name, nameRange: m.key, span: m.span(),
			value: &expression{node: p.verbatim(m.value), file: f, literal: true},
		})
	}
	return top, nil
}

// structure makes a native constructor of a JSON array or object, and nil of
// anything else. The members are made by part.
func structure(x hcl.Expression, part func(hcl.Expression) hclsyntax.Expression) hclsyntax.Expression {
	at := x.Range()
	if list, diags := hcl.ExprList(x); !diags.HasErrors() {
		out := &hclsyntax.TupleConsExpr{SrcRange: at, OpenRange: x.StartRange()}
		for _, item := range list {
			out.Exprs = append(out.Exprs, part(item))
		}
		return out
	}
	if pairs, diags := hcl.ExprMap(x); !diags.HasErrors() {
		out := &hclsyntax.ObjectConsExpr{SrcRange: at, OpenRange: x.StartRange()}
		for _, pair := range pairs {
			out.Items = append(out.Items, hclsyntax.ObjectConsItem{
				KeyExpr:   &hclsyntax.ObjectConsKeyExpr{Wrapped: part(pair.Key), ForceNonLiteral: true},
				ValueExpr: part(pair.Value),
			})
		}
		return out
	}
	return nil
}

// verbatim makes a native expression of a JSON value without templates.
func (p *parser) verbatim(x hcl.Expression) hclsyntax.Expression {
	at := x.Range()
	if out := structure(x, p.verbatim); out != nil {
		return out
	}
	v, _ := x.Value(nil)
	literal := &hclsyntax.LiteralValueExpr{Val: v, SrcRange: at}
	boundLiteral(literal)
	return literal
}
