// Package diagram is the canonical graph for people to look at: resources by
// module, what refers to what, and the findings about each.
package diagram

import (
	"cmp"
	"slices"
	"strings"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/graph"
)

// Diagram is the graph of everything that was scanned. Instances of a
// resource, and variants and environments of a root, are one node.
type Diagram struct {
	Nodes []Node
	Edges []Edge
	// Cut counts what Largest left out.
	Cut Cut
}

// Node is a resource of a root.
type Node struct {
	Root    string   // directory or template
	Modules []string // module calls that lead to it, outermost first, each with the address from the root
	Address string   // without instance keys
	Type    string   // canonical
	// DeclaredType is the type as written.
	DeclaredType string
	// Instances is how many there are.
	Instances int
	// External marks a resource that only its companions here tell of.
	External bool
	// Findings are those that failed or could not be decided, the worst first.
	Findings []finding.Finding
}

// Edge says that an attribute of a node refers to another; both are indexes
// of Diagram.Nodes.
type Edge struct {
	From, To  int
	Attribute string
}

// Cut counts nodes and edges that are not shown.
type Cut struct{ Nodes, Edges int }

type key struct {
	root, address, kind string
}

// Of makes the diagram. about gives the findings about a resource.
func Of(g *graph.Graph, about func(*graph.Resource) []finding.Finding) *Diagram {
	d := &Diagram{}
	at := map[key]int{}
	counted := map[[2]string]bool{}
	for _, r := range g.Resources {
		k := keyOf(r)
		i, ok := at[k]
		if !ok {
			i = len(d.Nodes)
			at[k] = i
			d.Nodes = append(d.Nodes, newNode(r))
		}
		n := &d.Nodes[i]
		if instance := [2]string{k.root + " " + k.kind, r.Address}; !counted[instance] {
			counted[instance] = true
			n.Instances++
		}
		for _, f := range about(r) {
			n.add(f)
		}
	}
	d.addEdges(g, at)
	for i := range d.Nodes {
		slices.SortStableFunc(d.Nodes[i].Findings, func(a, b finding.Finding) int { return rank(b) - rank(a) })
	}
	return d
}

// addEdges draws each reference once. A policy's text refers to all that its
// statements do, and tags_all repeats tags: they are left out.
func (d *Diagram) addEdges(g *graph.Graph, at map[key]int) {
	seen := map[Edge]bool{}
	for _, r := range g.Resources {
		for _, e := range g.Edges(r) {
			edge := Edge{at[keyOf(r)], at[keyOf(e.To)], e.Attribute}
			if edge.From == edge.To || seen[edge] || strings.HasPrefix(e.Attribute, "tags_all") {
				continue
			}
			seen[edge] = true
			d.Edges = append(d.Edges, edge)
		}
	}
	d.Edges = slices.DeleteFunc(d.Edges, func(e Edge) bool {
		for around := graph.ParsePath(e.Attribute).Parent(); len(around) > 0; around = around.Parent() {
			if seen[Edge{e.From, e.To, around.String()}] {
				return true
			}
		}
		return false
	})
}

func keyOf(r *graph.Resource) key { return key{r.Stack.Root, r.Identity(), r.Type} }

func newNode(r *graph.Resource) Node {
	n := Node{Root: r.Stack.Root, Address: r.Identity(), Type: r.Type, DeclaredType: r.DeclaredType, External: r.External}
	for _, call := range r.Calls {
		n.Modules = append(n.Modules, graph.StripKeys(call.Address))
	}
	return n
}

func (n *Node) add(f finding.Finding) {
	if f.Status == finding.Suppressed {
		return
	}
	same := func(other finding.Finding) bool {
		return other.Fingerprint == f.Fingerprint && other.Status == f.Status && other.Location.Range == f.Location.Range
	}
	if !slices.ContainsFunc(n.Findings, same) {
		n.Findings = append(n.Findings, f)
	}
}

// rank orders findings: those that failed by severity, then those that could
// not be decided.
func rank(f finding.Finding) int {
	if f.Status == finding.Fail {
		return f.Severity.Rank() + 1
	}
	return 1
}

// State is the severity of the worst finding that failed; else
// "inconclusive", or "" where there is no finding.
func (n Node) State() string {
	switch {
	case len(n.Findings) == 0:
		return ""
	case n.Findings[0].Status == finding.Fail:
		return string(n.Findings[0].Severity)
	}
	return string(finding.Inconclusive)
}

// Module is the address of the module that the resource stands in, or "".
func (n Node) Module() string {
	if len(n.Modules) == 0 {
		return ""
	}
	return n.Modules[len(n.Modules)-1]
}

// Name is the address below the module.
func (n Node) Name() string {
	name, _ := strings.CutPrefix(n.Address, n.Module())
	return strings.TrimLeft(name, "./")
}

// Largest keeps the given number of nodes: those with the worst findings, and
// among equals those with most edges. Their order stays.
func (d *Diagram) Largest(nodes int) *Diagram {
	if nodes >= len(d.Nodes) {
		return d
	}
	order := make([]int, len(d.Nodes))
	edges := make([]int, len(d.Nodes))
	for i := range order {
		order[i] = i
	}
	for _, e := range d.Edges {
		edges[e.From]++
		edges[e.To]++
	}
	worst := func(i int) int {
		if f := d.Nodes[i].Findings; len(f) > 0 {
			return rank(f[0])
		}
		return 0
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(worst(b)-worst(a), edges[b]-edges[a])
	})
	kept := order[:max(0, nodes)]
	slices.Sort(kept)
	out := &Diagram{}
	renamed := map[int]int{}
	for _, i := range kept {
		renamed[i] = len(out.Nodes)
		out.Nodes = append(out.Nodes, d.Nodes[i])
	}
	for _, e := range d.Edges {
		from, ok := renamed[e.From]
		to, also := renamed[e.To]
		if ok && also {
			out.Edges = append(out.Edges, Edge{from, to, e.Attribute})
		}
	}
	out.Cut = Cut{d.Cut.Nodes + len(d.Nodes) - len(out.Nodes), d.Cut.Edges + len(d.Edges) - len(out.Edges)}
	return out
}

// Group is a root or a module with what stands in it.
type Group struct {
	Title  string // the root's name, or the module's address
	Nodes  []int
	Groups []*Group
}

// Groups nests the nodes by root and module, in the order of the nodes.
func (d *Diagram) Groups() []*Group {
	var roots []*Group
	child := func(groups *[]*Group, title string) *Group {
		for _, g := range *groups {
			if g.Title == title {
				return g
			}
		}
		g := &Group{Title: title}
		*groups = append(*groups, g)
		return g
	}
	for i, n := range d.Nodes {
		g := child(&roots, n.Root)
		for _, module := range n.Modules {
			g = child(&g.Groups, module)
		}
		g.Nodes = append(g.Nodes, i)
	}
	return roots
}
