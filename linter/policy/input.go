package policy

import (
	"context"
	"encoding/json"
	"sort"
	"strconv"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/demarc-dev/demarc/linter/graph"
)

// input builds what policies read, as OPA's own terms: every resource is
// converted once and shared, names are interned.
type input struct {
	graph *graph.Graph
	names map[string]*ast.Term
	// stacks are the indexes of the graph's stacks.
	stacks map[*graph.Stack]int
	// wanted are the types some loaded rule reads; nil means all.
	wanted map[string]bool
	// shown is what is shown of a resource's values, or a document's.
	shown func(graph.Value) graph.Value
	// options are the rules' thresholds, by rule id and name.
	options map[string]map[string]int
}

func newInput(g *graph.Graph, wanted map[string]bool) *input {
	in := &input{graph: g, names: map[string]*ast.Term{}, stacks: make(map[*graph.Stack]int, len(g.Stacks)), wanted: wanted, shown: func(v graph.Value) graph.Value { return v }}
	for i, s := range g.Stacks {
		in.stacks[s] = i
	}
	return in
}

func (in *input) name(s string) *ast.Term {
	if t, ok := in.names[s]; ok {
		return t
	}
	t := ast.StringTerm(s)
	in.names[s] = t
	return t
}

// document is the whole input, or what there was of it when the context ended.
func (in *input) document(ctx context.Context) ast.Value {
	byType := map[string][]*ast.Term{}
	byID := ast.NewObject()
	for _, r := range in.graph.Resources {
		if ctx.Err() != nil {
			break
		}
		if in.wanted != nil && !in.wanted[r.Type] {
			continue
		}
		term := in.resource(r)
		byType[r.Type] = append(byType[r.Type], term)
		byID.Insert(ast.InternedTerm(r.ID), term)
	}
	types := ast.NewObject()
	for name, terms := range byType {
		types.Insert(in.name(name), ast.ArrayTerm(terms...))
	}
	byKind := map[string][]*ast.Term{}
	for i, d := range in.graph.Documents {
		d.ID = len(in.graph.Resources) + i
		byKind[d.Kind] = append(byKind[d.Kind], in.policyDocument(d))
	}
	documents := ast.NewObject()
	for kind, terms := range byKind {
		documents.Insert(in.name(kind), ast.ArrayTerm(terms...))
	}
	loose := make([]*ast.Term, len(in.graph.Stacks))
	for i, s := range in.graph.Stacks {
		loose[i] = in.texts(in.graph.Loose(s))
	}
	return ast.NewObject(
		[2]*ast.Term{in.name("by_type"), ast.NewTerm(types)},
		[2]*ast.Term{in.name("by_id"), ast.NewTerm(byID)},
		[2]*ast.Term{in.name("documents"), ast.NewTerm(documents)},
		[2]*ast.Term{in.name("loose"), ast.ArrayTerm(loose...)},
		[2]*ast.Term{in.name("options"), in.thresholds()},
	)
}

// thresholds are the rules' options.
func (in *input) thresholds() *ast.Term {
	rules := ast.NewObject()
	for rule, options := range in.options {
		values := ast.NewObject()
		for name, value := range options {
			values.Insert(in.name(name), ast.InternedTerm(value))
		}
		rules.Insert(in.name(rule), ast.NewTerm(values))
	}
	return ast.NewTerm(rules)
}

func (in *input) texts(texts []string) *ast.Term {
	terms := make([]*ast.Term, len(texts))
	for i, t := range texts {
		terms[i] = in.name(t)
	}
	return ast.ArrayTerm(terms...)
}

// resource is one resource as a policy sees it.
func (in *input) resource(r *graph.Resource) *ast.Term {
	var unknown []string
	fields := make([][2]*ast.Term, 0, len(r.Values.Fields))
	links := map[string][]*ast.Term{}
	at, path := make(graph.Path, 1, 8), make(graph.Path, 1, 8)
	for _, f := range in.shown(r.Values).Fields {
		at[0], path[0] = f.Name, f.Name
		if r.Table != nil && r.Table.Attribute(graph.Path{f.Name}) == nil && in.wanted != nil {
			continue // what no table names is for custom rules only
		}
		if term := in.value(f.Value, at, path, &unknown); term != nil {
			fields = append(fields, [2]*ast.Term{in.name(f.Name), term})
		}
		in.links(r, path, f.Value, links)
	}
	if r.Values.Open() {
		unknown = append(unknown, "*")
	}
	linkedBy := ast.NewObject()
	for _, reference := range r.References() {
		var ids []*ast.Term
		for _, other := range r.Referrers(reference) {
			ids = append(ids, ast.InternedTerm(other.ID))
		}
		linkedBy.Insert(in.name(reference), ast.ArrayTerm(ids...))
	}
	linkObject := ast.NewObject()
	for path, ids := range links {
		linkObject.Insert(in.name(path), ast.ArrayTerm(ids...))
	}
	return ast.ObjectTerm(
		[2]*ast.Term{in.name("id"), ast.InternedTerm(r.ID)},
		[2]*ast.Term{in.name("address"), ast.StringTerm(r.Address)},
		[2]*ast.Term{in.name("type"), in.name(r.Type)},
		[2]*ast.Term{in.name("declared_type"), in.name(r.DeclaredType)},
		[2]*ast.Term{in.name("stack"), ast.InternedTerm(in.stacks[r.Stack])},
		[2]*ast.Term{in.name("external"), ast.InternedTerm(r.External)},
		[2]*ast.Term{in.name("in_gap"), ast.InternedTerm(r.InGap())},
		[2]*ast.Term{in.name("linked_by"), ast.NewTerm(linkedBy)},
		[2]*ast.Term{in.name("links"), ast.NewTerm(linkObject)},
		[2]*ast.Term{in.name("values"), ast.ObjectTerm(fields...)},
		[2]*ast.Term{in.name("_unknown"), in.unknown(unknown)},
	)
}

