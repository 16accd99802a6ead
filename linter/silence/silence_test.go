package silence

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/source"
)

var today = time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)

// lexed is a file with its comments, as a front end hands it over.
func lexed(path, text string) *source.File {
	f := source.NewFile(path, []byte(text))
	f.FindComments(func() (out []source.Comment) {
		if strings.HasSuffix(path, ".yaml") { // the texts here have no # but in comments
			for _, at := range regexp.MustCompile(`#[^\r\n]*`).FindAllStringIndex(text, -1) {
				out = append(out, source.Comment{Start: at[0], End: at[1]})
			}
			return out
		}
		tokens, _ := hclsyntax.LexConfig(f.Data, path, hcl.InitialPos)
		for _, t := range tokens {
			if t.Type == hclsyntax.TokenComment {
				out = append(out, source.Comment{Start: t.Range.Start.Byte, End: t.Range.Start.Byte + len(strings.TrimRight(string(t.Bytes), "\n"))})
			}
		}
		return out
	})
	return f
}

// suppress applies the comments of files.
func suppress(findings []finding.Finding, files []*source.File, known func(rule string) bool) []finding.Finding {
	p := Pass{Silencers: InComments(files), Known: known, Now: today}
	return p.Apply(findings)
}

// between is the range from the first occurrence of one text to the end of
// the next occurrence of another.
func between(f *source.File, from, to string) source.Range {
	start := bytes.Index(f.Data, []byte(from))
	if start < 0 {
		panic("no " + from)
	}
	length := bytes.Index(f.Data[start:], []byte(to))
	if length < 0 {
		panic("no " + to)
	}
	return source.Range{File: f, Start: start, End: start + length + len(to)}
}

// judge runs one finding (rule s3/acl, at the acl attribute of the resource b)
// through the comments of a file, and returns it with the rules of what was
// appended.
func judge(t *testing.T, path, text string) (finding.Finding, []string) {
	t.Helper()
	f := lexed(path, text)
	value := strings.LastIndex(text, "public")
	attribute := source.Range{File: f, Start: strings.LastIndex(text[:value], "acl"), End: value + len("public")}
	resource := between(f, "resource", "END")
	findings := suppress([]finding.Finding{{
		Rule: "s3/acl", Status: finding.Fail, Severity: finding.High, Location: finding.NewLocation(attribute, path),
		Resource: finding.Resource{Address: "module.m.b", Instances: []string{`module.m["a, b"].b`}},
		Aliases:  map[string][]string{"checkov": {"CKV_AWS_20"}, "trivy": {"AVD-AWS-0092"}, "kics": {"d24c0755-c028-44b1-b503-8e719c898832"}},
		Sites:    []finding.Site{{Address: `module.m["a, b"].b`, Scopes: []source.Range{attribute, resource}}},
	}}, []*source.File{f}, func(rule string) bool {
		return slices.Contains([]string{"s3/acl", "s3/logging", "avd-aws-0092"}, strings.ToLower(rule)) || rule == "CKV_AWS_20"
	})
	var rest []string
	for _, f := range findings[1:] {
		rest = append(rest, f.Rule)
	}
	return findings[0], rest
}

