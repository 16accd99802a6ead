package report

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/source"
)

// evil is what a hostile author may write wherever a name or a value is free.
const evil = "::error file=y::owned\n ::set-env name=x::owned\n##vso[task.complete]owned ##[add-mask]owned ##TeamCity[owned]\r\n## owned ]]>-->`</code></details><script>alert(1)</script><img src=x onerror=alert(1)>" +
	"\x1b[31m\x1b]8;;http://evil\x07 @octocat [a](javascript:alert(1)) http://evil.example ``` | \u202egnp\u2066 \x7f\u0085\u009b31m\u009d8;;http://evil\u009c \u2028\u200b\xff\x00\ufffe{{.}} ${x}"

// obeyed are what a terminal or a CI runner acts on, wherever it stands.
var obeyed = []string{
	"\x1b", "\x07", "\r", "\x00", "\x7f", "\u0085", "\u009b", "\u009c", "\u009d", "\u202e", "\u2066", "\u2028", "\u200b", "##vso[", "##[", "##TeamCity[",
}

// wantNothingObeyed holds that nothing of the tree reaches a terminal or a
// runner as more than text. GitHub's runner looks at what begins a line.
func wantNothingObeyed(t *testing.T, out string, forbidden ...string) {
	t.Helper()
	if !utf8.ValidString(out) {
		t.Error("the output is not UTF-8")
	}
	for _, bad := range append(forbidden, obeyed...) {
		if i := strings.Index(out, bad); i >= 0 {
			t.Errorf("%q gets through: %q", bad, out[max(0, i-60):min(len(out), i+60)])
		}
	}
	for line := range strings.Lines(out) {
		ours := strings.HasPrefix(line, "::error file=%3A") || strings.HasPrefix(line, "::warning file=%3A") || strings.HasPrefix(line, "::notice file=%3A") || strings.HasPrefix(line, "::warning file=,title=not analysed")
		if strings.HasPrefix(strings.TrimSpace(line), "::") && !ours {
			t.Errorf("a line is a command: %q", line)
		}
	}
}

// The test's text holds each thing that the tests look for.
func TestEvilHoldsAll(t *testing.T) {
	for _, bad := range append([]string{"\n ::", "<script", "<img", "]]>", "-->", "](javascript:", "@octocat", "{{.}}"}, obeyed...) {
		if !strings.Contains(evil, bad) {
			t.Errorf("%q is not tried", bad)
		}
	}
	if !strings.HasPrefix(evil, "::") {
		t.Error("nothing begins with a command")
	}
}

// hostile is a report every free text of which is evil.
func hostile() *finding.Report {
	file := source.NewFile(evil+".tf", []byte("a = \""+strings.ReplaceAll(evil, "\n", " ")+"\"\n"))
	at := finding.NewLocation(source.Range{File: file, Start: 4, End: len(file.Data) - 1}, file.Path)
	r := sample()
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Message, f.When = evil, ptr(evil)
		f.Secret = false // one at the same place would hide every frame
		f.Resource.Address, f.Resource.Instances = evil, []string{evil, evil + "2"}
		f.Resource.Name = ptr(evil)
		f.Location = at
		f.Environments = []string{evil}
		f.Why = []finding.Why{{Path: evil, Reason: evil, Needs: evil}}
		f.Related = []finding.Related{{Message: evil, Location: at}}
		if f.Suppression != nil {
			f.Suppression = &finding.Suppression{Kind: "comment", Reason: evil, Location: at}
		}
	}
	r.Coverage.Errors = []finding.Error{{File: evil, Line: 1, Message: evil}, {Message: evil}}
	r.Coverage.MissingModules = []finding.MissingModule{{Address: evil, Source: evil, File: evil, Line: 1}}
	return r
}

var everything = Options{ShowInconclusive: true, ShowSuppressed: true}

// No format lets through what its medium, or a terminal that shows it, acts on.
func TestNothingHostileGetsThrough(t *testing.T) {
	forbidden := map[string][]string{
		"junit": {"]]>", "<script", "<img", "-->"},
		"html":  {"<script>alert", "<img", "]]>-->`</code>", "javascript:alert(1)\"", "{{.}} ${x}<script"},
	}
	for _, format := range Names() {
		t.Run(format, func(t *testing.T) {
			write, err := Format(format)
			if err != nil {
				t.Fatal(err)
			}
			wantNothingObeyed(t, render(t, write, hostile(), everything), forbidden[format]...)
		})
	}
}

