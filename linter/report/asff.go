package report

import (
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/demarc-dev/demarc/linter/finding"
)

// The part of the AWS Security Finding Format that demarc writes
// (https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html).
type (
	asffRequest struct {
		Findings []asffFinding
	}
	asffFinding struct {
		SchemaVersion, Id, ProductArn, GeneratorId, AwsAccountId string
		ProductName, CompanyName, Region                         string
		Types                                                    []string
		CreatedAt, UpdatedAt                                     string
		Severity                                                 asffSeverity
		Title, Description                                       string
		Remediation                                              *asffRemediation `json:",omitempty"`
		ProductFields                                            map[string]string
		Resources                                                []asffResource
		Compliance                                               asffCompliance
		Workflow                                                 asffWorkflow
		RecordState                                              string
	}
	asffSeverity       struct{ Label, Original string }
	asffRemediation    struct{ Recommendation asffRecommendation }
	asffRecommendation struct {
		Text string
		Url  string `json:",omitempty"`
	}
	asffResource struct {
		Type, Id, Partition, Region string
		Details                     asffDetails
	}
	asffDetails    struct{ Other map[string]string }
	asffCompliance struct {
		Status              string
		RelatedRequirements []string `json:",omitempty"`
	}
	asffWorkflow struct{ Status string }
)

// asffBatch is how many findings BatchImportFindings takes at a time; the other
// limits are those of a finding's texts, in characters.
const (
	asffBatch           = 100
	asffTitle           = 256
	asffDescription     = 1024
	asffRecommended     = 512
	asffID              = 512
	asffMostResources   = 32
	asffMostRequirement = 32
)

// ASFF writes requests of Security Hub's BatchImportFindings, one a line, each
// with at most 100 findings.
func ASFF(w io.Writer, r *finding.Report, o Options) error {
	seen := numbered{}
	var all []asffFinding
	for _, f := range shown(r, o) {
		all = append(all, newASFF(f, r.Described(f), seen.unique(f.Fingerprint), o))
	}
	e := json.NewEncoder(harmless{w})
	e.SetEscapeHTML(false)
	for batch := range slices.Chunk(all, asffBatch) {
		if err := e.Encode(asffRequest{batch}); err != nil {
			return err
		}
	}
	return nil
}

func newASFF(f finding.Finding, rule finding.AskedRule, id string, o Options) asffFinding {
	at := o.when().Format(time.RFC3339)
	out := asffFinding{
		SchemaVersion: "2018-10-08", Id: uuid("finding", id), GeneratorId: "demarc/" + clean(f.Rule),
		ProductArn:   "arn:" + o.partition() + ":securityhub:" + o.region() + ":" + o.account() + ":product/" + o.account() + "/default",
		AwsAccountId: o.account(), Region: o.region(), ProductName: "demarc", CompanyName: "demarc",
		Types:     []string{"Software and Configuration Checks/AWS Security Best Practices"},
		CreatedAt: at, UpdatedAt: at,
		Severity: asffSeverity{strings.ToUpper(string(f.Severity)), string(f.Severity)},
		Title:    shorten(oneLine(rule.Title), asffTitle), Description: shorten(oneLine(described(f)), asffDescription),
		ProductFields: map[string]string{"demarc/fingerprint": f.Fingerprint, "demarc/file": clean(f.Location.File), "demarc/line": strconv.Itoa(line(f.Location))},
		Compliance:    asffCompliance{"FAILED", requirements(f)},
		Workflow:      asffWorkflow{"NEW"}, RecordState: "ACTIVE",
	}
	if link := o.link(f.Location); link != "" {
		out.ProductFields["demarc/source"] = link
	}
	if len(out.Compliance.RelatedRequirements) > asffMostRequirement {
		out.Compliance.RelatedRequirements = out.Compliance.RelatedRequirements[:asffMostRequirement]
	}
	switch f.Status {
	case finding.Inconclusive:
		out.Compliance.Status = "WARNING"
	case finding.Suppressed:
		out.Workflow.Status = "SUPPRESSED"
	}
	if text := oneLine(rule.Remedy); text != "" {
		out.Remediation = &asffRemediation{asffRecommendation{Text: shorten(text, asffRecommended)}}
		if len(rule.Related) > 0 {
			out.Remediation.Recommendation.Url = rule.Related[0]
		}
	}
	out.Resources = asffResources(f, o)
	return out
}

// asffResources are the resource, or those of its instances that have an address
// of their own. They are not deployed, and so have no ARN and no type of AWS's.
func asffResources(f finding.Finding, o Options) []asffResource {
	addresses := f.Resource.Instances
	if len(addresses) == 0 {
		addresses = []string{f.Resource.Address}
	}
	var out []asffResource
	for i, address := range addresses {
		if i == asffMostResources {
			break
		}
		if address = clean(address); address == "" {
			address = clean(f.Location.File) // the finding is about a whole root
		}
		other := map[string]string{"file": clean(f.Location.File), "line": strconv.Itoa(line(f.Location))}
		if kind := clean(f.Resource.DeclaredType); kind != "" {
			other["type"] = kind
		}
		out = append(out, asffResource{Type: "Other", Id: shorten(address, asffID), Partition: o.partition(), Region: o.region(), Details: asffDetails{other}})
	}
	return out
}
