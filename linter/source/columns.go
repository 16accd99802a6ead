package source

import (
	"sort"
	"sync"
	"unicode/utf8"
)

// stride is how many bytes lie between two marks. No conversion reads more
// than that of a line, be it a whole minified template.
const stride = 256

// columns knows how many code points stand before some places of a file, so
// that a column is counted from the nearest of them and not from the line's
// start. Most files have short lines and never need it.
type columns struct {
	once  sync.Once
	marks []mark
}

// mark is a place where a code point begins, and how many begin before it.
type mark struct{ offset, points int }

func (c *columns) of(f *File) []mark {
	c.once.Do(func() {
		f.scanned.Add(int64(len(f.Data)))
		points := 0
		for at := 0; at < len(f.Data); points++ {
			if at >= len(c.marks)*stride {
				c.marks = append(c.marks, mark{at, points})
			}
			if f.Data[at] < utf8.RuneSelf {
				at++
				continue
			}
			_, size := utf8.DecodeRune(f.Data[at:])
			at += size
		}
	})
	return c.marks
}

// points is the number of code points before an offset of the file.
func (f *File) points(offset int) int {
	marks := f.columns.of(f)
	i := sort.Search(len(marks), func(i int) bool { return marks[i].offset > offset }) - 1
	if i < 0 {
		return 0
	}
	return marks[i].points + f.count(marks[i].offset, offset)
}

// count is the number of code points in Data[start:end], read one by one.
func (f *File) count(start, end int) int {
	f.scanned.Add(int64(end - start))
	return utf8.RuneCount(f.Data[start:end])
}

// between is the number of code points in Data[start:end], where one begins at
// start.
func (f *File) between(start, end int) int {
	if end-start <= stride {
		return f.count(start, end)
	}
	return f.points(end) - f.points(start)
}

// after is the offset n code points after start, and at most end.
func (f *File) after(start, n, end int) int {
	if end-start > stride && n > stride {
		target := f.points(start) + n
		marks := f.columns.of(f)
		i := sort.Search(len(marks), func(i int) bool { return marks[i].points > target || marks[i].offset > end }) - 1
		if i >= 0 && marks[i].offset > start {
			start, n = marks[i].offset, target-marks[i].points
		}
	}
	at := start
	for ; n > 0 && at < end; n-- {
		_, size := utf8.DecodeRune(f.Data[at:])
		at += size
	}
	f.scanned.Add(int64(at - start))
	return at
}
