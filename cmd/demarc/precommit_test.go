package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// client returns the path of a program that a test needs. Where it is missing
// the test skips, or fails under DEMARC_REQUIRE_CLIENTS=1.
func client(t *testing.T, name string) string {
	t.Helper()
	if testing.Short() {
		t.Skipf("the client %s is driven in the long run", name)
	}
	path, err := exec.LookPath(name)
	if err == nil {
		return path
	}
	if os.Getenv("DEMARC_REQUIRE_CLIENTS") == "1" {
		t.Fatalf("%s is required and not installed", name)
	}
	t.Skipf("the client %s is not installed", name)
	return ""
}

// TestPreCommit runs the hook with the real pre-commit program, from the
// committed state of this repository.
func TestPreCommit(t *testing.T) {
	if testing.Short() {
		t.Skip("the client pre-commit builds the hook, which takes a while")
	}
	git, hook := client(t, "git"), client(t, "pre-commit")
	at, err := exec.Command(git, "rev-parse", "--show-toplevel", "HEAD").Output()
	if err != nil {
		t.Skip("the client pre-commit needs this repository's commits, which are not here")
	}
	lines := strings.Fields(string(at))
	modules, err := exec.Command("go", "env", "GOMODCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}

	repository := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(repository, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(".pre-commit-config.yaml", "repos:\n  - repo: file://"+lines[0]+"\n    rev: "+lines[1]+"\n    hooks: [{id: demarc}]\n")
	write("open.tf", `resource "aws_security_group" "g" {
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["0.0.0.0/0"]
  }
}
`)
	write("queue.yaml", "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  Queue:\n    Type: AWS::SQS::Queue\n")
	write("compose.yaml", "services: {web: {image: nginx}}\n")

	run := func(name string, args ...string) (string, error) {
		command := exec.Command(name, args...)
		command.Dir = repository
		command.Env = append(os.Environ(), "PRE_COMMIT_HOME="+filepath.Join(repository, ".cache"),
			"GOMODCACHE="+strings.TrimSpace(string(modules)), "GIT_CONFIG_GLOBAL=/dev/null",
			"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
		out, err := command.CombinedOutput()
		return string(out), err
	}
	for _, step := range [][]string{{"init", "-q"}, {"add", "open.tf", "queue.yaml", "compose.yaml", ".pre-commit-config.yaml"}} {
		if out, err := run(git, step...); err != nil {
			t.Fatalf("git %v: %v\n%s", step, err, out)
		}
	}
	if out, err := run(hook, "run", "--all-files"); err == nil || !strings.Contains(out, "high[vpc/ingress-ssh]") {
		t.Errorf("the open group passed, or was not named: %v\n%s", err, out)
	}
	// Names of files that a stranger has chosen are names, and not flags.
	write("--output=x.tf", "# nothing\n")
	write("--config=x.tf", "# nothing\n")
	if out, err := run(git, "add", "--", "--output=x.tf", "--config=x.tf"); err != nil {
		t.Fatalf("git add: %v\n%s", err, out)
	}
	out, err := run(hook, "run", "--all-files")
	if err == nil || !strings.Contains(out, "high[vpc/ingress-ssh]") {
		t.Errorf("files named like flags changed what is found: %v\n%s", err, out)
	}
	if _, err := os.Stat(filepath.Join(repository, "x.tf")); err == nil {
		t.Error("a file's name was taken for --output: x.tf was written")
	}
	for _, clean := range []string{"queue.yaml", "compose.yaml"} {
		if out, err := run(hook, "run", "--files", clean); err != nil {
			t.Errorf("%s failed: %v\n%s", clean, err, out)
		}
	}
}
