package report

import (
	"bytes"
	"encoding/json"
	"flag"
	"html"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/source"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const mainTF = `resource "aws_security_group" "web" {
  ingress {
	cidr_blocks = ["0.0.0.0/0"] # 日本語 comment
  }
}

resource "aws_db_instance" "main" {
  password = "hunter2"; username = "admin"
  tags = { 名前 = "値", "x" = "` + "\x1b[31m\u202eevil" + `" }
}
`

// located places a finding at the first occurrence of text in a file.
func located(f *source.File, text string) finding.Location {
	start := bytes.Index(f.Data, []byte(text))
	if start < 0 {
		panic("no " + text)
	}
	return finding.NewLocation(source.Range{File: f, Start: start, End: start + len(text)}, f.Path)
}

func ptr[T any](v T) *T { return &v }

// sample has one finding of every kind that a format treats in its own way.
func sample() *finding.Report {
	main := source.NewFile("main.tf", []byte(mainTF))
	vars := source.NewFile("modules/a b/vars.tf", []byte("variable \"cidr\" {\n  default = \"0.0.0.0/0\"\n}\n"))
	findings := []finding.Finding{
		{
			Rule: "ec2/security-group-ssh", Severity: finding.Critical, Status: finding.Fail,
			Title: "Security groups keep SSH private", Remedy: "Name the networks that administer the hosts,\nor use Session Manager.",
			Message: "port 22 is open to 0.0.0.0/0", When: ptr("IsProd is false"),
			Aliases:     map[string][]string{"checkov": {"CKV_AWS_24"}, "kics": nil},
			Fingerprint: finding.Fingerprint("ec2/security-group-ssh", ".", "aws_security_group.web", "tcp/22"),
			Side:        "customer", ServiceModel: "infrastructure", Controls: []string{"NW-1", "NW-2"},
			Resource: finding.Resource{Address: "aws_security_group.web", Type: "aws_security_group", DeclaredType: "aws_security_group",
				Instances: []string{`aws_security_group.web["a"]`, `aws_security_group.web["b"]`}},
			Location: located(main, `"0.0.0.0/0"`),
			Related:  []finding.Related{{Message: "the value comes from var.cidr [x](http://e)", Location: located(vars, `"0.0.0.0/0"`)}},
		},
		{
			Rule: "ec2/security-group-ssh", Severity: finding.Critical, Status: finding.Fail, Title: "Security groups keep SSH private",
			Remedy: "Name the networks.", Message: "the block spans lines", Fingerprint: finding.Fingerprint("b", ".", "", ""),
			Side: "customer", ServiceModel: "infrastructure", Controls: []string{"NW-1"},
			Resource: finding.Resource{Address: "aws_security_group.web", Type: "aws_security_group", DeclaredType: "aws_security_group"},
			Location: located(main, "ingress {\n\tcidr_blocks"),
		},
		{
			Rule: "rds/password", Severity: finding.High, Status: finding.Fail, Message: "the master password is written in the source", Secret: true,
			Fingerprint: finding.Fingerprint("rds/password", ".", "aws_db_instance.main", ""), Side: "customer", ServiceModel: "container",
			Resource: finding.Resource{Address: "aws_db_instance.main", Type: "aws_db_instance", DeclaredType: "aws_db_instance"},
			Location: located(main, `password = "hunter2"`),
		},
		{
			Rule: "rds/username", Severity: finding.Medium, Status: finding.Fail, Message: "the name is\x1b]0;title\a \"admin\"",
			Fingerprint: finding.Fingerprint("rds/username", ".", "aws_db_instance.main", ""), Side: "customer", ServiceModel: "container",
			Resource: finding.Resource{Address: "aws_db_instance.main", Type: "aws_db_instance", DeclaredType: "aws_db_instance"},
			Location: located(main, `username = "admin"`),
		},
		{
			Rule: "rds/tags", Severity: finding.Low, Status: finding.Fail, Message: "a wide value",
			Fingerprint: finding.Fingerprint("rds/tags", ".", "aws_db_instance.main", ""), Side: "customer", ServiceModel: "container",
			Resource: finding.Resource{Address: "aws_db_instance.main", Type: "aws_db_instance", DeclaredType: "aws_db_instance"},
			Location: located(main, `"値"`),
		},
		{
			Rule: "rds/encrypted", Severity: finding.High, Status: finding.Inconclusive, Message: "whether storage is encrypted cannot be told",
			Fingerprint: finding.Fingerprint("rds/encrypted", ".", "aws_db_instance.main", ""), Side: "customer", ServiceModel: "container",
			Resource: finding.Resource{Address: "aws_db_instance.main", Type: "aws_db_instance", DeclaredType: "aws_db_instance"},
			Location: located(main, `resource "aws_db_instance" "main"`),
			Why:      []finding.Why{{Path: "storage_encrypted", Reason: "var.encrypted has no default", Needs: "var.encrypted"}},
		},
		{
			Rule: "rds/backup", Severity: finding.Medium, Status: finding.Suppressed, Message: "no backups",
			Fingerprint: finding.Fingerprint("rds/backup", ".", "aws_db_instance.main", ""), Side: "customer", ServiceModel: "container",
			Resource:    finding.Resource{Address: "aws_db_instance.main", Type: "aws_db_instance", DeclaredType: "aws_db_instance"},
			Location:    located(main, `resource "aws_db_instance" "main"`),
			Suppression: &finding.Suppression{Kind: "comment", Reason: "scratch data", Location: located(main, "# ")},
		},
		{
			Rule: "cloudtrail/present", Severity: finding.Medium, Status: finding.Fail, Message: "no trail, 100% of calls unlogged",
			Fingerprint: finding.Fingerprint("cloudtrail/present", ".", "", ""), Side: "customer", ServiceModel: "abstracted",
			Location: finding.Location{File: "a,b:c/é 1.yaml"},
		},
	}
	finding.Sort(findings)
	return &finding.Report{
		Schema: 1, Tool: finding.Tool{Name: "demarc", Version: "v0.0.0-test"}, Findings: findings, Summary: finding.Count(findings),
		Coverage: finding.Coverage{
			Files: 3, Parsed: 2, Resources: 2, Judged: 20, Passed: 14, Inconclusive: 1,
			MissingModules: []finding.MissingModule{{Address: "module.vpc", Source: "terraform-aws-modules/vpc/aws", File: "main.tf", Line: 3, Command: "terraform get"}},
			Errors:         []finding.Error{{File: "broken.tf", Line: 7, Message: "Unclosed configuration block"}},
		},
		Rules: []finding.AskedRule{
			{Rule: finding.Rule{ID: "ec2/security-group-ssh", Title: "Security groups keep SSH private", Severity: finding.Critical, Controls: []string{"NW-1", "NW-2"}},
				Prose: finding.Prose{Description: "Anybody can try keys\nand passwords.", Remedy: "Name the networks that administer the hosts,\nor use Session Manager.",
					Related: []string{"https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html"}},
				Tally: finding.Tally{Fail: 2, Pass: 3, Inconclusive: 0, NotApplicable: 1}},
			{Rule: finding.Rule{ID: "rds/backup", Title: "Databases are backed up", Severity: finding.Medium, Controls: []string{"RS-1"}}, Tally: finding.Tally{Fail: 1, Pass: 4}},
		},
		Controls: []finding.Control{
			{ID: "NW-1", Area: "infrastructure", Side: "customer", Ask: "workloads live in their own network"},
			{ID: "NW-2", Area: "infrastructure", Side: "customer", Ask: "inner tiers are private"},
			{ID: "RS-1", Area: "resilience", Side: "customer", Ask: "backups are automatic"},
		},
	}
}

func render(t *testing.T, write Writer, r *finding.Report, o Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, r, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	for _, c := range []struct {
		file, format string
		options      Options
	}{
		{"text.txt", "text", Options{}},
		{"text-inconclusive.txt", "text", Options{ShowInconclusive: true}},
		{"text-color.txt", "text", Options{Color: true}},
		{"compact.txt", "compact", Options{}},
		{"report.json", "json", Options{}},
		{"report.sarif", "sarif", Options{ShowInconclusive: true, ShowSuppressed: true}},
		{"junit.xml", "junit", Options{ShowInconclusive: true}},
		{"gitlab.json", "gitlab", Options{ShowInconclusive: true}},
		{"rdjson.json", "rdjson", Options{ShowInconclusive: true}},
		{"summary.md", "markdown", Options{ShowInconclusive: true, ShowSuppressed: true}},
		{"report.html", "html", Options{ShowInconclusive: true}},
		{"text-suppressed.txt", "text", Options{ShowSuppressed: true}},
		{"github.txt", "github", Options{}},
	} {
		t.Run(c.file, func(t *testing.T) {
			write, err := Format(c.format)
			if err != nil {
				t.Fatal(err)
			}
			got := render(t, write, sample(), c.options)
			// The page's own style and script are files of their own.
			attribute := func(hash string) string { return strings.ReplaceAll(html.EscapeString(hash), "+", "&#43;") } // as html/template writes it
			got = strings.NewReplacer(pageStyle, "STYLE", pageScript, "SCRIPT", attribute(sourceHash(pageStyle)), "STYLE-HASH",
				attribute(sourceHash(pageScript)), "SCRIPT-HASH").Replace(got)
			if strings.Contains(got, "hunter2") {
				t.Error("the secret is shown")
			}
			name := filepath.Join("testdata", c.file)
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

func TestFormatNamesAreComplete(t *testing.T) {
	for _, name := range Names() {
		if _, err := Format(name); err != nil {
			t.Error(err)
		}
	}
	if _, err := Format("xml"); err == nil {
		t.Error("an unknown format was accepted")
	}
}

func TestJSONKeepsTheContract(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile("../../docs/report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	empty := &finding.Report{Schema: 1, Tool: finding.Tool{Name: "demarc"}}
	for name, r := range map[string]*finding.Report{"sample": sample(), "empty": empty} {
		text := render(t, JSON, r, Options{})
		document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(document); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The official schema is not in the repository; this holds what it and
// GitHub's code scanning ask of the parts that demarc writes.
func TestSARIFStructure(t *testing.T) {
	var log sarifLog
	if err := json.Unmarshal([]byte(render(t, SARIF, sample(), Options{ShowInconclusive: true})), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	rules := map[string]bool{}
	for _, rule := range run.Tool.Driver.Rules {
		if rules[rule.ID] {
			t.Errorf("rule %s is listed twice", rule.ID)
		}
		rules[rule.ID] = true
		if rule.ShortDescription.Text == "" || rule.Help.Text == "" || rule.Help.Markdown == "" {
			t.Errorf("rule %s is not described", rule.ID)
		}
	}
	for _, result := range run.Results {
		if got := run.Tool.Driver.Rules[result.RuleIndex].ID; got != result.RuleID {
			t.Errorf("result of %s points at rule %s", result.RuleID, got)
		}
		if result.Kind != "fail" && result.Level != "none" {
			t.Errorf("%s: kind %s has level %s", result.RuleID, result.Kind, result.Level)
		}
		if len(result.Locations) != 1 || result.Locations[0].PhysicalLocation.Region == nil || result.PartialFingerprints["demarc/v1"] == "" {
			t.Errorf("%s: no location or no fingerprint", result.RuleID)
		}
		for _, l := range result.Locations {
			if uri := l.PhysicalLocation.ArtifactLocation.URI; strings.ContainsAny(uri, " ,:\\") && !strings.Contains(uri, "%") {
				t.Errorf("URI %q is not encoded", uri)
			}
		}
	}
}

// SARIF_SCHEMA names a copy of the official schema, which is not ours to ship.
func TestSARIFAgainstOfficialSchema(t *testing.T) {
	name := os.Getenv("SARIF_SCHEMA")
	if name == "" {
		if os.Getenv("DEMARC_REQUIRE_CLIENTS") == "1" {
			t.Fatal("SARIF_SCHEMA is required and names no schema")
		}
		t.Skip("set SARIF_SCHEMA to a copy of sarif-schema-2.1.0.json")
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	schema, err := compiler.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	empty := &finding.Report{Schema: 1, Tool: finding.Tool{Name: "demarc"}}
	for name, r := range map[string]*finding.Report{"sample": sample(), "empty": empty, "hostile": hostile(), "many": many(sarifResultLimit + 1)} {
		for _, o := range []Options{{}, {ShowInconclusive: true, ShowSuppressed: true}} {
			document, err := jsonschema.UnmarshalJSON(strings.NewReader(render(t, SARIF, r, o)))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(document); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestFrame(t *testing.T) {
	long := `{"a":"` + strings.Repeat("x", 400) + `","bad":true,"b":"` + strings.Repeat("y", 400) + `"}`
	for _, c := range []struct {
		name, text, mark string
		secret           bool
		source, carets   string
	}{
		{"plain", "a = 1\n", "1", false, "a = 1", "    ^"},
		{"tab stops", "a\tb\tcc\n", "cc", false, "a   b   cc", "        ^^"},
		{"wide", "日本 = 語\n", "語", false, "日本 = 語", "       ^^"},
		{"combining", "e\u0301 = 1\n", "1", false, "e\u0301 = 1", "    ^"},
		{"escape", "a = \"\x1b[1m\"\n", "\"\x1b[1m\"", false, `a = "\x1b[1m"`, "    ^^^^^^^^^"},
		{"not UTF-8", "a = \xff1\n", "1", false, `a = \xff1`, "        ^"},
		{"carriage return", "a = 1\r\n", "1\r\n", false, "a = 1", "    ^"},
		{"secret attribute", "password = \"s\" # x\n", `password = "s"`, true, "password = ******** # x", "^^^^^^^^^^^^^^^^^^^"},
		{"secret value", "password = \"a=b\" # x\n", `"a=b"`, true, "password = ******** # x", "           ^^^^^^^^"},
		{"long", long, `"bad"`, false, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := source.NewFile("a.tf", []byte(c.text))
			at := located(f, c.mark).Range
			var secrets []source.Range
			if c.secret {
				secrets = []source.Range{valueOf(at)}
			}
			got := newFrame(at, secrets)
			carets := strings.Repeat(" ", got.indent) + strings.Repeat("^", got.carets)
			if c.name == "long" {
				if len(got.source) > maxWidth+20 || len(got.source) < got.indent+got.carets {
					t.Errorf("the frame is %d wide", len(got.source))
				}
				runes := []rune(got.source)
				if marked := string(runes[got.indent : got.indent+got.carets]); marked != c.mark {
					t.Errorf("carets stand under %q", marked)
				}
				return
			}
			if got.source != c.source || carets != c.carets {
				t.Errorf("got\n%s\n%s\nwant\n%s\n%s", got.source, carets, c.source, c.carets)
			}
		})
	}
}

func TestSecretIsMaskedWithoutItsName(t *testing.T) {
	for _, c := range []struct{ path, attribute, value string }{
		{"a.tf", `password = "a:b = c"`, `"a:b = c"`},
		{"a.tf", "abc=def", "def"},
		{"a.tf", `"s3cret = x"`, `"s3cret = x"`},
		{"a.tf", "<<EOT\nkey = v\nEOT", "<<EOT\nkey = v\nEOT"},
		{"a.yaml", "Password: a=b", "a=b"},
		{"a.yaml", "user:pass", "user:pass"},
		{"a.yaml", "token=abc", "token=abc"},
		{"a.json", `"Password": "x:y"`, `"x:y"`},
		{"a.json", `"x:y"`, `"x:y"`},
	} {
		f := source.NewFile(c.path, []byte(c.attribute))
		at := valueOf(source.Range{File: f, Start: 0, End: len(c.attribute)})
		if got := string(f.Data[at.Start:at.End]); got != c.value {
			t.Errorf("%s %q: masked %q, want %q", c.path, c.attribute, got, c.value)
		}
	}
}
