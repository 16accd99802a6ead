package report

import (
	"regexp"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/source"
)

const (
	tabStop  = 4
	maxWidth = 140 // columns of source shown of a line; minified JSON has one line
	before   = 40  // columns shown left of the carets in a line that is cut
	reach    = 600 // characters looked at left and right of the range's start; marks have no width
	mask     = "********"

	longestCommand = len("##teamcity[")
)

// frame is one source line as a terminal shows it, and the line of carets
// that points at the range.
type frame struct {
	source string
	indent int // columns left of the carets
	carets int // at least 1
}

// cell is what one rune of the source becomes.
type cell struct {
	text    string
	columns int
}

// newFrame draws the first line of a range. Whatever lies in one of the
// secrets is masked.
func newFrame(at source.Range, secrets []source.Range) frame {
	return lineCells(at, at.StartPosition().Line, secrets).cut()
}

// lineCells is the part of a line around the range, as a terminal shows it:
// the whole of it, unless it is long. Whatever lies in one of the secrets,
// which are sorted and apart, is masked.
func lineCells(at source.Range, line int, secrets []source.Range) lineView {
	whole := at.File.LineRange(line)
	focus := max(whole.Start, min(at.Start, whole.End))
	from := reachLeft(whole, focus, secrets)
	v := lineView{first: -1, cutLeft: from > whole.Start}
	column, i := 0, from
	for i < whole.End && (v.first < 0 || len(v.cells) <= v.first+reach) {
		c, next := cellAt(whole, i, column, secrets)
		if v.first < 0 && next > focus { // it may begin inside a secret
			v.first, v.end = len(v.cells), len(v.cells)
		}
		v.cells = append(v.cells, c)
		if i < at.End && next > at.Start {
			v.end = len(v.cells)
		}
		column += c.columns
		i = next
	}
	v.cutRight = i < whole.End
	if v.first < 0 { // it starts at the line's end
		v.first, v.end = len(v.cells), len(v.cells)
	}
	return v
}

// lineView is what may be shown of a line.
type lineView struct {
	cells             []cell
	first, end        int  // cells[first:end] lie in the range
	cutLeft, cutRight bool // the line has more on that side
}

// reachLeft is the offset, left of a place in a line, from which the line may
// be shown. A secret counts for one, since its mask does.
func reachLeft(line source.Range, at int, secrets []source.Range) int {
	for n := 0; n < reach && at > line.Start; n++ {
		if secret, ok := covering(at-1, secrets); ok {
			at = max(line.Start, secret.Start)
			continue
		}
		_, size := utf8.DecodeLastRune(line.File.Data[line.Start:at])
		at -= size
	}
	return at
}

// cellAt is what is shown at an offset of a line, and the offset after it.
func cellAt(line source.Range, at, column int, secrets []source.Range) (c cell, next int) {
	if secret, ok := covering(at, secrets); ok {
		// However long the secret is, the mask is not.
		return cell{mask, len(mask)}, min(line.End, secret.End)
	}
	r, size := utf8.DecodeRune(line.File.Data[at:line.End])
	if r == '#' && beginsCommand(string(line.File.Data[at:min(line.End, at+longestCommand)])) {
		return cell{escapedSign, len(escapedSign)}, at + size
	}
	if r == '\t' {
		n := tabStop - column%tabStop
		return cell{strings.Repeat(" ", n), n}, at + size
	}
	return newCell(r, string(line.File.Data[at:at+size])), at + size
}

func newCell(r rune, raw string) cell {
	shown := visible(r, raw)
	if shown == raw {
		return cell{raw, columns(r)}
	}
	return cell{shown, len(shown)}
}

// cut joins the cells, with carets under those of the range, and leaves out
// what is too far from the carets in a line that is too long.
func (v lineView) cut() frame {
	start, stop := v.window(v.first)
	f := frame{
		source: join(v.cells[start:stop]),
		indent: total(v.cells[start:v.first]),
		carets: max(1, total(v.cells[v.first:min(v.end, max(v.first, stop))])),
	}
	if v.cutBefore(start) {
		f.source, f.indent = "… "+f.source, f.indent+2
	}
	if v.cutAfter(stop) {
		f.source += " …"
	}
	return f
}

