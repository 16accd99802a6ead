package report

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path"
	"strings"

	"github.com/demarc-dev/demarc/linter/finding"
)

// The part of SARIF 2.1.0 that demarc writes, named as in the standard
// (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html).
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool               sarifTool                `json:"tool"`
		ColumnKind         string                   `json:"columnKind"`
		OriginalURIBaseIDs map[string]sarifArtifact `json:"originalUriBaseIds"`
		Invocations        []sarifInvocation        `json:"invocations"`
		Results            []sarifResult            `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version,omitempty"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID                   string              `json:"id"`
		ShortDescription     sarifMessage        `json:"shortDescription"`
		Help                 sarifMessage        `json:"help"`
		DefaultConfiguration sarifConfiguration  `json:"defaultConfiguration"`
		Properties           sarifRuleProperties `json:"properties"`
	}
	sarifConfiguration struct {
		Level string `json:"level"`
	}
	sarifRuleProperties struct {
		Tags             []string `json:"tags"`
		Precision        string   `json:"precision"`
		SecuritySeverity string   `json:"security-severity"` // GitHub reads a CVSS-like score
	}
	sarifMessage struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
	sarifResult struct {
		RuleID              string                `json:"ruleId"`
		RuleIndex           int                   `json:"ruleIndex"`
		Kind                string                `json:"kind"`
		Level               string                `json:"level"`
		Message             sarifMessage          `json:"message"`
		Locations           []sarifLocation       `json:"locations"`
		RelatedLocations    []sarifLocation       `json:"relatedLocations,omitempty"`
		PartialFingerprints map[string]string     `json:"partialFingerprints"`
		Suppressions        []sarifSuppression    `json:"suppressions,omitempty"`
		Properties          sarifResultProperties `json:"properties"`
	}
	sarifResultProperties struct {
		Side         string   `json:"side,omitempty"`
		ServiceModel string   `json:"serviceModel,omitempty"`
		Controls     []string `json:"controls"`
		Instances    []string `json:"instances"`
	}
	sarifLocation struct {
		ID               int                   `json:"id,omitempty"`
		Message          *sarifMessage         `json:"message,omitempty"`
		PhysicalLocation sarifPhysicalLocation `json:"physicalLocation"`
		LogicalLocations []sarifLogical        `json:"logicalLocations,omitempty"`
	}
	sarifPhysicalLocation struct {
		ArtifactLocation sarifArtifact `json:"artifactLocation"`
		Region           *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI         string        `json:"uri,omitempty"`
		URIBaseID   string        `json:"uriBaseId,omitempty"`
		Description *sarifMessage `json:"description,omitempty"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
		EndLine     int `json:"endLine,omitempty"`
		EndColumn   int `json:"endColumn,omitempty"`
	}
	sarifLogical struct {
		FullyQualifiedName string `json:"fullyQualifiedName"`
		Kind               string `json:"kind"`
	}
	sarifSuppression struct {
		Kind          string         `json:"kind"`
		Justification string         `json:"justification,omitempty"`
		Location      *sarifLocation `json:"location,omitempty"`
	}
	sarifInvocation struct {
		ExecutionSuccessful        bool                `json:"executionSuccessful"`
		ToolExecutionNotifications []sarifNotification `json:"toolExecutionNotifications"`
	}
	sarifNotification struct {
		Level     string          `json:"level"`
		Message   sarifMessage    `json:"message"`
		Locations []sarifLocation `json:"locations,omitempty"`
	}
)

const sourceRoot = "%SRCROOT%"

