package config

import (
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/rules"
)

// A rule that a standard asks for and that is not there yet may look like one
// that is: it is missing, and no slip of the pen.
func TestPlannedRulesAreNoSlips(t *testing.T) {
	about, err := rules.Standard("fsbp")
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, c := range about.Controls {
		for _, a := range c.Aspects {
			_, text, _ := strings.Cut(a.Ask, ": what ")
			planned, ofMissing := strings.CutSuffix(text, " will look at")
			for id := range strings.SplitSeq(planned, ", ") {
				if ofMissing && len(rules.Suggest(id)) > 0 {
					tried++
					if misspelt(id) {
						t.Errorf("%s of %s passes for a slip", id, c.ID)
					}
				}
			}
		}
	}
	if tried == 0 {
		t.Skip("no rule that is to come is like one that is there")
	}
	if !misspelt("s3/versionning") {
		t.Error("a slip passes for a rule to come")
	}
}
