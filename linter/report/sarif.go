package report

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"fmt"
	"io"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/demarc-dev/demarc/linter/finding"
)

const sourceRoot = "%SRCROOT%"

// What GitHub's code scanning takes. It refuses a file that holds more.
const (
	sarifResultLimit  = 25000
	sarifRelatedLimit = 100 // of the 1,000 it takes, it shows 100
	sarifTagLimit     = 10  // of the 20 it takes, it shows 10
	sarifTextLimit    = 1024
	sarifSizeLimit    = 10_000_000 // bytes, compressed by gzip
)

// SARIF writes the Static Analysis Results Interchange Format, version 2.1.0.
// Inconclusive findings are results of kind "open" and suppressed ones have
// their suppression; both only on request, since GitHub's code scanning raises
// an alert for a result of any kind, suppressed or not.
func SARIF(w io.Writer, r *finding.Report, o Options) error {
	findings := shown(r, o)
	for most := sarifResultLimit; ; {
		var b bytes.Buffer
		if err := WriteJSON(&b, newSARIFLog(r, findings, most)); err != nil {
			return err
		}
		size, err := compressed(b.Bytes())
		if err != nil {
			return err
		}
		if size <= sarifSizeLimit || most == 1 {
			_, err := w.Write(b.Bytes())
			return err
		}
		most = max(1, min(most, len(findings))/2)
	}
}

// compressed is the size that gzip leaves of data; data that is small enough
// as it is is not compressed.
func compressed(data []byte) (int, error) {
	if len(data) <= sarifSizeLimit {
		return len(data), nil
	}
	var size counter
	z := gzip.NewWriter(&size)
	if _, err := z.Write(data); err != nil {
		return 0, err
	}
	err := z.Close()
	return int(size), err
}

// counter counts what is written to it.
type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// newSARIFLog is the log of the findings, of not more than most of them.
func newSARIFLog(r *finding.Report, findings []finding.Finding, most int) sarifLog {
	c := r.Coverage
	run := sarifRun{
		Tool: sarifTool{Driver: sarifDriver{
			Name:           r.Tool.Name,
			Version:        r.Tool.Version,
			InformationURI: homepage,
			Rules:          []sarifRule{},
		}},
		ColumnKind: "unicodeCodePoints",
		OriginalURIBaseIDs: map[string]sarifArtifact{
			sourceRoot: {Description: &sarifMessage{Text: "The directory that demarc was run in."}},
		},
		Invocations: []sarifInvocation{invocation(c)},
		Results:     []sarifResult{},
		Properties:  sarifRunProperties{c.Files, c.Parsed, c.Resources, c.Judged, c.Passed, c.Inconclusive},
	}
	kept := worst(findings, most)
	if len(kept) < len(findings) {
		in := &run.Invocations[0]
		in.ToolExecutionNotifications = append(in.ToolExecutionNotifications, sarifNotification{
			Level: "warning",
			Message: sarifMessage{Text: fmt.Sprintf("only the %d worst of %d findings are here, since GitHub's code scanning takes no more",
				len(kept), len(findings))},
		})
	}
	index := map[string]int{}
	for _, f := range kept {
		i, seen := index[f.Rule]
		if !seen {
			i = len(run.Tool.Driver.Rules)
			index[f.Rule] = i
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, newSARIFRule(r, f))
		} else if have := &run.Tool.Driver.Rules[i]; f.Severity.Rank() > have.severity.Rank() {
			have.grade(f.Severity) // the configuration may grade by path
		}
		run.Results = append(run.Results, newSARIFResult(f, i))
	}
	return sarifLog{
		Schema:  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		Version: "2.1.0",
		Runs:    []sarifRun{run},
	}
}

// worst leaves out the least severe findings where there are too many. What is
// left keeps its order.
func worst(findings []finding.Finding, most int) []finding.Finding {
	if len(findings) <= most {
		return findings
	}
	order := make([]int, len(findings))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(weight(findings[b]), weight(findings[a])) })
	order = order[:most]
	slices.Sort(order)
	kept := make([]finding.Finding, most)
	for i, at := range order {
		kept[i] = findings[at]
	}
	return kept
}

