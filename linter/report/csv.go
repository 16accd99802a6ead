package report

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"github.com/demarc-dev/demarc/linter/finding"
)

// CSV writes a row a finding. Its cells are inert in spreadsheets.
func CSV(w io.Writer, r *finding.Report, o Options) error {
	rows := csv.NewWriter(w)
	if err := rows.Write([]string{
		"severity", "status", "rule", "title", "message", "file", "line", "column", "resource", "type", "instances", "controls", "securityhub", "side", "service model", "suppressed because", "fingerprint",
	}); err != nil {
		return err
	}
	for _, f := range shown(r, o) {
		lineNumber, column := "", ""
		if f.Location.Start != nil {
			lineNumber, column = strconv.Itoa(f.Location.Start.Line), strconv.Itoa(f.Location.Start.Column)
		}
		reason := ""
		if f.Suppression != nil {
			reason = f.Suppression.Reason
		}
		row := []string{
			string(f.Severity), string(f.Status), f.Rule, r.Described(f).Title, described(f), f.Location.File, lineNumber, column, f.Resource.Address, f.Resource.DeclaredType,
			strconv.Itoa(max(1, len(f.Resource.Instances))), strings.Join(f.Controls, " "), strings.Join(f.Aliases["securityhub"], " "), f.Side, f.ServiceModel, reason, f.Fingerprint,
		}
		for i := range row {
			row[i] = csvCell(row[i])
		}
		if err := rows.Write(row); err != nil {
			return err
		}
	}
	rows.Flush()
	return rows.Error()
}
