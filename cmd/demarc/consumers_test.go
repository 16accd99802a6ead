package main

import (
	"encoding/json"
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// webApp scans a stack of the fixtures into a file, and returns the file and
// the number of findings that failed.
func webApp(t *testing.T, format string) (file string, findings int) {
	t.Helper()
	dir := t.TempDir()
	file, contract := filepath.Join(dir, "report"), filepath.Join(dir, "report.json")
	_, err := run([]string{"scan", "--quiet", "--format", format + "=" + file, "--format", "json=" + contract, "../../fixtures/stacks/web-app"})
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(contract)
	if err != nil {
		t.Fatal(err)
	}
	var r struct{ Findings []struct{ Status string } }
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Findings {
		if f.Status == "fail" {
			findings++
		}
	}
	if findings == 0 {
		t.Fatal("the stack has no findings")
	}
	return file, findings
}

// TestJUnitIsRead has junitparser read the results and write them again.
func TestJUnitIsRead(t *testing.T) {
	reader := client(t, "junitparser")
	file, findings := webApp(t, "junit")
	again := file + ".again"
	if out, err := exec.Command(reader, "merge", file, again).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	data, err := os.ReadFile(again)
	if err != nil {
		t.Fatal(err)
	}
	var read struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
		Skipped  int `xml:"skipped,attr"`
	}
	if err := xml.Unmarshal(data, &read); err != nil {
		t.Fatal(err)
	}
	// One case more says that all was analysed; skipped ones what was not looked at.
	if read.Failures != findings || read.Tests-read.Skipped != findings+1 || read.Errors != 0 {
		t.Errorf("junitparser counts %+v, want %d failures", read, findings)
	}
}

// TestRDJSONIsRead has reviewdog read the diagnostics and print them.
func TestRDJSONIsRead(t *testing.T) {
	reader, git := client(t, "reviewdog"), client(t, "git")
	file, findings := webApp(t, "rdjson")
	dir := t.TempDir()
	if out, err := exec.Command(git, "init", "-q", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	in, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	command := exec.Command(reader, "-f=rdjson", "-reporter=local", "-filter-mode=nofilter", "-diff=git diff")
	command.Dir, command.Stdin = dir, in
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(string(out), "severity:"); got != findings {
		t.Errorf("reviewdog reads %d diagnostics, want %d:\n%s", got, findings, out)
	}
}
