package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/responsibility"
)

// hostileExposures are ways every free text of which is evil.
func hostileExposures(r *finding.Report) []finding.Exposure {
	at := r.Findings[0].Location
	hop := finding.Hop{Kind: "security group", State: "unknown", Text: evil, Location: at, Findings: r.Findings, Why: []finding.Why{{Path: evil, Reason: evil, Needs: evil}}}
	var out []finding.Exposure
	for _, reach := range finding.Reaches {
		out = append(out, finding.Exposure{Root: evil, Address: evil, Type: evil, Reach: reach, Location: at, Paths: []finding.Path{{Instance: evil + "2", When: evil, Hops: []finding.Hop{hop}}}})
	}
	return out
}

// Neither the responsibility page nor what is told of exposures lets through
// what its medium acts on.
func TestNothingHostileGetsThroughTheLine(t *testing.T) {
	r := hostile()
	r.Exposures = hostileExposures(r)
	r.Passing = []finding.Kept{{Rule: r.Rules[0].ID, Resource: evil, Location: r.Findings[0].Location}}
	var judged []finding.AspectRule
	for _, f := range r.Findings {
		judged = append(judged, finding.AspectRule{ID: f.Rule, Keeps: true})
	}
	r.Controls[0].Aspects = []finding.Aspect{{ID: evil, Ask: evil, Source: evil, Side: "customer", Evidence: "static", Rules: judged}}
	line := responsibility.Of(r)
	for name, write := range map[string]func(*bytes.Buffer) error{
		"html":    func(b *bytes.Buffer) error { return LineHTML(b, line, Options{}) },
		"text":    func(b *bytes.Buffer) error { return ExposureText(b, r.Exposures, Options{}) },
		"mermaid": func(b *bytes.Buffer) error { return ExposureMermaid(b, r.Exposures, Options{}) },
		"json":    func(b *bytes.Buffer) error { return ExposureJSON(b, r.Exposures, Options{}) },

		"line text":     func(b *bytes.Buffer) error { return LineText(b, line, Options{}) },
		"line json":     func(b *bytes.Buffer) error { return LineJSON(b, line, Options{}) },
		"line markdown": func(b *bytes.Buffer) error { return LineMarkdown(b, line, Options{}) },
		"line oscal":    func(b *bytes.Buffer) error { return LineOSCAL(b, line, Options{}) },
		"line csv":      func(b *bytes.Buffer) error { return LineCSV(b, line, Options{}) },
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := write(&b); err != nil {
				t.Fatal(err)
			}
			out := b.String()
			if !strings.Contains(out, "octocat") && !strings.HasPrefix(name, "line ") {
				t.Error("the output shows nothing of the names")
			}
			var forbidden []string
			if name == "html" || name == "mermaid" {
				forbidden = []string{"<script>alert", "<img", `javascript:alert(1)"`}
			}
			wantNothingObeyed(t, out, forbidden...)
		})
	}
}
