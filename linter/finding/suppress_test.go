package finding

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/demarc-dev/demarc/linter/source"
)

var today = time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)

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
func judge(t *testing.T, path, text string) (Finding, []string) {
	t.Helper()
	f := source.NewFile(path, []byte(text))
	value := strings.LastIndex(text, "public")
	attribute := source.Range{File: f, Start: strings.LastIndex(text[:value], "acl"), End: value + len("public")}
	resource := between(f, "resource", "END")
	findings := Suppress([]Finding{{
		Rule: "s3/acl", Status: Fail, Severity: High, Location: NewLocation(attribute, path),
		Resource: Resource{Address: "module.m.b", Instances: []string{`module.m["a, b"].b`}},
		Aliases:  map[string][]string{"checkov": {"CKV_AWS_20"}, "trivy": {"AVD-AWS-0092"}, "kics": {"d24c0755-c028-44b1-b503-8e719c898832"}},
		Sites:    []Site{{Address: `module.m["a, b"].b`, Scopes: []source.Range{attribute, resource}}},
	}}, []*source.File{f}, func(rule string) bool {
		return slices.Contains([]string{"s3/acl", "s3/logging", "CKV_AWS_20"}, rule)
	}, today)
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
		{"two rules, one unused", "resource {\n acl = public # demarc:ignore s3/acl, s3/logging reason=\"x\"\n} # END", "x", UnusedSuppression},
		{"quote in reason", "resource {\n acl = public # demarc:ignore s3/acl reason=\"say \\\"x\\\"\" until=2027-01-01\n} # END", `say "x"`, ""},
		{"bare reason", "resource {\n acl = public # demarc:ignore s3/acl reason=it is a site\n} # END", "it is a site", ""},
		{"no reason", "resource {\n acl = public # demarc:ignore s3/acl\n} # END", "", MissingReason},
		{"last day", "resource {\n acl = public # demarc:ignore s3/acl until=2026-06-15 reason=\"x\"\n} # END", "x", ""},
		{"expired", "resource {\n acl = public # demarc:ignore s3/acl until=2026-06-14 reason=\"x\"\n} # END", "-", ExpiredSuppression},
		{"bad date", "resource {\n acl = public # demarc:ignore s3/acl until=soon reason=\"x\"\n} # END", "-", MalformedSuppression},
		{"bad key", "resource {\n acl = public # demarc:ignore s3/acl because=\"x\"\n} # END", "-", MalformedSuppression},
		{"no rule", "resource {\n acl = public # demarc:ignore\n} # END", "-", MalformedSuppression},
		{"unknown rule", "resource {\n acl = public # demarc:ignore s3/nope reason=\"x\"\n} # END", "-", UnknownRule},
		{"another tool's id without a rule", "resource {\n acl = public # demarc:ignore CKV_AWS_9999 reason=\"x\"\n} # END", "-", ""},
		{"owner", "resource {\n acl = public # demarc:ignore s3/acl owner=web reason=\"x\"\n} # END", "x", ""},
		{"owner in quotes", "resource {\n acl = public # demarc:ignore s3/acl owner=\"the web team\" reason=\"x\"\n} # END", "x", ""},
		{"short trivy id", "resource {\n acl = public # demarc:ignore aws-0092 reason=\"x\"\n} # END", "x", ""},
		{"instance", "resource {\n acl = public # demarc:ignore s3/acl[\"a, b\"] reason=\"x\"\n} # END", "x", ""},
		{"other instance", "resource {\n acl = public # demarc:ignore s3/acl[\"a\"] reason=\"x\"\n} # END", "-", UnusedSuppression},
		{"blank line between", "# demarc:ignore s3/acl reason=\"x\"\n\nresource {\n acl = public\n} # END", "-", UnusedSuppression},
		{"inside, elsewhere", "resource {\n acl = public\n b = 1 # demarc:ignore s3/acl reason=\"x\"\n} # END", "-", UnusedSuppression},
		{"line above has code", "a = 1 # demarc:ignore s3/acl reason=\"x\"\nresource {\n acl = public\n} # END", "-", UnusedSuppression},
		{"in a string", "resource {\n b = \"# demarc:ignore s3/acl\"\n acl = public\n} # END", "-", ""},
		{"in a heredoc", "resource {\n b = <<EOT\n# demarc:ignore s3/acl\nEOT\n acl = public\n} # END", "-", ""},
		{"other word", "# xdemarc:ignore s3/acl\nresource {\n acl = public\n} # END", "-", ""},

		{"checkov in block", "resource {\n #checkov:skip=CKV_AWS_20:a site\n b = 1\n acl = public\n} # END", "a site", ""},
		{"checkov in any case", "resource {\n # checkov:skip=ckv_aws_20\n acl = public\n} # END", "", ""},
		{"checkov elsewhere", "resource {\n acl = public\n} # END\n#checkov:skip=CKV_AWS_20:x", "-", ""},
		{"checkov other rule", "resource {\n #checkov:skip=CKV_AWS_1:x\n acl = public\n} # END", "-", ""},
		{"tfsec two on a line", "resource {\n acl = public #tfsec:ignore:a #tfsec:ignore:AVD-AWS-0092\n} # END", "", ""},
		{"tfsec everything", "#tfsec:ignore:*\nresource {\n acl = public\n} # END", "", ""},
		{"trivy", "#trivy:ignore:avd-aws-0092\nresource {\n acl = public\n} # END", "", ""},
		{"trivy expired", "#trivy:ignore:avd-aws-0092:exp:2020-01-01\nresource {\n acl = public\n} # END", "-", ""},
		{"trivy with parameters", "#trivy:ignore:avd-aws-0092[name=x]\nresource {\n acl = public\n} # END", "-", ""},
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
	if f.Status == Suppressed {
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
	caller := source.NewFile("main.tf", []byte("module a {} # demarc:ignore s3/acl[\"x\"] reason=\"one\"\nmodule b {} # demarc:ignore s3/acl reason=\"all\"\n"))
	inner := source.NewFile("m/main.tf", []byte("resource {}\n"))
	at := between(inner, "resource", "}")
	a, b := []source.Range{at, between(caller, "module a", "}")}, []source.Range{at, between(caller, "module b", "}")}
	got := Suppress([]Finding{{
		Rule: "s3/acl", Status: Fail, Fingerprint: "f", Location: NewLocation(at, "m/main.tf"),
		Resource: Resource{Address: "r", Instances: []string{`module.a["x"].r`, `module.a["y"].r`, `module.b["x"].r`, `module.b["y"].r`}},
		Sites:    []Site{{Address: `module.a["x"].r`, Scopes: a}, {Address: `module.a["y"].r`, Scopes: a}, {Address: `module.b["x"].r`, Scopes: b}, {Address: `module.b["y"].r`, Scopes: b}},
	}}, []*source.File{caller, inner}, func(string) bool { return true }, today)
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
		{"reason until", `# demarc:ignore s3/acl reason="x"`, "fail " + MissingReason + ": the suppression of s3/acl does not count without until, which the configuration requires"},
		{"reason", `# checkov:skip=CKV_AWS_20:x`, "suppressed"},
		{"reason", `# tfsec:ignore:s3/acl`, "fail " + MissingReason + ": the suppression of s3/acl does not count without reason, which the configuration requires"},
		{"reason", `# tfsec:ignore:aws-s3-nothing-here`, "fail"},
		{"", `# demarc:ignore s3/acl`, "suppressed"},
	} {
		f := source.NewFile("a.tf", []byte("a = 1 "+c.comment+"\n"))
		at := between(f, "a", "1")
		got := Suppressor{
			Known: func(id string) bool { return id == "s3/acl" }, Now: today, Require: append([]string{}, strings.Fields(c.require)...),
		}.Suppress([]Finding{{
			Rule: "s3/acl", Aliases: map[string][]string{"checkov": {"CKV_AWS_20"}}, Status: Fail,
			Location: NewLocation(at, "a.tf"), Scopes: []source.Range{at},
		}}, []*source.File{f})
		text := string(got[0].Status)
		for _, notice := range got[1:] {
			text += " " + notice.Rule + ": " + notice.Message
		}
		if text != c.want {
			t.Errorf("%s, with %s required: got %s", c.comment, c.require, text)
		}
	}
}

