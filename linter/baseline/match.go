package baseline

import (
	"slices"

	"github.com/demarc-dev/demarc/linter/finding"
)

// Matcher finds the entries of findings.
type Matcher struct {
	// Moves say which addresses were others before.
	Moves []Move
	// Exists reports whether a file is there, by its name relative to the
	// repository's top. An entry of one that is not is also found by rule,
	// address and message, if they are unique: the file was renamed.
	Exists func(file string) bool
}

// Match returns for each finding the index of its entry, or -1.
func (m Matcher) Match(entries []finding.Entry, findings []finding.Finding) []int {
	byPrint := make(map[string]int, len(entries))
	for i, e := range entries {
		byPrint[e.Fingerprint] = i
	}
	out := make([]int, len(findings))
	held := make([]bool, len(entries))
	for i := range findings {
		out[i] = -1
		for _, print := range append([]string{findings[i].Fingerprint}, former(&findings[i], m.Moves)...) {
			if at, ok := byPrint[print]; ok {
				out[i], held[at] = at, true
				break
			}
		}
	}
	m.matchRenamed(entries, findings, held, out)
	return out
}

// matchRenamed finds what is left of entries whose file is no longer there.
func (m Matcher) matchRenamed(entries []finding.Entry, findings []finding.Finding, held []bool, out []int) {
	type likeness struct{ rule, address, message string }
	const several = -1
	gone := map[likeness]int{}
	for i, e := range entries {
		if held[i] || m.Exists == nil || m.Exists(e.File) {
			continue
		}
		key := likeness{e.Rule, e.Address, e.Message}
		if _, twice := gone[key]; twice {
			gone[key] = several
			continue
		}
		gone[key] = i
	}
	if len(gone) == 0 {
		return
	}
	found := map[likeness]int{}
	for i, f := range findings {
		key := likeness{f.Rule, f.Resource.Address, f.Message}
		if at, ok := gone[key]; !ok || at == several || out[i] >= 0 {
			continue
		}
		if first, twice := found[key]; twice && (first == several || findings[first].Fingerprint != f.Fingerprint) {
			found[key] = several
		} else if !twice {
			found[key] = i
		}
	}
	for key, i := range found {
		if i == several {
			continue
		}
		for j := range findings { // all parts of the finding
			if findings[j].Fingerprint == findings[i].Fingerprint {
				out[j] = gone[key]
			}
		}
	}
}

// Changed reports whether another value is judged now than when the entry was
// made. Nothing is known of entries without a value, and of findings whose
// value must not be told.
func Changed(e finding.Entry, f *finding.Finding) bool {
	return e.Value != "" && f.Value != "" && e.Value != f.Value
}

// Match is what a baseline has of the findings of a scan.
type Match struct {
	// Listed says of each finding whether the baseline has it.
	Listed []bool
	// Today has for each entry the one that would be written today, of a
	// finding of any status, or nil if no finding has it.
	Today []*finding.Entry
}

// Match finds the baseline's entries among the findings. With recheck a finding
// is not listed of which another value is judged now than the entry tells; it
// gets a remark that says so.
func (b *Baseline) Match(findings []finding.Finding, m Matcher, recheck bool) Match {
	out := Match{Listed: make([]bool, len(findings)), Today: make([]*finding.Entry, len(b.Entries))}
	for i, at := range m.Match(b.Entries, findings) {
		f := &findings[i]
		if at < 0 || f.Housekeeping() {
			continue
		}
		if out.Today[at] == nil {
			e := finding.EntryOf(f)
			out.Today[at] = &e
		}
		if out.Listed[i] = !recheck || !Changed(b.Entries[at], f); !out.Listed[i] {
			f.Related = append(slices.Clip(f.Related), finding.Related{Message: "the baseline lists it with another value", Location: b.Location()})
		}
	}
	return out
}

// Location is the file, as a place that findings name.
func (b *Baseline) Location() finding.Location { return finding.Location{File: b.Name} }

// Sort tells the entries that no longer hold from the others, as they would be
// written today. judged reports whether the scan could have found the finding
// of an entry.
func (b *Baseline) Sort(today []*finding.Entry, judged func(finding.Entry) bool) (kept, gone []finding.Entry) {
	for i, now := range today {
		switch e := b.Entries[i]; {
		case now != nil:
			kept = append(kept, *now)
		case judged(e):
			gone = append(gone, e)
		default:
			kept = append(kept, e)
		}
	}
	return kept, gone
}

// Before says of each finding whether an earlier state had it, failing, or
// undecided where it still is. With recheck a failing finding counts only if
// it was judged by the same value.
func Before(earlier, findings []finding.Finding, m Matcher, recheck bool) []bool {
	had := map[finding.Status][]finding.Entry{}
	for i := range earlier {
		f := &earlier[i]
		had[f.Status] = append(had[f.Status], finding.EntryOf(f))
	}
	failed := m.Match(had[finding.Fail], findings)
	undecided := m.Match(had[finding.Inconclusive], findings)
	out := make([]bool, len(findings))
	for i := range findings {
		switch f := &findings[i]; {
		case failed[i] >= 0:
			out[i] = !recheck || !Changed(had[finding.Fail][failed[i]], f)
		case undecided[i] >= 0:
			out[i] = f.Status == finding.Inconclusive
		}
	}
	return out
}
