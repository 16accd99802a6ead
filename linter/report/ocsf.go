package report

import (
	"io"
	"strings"

	"github.com/demarc-dev/demarc/linter/finding"
)

// ocsfVersion is that of the schema below: https://schema.ocsf.io/1.4.0/classes/compliance_finding.
const ocsfVersion = "1.4.0"

// The part of OCSF's compliance finding (class 2003) that demarc writes.
type (
	ocsfFinding struct {
		Activity    int              `json:"activity_id"`
		Category    int              `json:"category_uid"`
		Class       int              `json:"class_uid"`
		Type        int              `json:"type_uid"`
		Time        int64            `json:"time"` // milliseconds since 1970
		Severity    int              `json:"severity_id"`
		SeverityIs  string           `json:"severity"`
		Status      int              `json:"status_id"`
		Message     string           `json:"message"`
		Metadata    ocsfMetadata     `json:"metadata"`
		Info        ocsfInfo         `json:"finding_info"`
		Compliance  ocsfCompliance   `json:"compliance"`
		Resources   []ocsfResource   `json:"resources"`
		Remediation *ocsfRemediation `json:"remediation,omitempty"`
		Unmapped    ocsfUnmapped     `json:"unmapped"`
	}
	ocsfMetadata struct {
		Version string      `json:"version"`
		Product ocsfProduct `json:"product"`
	}
	ocsfProduct struct {
		Name    string `json:"name"`
		Vendor  string `json:"vendor_name"`
		Version string `json:"version,omitempty"`
	}
	ocsfInfo struct {
		UID         string   `json:"uid"`
		Title       string   `json:"title"`
		Description string   `json:"desc,omitempty"`
		Types       []string `json:"types"`
		Source      string   `json:"src_url,omitempty"`
	}
	ocsfCompliance struct {
		Control      string   `json:"control"`
		Standards    []string `json:"standards"`
		Requirements []string `json:"requirements,omitempty"`
		Status       int      `json:"status_id"`
	}
	ocsfResource struct {
		UID  string `json:"uid"`
		Name string `json:"name"`
		Type string `json:"type,omitempty"`
	}
	ocsfRemediation struct {
		Text       string   `json:"desc"`
		References []string `json:"references,omitempty"`
	}
	// ocsfUnmapped has what the class has no place for.
	ocsfUnmapped struct {
		File        string `json:"file"`
		Line        int    `json:"line"`
		Fingerprint string `json:"fingerprint"`
	}
)

// The numbers that the schema gives to severities and to what became of a check.
var (
	ocsfSeverities = map[finding.Severity]int{finding.Low: 2, finding.Medium: 3, finding.High: 4, finding.Critical: 5}
	// ocsfStatuses are those of the finding (new, suppressed) and of its check (warning, fail).
	ocsfStatuses = map[finding.Status][2]int{finding.Fail: {1, 3}, finding.Inconclusive: {1, 2}, finding.Suppressed: {3, 3}}
)

// OCSF writes a list of compliance findings of the Open Cybersecurity Schema Framework.
func OCSF(w io.Writer, r *finding.Report, o Options) error {
	out := []ocsfFinding{}
	seen := numbered{}
	for _, f := range shown(r, o) {
		one := newOCSF(f, r.Described(f), o)
		one.Info.UID = uuid("finding", seen.unique(f.Fingerprint))
		one.Metadata.Product.Version = clean(r.Tool.Version)
		out = append(out, one)
	}
	return WriteJSON(w, out)
}

func newOCSF(f finding.Finding, rule finding.AskedRule, o Options) ocsfFinding {
	out := ocsfFinding{
		Activity: 1, Category: 2, Class: 2003, Type: 200301, Time: o.when().UnixMilli(), // created, among findings
		Severity: ocsfSeverities[f.Severity], SeverityIs: strings.ToUpper(string(f.Severity[:1])) + string(f.Severity[1:]),
		Status: ocsfStatuses[f.Status][0], Message: clean(described(f)),
		Metadata:   ocsfMetadata{ocsfVersion, ocsfProduct{Name: "demarc", Vendor: "demarc"}},
		Info:       ocsfInfo{Title: oneLine(rule.Title), Description: oneLine(rule.Description), Types: []string{clean(f.Rule)}, Source: o.link(f.Location)},
		Compliance: ocsfCompliance{Control: clean(f.Rule), Standards: []string{"AWS shared responsibility model"}, Requirements: requirements(f), Status: ocsfStatuses[f.Status][1]},
		Unmapped:   ocsfUnmapped{clean(f.Location.File), line(f.Location), f.Fingerprint},
	}
	if len(f.Aliases["securityhub"]) > 0 {
		out.Compliance.Standards = append(out.Compliance.Standards, "AWS Security Hub")
	}
	addresses := f.Resource.Instances
	if len(addresses) == 0 {
		addresses = []string{f.Resource.Address}
	}
	for _, address := range addresses {
		out.Resources = append(out.Resources, ocsfResource{UID: uuid("resource", f.Location.File, address), Name: clean(address), Type: clean(f.Resource.DeclaredType)})
	}
	if text := oneLine(rule.Remedy); text != "" {
		out.Remediation = &ocsfRemediation{text, rule.Related}
	}
	return out
}
