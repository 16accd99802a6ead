package terraform

import (
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// isPolicy marks the one data source that is evaluated here: it only
// rearranges what the configuration says.
func (it *item) isPolicy() bool {
	return it.resource.data && it.resource.kind == "aws_iam_policy_document"
}

// policyText is the json or minified_json attribute of a policy document.
func (it *item) policyText(name string) cty.Value {
	if it.busy {
		return it.scope.in.cycle("", it.resource.address)
	}
	marks := cty.ValueMarks{link(it.address, name): {}}
	if it.policy == nil {
		it.busy = true
		leave, ok := it.scope.in.enter("", it.resource.address)
		if !ok {
			leave()
			it.busy = false
			return unknown(cty.String, "too many values wait for each other", "")
		}
		structure := it.policyStructure()
		it.policy = &encoding{structure: &structure}
		if wholly(structure) {
			it.policy.text = unlisted(structure).JSON()
		}
		leave()
		it.busy = false
	}
	marks[it.policy] = struct{}{}
	for _, l := range it.policy.structure.AllLinks() {
		marks[linkMark{Link: l}] = struct{}{}
	}
	if it.policy.text != "" {
		v := cty.StringVal(it.policy.text)
		it.policy.text = v.AsString() // cty normalises Unicode
		return v.WithMarks(marks)
	}
	it.policy.structure.Unknowns(func(_ graph.Path, part graph.Value) {
		for _, r := range part.Reasons() {
			marks[reasonMark{Reason: r}] = struct{}{}
		}
	})
	return cty.UnknownVal(cty.String).RefineNotNull().WithMarks(marks)
}

// policyStructure is the document that the configuration makes. Documents that
// may be merged, and those that replace others, make it another one each.
func (it *item) policyStructure() graph.Value {
	declared := it.declare()
	for _, f := range declared.Fields {
		if f.Name != "statement" && len(f.Value.Tests()) > 0 {
			return declared.Split(policyStructure)
		}
	}
	return policyStructure(declared)
}

func wholly(v graph.Value) bool {
	known := true
	v.Unknowns(func(graph.Path, graph.Value) { known = false })
	return known
}

// policyStructure is the IAM JSON form of a policy document's configuration.
func policyStructure(declared graph.Value) graph.Value {
	p := policy{}
	for _, f := range membersOf(declared.Get("source_policy_documents")) {
		p.merge(f)
	}
	if legacy := declared.Get("source_json"); !legacy.IsNothing() {
		p.merge(legacy)
	}
	own := policy{version: field(declared, "version", "Version"), id: field(declared, "policy_id", "Id")}
	for _, s := range membersOf(declared.Get("statement")) {
		own.statements = append(own.statements, s.Each(policyStatement))
	}
	p.add(own)
	for _, f := range membersOf(declared.Get("override_policy_documents")) {
		p.merge(f)
	}
	if legacy := declared.Get("override_json"); !legacy.IsNothing() {
		p.merge(legacy)
	}
	if p.version == nil {
		p.version = &graph.Field{Name: "Version", Value: graph.StringValue("2012-10-17")}
	}
	out := graph.ObjectValue(*p.version)
	if p.id != nil {
		out.Fields = append(out.Fields, *p.id)
	}
	statements := graph.ListValue(p.statements...)
	if f, ok := declared.Field("statement"); ok {
		statements.Range = f.Value.Range
	}
	out.Fields = append(out.Fields, graph.Field{Name: "Statement", Value: statements})
	out.Range = declared.Range
	return out
}

// policy is a document that is being merged.
type policy struct {
	version, id *graph.Field
	statements  []graph.Value
}

// merge adds the document that a text encodes.
func (p *policy) merge(text graph.Value) {
	body, ok := text.Structure()
	if !ok && text.Kind == graph.String {
		if text.Text == "" {
			return
		}
		j := &jsonText{text: []byte(text.Text), segments: []segment{{end: len(text.Text)}}}
		v, _, err := j.value(j.skip(0), 0)
		if ok = err == nil; ok {
			body = standing(v, text.Range)
		}
	}
	if text.IsNothing() {
		return
	}
	if !ok || body.Kind != graph.Object {
		reasons := text.Reasons()
		if len(reasons) == 0 {
			reasons = []graph.Reason{{Text: "a merged policy document is not valid JSON"}}
		}
		p.statements = append(p.statements, graph.UnknownValue(reasons...).WithLinks(text.Links()...).At(text.Range))
		return
	}
	other := policy{version: field(body, "Version", "Version"), id: field(body, "Id", "Id")}
	other.statements = membersOf(body.Get("Statement"))
	p.add(other)
}

// standing puts all of v at one place.
func standing(v graph.Value, at source.Range) graph.Value {
	v.Range = at
	if len(v.Items) > 0 {
		v.Items = append([]graph.Value(nil), v.Items...)
	}
	for i := range v.Items {
		v.Items[i] = standing(v.Items[i], at)
	}
	if len(v.Fields) > 0 {
		v.Fields = append([]graph.Field(nil), v.Fields...)
	}
	for i := range v.Fields {
		v.Fields[i].NameRange = at
		v.Fields[i].Value = standing(v.Fields[i].Value, at)
	}
	return v
}

// add lets statements replace those of the same sid.
func (p *policy) add(o policy) {
	if o.version != nil {
		p.version = o.version
	}
	if o.id != nil {
		p.id = o.id
	}
next:
	for _, s := range o.statements {
		if sid := s.Get("Sid"); sid.Kind == graph.String && sid.Text != "" {
			for i := range p.statements {
				if have := p.statements[i].Get("Sid"); have.Kind == graph.String && have.Text == sid.Text {
					p.statements[i] = s
					continue next
				}
			}
		}
		p.statements = append(p.statements, s)
	}
}

// membersOf are a list's members, or the one value that stands for a list.
func membersOf(v graph.Value) []graph.Value {
	switch v.Kind {
	case graph.Absent, graph.Null:
		return nil
	case graph.List:
		return v.Items
	}
	return []graph.Value{v}
}

// field is a member under another name, or nil where it is not set.
func field(v graph.Value, name, as string) *graph.Field {
	f, ok := v.Field(name)
	if !ok || f.Value.IsNothing() {
		return nil
	}
	f.Name = as
	return &f
}

// policyStatement is the IAM JSON form of a statement block.
func policyStatement(s graph.Value) graph.Value {
	if s.Kind != graph.Object {
		return s
	}
	out := graph.Value{Kind: graph.Object, Range: s.Range, Meta: s.Meta}
	if f := field(s, "sid", "Sid"); f != nil && (f.Value.Kind != graph.String || f.Value.Text != "") {
		out.Fields = append(out.Fields, *f)
	}
	if f := field(s, "effect", "Effect"); f != nil {
		out.Fields = append(out.Fields, *f)
	} else {
		out.Fields = append(out.Fields, graph.Field{Name: "Effect", Value: graph.StringValue("Allow")})
	}
	for _, names := range [][2]string{
		{"actions", "Action"}, {"not_actions", "NotAction"}, {"resources", "Resource"}, {"not_resources", "NotResource"},
	} {
		if f := field(s, names[0], names[1]); f != nil && (f.Value.Kind != graph.List || len(f.Value.Items) > 0) {
			out.Fields = append(out.Fields, *f)
		}
	}
	for _, names := range [][2]string{{"principals", "Principal"}, {"not_principals", "NotPrincipal"}} {
		if f := field(s, names[0], names[1]); f != nil {
			if f.Value = f.Value.Split(policyPrincipals); f.Value.Kind != graph.Absent {
				out.Fields = append(out.Fields, *f)
			}
		}
	}
	if f := field(s, "condition", "Condition"); f != nil {
		if f.Value = f.Value.Split(policyConditions); len(f.Value.Fields) > 0 || f.Value.Kind == graph.Unknown || f.Value.Open() {
			out.Fields = append(out.Fields, *f)
		}
	}
	return out
}

// policyPrincipals joins principals blocks: {"AWS": [...]}, or "*".
func policyPrincipals(blocks graph.Value) graph.Value {
	out := graph.Value{Kind: graph.Object, Range: blocks.Range}
	list := membersOf(blocks)
	if len(list) == 0 {
		return graph.Value{}
	}
	for _, b := range list {
		kind, identifiers := b.Get("type"), b.Get("identifiers")
		if b.Kind != graph.Object || kind.Kind != graph.String {
			out = out.AsOpen(append(b.Reasons(), kind.Reasons()...)...).WithLinks(b.AllLinks()...)
			continue
		}
		if kind.Text == "*" && len(list) == 1 && len(identifiers.Items) == 1 && identifiers.Items[0].Text == "*" {
			return identifiers.Items[0]
		}
		addField(&out, graph.Field{Name: kind.Text, NameRange: b.Header(), Value: listOf(identifiers)})
	}
	return out
}

// listOf is a value as a list.
func listOf(v graph.Value) graph.Value {
	if v.Kind == graph.List || v.Kind == graph.Unknown {
		return v
	}
	return graph.Value{Kind: graph.List, Range: v.Range, Items: membersOf(v)}
}

// addField adds a member whose value is a list to those of the same name.
func addField(o *graph.Value, f graph.Field) {
	for i := range o.Fields {
		if have := &o.Fields[i]; have.Name == f.Name {
			joined := graph.Value{Kind: graph.List, Range: have.Value.Range}
			joined.Items = append(append(joined.Items, membersOf(have.Value)...), membersOf(f.Value)...)
			have.Value = joined
			return
		}
	}
	o.Fields = append(o.Fields, f)
}

// policyConditions joins condition blocks: {test: {variable: [values]}}.
func policyConditions(blocks graph.Value) graph.Value {
	out := graph.Value{Kind: graph.Object, Range: blocks.Range}
	for _, b := range membersOf(blocks) {
		test, variable, values := b.Get("test"), b.Get("variable"), b.Get("values")
		if b.Kind != graph.Object || test.Kind != graph.String || variable.Kind != graph.String {
			reasons := append(append(b.Reasons(), test.Reasons()...), variable.Reasons()...)
			out = out.AsOpen(reasons...).WithLinks(b.AllLinks()...)
			continue
		}
		at := -1
		for i := range out.Fields {
			if out.Fields[i].Name == test.Text {
				at = i
			}
		}
		if at < 0 {
			out.Fields = append(out.Fields, graph.Field{
				Name: test.Text, NameRange: b.Header(), Value: graph.Value{Kind: graph.Object, Range: b.Range},
			})
			at = len(out.Fields) - 1
		}
		addField(&out.Fields[at].Value, graph.Field{Name: variable.Text, NameRange: b.Header(), Value: listOf(values)})
	}
	return out
}

// unlisted gives lists of one text as that text, as the provider writes them.
func unlisted(v graph.Value) graph.Value {
	switch v.Kind {
	case graph.List:
		items := make([]graph.Value, len(v.Items))
		for i, item := range v.Items {
			items[i] = unlisted(item)
		}
		v.Items = items
	case graph.Object:
		fields := make([]graph.Field, len(v.Fields))
		for i, f := range v.Fields {
			if list := f.Value; f.Name != "Statement" && list.Kind == graph.List && len(list.Items) == 1 {
				f.Value = list.Items[0]
			}
			f.Value = unlisted(f.Value)
			fields[i] = f
		}
		v.Fields = fields
	}
	return v
}
