package report

import (
	"io"
	"path"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/source"
)

// The part of the Reviewdog Diagnostic Format that demarc writes
// (https://github.com/reviewdog/reviewdog/tree/master/proto/rdf).
type (
	rdResult struct {
		Source      rdSource       `json:"source"`
		Diagnostics []rdDiagnostic `json:"diagnostics"`
	}
	rdSource struct {
		Name string `json:"name"`
		URL  string `json:"url"`
	}
	rdDiagnostic struct {
		Message  string      `json:"message"`
		Location rdLocation  `json:"location"`
		Severity string      `json:"severity"`
		Code     *rdCode     `json:"code,omitempty"`
		Related  []rdRelated `json:"relatedLocations,omitempty"`
	}
	rdCode struct {
		Value string `json:"value"`
		URL   string `json:"url,omitempty"`
	}
	rdRelated struct {
		Message  string     `json:"message"`
		Location rdLocation `json:"location"`
	}
	rdLocation struct {
		Path  string   `json:"path"`
		Range *rdRange `json:"range,omitempty"`
	}
	rdRange struct {
		Start rdPosition  `json:"start"`
		End   *rdPosition `json:"end,omitempty"`
	}
	// rdPosition counts columns in bytes of UTF-8, from 1.
	rdPosition struct {
		Line   int `json:"line"`
		Column int `json:"column,omitempty"`
	}
)

// RDJSON writes Reviewdog diagnostics. What could not be analysed, and modules
// that are not installed, are diagnostics of their own.
func RDJSON(w io.Writer, r *finding.Report, o Options) error {
	out := rdResult{Source: rdSource{Name: r.Tool.Name, URL: homepage}, Diagnostics: []rdDiagnostic{}}
	for _, f := range shown(r, o) {
		d := rdDiagnostic{
			Message: clean(described(f)), Location: newRDLocation(f.Location), Severity: rdSeverity(f), Code: &rdCode{Value: f.Rule},
		}
		if f.Status != finding.Fail {
			d.Message = string(f.Status) + ": " + d.Message
		}
		if f.Remedy != "" {
			d.Message += "\nHelp: " + oneLine(f.Remedy)
		}
		if about := r.Described(f); len(about.Related) > 0 {
			d.Code.URL = about.Related[0]
		}
		for _, related := range f.Related {
			d.Related = append(d.Related, rdRelated{clean(related.Message), newRDLocation(related.Location)})
		}
		out.Diagnostics = append(out.Diagnostics, d)
	}
	for _, e := range r.Coverage.Errors {
		out.Diagnostics = append(out.Diagnostics, rdDiagnostic{
			Message: "not analysed: " + clean(e.Message), Location: rdPlace(e.File, e.Line), Severity: "ERROR",
		})
	}
	for _, m := range r.Coverage.MissingModules {
		out.Diagnostics = append(out.Diagnostics, rdDiagnostic{
			Message: clean(notInstalled(m)), Location: rdPlace(m.File, m.Line), Severity: "INFO",
		})
	}
	return WriteJSON(w, out)
}

func newRDLocation(l finding.Location) rdLocation {
	out := rdPlace(l.File, 0)
	if l.Start == nil {
		return out
	}
	out.Range = &rdRange{Start: rdPosition{Line: l.Start.Line}}
	if l.Range.Valid() {
		out.Range.Start = bytePosition(l.Range.File, l.Range.Start)
		end := bytePosition(l.Range.File, l.Range.End)
		out.Range.End = &end
	}
	return out
}

func rdPlace(file string, line int) rdLocation {
	out := rdLocation{Path: clean(path.Clean(file))}
	if line > 0 {
		out.Range = &rdRange{Start: rdPosition{Line: line}}
	}
	return out
}

// bytePosition is the place of an offset, its column counted in bytes.
func bytePosition(f *source.File, offset int) rdPosition {
	line := f.Position(offset).Line
	return rdPosition{Line: line, Column: offset - f.Offset(source.Position{Line: line, Column: 1}) + 1}
}

func rdSeverity(f finding.Finding) string {
	switch weight(f) {
	case finding.Critical.Rank(), finding.High.Rank():
		return "ERROR"
	case finding.Medium.Rank():
		return "WARNING"
	}
	return "INFO"
}
