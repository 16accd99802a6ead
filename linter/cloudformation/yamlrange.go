package cloudformation

import (
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// The YAML parser tells where a node starts but not where it ends. The
// functions below find the end by reading the text again: the parser has
// accepted it, so they need not be strict.

// properties steps over tags and anchors. content is where the node itself
// starts, after is where the last property ended.
func (y *yamlReader) properties(start int) (content, after int) {
	at := start
	for after = start; at < len(y.data) && (y.data[at] == '!' || y.data[at] == '&'); at = y.blank(after) {
		verbatim := y.data[at] == '!' && at+1 < len(y.data) && y.data[at+1] == '<'
		for after = at; after < len(y.data); after++ {
			c := y.data[after]
			if verbatim && c == '>' {
				after++
				break
			}
			if c <= ' ' || !verbatim && (c == ',' || c == ']' || c == '}' || c == '[' || c == '{') {
				break
			}
		}
	}
	return at, after
}

// blank steps over white space and comments.
func (y *yamlReader) blank(at int) int {
	for at < len(y.data) {
		switch y.data[at] {
		case ' ', '\t', '\r', '\n':
			at++
		case '#':
			at = y.lineEnd(at)
		default:
			return at
		}
	}
	return at
}

func (y *yamlReader) lineEnd(at int) int {
	for at < len(y.data) && y.data[at] != '\n' && y.data[at] != '\r' {
		at++
	}
	return at
}

// childEnd is where a member of a collection ends in that collection's text.
func (y *yamlReader) childEnd(n *yaml.Node, child *node) int {
	if n.Kind == yaml.AliasNode {
		return y.start(n) + 1 + len(n.Value)
	}
	return child.end
}

// collectionEnd is where a mapping or sequence ends whose last member ends at end.
func (y *yamlReader) collectionEnd(start, end int, n *yaml.Node) int {
	if n.Style&yaml.FlowStyle == 0 || start >= len(y.data) {
		return end
	}
	var closing byte
	switch y.data[start] {
	case '{':
		closing = '}'
	case '[':
		closing = ']'
	default:
		return end // the single pair of [a: b]
	}
	for at := max(start+1, end); at < len(y.data); {
		switch at = y.blank(at); {
		case at >= len(y.data):
		case y.data[at] == closing:
			return at + 1
		case y.data[at] == ',', y.data[at] == ':', y.data[at] == '?':
			at++
			continue
		default:
			return end
		}
	}
	return end
}

// scalarEnd is where a scalar ends.
func (y *yamlReader) scalarEnd(start int, n *yaml.Node) int {
	switch {
	case start >= len(y.data):
		return len(y.data)
	case n.Style&yaml.DoubleQuotedStyle != 0:
		for at := start + 1; at < len(y.data); at++ {
			switch y.data[at] {
			case '\\':
				at++
			case '"':
				return at + 1
			}
		}
		return len(y.data)
	case n.Style&yaml.SingleQuotedStyle != 0:
		for at := start + 1; at < len(y.data); at++ {
			if y.data[at] != '\'' {
				continue
			}
			if at+1 < len(y.data) && y.data[at+1] == '\'' {
				at++
				continue
			}
			return at + 1
		}
		return len(y.data)
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		header := y.lineEnd(start)
		if end := y.match(header, n.Value); end > header {
			return end
		}
		return y.trimLine(start, header)
	}
	return y.match(start, n.Value)
}

// trimLine drops the white space at the end of the line that ends at end.
func (y *yamlReader) trimLine(start, end int) int {
	for end > start && (y.data[end-1] == ' ' || y.data[end-1] == '\t') {
		end--
	}
	return end
}

// match finds the end of text that YAML folded: the source has the same
// characters in the same order, and differs only in white space.
func (y *yamlReader) match(at int, text string) int {
	end := at
	for _, c := range text {
		if isSpace(c) {
			continue
		}
		for at < len(y.data) {
			have, size := utf8.DecodeRune(y.data[at:])
			at += size
			if have == c {
				end = at
				break
			}
			if !isSpace(have) {
				return end
			}
		}
	}
	return end
}

func isSpace(c rune) bool { return c == '\ufeff' || unicode.IsSpace(c) }
