package source

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

// plainPosition and plainOffset count from the line's start: what the marks
// must agree with.
func plainPosition(data []byte, offset int) Position {
	start := strings.LastIndexByte(string(data[:offset]), '\n') + 1
	return Position{Line: strings.Count(string(data[:offset]), "\n") + 1, Column: utf8.RuneCount(data[start:offset]) + 1}
}

func plainOffset(data []byte, p Position) int {
	at := 0
	for line := 1; line < p.Line; line++ {
		at += strings.IndexByte(string(data[at:]), '\n') + 1
	}
	for column := 1; column < p.Column && at < len(data) && data[at] != '\n'; column++ {
		_, size := utf8.DecodeRune(data[at:])
		at += size
	}
	return at
}

// longLines holds what makes counting hard: wide and broken code points at any
// place, and lines of every length.
func longLines() []byte {
	random := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"a", "bc", "é", "日", "😀", "\xff", "\xe2\x82", "\r", "e\u0301"}
	var b strings.Builder
	for _, length := range []int{0, 3, stride - 1, stride, stride + 1, 3 * stride, 10 * stride, 1} {
		for range length {
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		b.WriteByte('\n')
	}
	b.WriteString(strings.Repeat("x日", stride))
	return []byte(b.String())
}

func TestLongLinesCountAsShortOnes(t *testing.T) {
	data := longLines()
	f := NewFile("t.json", data)
	for offset := 0; offset <= len(data); offset += 7 {
		want := plainPosition(data, offset)
		if got := f.Position(offset); got != want {
			t.Fatalf("Position(%d) = %v, want %v", offset, got, want)
		}
		for _, p := range []Position{want, {want.Line, want.Column + stride}, {want.Line, 1 << 30}} {
			if got, want := f.Offset(p), plainOffset(data, p); got != want {
				t.Fatalf("Offset(%v) = %d, want %d", p, got, want)
			}
		}
	}
}

// A line of n resources costs n times what one of them costs.
func TestPositionsOnOneLineGrowInProportion(t *testing.T) {
	scanned := func(resources int) int64 {
		const each = `"Bücher0000":{"Type":"AWS::S3::Bucket"},`
		f := NewFile("t.json", []byte(strings.Repeat(each, resources)))
		for i := range resources {
			f.Offset(f.Position(i * len(each)))
		}
		return f.scanned.Load()
	}
	for n := 1000; n <= 2000; n *= 2 {
		if once, twice := scanned(n), scanned(2*n); float64(twice) > 2.1*float64(once) {
			t.Errorf("%d resources on one line read %d bytes, %d read %d", n, once, 2*n, twice)
		}
	}
}
