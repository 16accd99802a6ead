package cloudformation

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/demarc-dev/demarc/linter/source"
)

// maxDepth is how deep a template may be nested. CloudFormation's own parser
// gives up far earlier.
const maxDepth = 200

// kind says what a node is.
type kind uint8

const (
	nullNode kind = iota
	boolNode
	numberNode
	stringNode
	mappingNode
	sequenceNode
	// callNode is a YAML short tag: text is the function's long name and
	// items[0] its argument.
	callNode
)

// node is one value of a template with the bytes it was written in. YAML and
// JSON give the same tree. A node that a YAML alias names stands in the tree
// more than once.
type node struct {
	kind kind
	// text is a scalar's content; for numbers and booleans as written, so
	// that nothing is lost where a string is due.
	text string
	// written is a scalar as it stands in the template where YAML reads it as
	// something else (yes, 026); "" where it is the text.
	written string
	items   []*node
	pairs   []pair
	// start and end are byte offsets into file.
	file       *source.File
	start, end int
}

// pair is one member of a mapping.
type pair struct {
	name       string
	start, end int // of the key
	value      *node
	// file is where the key is written if that is not the mapping's own
	// file: an include brought it.
	file *source.File
}

func (n *node) at() source.Range {
	if n == nil {
		return source.Range{}
	}
	return source.Range{File: n.file, Start: n.start, End: n.end}
}

// nameAt is the range of a member's key; n is the mapping that holds it.
func (n *node) nameAt(p *pair) source.Range {
	file := n.file
	if p.file != nil {
		file = p.file
	}
	return source.Range{File: file, Start: p.start, End: p.end}
}

// pair returns a mapping's member, or nil.
func (n *node) pair(name string) *pair {
	if n == nil || n.kind != mappingNode {
		return nil
	}
	for i := range n.pairs {
		if n.pairs[i].name == name {
			return &n.pairs[i]
		}
	}
	return nil
}

// get returns the value of a mapping's member, or nil.
func (n *node) get(name string) *node {
	if p := n.pair(name); p != nil {
		return p.value
	}
	return nil
}

// isScalar reports whether n is text, a number or a boolean.
func (n *node) isScalar() bool {
	return n != nil && (n.kind == stringNode || n.kind == numberNode || n.kind == boolNode)
}

// name is a scalar where text is due and nothing is computed with it.
func (n *node) name() string {
	if n.written != "" {
		return n.written
	}
	return n.text
}

// call takes a function call apart, in its short or its long form. "Condition"
// is a function only where conditions are evaluated, so it counts here only
// as a tag.
func (n *node) call() (name string, argument *node, ok bool) {
	switch {
	case n == nil:
	case n.kind == callNode:
		return n.text, n.items[0], true
	case n.kind == mappingNode && len(n.pairs) == 1:
		name = n.pairs[0].name
		if name == "Ref" || strings.HasPrefix(name, "Fn::") && !strings.HasPrefix(name, forEachPrefix) {
			return name, n.pairs[0].value, true
		}
	}
	return "", nil, false
}

// syntaxError is a file that does not parse.
type syntaxError struct {
	message string
	at      source.Range
}

func (e *syntaxError) Error() string { return e.message }

// reader holds what both parsers share.
type reader struct {
	file *source.File
	data []byte
	// duplicates are keys that a mapping has twice. CloudFormation takes the
	// last, and so does the tree, but nobody means that.
	duplicates []syntaxError
}

// fail stops parsing; parseYAML and parseJSON recover it.
func (r *reader) fail(start, end int, format string, args ...any) {
	panic(&syntaxError{fmt.Sprintf(format, args...), source.Range{File: r.file, Start: start, End: end}})
}

// manyPairs is where looking for duplicate keys by a map beats a scan.
const manyPairs = 12