// links collects the resources an attribute refers to, by its path without
// indexes. A link that leads out of the stack counts, with no resource.
func (in *input) links(r *graph.Resource, path graph.Path, v graph.Value, out map[string][]*ast.Term) {
	if links := v.Links(); len(links) > 0 {
		text := path.String()
		if out[text] == nil {
			out[text] = []*ast.Term{}
		}
		for _, link := range links {
			for _, target := range in.graph.Resolve(r.Stack, link.Address) {
				out[text] = append(out[text], ast.InternedTerm(target.ID))
			}
		}
	}
	for _, item := range v.Items {
		in.links(r, path, item, out)
	}
	for _, f := range v.Fields {
		in.links(r, append(path, f.Name), f.Value, out)
	}
}

// value converts a value; nil when it is unknown. at is its path with
// indexes from the resource, path its path without indexes from the
// enclosing block, unknown the block's list of unknown paths. Both paths are
// stacks that grow and shrink with the descent: what is kept of them is text.
func (in *input) value(v graph.Value, at, path graph.Path, unknown *[]string) *ast.Term {
	switch v.Kind {
	case graph.Unknown:
		*unknown = append(*unknown, path.String())
		return nil
	case graph.Bool:
		return ast.InternedTerm(v.Bool)
	case graph.Number:
		return ast.NumberTerm(json.Number(v.Text))
	case graph.String:
		return ast.StringTerm(v.Text)
	case graph.List:
		return in.list(v, at, path, unknown)
	case graph.Object:
		fields := make([][2]*ast.Term, 0, len(v.Fields))
		for _, f := range v.Fields {
			if term := in.value(f.Value, append(at, f.Name), append(path, f.Name), unknown); term != nil {
				fields = append(fields, [2]*ast.Term{in.name(f.Name), term})
			}
		}
		if v.Open() {
			*unknown = append(*unknown, append(path, "*").String())
		}
		return ast.ObjectTerm(fields...)
	}
	return ast.InternedNullTerm
}

func (in *input) list(v graph.Value, at, path graph.Path, unknown *[]string) *ast.Term {
	terms := make([]*ast.Term, 0, len(v.Items))
	for i, item := range v.Items {
		switch item.Kind {
		case graph.Unknown:
			*unknown = append(*unknown, append(path, "*").String())
		case graph.Object:
			var inner []string
			terms = append(terms, in.block(item, append(at, strconv.Itoa(i)), &inner))
			prefix := ""
			if len(inner) > 0 {
				prefix = path.String()
			}
			for _, p := range inner {
				*unknown = append(*unknown, graph.JoinText(prefix, p))
			}
		default:
			if term := in.value(item, append(at, strconv.Itoa(i)), path, unknown); term != nil {
				terms = append(terms, term)
			}
		}
	}
	return ast.ArrayTerm(terms...)
}

// block is a member of a list of objects: it tells where it stands and what
// in it is unknown.
func (in *input) block(v graph.Value, at graph.Path, unknown *[]string) *ast.Term {
	fields := make([][2]*ast.Term, 0, len(v.Fields)+2)
	path := make(graph.Path, 1, 4)
	for _, f := range v.Fields {
		path[0] = f.Name
		if term := in.value(f.Value, append(at, f.Name), path, unknown); term != nil {
			fields = append(fields, [2]*ast.Term{in.name(f.Name), term})
		}
	}
	if v.Open() {
		*unknown = append(*unknown, "*")
	}
	fields = append(fields,
		[2]*ast.Term{in.name("_at"), ast.StringTerm(at.String())},
		[2]*ast.Term{in.name("_unknown"), in.unknown(*unknown)})
	return ast.ObjectTerm(fields...)
}

func (in *input) unknown(paths []string) *ast.Term {
	sort.Strings(paths)
	terms := make([]*ast.Term, 0, len(paths))
	for i, p := range paths {
		if i == 0 || paths[i-1] != p {
			terms = append(terms, in.name(p))
		}
	}
	return ast.ArrayTerm(terms...)
}

// policyDocument is a document as a policy sees it. Statements say where they
// stand from their owner on.
func (in *input) policyDocument(d *graph.Document) *ast.Term {
	var unknown []string
	fields := [][2]*ast.Term{
		{in.name("id"), ast.InternedTerm(d.ID)},
		{in.name("kind"), in.name(d.Kind)},
		{in.name("path"), ast.StringTerm(d.Path.String())},
		{in.name("owner"), ast.InternedTerm(d.Owner.ID)},
		{in.name("owner_type"), in.name(d.Owner.Type)},
	}
	if statements := in.value(in.shown(d.Value).Get("statements"), d.Path.Join("statements"), graph.Path{"statements"}, &unknown); statements != nil {
		fields = append(fields, [2]*ast.Term{in.name("statements"), statements})
	}
	fields = append(fields, [2]*ast.Term{in.name("_unknown"), in.unknown(unknown)})
	return ast.ObjectTerm(fields...)
}

// Inspect is the input as policies see it, for people: secrets are shown only
// if they are asked for.
func Inspect(ctx context.Context, g *graph.Graph, secrets bool) (any, error) {
	in := newInput(g, nil)
	if !secrets {
		in.shown = func(v graph.Value) graph.Value { return v.WithoutSecrets("(sensitive)") }
	}
	return ast.JSON(in.document(ctx))
}
