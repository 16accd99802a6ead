package cloudformation

import (
	"bytes"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/demarc-dev/demarc/linter/source"
)

// span is a part of a file's text.
type span struct{ start, end int }

// hide notes a scalar whose text has a #, which starts no comment there. What
// follows the sign of a block scalar on its line is no part of the text.
func (y *yamlReader) hide(scalar *node, block bool) {
	from := scalar.start
	if block {
		from = y.lineEnd(from)
	}
	if from < scalar.end && bytes.IndexByte(y.data[from:scalar.end], '#') >= 0 {
		y.hidden = append(y.hidden, span{from, scalar.end})
	}
}

// yamlComments finds the comments before end. The parser has told where the
// scalars are, so a # after white space is a comment unless a scalar holds it.
func yamlComments(f *source.File, hidden []span, end int) []source.Comment {
	// Lines end as the parser has them end, else a comment would hide what follows.
	lines := source.LineStarts(f.Data)
	var out []source.Comment
	for at := 0; at < end; {
		i := bytes.IndexByte(f.Data[at:end], '#')
		if i < 0 {
			break
		}
		at += i
		for len(hidden) > 0 && hidden[0].end <= at {
			hidden = hidden[1:]
		}
		switch {
		case len(hidden) > 0 && hidden[0].start <= at:
			at = hidden[0].end
		case !afterSpace(f.Data[:at]):
			at++
		default:
			next := len(f.Data)
			if line := sort.SearchInts(lines, at+1); line < len(lines) {
				next = lines[line]
			}
			text := bytes.TrimRight(f.Data[at:next], " \t"+lineBreaks)
			out = append(out, source.Comment{Start: at, End: at + len(text)})
			at = next
		}
	}
	return out
}

const lineBreaks = "\r\n\u0085\u2028\u2029"

// afterSpace reports whether text ends with white space of YAML or has not begun.
func afterSpace(text []byte) bool {
	last, size := utf8.DecodeLastRune(text)
	return size == 0 || strings.ContainsRune(" \t\ufeff"+lineBreaks, last)
}