func TestSuppressTerraform(t *testing.T) {
	for _, c := range []struct {
		name, text string
		reason     string // of the suppression; "-" for none
		rest       string // rules of the findings about the comments
	}{
		{"above resource", "# demarc:ignore s3/acl reason=\"a site\"\nresource {\n acl = public\n} # END", "a site", ""},
		{"run of comments", "// demarc:ignore s3/acl reason=\"x\"\n# more\nresource {\n acl = public\n} # END", "x", ""},
		{"header line", "resource { # demarc:ignore s3/acl reason=\"x\"\n acl = public\n} # END", "x", ""},
		{"above attribute", "resource {\n /* demarc:ignore s3/acl reason=\"x\" */\n acl = public\n} # END", "x", ""},
		{"long comment", "/*\n demarc:ignore s3/acl reason=\"x\"\n*/\nresource {\n acl = public\n} # END", "x", ""},
		{"on attribute", "resource {\n acl = public # demarc:ignore s3/acl reason=\"x\"\n} # END", "x", ""},
		{"alias, any case", "resource {\n acl = public # demarc:ignore CKV_AWS_20 reason=\"x\"\n} # END", "x", ""},
		{"two rules, one unused", "resource {\n acl = public # demarc:ignore s3/acl, s3/logging reason=\"x\"\n} # END", "x", finding.UnusedSuppression},
		{"quote in reason", "resource {\n acl = public # demarc:ignore s3/acl reason=\"say \\\"x\\\"\" until=2027-01-01\n} # END", `say "x"`, ""},
		{"bare reason", "resource {\n acl = public # demarc:ignore s3/acl reason=it is a site\n} # END", "it is a site", ""},
		{"no reason", "resource {\n acl = public # demarc:ignore s3/acl\n} # END", "", finding.MissingReason},
		{"last day", "resource {\n acl = public # demarc:ignore s3/acl until=2026-06-15 reason=\"x\"\n} # END", "x", ""},
		{"expired", "resource {\n acl = public # demarc:ignore s3/acl until=2026-06-14 reason=\"x\"\n} # END", "-", finding.ExpiredSuppression},
		{"bad date", "resource {\n acl = public # demarc:ignore s3/acl until=soon reason=\"x\"\n} # END", "-", finding.MalformedSuppression},
		{"bad key", "resource {\n acl = public # demarc:ignore s3/acl because=\"x\"\n} # END", "-", finding.MalformedSuppression},
		{"no rule", "resource {\n acl = public # demarc:ignore\n} # END", "-", finding.MalformedSuppression},
		{"unknown rule", "resource {\n acl = public # demarc:ignore s3/nope reason=\"x\"\n} # END", "-", finding.UnknownRule},
		{"another tool's id without a rule", "resource {\n acl = public # demarc:ignore CKV_AWS_9999 reason=\"x\"\n} # END", "-", ""},
		{"owner", "resource {\n acl = public # demarc:ignore s3/acl owner=web reason=\"x\"\n} # END", "x", ""},
		{"owner in quotes", "resource {\n acl = public # demarc:ignore s3/acl owner=\"the web team\" reason=\"x\"\n} # END", "x", ""},
		{"short trivy id", "resource {\n acl = public # demarc:ignore aws-0092 reason=\"x\"\n} # END", "x", ""},
		{"instance", "resource {\n acl = public # demarc:ignore s3/acl[\"a, b\"] reason=\"x\"\n} # END", "x", ""},
		{"other instance", "resource {\n acl = public # demarc:ignore s3/acl[\"a\"] reason=\"x\"\n} # END", "-", finding.UnusedSuppression},
		{"blank line between", "# demarc:ignore s3/acl reason=\"x\"\n\nresource {\n acl = public\n} # END", "-", finding.UnusedSuppression},
		{"inside, elsewhere", "resource {\n acl = public\n b = 1 # demarc:ignore s3/acl reason=\"x\"\n} # END", "-", finding.UnusedSuppression},
		{"line above has code", "a = 1 # demarc:ignore s3/acl reason=\"x\"\nresource {\n acl = public\n} # END", "-", finding.UnusedSuppression},
		{"in a string", "resource {\n b = \"# demarc:ignore s3/acl\"\n acl = public\n} # END", "-", ""},
		{"in a heredoc", "resource {\n b = <<EOT\n# demarc:ignore s3/acl\nEOT\n acl = public\n} # END", "-", ""},
		{"any case", "resource {\n acl = public # Demarc:Ignore S3/ACL reason=\"x\"\n} # END", "x", ""},
		{"a blank after the colon", "resource {\n acl = public # demarc: ignore s3/acl reason=\"x\"\n} # END", "x", ""},
		{"prose", "resource {\n acl = public # what demarc: ignore does\n} # END", "-", ""},
		{"nearly: another tool's colon", "resource {\n acl = public # demarc:ignore:s3/acl\n} # END", "-", finding.MalformedSuppression},
		{"nearly: another tool's word", "resource {\n acl = public # demarc:skip=s3/acl\n} # END", "-", finding.MalformedSuppression},
		{"nearly: a hyphen", "resource {\n acl = public # demarc-disable s3/acl\n} # END", "-", finding.MalformedSuppression},
		{"other word", "# xdemarc:ignore s3/acl\nresource {\n acl = public\n} # END", "-", ""},

		{"checkov in block", "resource {\n #checkov:skip=CKV_AWS_20:a site\n b = 1\n acl = public\n} # END", "a site", ""},
		{"checkov on the last line", "resource {\n acl = public\n} # END checkov:skip=CKV_AWS_20:a site\nx = 1", "a site", ""},
		{"checkov on another's last line", "resource {\n acl = public\n} # END\nx {\n} # checkov:skip=CKV_AWS_20:a site", "-", ""},
		{"checkov in any case", "resource {\n # checkov:skip=ckv_aws_20\n acl = public\n} # END", "", ""},
		{"checkov elsewhere", "resource {\n acl = public\n} # END\n#checkov:skip=CKV_AWS_20:x", "-", ""},
		{"checkov other rule", "resource {\n #checkov:skip=CKV_AWS_1:x\n acl = public\n} # END", "-", ""},
		{"tfsec two on a line", "resource {\n acl = public #tfsec:ignore:a #tfsec:ignore:AVD-AWS-0092\n} # END", "", ""},
		{"tfsec everything", "#tfsec:ignore:*\nresource {\n acl = public\n} # END", "", ""},
		{"trivy", "#trivy:ignore:avd-aws-0092\nresource {\n acl = public\n} # END", "", ""},
		{"trivy expired", "#trivy:ignore:avd-aws-0092:exp:2020-01-01\nresource {\n acl = public\n} # END", "-", ""},
		{"trivy with parameters", "#trivy:ignore:avd-aws-0092[name=x]\nresource {\n acl = public\n} # END", "-", finding.MalformedSuppression},
		{"trivy for a workspace", "#trivy:ignore:avd-aws-0092:ws:dev\nresource {\n acl = public\n} # END", "-", finding.MalformedSuppression},
		{"trivy with parameters of another rule", "#trivy:ignore:avd-aws-9999[name=x]\nresource {\n acl = public\n} # END", "-", ""},
		{"kics line", "resource {\n # kics-scan ignore-line\n acl = public\n} # END", "", ""},
		{"kics line, two below", "# kics-scan ignore-line\nresource {\n acl = public\n} # END", "-", ""},
		{"kics block", "# kics-scan ignore-block\nresource {\n acl = public\n} # END", "", ""},
		{"kics file below code", "x = 1\n# kics-scan disable=d24c0755-c028-44b1-b503-8e719c898832\nresource {\n acl = public\n} # END", "-", ""},
		{"kics whole file", "# a\n\n# kics-scan ignore\nx = 1\nresource {\n acl = public\n} # END", "", ""},
		{"kics file", "# kics-scan disable=d24c0755-c028-44b1-b503-8e719c898832\nx = 1\nresource {\n acl = public\n} # END", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) { check(t, "main.tf", c.text, c.reason, c.rest) })
	}
}

