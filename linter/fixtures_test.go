package linter_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter"
	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/rules"
	"github.com/demarc-dev/demarc/policies"
)

const fixtures = "../fixtures/rules"

// fixture is one file of fixtures/rules, or one directory where a case needs
// several files: a root of its own whose comments say which findings of the
// rule it is named for are wanted, and on which lines.
type fixture struct {
	path, rule string
	files      []string
	wants      []string // "file:line rule" and "file:line rule inconclusive"
}

// language is the front end that reads the fixture.
func (f fixture) language() string {
	for _, path := range f.files {
		if strings.HasSuffix(path, ".tf") || strings.HasSuffix(path, ".tf.json") {
			return "terraform"
		}
	}
	return "cloudformation"
}

var wantLine = regexp.MustCompile(`(?:#|//) want(-inconclusive)?: ([a-z0-9/-]+)|"want(-inconclusive)?": "([a-z0-9/-]+)"`)

func readFixtures(t *testing.T) []fixture {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(fixtures, "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	var out []fixture
	for _, path := range paths {
		service, name := filepath.Base(filepath.Dir(path)), filepath.Base(path)
		f := fixture{path: path, rule: service + "/" + strings.SplitN(name, ".", 2)[0]}
		err := filepath.Walk(path, func(file string, info os.FileInfo, err error) error {
			if err != nil || info.IsDir() {
				return err
			}
			f.files = append(f.files, file)
			return f.read(file)
		})
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, f)
	}
	return out
}

// read collects what one file of the fixture wants.
func (f *fixture) read(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	for i, line := range strings.Split(string(text), "\n") {
		for _, m := range wantLine.FindAllStringSubmatch(line, -1) {
			want := fmt.Sprintf("%s:%d %s", f.name(file), i+1, m[2]+m[4])
			if m[1]+m[3] != "" {
				want += " inconclusive"
			}
			f.wants = append(f.wants, want)
		}
	}
	return nil
}

// name is a file's name in the copy that is judged.
func (f fixture) name(file string) string {
	if file == f.path {
		return filepath.Base(file)
	}
	rel, err := filepath.Rel(f.path, file)
	if err != nil {
		return file
	}
	return filepath.ToSlash(rel)
}

// copied is a directory of its own that holds a copy of the fixture.
func (f fixture) copied(t *testing.T) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range f.files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		to := filepath.Join(dir, filepath.FromSlash(f.name(file)))
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// lint judges a copy of the fixture, and says what was found as the fixture
// says what it wants.
func (f fixture) lint(t *testing.T, rules ...string) (got []string, report *finding.Report) {
	t.Helper()
	dir := f.copied(t)
	l, err := linter.New(linter.Options{Rules: rules, Profile: "extended"})
	if err != nil {
		t.Fatal(err)
	}
	report, err = l.Lint(context.Background(), []string{dir})
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range report.Findings {
		file, err := filepath.Abs(filepath.FromSlash(found.Location.File))
		if err != nil {
			t.Fatal(err)
		}
		line := 0
		if found.Location.Start != nil {
			line = found.Location.Start.Line
		}
		name, err := filepath.Rel(dir, file)
		if err != nil {
			t.Fatal(err)
		}
		text := fmt.Sprintf("%s:%d %s", filepath.ToSlash(name), line, found.Rule)
		if found.Status == finding.Inconclusive {
			text += " inconclusive"
		}
		got = append(got, text)
	}
	return got, report
}

func TestFixtures(t *testing.T) {
	for _, f := range readFixtures(t) {
		t.Run(strings.TrimPrefix(f.path, fixtures+"/"), func(t *testing.T) {
			t.Parallel()
			got, report := f.lint(t, f.rule)
			for _, e := range report.Coverage.Errors {
				t.Errorf("%s:%d: %s", filepath.Base(e.File), e.Line, e.Message)
			}
			for _, extra := range missing(got, f.wants) {
				t.Errorf("unexpected: %s", extra)
			}
			for _, lost := range missing(f.wants, got) {
				t.Errorf("not found: %s", lost)
			}
		})
	}
}

// missing are the members of a that b lacks.
func missing(a, b []string) []string {
	have := map[string]bool{}
	for _, s := range b {
		have[s] = true
	}
	var out []string
	for _, s := range a {
		if !have[s] {
			out = append(out, s)
		}
	}
	sort.Strings(out)
	return out
}

