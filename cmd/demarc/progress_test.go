package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/demarc-dev/demarc/linter"
	"github.com/demarc-dev/demarc/linter/report"
)

// screen is a terminal that remembers what was written to it.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

func TestProgressIsDrawnLateAndWiped(t *testing.T) {
	quick, slow := &screen{}, &screen{}
	w := newStopwatch(quick)
	w.start()
	w.tell(linter.Progress{Stage: linter.StageTerraform, Done: 1, Total: 2})
	w.stop()
	if got := quick.String(); got != "" {
		t.Errorf("a quick scan draws %q", got)
	}

	w = newStopwatch(slow)
	w.start()
	w.tell(linter.Progress{Stage: linter.StageTerraform, Done: 1, Total: 4})
	for !strings.Contains(slow.String(), "1 of 4") { // else the run of all tests ends it
		time.Sleep(progressEvery)
	}
	w.stop()
	got := slow.String()
	if !strings.HasPrefix(got, "\r[######------------------] reading Terraform: 1 of 4\x1b[K") || !strings.HasSuffix(got, "\r\x1b[K") {
		t.Errorf("a slow scan draws %q", got)
	}
}

func TestProgressLine(t *testing.T) {
	for _, c := range []struct {
		p    linter.Progress
		want string
	}{
		{linter.Progress{Stage: linter.StageDiscover}, "finding files"},
		{linter.Progress{Stage: linter.StageDiscover, Done: 12}, "finding files: 12"},
		{linter.Progress{Stage: linter.StageCloudFormation, Done: 0, Total: 3}, "[------------------------] reading CloudFormation: 0 of 3"},
		{linter.Progress{Stage: linter.StageCloudFormation, Done: 3, Total: 3}, "[########################] reading CloudFormation: 3 of 3"},
		{linter.Progress{Stage: linter.StagePolicy, Total: 70}, "judging 70 resources"},
	} {
		if got := progressLine(c.p); got != c.want || len(got) > 78 {
			t.Errorf("%+v: %q, want %q", c.p, got, c.want)
		}
	}
}

func TestProgressStaysOffWhatIsNoTerminal(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if progressOn(f, false) != nil {
		t.Error("a file gets progress")
	}
}

// Whatever is done at a time, every format has the same bytes.
func TestOutputDoesNotDependOnJobs(t *testing.T) {
	var first map[string]string
	tried := []string{"1", "7", "2", "1"}
	if testing.Short() {
		tried = tried[:2]
	}
	for _, jobs := range tried {
		dir := t.TempDir()
		args := []string{"scan", "--quiet", "--show-inconclusive", "--show-suppressed", "--profile", "extended", "--jobs", jobs}
		for _, name := range report.Names() {
			args = append(args, "--format", name+"="+filepath.Join(dir, name))
		}
		if _, err := run(append(args, "../../fixtures/stacks")); err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, name := range report.Names() {
			data, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			got[name] = string(data)
		}
		if first == nil {
			first = got
			continue
		}
		for name, text := range got {
			if text != first[name] {
				t.Errorf("%s differs with --jobs %s", name, jobs)
			}
		}
	}
}
