package report

import (
	"io"
	"path"

	"github.com/demarc-dev/demarc/linter/finding"
)

// gitlabIssue is an entry of GitLab's Code Quality report
// (https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format).
type gitlabIssue struct {
	Description string         `json:"description"`
	CheckName   string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitlabLocation `json:"location"`
}

type gitlabLocation struct {
	Path  string      `json:"path"`
	Lines gitlabLines `json:"lines"`
}

type gitlabLines struct {
	Begin int `json:"begin"`
	End   int `json:"end,omitempty"`
}

// GitLab writes a Code Quality report for merge requests. What could not be
// analysed, and modules that are not installed, are entries of their own.
func GitLab(w io.Writer, r *finding.Report, o Options) error {
	issues := []gitlabIssue{}
	fingerprints := numbered{}
	add := func(identity string, issue gitlabIssue) {
		// GitLab shows one of several entries that share a fingerprint. The
		// same place is the same entry however its neighbours come and go.
		if key := fingerprints.unique(identity); key != identity {
			identity = finding.Fingerprint(issue.CheckName, issue.Location.Path, key, "")
		}
		issue.Fingerprint = identity
		issues = append(issues, issue)
	}
	for _, f := range shown(r, o) {
		text := clean(described(f))
		if f.Status != finding.Fail {
			text = string(f.Status) + ": " + text
		}
		add(f.Fingerprint, gitlabIssue{
			Description: text, CheckName: f.Rule, Severity: gitlabSeverity(f), Location: newGitLabLocation(f.Location),
		})
	}
	for _, e := range r.Coverage.Errors {
		add(finding.Fingerprint("demarc/not-analysed", e.File, "", e.Message), gitlabIssue{
			Description: "not analysed: " + clean(e.Message), CheckName: "demarc/not-analysed", Severity: "major",
			Location: gitlabPlace(e.File, e.Line),
		})
	}
	for _, m := range r.Coverage.MissingModules {
		add(finding.Fingerprint("demarc/module-not-installed", m.File, m.Address, m.Source), gitlabIssue{
			Description: clean(notInstalled(m)), CheckName: "demarc/module-not-installed", Severity: "info",
			Location: gitlabPlace(m.File, m.Line),
		})
	}
	return WriteJSON(w, issues)
}

func newGitLabLocation(l finding.Location) gitlabLocation {
	at := gitlabPlace(l.File, line(l))
	if l.End != nil {
		at.Lines.End = max(l.End.Line, at.Lines.Begin)
	}
	return at
}

func gitlabPlace(file string, line int) gitlabLocation {
	return gitlabLocation{Path: clean(path.Clean(file)), Lines: gitlabLines{Begin: max(1, line)}}
}

func gitlabSeverity(f finding.Finding) string {
	switch weight(f) {
	case finding.Critical.Rank():
		return "blocker"
	case finding.High.Rank():
		return "critical"
	case finding.Medium.Rank():
		return "major"
	case finding.Low.Rank():
		return "minor"
	}
	return "info"
}