func check(t *testing.T, path, text, reason, rest string) {
	t.Helper()
	f, more := judge(t, path, text)
	got := "-"
	if f.Status == finding.Suppressed {
		got = f.Suppression.Reason
	}
	if got != reason {
		t.Errorf("suppressed for %q, want %q", got, reason)
	}
	if strings.Join(more, " ") != rest {
		t.Errorf("comments gave %v, want %q", more, rest)
	}
}

// One comment suppresses one instance, another all that one call makes; each
// part of the finding keeps its fingerprint.
func TestSuppressSplitsInstances(t *testing.T) {
	caller := lexed("main.tf", "module a {} # demarc:ignore s3/acl[\"x\"] reason=\"one\"\nmodule b {} # demarc:ignore s3/acl reason=\"all\"\n")
	inner := lexed("m/main.tf", "resource {}\n")
	at := between(inner, "resource", "}")
	a, b := []source.Range{at, between(caller, "module a", "}")}, []source.Range{at, between(caller, "module b", "}")}
	got := suppress([]finding.Finding{{
		Rule: "s3/acl", Status: finding.Fail, Fingerprint: "f", Location: finding.NewLocation(at, "m/main.tf"),
		Resource: finding.Resource{Address: "r", Instances: []string{`module.a["x"].r`, `module.a["y"].r`, `module.b["x"].r`, `module.b["y"].r`}},
		Sites:    []finding.Site{{Address: `module.a["x"].r`, Scopes: a}, {Address: `module.a["y"].r`, Scopes: a}, {Address: `module.b["x"].r`, Scopes: b}, {Address: `module.b["y"].r`, Scopes: b}},
	}}, []*source.File{caller, inner}, func(string) bool { return true })
	want := []string{
		`suppressed one module.a["x"].r`,
		`fail - module.a["y"].r`,
		`suppressed all module.b["x"].r module.b["y"].r`,
	}
	var parts []string
	for _, f := range got {
		reason := "-"
		if f.Suppression != nil {
			reason = f.Suppression.Reason
		}
		parts = append(parts, string(f.Status)+" "+reason+" "+strings.Join(f.Resource.Instances, " "))
		if f.Fingerprint != "f" {
			t.Errorf("a part lost its fingerprint: %+v", f)
		}
	}
	if !slices.Equal(parts, want) {
		t.Errorf("got %q", parts)
	}
}