// oneLanguage are the rules that only one language can express, and why.
var oneLanguage = map[string]string{
	"apigateway/integration-tls-verified": "CloudFormation cannot express it",
	"account/security-contact":            "CloudFormation has no such resource",
	"guardduty/organization-auto-enable":  "CloudFormation has no such resource",
	"identitystore/manual-user":           "CloudFormation has no such resource",
	"inspector/all-resource-types":        "CloudFormation has no such resource",
	"inspector/lambda-code":               "CloudFormation has no such resource",
	"iam/password-policy-expiry":          "CloudFormation has no such resource",
	"globalaccelerator/flow-logs":         "CloudFormation's accelerator has no flow logs",
	"workspaces/local-admin":              "CloudFormation has no such resource",
	"route53/domain-auto-renew":           "CloudFormation has no such resource",
	"route53/domain-transfer-lock":        "CloudFormation has no such resource",
	"vpc/default-security-group-managed":  "CloudFormation cannot adopt the default group",
	"vpc/default-security-group-open":     "CloudFormation cannot adopt the default group",
	"ec2/ami-copy-cmk":                    "CloudFormation has no such resource",
	"ec2/ami-encryption":                  "CloudFormation has no such resource",
	"ec2/ami-launch-permission":           "CloudFormation has no such resource",
	"ec2/ami-owners":                      "CloudFormation has no such resource",
	"ec2/ami-public":                      "CloudFormation has no such resource",
	"ec2/ebs-default-encryption":          "CloudFormation has no such resource",
	"ec2/ebs-snapshot-copy-cmk":           "CloudFormation has no such resource",
	"ec2/ebs-snapshot-encryption":         "CloudFormation has no such resource",
	"ec2/image-block-public-access":       "CloudFormation has no such resource",
	"ec2/paravirtual-image":               "CloudFormation has no such resource",
	"ec2/serial-console-access":           "CloudFormation has no such resource",
	"ec2/key-pair-private-key-in-state":   "CloudFormation keeps the private key in Parameter Store",
	"s3/account-public-access-block":      "CloudFormation has no such resource",
	"vpc/default-security-group-closed":   "CloudFormation cannot adopt the default group",
	"vpc/default-vpc":                     "CloudFormation cannot adopt the default VPC",
	"iam/password-policy":                 "CloudFormation has no such resource",
	"neptune/snapshot-encryption":         "CloudFormation has no such resource",
	"emr/block-public-access":             "CloudFormation has no such resource",
	"cloudsearch/enforce-https":           "CloudFormation has no such resource",
	"cloudsearch/policy-any-principal":    "CloudFormation has no such resource",
	"cloudsearch/tls-policy":              "CloudFormation has no such resource",
	"storagegateway/literal-password":     "CloudFormation has no such resource",
	"storagegateway/nfs-open-clients":     "CloudFormation has no such resource",
	"storagegateway/smb-guest-access":     "CloudFormation has no such resource",
	"glacier/policy-any-principal":        "CloudFormation has no such resource",
	"rds/cluster-snapshot-encryption":     "CloudFormation has no such resource",
	"rds/snapshot-public":                 "CloudFormation has no such resource",
	"s3/acl-public-acp":                   "CloudFormation cannot write grants",
	"s3/acl-write-acp":                    "CloudFormation cannot write grants",
	"s3/mfa-delete":                       "CloudFormation cannot express it",
}

// onlyTemplates are the rules that only CloudFormation can express, and why.
var onlyTemplates = map[string]string{
	"iam/login-profile-password-literal": "in Terraform AWS makes the password",
	"lightsail/bucket-public":            "Terraform's bucket has no access rules",
}

// TestEveryRuleHasFixtures demands, for every rule and language that can
// express it, a fixture in which it fires, and one resource that passes; and
// for every rule that can be inconclusive, one in which it is.
func TestEveryRuleHasFixtures(t *testing.T) {
	fires, doubts := map[string]bool{}, map[string]bool{}
	for _, f := range readFixtures(t) {
		for _, w := range f.wants {
			if strings.HasSuffix(w, " "+f.rule) {
				fires[f.rule+" "+f.language()] = true
			}
			if strings.HasSuffix(w, " inconclusive") {
				doubts[f.rule] = true
			}
		}
	}
	// What is not literal is no literal secret.
	secrets := map[string]bool{}
	for _, s := range policies.Services() {
		for _, r := range s.Rules {
			secrets[r.ID] = r.Secret
		}
	}
	for _, r := range rules.All() {
		languages := []string{"terraform", "cloudformation"}
		if oneLanguage[r.ID] != "" {
			languages = languages[:1]
		}
		if onlyTemplates[r.ID] != "" {
			languages = languages[1:]
		}
		for _, language := range languages {
			if !fires[r.ID+" "+language] {
				t.Errorf("%s has no %s fixture in which it fires", r.ID, language)
			}
		}
		if !doubts[r.ID] && !secrets[r.ID] && neverInconclusive[r.ID] == "" {
			t.Errorf("%s has no fixture in which it is inconclusive", r.ID)
		}
	}
}

// neverInconclusive are the rules that no unknown value can leave undecided.
var neverInconclusive = map[string]string{
	"cloudtrail/trail-present":            "a resource of the root is there or not",
	"accessanalyzer/enabled":              "a resource of the root is there or not",
	"config/delivery-channel":             "a resource of the root is there or not",
	"config/recorder-present":             "a resource of the root is there or not",
	"guardduty/detector-present":          "a resource of the root is there or not",
	"securityhub/hub-present":             "a resource of the root is there or not",
	"identitystore/manual-user":           "the resource alone breaks it",
	"ec2/key-pair-private-key-in-state":   "only a known reference breaks it",
	"vpc/default-vpc":                     "the resource alone breaks it",
	"ec2/instance-default-security-group": "only a known reference breaks it",
	"iam/managed-admin-policy":            "only a known ARN breaks it",
	"cloudtrail/bucket-retention":         "only a bucket of the stack is judged",
}
