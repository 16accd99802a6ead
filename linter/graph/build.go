package graph

import (
	"context"
	"strings"
)

// Graph is the whole of what policies judge.
type Graph struct {
	Stacks []*Stack
	// Resources are all of all stacks that stand for themselves, external
	// parents included, folded companions left out. Resource.ID indexes it.
	Resources []*Resource
	// Documents are the policy documents in the resources. Their IDs go on
	// where the resources' end.
	Documents []*Document
	// Schema is what the resources were read by.
	Schema *Schema

	loose map[looseKey][]Reason
}

// Build makes the canonical graph: it reads every resource through its table,
// folds companions into their parents, resolves links and collects documents.
// When the context ends, only the stacks that are finished are in the graph.
func Build(ctx context.Context, schema *Schema, stacks []*Stack) *Graph {
	g := &Graph{Stacks: stacks, Schema: schema, loose: map[looseKey][]Reason{}}
	for i, s := range stacks {
		resources, documents := len(g.Resources), len(g.Documents)
		s.builder = &builder{ctx: ctx, schema: schema, graph: g, stack: s, loosened: map[looseReason]bool{}}
		if s.builder.build(); ctx.Err() != nil {
			g.Stacks, g.Resources, g.Documents = stacks[:i], g.Resources[:resources], g.Documents[:documents]
			break
		}
	}
	return g
}

// builder builds one stack's part of the graph.
type builder struct {
	ctx        context.Context
	schema     *Schema
	graph      *Graph
	stack      *Stack
	byAddress  map[string]*Resource
	byIdentity map[string][]*Resource
	byName     map[*Type]map[string]*Resource
	externals  map[string]*Resource
	own        []*Resource
	loosened   map[looseReason]bool // what is in graph.loose
}

func (b *builder) build() {
	b.index()
	for _, r := range b.stack.Resources {
		if b.ctx.Err() != nil {
			return
		}
		r.Stack = b.stack
		if r.Folded = len(b.schema.folds[r.DeclaredType]) > 0 && !r.Data && b.schema.table(r) == nil; r.Folded {
			continue
		}
		b.canonical(r)
		b.own = append(b.own, r)
	}
	b.indexNames()
	b.markGaps()
	b.fold()
	b.handed()
	first := len(b.graph.Resources)
	for _, r := range b.own {
		r.ID = len(b.graph.Resources)
		b.graph.Resources = append(b.graph.Resources, r)
	}
	for _, r := range b.graph.Resources[first:] {
		if b.ctx.Err() != nil {
			return
		}
		b.refer(r)
		b.documents(r)
	}
}

func (b *builder) index() {
	b.byAddress = make(map[string]*Resource, len(b.stack.Resources))
	b.byIdentity = make(map[string][]*Resource, len(b.stack.Resources))
	b.externals = map[string]*Resource{}
	for _, r := range b.stack.Resources {
		b.byAddress[r.Address] = r
		identity := r.Identity()
		b.byIdentity[identity] = append(b.byIdentity[identity], r)
	}
}

// canonical fills a resource's canonical half.
func (b *builder) canonical(r *Resource) {
	r.Type = r.DeclaredType
	if r.Data {
		r.Type = "data." + r.DeclaredType
	}
	r.Values = r.Declared
	if r.Data {
		r.Table = b.schema.Type(r.Type)
	} else {
		r.Table = b.schema.table(r)
	}
	if r.Table != nil {
		r.Type = r.Table.Name
		r.Values = extraction{r.Table, r.DeclaredType, b.stack.Language}.values(r)
	}
}

func (b *builder) indexNames() {
	b.byName = map[*Type]map[string]*Resource{}
	for _, r := range b.own {
		if r.Table == nil || r.Table.Names == "" {
			continue
		}
		if r.Data {
			continue // it names another's
		}
		name := nameKey(r.Values.Get(r.Table.Names))
		if name == "" {
			continue
		}
		names := b.byName[r.Table]
		if names == nil {
			names = map[string]*Resource{}
			b.byName[r.Table] = names
		}
		if _, taken := names[name]; taken {
			names[name] = nil // not unique: names nobody
			continue
		}
		names[name] = r
	}
}

