package describe

import (
	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// About finds the findings of a report by the resources that they are about.
type About struct {
	byResource map[*graph.Resource][]remark
}

// remark is what a finding says of one resource: the path it is about.
type remark struct {
	path    graph.Path
	finding *finding.Finding
}

// stated is where a rule says something of an instance.
type stated struct {
	rule    string
	at      source.Range
	address string
}

// About indexes findings that were made of the outcomes, whatever became of
// them since.
func (d *Describer) About(findings []finding.Finding) About {
	byOutcome := make([][]*finding.Finding, len(d.result.Outcomes))
	doubts := map[stated][]*finding.Finding{}
	for i := range findings {
		f := &findings[i]
		for _, site := range f.Sites {
			for _, outcome := range site.Outcomes {
				byOutcome[outcome] = append(byOutcome[outcome], f)
			}
			if f.Status == finding.Inconclusive {
				key := stated{f.Rule, f.Location.Range, site.Address}
				doubts[key] = append(doubts[key], f)
			}
		}
	}
	a := About{map[*graph.Resource][]remark{}}
	for i := range d.result.Outcomes {
		o := &d.result.Outcomes[i]
		said := byOutcome[i]
		if o.Inconclusive && len(said) == 0 { // another variant tells of it
			said = doubts[stated{o.Rule.ID, owned(o.Range, o.Resource.Calls), namedResource(o).Address}]
		}
		for _, f := range said {
			a.byResource[o.Judged()] = append(a.byResource[o.Judged()], remark{o.Path, f})
		}
	}
	return a
}

// Resource are the findings about a resource.
func (a About) Resource(r *graph.Resource) []finding.Finding {
	var out []finding.Finding
	for _, m := range a.byResource[r] {
		out = append(out, *m.finding)
	}
	return out
}

// overlap reports whether one path is the other, or lies around it. What is
// about a resource as a whole speaks of none of its attributes.
func overlap(a, b graph.Path) bool {
	return (len(a) == 0) == (len(b) == 0) && (a.Covers(b) || b.Covers(a))
}
