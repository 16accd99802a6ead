// Package exposure finds the ways from the internet to resources: for each
// resource that can have one, every hop from the internet gateway on, and
// whether the hop is open, closed or unknown. It judges only what the graph
// shows; what stands outside of it is unknown, and named.
//
// Hops follow AWS's documentation:
// https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html,
// https://docs.aws.amazon.com/vpc/latest/userguide/how-network-acls-work.html.
package exposure

import (
	"cmp"
	"slices"

	"github.com/demarc-dev/demarc/linter/graph"
)

// State says whether a hop lets the internet through. For a way, it is that of
// its worst hop.
type State uint8

// The states of a hop, the most open last.
const (
	Closed State = iota
	Unknown
	Open
)

func (s State) String() string { return [...]string{"closed", "unknown", "open"}[s] }

// Place is an attribute that opens or closes a hop.
type Place struct {
	Resource *graph.Resource
	Path     graph.Path
}

// Hop is one station between the internet and a resource.
type Hop struct {
	Kind  string // "security group"
	Text  string // what it lets through, or why it does not
	State State
	// Places are the attributes that decide; the first has the best claim.
	Places []Place
	// Why says what is unknown.
	Why []graph.Reason
}

// Way is a chain of hops from the internet to a resource.
type Way struct {
	State State
	Hops  []Hop
}

// Verdict says whether the internet reaches a resource.
type Verdict struct {
	Resource *graph.Resource
	// State is Open if there is a way, Unknown if there may be one.
	State State
	// Ways are those that have the verdict's state. Where there is none, it is
	// the one with fewest closed hops.
	Ways []Way
}

// Of judges the resources of a graph that the internet may reach, in their order.
func Of(g *graph.Graph) []Verdict {
	j := &judge{graph: g, all: map[*graph.Stack]map[string][]*graph.Resource{}}
	for _, r := range g.Resources {
		if j.all[r.Stack] == nil {
			j.all[r.Stack] = map[string][]*graph.Resource{}
		}
		j.all[r.Stack][r.Type] = append(j.all[r.Stack][r.Type], r)
	}
	var out []Verdict
	for _, r := range g.Resources {
		ways, judged := j.ways(r)
		if judged && !r.External {
			out = append(out, verdict(r, ways))
		}
	}
	return out
}

type judge struct {
	graph *graph.Graph
	all   map[*graph.Stack]map[string][]*graph.Resource // by canonical type
}

// way is a Way whose traffic is not weighed yet. A connection that ends at a
// load balancer begins a new leg.
type way struct{ legs [][]hop }

// hop is a Hop with the traffic that it lets through; a nil filter lets all.
type hop struct {
	Hop
	filter *filter
}

// ways are the ways to a resource, and whether it is of a kind that has any.
func (j *judge) ways(r *graph.Resource) (ways []way, judged bool) {
	switch r.Type {
	case "aws_instance":
		return j.instance(r), true
	case "aws_lb":
		return j.toBalancer(r, j.listeners(r)), true
	case "aws_elb":
		return j.classicBalancer(r), true
	case "aws_lambda_function_url":
		return j.functionURL(r), true
	case "aws_opensearch_domain":
		return j.searchDomain(r), true
	}
	if s, ok := stores[r.Type]; ok {
		return s(j, r), true
	}
	return nil, false
}

func verdict(r *graph.Resource, ways []way) Verdict {
	v := Verdict{Resource: r}
	for _, w := range ways {
		weighed := w.weigh()
		v.State = max(v.State, weighed.State)
		v.Ways = append(v.Ways, weighed)
	}
	v.Ways = slices.DeleteFunc(v.Ways, func(w Way) bool { return w.State != v.State })
	if v.State == Closed && len(v.Ways) > 1 {
		v.Ways = []Way{slices.MinFunc(v.Ways, func(a, b Way) int { return cmp.Compare(a.closed(), b.closed()) })}
	}
	return v
}

