package linter

import (
	"slices"
	"testing"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/graph"
)

func TestMessagesOfEnvironmentsAreKept(t *testing.T) {
	all := map[string][]string{"infra": {"dev", "stage", "prod"}}
	said := func(message, address string, environments ...string) *draft {
		d := &draft{
			finding:   finding.Finding{Fingerprint: "f", Status: finding.Fail, Message: message, Environments: []string{}},
			instances: map[string]bool{address: true}, stacks: map[*graph.Stack]bool{}, root: "infra",
		}
		for _, env := range environments {
			d.stacks[&graph.Stack{Root: "infra", Environment: env}] = true
		}
		d.name(all["infra"])
		return d
	}
	merged := mergeEnvironments([]*draft{
		said("7 days", "a.b[0]", "prod"),
		said("1 day", "a.b[1]", "dev", "stage"),
		said("2 days", "a.b[2]", "dev"), // another message in the same environment
	}, all)
	if len(merged) != 2 {
		t.Fatalf("%d findings, want 2", len(merged))
	}
	f := merged[0].finding
	if want := "7 days; in dev, stage: 1 day"; f.Message != want {
		t.Errorf("message %q, want %q", f.Message, want)
	}
	if want := []string{"dev", "stage", "prod"}; !slices.Equal(f.Environments, want) || !f.InAll {
		t.Errorf("environments %v, in all %v", f.Environments, f.InAll)
	}
	if len(merged[0].instances) != 2 {
		t.Errorf("instances %v", merged[0].instances)
	}
	if g := merged[1].finding; g.Message != "2 days" || g.InAll || !slices.Equal(g.Environments, []string{"dev"}) {
		t.Errorf("second: %q in %v", g.Message, g.Environments)
	}
}
