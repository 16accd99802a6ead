package finding

import (
	"fmt"
	"time"

	"github.com/demarc-dev/demarc/linter/source"
)

// Request is a request to suppress that stands in a template's metadata
// instead of a comment.
type Request struct {
	// Peer names the tool whose spelling it is; "" is demarc's own.
	Peer string
	// IDs are rule ids or aliases.
	IDs    []string
	Reason string
	Until  string // the last day it counts, as written; "" for ever
	// Problem says why it cannot be read, or is "".
	Problem string
	// At is where it stands, Covers what it suppresses findings of.
	At, Covers source.Range
}

// directive is the request as one.
func (r Request) directive() *directive {
	d := &directive{
		file: r.At.File, peer: r.Peer, reach: covered, covers: r.Covers, ids: r.IDs, reason: r.Reason,
		problem: r.Problem, used: map[string]bool{}, metadata: true,
	}
	d.start, d.end = r.At.Start, r.At.End
	if r.Until != "" && d.problem == "" {
		day, err := time.Parse(time.DateOnly, r.Until)
		if err != nil {
			d.problem = fmt.Sprintf("until: %s is no date: write until: 2027-01-31", r.Until)
		}
		d.until = day
	}
	if len(r.IDs) == 0 && d.problem == "" {
		d.problem = "no rule is named: write {rule: RULE, reason: ...}"
	}
	return d
}
