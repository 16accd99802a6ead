package rules_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/responsibility"
	"github.com/demarc-dev/demarc/linter/rules"
)

// Every rule says whose duty it is, how far AWS's side reaches, and which
// controls it serves.
func TestRulesStandOnTheLine(t *testing.T) {
	for _, r := range rules.All() {
		known := slices.ContainsFunc(responsibility.ServiceModels, func(m responsibility.ServiceModel) bool { return m.ID == r.ServiceModel })
		if !known || r.Side != "customer" && r.Side != "shared" || len(r.Controls) == 0 {
			t.Errorf("%s: side %q, service model %q, controls %v", r.ID, r.Side, r.ServiceModel, r.Controls)
		}
	}
}

// Every id of every rule finds it, in any case and with or without trivy's AVD-.
func TestNamedFindsAllIDs(t *testing.T) {
	for _, r := range rules.All() {
		for _, name := range r.Names() {
			for _, spelt := range []string{name, strings.ToUpper(name), strings.ToLower(name), "avd-" + strings.TrimPrefix(name, "AVD-")} {
				named := rules.Named(spelt)
				if !slices.ContainsFunc(named, func(other rules.Rule) bool { return other.ID == r.ID }) {
					t.Fatalf("%s, as %s, does not name %s", name, spelt, r.ID)
				}
				for _, other := range named {
					if !slices.ContainsFunc(other.Names(), func(own string) bool { return finding.SameID(own, name) }) {
						t.Fatalf("%s names %s, which does not have it", spelt, other.ID)
					}
				}
			}
		}
		if found, ok := rules.Find(r.ID); !ok || found.ID != r.ID {
			t.Errorf("%s finds %q", r.ID, found.ID)
		}
	}
}

func TestUnknownRules(t *testing.T) {
	for name, want := range map[string]string{
		"s3/versionning": `unknown rule "s3/versionning": did you mean s3/versioning?`,
		"qqqqqqqqqqqqqq": `unknown rule "qqqqqqqqqqqqqq": demarc rules lists them`,
		"":               `unknown rule "": demarc rules lists them`,
	} {
		_, err := rules.IDs([]string{"s3/versioning", name})
		if err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", name, err, want)
		}
	}
}

// What a caller does to the list it got is nobody else's.
func TestAllCannotBeChanged(t *testing.T) {
	list := rules.All()
	id := list[0].ID
	list[0].ID = "changed"
	if got := rules.All()[0].ID; got != id {
		t.Errorf("the first rule is now %s", got)
	}
	if !slices.IsSortedFunc(rules.All(), func(a, b rules.Rule) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("the rules are not sorted")
	}
}

// A report about a framework of the reader's own has the controls of that,
// and findings that serve none of them have an empty list.
func TestCatalogueExplainsReports(t *testing.T) {
	r := &finding.Report{
		Findings: []finding.Finding{{Rule: "s3/versioning", Controls: []string{"DP-2"}}, {Rule: "sns/encryption", Controls: []string{"DP-5"}}},
		Rules:    []finding.AskedRule{{Rule: finding.Rule{ID: "s3/versioning", Controls: []string{"DP-2"}}}},
	}
	model, err := rules.Model("")
	if err != nil {
		t.Fatal(err)
	}
	model.Explain(r)
	if r.Catalogue != "" || len(r.Controls) == 0 || r.Findings[0].Controls[0] != "DP-2" {
		t.Errorf("the model: %q, %d controls, %v", r.Catalogue, len(r.Controls), r.Findings[0].Controls)
	}
	own := rules.Catalogue{Title: "Own", Controls: []finding.Control{asking("A-1", "s3/versioning"), asking("A-2", "s3/versioning")}}
	own.Explain(r)
	if want := []string{"A-1", "A-2"}; !slices.Equal(r.Findings[0].Controls, want) || !slices.Equal(r.Rules[0].Controls, want) {
		t.Errorf("own: %v, %v", r.Findings[0].Controls, r.Rules[0].Controls)
	}
	if none := r.Findings[1].Controls; none == nil || len(none) > 0 || r.Catalogue != "Own" {
		t.Errorf("own: %v in %q", none, r.Catalogue)
	}
}

func asking(id, rule string) finding.Control {
	return finding.Control{ID: id, Aspects: []finding.Aspect{{ID: id, Rules: []finding.AspectRule{{ID: rule, Keeps: true}}}}}
}

func TestModelsOfAllLanguages(t *testing.T) {
	for _, language := range rules.Languages() {
		model, err := rules.Model(language)
		if err != nil || !slices.ContainsFunc(model.Controls, func(c finding.Control) bool { return len(c.Rules()) > 0 }) {
			t.Errorf("%s: %d controls, %v", language, len(model.Controls), err)
		}
	}
	if _, err := rules.Model("tlh"); err == nil {
		t.Error("there is a model in Klingon")
	}
}