// add appends a member to a mapping, or replaces the one of the same name and
// notes it. seen is nil until the mapping is large.
func (r *reader) add(n *node, p pair, seen *map[string]int) {
	found := -1
	if len(n.pairs) < manyPairs {
		for i := range n.pairs {
			if n.pairs[i].name == p.name {
				found = i
			}
		}
	} else {
		if *seen == nil {
			*seen = make(map[string]int, 2*len(n.pairs))
			for i := range n.pairs {
				(*seen)[n.pairs[i].name] = i
			}
		}
		if i, ok := (*seen)[p.name]; ok {
			found = i
		}
	}
	if found < 0 {
		if *seen != nil {
			(*seen)[p.name] = len(n.pairs)
		}
		n.pairs = append(n.pairs, p)
		return
	}
	first := r.file.Position(n.pairs[found].start).Line
	second := r.file.Position(p.start).Line
	r.duplicates = append(r.duplicates, syntaxError{
		fmt.Sprintf("%q is written twice, in lines %d and %d; CloudFormation takes the last: remove one", p.name, first, second),
		source.Range{File: r.file, Start: p.start, End: p.end},
	})
	n.pairs[found] = p
}

// parse reads a template's text as JSON or YAML.
func parse(f *source.File) (*node, []syntaxError, error) {
	if err := unparsable(f); err != nil {
		return nil, nil, err
	}
	if looksLikeJSON(f.Data) {
		n, duplicates, err := parseJSON(f)
		if err == nil {
			return n, duplicates, nil
		}
		// A template that is no JSON may still be YAML's flow style, with
		// comments or single quotes. If it is neither, the JSON parser
		// knows better what is wrong.
		if n, duplicates, yamlErr := parseYAML(f); yamlErr == nil {
			return n, duplicates, nil
		}
		return nil, nil, err
	}
	return parseYAML(f)
}

// maxNodes is how many values one file may hold, which is some ten times what
// the largest template that CloudFormation takes has.
const maxNodes = 400_000

// unparsable is why a file is not given to a parser, or nil: one recurses at each
// bracket, the other needs some hundred bytes for each byte of a dense list.
func unparsable(f *source.File) error {
	depth, values, lines := 0, 0, 0
	for i, c := range f.Data {
		switch c {
		case '[', '{':
			values++
			if depth++; depth > deepBrackets {
				return &syntaxError{fmt.Sprintf("the template is nested more than %d levels deep", maxDepth), source.Range{File: f, Start: i, End: i + 1}}
			}
		case ']', '}':
			depth = max(0, depth-1)
		case ',':
			values++
		case '\n':
			lines++
		}
	}
	if !looksLikeJSON(f.Data) {
		values += lines
	}
	if values > maxNodes {
		return &syntaxError{fmt.Sprintf("the file holds more than %d values: split it to have it analysed", maxNodes), source.Range{File: f}}
	}
	return nil
}

// deepBrackets is where brackets nest too deeply even if some of them stand in texts.
const deepBrackets = 4 * maxDepth

// document is what parsing a file gave.
type document struct {
	root       *node
	duplicates []syntaxError
	err        error
}

type documentKey struct{}

// parseOnce parses a file whose content is known already only if includes
// change the tree, which are put where they stand.
func parseOnce(f *source.File) (*node, []syntaxError, error) {
	if bytes.Contains(f.Data, []byte(includeName)) {
		return parse(f)
	}
	d := source.Memo(f, documentKey{}, func() (d document) {
		d.root, d.duplicates, d.err = parse(f)
		seal(d.root, map[*node]bool{})
		return d
	})
	return d.root, d.duplicates, d.err
}

// seal leaves no room behind a tree's lists: what is appended to one is a list
// of its own then, and the tree can serve several evaluators at a time.
func seal(n *node, sealed map[*node]bool) {
	if n == nil || sealed[n] {
		return
	}
	if len(n.items)+len(n.pairs) == 0 {
		return
	}
	sealed[n] = true
	n.items, n.pairs = slices.Clip(n.items), slices.Clip(n.pairs)
	for _, item := range n.items {
		seal(item, sealed)
	}
	for _, p := range n.pairs {
		seal(p.value, sealed)
	}
}

// looksLikeJSON reports whether the first thing in data is a brace or bracket.
func looksLikeJSON(data []byte) bool {
	for _, c := range data[bomLength(data):] {
		switch c {
		case ' ', '\t', '\r', '\n':
		default:
			return c == '{' || c == '['
		}
	}
	return false
}

// bomLength is the length of a leading UTF-8 byte order mark.
func bomLength(data []byte) int {
	if len(data) >= 3 && data[0] == 0xEF && data[1] == 0xBB && data[2] == 0xBF {
		return 3
	}
	return 0
}
