package report

import (
	"io"

	"github.com/demarc-dev/demarc/linter/responsibility"
)

// LineWriter writes a responsibility report in one format.
type LineWriter func(w io.Writer, l *responsibility.Line, o Options) error

var lineFormats = forms[LineWriter]{
	{"text", LineText},
	{"json", LineJSON},
	{"markdown", LineMarkdown},
	{"csv", LineCSV},
	{"html", LineHTML},
	{"oscal", LineOSCAL},
}

// LineFormat returns the writer of a format of the responsibility report.
func LineFormat(name string) (LineWriter, error) {
	return lineFormats.find(name, "")
}

// stateMarks tell states apart without colours.
var stateMarks = map[responsibility.State]string{
	responsibility.Broken: "✗", responsibility.Inconclusive: "?", responsibility.Accepted: "!", responsibility.Kept: "✓", responsibility.InPart: "◐",
	responsibility.NotShown: "–", responsibility.NoRule: "·", responsibility.Yours: "○", responsibility.Provider: "▪",
}
