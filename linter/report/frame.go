package report

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/source"
)

const (
	tabStop  = 4
	maxWidth = 140 // columns of source shown of a line; minified JSON has one line
	before   = 40  // columns shown left of the carets in a line that is cut
	mask     = "********"
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
	cells, first, end := lineCells(at, at.StartPosition().Line, secrets)
	return cut(cells, first, end)
}

// lineCells is a line as a terminal shows it, and which of its cells lie in
// the range: cells[first:end]. Whatever lies in one of the secrets is masked.
func lineCells(at source.Range, line int, secrets []source.Range) (cells []cell, first, end int) {
	from := at.File.Offset(source.Position{Line: line, Column: 1})
	text := at.File.Line(line)
	first = -1
	column, masked := 0, false
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		offset := from + i
		if offset >= at.Start && offset < at.End {
			if first < 0 {
				first = len(cells)
			}
			end = len(cells) + 1
		}
		var c cell
		switch {
		case within(offset, secrets):
			// However long the secret is, the mask is not.
			if !masked {
				c = cell{mask, len(mask)}
			}
			masked = true
		case r == '\t':
			n := tabStop - column%tabStop
			c, masked = cell{strings.Repeat(" ", n), n}, false
		default:
			c, masked = newCell(r, text[i:i+size]), false
		}
		cells = append(cells, c)
		column += c.columns
		i += size
	}
	if first < 0 { // an empty range, or one that starts at the line's end
		first = min(utf8.RuneCountInString(text[:min(max(0, at.Start-from), len(text))]), len(cells))
		end = first
	}
	return cells, first, end
}

func newCell(r rune, raw string) cell {
	shown := visible(r, raw)
	if shown == raw {
		return cell{raw, columns(r)}
	}
	return cell{shown, len(shown)}
}

// cut joins the cells, with carets under cells[first:end], and leaves out what
// is too far from the carets in a line that is too long.
func cut(cells []cell, first, end int) frame {
	start, stop := window(cells, first)
	f := frame{
		source: join(cells[start:stop]),
		indent: total(cells[start:first]),
		carets: max(1, total(cells[first:min(end, max(first, stop))])),
	}
	if start > 0 {
		f.source, f.indent = "… "+f.source, f.indent+2
	}
	if stop < len(cells) {
		f.source += " …"
	}
	return f
}

// window is the part of a line, around cells[first], that is shown.
func window(cells []cell, first int) (start, stop int) {
	stop = len(cells)
	if total(cells) <= maxWidth {
		return 0, stop
	}
	for indent := total(cells[:first]); indent > before && start < first; start++ {
		indent -= cells[start].columns
	}
	for stop > start+1 && total(cells[start:stop]) > maxWidth {
		stop -= max(1, (total(cells[start:stop])-maxWidth)/4)
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

func within(offset int, ranges []source.Range) bool {
	for _, r := range ranges {
		if offset >= r.Start && offset < r.End {
			return true
		}
	}
	return false
}

// secretRanges are the places of every secret that any finding of the report
// points at, by file: no frame may show them, whatever it is about. The places
// that fed the value count too.
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
	return secrets
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