func newSARIFRule(r *finding.Report, f finding.Finding) sarifRule {
	about := r.Described(f)
	full := about.Title
	if about.Description != "" {
		full = oneLine(about.Description)
	}
	areas := areasOf(r, about.Controls)
	rule := sarifRule{
		ID:               f.Rule,
		ShortDescription: sarifMessage{Text: shorten(about.Title, sarifTextLimit)},
		FullDescription:  sarifMessage{Text: shorten(full, sarifTextLimit)},
		Help:             sarifHelp(r, about, f),
		Properties:       sarifRuleProperties{Precision: "high"},
	}
	if len(about.Related) > 0 {
		rule.HelpURI = about.Related[0]
	}
	tags := append(append([]string{"security", "infrastructure-as-code"}, areas...), about.Controls...)
	rule.Properties.Tags = tags[:min(len(tags), sarifTagLimit)]
	rule.grade(f.Severity)
	return rule
}

// grade sets the severity of a rule: code scanning reads it there alone.
func (r *sarifRule) grade(s finding.Severity) {
	r.severity = s
	r.DefaultConfiguration.Level = sarifLevel(s)
	r.Properties.SecuritySeverity = securitySeverity(s)
}

// sarifHelp says what the rule asks, what to do and where to read on.
func sarifHelp(r *finding.Report, about finding.AskedRule, f finding.Finding) sarifMessage {
	text := []string{about.Title + "."}
	markdown := []string{"**" + about.Title + "**"}
	both := func(plain, marked string) { text, markdown = append(text, plain), append(markdown, marked) }
	if about.Description != "" {
		both(oneLine(about.Description), oneLine(about.Description))
	}
	if about.Remedy != "" {
		both("What to do: "+strings.TrimSuffix(oneLine(about.Remedy), ".")+".", "**What to do:** "+oneLine(about.Remedy))
	}
	if line := duty(f); line != "" {
		markdown = append(markdown, "_"+line+"_")
	}
	var items []string
	for _, id := range about.Controls {
		if c, ok := controlOf(r, id); ok {
			items = append(items, fmt.Sprintf("- `%s` %s", c.ID, c.Ask))
		}
	}
	for _, link := range about.Related {
		items = append(items, "- <"+link+">")
	}
	if len(items) > 0 {
		markdown = append(markdown, strings.Join(items, "\n"))
	}
	both("See also: demarc explain "+f.Rule, fmt.Sprintf("`demarc explain %s` says more.", f.Rule))
	return sarifMessage{Text: strings.Join(text, " "), Markdown: strings.Join(markdown, "\n\n")}
}

func newSARIFResult(f finding.Finding, rule int) sarifResult {
	result := sarifResult{
		RuleID:              f.Rule,
		RuleIndex:           rule,
		Kind:                "fail",
		Level:               sarifLevel(f.Severity),
		Message:             sarifMessage{Text: sarifText(described(f))},
		Locations:           []sarifLocation{newSARIFLocation(f.Location)},
		PartialFingerprints: map[string]string{"demarc/v1": f.Fingerprint},
		Properties: sarifResultProperties{
			Side: f.Side, ServiceModel: f.ServiceModel,
			Controls: list(f.Controls), Instances: []string{},
		},
	}
	if f.Status == finding.Inconclusive {
		result.Kind, result.Level = "open", "none" // a kind other than fail has no level
	}
	if n := len(f.Resource.Instances); n > sarifRelatedLimit {
		result.Properties.InstanceCount = n
	}
	for _, instance := range f.Resource.Instances[:min(len(f.Resource.Instances), sarifRelatedLimit)] {
		result.Properties.Instances = append(result.Properties.Instances, clean(instance))
	}
	if f.Resource.Address != "" {
		result.Locations[0].LogicalLocations = []sarifLogical{{FullyQualifiedName: clean(f.Resource.Address), Kind: "resource"}}
	}
	var links []string
	for i, related := range f.Related[:min(len(f.Related), sarifRelatedLimit)] {
		l := newSARIFLocation(related.Location)
		l.ID, l.Message = i+1, &sarifMessage{Text: sarifText(related.Message)}
		result.RelatedLocations = append(result.RelatedLocations, l)
		links = append(links, fmt.Sprintf("[%s](%d)", linkText(related.Message), l.ID))
	}
	if len(links) > 0 {
		// Code scanning shows only the related places that the message links to.
		result.Message.Text += ". See: " + strings.Join(links, "; ")
	}
	if s := f.Suppression; s != nil {
		result.Suppressions = []sarifSuppression{newSARIFSuppression(s)}
	}
	return result
}

