package rules

import (
	"slices"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/policies"
)

// Every standard is read whole, and names each control once.
func TestStandardsAreRead(t *testing.T) {
	least := map[string]int{"fsbp": 350, "cis-5.0": 40, "cis-3.0": 37, "pci-4.0.1": 140, "nist-800-53-r5": 290, "nist-800-171-r2": 60}
	for _, id := range Standards() {
		about, err := Standard(id)
		if err != nil {
			t.Fatal(err)
		}
		if len(about.Controls) < least[id] || least[id] == 0 || about.Title == "" {
			t.Errorf("%s: %q has %d controls", id, about.Title, len(about.Controls))
		}
	}
	if _, err := Standard("CIS-5.0"); err != nil {
		t.Error(err)
	}
	if _, err := Standard("cis-9"); err == nil || !strings.Contains(err.Error(), `unknown standard "cis-9": use cis-3.0, cis-5.0, fsbp`) {
		t.Errorf("an unknown standard gives %v", err)
	}
}

// A standard's rules are those that exist and break a control; each has the
// controls that it breaks among its names.
func TestRulesOfAStandard(t *testing.T) {
	about, err := Standard("fsbp")
	if err != nil {
		t.Fatal(err)
	}
	ids, err := OfStandard("fsbp")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range about.Controls {
		for _, a := range c.Aspects {
			for _, r := range a.Rules {
				if breaks := slices.Contains(ids, r.ID); breaks == r.Pedantic && !answersAnother(about, r.ID) {
					t.Errorf("%s: %+v is asked: %v", a.ID, r, breaks)
				}
				if !r.Pedantic && !slices.ContainsFunc(Named(c.ID), func(named Rule) bool { return named.ID == r.ID }) {
					t.Errorf("%s does not name %s", c.ID, r.ID)
				}
			}
		}
	}
	for _, id := range ids {
		if !exists(id) {
			t.Errorf("%s does not exist", id)
		}
	}
}

func answersAnother(about Catalogue, rule string) bool {
	return slices.ContainsFunc(about.Controls, func(c finding.Control) bool {
		return slices.ContainsFunc(c.Aspects, func(a finding.Aspect) bool {
			return slices.Contains(a.Rules, finding.AspectRule{ID: rule, Keeps: true}) || slices.Contains(a.Rules, finding.AspectRule{ID: rule})
		})
	})
}

// How a rule bears on a control follows from how its ask compares; a rule that
// is not there counts as none, and once it is, by itself.
func TestControlOf(t *testing.T) {
	c := policies.SecurityControl{ID: "Store.1", Ask: "Stores are locked", Evidence: "static", Rules: []string{"store/lock", "store/key"}, Laxer: []string{"store/door"}, Stricter: []string{"store/vault"}}
	for there, want := range map[string]string{
		"":                                   "Store.1:",
		"store/door":                         "Store.1.a: store/door breaks; Store.1.b:",
		"store/lock":                         "Store.1.a: store/lock keeps; Store.1.b:",
		"store/vault":                        "Store.1.a: store/vault pedantic keeps; Store.1.b:",
		"store/lock store/key store/vault":   "Store.1: store/lock keeps, store/key keeps, store/vault pedantic keeps",
		"store/lock store/key store/another": "Store.1: store/lock keeps, store/key keeps",
	} {
		there := strings.Fields(there)
		control := controlOf(c, func(id string) bool { return slices.Contains(there, id) })
		var got []string
		for _, a := range control.Aspects {
			var rules []string
			for _, r := range a.Rules {
				how := r.ID
				if r.Pedantic {
					how += " pedantic"
				}
				if r.Keeps {
					how += " keeps"
				} else {
					how += " breaks"
				}
				rules = append(rules, how)
			}
			got = append(got, strings.TrimSpace(a.ID+": "+strings.Join(rules, ", ")))
		}
		if text := strings.Join(got, "; "); text != want {
			t.Errorf("%v: %s, want %s", there, text, want)
		}
	}
}

func TestRequirementsStandInNaturalOrder(t *testing.T) {
	ids := []string{"3.10", "AC-10", "3.2", "AC-2(12)", "AC-2", "AC-2(3)", "10.1"}
	slices.SortFunc(ids, naturally)
	if got := strings.Join(ids, " "); got != "3.2 3.10 10.1 AC-2 AC-2(3) AC-2(12) AC-10" {
		t.Error(got)
	}
}
