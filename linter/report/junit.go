package report

import (
	"encoding/xml"
	"io"
	"strconv"
	"strings"

	"github.com/demarc-dev/demarc/linter/finding"
)

// The JUnit XML that Jenkins and GitLab read.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Skipped  int          `xml:"skipped,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name       string           `xml:"name,attr"`
		Tests      int              `xml:"tests,attr"`
		Failures   int              `xml:"failures,attr"`
		Errors     int              `xml:"errors,attr"`
		Skipped    int              `xml:"skipped,attr"`
		Properties *junitProperties `xml:"properties"`
		Cases      []junitCase      `xml:"testcase"`
	}
	junitProperties struct {
		Properties []junitProperty `xml:"property"`
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitCase struct {
		Name      string        `xml:"name,attr"`
		ClassName string        `xml:"classname,attr"`
		File      string        `xml:"file,attr,omitempty"`
		Line      int           `xml:"line,attr,omitempty"`
		Skipped   *junitOutcome `xml:"skipped"`
		Error     *junitOutcome `xml:"error"`
		Failure   *junitOutcome `xml:"failure"`
		Output    string        `xml:"system-out,omitempty"`
	}
	junitOutcome struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
)

// JUnit writes test results: a suite per file, a test case per finding. What
// failed is a failure, what was silenced or could not be decided is skipped.
// The first suite, demarc itself, passes if all could be analysed, and has the
// coverage as its properties.
func JUnit(w io.Writer, r *finding.Report, o Options) error {
	o.ShowSuppressed = true
	suites := junitSuites{Name: "demarc", Suites: []junitSuite{junitCoverage(r)}}
	names := numbered{}
	for _, f := range shown(r, o) {
		last := &suites.Suites[len(suites.Suites)-1]
		if file := clean(f.Location.File); last.Name != file || len(suites.Suites) == 1 {
			suites.Suites = append(suites.Suites, junitSuite{Name: file})
			last = &suites.Suites[len(suites.Suites)-1]
		}
		last.add(newJUnitCase(f, names))
	}
	for _, s := range suites.Suites {
		suites.Tests += s.Tests
		suites.Failures += s.Failures
		suites.Errors += s.Errors
		suites.Skipped += s.Skipped
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(suites); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (s *junitSuite) add(c junitCase) {
	s.Cases = append(s.Cases, c)
	s.Tests++
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
	}
}

// newJUnitCase names a case by rule and address, without its line, so that its
// history goes on when lines move.
func newJUnitCase(f finding.Finding, names numbered) junitCase {
	name := clean(f.Resource.Address)
	if name == "" {
		name = clean(f.Location.File)
	}
	c := junitCase{ClassName: f.Rule, Name: name, File: clean(f.Location.File), Line: line(f.Location)}
	// Readers tell cases apart by class and name.
	c.Name = strings.TrimPrefix(names.unique(f.Rule+"\n"+name), f.Rule+"\n")
	switch f.Status {
	case finding.Suppressed:
		c.Skipped = &junitOutcome{Message: "suppressed"}
		if f.Suppression != nil && f.Suppression.Reason != "" {
			c.Skipped.Message += ": " + clean(f.Suppression.Reason)
		}
		c.Output = clean(described(f))
	case finding.Inconclusive:
		c.Skipped = &junitOutcome{Message: "inconclusive: " + clean(described(f))}
	default:
		c.Failure = &junitOutcome{Message: clean(described(f)), Type: string(f.Severity), Text: junitText(f)}
	}
	return c
}

// junitText is what a reader of a failure needs.
func junitText(f finding.Finding) string {
	lines := []string{place(f.Location) + ": " + clean(described(f))}
	if line := duty(f); line != "" {
		lines = append(lines, line)
	}
	for _, related := range f.Related {
		lines = append(lines, clean(related.Message)+": "+place(related.Location))
	}
	if n := len(f.Resource.Instances); n > 1 {
		lines = append(lines, finding.Plural(n, "instance")+": "+some(f.Resource.Instances, 5))
	}
	if f.Remedy != "" {
		lines = append(lines, "help: "+oneLine(f.Remedy))
	}
	return strings.Join(lines, "\n")
}

// junitCoverage is the suite that says how much was analysed.
func junitCoverage(r *finding.Report) junitSuite {
	c := r.Coverage
	s := junitSuite{Name: "demarc", Properties: &junitProperties{}}
	for _, p := range []struct {
		name string
		n    int
	}{
		{"files", c.Files}, {"parsed", c.Parsed}, {"resources", c.Resources}, {"judged", c.Judged},
		{"passed", c.Passed}, {"inconclusive", c.Inconclusive}, {"missing_modules", len(c.MissingModules)},
		{"without_rule", unruled(c)},
	} {
		s.Properties.Properties = append(s.Properties.Properties, junitProperty{p.name, strconv.Itoa(p.n)})
	}
	names := numbered{}
	for _, e := range c.Errors {
		at := clean(e.File)
		if at == "" {
			at = "demarc"
		}
		s.add(junitCase{
			ClassName: "demarc", Name: names.unique("analysis of " + at), File: clean(e.File), Line: e.Line,
			Error: &junitOutcome{Message: clean(e.Message), Type: "not analysed"},
		})
	}
	if unseen := c.NotLookedAt(); unseen != "" {
		s.add(junitCase{ClassName: "demarc", Name: "coverage", Skipped: &junitOutcome{Message: clean(unseen)}})
	}
	for _, m := range c.MissingModules {
		s.add(junitCase{
			ClassName: "demarc", Name: names.unique("module " + clean(m.Address)), File: clean(m.File), Line: m.Line,
			Skipped: &junitOutcome{Message: clean(notInstalled(m))},
		})
	}
	if len(c.Errors) == 0 {
		s.add(junitCase{ClassName: "demarc", Name: "analysis", Output: Summary(r)})
	}
	return s
}

// unruled is the number of resources that no rule looks at.
func unruled(c finding.Coverage) int {
	_, n := c.Unruled()
	return n
}
