// Package source reads the scanned tree: files, byte ranges, ignore rules,
// size limits. Everything else in demarc reads files through it, so that
// nothing outside the confinement root is ever opened.
package source

import (
	"bytes"
	"sort"
	"sync"
	"sync/atomic"
)

// File is one file of the scanned tree.
type File struct {
	// Path is relative to the confinement root, with forward slashes.
	Path string
	// Data is the whole content.
	Data []byte

	once    sync.Once
	lines   []int // byte offset at which each line starts
	columns columns
	scanned atomic.Int64 // bytes read to convert offsets and positions

	comments commentsOf
	memos    sync.Map      // what was made of the content, by key
	made     *atomic.Int64 // counts them, in a Store
}

// NewFile returns a file that is not on disk, as tests and standard input need.
func NewFile(path string, data []byte) *File { return &File{Path: path, Data: data} }

func (f *File) starts() []int {
	f.once.Do(func() {
		f.scanned.Add(int64(len(f.Data)))
		f.lines = append(f.lines, 0)
		ending := byte('\n')
		if bytes.IndexByte(f.Data, ending) < 0 {
			ending = '\r' // as old editors of the Macintosh write it
		}
		for i, b := range f.Data {
			if b == ending {
				f.lines = append(f.lines, i+1)
			}
		}
	})
	return f.lines
}

// Position is a place in a file. Both numbers are 1-based; Column counts
// Unicode code points.
type Position struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// Position converts a byte offset. Offsets outside the file are clamped.
func (f *File) Position(offset int) Position {
	offset = max(0, min(offset, len(f.Data)))
	starts := f.starts()
	line := sort.SearchInts(starts, offset+1) - 1
	return Position{Line: line + 1, Column: f.between(starts[line], offset) + 1}
}

// Offset converts a position to a byte offset, clamped to its line.
func (f *File) Offset(p Position) int {
	starts := f.starts()
	if p.Line < 1 {
		return 0
	}
	if p.Line > len(starts) {
		return len(f.Data)
	}
	return f.after(starts[p.Line-1], p.Column-1, f.lineEnd(p.Line))
}

// lineEnd is the offset of a line's break, or of the file's end. The line exists.
func (f *File) lineEnd(n int) int {
	if starts := f.starts(); n < len(starts) {
		return starts[n] - 1
	}
	return len(f.Data)
}

// Lines returns the number of lines.
func (f *File) Lines() int { return len(f.starts()) }

// Line returns the text of a 1-based line without its line ending, or "".
func (f *File) Line(n int) string {
	at := f.LineRange(n)
	return string(f.Data[at.Start:at.End])
}

// LineRange returns the bytes of a 1-based line without its line ending. It is
// empty for a line that the file does not have.
func (f *File) LineRange(n int) Range {
	starts := f.starts()
	if n < 1 || n > len(starts) {
		return Range{File: f}
	}
	start, end := starts[n-1], f.lineEnd(n)
	if end > start && f.Data[end-1] == '\r' {
		end--
	}
	return Range{File: f, Start: start, End: end}
}

// Range is a half-open span of bytes in a file. The zero Range means "nowhere".
type Range struct {
	File       *File
	Start, End int
}

// Valid reports whether the range points into a file.
func (r Range) Valid() bool { return r.File != nil }

// StartPosition is the position of the first byte.
func (r Range) StartPosition() Position { return r.File.Position(r.Start) }

// EndPosition is the position after the last byte.
func (r Range) EndPosition() Position { return r.File.Position(r.End) }

// Contains reports whether o lies inside r, in the same file.
func (r Range) Contains(o Range) bool {
	return r.Valid() && r.File == o.File && r.Start <= o.Start && o.End <= r.End
}

// Through returns the span from the start of r to the end of o. Where one of
// them is nowhere or they lie in different files, it is the other, or r.
func (r Range) Through(o Range) Range {
	switch {
	case !r.Valid():
		return o
	case r.File != o.File || o.End < r.Start:
		return r
	}
	return Range{File: r.File, Start: r.Start, End: max(r.End, o.End)}
}