// SARIF writes the Static Analysis Results Interchange Format, version 2.1.0.
// Suppressed findings are in it, marked as such; inconclusive ones are results
// of kind "open", and only on request, since GitHub's code scanning raises an
// alert for a result of any kind.
func SARIF(w io.Writer, r *finding.Report, o Options) error {
	run := sarifRun{
		Tool: sarifTool{Driver: sarifDriver{
			Name:           r.Tool.Name,
			Version:        r.Tool.Version,
			InformationURI: "https://github.com/demarc-dev/demarc",
			Rules:          []sarifRule{},
		}},
		ColumnKind: "unicodeCodePoints",
		OriginalURIBaseIDs: map[string]sarifArtifact{
			sourceRoot: {Description: &sarifMessage{Text: "The directory that demarc was run in."}},
		},
		Invocations: []sarifInvocation{invocation(r.Coverage)},
		Results:     []sarifResult{},
	}
	index := map[string]int{}
	for _, f := range r.Findings {
		if f.Status == finding.Inconclusive && !o.ShowInconclusive {
			continue
		}
		i, seen := index[f.Rule]
		if !seen {
			i = len(run.Tool.Driver.Rules)
			index[f.Rule] = i
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, newSARIFRule(f))
		}
		run.Results = append(run.Results, newSARIFResult(f, i))
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(sarifLog{
		Schema:  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		Version: "2.1.0",
		Runs:    []sarifRun{run},
	})
}

func newSARIFRule(f finding.Finding) sarifRule {
	title := f.Title
	if title == "" {
		title = f.Rule
	}
	help := sarifMessage{Text: title + "."}
	markdown := []string{"**" + title + "**"}
	if f.Remedy != "" {
		help.Text += " " + f.Remedy
		markdown = append(markdown, f.Remedy)
	}
	if line := duty(f); line != "" {
		markdown = append(markdown, "_"+line+"_")
	}
	markdown = append(markdown, fmt.Sprintf("`demarc explain %s` says more.", f.Rule))
	help.Markdown = strings.Join(markdown, "\n\n")
	return sarifRule{
		ID:                   f.Rule,
		ShortDescription:     sarifMessage{Text: title},
		Help:                 help,
		DefaultConfiguration: sarifConfiguration{Level: sarifLevel(f.Severity)},
		Properties: sarifRuleProperties{
			Tags:             append([]string{"security", "infrastructure-as-code"}, f.Controls...),
			Precision:        "high",
			SecuritySeverity: securitySeverity(f.Severity),
		},
	}
}

func newSARIFResult(f finding.Finding, rule int) sarifResult {
	message := f.Message
	if f.When != nil {
		message += " (when " + *f.When + ")"
	}
	for _, why := range f.Why {
		message += fmt.Sprintf("; %s is unknown: %s", why.Path, why.Reason)
	}
	result := sarifResult{
		RuleID:              f.Rule,
		RuleIndex:           rule,
		Kind:                "fail",
		Level:               sarifLevel(f.Severity),
		Message:             sarifText(message),
		Locations:           []sarifLocation{newSARIFLocation(f.Location)},
		PartialFingerprints: map[string]string{"demarc/v1": f.Fingerprint},
		Properties: sarifResultProperties{
			Side: f.Side, ServiceModel: f.ServiceModel,
			Controls: list(f.Controls), Instances: list(f.Resource.Instances),
		},
	}
	if f.Status == finding.Inconclusive {
		result.Kind, result.Level = "open", "none" // a kind other than fail has no level
	}
	if f.Resource.Address != "" {
		result.Locations[0].LogicalLocations = []sarifLogical{{FullyQualifiedName: f.Resource.Address, Kind: "resource"}}
	}
	for i, related := range f.Related {
		l := newSARIFLocation(related.Location)
		text := sarifText(related.Message)
		l.ID, l.Message = i+1, &text
		result.RelatedLocations = append(result.RelatedLocations, l)
	}
	if s := f.Suppression; s != nil {
		kind := "inSource"
		if s.Kind == "config" {
			kind = "external"
		}
		at := newSARIFLocation(s.Location)
		result.Suppressions = []sarifSuppression{{Kind: kind, Justification: clean(s.Reason), Location: &at}}
	}
	return result
}

func newSARIFLocation(l finding.Location) sarifLocation {
	at := sarifPhysicalLocation{ArtifactLocation: artifact(l.File)}
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
		n := sarifNotification{Level: level, Message: sarifText(message)}
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
	for _, m := range c.MissingModules {
		notify("note", m.File, m.Line, fmt.Sprintf("module not installed: %s (%s): %s", m.Address, m.Source, advice(m)))
	}
	return in
}

// sarifText makes a message of text that may come from the scanned tree:
// viewers turn [text](target) into a link, which nothing scanned may plant.
func sarifText(s string) sarifMessage {
	return sarifMessage{Text: strings.ReplaceAll(clean(s), "](", "] (")}
}

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
