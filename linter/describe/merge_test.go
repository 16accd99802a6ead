package describe

import (
	"slices"
	"testing"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/graph"
)

func TestMessagesOfEnvironmentsAreKept(t *testing.T) {
	all := map[string][]string{"infra": {"dev", "stage", "prod"}}
	said := func(message, address string, environments ...string) *merged {
		d := &merged{
			finding: finding.Finding{Fingerprint: "f", Status: finding.Fail, Message: message, Environments: []string{}},
			sites:   map[instanceKey]int{}, stacks: map[*graph.Stack]bool{}, root: "infra",
		}
		d.addSite(instanceKey{"infra", address}, finding.Site{Address: address, Identity: "a.b", Outcomes: []int{len(message)}})
		for _, env := range environments {
			d.stacks[&graph.Stack{Root: "infra", Environment: env}] = true
		}
		d.nameEnvironments(all["infra"])
		return d
	}
	got := mergeEnvironments([]*merged{
		said("7 days", "a.b[0]", "prod"),
		said("1 day", "a.b[1]", "dev", "stage"),
		said("2 days", "a.b[2]", "dev"), // another message in the same environment
	}, all)
	if len(got) != 2 {
		t.Fatalf("%d findings, want 2", len(got))
	}
	f := got[0].settle(nil, nil)
	if want := "7 days; in dev, stage: 1 day"; f.Message != want {
		t.Errorf("message %q, want %q", f.Message, want)
	}
	if want := []string{"dev", "stage", "prod"}; !slices.Equal(f.Environments, want) || !f.InAll {
		t.Errorf("environments %v, in all %v", f.Environments, f.InAll)
	}
	if want := []string{"a.b[0]", "a.b[1]"}; !slices.Equal(f.Resource.Instances, want) {
		t.Errorf("instances %v", f.Resource.Instances)
	}
	if len(f.Sites) != 2 || f.Sites[1].Address != "a.b[1]" || !slices.Equal(f.Sites[1].Outcomes, []int{len("1 day")}) {
		t.Errorf("sites %+v", f.Sites)
	}
	if g := got[1].settle(nil, nil); g.Message != "2 days" || g.InAll || !slices.Equal(g.Environments, []string{"dev"}) {
		t.Errorf("second: %q in %v", g.Message, g.Environments)
	}
}