// Outside code spans, a summary holds nothing of the scanned tree.
func TestMarkdownKeepsTheTreeInCodeSpans(t *testing.T) {
	out := render(t, Markdown, hostile(), everything)
	// CommonMark: a code span ends at the first run of as many backticks.
	rest := regexp.MustCompile("(?s)`+").FindAllStringIndex(out, -1)
	var outside strings.Builder
	at := 0
	for i := 0; i < len(rest); i++ {
		length := rest[i][1] - rest[i][0]
		end := -1
		for j := i + 1; j < len(rest); j++ {
			if rest[j][1]-rest[j][0] == length {
				end = j
				break
			}
		}
		if end < 0 {
			t.Fatalf("a code span has no end: %q", out[rest[i][0]:min(len(out), rest[i][0]+80)])
		}
		if strings.Contains(out[rest[i][1]:rest[end][0]], "\n") {
			t.Errorf("a code span goes over a line's end: %q", out[rest[i][0]:rest[end][1]])
		}
		outside.WriteString(out[at:rest[i][0]])
		at, i = rest[end][1], end
	}
	outside.WriteString(out[at:])
	for _, bad := range []string{"octocat", "evil", "alert", "owned", "javascript"} {
		if strings.Contains(outside.String(), bad) {
			t.Errorf("%q stands outside code", bad)
		}
	}
}

// Viewers make links of [text](target) in messages: only demarc's own, to the
// numbered related places, are there.
func TestSARIFMessagesHaveNoLinksOfOthers(t *testing.T) {
	link := regexp.MustCompile(`[^\\]\]\(`)
	own := regexp.MustCompile(`[^\\]\]\(\d+\)`)
	for _, result := range readSARIF(t, render(t, SARIF, hostile(), everything)).Results {
		messages := []string{result.Message.Text}
		for _, l := range result.RelatedLocations {
			messages = append(messages, l.Message.Text)
		}
		for i, text := range messages {
			links, ours := len(link.FindAllString(text, -1)), len(own.FindAllString(text, -1))
			if links != ours || i > 0 && links > 0 || i == 0 && links != len(result.RelatedLocations) {
				t.Errorf("%d links, %d of them demarc's: %s", links, ours, text)
			}
		}
	}
}

func TestCodeSpan(t *testing.T) {
	for in, want := range map[string]string{
		"":        "",
		"  ":      "",
		"a":       "`a`",
		"a`b":     "``a`b``",
		"`":       "`` ` ``",
		"``x":     "``` ``x ```",
		"a\n## b": "`a\\n## b`",
	} {
		if got := codeSpan(in); got != want {
			t.Errorf("codeSpan(%q) = %s, want %s", in, got, want)
		}
	}
}

// The XML and the JSON formats are read back, with nothing lost.
func TestMachineFormatsAreReadBack(t *testing.T) {
	r := hostile()
	d := xml.NewDecoder(strings.NewReader(render(t, JUnit, r, everything)))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	var suites junitSuites
	if err := xml.Unmarshal([]byte(render(t, JUnit, r, everything)), &suites); err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	cases := 0
	for _, s := range suites.Suites {
		if s.Tests != len(s.Cases) {
			t.Errorf("suite %q says %d tests and has %d", s.Name, s.Tests, len(s.Cases))
		}
		for _, c := range s.Cases {
			cases++
			if key := c.ClassName + "\n" + c.Name; names[key] {
				t.Errorf("two cases are named %q", key)
			} else {
				names[key] = true
			}
		}
	}
	if want := len(r.Findings) + len(r.Coverage.Errors) + len(r.Coverage.MissingModules); cases != want || suites.Tests != want {
		t.Errorf("JUnit has %d cases and says %d, want %d", cases, suites.Tests, want)
	}

	var issues []gitlabIssue
	if err := json.Unmarshal([]byte(render(t, GitLab, r, everything)), &issues); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, issue := range issues {
		if seen[issue.Fingerprint] || len(issue.Fingerprint) != 64 {
			t.Errorf("fingerprint %q is used twice, or none", issue.Fingerprint)
		}
		seen[issue.Fingerprint] = true
		if issue.Description == "" || issue.CheckName == "" || issue.Location.Path == "" || issue.Location.Lines.Begin < 1 {
			t.Errorf("an issue lacks something: %+v", issue)
		}
	}
}

func TestRDJSONCountsBytes(t *testing.T) {
	var out rdResult
	if err := json.Unmarshal([]byte(render(t, RDJSON, sample(), Options{})), &out); err != nil {
		t.Fatal(err)
	}
	for _, d := range out.Diagnostics {
		if d.Code == nil || d.Code.Value != "rds/tags" {
			continue
		}
		// `  tags = { 名前 = "値"`: the value begins at code point 17, byte 21.
		if got := *d.Location.Range; got.Start.Column != 21 || got.End.Column != 26 {
			t.Errorf("the range is %+v to %+v", got.Start, *got.End)
		}
		return
	}
	t.Error("the finding is not there")
}