// best is the most open of some ways, and among equals the one that fewest hops
// close: a service that stands in several subnets is reached in any.
func best(ways []way) way {
	return slices.MaxFunc(ways, func(a, b way) int {
		x, y := a.weigh(), b.weigh()
		return cmp.Or(cmp.Compare(x.State, y.State), cmp.Compare(y.closed(), x.closed()))
	})
}

func (w Way) closed() int {
	n := 0
	for _, h := range w.Hops {
		if h.State == Closed {
			n++
		}
	}
	return n
}

// weigh follows the traffic along the legs and settles the state of every hop.
func (w way) weigh() Way {
	out := Way{State: Open}
	for _, leg := range w.legs {
		for _, h := range settle(leg) {
			out.State = min(out.State, h.State)
			out.Hops = append(out.Hops, h)
		}
	}
	return out
}

// settle follows the traffic along one leg. First it asks what surely passes
// all filters; if nothing does, what may pass, and which hop leaves it open.
func settle(leg []hop) []Hop {
	out := make([]Hop, len(leg))
	certain := everything
	for i, h := range leg {
		out[i] = h.Hop
		if h.filter != nil {
			certain = certain.and(h.filter.certain)
		}
	}
	if len(certain) > 0 {
		return out
	}
	possible, doubted := everything, false
	for i, h := range leg {
		if h.filter == nil {
			continue
		}
		surely := possible.and(h.filter.certain)
		possible = possible.and(h.filter.possible)
		switch {
		case len(possible) == 0:
			out[i].State = Closed
			if h.State != Closed {
				out[i].Text = "lets through none of what the hops before it do: " + h.Text
			}
			// What follows is judged by itself.
			if possible = h.filter.possible; len(possible) == 0 {
				possible = everything
			}
			doubted = true
		case len(surely) == 0:
			out[i].State, doubted = min(h.State, Unknown), true
		}
	}
	for i, h := range leg {
		// Each hop lets something through, but not the same: whether they
		// meet lies with those that may let through more.
		if !doubted && h.filter != nil && len(h.filter.why) > 0 {
			out[i].State = min(h.State, Unknown)
		}
	}
	return out
}

// of are the resources of a canonical type in r's stack.
func (j *judge) of(r *graph.Resource, kind string) []*graph.Resource { return j.all[r.Stack][kind] }

// targets are the resources of some canonical types that a value refers to:
// by reference, or by the literal name that the type is known by.
func (j *judge) targets(r *graph.Resource, v graph.Value, kinds ...string) []*graph.Resource {
	var out []*graph.Resource
	for _, to := range j.graph.Targets(r.Stack, v) {
		if slices.Contains(kinds, to.Type) {
			out = append(out, to)
		}
	}
	if len(out) > 0 || v.Kind != graph.String {
		return out
	}
	for _, kind := range kinds {
		for _, to := range j.of(r, kind) {
			if to.Table != nil && to.Table.Names != "" && to.Values.Get(to.Table.Names).Text == v.Text && v.Text != "" {
				out = append(out, to)
			}
		}
	}
	return out
}

// outside says why a value leads to nothing in the graph.
func outside(r *graph.Resource, path string, v graph.Value) []graph.Reason {
	if reasons := v.Reasons(); len(reasons) > 0 {
		return reasons
	}
	switch {
	case v.Kind == graph.String:
		return []graph.Reason{{Text: v.Text + " is not part of this code"}}
	case len(v.AllLinks()) > 0:
		return []graph.Reason{{Text: v.AllLinks()[0].Address + " is not part of this code"}}
	}
	return []graph.Reason{{Text: path + " of " + r.Identity() + " is not known"}}
}

// unknown is a hop that cannot be judged.
func unknown(kind, text string, place Place, why []graph.Reason) hop {
	return hop{Hop: Hop{Kind: kind, Text: text, State: Unknown, Places: []Place{place}, Why: why}}
}

func at(r *graph.Resource, path ...string) Place { return Place{r, path} }

// name is how a hop names a resource.
func name(r *graph.Resource) string { return r.Address }
