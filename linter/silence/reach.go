package silence

import (
	"slices"
	"sort"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/source"
)

// reach says what the place of a silencer covers, in its file.
type reach struct {
	shape shape
	// line and endLine are those of its text, target the first line below the
	// run of comments it stands in, or 0. Lines count from 1, as LineStarts has them.
	line, endLine, target int
	// covers are what a silencer of shape area silences findings of.
	covers []source.Range
}

// shape is a form of reach.
type shape int

const (
	onOrAbove shape = iota // what starts on its line, or on the line below its run of comments
	inside                 // also everything around it (checkov's comments stand in the block)
	nextLine               // findings on the next line (kics)
	wholeFile              // findings anywhere in the file (kics)
	area                   // findings in the ranges that it names (metadata)
)

// reachIndex finds the silencers that cover a scope, by file.
type reachIndex map[*source.File]*fileReach

// fileReach are the silencers of one file.
type fileReach struct {
	starts []int               // of lines
	line   map[int][]*Silencer // by the first line of a scope
	next   map[int][]*Silencer // by the line of a finding
	inside []*Silencer         // by offset
	file   []*Silencer
	areas  []*Silencer
}

func newReachIndex(all []*Silencer) reachIndex {
	x := reachIndex{}
	for _, s := range all {
		if !s.At.Valid() {
			continue
		}
		in := x[s.At.File]
		if in == nil {
			in = &fileReach{starts: source.LineStarts(s.At.File.Data), line: map[int][]*Silencer{}, next: map[int][]*Silencer{}}
			x[s.At.File] = in
		}
		in.add(s)
	}
	return x
}

func (x *fileReach) add(s *Silencer) {
	switch s.reach.shape {
	case nextLine:
		x.next[s.reach.endLine+1] = append(x.next[s.reach.endLine+1], s)
		return
	case wholeFile:
		x.file = append(x.file, s)
		return
	case area:
		x.areas = append(x.areas, s)
		return
	case inside:
		x.inside = append(x.inside, s)
	}
	for line := s.reach.line; line <= s.reach.endLine; line++ {
		x.line[line] = append(x.line[line], s)
	}
	if s.reach.target > 0 {
		x.line[s.reach.target] = append(x.line[s.reach.target], s)
	}
}

// nearest is the first silencer that covers a scope of the instance and names
// the finding's rule, or nil. It marks all that do as used.
func (x reachIndex) nearest(f *finding.Finding, site finding.Site) *Silencer {
	if len(x) == 0 {
		return nil
	}
	var by *Silencer
	scopes := site.Scopes
	if f.Location.Range.Valid() {
		// The finding's own place is the nearest scope.
		scopes = append([]source.Range{f.Location.Range}, scopes...)
	}
	for _, scope := range scopes {
		in := x[scope.File]
		if in == nil {
			continue
		}
		for _, s := range in.covering(scope, f.Location) {
			rule := s.names(f, site.Address)
			if rule == "" {
				continue
			}
			s.used[rule] = true
			if by == nil {
				by = s
			}
		}
	}
	return by
}

// covering are the silencers whose place covers a finding that has this scope.
func (x *fileReach) covering(scope source.Range, at finding.Location) []*Silencer {
	out := slices.Clone(x.line[lineAt(x.starts, scope.Start)])
	if at.Range.File == scope.File {
		out = append(out, x.next[lineAt(x.starts, at.Range.Start)]...)
	}
	// A comment on the last line stands behind the end.
	end := len(scope.File.Data)
	if line := lineAt(x.starts, scope.End); line < len(x.starts) {
		end = x.starts[line]
	}
	from := sort.Search(len(x.inside), func(i int) bool { return x.inside[i].At.Start >= scope.Start })
	for _, s := range x.inside[from:] {
		if s.At.Start >= end {
			break
		}
		out = append(out, s)
	}
	for _, s := range x.areas {
		if slices.ContainsFunc(s.reach.covers, func(r source.Range) bool { return r.Contains(scope) }) {
			out = append(out, s)
		}
	}
	return append(out, x.file...)
}

// lineAt is the line that holds an offset, from 1.
func lineAt(starts []int, offset int) int { return sort.SearchInts(starts, offset+1) }
