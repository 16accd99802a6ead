package report

import (
	"bufio"
	"fmt"
	"io"

	"github.com/demarc-dev/demarc/linter/finding"
)

// Compact writes one line per finding, as compilers do:
//
//	file:line:column: severity: message [rule]
//
// A finding about a whole file stands at 1:1, since readers of this format
// expect a place. What could not be analysed has the severity "error".
// The last line sums up.
func Compact(w io.Writer, r *finding.Report, o Options) error {
	b := bufio.NewWriter(w)
	for _, f := range shown(r, o) {
		at := lineStart(place(f.Location))
		if f.Location.Start == nil {
			at += ":1:1"
		}
		message := f.Message
		if f.When != nil {
			message += " (when " + *f.When + ")"
		}
		fmt.Fprintf(b, "%s: %s: %s [%s]\n", at, label(f), clean(message), f.Rule)
	}
	for _, e := range r.Coverage.Errors {
		fmt.Fprintf(b, "%s:%d:1: error: not analysed: %s\n", lineStart(clean(e.File)), max(1, e.Line), clean(e.Message))
	}
	fmt.Fprintln(b, "demarc: "+Summary(r))
	return b.Flush()
}
