package linter_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter"
	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/responsibility"
)

// terraformOnly are the controls that no template can break: CloudFormation
// has no MFA delete, no account password policy and no vaults.
var terraformOnly = []string{"ID-2", "ID-6", "DP-6"}

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

func control(t *testing.T, line *responsibility.Line, id string) responsibility.Control {
	t.Helper()
	i := slices.IndexFunc(line.Controls, func(c responsibility.Control) bool { return c.ID == id })
	if i < 0 {
		t.Fatalf("there is no control %s", id)
	}
	return line.Controls[i]
}

// Each control that has a rule has a stack that breaks it and one that keeps
// it, in both languages.
func TestControlsFlip(t *testing.T) {
	l := evidenceLinter(t)
	var served []string
	for _, c := range drawLine(t, l, t.TempDir()).Controls {
		if len(c.Rules) > 0 {
			served = append(served, c.ID)
		}
	}
	for i, id := range served {
		for language, file := range []string{"main.tf", "template.yaml"} {
			if testing.Short() && language != i%2 {
				continue // the long run takes each in both languages
			}
			if file == "template.yaml" && slices.Contains(terraformOnly, id) {
				continue
			}
			t.Run(id+"/"+file, func(t *testing.T) {
				t.Parallel()
				for twin, want := range map[string]responsibility.State{"bad": responsibility.Broken, "corrected": responsibility.Kept} {
					line := drawLine(t, l, filepath.Join(stacks, "controls", id, twin, file))
					for _, e := range line.Coverage.Errors {
						t.Errorf("%s:%d: %s", e.File, e.Line, e.Message)
					}
					c := control(t, line, id)
					if c.State != want {
						t.Errorf("%s: %s, want %s (%d broken, %d inconclusive, %d kept)", twin, c.State, want, len(c.Broken), len(c.Inconclusive), len(c.Kept))
					}
				}
			})
		}
	}
	entries, err := os.ReadDir(filepath.Join(stacks, "controls"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains(served, e.Name()) {
			t.Errorf("controls/%s is of no control that has a rule", e.Name())
		}
	}
}

// Where there is nothing to judge all controls are there, and none is kept or
// broken. Those without a rule are the ones that the documentation lists.
func TestControlsOfNothing(t *testing.T) {
	count := map[responsibility.State]int{}
	var unserved []string
	controls := drawLine(t, evidenceLinter(t), t.TempDir()).Controls
	for _, c := range controls {
		count[c.State]++
		if len(c.Rules) == 0 && c.State == responsibility.NotShown {
			unserved = append(unserved, c.ID)
		}
	}
	if n := count[responsibility.NotShown] + count[responsibility.Process] + count[responsibility.Provider]; n != len(controls) || n != 90 {
		t.Errorf("%d of %d controls are not shown, by process or AWS's, want all of 90: %v", n, len(controls), count)
	}
	text, err := os.ReadFile("../docs/responsibility.md")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(text), "## Controls without a rule\n")
	list, _, _ = strings.Cut(list, "\n## ")
	var listed []string
	for line := range strings.Lines(list) {
		if cells := strings.Split(line, "|"); len(cells) > 2 && strings.Contains(cells[1], "-") && !strings.HasPrefix(cells[1], "--") {
			listed = append(listed, strings.TrimSpace(cells[1]))
		}
	}
	if !slices.Equal(listed, unserved) {
		t.Errorf("docs/responsibility.md lists %v as without a rule, they are %v", listed, unserved)
	}
}

// The stacks have each control in exactly one state, with what proves it.
func TestControlsHaveEvidence(t *testing.T) {
	l := evidenceLinter(t)
	for _, stack := range []string{"web-app", "data-pipeline"} {
		for _, c := range drawLine(t, l, filepath.Join(stacks, stack)).Controls {
			shown := func(f finding.Finding) bool { return f.Location.File != "" && f.Message != "" }
			switch c.State {
			case responsibility.Broken:
				if len(c.Broken) == 0 || !slices.ContainsFunc(c.Broken, shown) {
					t.Errorf("%s: %s is broken by nothing", stack, c.ID)
				}
			case responsibility.Inconclusive:
				if len(c.Broken) > 0 || !slices.ContainsFunc(c.Inconclusive, shown) {
					t.Errorf("%s: %s is undecided by nothing, or broken", stack, c.ID)
				}
			case responsibility.Kept:
				if len(c.Broken)+len(c.Inconclusive) > 0 || len(c.Kept) == 0 {
					t.Errorf("%s: %s is kept by nothing, or broken", stack, c.ID)
				}
			default:
				if n := len(c.Broken) + len(c.Inconclusive) + len(c.Kept); n > 0 {
					t.Errorf("%s: %s is %s, and has %d proofs", stack, c.ID, c.State, n)
				}
			}
		}
	}
}
