package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/rules"
)

const fullConfig = `# demarc.yaml
exclude: [examples, "modules/**/test", build/]
severity:
  s3/logging: low
  CKV_AWS_20: critical
ignore:
  - rule: s3/*
    path: legacy/**
    reason: rebuilt in autumn
    until: 2026-12-31
  - rule: ec2/ssh
    address: module.bastion.*
fail-on: high
profile: extended
`

func TestParseConfig(t *testing.T) {
	c, err := parse("demarc.yaml", []byte(fullConfig))
	if err != nil {
		t.Fatal(err)
	}
	if c.FailOn != "high" || c.Profile != "extended" || c.Severity["s3/logging"] != finding.Low || len(c.Exclude) != 3 {
		t.Errorf("got %+v", c)
	}
	if len(c.Ignore) != 2 || c.Ignore[0].Until.Format(time.DateOnly) != "2026-12-31" || c.Ignore[1].Address != "module.bastion.*" {
		t.Errorf("got %+v", c.Ignore)
	}
	for _, empty := range []string{"", "# nothing\n", "---\n"} {
		if _, err := parse("demarc.yaml", []byte(empty)); empty != "---\n" && err != nil {
			t.Errorf("%q: %v", empty, err)
		}
	}
}

func TestConfigErrorsNameTheLine(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"exclud: []\n", `demarc.yaml:1: unknown key "exclud": did you mean "exclude"?`},
		{"a: 1\n", `demarc.yaml:1: unknown key "a": use baseline, environments, exclude, extends, fail-on, ignore, options, overrides, profile, renames, severity, suppressions`},
		{"\nprofile: extendd\n", `demarc.yaml:2: "extendd" is not one of default, extended: did you mean "extended"?`},
		{"severity:\n  s3/x: hihg\n", `demarc.yaml:2: "hihg" is not one of critical, high, medium, low: did you mean "high"?`},
		{"fail-on: [high]\n", "demarc.yaml:1: a text is needed here"},
		{"exclude: examples\n", "demarc.yaml:1: a list of patterns is needed here"},
		{"exclude: ['[']\n", `demarc.yaml:1: "[" is no valid pattern`},
		{"ignore:\n  - reason: x\n", "demarc.yaml:2: an item of ignore needs a rule, a path, an address or a tag"},
		{"ignore:\n  - rule: s3/x\n    until: soon\n", `demarc.yaml:3: "soon" is no date: write 2027-01-31`},
		{"ignore:\n  - rules: s3/x\n    rule: s3/x\n", `demarc.yaml:2: unknown key "rules": did you mean "rule"?`},
		{"renames:\n  - to: a\n", "demarc.yaml:2: an item of renames needs from and to"},
		{"extends: base.yaml\n", "demarc.yaml:1: extends must be a list of files"},
		{"extends: [/etc/base.yaml]\n", `demarc.yaml:1: "/etc/base.yaml" must be a path relative to this file`},
		{"overrides: [{rule: s3/x}]\n", "demarc.yaml:1: an item of overrides needs a severity, and a rule, a path or an address"},
		{"overrides: [{severity: low}]\n", "demarc.yaml:1: an item of overrides needs a severity, and a rule, a path or an address"},
		{"options: {s3/x: 7}\n", "demarc.yaml:1: the options of a rule are names with numbers"},
		{"options: {s3/x: {days: many}}\n", "demarc.yaml:1: a whole number from 0 on is needed here"},
		{"options: {s3/x: {days: 1.5}}\n", "demarc.yaml:1: a whole number from 0 on is needed here"},
		{"baseline: {recheck-values: maybe}\n", `demarc.yaml:1: "maybe" is not one of true, false`},
		{"renames: {a: b}\n", "demarc.yaml:1: renames must be a list of {from, to}"},
		{"suppressions:\n  require: [reasn]\n", `demarc.yaml:2: "reasn" is not one of reason, until, owner: did you mean "reason"?`},
		{"suppressions: {require: reason}\n", "demarc.yaml:1: a list is needed here, of reason, until and owner"},
		{"profile: default\nprofile: extended\n", `demarc.yaml:2: "profile" is given twice`},
		{"severity:\n  s3/acl: low\n  S3/ACL: high\n", `demarc.yaml:3: "S3/ACL" is given twice, as "s3/acl" in line 2`},
		{"severity:\n  AVD-AWS-0092: low\n  aws-0092: low\n", `demarc.yaml:3: "aws-0092" is given twice, as "AVD-AWS-0092" in line 2`},
		{"options:\n  s3/x: {days: 1}\n  S3/x: {days: 2}\n", `demarc.yaml:3: "S3/x" is given twice, as "s3/x" in line 2`},
		{"fail-on: low\n---\nfail-on: high\n", "demarc.yaml:2: a second YAML document starts here"},
		{"fail-on: low\n---\n- [\n", "demarc.yaml: "},
		{"\nexclude: " + strings.Repeat("[", 100_000), "demarc.yaml:2: values are nested too deep"},
		{"exclude: " + strings.Repeat("[", 70) + strings.Repeat("]", 70), "demarc.yaml:1: values are nested too deep"},
		{"exclude:\n" + strings.Repeat("- ", 70) + "a\n", "demarc.yaml:2: values are nested too deep"},
		{bomb(8), `demarc.yaml:10: the value of "v6" cannot be given to Terraform: it makes more than 100000 values`},
		{bomb(4) + "    y: &y [*y]\n", "demarc.yaml"},
		{"- a\n", "demarc.yaml:1: the configuration must be keys with values"},
		{"a: [\n", "demarc.yaml: line 1: did not find expected node content"},
	} {
		_, err := parse("demarc.yaml", []byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v, want %s", c.text, err, c.want)
		}
	}
}

