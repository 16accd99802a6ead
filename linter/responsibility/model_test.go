package responsibility

import (
	"testing"

	"github.com/demarc-dev/demarc/linter/finding"
)

// A finding of two controls counts once, and a resource that breaks something
// keeps nothing.
func TestModels(t *testing.T) {
	f := finding.Finding{Fingerprint: "a", ServiceModel: "container", Resource: finding.Resource{Address: "aws_db_instance.a"}}
	other := finding.Finding{Fingerprint: "b", ServiceModel: "container", Resource: finding.Resource{Address: "aws_db_instance.a"}}
	kept := func(resource string) finding.Kept { return finding.Kept{ServiceModel: "container", Resource: resource} }
	line := &Line{Controls: []Control{
		{Aspects: []Aspect{
			{Broken: []finding.Finding{f, other}, Kept: []finding.Kept{kept("aws_db_instance.a")}},
			{Broken: []finding.Finding{f}, Kept: []finding.Kept{kept("aws_db_instance.b")}},
		}},
		{Aspects: []Aspect{{Broken: []finding.Finding{f}, Kept: []finding.Kept{kept("aws_db_instance.b")}}}},
	}}
	for _, m := range line.Models() {
		want := Model{ServiceModel: m.ServiceModel}
		if m.ID == "container" {
			want.Findings, want.Broken, want.Kept = 2, 1, 1
		}
		if m != want {
			t.Errorf("%s: %+v, want %+v", m.ID, m, want)
		}
		if m.Mine < 1 || m.Mine >= len(Layers) {
			t.Errorf("%s: %d layers are the customer's", m.ID, m.Mine)
		}
	}
}
