package responsibility

import (
	"reflect"
	"testing"

	"github.com/demarc-dev/demarc/linter/finding"
)

// A finding of two controls counts once, and a resource that breaks something
// keeps nothing.
func TestModels(t *testing.T) {
	f := finding.Finding{Fingerprint: "a", ServiceModel: "container", Resource: finding.Resource{Address: "aws_db_instance.a"}}
	other := finding.Finding{Fingerprint: "b", ServiceModel: "container", Resource: finding.Resource{Address: "aws_db_instance.a"}}
	kept := func(resource string) finding.Kept { return finding.Kept{ServiceModel: "container", Resource: resource} }
	line := &Line{Coverage: finding.Coverage{Types: []finding.TypeCoverage{
		{Type: "aws_rds_cluster", Resources: 1, Service: "rds", ServiceModel: "container"}, {Type: "aws_efs_file_system", Resources: 1, Service: "efs", ServiceModel: "container"},
		{Type: "aws_db_instance", Resources: 2, Service: "rds", ServiceModel: "container"}, {Type: "aws_unheard_of", Resources: 9},
	}}, Controls: []Control{
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
			want.Services = []Service{{"efs", 1}, {"rds", 3}}
		}
		if !reflect.DeepEqual(m, want) {
			t.Errorf("%s: %+v, want %+v", m.ID, m, want)
		}
		if m.Mine < 1 || m.Mine >= len(Layers) {
			t.Errorf("%s: %d layers are the customer's", m.ID, m.Mine)
		}
	}
}
