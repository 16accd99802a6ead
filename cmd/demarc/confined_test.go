package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// binary builds demarc once a test that runs it under a tool of the system.
func binary(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "demarc")
	if out, err := exec.Command("go", "build", "-o", name, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return name
}

// stranger writes a repository that tries to reach out of itself, with one commit,
// and returns its path.
func stranger(t *testing.T) string {
	t.Helper()
	top := filepath.Join(t.TempDir(), "repo")
	for name, text := range map[string]string{
		"main.tf": `resource "aws_s3_bucket" "b" {
  bucket = "${file("../../etc/passwd")}${file("/etc/hostname")}${fileexists("/root/.ssh/id_rsa")}"
}
module "m" {
  source = "../outside"
}
module "r" {
  source = "git::https://example.com/m.git"
}
`,
		"stack.yaml":  "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  T: {Type: AWS::SNS::Topic}\n  S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: https://example.com/t.yaml}}\n",
		"demarc.yaml": "fail-on: low\n",
	} {
		if err := os.MkdirAll(top, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(top, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"init", "-q"}, {"add", "-A"}, {"commit", "-qm", "one"}} {
		git := exec.Command("git", args...)
		git.Dir = top
		git.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
		if out, err := git.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	return top
}

// tool skips where a tool of Linux is missing or may not do what it is for.
func tool(t *testing.T, name string, works ...string) string {
	t.Helper()
	if testing.Short() {
		t.Skipf("%s watches the whole binary, which is left to the long run", name)
	}
	if runtime.GOOS != "linux" {
		t.Skipf("%s is a tool of Linux", name)
	}
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed", name)
	}
	if out, err := exec.Command(path, append(works, "true")...).CombinedOutput(); err != nil {
		t.Skipf("%s does not work here: %v %s", name, err, out)
	}
	return path
}

var (
	opened  = regexp.MustCompile(`^(?:\d+ +)?(?:open|openat|openat2|creat)\((?:([^,"]+), )?"((?:[^"\\]|\\.)*)"(?:, (.*))?\) += (-?\d+)`)
	written = regexp.MustCompile(`O_WRONLY|O_RDWR|O_CREAT|O_TRUNC`)
	changed = regexp.MustCompile(`^(?:\d+ +)?(?:rename|unlink|mkdir|rmdir|link|symlink|chmod|chown|truncate|mknod)[a-z0-9]*\(.*\) += 0`)
	dialled = regexp.MustCompile(`^(?:\d+ +)?(?:socket|connect|bind|listen|accept|sendto|sendmsg)[a-z0-9]*\(`)
	ran     = regexp.MustCompile(`^(?:\d+ +)?execve(?:at)?\("([^"]*)".* = 0`)
)

// own is what the binary itself, and git, need of the machine.
var own = regexp.MustCompile(`^(?:/proc/|/sys/|/dev/null$|/etc/(?:ld\.so|localtime|gitconfig)|/lib|/usr/(?:lib|share)/|/usr/local/lib)`)

// TestNothingLeavesTheRepository watches the system calls of a scan: no socket, no
// program but git, no file read outside the repository and what a binary needs,
// none written but the outputs.
func TestNothingLeavesTheRepository(t *testing.T) {
	strace := tool(t, "strace", "-o", "/dev/null")
	demarc, top := binary(t), stranger(t)
	out := t.TempDir()
	for _, args := range [][]string{
		{"scan", "-q", "-f", "json=" + out + "/report.json", "-f", "html=" + out + "/report.html", "."},
		{"scan", "-q", "--new-from", "HEAD", "."},
		{"responsibility", "."},
	} {
		log := filepath.Join(t.TempDir(), "log")
		command := exec.Command(strace, append([]string{"-f", "-qq", "-s", "4096", "-e", "trace=file,network,process", "-o", log, demarc}, args...)...)
		command.Dir = top
		command.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "GIT_CONFIG_NOSYSTEM=1"}
		said, err := command.CombinedOutput()
		if code := command.ProcessState.ExitCode(); code != 0 && code != 1 && code != 3 {
			t.Fatalf("%v: %v\n%s", args, err, said)
		}
		calls, err := os.ReadFile(log)
		if err != nil || !bytes.Contains(calls, []byte("main.tf")) {
			t.Fatalf("%v: the log does not show that main.tf was read: %v", args, err)
		}
		for line := range strings.Lines(string(calls)) {
			if wrong := judged(line, top, out, filepath.Dir(demarc)); wrong != "" {
				t.Errorf("%v: %s: %s", args, wrong, strings.TrimSpace(line))
			}
		}
	}
}

// judged says what is wrong with a system call, or nothing.
func judged(line, top, out, program string) string {
	if dialled.MatchString(line) {
		return "it dials"
	}
	if changed.MatchString(line) && !strings.Contains(line, out) {
		return "it changes the file system"
	}
	if m := ran.FindStringSubmatch(line); m != nil {
		if base := filepath.Base(m[1]); base != "git" && base != "demarc" {
			return "it runs " + base
		}
	}
	m := opened.FindStringSubmatch(line)
	if m == nil || strings.HasPrefix(m[4], "-") {
		return ""
	}
	name := m[2]
	switch {
	case written.MatchString(m[3]) && !strings.HasPrefix(name, out) && name != "/dev/null":
		return "it writes"
	case !filepath.IsAbs(name):
		if strings.Contains("/"+name+"/", "/../") {
			return "it reads upwards"
		}
		return ""
	case name == top || strings.HasPrefix(name, top+"/") || strings.HasPrefix(name, out) || strings.HasPrefix(name, program) || own.MatchString(name):
		return ""
	}
	return "it reads outside"
}

// TestNetworkDoesNotMatter scans in an empty network namespace, to the same bytes.
func TestNetworkDoesNotMatter(t *testing.T) {
	unshare := tool(t, "unshare", "-rn")
	demarc, top := binary(t), stranger(t)
	scan := func(name string, args ...string) []byte {
		command := exec.Command(name, args...)
		command.Dir = top
		command.Stderr = nil
		out, err := command.Output()
		if code := command.ProcessState.ExitCode(); code != 0 && code != 1 && code != 3 {
			t.Fatalf("%v: %v", args, err)
		}
		return out
	}
	with := scan(demarc, "scan", "-q", "-f", "json", ".")
	without := scan(unshare, "-rn", demarc, "scan", "-q", "-f", "json", ".")
	if len(with) == 0 || !bytes.Equal(with, without) {
		t.Errorf("without a network the report is another one, of %d bytes and not %d", len(without), len(with))
	}
}
