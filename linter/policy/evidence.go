package policy

import (
	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/policies"
)

// paths are those that a rule's metadata names, parsed.
type paths struct{ when, reads, presence, weighs []graph.Path }

func pathsOf(rule *policies.Rule) paths {
	parsed := func(texts []string) []graph.Path {
		out := make([]graph.Path, len(texts))
		for i, text := range texts {
			out[i] = graph.ParsePath(text)
		}
		return out
	}
	return paths{parsed(rule.When), parsed(rule.Reads), parsed(rule.Presence), parsed(rule.Weighs)}
}

// evidence is what a subject's passing rests on: the best that stands where
// the rule reads. A companion that settles the rule is written. A rule that
// names nothing to read but when it applies rests on that.
func (s subject) evidence(read paths, rule *policies.Rule) graph.Basis {
	for _, reference := range rule.Companions {
		if len(s.resource.Referrers(reference)) > 0 {
			return graph.Written
		}
	}
	v, _ := s.judged()
	best := graph.Nothing
	weigh := func(all []graph.Path) {
		for _, p := range all {
			best = min(best, basis(v, graph.Written, p))
		}
	}
	weigh(read.reads)
	weigh(read.presence)
	weigh(read.weighs)
	if len(read.reads)+len(read.presence)+len(read.weighs) == 0 {
		weigh(read.when)
	}
	return best
}

// basis is the best that stands at a path without indexes below v, in any
// member of the lists on the way. around is the basis of what v stands in: the
// members of a default are defaults.
func basis(v graph.Value, around graph.Basis, path graph.Path) graph.Basis {
	own := v.Basis()
	if own == graph.Nothing {
		return own
	}
	own = max(own, around)
	switch {
	case v.Kind == graph.List:
		best := graph.Nothing // an empty list has nothing to judge
		for _, item := range v.Items {
			best = min(best, basis(item, own, path))
		}
		return best
	case len(path) == 0 || v.Kind == graph.Unknown:
		return own
	case v.Kind == graph.Object:
		if f, ok := v.Field(path[0]); ok {
			return basis(f.Value, own, path[1:])
		}
	}
	return graph.Nothing
}