func TestRequiredOfSuppressions(t *testing.T) {
	for _, c := range []struct{ require, comment, want string }{
		{"reason until owner", `# demarc:ignore s3/acl until=2027-01-01 owner=web reason="x"`, "suppressed"},
		{"reason until", `# demarc:ignore s3/acl reason="x"`, "fail " + finding.MissingReason + ": the suppression of s3/acl does not count without until, which the configuration requires"},
		{"reason", `# checkov:skip=CKV_AWS_20:x`, "suppressed"},
		{"reason", `# tfsec:ignore:s3/acl`, "fail " + finding.MissingReason + ": the suppression of s3/acl does not count without reason, which the configuration requires"},
		{"reason", `# tfsec:ignore:aws-s3-nothing-here`, "fail"},
		{"", `# demarc:ignore s3/acl`, "suppressed"},
	} {
		f := lexed("a.tf", "a = 1 "+c.comment+"\n")
		at := between(f, "a", "1")
		p := Pass{
			Silencers: InComments([]*source.File{f}), Now: today, Require: append([]string{}, strings.Fields(c.require)...),
			Known: func(id string) bool { return id == "s3/acl" || id == "CKV_AWS_20" },
		}
		got := p.Apply([]finding.Finding{{
			Rule: "s3/acl", Aliases: map[string][]string{"checkov": {"CKV_AWS_20"}}, Status: finding.Fail,
			Location: finding.NewLocation(at, "a.tf"), Scopes: []source.Range{at},
		}})
		text := string(got[0].Status)
		for _, notice := range got[1:] {
			text += " " + notice.Rule + ": " + notice.Message
		}
		if text != c.want {
			t.Errorf("%s, with %s required: got %s", c.comment, c.require, text)
		}
	}
}

func TestSuppressYAML(t *testing.T) {
	for _, c := range []struct{ name, text, reason, rest string }{
		{"above resource", "# demarc:ignore s3/acl reason=\"x\"\nresource:\n  acl: public\n  z: END", "x", ""},
		{"after value", "resource:\n  acl: public # demarc:ignore s3/acl reason=\"x\"\n  z: END", "x", ""},
		{"checkov", "resource:\n  # checkov:skip=CKV_AWS_20:x\n  acl: public\n  z: END", "x", ""},
		{"checkov on the last line", "resource:\n  acl: public\n  z: END # checkov:skip=CKV_AWS_20:x\nother: 1", "x", ""},
		{"checkov below the last line", "resource:\n  acl: public\n  z: END\n# checkov:skip=CKV_AWS_20:x\nother: 1", "-", ""},
		{"carriage returns, above", "a: 1\r# demarc:ignore s3/acl reason=\"x\"\rresource:\r  acl: public\r  z: END", "x", ""},
		{"carriage returns, elsewhere", "# demarc:ignore s3/acl reason=\"x\"\ra: 1\rresource:\r  acl: public\r  z: END", "-", finding.UnusedSuppression},
	} {
		t.Run(c.name, func(t *testing.T) { check(t, "stack.yaml", c.text, c.reason, c.rest) })
	}
}

func TestSuppressReachesModuleCalls(t *testing.T) {
	caller := lexed("main.tf", "# demarc:ignore s3/acl reason=\"x\"\nmodule \"a\" {\n}\n")
	inner := lexed("m/main.tf", "resource {}\n")
	call := between(caller, "module", "}")
	findings := suppress([]finding.Finding{
		{Rule: "s3/acl", Status: finding.Inconclusive, Location: finding.NewLocation(between(inner, "resource", "}"), "m/main.tf"), Scopes: []source.Range{call}},
		{Rule: "s3/acl", Status: finding.Fail, Location: finding.NewLocation(between(inner, "resource", "}"), "m/main.tf")},
	}, []*source.File{caller, inner}, func(string) bool { return true })
	if findings[0].Status != finding.Suppressed || findings[0].Suppression.Location.File != "main.tf" {
		t.Errorf("the comment on the module call does not count: %+v", findings[0])
	}
	if findings[1].Status != finding.Fail || len(findings) != 2 {
		t.Errorf("a finding outside the call was suppressed: %+v", findings[1:])
	}
}

