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
	UnknownRule          = "demarc/unknown-suppression"
	MissingReason        = "demarc/reasonless-suppression"
	MalformedSuppression = "demarc/malformed-suppression"
)

// MisspeltProperty is about a property that looks like another one's name.
const MisspeltProperty = "demarc/misspelt-property"

// FailedValidation is about a value that Terraform would refuse.
const FailedValidation = "demarc/failed-validation"

// Suppressor applies the comments of source files to findings.
type Suppressor struct {
	// Known reports whether a rule of that id or alias exists.
	Known func(rule string) bool
	// Active reports whether that rule took part in the scan; nil means all
	// did. The suppression of a rule that did not is not called unused.
	Active func(rule string) bool
	// Now decides what has expired.
	Now time.Time
	// Require is what a suppression must give to count, of "reason", "until"
	// and "owner". Nil: nothing, but a missing reason is reported.
	Require []string
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
			byFile[f] = newReachIndex(s.counting(found))
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
			x = newReachIndex(nil)
			byFile[file] = x
		}
		x.add(s.counting(found))
	}
	if len(all) == 0 {
		return findings
	}
	out := make([]Finding, 0, len(findings))
	for i := range findings {
		out = append(out, s.apply(findings[i], byFile)...)
	}
	for _, d := range all {
		out = append(out, s.review(d)...)
	}
	return out
}

// counting are the directives that can suppress.
func (s Suppressor) counting(found []*directive) []*directive {
	var out []*directive
	for _, d := range found {
		if d.problem == "" && !d.expired(s.Now) && s.lacks(d) == "" {
			out = append(out, d)
		}
	}
	return out
}

// lacks names what a suppression must give and does not.
func (s Suppressor) lacks(d *directive) string { return Lacking(s.Require, d.reason, d.owner, d.until) }

// Lacking names what of require a suppression with this reason, owner and last
// day does not give, or is "".
func Lacking(require []string, reason, owner string, until time.Time) string {
	var missing []string
	for _, name := range require {
		if name == "reason" && reason == "" || name == "owner" && owner == "" || name == "until" && until.IsZero() {
			missing = append(missing, name)
		}
	}
	return strings.Join(missing, ", ")
}

// reachIndex finds the directives of one file that cover a scope.
type reachIndex struct {
	line   map[int][]*directive // by the first line of a scope
	next   map[int][]*directive // by the line of a finding
	inside []*directive         // by offset
	file   []*directive
	areas  []*directive // by what they cover
}

func newReachIndex(found []*directive) *reachIndex {
	x := &reachIndex{line: map[int][]*directive{}, next: map[int][]*directive{}}
	x.add(found)
	return x
}

func (x *reachIndex) add(found []*directive) {
	for _, d := range found {
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

// apply returns the finding, in as many parts as its instances are suppressed
// by different comments.
func (s Suppressor) apply(f Finding, byFile map[*source.File]*reachIndex) []Finding {
	return f.Split(func(site Site) *Suppression {
		var by *Suppression
		scopes := site.Scopes
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
				id := d.matches(&f, site.Address)
				if id == "" {
					continue
				}
				d.used[id] = true
				if by == nil {
					by = s.suppression(d)
				}
			}
		}
		return by
	})
}

// suppression is what the findings that a directive suppresses share.
func (s Suppressor) suppression(d *directive) *Suppression {
	if d.given == nil {
		d.given = &Suppression{Kind: d.kind(), Reason: d.reason, Owner: d.owner, Until: Day(d.until), Location: s.Locate(d.place())}
	}
	return d.given
}

// Day writes a day, or "" for none.
func Day(day time.Time) string {
	if day.IsZero() {
		return ""
	}
	return day.Format(time.DateOnly)
}

