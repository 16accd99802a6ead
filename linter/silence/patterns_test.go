package silence

import (
	"slices"
	"testing"

	"github.com/demarc-dev/demarc/linter/finding"
)

func TestMatchStars(t *testing.T) {
	for _, c := range []struct {
		pattern, s string
		want       bool
	}{
		{"a", "a", true}, {"a", "ab", false}, {"a*", "ab", true}, {"*b", "ab", true}, {"a*a", "a", false},
		{`m["x"].*`, `m["x"].r`, true}, {"m[*].r", `m["x"].r`, true}, {"a*b*c", "axxbyyc", true}, {"a*b*c", "acb", false}, {"*", "", true},
	} {
		if got := matchStars(c.pattern, c.s); got != c.want {
			t.Errorf("matchStars(%q, %q) = %v", c.pattern, c.s, got)
		}
	}
}

// An address means the instances that it names, whatever else is found with them.
func TestPatternsOfAddresses(t *testing.T) {
	f := finding.Finding{
		Rule: "s3/acl", Status: finding.Fail, Resource: finding.Resource{Address: "module.a.r"},
		Sites: []finding.Site{
			{Address: `module.a["x"].r`, Identity: "module.a.r"}, {Address: `module.a["y"].r`, Identity: "module.a.r"}, {Address: "module.b.r", Identity: "module.b.r"},
		},
	}
	for pattern, want := range map[string][]string{
		"":                {"suppressed"},
		"*":               {"suppressed"},
		"module.a.*":      {"suppressed", "fail"},
		"module.b.r":      {"fail", "suppressed"},
		`module.a["y"].*`: {"fail", "suppressed"},
		"module.c.r":      {"fail"},
	} {
		p := Pass{Silencers: []*Silencer{{Kind: Config, Reason: "x", Partial: true, Patterns: Patterns{Rule: "s3/*", Address: pattern}}}}
		var got []string
		for _, part := range p.Apply([]finding.Finding{f}) {
			got = append(got, string(part.Status))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", pattern, got, want)
		}
	}
}
