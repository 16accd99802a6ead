package finding

import (
	"bytes"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/demarc-dev/demarc/linter/source"
)

// comment is one comment of a source file.
type comment struct {
	text       string // with its signs
	start, end int    // bytes; without the line ending
	line       int    // of its start
	endLine    int
	alone      bool // nothing else stands on its lines
}

// comments finds the comments of a file. JSON has none: what suppresses in a
// JSON template stands in its metadata.
func comments(f *source.File) []comment {
	switch {
	case strings.HasSuffix(f.Path, ".json"), bytes.HasPrefix(bytes.TrimSpace(f.Data), []byte("{")):
		return nil
	case strings.HasSuffix(f.Path, ".tf"), strings.HasSuffix(f.Path, ".tofu"),
		strings.HasSuffix(f.Path, ".tfvars"), strings.HasSuffix(f.Path, ".hcl"):
		return hclComments(f)
	}
	return yamlComments(f)
}

func newComment(f *source.File, start, end int) comment {
	c := comment{start: start, end: end, text: string(f.Data[start:end])}
	c.line = f.Position(start).Line
	c.endLine = f.Position(end).Line
	lineStart := f.Offset(source.Position{Line: c.line, Column: 1})
	after := f.Data[end:]
	if i := bytes.IndexByte(after, '\n'); i >= 0 {
		after = after[:i]
	}
	c.alone = len(bytes.TrimSpace(f.Data[lineStart:start])) == 0 && len(bytes.TrimSpace(after)) == 0
	return c
}

func hclComments(f *source.File) []comment {
	// Errors of syntax are the front end's to report; tokens come all the same.
	tokens, _ := hclsyntax.LexConfig(f.Data, f.Path, hcl.InitialPos)
	var out []comment
	for _, t := range tokens {
		if t.Type == hclsyntax.TokenComment {
			text := bytes.TrimRight(t.Bytes, "\r\n")
			out = append(out, newComment(f, t.Range.Start.Byte, t.Range.Start.Byte+len(text)))
		}
	}
	return out
}

// yamlComments reads line by line. It knows quotes and block scalars, whose
// text may hold what looks like a comment (a shell script in user data).
func yamlComments(f *source.File) []comment {
	var out []comment
	var quote byte // the quote that is open, or 0
	blockOf := -1  // the column that owns the open block scalar, or -1
	for number := 1; number <= f.Lines(); number++ {
		offset := f.Offset(source.Position{Line: number, Column: 1})
		line := f.Line(number)
		indent := len(line) - len(strings.TrimLeft(line, " "))
		if blockOf >= 0 {
			if strings.TrimSpace(line) == "" || indent > blockOf {
				continue
			}
			blockOf = -1
		}
		var hash int
		hash, quote = yamlHash(line, quote)
		code := line
		if hash >= 0 {
			code = line[:hash]
			out = append(out, newComment(f, offset+hash, offset+len(strings.TrimRight(line, " \t"))))
		}
		if quote == 0 {
			blockOf = blockScalar(code)
		}
	}
	return out
}

// yamlHash returns where a comment starts in a line, or -1, and the quote that
// is still open at its end.
func yamlHash(line string, quote byte) (int, byte) {
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case quote == '"' && c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '#' && (i == 0 || line[i-1] == ' ' || line[i-1] == '\t'):
			return i, 0
		case (c == '"' || c == '\'') && startsScalar(line[:i]):
			quote = c
		}
	}
	return -1, quote
}

// startsScalar reports whether a quote after this text opens a scalar; inside
// a plain scalar (it's) it is an ordinary character.
func startsScalar(before string) bool {
	text := strings.TrimRight(before, " \t")
	if text == "" {
		return true
	}
	if i := strings.LastIndexAny(text, " \t"); strings.HasPrefix(text[i+1:], "!") {
		return true
	}
	last, rest := text[len(text)-1], text[:len(text)-1]
	afterQuote := strings.HasSuffix(rest, `"`) || strings.HasSuffix(rest, "'")
	switch last {
	case '[', '{':
		return true
	case ',': // separates only inside brackets
		return afterQuote || strings.ContainsAny(rest, "[{")
	case ':', '-', '?':
		return len(text) < len(before) || last == ':' && afterQuote
	}
	return false
}

// blockScalar returns the column that a block scalar opened at the end of a
// line must be indented deeper than, or -1 if none is opened.
func blockScalar(code string) int {
	code = strings.TrimRight(code, " \t")
	i := strings.LastIndexAny(code, " \t")
	sign := code[i+1:]
	if sign == "" || sign[0] != '|' && sign[0] != '>' || strings.Trim(sign[1:], "+-0123456789") != "" {
		return -1
	}
	column := len(code) - len(strings.TrimLeft(code, " "))
	for rest := code[column:]; strings.HasPrefix(rest, "- "); rest = code[column:] {
		inner := column + 2 + len(rest[2:]) - len(strings.TrimLeft(rest[2:], " "))
		if next := code[inner:]; next[0] == '|' || next[0] == '>' || next[0] == '!' {
			break // the item itself is the scalar
		}
		column = inner
	}
	return column
}
