package finding

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/demarc-dev/demarc/linter/source"
)

// The findings about suppressions themselves. They are shown and never fail a build.
const (
	UnusedSuppression    = "demarc/unused-suppression"
	ExpiredSuppression   = "demarc/expired-suppression"
	UnknownRule          = "demarc/unknown-rule-in-suppression"
	MissingReason        = "demarc/suppression-without-reason"
	MalformedSuppression = "demarc/malformed-suppression"
)

// MisspeltProperty is about a property that looks like another one's name.
const MisspeltProperty = "demarc/misspelt-property"

// Suppressor applies the comments of source files to findings.
type Suppressor struct {
	// Known reports whether a rule of that id or alias exists.
	Known func(rule string) bool
	// Active reports whether that rule took part in the scan; nil means all
	// did. The suppression of a rule that did not is not called unused.
	Active func(rule string) bool
	// Now decides what has expired.
	Now time.Time
	// Locate makes a location relative to the working directory; nil keeps
	// the files' own paths.
	Locate func(at source.Range) Location
	// Requests stand in metadata.
	Requests []Request
}

// Suppress marks the findings that comments in files suppress, and appends
// findings about comments that are unused, expired, unknown or without reason.
func Suppress(findings []Finding, files []*source.File, known func(rule string) bool, now time.Time) []Finding {
	return Suppressor{Known: known, Now: now}.Suppress(findings, files)
}

// Suppress marks the findings that comments in files suppress, and appends
// findings about the comments. A finding is suppressed once, by the nearest
// comment; every comment that would do it counts as used.
func (s Suppressor) Suppress(findings []Finding, files []*source.File) []Finding {
	if s.Locate == nil {
		s.Locate = func(at source.Range) Location { return NewLocation(at, at.File.Path) }
	}
	byFile := map[*source.File]*reachIndex{}
	var all []*directive
	for _, f := range files {
		if found := directives(f); len(found) > 0 {
			byFile[f] = newReachIndex(found, s.Now)
			all = append(all, found...)
		}
	}
	asked := map[*source.File][]*directive{}
	for _, r := range s.Requests {
		d := r.directive()
		asked[d.file] = append(asked[d.file], d)
		all = append(all, d)
	}
	for file, found := range asked {
		x := byFile[file]
		if x == nil {
			x = newReachIndex(nil, s.Now)
			byFile[file] = x
		}
		x.add(found, s.Now)
	}
	if len(all) == 0 {
		return findings
	}
	for i := range findings {
		s.apply(&findings[i], byFile)
	}
	for _, d := range all {
		if d.peer == "" { // other tools' comments are theirs to judge
			findings = append(findings, s.review(d)...)
		}
	}
	return findings
}

// reachIndex finds the directives of one file that cover a scope.
type reachIndex struct {
	line   map[int][]*directive // by the first line of a scope
	next   map[int][]*directive // by the line of a finding
	inside []*directive         // by offset
	file   []*directive
	areas  []*directive // by what they cover
}

func newReachIndex(found []*directive, now time.Time) *reachIndex {
	x := &reachIndex{line: map[int][]*directive{}, next: map[int][]*directive{}}
	x.add(found, now)
	return x
}

func (x *reachIndex) add(found []*directive, now time.Time) {
	for _, d := range found {
		if d.problem != "" || d.expired(now) {
			continue
		}
		switch d.reach {
		case nextLine:
			x.next[d.endLine+1] = append(x.next[d.endLine+1], d)
			continue
		case wholeFile:
			x.file = append(x.file, d)
			continue
		case covered:
			x.areas = append(x.areas, d)
			continue
		case inside:
			x.inside = append(x.inside, d)
		}
		for line := d.line; line <= d.endLine; line++ {
			x.line[line] = append(x.line[line], d)
		}
		if d.target > 0 {
			x.line[d.target] = append(x.line[d.target], d)
		}
	}
}