// Split asks for each instance of the finding by what it is suppressed, nil
// for by nothing, and returns the finding in as many parts as there are
// answers. All parts keep the fingerprint. What is suppressed already stays
// so, but is asked about.
func (f Finding) Split(by func(Site) *Suppression) []Finding {
	sites := f.Sites
	if len(sites) == 0 {
		sites = []Site{{Address: f.Resource.Address, Scopes: f.Scopes}}
	}
	parts := map[*Suppression][]Site{}
	var order []*Suppression
	for _, site := range sites {
		given := by(site)
		if f.Status == Suppressed {
			given = f.Suppression
		}
		if _, known := parts[given]; !known {
			order = append(order, given)
		}
		parts[given] = append(parts[given], site)
	}
	out := make([]Finding, 0, len(order))
	for _, given := range order {
		part := f
		if given != nil {
			part.Status, part.Suppression = Suppressed, given
		}
		if len(order) > 1 {
			part.Part, part.Sites = true, parts[given]
			part.Resource.Instances = addresses(parts[given])
			// The whole is named by its first instance, which may be in another part.
			if first := parts[given][0]; first.Identity != "" {
				part.Resource.Address, part.Related = first.Identity, first.Related
			}
		}
		out = append(out, part)
	}
	return out
}

// addresses are the sites' addresses, each once and sorted.
func addresses(sites []Site) []string {
	out := make([]string, 0, len(sites))
	for _, site := range sites {
		out = append(out, site.Address)
	}
	slices.Sort(out)
	return slices.Compact(out)
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

// review returns what is wrong with a comment. Other tools' comments are
// theirs to judge, except that they too must give what is required.
func (s Suppressor) review(d *directive) []Finding {
	at := s.Locate(d.place())
	named := strings.Join(d.ids, ", ")
	missing := s.lacks(d)
	switch {
	case d.problem != "":
		return []Finding{Notice(MalformedSuppression, d.problem, at, strings.Join(d.ids, ","))}
	case d.peer != "" && (missing == "" || d.expired(s.Now) || !slices.ContainsFunc(d.ids, s.active)):
		return nil
	case d.peer != "":
		return []Finding{incomplete(named, missing, at)}
	}
	var out []Finding
	for _, id := range d.ids {
		rule, _ := cutKey(id)
		known := s.Known(rule)
		switch {
		case !known && IsPeerID(rule):
			// another tool's check that demarc has no rule for
		case !known:
			out = append(out, Notice(UnknownRule, fmt.Sprintf("there is no rule %q", rule), at, id))
		case d.expired(s.Now):
			out = append(out, Notice(ExpiredSuppression,
				fmt.Sprintf("the suppression of %s ended on %s", id, Day(d.until)), at, id))
		case missing == "" && !d.used[id] && s.active(rule):
			out = append(out, Notice(UnusedSuppression, fmt.Sprintf("nothing here breaks %s", id), at, id))
		}
	}
	switch {
	case len(out) > 0:
	case missing != "":
		out = append(out, incomplete(named, missing, at))
	case d.reason == "" && s.Require == nil:
		out = append(out, Notice(MissingReason, fmt.Sprintf("the suppression of %s gives no reason", named), at, strings.Join(d.ids, ",")))
	}
	return out
}

// active reports whether a rule is known and took part in the scan.
func (s Suppressor) active(id string) bool {
	return id == "*" || s.Known(id) && (s.Active == nil || s.Active(id))
}

// incomplete is about a suppression that does not count, since it lacks what
// the configuration requires.
func incomplete(named, missing string, at Location) Finding {
	return Notice(MissingReason, fmt.Sprintf("the suppression of %s does not count without %s, which the configuration requires", named, missing), at, named)
}

// notices describe the findings about suppressions, by rule.
var notices = map[string]struct{ title, remedy string }{
	UnusedSuppression:    {"Suppressions silence something", "Remove it."},
	ExpiredSuppression:   {"Suppressions have not expired", "Fix what it hid, or give a new date and say why."},
	UnknownRule:          {"Suppressions name rules that exist", "demarc rules lists the rules. A reason is written reason=\"...\"."},
	MissingReason:        {"Suppressions say why", "Add what is missing: reason=\"...\", until=YYYY-MM-DD, owner=NAME."},
	MisspeltProperty:     {"Properties are those of the resource type", "Correct the name, or suppress this where the property is newer than demarc."},
	FailedValidation:     {"Variables have values that their validation accepts", "Give another value: terraform plan refuses this one."},
	MalformedSuppression: {"Suppressions can be read", "Write demarc:ignore RULE[,RULE] [until=YYYY-MM-DD] [owner=NAME] reason=\"...\"."},
}

// IsNote reports whether a rule's findings are remarks about the source.
func IsNote(rule string) bool { return rule == MisspeltProperty || rule == FailedValidation }

// Notice makes a finding about a suppression or the source. tag tells it apart from others
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
