package graph

// Edge is a link of a resource's canonical attribute to another resource.
type Edge struct {
	Attribute string // the text of its canonical path, without indexes
	To        *Resource
}

// Edges are the links of r to other resources, in the order in which its
// attributes stand, each once.
func (g *Graph) Edges(r *Resource) []Edge {
	var out []Edge
	seen := map[Edge]bool{}
	var follow func(path Path, v Value)
	follow = func(path Path, v Value) {
		for _, link := range v.Links() {
			for _, to := range g.Resolve(r.Stack, link.Address) {
				if e := (Edge{path.String(), to}); to != r && !seen[e] {
					seen[e] = true
					out = append(out, e)
				}
			}
		}
		for _, item := range v.Items {
			follow(path, item)
		}
		for _, f := range v.Fields {
			follow(append(path, f.Name), f.Value)
		}
	}
	for _, f := range r.Values.Fields {
		follow(Path{f.Name}, f.Value)
	}
	return out
}

// Targets are the resources that v, a value of a resource of the stack, refers
// to, each once.
func (g *Graph) Targets(s *Stack, v Value) []*Resource {
	var out []*Resource
	for _, link := range v.AllLinks() {
		out = appendNew(out, g.Resolve(s, link.Address))
	}
	return out
}

// Item is a member of a list with its path from the resource.
type Item struct {
	Path  Path
	Value Value
}

// Members are the members of the list at a path of r; a list that is unknown,
// and what is no list, is one member.
func (r *Resource) Members(path ...string) []Item {
	v := r.Values.Get(path...)
	switch v.Kind {
	case List:
		out := make([]Item, len(v.Items))
		for i, item := range v.Items {
			out[i] = Item{Path(path).Index(i), item}
		}
		return out
	case Absent, Null:
		return nil
	}
	return []Item{{path, v}}
}
