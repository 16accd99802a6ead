package finding

import (
	"fmt"
	"strings"
)

// TypeCoverage says how far the resources of a type were looked at.
type TypeCoverage struct {
	Type      string `json:"type"`      // as it is written: aws_alb, AWS::S3::Bucket
	Resources int    `json:"resources"` // instances, each counted once
	// Rules is the number of rules that judge the type, Asked that of those of
	// them that took part.
	Rules int `json:"rules"`
	Asked int `json:"asked"`
	// Read tells that rules read it to judge another type.
	Read bool `json:"read"`
	// Judged are the resources that some rule judged, on their own or as a part
	// of another.
	Judged int `json:"judged"`

	// Service is the service of the type, ServiceModel how far AWS's side reaches
	// for it; "" where demarc does not know the type.
	Service      string `json:"-"`
	ServiceModel string `json:"-"`
}

// Unruled are the types that no rule judges or reads, and the number of their
// resources.
func (c Coverage) Unruled() (types []string, resources int) {
	return c.types(func(t TypeCoverage) bool { return t.Rules == 0 && !t.Read })
}

// Unasked are the types of which all rules that judge them were left out of the
// scan, and the number of their resources.
func (c Coverage) Unasked() (types []string, resources int) {
	return c.types(func(t TypeCoverage) bool { return t.Rules > 0 && t.Asked == 0 })
}

func (c Coverage) types(holds func(TypeCoverage) bool) (types []string, resources int) {
	for _, t := range c.Types {
		if holds(t) {
			types = append(types, t.Type)
			resources += t.Resources
		}
	}
	return types, resources
}

// NotLookedAt says in words which resources no rule looks at; "" where there
// are none.
func (c Coverage) NotLookedAt() string {
	var parts []string
	if types, n := c.Unruled(); n > 0 {
		parts = append(parts, fmt.Sprintf("no rule looks at %s of %s: %s", Plural(n, "resource"), Plural(len(types), "type"), some(types)))
	}
	if types, n := c.Unasked(); n > 0 && !c.Chosen {
		parts = append(parts, fmt.Sprintf("no rule was asked about %s of %s: %s", Plural(n, "resource"), Plural(len(types), "type"), some(types)))
	}
	return strings.Join(parts, "; ")
}

// some lists the first of many types.
func some(types []string) string {
	const most = 6
	if len(types) <= most {
		return strings.Join(types, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(types[:most], ", "), len(types)-most)
}
