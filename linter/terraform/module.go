package terraform

import (
	"fmt"
	"path"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// module is what the files of one directory declare. All instances share it.
type module struct {
	dir       string
	files     []*source.File // the one that a root-wide finding names first
	variables map[string]*variable
	locals    map[string]*attribute
	outputs   map[string]*output
	calls     []*call
	callNamed map[string]*call
	resources []*resource
	providers map[string]*block       // by name and alias
	named     map[[2]string]*resource // type, name; data sources as data.type
	diags     []graph.Diagnostic
}

// written is the number of bytes of the module's files.
func (m *module) written() int {
	n := 0
	for _, f := range m.files {
		n += len(f.Data)
	}
	return n
}

type variable struct {
	name                string
	header              source.Range
	kind                cty.Type
	defaults            *typeexpr.Defaults
	fallback            *attribute // the default, or nil
	nullable, sensitive bool
	ephemeral           bool
	validations         []*block
}

type output struct {
	name                 string
	value                *attribute
	sensitive, ephemeral bool
}

// call is a module block.
type call struct {
	name           string
	source         *expression
	sourceText     string // "" where it is not a literal
	count, forEach *expression
	enabled        *expression // of its lifecycle, in OpenTofu
	block          *block
}

type resource struct {
	data           bool // a data source, or ephemeral
	ephemeral      bool
	kind, name     string
	address        string // without module and key
	count, forEach *expression
	enabled        *expression // of its lifecycle, in OpenTofu
	block          *block
	attributes     map[string]*attribute
	blocks         map[string]bool
}

// interpret makes a module of the files of a directory.
func interpret(dir string, files []*source.File, bodies []body) *module {
	m := &module{
		dir: dir, files: files,
		variables: map[string]*variable{}, locals: map[string]*attribute{}, outputs: map[string]*output{},
		callNamed: map[string]*call{}, named: map[[2]string]*resource{},
	}
	var blocks, overrides []*block
	for i, b := range bodies {
		if isOverride(path.Base(files[i].Path)) {
			overrides = append(overrides, b.blocks...)
		} else {
			blocks = append(blocks, b.blocks...)
		}
	}
	for _, b := range m.override(blocks, overrides) {
		m.declare(b)
	}
	return m
}

func isOverride(name string) bool {
	name, _, _ = strings.Cut(name, ".")
	return name == "override" || strings.HasSuffix(name, "_override")
}

// override merges the blocks of override files into those they name.
func (m *module) override(blocks, overrides []*block) []*block {
	if len(overrides) == 0 {
		return blocks
	}
	key := func(b *block) string { return b.kind + " " + strings.Join(b.labels, " ") }
	at := map[string]int{}
	for i, b := range blocks {
		at[key(b)] = i
	}
	for _, o := range overrides {
		switch i, ok := at[key(o)]; {
		case o.kind == "locals":
			for _, a := range o.body.attributes {
				m.overrideLocal(blocks, a)
			}
		case ok:
			merged := *blocks[i]
			merged.body = mergeBodies(merged.body, o.body)
			blocks[i] = &merged
		case o.kind != "terraform" && o.kind != "provider":
			m.report(o.header, fmt.Sprintf("overrides %s, which is not declared", strings.TrimSpace(key(o))))
		}
	}
	return blocks
}

func (m *module) overrideLocal(blocks []*block, a *attribute) {
	for i, b := range blocks {
		if b.kind == "locals" && b.body.attribute(a.name) != nil {
			merged := *b
			merged.body = mergeBodies(b.body, body{attributes: []*attribute{a}})
			blocks[i] = &merged
			return
		}
	}
	m.report(a.nameRange, fmt.Sprintf("overrides local.%s, which is not declared", a.name))
}

// mergeBodies lets the attributes of o replace those of b, and its blocks all
// blocks of their kinds.
func mergeBodies(b, o body) body {
	var out body
	replaced := map[string]bool{}
	for _, child := range o.blocks {
		replaced[kindOf(child)] = true
	}
	for _, a := range b.attributes {
		if with := o.attribute(a.name); with != nil {
			a = with
		}
		out.attributes = append(out.attributes, a)
	}
	for _, a := range o.attributes {
		if b.attribute(a.name) == nil {
			out.attributes = append(out.attributes, a)
		}
	}
	for _, child := range b.blocks {
		if !replaced[kindOf(child)] {
			out.blocks = append(out.blocks, child)
		}
	}
	out.blocks = append(out.blocks, o.blocks...)
	return out
}

// kindOf is the kind of block that b makes.
func kindOf(b *block) string {
	if b.kind == "dynamic" && len(b.labels) > 0 {
		return b.labels[0]
	}
	return b.kind
}

func (m *module) report(at source.Range, message string) {
	m.diags = append(m.diags, graph.Diagnostic{File: at.File.Path, Range: at, Message: message})
}

// twice reports a second declaration of a name.
func (m *module) twice(b *block, what string) {
	m.report(b.header, what+" is declared twice in this module")
}

func (m *module) declare(b *block) {
	labels := len(b.labels)
	switch {
	case b.kind == "resource" && labels == 2, b.kind == "data" && labels == 2:
		m.declareResource(b)
	case b.kind == "ephemeral" && labels == 2:
		m.declareResource(b)
	case b.kind == "module" && labels == 1:
		c := &call{
			name: b.labels[0], block: b, source: b.body.expression("source"),
			count: b.body.expression("count"), forEach: b.body.expression("for_each"), enabled: enabledOf(b),
		}
		if c.source != nil && c.source.literal {
			if v, diags := c.source.node.Value(nil); !diags.HasErrors() && v.Type() == cty.String && !v.IsNull() {
				c.sourceText = v.AsString()
			}
		}
		if m.callNamed[c.name] != nil {
			m.twice(b, "module."+c.name)
			return
		}
		m.callNamed[c.name] = c
		m.calls = append(m.calls, c)
	case b.kind == "provider" && labels == 1:
		m.declareProvider(b)
	case b.kind == "variable" && labels == 1:
		m.declareVariable(b)
	case b.kind == "output" && labels == 1:
		o := &output{
			name: b.labels[0], value: b.body.attribute("value"),
			sensitive: isTrue(b.body.expression("sensitive")), ephemeral: isTrue(b.body.expression("ephemeral")),
		}
		if m.outputs[o.name] != nil {
			m.twice(b, "output."+o.name)
			return
		}
		m.outputs[o.name] = o
	case blockLabels[b.kind] != labels:
		m.report(b.header, mislabelled(b))
	case b.kind == "locals":
		for _, a := range b.body.attributes {
			if m.locals[a.name] != nil {
				m.report(a.nameRange, "local."+a.name+" is declared twice in this module")
				continue
			}
			m.locals[a.name] = a
		}
	}
}

// blockLabels are the numbers of labels of top-level blocks that take some.
var blockLabels = map[string]int{"resource": 2, "data": 2, "ephemeral": 2, "module": 1, "provider": 1, "variable": 1, "output": 1, "check": 1}

func mislabelled(b *block) string {
	want := "a name"
	if blockLabels[b.kind] == 2 {
		want = "a type and a name"
	}
	if len(b.labels) == 0 {
		return fmt.Sprintf("a %s block needs %s", b.kind, want)
	}
	return fmt.Sprintf("a %s block needs %s, and has %s: it is not evaluated", b.kind, want, strings.Join(b.labels, ", "))
}

func (m *module) declareResource(b *block) {
	r := &resource{
		data: b.kind != "resource", ephemeral: b.kind == "ephemeral", kind: b.labels[0], name: b.labels[1], block: b,
		count: b.body.expression("count"), forEach: b.body.expression("for_each"), enabled: enabledOf(b),
		attributes: make(map[string]*attribute, len(b.body.attributes)),
	}
	r.address = r.kind + "." + r.name
	key := [2]string{r.kind, r.name}
	if r.data {
		r.address = b.kind + "." + r.address
		key[0] = b.kind + "." + r.kind
	}
	if m.named[key] != nil {
		m.twice(b, r.address)
		return
	}
	for _, a := range b.body.attributes {
		if !isMeta(a.name) {
			r.attributes[a.name] = a
		}
	}
	for _, child := range b.body.blocks {
		if kind := kindOf(child); !isMeta(kind) {
			if r.blocks == nil {
				r.blocks = map[string]bool{}
			}
			r.blocks[kind] = true
		}
	}
	m.named[key] = r
	if b.kind != "ephemeral" {
		m.resources = append(m.resources, r)
	}
}

// enabledOf is the enabled argument of a block's lifecycle, or nil. In JSON
// syntax the lifecycle is an object.
// https://opentofu.org/docs/language/meta-arguments/enabled/
func enabledOf(b *block) *expression {
	if lifecycle := b.body.block("lifecycle"); lifecycle != nil {
		return lifecycle.body.expression("enabled")
	}
	x := b.body.expression("lifecycle")
	if x == nil {
		return nil
	}
	object, ok := x.node.(*hclsyntax.ObjectConsExpr)
	if !ok {
		return nil
	}
	for _, item := range object.Items {
		if name, ok := keyText(item.KeyExpr, nil); ok && name == "enabled" {
			enabled := *x
			enabled.node = item.ValueExpr
			return &enabled
		}
	}
	return nil
}

// isMeta names what in a resource block speaks to Terraform, not to the provider.
func isMeta(name string) bool {
	switch name {
	case "count", "for_each", "provider", "depends_on", "lifecycle", "connection", "provisioner":
		return true
	}
	return false
}

func (m *module) declareVariable(b *block) {
	v := &variable{
		name: b.labels[0], header: b.header, kind: cty.DynamicPseudoType,
		fallback:  b.body.attribute("default"),
		nullable:  !isFalse(b.body.expression("nullable")),
		sensitive: isTrue(b.body.expression("sensitive")),
		ephemeral: isTrue(b.body.expression("ephemeral")),
	}
	for _, child := range b.body.blocks {
		if child.kind == "validation" {
			v.validations = append(v.validations, child)
		}
	}
	if m.variables[v.name] != nil {
		m.twice(b, "var."+v.name)
		return
	}
	m.variables[v.name] = v
	x := b.body.expression("type")
	if x == nil {
		return
	}
	var node hcl.Expression = x.node
	if text, diags := hcl.AbsTraversalForExpr(x.node); diags.HasErrors() || len(text) == 0 {
		// "string" in quotes is how Terraform 0.11 and JSON write it.
		if lit, ok := x.node.(*hclsyntax.TemplateExpr); ok && lit.IsStringLiteral() {
			v, _ := lit.Value(nil)
			parsed, problems := hclsyntax.ParseExpression([]byte(v.AsString()), x.file.Path, lit.SrcRange.Start)
			if !problems.HasErrors() {
				node = parsed
			}
		}
	}
	switch hcl.ExprAsKeyword(node) {
	case "list":
		v.kind = cty.List(cty.DynamicPseudoType)
		return
	case "map":
		v.kind = cty.Map(cty.DynamicPseudoType)
		return
	}
	kind, defaults, problems := typeexpr.TypeConstraintWithDefaults(node)
	if problems.HasErrors() {
		m.report(x.span(), "type of var."+v.name+": "+problems[0].Summary+": "+problems[0].Detail)
		return
	}
	v.kind, v.defaults = kind, defaults
}

func isTrue(x *expression) bool  { return isBool(x, cty.True) }
func isFalse(x *expression) bool { return isBool(x, cty.False) }

func isBool(x *expression, want cty.Value) bool {
	if x == nil || !x.literal {
		return false
	}
	v, diags := x.node.Value(nil)
	return !diags.HasErrors() && v.RawEquals(want)
}