func (b *builder) markGaps() {
	for _, gap := range b.stack.Gaps {
		for _, link := range gap.Links {
			for _, r := range b.resolve(link.Address) {
				r.inGap = gap
			}
		}
	}
}

// resolve finds the resources an address stands for; the instance key "*"
// stands for every instance.
func (b *builder) resolve(address string) []*Resource {
	if r, ok := b.byAddress[address]; ok {
		return []*Resource{r}
	}
	var found []*Resource
	for _, r := range b.byIdentity[StripKeys(address)] {
		if matchKeys(r.Address, address) {
			found = append(found, r)
		}
	}
	return found
}

// matchKeys compares two addresses of one identity; a key "*" on either side,
// or none where the other has one, matches any key.
func matchKeys(a, c string) bool {
	ka, kc := keys(a), keys(c)
	for module, key := range ka {
		other, ok := kc[module]
		if ok && key != other && key != `"*"` && other != `"*"` {
			return false
		}
	}
	return true
}

// keys returns an address's instance keys by the keyless prefix before them.
func keys(address string) map[string]string {
	out := map[string]string{}
	for from := 0; ; {
		open := strings.IndexByte(address[from:], '[')
		if open < 0 {
			return out
		}
		open += from
		end, quoted := open+1, false
		for ; end < len(address) && (quoted || address[end] != ']'); end++ {
			switch address[end] {
			case '\\':
				end++
			case '"':
				quoted = !quoted
			}
		}
		end = min(end, len(address))
		out[StripKeys(address[:open])] = address[open+1 : end]
		from = end
	}
}

// documents collects the policy documents of a resource.
func (b *builder) documents(r *Resource) {
	if r.Type == moduleType {
		b.documentsHanded(r, nil, r.Values)
	}
	if r.Table != nil {
		b.documentsIn(r, r.Table.Attributes, nil, r.Values)
	}
}

func (b *builder) documentsIn(r *Resource, attributes []Attribute, path Path, v Value) {
	for i := range attributes {
		a := &attributes[i]
		if a.Form != FormDocument && len(a.Attributes) == 0 {
			continue
		}
		f, ok := v.Field(a.Name)
		if !ok {
			continue
		}
		at := path.Join(a.Name)
		switch {
		case a.Form == FormDocument:
			if !f.Value.IsNothing() {
				b.graph.Documents = append(b.graph.Documents, &Document{Kind: a.Document, Owner: r, Path: at, Value: f.Value})
			}
		case f.Value.Kind == Object:
			b.documentsIn(r, a.Attributes, at, f.Value)
		case f.Value.Kind == List:
			for j, item := range f.Value.Items {
				b.documentsIn(r, a.Attributes, at.Index(j), item)
				b.documentsOf(r, a.Attributes, at.Index(j), item)
			}
		}
	}
}

// documentsOf notes that a block that may be there holds documents.
func (b *builder) documentsOf(r *Resource, attributes []Attribute, at Path, block Value) {
	if block.Kind != Unknown || block.Alternatives() == nil {
		return
	}
	for i := range attributes {
		if a := &attributes[i]; a.Form == FormDocument {
			b.graph.Documents = append(b.graph.Documents, &Document{Kind: a.Document, Owner: r, Path: at, Value: block})
		}
	}
}

// Resolve finds the resources of a stack that an address stands for, folded
// companions left out.
func (g *Graph) Resolve(s *Stack, address string) []*Resource {
	if s.builder == nil {
		return nil
	}
	var found []*Resource
	for _, r := range s.builder.resolve(address) {
		if !r.Folded {
			found = append(found, r)
		}
	}
	return found
}