// cutBefore and cutAfter report whether the line goes on left and right of what is shown.
func (v lineView) cutBefore(start int) bool { return start > 0 || v.cutLeft }
func (v lineView) cutAfter(stop int) bool   { return stop < len(v.cells) || v.cutRight }

// window is the part of the cells, around cells[at], that is shown.
func (v lineView) window(at int) (start, stop int) {
	if !v.cutLeft && !v.cutRight && total(v.cells) <= maxWidth {
		return 0, len(v.cells)
	}
	for indent := total(v.cells[:at]); indent > before && start < at; start++ {
		indent -= v.cells[start].columns
	}
	stop = start
	for shown := 0; stop < len(v.cells); stop++ {
		if shown += v.cells[stop].columns; shown > maxWidth && stop > start {
			break
		}
	}
	return start, stop
}

func total(cells []cell) int {
	n := 0
	for _, c := range cells {
		n += c.columns
	}
	return n
}

func join(cells []cell) string { return strings.TrimRight(concat(cells), " ") }

func concat(cells []cell) string {
	var b strings.Builder
	for _, c := range cells {
		b.WriteString(c.text)
	}
	return b.String()
}

// covering is the secret that holds an offset.
func covering(offset int, secrets []source.Range) (source.Range, bool) {
	i := sort.Search(len(secrets), func(i int) bool { return secrets[i].End > offset })
	if i < len(secrets) && secrets[i].Start <= offset {
		return secrets[i], true
	}
	return source.Range{}, false
}

// secretRanges are the places of every secret that any finding of the report
// points at, by file, sorted and apart: no frame may show them, whatever it is
// about. The places that fed the value count too.
func secretRanges(r *finding.Report) map[*source.File][]source.Range {
	secrets := map[*source.File][]source.Range{}
	add := func(at source.Range) {
		if at.Valid() {
			at = valueOf(at)
			secrets[at.File] = append(secrets[at.File], at)
		}
	}
	for _, at := range r.Secrets {
		add(at)
	}
	for _, f := range r.Findings {
		if !f.Secret {
			continue
		}
		add(f.Location.Range)
		for _, related := range f.Related {
			add(related.Location.Range)
		}
	}
	for file, ranges := range secrets {
		secrets[file] = apart(ranges)
	}
	return secrets
}

// apart sorts ranges of one file and joins those that touch.
func apart(ranges []source.Range) []source.Range {
	slices.SortFunc(ranges, func(a, b source.Range) int { return a.Start - b.Start })
	var out []source.Range
	for _, r := range ranges {
		if n := len(out); n > 0 && r.Start <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, r.End)
		} else if r.End > r.Start {
			out = append(out, r)
		}
	}
	return out
}

var (
	hclName  = regexp.MustCompile(`^(?:[\w-]+|"[\w.-]+")[ \t]*=(?:[^=]|$)`)
	yamlName = regexp.MustCompile(`^(?:[\w.:-]+|"[\w.:-]+"|'[\w.:-]+')[ \t]*:(?:\s|$)`)
	jsonName = regexp.MustCompile(`^"[\w.:-]+"[ \t]*:`)
)

// valueOf drops the attribute's name from the range of an attribute, so that a
// frame still tells which one it is. What is not surely a name is masked too:
// a value in these languages cannot look like one.
func valueOf(at source.Range) source.Range {
	text := at.File.Data[at.Start:at.End]
	name := yamlName
	switch path := at.File.Path; {
	case strings.HasSuffix(path, ".json"):
		name = jsonName
	case strings.HasSuffix(path, ".tf"), strings.HasSuffix(path, ".tofu"), strings.HasSuffix(path, ".tfvars"):
		name = hclName
	}
	if m := name.Find(text); m != nil {
		// The match may hold one character after the sign.
		at.Start += strings.LastIndexAny(string(m), "=:") + 1
		for at.Start < at.End && at.File.Data[at.Start] == ' ' {
			at.Start++
		}
	}
	return at
}
