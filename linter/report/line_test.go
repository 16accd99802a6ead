package report

import (
	"bytes"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/responsibility"
	"github.com/demarc-dev/demarc/policies"
)

// sampleLine is a report with a control in each state, in one of the languages.
func sampleLine(t *testing.T, language string) *responsibility.Line {
	t.Helper()
	r := sample()
	controls, frameworks, err := policies.In(language)
	if err != nil {
		t.Fatal(err)
	}
	serving := map[string][]finding.AspectRule{
		"DP-1.a": {{ID: "s3/public-acl", Keeps: true}}, "RS-1.a": {{ID: "rds/backup", Keeps: true}}, "RS-2.a": {{ID: "rds/backup", Keeps: true}},
		"NW-1.a": {{ID: "ec2/security-group-ssh"}}, "NW-2.a": {{ID: "rds/public"}}, "NW-1.b": {{ID: "ec2/security-group-ssh", Pedantic: true}},
	}
	r.Controls = nil
	for _, c := range controls {
		if !slices.Contains([]string{"NW-1", "NW-2", "DP-1", "RS-1", "RS-2", "DP-12", "DT-13", "GV-3", "AWS-1"}, c.ID) {
			continue
		}
		c.Aspects = slices.Clone(c.Aspects)
		for i := range c.Aspects {
			c.Aspects[i].Rules = serving[c.Aspects[i].ID]
		}
		r.Controls = append(r.Controls, c)
	}
	for i := range r.Findings {
		r.Findings[i].Rule = "ec2/security-group-ssh"
		switch r.Findings[i].Status {
		case finding.Inconclusive:
			r.Findings[i].Rule = "rds/public"
		case finding.Suppressed:
			r.Findings[i].Rule = "s3/public-acl"
		}
	}
	r.Frameworks = frameworks
	r.Language = language
	at := r.Findings[0].Location
	r.Passing = []finding.Kept{
		{Rule: "rds/backup", Resource: "aws_db_instance.main", ServiceModel: "container", Location: at, Evidence: finding.Written},
		{Rule: "rds/backup", Resource: "aws_db_instance.other", ServiceModel: "container", Location: at, Evidence: finding.Default},
	}
	hop := finding.Hop{Kind: "security group", State: "open", Text: "0.0.0.0/0", Location: at, Findings: r.Findings[:1]}
	r.Exposures = []finding.Exposure{{Root: ".", Address: "aws_instance.web", Type: "aws_instance", Reach: finding.Reaches[0], Location: at, Paths: []finding.Path{{Instance: "aws_instance.web[0]", When: "var.open", Hops: []finding.Hop{hop}}}}}
	return responsibility.Of(r)
}

func renderLine(t *testing.T, format string, l *responsibility.Line) string {
	t.Helper()
	write, err := LineFormat(format)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := write(&b, l, Options{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestLineGolden(t *testing.T) {
	for _, language := range policies.Languages() {
		for format, ending := range map[string]string{"text": "txt", "markdown": "md", "csv": "csv"} {
			name := filepath.Join("testdata", "line."+language+"."+ending)
			t.Run(filepath.Base(name), func(t *testing.T) {
				got := renderLine(t, format, sampleLine(t, language))
				if *update {
					if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				if got != string(want) {
					t.Errorf("%s differs (run with -update to accept):\n%s", name, got)
				}
			})
		}
	}
}

// No line of text is wider than the page, however wide the characters are.
func TestLineTextFitsItsWidth(t *testing.T) {
	for _, language := range policies.Languages() {
		for line := range strings.Lines(renderLine(t, "text", sampleLine(t, language))) {
			if n := textWidth(strings.TrimSuffix(line, "\n")); n > lineWidth {
				t.Errorf("%s: %d columns: %s", language, n, line)
			}
		}
	}
}

var (
	latin      = regexp.MustCompile(`[A-Za-z]{3,}`)
	hidden     = regexp.MustCompile(`(?s)<(style|script)\b.*?</(style|script)>|<!--.*?-->`)
	attributes = regexp.MustCompile(`(?:aria-label|title|placeholder|alt)="([^"]*)"`)
	tags       = regexp.MustCompile(`<[^>]*>`)
)

// seenText is what a reader of a page sees or hears.
func seenText(page string) string {
	page = hidden.ReplaceAllString(page, " ")
	var told []string
	for _, m := range attributes.FindAllStringSubmatch(page, -1) {
		told = append(told, m[1])
	}
	return html.UnescapeString(tags.ReplaceAllString(page, " ") + strings.Join(told, " "))
}

// A report in Japanese has no English words but those that Japanese texts have
// themselves, ids, and what rules and the code at hand say.
func TestJapaneseReportHasNoEnglish(t *testing.T) {
	allowed := map[string]bool{"demarc": true, "AUDIT": true, "NCSC": true, "test": true, "AWS": true}
	allow := func(text string) {
		for _, word := range latin.FindAllString(text, -1) {
			for i := range word {
				allowed[word[:i+1]] = true // a line may be cut within
			}
		}
	}
	for key, text := range sentences(t, "ja") {
		if key != "language" {
			allow(placeholder.ReplaceAllString(text, ""))
		}
	}
	line := sampleLine(t, "ja")
	for _, c := range line.Controls {
		allow(c.Area + " " + c.ID + " " + c.Ask + " " + strings.Join(c.Rules(), " "))
		for _, a := range c.Aspects {
			allow(a.ID + " " + a.Ask + " " + a.Source)
		}
		for _, f := range slices.Concat(c.Broken(), c.Inconclusive(), c.Accepted()) {
			allow(f.Rule + " " + f.Message + " " + f.Resource.Address + " " + f.Location.File)
			for _, why := range f.Why {
				allow(why.Path + " " + why.Reason + " " + why.Needs)
			}
			if f.When != nil {
				allow(*f.When)
			}
			if f.Suppression != nil {
				allow(f.Suppression.Reason)
			}
		}
		for _, k := range c.Kept() {
			allow(k.Rule + " " + k.Resource)
		}
	}
	for _, f := range line.Frameworks {
		allow(f.Title)
		for _, c := range f.Clauses {
			allow(c.Title + " " + c.Question)
		}
	}
	for _, e := range line.Exposures {
		allow(e.Address + " " + e.Paths[0].When)
	}
	for _, e := range line.Coverage.Errors {
		allow(e.File + " " + e.Message)
	}
	for _, m := range line.Coverage.MissingModules {
		allow(m.Address + " " + m.Source + " " + m.Command + " " + m.File)
	}
	texts := map[string]string{"text": renderLine(t, "text", line), "markdown": renderLine(t, "markdown", line), "html": seenText(renderLine(t, "html", line))}
	for name, text := range texts {
		for _, word := range latin.FindAllString(text, -1) {
			if !allowed[word] {
				i := strings.Index(text, word)
				t.Errorf("%s says %q in English: %q", name, word, text[max(0, i-60):min(len(text), i+60)])
				allowed[word] = true
			}
		}
	}
}