// newSARIFSuppression tells a comment beside the code from what stands elsewhere.
func newSARIFSuppression(s *finding.Suppression) sarifSuppression {
	out := sarifSuppression{Kind: "external", Status: "accepted", Justification: clean(s.Reason)}
	if s.Kind == "comment" || s.Kind == "metadata" {
		out.Kind = "inSource"
	}
	if s.Location.File != "" {
		at := newSARIFLocation(s.Location)
		out.Location = &at
	}
	return out
}

func newSARIFLocation(l finding.Location) sarifLocation {
	// A place without a line is one of the whole file; code scanning asks for
	// a line all the same.
	at := sarifPhysicalLocation{ArtifactLocation: artifact(l.File), Region: &sarifRegion{StartLine: 1}}
	if l.Start != nil {
		at.Region = &sarifRegion{StartLine: l.Start.Line, StartColumn: l.Start.Column}
		if l.End != nil {
			at.Region.EndLine, at.Region.EndColumn = l.End.Line, l.End.Column
		}
	}
	return sarifLocation{PhysicalLocation: at}
}

// artifact names a file by a percent-encoded URI relative to the source root.
func artifact(file string) sarifArtifact {
	file = path.Clean(file)
	segments := strings.Split(file, "/")
	for i, segment := range segments {
		// A colon in the first segment would read as a URI scheme.
		segments[i] = strings.ReplaceAll(url.PathEscape(segment), ":", "%3A")
	}
	uri := strings.Join(segments, "/")
	if path.IsAbs(file) {
		return sarifArtifact{URI: "file://" + uri}
	}
	return sarifArtifact{URI: uri, URIBaseID: sourceRoot}
}

func invocation(c finding.Coverage) sarifInvocation {
	in := sarifInvocation{ExecutionSuccessful: len(c.Errors) == 0, ToolExecutionNotifications: []sarifNotification{}}
	notify := func(level, file string, line int, message string) {
		n := sarifNotification{Level: level, Message: sarifMessage{Text: sarifText(message)}}
		if file != "" {
			at := sarifPhysicalLocation{ArtifactLocation: artifact(file)}
			if line > 0 {
				at.Region = &sarifRegion{StartLine: line}
			}
			n.Locations = []sarifLocation{{PhysicalLocation: at}}
		}
		in.ToolExecutionNotifications = append(in.ToolExecutionNotifications, n)
	}
	for _, e := range c.Errors {
		notify("error", e.File, e.Line, "not analysed: "+e.Message)
	}
	if unseen := c.NotLookedAt(); unseen != "" {
		notify("note", "", 0, unseen)
	}
	for _, m := range c.MissingModules {
		notify("note", m.File, m.Line, fmt.Sprintf("%s: %s (%s): %s", m.Problem(), m.Address, m.Source, m.Advice()))
	}
	return in
}

// sarifText makes a message of text that may come from the scanned tree:
// viewers turn [text](target) into a link, which nothing scanned may plant.
func sarifText(s string) string { return strings.ReplaceAll(clean(s), "](", "] (") }

var linkEscapes = strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`)

// linkText escapes the text of a link in a message.
func linkText(s string) string { return linkEscapes.Replace(clean(s)) }

func sarifLevel(s finding.Severity) string {
	switch s {
	case finding.Critical, finding.High:
		return "error"
	case finding.Medium:
		return "warning"
	}
	return "note"
}

// securitySeverity is a score in the middle of the band that GitHub shows
// under the severity's name.
func securitySeverity(s finding.Severity) string {
	switch s {
	case finding.Critical:
		return "9.5"
	case finding.High:
		return "8.0"
	case finding.Medium:
		return "5.5"
	}
	return "2.0"
}