func TestSuppressionOfInactiveRuleIsNotUnused(t *testing.T) {
	f := lexed("main.tf", "# demarc:ignore s3/acl reason=\"x\"\na = 1\n")
	p := Pass{Silencers: InComments([]*source.File{f}), Known: func(string) bool { return true }, Active: func(string) bool { return false }, Now: today}
	if got := p.Apply(nil); len(got) != 0 {
		t.Errorf("got %v", got)
	}
}

// A file may be nothing but comments; the time to read them must not grow with
// the square of their number.
func TestManyDirectives(t *testing.T) {
	text := strings.Repeat("# demarc:ignore s3/acl reason=\"x\"\n", 20_000)
	f := lexed("a.yaml", text+"acl: public\n")
	at := between(f, "acl: ", "public")
	findings := make([]finding.Finding, 2)
	for i := range findings {
		findings[i] = finding.Finding{Rule: "s3/acl", Status: finding.Fail, Location: finding.NewLocation(at, f.Path), Scopes: []source.Range{at}}
	}
	got := suppress(findings, []*source.File{f}, func(string) bool { return true })
	if len(got) != 2 || got[1].Status != finding.Suppressed {
		t.Errorf("got %d findings", len(got))
	}
}

func FuzzComments(f *testing.F) {
	f.Add("demarc:ignore a[\"x\"] until=2027-01-01 reason=\"\\\"")
	f.Add("tfsec:ignore:a[x]:exp: trivy:ignore:*:ws:x checkov:skip=, kics-scan disable=")
	f.Fuzz(func(_ *testing.T, text string) {
		parseComment(text)
		InComments([]*source.File{lexed("a.tf", text+"# demarc:ignore x")})
	})
}

// What is told of comments can be silenced by the configuration, and what a
// baseline or a base revision lists is asked last, after the parts are known.
func TestOrderOfKinds(t *testing.T) {
	f := lexed("a.tf", "a = 1 # demarc:ignore s3/acl reason=\"x\"\nb = 2 # demarc:ignore s3/acl\n")
	at := between(f, "a", "1")
	lists := func(rule string) func([]finding.Finding) []bool {
		return func(findings []finding.Finding) (out []bool) {
			for _, f := range findings {
				out = append(out, f.Rule == rule)
			}
			return out
		}
	}
	p := Pass{
		Now: today, Known: func(string) bool { return true },
		Silencers: append(InComments([]*source.File{f}),
			&Silencer{Kind: Config, Reason: "noise", Patterns: Patterns{Rule: finding.UnusedSuppression}},
			&Silencer{Kind: Config, Reason: "later", Patterns: Patterns{Rule: "s3/a*"}},
			&Silencer{Kind: Config, Reason: "never", Patterns: Patterns{Rule: "s3/none"}},
			&Silencer{Kind: Baseline, Lists: lists("s3/acl")},
			&Silencer{Kind: Baseline, Lists: lists("s3/logging")},
			&Silencer{Kind: Baseline, Lists: lists(finding.UnusedSuppression)},
			&Silencer{Kind: BaseRevision, Lists: lists("s3/versioning")},
		),
	}
	var findings []finding.Finding
	for _, rule := range []string{"s3/acl", "s3/logging", "s3/versioning", "rds/backup"} {
		findings = append(findings, finding.Finding{Rule: rule, Status: finding.Fail, Location: finding.NewLocation(at, f.Path)})
	}
	var got []string
	for _, f := range p.Apply(findings) {
		by := "-"
		if f.Suppression != nil {
			by = f.Suppression.Kind + ":" + f.Suppression.Reason
		}
		got = append(got, f.Rule+" "+by)
	}
	want := []string{
		"s3/acl comment:x", "s3/logging baseline:", "rds/backup -",
		finding.UnusedSuppression + " config:noise", // the comment on b
		finding.UnusedSuppression + " -",            // the item that silences nothing
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
