package terraform

import (
	"fmt"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc-dev/demarc/linter/graph"
)

// cluster is the instances of one resource in one module instance.
type cluster struct {
	expansion
	resource *resource
	items    []*item
	values   map[string]*slot // by the attributes that are asked for
}

// item is one instance of a resource.
type item struct {
	resource *resource
	scope    *scope
	address  string
	presence presence
	raw      map[string]*slot
	declared *graph.Value
	policy   *encoding
	busy     bool
}

// cluster expands a resource; nil while its count or for_each is being evaluated.
func (in *instance) cluster(r *resource) *cluster {
	c, known := in.clusters[r]
	if known {
		return c
	}
	in.clusters[r] = nil
	leave, ok := in.enter("", r.address)
	defer leave()
	c = &cluster{resource: r}
	if ok {
		c.expansion = in.expandEnabled(r.count, r.forEach, r.enabled, in.prefix()+r.address)
	} else {
		c.expansion = in.openExpansion(&graph.Reason{Text: "too many values wait for each other"})
	}
	c.items = make([]*item, len(c.scopes))
	items := make([]item, len(c.scopes))
	for i, s := range c.scopes {
		items[i] = item{resource: r, scope: s, address: in.prefix() + r.address + c.keys[i], presence: c.presence(i, in.presence)}
		c.items[i] = &items[i]
	}
	in.clusters[r] = c
	return c
}

// resourceValue is what a reference to a resource sees, with at least the
// attributes that are asked for.
func (in *instance) resourceValue(r *resource, u *use) cty.Value {
	c := in.cluster(r)
	if c == nil {
		return in.cycle("", r.address)
	}
	attributes := u.attributes
	if c.mode == single && u.indexed {
		attributes = nil // aws_x.y["id"]: the index is the attribute
	}
	key := ""
	if attributes != nil {
		key = u.attributeKey()
	}
	if s := c.values[key]; s != nil {
		if s.busy {
			return in.cycle("", r.address)
		}
		return s.value
	}
	s := &slot{busy: true}
	if c.values == nil {
		c.values = map[string]*slot{}
	}
	c.values[key] = s
	leave, ok := in.enter("", r.address)
	if ok {
		s.value = c.value(attributes)
	} else {
		s.value = unknown(cty.DynamicPseudoType, "too many values wait for each other", "")
	}
	leave()
	s.busy = false
	return s.value
}

// value is the collection of instances as its mode has it.
func (c *cluster) value(attributes []string) cty.Value {
	if out := collect(c.mode, c.names, c.items, attributes); out != cty.NilVal {
		return out
	}
	return c.unknown(c.items, attributes).Mark(instancesMark{of: &asked{c, attributes}})
}

// unknown is what is known of instances that may be there: what they refer to.
func (c *cluster) unknown(items []*item, attributes []string) cty.Value {
	marks := cty.NewValueMarks(reasonMark{Reason: *c.maybe})
	for _, it := range items {
		if len(attributes) == 0 {
			marks[link(it.address, "")] = struct{}{}
		}
		for _, name := range attributes {
			for m := range deepMarks(it.attribute(name)) {
				if !isShape(m) {
					marks[m] = struct{}{}
				}
			}
		}
	}
	return cty.DynamicVal.WithMarks(marks)
}

// object is an instance as an object of the given attributes, or of all that
// are known of it.
func (it *item) object(attributes []string) cty.Value {
	members := make(map[string]cty.Value, len(attributes))
	if attributes != nil {
		for _, name := range attributes {
			members[name] = it.attribute(name)
		}
		return cty.ObjectVal(members)
	}
	for name := range it.resource.attributes {
		members[name] = it.attribute(name)
	}
	for name := range it.resource.blocks {
		members[name] = it.attribute(name)
	}
	for _, name := range it.computedNames() {
		if _, ok := members[name]; !ok {
			members[name] = it.attribute(name)
		}
	}
	if it.isPolicy() {
		members["json"] = it.attribute("json")
	}
	return cty.ObjectVal(members).Mark(objectMark{address: it.address, data: it.resource.data, closed: it.isPlainData()})
}

// attribute is what a reference to an attribute sees.
func (it *item) attribute(name string) cty.Value {
	v := it.known(name)
	if it.resource.ephemeral {
		v = v.Mark(ephemeralMark{})
	}
	return v
}

