// Package rules knows the built-in rules: all of them, and the one that an id
// or another tool's id stands for; and the controls of the shared-responsibility
// model, which the rules serve.
package rules

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/agnivade/levenshtein"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/policies"
)

// Rule is a built-in rule.
type Rule = finding.Rule

// sorted are all rules by id. They are shared, and never changed.
var sorted = sync.OnceValue(func() []*Rule {
	var out []*Rule
	for _, s := range policies.Services() {
		for i := range s.Rules {
			out = append(out, &s.Rules[i])
		}
	}
	slices.SortFunc(out, func(a, b *Rule) int { return strings.Compare(a.ID, b.ID) })
	return out
})

// byName are the rules that a normal id stands for, sorted by id: a peer's id
// may stand for several.
var byName = sync.OnceValue(func() map[string][]*Rule {
	all := sorted()
	index := make(map[string][]*Rule, 4*len(all))
	for _, r := range all {
		for _, name := range r.Names() {
			key := finding.NormalID(name)
			if have := index[key]; len(have) == 0 || have[len(have)-1] != r {
				index[key] = append(have, r)
			}
		}
	}
	return index
})

// All returns the built-in rules, sorted by id.
func All() []Rule { return copies(sorted()) }

// Named returns the rules that an id or a peer's id stands for, in any case.
func Named(name string) []Rule { return copies(byName()[finding.NormalID(name)]) }

func copies(list []*Rule) []Rule {
	out := make([]Rule, len(list))
	for i, r := range list {
		out[i] = *r
	}
	return out
}

// Find returns the first of the rules that an id or a peer's id stands for.
func Find(name string) (Rule, bool) {
	if found := byName()[finding.NormalID(name)]; len(found) > 0 {
		return *found[0], true
	}
	return Rule{}, false
}

// Known reports whether there is a rule of that id, or peer's id.
func Known(name string) bool {
	_, found := Find(name)
	return found
}

// ProseOf returns what the rule of an id says to people.
func ProseOf(id string) finding.Prose { return policies.ProseOf(id) }

// Suggest returns the ids of rules that are spelt like a name.
func Suggest(name string) []string {
	lower := strings.ToLower(name)
	var out []string
	for _, r := range sorted() {
		if len(lower) > 3 && strings.HasPrefix(r.ID, lower) || levenshtein.ComputeDistance(lower, r.ID) <= max(2, len(lower)/4) {
			out = append(out, r.ID)
		}
	}
	return out
}

// Unknown is the error that there is no rule of that name; it says what might
// be meant.
func Unknown(name string) error {
	hint := "demarc rules lists them"
	if suggestions := Suggest(name); len(suggestions) > 0 {
		hint = "did you mean " + strings.Join(suggestions, " or ") + "?"
	}
	return fmt.Errorf("unknown rule %q: %s", name, hint)
}

// IDs returns the ids of all rules that the names stand for. A name that
// stands for none is an error.
func IDs(names []string) (map[string]bool, error) {
	out := map[string]bool{}
	for _, name := range names {
		found := byName()[finding.NormalID(name)]
		if len(found) == 0 {
			return nil, Unknown(name)
		}
		for _, r := range found {
			out[r.ID] = true
		}
	}
	return out, nil
}

// Matching returns the ids of the rules of which a test holds.
func Matching(holds func(*Rule) bool) map[string]bool {
	out := map[string]bool{}
	for _, r := range sorted() {
		if holds(r) {
			out[r.ID] = true
		}
	}
	return out
}

// bySubject are the ids of the rules that judge a subject.
var bySubject = sync.OnceValue(func() map[string][]string {
	out := map[string][]string{}
	for _, r := range sorted() {
		for _, subject := range r.Subject {
			out[subject] = append(out[subject], r.ID)
		}
	}
	return out
})

// Judging counts the rules that judge one of the subjects, and those of them
// that are asked.
func Judging(subjects []string, asked map[string]bool) (all, taking int) {
	seen := map[string]bool{}
	for _, subject := range subjects {
		for _, id := range bySubject()[subject] {
			if !seen[id] {
				seen[id] = true
				all++
				if asked[id] {
					taking++
				}
			}
		}
	}
	return all, taking
}
