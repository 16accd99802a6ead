package source

import (
	"bytes"
	"sync"
)

// Comment is a comment of a file: the bytes from its sign to its end, without
// the line break after it.
type Comment struct{ Start, End int }

// commentsOf keeps a file's comments beside it.
type commentsOf struct {
	mu   sync.Mutex
	find func() []Comment
	kept []Comment
}

// FindComments tells how the comments of the file are found. The front end
// that parses it says so; nobody may want them, so they are found when first
// asked for. The first call counts.
func (f *File) FindComments(find func() []Comment) {
	f.comments.mu.Lock()
	defer f.comments.mu.Unlock()
	if f.comments.find == nil && f.comments.kept == nil {
		f.comments.find = find
	}
}

// Comments are the comments of the file in the order they are written; none
// before a front end has parsed it. Callers must not change them.
func (f *File) Comments() []Comment {
	f.comments.mu.Lock()
	defer f.comments.mu.Unlock()
	if find := f.comments.find; find != nil {
		f.comments.kept, f.comments.find = find(), nil
		if f.comments.kept == nil {
			f.comments.kept = []Comment{}
		}
	}
	return f.comments.kept
}

// LineStarts are the byte offsets at which lines start, by every line break
// that YAML 1.1 has (https://yaml.org/spec/1.1/#b-line-feed): beside \n and
// \r\n a \r alone, and Unicode's NEL, LS and PS.
func LineStarts(data []byte) []int {
	starts := []int{0}
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case c == '\n':
		case c == '\r':
			if i+1 < len(data) && data[i+1] == '\n' {
				i++
			}
		case c == 0xC2 && bytes.HasPrefix(data[i:], []byte("\u0085")):
			i++
		case c == 0xE2 && (bytes.HasPrefix(data[i:], []byte("\u2028")) || bytes.HasPrefix(data[i:], []byte("\u2029"))):
			i += 2
		default:
			continue
		}
		starts = append(starts, i+1)
	}
	return starts
}

// Request is a request to silence findings that stands in a template's
// metadata, as it is written there.
type Request struct {
	Peer   string   // the tool whose spelling it is; "" is demarc's own
	Rules  []string // ids of rules or of a peer's
	Reason string
	Owner  string
	Until  string // a date, or ""
	// Problem says why it cannot be read, or is "".
	Problem string
	// At is where it stands, Covers what it is about.
	At, Covers Range
}
