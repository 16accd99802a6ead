package main

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/policies"
)

func TestAliases(t *testing.T) {
	for name, test := range map[string]struct {
		text  string
		want  []policies.Alias // of s3/b
		error string
	}{
		"none":           {text: "# nothing yet\n"},
		"order of peers": {text: "s3/b: {kics: [x], checkov: [B, A]}", want: []policies.Alias{{Peer: "checkov", IDs: []string{"B", "A"}}, {Peer: "kics", IDs: []string{"x"}}}},
		"shared id":      {text: "s3/a: {kics: [x]}\ns3/b: {kics: [x]}", want: []policies.Alias{{Peer: "kics", IDs: []string{"x"}}}},
		"unknown rule":   {text: "s3/a: {kics: [x]}\ns3/aa: {kics: [x]}", error: "aliases.yaml:2: s3/aa: there is no such rule"},
		"unknown peer":   {text: "s3/b: {snyk: [x]}", error: `s3/b: "snyk" is none of the peers checkov, trivy,`},
		"twice":          {text: "s3/b: {trivy: [AVD-1], tfsec: [avd-1]}", error: "s3/b: avd-1 stands twice"},
		"rule twice":     {text: "s3/b: {trivy: [x]}\ns3/b: {trivy: [y]}", error: "s3/b"},
		"out of order":   {text: "s3/b: {kics: [x]}\ns3/a: {kics: [x]}", error: "aliases.yaml:2: s3/a is to stand before s3/b"},
		"empty list":     {text: "s3/b: {kics: []}", error: "s3/b: names no id of kics"},
		"not a list":     {text: "s3/b: {kics: x}", error: "s3/b: yaml: "},
		"not YAML":       {text: "s3/b: [", error: "aliases.yaml: yaml: "},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "aliases.yaml")
			if err := os.WriteFile(file, []byte(test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			chapters := []chapter{{name: "s3", rules: []rule{{Rule: policies.Rule{ID: "s3/a"}}, {Rule: policies.Rule{ID: "s3/b"}}}}}
			err := addAliases(file, chapters)
			if err == nil && test.error != "" || err != nil && (test.error == "" || !strings.Contains(err.Error(), test.error)) {
				t.Fatalf("error %v, want %q", err, test.error)
			}
			if err == nil && !reflect.DeepEqual([]policies.Alias(chapters[0].rules[1].Aliases), test.want) {
				t.Errorf("aliases %v, want %v", chapters[0].rules[1].Aliases, test.want)
			}
		})
	}
}