func TestPeerIDs(t *testing.T) {
	for id, want := range map[string]bool{
		"CKV_AWS_20": true, "ckv2_aws_6": true, "AVD-AWS-0092": true, "AWS-0092": true, "aws-s3-no-public-buckets": true, "AWS052": true,
		"d24c0755-c028-44b1-b503-8e719c898832": true, "W35": true, "AwsSolutions-S1": true, "s3/acl": false, "nope": false,
	} {
		if IsPeerID(id) != want {
			t.Errorf("IsPeerID(%s) = %v", id, !want)
		}
	}
}

func TestSuppressCloudFormation(t *testing.T) {
	for _, c := range []struct{ name, text, reason, rest string }{
		{"above resource", "# demarc:ignore s3/acl reason=\"x\"\nresource:\n  acl: public\n  z: END", "x", ""},
		{"after value", "resource:\n  acl: public # demarc:ignore s3/acl reason=\"x\"\n  z: END", "x", ""},
		{"checkov", "resource:\n  # checkov:skip=CKV_AWS_20:x\n  acl: public\n  z: END", "x", ""},
		{"in quotes", "resource:\n  a: \" # demarc:ignore s3/acl\"\n  acl: public\n  z: END", "-", ""},
		{"in quotes over lines", "resource:\n  a: 'it\n   # demarc:ignore s3/acl\n   x'\n  acl: public\n  z: END", "-", ""},
		{"apostrophe", "resource:\n  a: it's\n  # demarc:ignore s3/acl reason=\"x\"\n  acl: public\n  z: END", "x", ""},
		{"apostrophe after a comma", "resource:\n  a: rock, 'n roll\n  # demarc:ignore s3/acl reason=\"x\"\n  acl: public\n  z: END", "x", ""},
		{"in a flow list", "resource:\n  a: [x, ' # demarc:ignore s3/acl']\n  acl: public\n  z: END", "-", ""},
		{"no space before", "resource:\n  a: x#demarc:ignore s3/acl\n  acl: public\n  z: END", "-", ""},
		{"in a script", "resource:\n  a: !Sub |-\n    # demarc:ignore s3/acl\n  acl: public\n  z: END", "-", ""},
		{"after a script", "resource:\n  - a: |\n      # demarc:ignore s3/acl\n    # demarc:ignore s3/acl reason=\"x\"\n    acl: public\n  z: END", "x", ""},
		{"after a script item", "resource:\n  - |\n    # demarc:ignore s3/acl\n  # demarc:ignore s3/acl reason=\"x\"\n  acl: public\n  z: END", "x", ""},
		{"JSON has no comments", "{\"a\": \"# demarc:ignore s3/acl\",\n\"resource\": {\"acl\": \"public\"}, \"z\": \"END\"}", "-", ""},
	} {
		t.Run(c.name, func(t *testing.T) { check(t, "stack.yaml", c.text, c.reason, c.rest) })
	}
}