// bomb is a configuration whose last variable has 9 to the power of n values
// behind its aliases.
func bomb(n int) string {
	var b strings.Builder
	b.WriteString("environments:\n- name: a\n  variables:\n    v0: &v0 a\n")
	for i := range n {
		fmt.Fprintf(&b, "    v%d: &v%d [%s*v%d]\n", i+1, i+1, strings.Repeat(fmt.Sprintf("*v%d, ", i), 8), i)
	}
	return b.String()
}

func TestConfigChecksRuleNames(t *testing.T) {
	c, err := parse("demarc.yaml", []byte("severity:\n  sns/encryption: low\n  sns/encryptoin: low\nignore:\n  - rule: nope\n  - rule: nope/*\n"))
	if err != nil {
		t.Fatal(err)
	}
	err = c.Check()
	want := "demarc.yaml:3: unknown rule \"sns/encryptoin\": did you mean sns/encryption?\ndemarc.yaml:5: unknown rule \"nope\""
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// A rule's options may stand under its own id and another tool's; which counts
// must not be chance.
func TestOptionsByOwnIDWin(t *testing.T) {
	own := "docdb/backup-retention"
	r, found := rules.Find(own)
	if !found || len(r.Options) == 0 || len(r.Names()) < 2 {
		t.Fatalf("%s has no options or aliases", own)
	}
	alias, name := r.Names()[1], r.Options[0].Name
	for range 20 {
		c, err := parse("demarc.yaml", fmt.Appendf(nil, "options:\n  %s: {%s: 3}\n  %s: {%s: 5}\n", own, name, alias, name))
		if err != nil {
			t.Fatal(err)
		}
		if got := c.OptionsByID()[own][name]; got != 3 {
			t.Fatalf("got %d, want that of %s, 3", got, own)
		}
	}
}

func TestExcludes(t *testing.T) {
	c, err := parse("demarc.yaml", []byte(fullConfig))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{
		"examples": true, "a/examples/main.tf": true, "examples.tf": false, "modules/a/b/test/x.tf": true,
		"modules/test": true, "test": false, "build/x.tf": true, "main.tf": false, "a/build": true,
	} {
		if got := c.Excludes(name); got != want {
			t.Errorf("excludes(%s) = %v", name, got)
		}
	}
	c.dir = "/repo/infra"
	for root, name := range map[string]string{
		"/repo":               "infra/modules/a/test",
		"/repo/infra":         "modules/a/test",
		"/repo/infra/modules": "a/test",
	} {
		if !c.Within(root).Excludes(name) {
			t.Errorf("in %s, %s is not excluded", root, name)
		}
	}
	if c.Within("/repo").Excludes("modules/a/test") {
		t.Error("a file outside the configuration's directory was excluded")
	}
	if (*Config)(nil).Excludes("a") {
		t.Error("no configuration excludes nothing")
	}
}

func TestFindConfig(t *testing.T) {
	top, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	deep := filepath.Join(top, "repo", "a", "b")
	if err := os.MkdirAll(deep, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(top, "repo", ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	write := func(name string) {
		if err := os.WriteFile(filepath.Join(top, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("demarc.yaml")
	write("repo/a/b/main.tf")
	if got, ok := nearest(deep, ""); ok {
		t.Errorf("found %s outside the repository", got)
	}
	write("repo/.demarc.yaml")
	for _, from := range []string{deep, filepath.Join(deep, "main.tf"), filepath.Join(top, "repo")} {
		if got, ok := nearest(from, ""); !ok || got != filepath.Join(top, "repo", ".demarc.yaml") {
			t.Errorf("from %s: %q, %v", from, got, ok)
		}
	}
	if got, ok := nearest(deep, deep); ok {
		t.Errorf("found %s beyond the stop", got)
	}
	if err := os.Symlink("/dev/null", filepath.Join(deep, "demarc.yaml")); err != nil {
		t.Fatal(err)
	}
	if got, _ := nearest(deep, ""); got != filepath.Join(deep, "demarc.yaml") {
		t.Errorf("a link is passed over in silence: %s", got)
	}
	if _, err := LoadFound(filepath.Join(deep, "demarc.yaml"), ""); err == nil || !strings.Contains(err.Error(), "is not a regular file") {
		t.Errorf("a link that was found: %v", err)
	}
	if err := os.Remove(filepath.Join(deep, "demarc.yaml")); err != nil {
		t.Fatal(err)
	}
	write("repo/a/demarc.yaml")
	write("repo/a/.demarc.yaml")
	if got, _ := nearest(deep, ""); got != filepath.Join(top, "repo", "a", "demarc.yaml") {
		t.Errorf("nearest: %s", got)
	}
}