// covering are the directives whose place suppresses a finding that has this scope.
func (x *reachIndex) covering(scope source.Range, at Location) []*directive {
	out := slices.Clone(x.line[scope.StartPosition().Line])
	if at.Start != nil && at.Range.File == scope.File {
		out = append(out, x.next[at.Start.Line]...)
	}
	from := sort.Search(len(x.inside), func(i int) bool { return x.inside[i].start >= scope.Start })
	for _, d := range x.inside[from:] {
		if d.start >= scope.End {
			break
		}
		out = append(out, d)
	}
	for _, d := range x.areas {
		if d.covers.Contains(scope) {
			out = append(out, d)
		}
	}
	return append(out, x.file...)
}

func (s Suppressor) apply(f *Finding, byFile map[*source.File]*reachIndex) {
	scopes := f.Scopes
	if f.Location.Range.Valid() {
		// The finding's own place is the nearest scope.
		scopes = append([]source.Range{f.Location.Range}, scopes...)
	}
	for _, scope := range scopes {
		x := byFile[scope.File]
		if x == nil {
			continue
		}
		for _, d := range x.covering(scope, f.Location) {
			id := d.matches(f)
			if id == "" {
				continue
			}
			d.used[id] = true
			if f.Status != Suppressed {
				f.Status = Suppressed
				f.Suppression = &Suppression{Kind: d.kind(), Reason: d.reason, Location: s.Locate(d.place())}
			}
		}
	}
}

func (d *directive) kind() string {
	if d.metadata {
		return "metadata"
	}
	return "comment"
}

func (d *directive) place() source.Range {
	return source.Range{File: d.file, Start: d.start, End: d.end}
}

// review returns what is wrong with a comment of demarc's own.
func (s Suppressor) review(d *directive) []Finding {
	at := s.Locate(d.place())
	if d.problem != "" {
		return []Finding{Notice(MalformedSuppression, d.problem, at, strings.Join(d.ids, ","))}
	}
	var out []Finding
	for _, id := range d.ids {
		switch {
		case !s.Known(id):
			out = append(out, Notice(UnknownRule, fmt.Sprintf("there is no rule %q", id), at, id))
		case d.expired(s.Now):
			out = append(out, Notice(ExpiredSuppression,
				fmt.Sprintf("the suppression of %s ended on %s", id, d.until.Format(time.DateOnly)), at, id))
		case !d.used[id] && (s.Active == nil || s.Active(id)):
			out = append(out, Notice(UnusedSuppression, fmt.Sprintf("nothing here breaks %s", id), at, id))
		}
	}
	if len(out) == 0 && d.reason == "" {
		out = append(out, Notice(MissingReason,
			fmt.Sprintf("the suppression of %s gives no reason", strings.Join(d.ids, ", ")), at, strings.Join(d.ids, ",")))
	}
	return out
}

// notices describe the findings about suppressions, by rule.
var notices = map[string]struct{ title, remedy string }{
	UnusedSuppression:    {"Suppressions silence something", "Remove it."},
	ExpiredSuppression:   {"Suppressions have not expired", "Fix what it hid, or give a new date and say why."},
	UnknownRule:          {"Suppressions name rules that exist", "demarc rules lists the rules. A reason is written reason=\"...\"."},
	MissingReason:        {"Suppressions say why", "Add reason=\"...\"."},
	MisspeltProperty:     {"Properties are those of the resource type", "Correct the name, or suppress this where the property is newer than demarc."},
	MalformedSuppression: {"Suppressions can be read", "Write demarc:ignore RULE[,RULE] [until=YYYY-MM-DD] reason=\"...\"."},
}

// Notice makes a finding about a suppression or the spelling. tag tells it apart from others
// of its kind in the same file.
func Notice(rule, message string, at Location, tag string) Finding {
	root := at.File
	if at.Range.Valid() {
		root = at.Range.File.Path
	}
	return Finding{
		Rule: rule, Severity: Low, Status: Fail, Message: message, Side: "customer",
		Fingerprint: Fingerprint(rule, root, "", tag), Location: at,
		Title: notices[rule].title, Remedy: notices[rule].remedy,
	}
}