func TestSuppressReachesModuleCalls(t *testing.T) {
	caller := source.NewFile("main.tf", []byte("# demarc:ignore s3/acl reason=\"x\"\nmodule \"a\" {\n}\n"))
	inner := source.NewFile("m/main.tf", []byte("resource {}\n"))
	call := between(caller, "module", "}")
	findings := Suppress([]Finding{
		{Rule: "s3/acl", Status: Inconclusive, Location: NewLocation(between(inner, "resource", "}"), "m/main.tf"), Scopes: []source.Range{call}},
		{Rule: "s3/acl", Status: Fail, Location: NewLocation(between(inner, "resource", "}"), "m/main.tf")},
	}, []*source.File{caller, inner}, func(string) bool { return true }, today)
	if findings[0].Status != Suppressed || findings[0].Suppression.Location.File != "main.tf" {
		t.Errorf("the comment on the module call does not count: %+v", findings[0])
	}
	if findings[1].Status != Fail || len(findings) != 2 {
		t.Errorf("a finding outside the call was suppressed: %+v", findings[1:])
	}
}

func TestSuppressionOfInactiveRuleIsNotUnused(t *testing.T) {
	f := source.NewFile("main.tf", []byte("# demarc:ignore s3/acl reason=\"x\"\na = 1\n"))
	s := Suppressor{Known: func(string) bool { return true }, Active: func(string) bool { return false }, Now: today}
	if got := s.Suppress(nil, []*source.File{f}); len(got) != 0 {
		t.Errorf("got %v", got)
	}
}

// A file may be nothing but comments; the time to read them must not grow with
// the square of their number.
func TestManyDirectives(t *testing.T) {
	text := strings.Repeat("# demarc:ignore s3/acl reason=\"x\"\n", 20_000)
	f := source.NewFile("a.yaml", []byte(text+"acl: public\n"))
	at := between(f, "acl: ", "public")
	findings := make([]Finding, 2)
	for i := range findings {
		findings[i] = Finding{Rule: "s3/acl", Status: Fail, Location: NewLocation(at, f.Path), Scopes: []source.Range{at}}
	}
	got := Suppress(findings, []*source.File{f}, func(string) bool { return true }, today)
	if len(got) != 2 || got[1].Status != Suppressed {
		t.Errorf("got %d findings", len(got))
	}
}

func FuzzYAMLComments(f *testing.F) {
	f.Add("a: |\n  # x\n- - >-\n  # demarc:ignore a\n'#\n")
	f.Fuzz(func(_ *testing.T, text string) {
		directives(source.NewFile("a.yaml", []byte(text+"# demarc:ignore x")))
		directives(source.NewFile("a.tf", []byte(text+"# demarc:ignore x")))
	})
}
