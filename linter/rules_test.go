package linter_test

import (
	"slices"
	"testing"

	"github.com/demarc-dev/demarc/linter"
	"github.com/demarc-dev/demarc/linter/responsibility"
)

// Every rule says whose duty it is, how far AWS's side reaches, and which
// controls it serves.
func TestRulesStandOnTheLine(t *testing.T) {
	for _, r := range linter.Rules() {
		known := slices.ContainsFunc(responsibility.ServiceModels, func(m responsibility.ServiceModel) bool { return m.ID == r.ServiceModel })
		if !known || r.Side != "customer" && r.Side != "shared" || len(r.Controls) == 0 {
			t.Errorf("%s: side %q, service model %q, controls %v", r.ID, r.Side, r.ServiceModel, r.Controls)
		}
	}
}
