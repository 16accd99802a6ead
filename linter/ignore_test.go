package linter

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/demarc-dev/demarc/linter/config"
	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/silence"
	"github.com/demarc-dev/demarc/linter/source"
)

func TestConfigurationIsApplied(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "demarc.yaml")
	const text = `severity:
  s3/logging: low
  CKV_AWS_20: critical
  aws-86: medium
ignore:
  - rule: s3/*
    path: legacy/**
    reason: rebuilt in autumn
    until: 2026-12-31
  - rule: ec2/ssh
    address: module.bastion.*
`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := config.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	c = c.Within(dir)
	apply := func(findings []finding.Finding, now time.Time) []finding.Finding {
		p := silence.Pass{Silencers: silencersOf(c, nil), Now: now, Require: c.Require}
		return rate(p.Apply(findings), c)
	}
	at := func(name string) finding.Location {
		return finding.NewLocation(source.Range{File: source.NewFile(name, []byte("x"))}, "../"+name)
	}
	findings := func() []finding.Finding {
		return []finding.Finding{
			{Rule: "s3/logging", Severity: finding.High, Status: finding.Fail, Location: at("main.tf")},
			{Rule: "s3/acl", Severity: finding.High, Status: finding.Fail, Location: at("legacy/a/main.tf"),
				Aliases: map[string][]string{"checkov": {"CKV_AWS_20"}}},
			{Rule: "ec2/ssh", Severity: finding.High, Status: finding.Inconclusive, Location: at("main.tf"),
				Resource: finding.Resource{Address: "module.bastion.aws_security_group.a"}},
			{Rule: "ec2/ssh", Severity: finding.High, Status: finding.Fail, Location: at("main.tf"),
				Resource: finding.Resource{Address: "module.web.aws_security_group.a"}, Aliases: map[string][]string{"trivy": {"AVD-AWS-86"}}},
		}
	}
	got := apply(findings(), time.Date(2026, 12, 31, 23, 0, 0, 0, time.UTC))
	if got[0].Severity != finding.Low || got[0].Status != finding.Fail || got[1].Severity != finding.Critical || got[3].Severity != finding.Medium {
		t.Errorf("severities: %+v", got)
	}
	if s := got[1].Suppression; s == nil || s.Kind != "config" || s.Reason != "rebuilt in autumn" || s.Location.Start.Line != 6 {
		t.Errorf("suppression: %+v", s)
	}
	if got[2].Status != finding.Suppressed || got[3].Status != finding.Fail {
		t.Errorf("address: %s, %s", got[2].Status, got[3].Status)
	}
	if len(got) != 5 || got[4].Rule != finding.MissingReason {
		t.Errorf("notices: %+v", got[4:])
	}
	if got = apply(findings(), time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)); got[1].Status != finding.Fail || got[4].Rule != finding.ExpiredSuppression {
		t.Errorf("after the last day: %+v", got)
	}
}