// known is what the configuration says of an attribute, else what only the
// provider knows.
func (it *item) known(name string) cty.Value {
	if it.isPolicy() && (name == "json" || name == "minified_json") {
		return it.policyText(name)
	}
	if it.isPlainData() && name != "id" {
		return it.plainData(name)
	}
	if it.resource.attributes[name] != nil || it.resource.blocks[name] {
		v := it.value(name)
		if !v.IsKnown() || !v.IsNull() {
			return v.Mark(link(it.address, name))
		}
	}
	if name == "tags_all" {
		if v, ok := it.allTags(); ok {
			return v.Mark(link(it.address, name))
		}
	}
	if v, ok := it.read(name); ok {
		return v.Mark(link(it.address, name))
	}
	if v, ok := it.standIn(name); ok {
		return v.Mark(link(it.address, name))
	}
	return computed(it.address, name, it.resource.data)
}

// computedNames are what a resource has beside what its configuration writes.
func (it *item) computedNames() []string {
	if it.isPlainData() {
		return []string{"id", "input", "output", "triggers_replace"}
	}
	if it.resource.kind == "aws_eks_cluster" {
		return []string{"id", "arn", "identity"}
	}
	return []string{"id", "arn"}
}

// isPlainData marks terraform_data, which every Terraform has built in.
func (it *item) isPlainData() bool { return !it.resource.data && it.resource.kind == "terraform_data" }

// plainData is an attribute of terraform_data. Its output becomes its input.
func (it *item) plainData(name string) cty.Value {
	from := name
	switch name {
	case "output":
		from = "input"
	case "input", "triggers_replace":
	default:
		return unknown(cty.DynamicPseudoType, fmt.Sprintf("terraform_data has no attribute %q", name), "")
	}
	if it.resource.attributes[from] == nil {
		return cty.NullVal(cty.DynamicPseudoType)
	}
	return it.value(from).Mark(link(it.address, name))
}

// value is what the configuration says of an attribute or of a kind of block.
func (it *item) value(name string) cty.Value {
	if a := it.resource.attributes[name]; a != nil && a.value.constant != cty.NilVal {
		return a.value.constant
	}
	if s := it.raw[name]; s != nil {
		if s.busy {
			return it.scope.in.cycle("", it.resource.address)
		}
		return s.value
	}
	s := &slot{busy: true}
	if it.raw == nil {
		it.raw = make(map[string]*slot, len(it.resource.attributes))
	}
	it.raw[name] = s
	leave, ok := it.scope.in.enter("", it.resource.address)
	switch a := it.resource.attributes[name]; {
	case !ok:
		s.value = unknown(cty.DynamicPseudoType, "too many values wait for each other", "")
	case a != nil:
		s.value = it.scope.evaluate(a.value)
	default:
		s.value = it.scope.blockValue(&it.resource.block.body, name, objectMark{address: it.address, data: it.resource.data}, 0)
	}
	leave()
	s.busy = false
	return s.value
}

// emit adds the resources of the instance, and of all modules it calls, to the stack.
func (in *instance) emit() {
	in.validate()
	in.eval.stack.Secrets = append(in.eval.stack.Secrets, in.secrets()...)
	for _, r := range in.module.resources {
		if in.eval.library.ctx.Err() != nil {
			return
		}
		c := in.cluster(r)
		if c == nil {
			continue
		}
		for _, it := range c.items {
			in.eval.stack.Resources = append(in.eval.stack.Resources, &graph.Resource{
				Address: it.address, DeclaredType: r.kind, Data: r.data,
				Declared: it.declare(), Header: r.block.header, Block: r.block.span,
				Calls: in.calls, Maybe: it.presence.why, Exists: it.presence.when,
			})
		}
	}
	for _, c := range in.module.calls {
		f := in.family(c)
		if f == nil {
			continue
		}
		for _, child := range f.instances {
			if child.missing == nil {
				child.emit()
			} else {
				in.gap(c, child)
			}
		}
	}
}

// declare is the instance's whole configuration.
func (it *item) declare() (out graph.Value) {
	defer func() {
		if r := recover(); r != nil {
			at := it.resource.block.header
			it.scope.in.eval.report(at, graph.Failure("evaluating "+graph.StripKeys(it.address), r))
			out = graph.UnknownValue(graph.Reason{Text: "cannot be evaluated"}).At(it.resource.block.span)
			it.declared = &out
		}
	}()
	if it.declared == nil {
		v := it.scope.declaredBody(&it.resource.block.body, it, 0)
		v.Range = it.resource.block.span
		it.addAllTags(&v)
		it.declared = &v
	}
	return *it.declared
}
