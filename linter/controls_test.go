package linter_test

import (
	"context"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"github.com/demarc-dev/demarc/linter"
	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/responsibility"
)

func drawLine(t *testing.T, l *linter.Linter, path string) *responsibility.Line {
	t.Helper()
	report, err := l.Lint(context.Background(), []string{path})
	if err != nil {
		t.Fatal(err)
	}
	return responsibility.Of(report)
}

func evidenceLinter(t *testing.T) *linter.Linter {
	t.Helper()
	l, err := linter.New(linter.Options{Profile: "extended", Evidence: true})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// shownBy says how the fixtures of a rule, in one language, bear on an aspect.
type shownBy struct{ broken, kept bool }

// Each rule's fixtures break each aspect that it judges, and what passes there
// keeps it, in every language that can express the rule.
func TestAspectsFollowTheFixtures(t *testing.T) {
	type bearing struct{ rule, aspect, language string }
	shown := map[bearing]shownBy{}
	for _, f := range readFixtures(t) {
		l, err := linter.New(linter.Options{Rules: []string{f.rule}, Evidence: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range drawLine(t, l, f.copied(t)).Controls {
			for _, a := range c.Aspects {
				by := func(finding finding.Finding) bool { return finding.Rule == f.rule }
				keeps := func(k finding.Kept) bool { return k.Rule == f.rule }
				at := bearing{f.rule, a.ID, f.language()}
				now := shown[at]
				now.broken = now.broken || a.State == responsibility.Broken && slices.ContainsFunc(a.Broken, by)
				now.kept = now.kept || slices.ContainsFunc(a.Kept, keeps)
				shown[at] = now
			}
		}
	}
	for _, c := range drawLine(t, evidenceLinter(t), t.TempDir()).Controls {
		for _, a := range c.Aspects {
			for _, r := range a.Rules {
				for _, language := range []string{"terraform", "cloudformation"} {
					if language == "cloudformation" && oneLanguage[r.ID] != "" || language == "terraform" && onlyTemplates[r.ID] != "" {
						continue
					}
					now := shown[bearing{r.ID, a.ID, language}]
					if now.broken == r.Pedantic {
						t.Errorf("%s %s: the fixtures break it: %t", a.ID, r.ID+" in "+language, now.broken)
					}
					if now.kept != r.Keeps {
						t.Errorf("%s %s: what passes keeps it: %t, want %t", a.ID, r.ID+" in "+language, now.kept, r.Keeps)
					}
				}
			}
		}
	}
}

// Where there is nothing to judge all controls and aspects are there, and none
// is kept or broken.
func TestControlsOfNothing(t *testing.T) {
	controls := drawLine(t, evidenceLinter(t), t.TempDir()).Controls
	aspects := 0
	for _, c := range controls {
		if c.State.LookedAt() || c.State == responsibility.InPart {
			t.Errorf("%s is %s", c.ID, c.State)
		}
		for _, a := range c.Aspects {
			if a.State.LookedAt() {
				t.Errorf("%s is %s", a.ID, a.State)
			}
			if a.Side != "aws" {
				aspects++
			}
		}
	}
	if len(controls) != 111 || aspects != 312 {
		t.Errorf("%d controls and %d aspects of the customer's, want 111 and 312", len(controls), aspects)
	}
}

// The stacks have each aspect in exactly one state, with what proves it.
func TestAspectsHaveEvidence(t *testing.T) {
	l := evidenceLinter(t)
	for _, stack := range []string{"web-app", "data-pipeline"} {
		for _, c := range drawLine(t, l, filepath.Join(stacks, stack)).Controls {
			for _, a := range c.Aspects {
				if problem := unproved(a); problem != "" {
					t.Errorf("%s: %s is %s, %s", stack, a.ID, a.State, problem)
				}
			}
		}
	}
}

// unproved says what is wrong with the evidence of an aspect, or nothing.
func unproved(a responsibility.Aspect) string {
	shown := func(f finding.Finding) bool { return f.Location.File != "" && f.Message != "" }
	switch a.State {
	case responsibility.Broken:
		if !slices.ContainsFunc(a.Broken, shown) {
			return "by nothing"
		}
	case responsibility.Inconclusive:
		if len(a.Broken) > 0 || !slices.ContainsFunc(a.Inconclusive, shown) {
			return "by nothing, or broken"
		}
	case responsibility.Accepted:
		if len(a.Broken)+len(a.Inconclusive) > 0 || !slices.ContainsFunc(a.Accepted, shown) {
			return "by nothing, or broken"
		}
	case responsibility.Kept:
		if len(a.Broken)+len(a.Inconclusive)+len(a.Accepted) > 0 || len(a.Kept) == 0 {
			return "by nothing, or broken"
		}
	default:
		if len(a.Broken)+len(a.Inconclusive)+len(a.Accepted)+len(a.Kept) > 0 {
			return "and has proofs"
		}
	}
	return ""
}

// claims are what the report says of small stacks: nothing is there of which
// nothing was looked at.
var claims = map[string]map[string]responsibility.State{
	"access-key":    {"ID-5.b": responsibility.Broken},
	"empty-bucket":  {"DP-1.b": responsibility.Broken, "DP-2.a": responsibility.Broken, "TR-3.a": responsibility.Broken},
	"bare-instance": {"DP-4.a": responsibility.Broken, "ID-7.d": responsibility.Broken, "NW-1.a": responsibility.Broken},
	"managed-password": {
		"DP-5.a": responsibility.Broken, "NW-2.b": responsibility.Kept, "DT-7.b": responsibility.Broken,
		"RS-1.a": responsibility.Broken, "RS-2.a": responsibility.Broken, "RS-3.c": responsibility.Broken,
	},
	"unruled-types": {},
}

func TestClaimsOfSmallStacks(t *testing.T) {
	l := evidenceLinter(t)
	for stack, want := range claims {
		for _, file := range []string{"main.tf", "template.yaml"} {
			got := map[string]responsibility.State{}
			for _, c := range drawLine(t, l, filepath.Join(stacks, "claims", stack, file)).Controls {
				for _, a := range c.Aspects {
					if a.State.LookedAt() {
						got[a.ID] = a.State
					}
				}
			}
			if !maps.Equal(got, want) {
				t.Errorf("%s/%s: %v, want %v", stack, file, got, want)
			}
		}
	}
}
