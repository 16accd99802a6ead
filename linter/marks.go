package linter

import (
	"context"
	"slices"

	"github.com/demarc-dev/demarc/linter/diagram"
	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/policy"
)

// mark is what a finding says of one resource: the path it is about.
type mark struct {
	path    graph.Path
	finding *finding.Finding
}

// marks are the findings of a report by the resources that they are about.
func (a *assembly) marks(r *finding.Report, result *policy.Result) map[*graph.Resource][]mark {
	byFingerprint := map[string][]*finding.Finding{}
	for i := range r.Findings {
		f := &r.Findings[i]
		byFingerprint[f.Fingerprint] = append(byFingerprint[f.Fingerprint], f)
	}
	out := map[*graph.Resource][]mark{}
	for i := range result.Outcomes {
		o := &result.Outcomes[i]
		f := a.finding(o)
		for _, known := range byFingerprint[f.Fingerprint] {
			if known.Location.Range == f.Location.Range && slices.Contains(known.Resource.Instances, bearer(o).Address) {
				out[o.Resource] = append(out[o.Resource], mark{o.Path, known})
			}
		}
	}
	return out
}

// overlap reports whether one path is the other, or lies around it. What is
// about a resource as a whole speaks of none of its attributes.
func overlap(a, b graph.Path) bool {
	return (len(a) == 0) == (len(b) == 0) && (a.Covers(b) || b.Covers(a))
}

// Picture is the graph for people to look at.
type Picture struct {
	Diagram *diagram.Diagram
	// Report is that of the same scan.
	Report *finding.Report
}

// Picture judges what lies at the paths and draws its graph.
func (l *Linter) Picture(ctx context.Context, paths []string) (*Picture, error) {
	s, err := l.open(paths)
	if err != nil {
		return nil, err
	}
	defer s.tree.Close()
	r, err := l.lint(ctx, s)
	if err != nil {
		return nil, err
	}
	marks := newAssembly(s.tree).marks(r, s.result)
	d := diagram.Of(s.graph, func(resource *graph.Resource) []finding.Finding {
		var out []finding.Finding
		for _, m := range marks[resource] {
			out = append(out, *m.finding)
		}
		return out
	})
	return &Picture{Diagram: d, Report: r}, nil
}
