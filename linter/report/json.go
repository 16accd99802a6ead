package report

import (
	"encoding/json"
	"io"

	"github.com/demarc-dev/demarc/linter/finding"
)

// JSON writes the report as the contract of docs/output.md says: every key is
// there, and an empty list is [], never null.
func JSON(w io.Writer, r *finding.Report, _ Options) error {
	out := *r
	out.Findings = make([]finding.Finding, len(r.Findings))
	for i, f := range r.Findings {
		f.Environments = list(f.Environments)
		f.Controls = list(f.Controls)
		f.Related = list(f.Related)
		f.Why = list(f.Why)
		f.Resource.Instances = list(f.Resource.Instances)
		aliases := make(map[string][]string, len(f.Aliases))
		for peer, ids := range f.Aliases {
			aliases[peer] = list(ids)
		}
		f.Aliases = aliases
		out.Findings[i] = f
	}
	out.Coverage.MissingModules = list(r.Coverage.MissingModules)
	out.Coverage.Errors = list(r.Coverage.Errors)
	return encodeJSON(w, out)
}

// encodeJSON writes a value for programs, indented for people.
func encodeJSON(w io.Writer, value any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(value)
}

func list[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}
