package cloudformation

import (
	"errors"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/demarc-dev/demarc/linter/source"
)

// parseJSON reads JSON (RFC 8259) with the byte offsets of everything. The
// YAML parser would not do: it refuses `\/` and surrogate pairs.
func parseJSON(f *source.File) (n *node, duplicates []syntaxError, err error) {
	r := &jsonReader{reader: reader{file: f, data: f.Data}, at: bomLength(f.Data)}
	defer recoverSyntax(&n, &err)
	n = r.value(0)
	if r.space(); r.at < len(r.data) {
		r.unexpected("the end of the file")
	}
	return n, r.duplicates, nil
}

// recoverSyntax turns reader.fail's panic into an error.
func recoverSyntax(n **node, err *error) {
	switch p := recover().(type) {
	case nil:
	case *syntaxError:
		*n, *err = nil, p
	default:
		panic(p)
	}
}

type jsonReader struct {
	reader
	at int
}

func (r *jsonReader) space() {
	for r.at < len(r.data) {
		switch r.data[r.at] {
		case ' ', '\t', '\n', '\r':
			r.at++
		default:
			return
		}
	}
}

// peek returns the next byte, or 0 at the end.
func (r *jsonReader) peek() byte {
	if r.at < len(r.data) {
		return r.data[r.at]
	}
	return 0
}

func (r *jsonReader) unexpected(wanted string) {
	if r.at >= len(r.data) {
		r.fail(len(r.data), len(r.data), "this is no valid JSON: it ends where %s is expected", wanted)
	}
	_, size := utf8.DecodeRune(r.data[r.at:])
	r.fail(r.at, r.at+size, "this is no valid JSON: %q stands where %s is expected", r.data[r.at:r.at+size], wanted)
}

func (r *jsonReader) value(depth int) *node {
	r.space()
	if depth > maxDepth {
		r.fail(r.at, r.at+1, "the template is nested more than %d levels deep", maxDepth)
	}
	n := &node{file: r.file, start: r.at}
	switch c := r.peek(); {
	case c == '{':
		r.object(n, depth)
	case c == '[':
		r.array(n, depth)
	case c == '"':
		n.kind, n.text = stringNode, r.str()
	case c == '-' || c >= '0' && c <= '9':
		n.kind, n.text = numberNode, r.number()
	case r.word("true"):
		n.kind, n.text = boolNode, "true"
	case r.word("false"):
		n.kind, n.text = boolNode, "false"
	case r.word("null"):
		n.kind = nullNode
	default:
		r.unexpected("a value")
	}
	n.end = r.at
	return n
}

func (r *jsonReader) word(w string) bool {
	if len(r.data)-r.at < len(w) || string(r.data[r.at:r.at+len(w)]) != w {
		return false
	}
	r.at += len(w)
	return true
}

func (r *jsonReader) object(n *node, depth int) {
	n.kind = mappingNode
	var seen map[string]int
	r.at++
	for r.space(); r.peek() != '}'; {
		if r.peek() != '"' {
			r.unexpected("a key in double quotes")
		}
		p := pair{start: r.at}
		p.name = r.str()
		p.end = r.at
		if r.space(); r.peek() != ':' {
			r.unexpected(`":"`)
		}
		r.at++
		p.value = r.value(depth + 1)
		r.add(n, p, &seen)
		if !r.more('}') {
			break
		}
	}
	r.at++
}

func (r *jsonReader) array(n *node, depth int) {
	n.kind = sequenceNode
	r.at++
	for r.space(); r.peek() != ']'; {
		n.items = append(n.items, r.value(depth+1))
		if !r.more(']') {
			break
		}
	}
	r.at++
}

// more steps over a comma and reports whether there was one.
func (r *jsonReader) more(closing byte) bool {
	r.space()
	switch r.peek() {
	case ',':
		r.at++
		if r.space(); r.peek() == closing {
			r.unexpected("a further member after the comma")
		}
		return true
	case closing:
		return false
	}
	r.unexpected(`"," or "` + string(closing) + `"`)
	return false
}

func (r *jsonReader) number() string {
	start := r.at
	digits := func() {
		from := r.at
		for c := r.peek(); c >= '0' && c <= '9'; c = r.peek() {
			r.at++
		}
		if r.at == from {
			r.unexpected("a digit")
		}
	}
	if r.peek() == '-' {
		r.at++
	}
	if r.peek() == '0' {
		r.at++
	} else {
		digits()
	}
	if r.peek() == '.' {
		r.at++
		digits()
	}
	if c := r.peek(); c == 'e' || c == 'E' {
		r.at++
		if c := r.peek(); c == '+' || c == '-' {
			r.at++
		}
		digits()
	}
	return string(r.data[start:r.at])
}

// str reads a string with its quotes.
func (r *jsonReader) str() string {
	open := r.at
	r.at++
	start := r.at
	for r.at < len(r.data) {
		switch c := r.data[r.at]; {
		case c == '"':
			s := string(r.data[start:r.at])
			r.at++
			return s
		case c == '\\':
			return r.escaped(open, start)
		case c < ' ':
			r.fail(open, r.at, "this is no valid JSON: a string is not closed on its line")
		}
		r.at++
	}
	r.fail(open, len(r.data), "this is no valid JSON: a string is not closed")
	return ""
}

// escaped reads the rest of a string from its first escape on.
func (r *jsonReader) escaped(open, start int) string {
	out := append([]byte(nil), r.data[start:r.at]...)
	for r.at < len(r.data) {
		switch c := r.data[r.at]; {
		case c == '"':
			r.at++
			return string(out)
		case c < ' ':
			r.fail(open, r.at, "this is no valid JSON: a string is not closed on its line")
		case c != '\\':
			out = append(out, c)
			r.at++
		default:
			char, size, err := unescape(r.data[r.at:])
			if err != nil {
				r.fail(r.at, min(r.at+2, len(r.data)), "this is no valid JSON: %v", err)
			}
			out = utf8.AppendRune(out, char)
			r.at += size
		}
	}
	r.fail(open, len(r.data), "this is no valid JSON: a string is not closed")
	return ""
}

var errEscape = errors.New("an unknown escape sequence")

// unescape decodes the escape sequence at the start of data.
func unescape(data []byte) (char rune, size int, err error) {
	if len(data) < 2 {
		return 0, 0, errEscape
	}
	switch data[1] {
	case '"', '\\', '/':
		return rune(data[1]), 2, nil
	case 'b':
		return '\b', 2, nil
	case 'f':
		return '\f', 2, nil
	case 'n':
		return '\n', 2, nil
	case 'r':
		return '\r', 2, nil
	case 't':
		return '\t', 2, nil
	case 'u':
		char, ok := hex4(data)
		if !ok {
			return 0, 0, errEscape
		}
		if utf16.IsSurrogate(char) {
			if len(data) >= 12 && data[6] == '\\' && data[7] == 'u' {
				if low, ok := hex4(data[6:]); ok {
					if joined := utf16.DecodeRune(char, low); joined != utf8.RuneError {
						return joined, 12, nil
					}
				}
			}
			char = utf8.RuneError // a lone surrogate, as encoding/json reads it
		}
		return char, 6, nil
	}
	return 0, 0, errEscape
}

// hex4 reads the digits of \uXXXX.
func hex4(data []byte) (rune, bool) {
	if len(data) < 6 {
		return 0, false
	}
	n, err := strconv.ParseUint(string(data[2:6]), 16, 16)
	return rune(n), err == nil
}
