package linter_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter"
	"github.com/demarc-dev/demarc/linter/finding"
)

// threeTier are the judged resources of testdata/exposure, by what they are,
// in both languages.
var threeTier = map[string][2]string{
	"balancer": {"aws_lb.web", "Web"}, "app": {"aws_instance.app", "App"}, "admin": {"aws_instance.admin", "Admin"},
	"database": {"aws_db_instance.database", "Database"}, "hook": {"aws_lambda_function_url.hook", "HookUrl"},
}

// exposed scans a source of one file.
func exposed(t *testing.T, file, source string) map[string]finding.Exposure {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, file), []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := linter.New(linter.Options{Evidence: true, Profile: "extended"})
	if err != nil {
		t.Fatal(err)
	}
	r, err := l.Lint(context.Background(), []string{dir})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range r.Coverage.Errors {
		t.Fatalf("%s:%d: %s", e.File, e.Line, e.Message)
	}
	out := map[string]finding.Exposure{}
	for _, e := range r.Exposures {
		out[e.Address] = e
	}
	return out
}

// kinds are the hops of the first path in one line, with those marked that are not open.
func kinds(e finding.Exposure) string {
	if len(e.Paths) == 0 {
		return ""
	}
	var out []string
	for _, h := range e.Paths[0].Hops {
		mark := map[string]string{"unknown": "?", "closed": "!"}[h.State]
		out = append(out, mark+h.Kind)
	}
	return strings.Join(out, ", ")
}

var inBoth = []string{"main.tf", "template.yaml"}

func readExposure(t *testing.T, file string) string {
	t.Helper()
	source, err := os.ReadFile(filepath.Join("exposure/testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}

// TestExposurePaths holds every hop of the paths of three tiers, and the
// findings that open them, in both languages.
func TestExposurePaths(t *testing.T) {
	const in = "internet gateway, route, subnet, network ACL, "
	want := map[string]string{
		"balancer": in + "load balancer, security group, listener",
		"app":      in + "load balancer, security group, listener, target group, subnet, network ACL, security group",
		"admin":    in + "public address, security group",
		"database": in + "public address, security group, port",
	}
	findings := map[string]string{
		"admin":    "ec2/public-ip vpc/ingress-ssh",
		"database": "vpc/nacl-all-ports rds/public-access vpc/ingress-database-ports",
	}
	for language, file := range inBoth {
		got := exposed(t, file, readExposure(t, file))
		for what, hops := range want {
			e := got[threeTier[what][language]]
			if e.Reach != finding.Reached || kinds(e) != hops {
				t.Errorf("%s: %s is %s by %q, want a path by %q", file, what, e.Reach, kinds(e), hops)
			}
		}
		hook := "endpoint, authorization"
		if language == 1 {
			hook += ", permission"
		}
		if e := got[threeTier["hook"][language]]; e.Reach != finding.Reached || kinds(e) != hook {
			t.Errorf("%s: the function's URL is %s by %q", file, e.Reach, kinds(e))
		}
		for what, rules := range findings {
			var found []string
			for _, h := range got[threeTier[what][language]].Paths[0].Hops {
				for _, f := range h.Findings {
					found = append(found, f.Rule)
				}
			}
			for _, rule := range strings.Fields(rules) {
				if !strings.Contains(strings.Join(found, " ")+" ", rule+" ") {
					t.Errorf("%s: the way to %s is opened by %v, want %s among them", file, what, found, rule)
				}
			}
		}
	}
}
