package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/internal/allocation"
	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/source"
)

// onOneLine is a report of n findings in a minified template.
func onOneLine(n int) *finding.Report {
	const each = `"B0000":{"Type":"AWS::SNS::Topic","Properties":{"TopicName":"日本"}},`
	file := source.NewFile("t.json", []byte(strings.Repeat(each, n)))
	r := many(n)
	for i := range r.Findings {
		at := source.Range{File: file, Start: i * len(each), End: i*len(each) + len(`"B0000"`)}
		r.Findings[i].Location = finding.NewLocation(at, file.Path)
		r.Findings[i].Secret = i%10 == 0
	}
	return r
}

// Findings on one line cost what those on many lines do: no format looks at
// the whole line, or writes it, for each of them.
func TestFindingsOnOneLineGrowInProportion(t *testing.T) {
	least := 1000
	if testing.Short() {
		least = 100
	}
	for _, format := range Names() {
		write, err := Format(format)
		if err != nil {
			t.Fatal(err)
		}
		var bytes, text [3]int
		for i := range bytes {
			r := onOneLine(least << i)
			bytes[i] = int(allocation.Of(func() { text[i] = len(render(t, write, r, everything)) }))
		}
		for i := range 2 {
			if float64(bytes[i+1]) > 2.6*float64(bytes[i]) || float64(text[i+1]) > 2.2*float64(text[i]) {
				t.Errorf("%s: %d findings, twice and four times as many allocate %v and write %v bytes", format, least, bytes, text)
			}
		}
	}
}

func TestLongLineShowsAWindow(t *testing.T) {
	far := func(s string) string { return strings.Repeat(s, 10_000) }
	for _, c := range []struct{ name, left, marked, right, source string }{
		{"text", far("x"), "here", far("y"), "… " + strings.Repeat("x", before) + "here" + strings.Repeat("y", maxWidth-before-4) + " …"},
		{"wide", far("日"), "語", far("本"), "… " + strings.Repeat("日", before/2) + "語" + strings.Repeat("本", (maxWidth-before)/2-1) + " …"},
		{"escapes", far("\x1b"), "here", far("\u202e"), "… " + strings.Repeat(`\x1b`, before/4) + "here" + strings.Repeat(`\u{202e}`, (maxWidth-before-4)/8) + " …"},
		{"not UTF-8", far("\xe2\x82"), "here", "", "… " + strings.Repeat(`\xe2\x82`, before/8) + "here"},
		{"start", "", "here", far("y"), "here" + strings.Repeat("y", maxWidth-4) + " …"},
		{"end", far("x"), "here", "", "… " + strings.Repeat("x", before) + "here"},
		{"secrets", "a" + far("s"), "here", far("s") + "b", "a" + mask + "here" + mask + "b"},
		{"marks without width", far("\u0301"), "here", far("\u0301"), "… " + strings.Repeat("\u0301", reach) + "here" + strings.Repeat("\u0301", reach-3) + " …"},
		{"all of it", "", far("x"), "", strings.Repeat("x", maxWidth) + " …"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := source.NewFile("t.json", []byte(c.left+c.marked+c.right+"\nnext\n"))
			at := source.Range{File: f, Start: len(c.left), End: len(c.left + c.marked)}
			var secrets []source.Range
			if c.name == "secrets" {
				secrets = []source.Range{{File: f, Start: 1, End: at.Start}, {File: f, Start: at.End, End: len(f.Data) - len("b\nnext\n")}}
			}
			got := newFrame(at, secrets)
			if got.source != c.source {
				t.Errorf("got\n%s\nwant\n%s", got.source, c.source)
			}
			page := sourceFrame(at, secrets)
			if text := page[0].Before + page[0].Marked + page[0].After; len(page) != 1 || text != c.source {
				t.Errorf("the page shows %d lines, the first is\n%s\nwant\n%s", len(page), text, c.source)
			}
			marked := min(len(c.marked), maxWidth)
			if c.name == "wide" {
				marked = 2
			}
			if got.carets != marked || fmt.Sprint(page[0].Marked) != c.marked[:min(len(c.marked), maxWidth)] {
				t.Errorf("%d carets, %q is marked", got.carets, page[0].Marked)
			}
			if prefix, _, _ := strings.Cut(c.source, c.marked[:1]); c.name != "all of it" && total(cellsOf(prefix)) != got.indent {
				t.Errorf("the carets stand %d columns from the left, want %d", got.indent, total(cellsOf(prefix)))
			}
		})
	}
}

func cellsOf(text string) []cell {
	var out []cell
	for _, r := range text {
		out = append(out, newCell(r, string(r)))
	}
	return out
}

// Secrets are looked up, not gone through: a file may hold thousands.
func TestSecretsThatTouchAreOne(t *testing.T) {
	f := source.NewFile("t.json", []byte("0123456789"))
	at := func(start, end int) source.Range { return source.Range{File: f, Start: start, End: end} }
	got := apart([]source.Range{at(7, 8), at(1, 4), at(2, 3), at(4, 6), at(9, 9)})
	if want := []source.Range{at(1, 6), at(7, 8)}; fmt.Sprint(got) != fmt.Sprint(want) || len(got) != len(want) {
		t.Errorf("got %v", got)
	}
	for offset, hidden := range map[int]bool{0: false, 1: true, 5: true, 6: false, 7: true, 8: false, 9: false} {
		if _, ok := covering(offset, got); ok != hidden {
			t.Errorf("offset %d is hidden: %v", offset, ok)
		}
	}
}
