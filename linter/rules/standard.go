package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/policies"
)

// Standards are the ids of the standards of AWS Security Hub that demarc knows,
// sorted.
func Standards() []string { return policies.StandardIDs(policies.StandardFiles) }

var securityControls = sync.OnceValues(func() ([]policies.SecurityControl, error) {
	return policies.ReadSecurityControls(policies.StandardFiles)
})

// readStandard reads a standard by its id, in any case.
func readStandard(id string) (*policies.Standard, error) {
	known := Standards()
	id = strings.ToLower(id)
	if !slices.Contains(known, id) {
		return nil, fmt.Errorf("unknown standard %q: use %s", id, strings.Join(known, ", "))
	}
	controls, err := securityControls()
	if err != nil {
		return nil, err
	}
	return policies.ReadStandard(policies.StandardFiles, id, controls)
}

// Standard returns the catalogue of a standard: its controls by their ids at
// Security Hub, the area of each being its service, and the standard's
// requirements as the clauses that ask for them.
func Standard(id string) (Catalogue, error) {
	s, err := readStandard(id)
	if err != nil {
		return Catalogue{}, err
	}
	about := Catalogue{Title: s.Title}
	asked := map[string][]string{} // aspects by requirement
	for _, m := range s.Members {
		c := controlOf(m.Control, exists)
		about.Controls = append(about.Controls, c)
		for _, requirement := range m.Requirements {
			for _, a := range c.Aspects {
				asked[requirement] = append(asked[requirement], a.ID)
			}
		}
	}
	if len(asked) > 0 {
		about.Frameworks = []finding.Framework{{ID: s.ID, Title: s.Title, Clauses: clausesOf(asked)}}
	}
	return about, nil
}

// clausesOf are the requirements in their natural order. Their own words are
// not demarc's to repeat: a clause is told by the controls that answer it.
func clausesOf(asked map[string][]string) []finding.Clause {
	out := make([]finding.Clause, 0, len(asked))
	for requirement, aspects := range asked {
		out = append(out, finding.Clause{ID: requirement, Title: strings.Join(aspects, ", "), Aspects: aspects})
	}
	slices.SortFunc(out, func(a, b finding.Clause) int { return naturally(a.ID, b.ID) })
	return out
}

// naturally orders 3.2 before 3.10, and AC-2 before AC-10.
func naturally(a, b string) int {
	words := func(s string) []string {
		return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(".-()", r) })
	}
	return cmp.Or(slices.CompareFunc(words(a), words(b), func(x, y string) int {
		n, notNumber := strconv.Atoi(x)
		m, norThat := strconv.Atoi(y)
		if notNumber == nil && norThat == nil {
			return cmp.Compare(n, m)
		}
		return strings.Compare(x, y)
	}), strings.Compare(a, b))
}

// exists reports whether there is a rule of that very id.
func exists(id string) bool {
	_, found := slices.BinarySearchFunc(sorted(), id, func(r *Rule, id string) int { return strings.Compare(r.ID, id) })
	return found
}

// controlOf makes a control with one aspect, which is the control itself, or
// two where some of its rules are missing.
func controlOf(c policies.SecurityControl, exists func(id string) bool) finding.Control {
	missing := slices.DeleteFunc(slices.Clone(c.Rules), exists)
	whole := finding.Aspect{ID: c.ID, Ask: c.Ask, Side: "customer", Source: securityHubPage(c), Evidence: c.Evidence, WhyNot: c.WhyNot}
	add := func(ids []string, as finding.AspectRule) {
		for _, id := range ids {
			if exists(id) {
				as.ID = id
				whole.Rules = append(whole.Rules, as)
			}
		}
	}
	add(c.Rules, finding.AspectRule{Keeps: true})
	add(c.Laxer, finding.AspectRule{})
	add(c.Stricter, finding.AspectRule{Pedantic: true, Keeps: true})
	return finding.Control{ID: c.ID, Area: c.Service(), Side: "customer", Ask: c.Ask, Aspects: SplitMissing(whole, missing)}
}

// SplitMissing splits the aspect that is a control itself in two if some of the rules
// that judge it are there and others are missing: what the missing ones will
// judge is an aspect that no rule looks at, since a pass of some is not the whole.
func SplitMissing(whole finding.Aspect, missing []string) []finding.Aspect {
	if len(missing) == 0 || len(whole.Rules) == 0 {
		return []finding.Aspect{whole}
	}
	part, rest := whole, whole
	part.ID, rest.ID = whole.ID+".a", whole.ID+".b"
	part.Ask, rest.Ask = whole.Ask+": what rules look at", whole.Ask+": what "+strings.Join(missing, ", ")+" will look at"
	rest.Rules = nil
	return []finding.Aspect{part, rest}
}

// Planned reports whether a standard's control asks for a rule of that id,
// which need not be there yet.
func Planned(id string) bool {
	controls, _ := securityControls() // whose files are part of the program, and held by a test
	return slices.ContainsFunc(controls, func(c policies.SecurityControl) bool {
		return slices.Contains(slices.Concat(c.Breaking(), c.Stricter), id)
	})
}

// SecurityControl returns a control of Security Hub by its id, in any case, as a
// control of the reader's.
func SecurityControl(id string) (finding.Control, bool) {
	controls, _ := securityControls()
	i := slices.IndexFunc(controls, func(c policies.SecurityControl) bool { return strings.EqualFold(c.ID, id) })
	if i < 0 {
		return finding.Control{}, false
	}
	return controlOf(controls[i], exists), true
}

// InStandards are the standards that have a control of Security Hub, each with the
// requirements that it answers, as far as they are known.
func InStandards(control string) ([]string, error) {
	var out []string
	for _, id := range Standards() {
		s, err := readStandard(id)
		if err != nil {
			return nil, err
		}
		for _, m := range s.Members {
			if m.Control.ID == control {
				out = append(out, strings.TrimSpace(s.Title+" "+strings.Join(m.Requirements, ", ")))
			}
		}
	}
	return out, nil
}

// securityHubPage is where AWS describes the control.
func securityHubPage(c policies.SecurityControl) string {
	service := strings.ToLower(c.Service())
	return "https://docs.aws.amazon.com/securityhub/latest/userguide/" + service + "-controls.html#" + strings.ToLower(strings.ReplaceAll(c.ID, ".", "-"))
}

// OfStandard returns the ids of the rules of which a finding breaks a control
// of a standard, sorted.
func OfStandard(id string) ([]string, error) {
	s, err := readStandard(id)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, m := range s.Members {
		out = append(out, slices.DeleteFunc(m.Control.Breaking(), func(id string) bool { return !exists(id) })...)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}
