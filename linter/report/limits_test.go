package report

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/finding"
)

// many is a report of n findings, of all severities.
func many(n int) *finding.Report {
	r := &finding.Report{Schema: 1, Tool: finding.Tool{Name: "demarc"}}
	for i := range n {
		rule := fmt.Sprintf("s3/rule-%d", i%37)
		r.Findings = append(r.Findings, finding.Finding{
			Rule: rule, Severity: finding.Severities[i%4], Status: finding.Fail, Message: "m",
			Fingerprint: finding.Fingerprint(rule, ".", fmt.Sprint(i), ""),
			Location:    finding.Location{File: fmt.Sprintf("dir/%d.tf", i/100)},
			Resource:    finding.Resource{Address: fmt.Sprintf("aws_s3_bucket.b%d", i)},
		})
	}
	r.Summary = finding.Count(r.Findings)
	return r
}

func readSARIF(t *testing.T, text string) sarifRun {
	t.Helper()
	var log sarifLog
	if err := json.Unmarshal([]byte(text), &log); err != nil {
		t.Fatal(err)
	}
	return log.Runs[0]
}

func TestSARIFKeepsTheWorstWithinTheLimit(t *testing.T) {
	if testing.Short() {
		t.Skip("25,000 findings take a while")
	}
	run := readSARIF(t, render(t, SARIF, many(sarifResultLimit+5), Options{}))
	if len(run.Results) != sarifResultLimit {
		t.Fatalf("%d results", len(run.Results))
	}
	lost := sarifResultLimit + 5
	for _, result := range run.Results {
		lost--
		if result.Level == "" {
			t.Fatal("a result has no level")
		}
	}
	notes := run.Invocations[0].ToolExecutionNotifications
	if lost != 5 || len(notes) != 1 || !strings.Contains(notes[0].Message.Text, "only the 25000 worst of 25005 findings") {
		t.Errorf("%d are lost, and the log says %+v", lost, notes)
	}
	few := many(12)
	kept := worst(few.Findings, 5)
	var got []string
	for _, f := range kept {
		got = append(got, f.Resource.Address[len("aws_s3_bucket."):]+" "+string(f.Severity))
	}
	if want := "b0 critical,b1 high,b4 critical,b5 high,b8 critical"; strings.Join(got, ",") != want {
		t.Errorf("kept %v, want %s", got, want)
	}
}

// A log that is too large when compressed loses its least severe half until it fits.
func TestSARIFKeepsItsSize(t *testing.T) {
	if testing.Short() {
		t.Skip("16 MB take a while to compress")
	}
	r := many(32)
	random := rand.NewChaCha8([32]byte{})
	for i := range r.Findings {
		noise := make([]byte, 500_000)
		for j := range noise {
			noise[j] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_"[random.Uint64()%64]
		}
		r.Findings[i].Message = string(noise)
	}
	text := render(t, SARIF, r, Options{})
	size, err := compressed([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(readSARIF(t, text).Results); size > sarifSizeLimit || n != 16 {
		t.Errorf("%d results in %d bytes", n, size)
	}
}

func TestSARIFLimitsWhatAResultHolds(t *testing.T) {
	r := many(1)
	f := &r.Findings[0]
	for i := range 2000 {
		f.Resource.Instances = append(f.Resource.Instances, fmt.Sprint(i))
		f.Related = append(f.Related, finding.Related{Message: "called", Location: finding.Location{File: "a.tf"}})
		id := fmt.Sprintf("C-%d", i)
		f.Controls = append(f.Controls, id)
		r.Controls = append(r.Controls, finding.Control{ID: id, Area: fmt.Sprintf("area%d", i)})
	}
	f.Title = strings.Repeat("long ", 1000)
	run := readSARIF(t, render(t, SARIF, r, Options{}))
	rule, result := run.Tool.Driver.Rules[0], run.Results[0]
	if len(result.RelatedLocations) > 100 || len(result.Properties.Instances) > 100 || result.Properties.InstanceCount != 2000 {
		t.Errorf("%d related, %d of %d instances", len(result.RelatedLocations), len(result.Properties.Instances), result.Properties.InstanceCount)
	}
	if len(rule.Properties.Tags) > 20 || len([]rune(rule.ShortDescription.Text)) > 1024 || len([]rune(rule.FullDescription.Text)) > 1024 {
		t.Errorf("%d tags, a description of %d characters", len(rule.Properties.Tags), len(rule.FullDescription.Text))
	}
}

func TestMarkdownFitsAComment(t *testing.T) {
	r := many(5000)
	for i := range r.Findings {
		r.Findings[i].Message = strings.Repeat("long message ", 100)
	}
	out := render(t, Markdown, r, Options{})
	if len(out) > 65_000 {
		t.Errorf("the summary has %d bytes", len(out))
	}
	if !strings.Contains(out, "left out here") {
		t.Error("the summary does not say what it left out")
	}
	if strings.Index(out, "<b>critical</b>") > strings.Index(out, "<b>high</b>") && strings.Contains(out, "<b>high</b>") {
		t.Error("the worst do not come first")
	}
}
