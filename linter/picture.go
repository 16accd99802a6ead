package linter

import (
	"context"

	"github.com/demarc-dev/demarc/linter/describe"
	"github.com/demarc-dev/demarc/linter/diagram"
	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/policy"
)

// describe makes findings of what policies said of the scan.
func (s *scan) describe(result *policy.Result) *describe.Describer {
	return describe.New(s.Graph, result, s.Shown())
}

// Picture is the graph for people to look at.
type Picture struct {
	Diagram *diagram.Diagram
	// Report is that of the same scan.
	Report *finding.Report
}

// Picture judges what lies at the paths and draws its graph.
func (l *Linter) Picture(ctx context.Context, paths []string) (*Picture, error) {
	s, err := l.open(ctx, paths)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	r, err := l.lint(ctx, s)
	if err != nil {
		return nil, err
	}
	about := s.describe(s.result).About(r.Findings)
	return &Picture{Diagram: diagram.Of(s.Graph, about.Resource), Report: r}, nil
}
