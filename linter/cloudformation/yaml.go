package cloudformation

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/demarc-dev/demarc/linter/source"
)

// maxAliased is how many nodes aliases may add to a template when they are
// written out. "Billion laughs" needs more; people need a few dozen.
const maxAliased = 200_000

// parseYAML reads the first document of a YAML file that says anything. A
// further one is noted with the duplicates: CloudFormation takes one only.
func parseYAML(f *source.File) (n *node, duplicates []syntaxError, err error) {
	document, further, err := documents(f)
	if err != nil {
		return nil, nil, err
	}
	y := &yamlReader{
		reader: reader{file: f, data: f.Data},
		lines:  source.LineStarts(f.Data),
		known:  map[*yaml.Node]*anchored{},
	}
	y.lines[0] = bomLength(f.Data)
	defer recoverSyntax(&n, &err)
	if len(document.Content) == 0 {
		return &node{file: f}, nil, nil
	}
	n = y.convert(document.Content[0], 0)
	end := len(f.Data)
	if further != nil {
		at := y.start(further)
		end = at
		y.duplicates = append(y.duplicates, syntaxError{
			"a second YAML document starts here; CloudFormation takes one a file, and only the first is judged: move this one to a file of its own",
			source.Range{File: f, Start: at, End: y.lineEnd(at)},
		})
	}
	hidden := y.hidden
	f.FindComments(func() []source.Comment { return yamlComments(f, hidden, end) })
	return n, y.duplicates, nil
}

// documents finds the first document with content, and the one after it; nil
// where there is none.
func documents(f *source.File) (first, second *yaml.Node, err error) {
	data := withoutDirective(f.Data)
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	several := separator.Match(data)
	for {
		var document yaml.Node
		switch err := decoder.Decode(&document); {
		case errors.Is(err, io.EOF):
			if first == nil {
				first = &yaml.Node{}
			}
			return first, nil, nil
		case err != nil:
			return nil, nil, yamlError(f, err)
		}
		if len(document.Content) == 0 || document.Content[0].Tag == "!!null" {
			continue
		}
		if first != nil {
			return first, document.Content[0], nil
		}
		first = &document
		if !several {
			return first, nil, nil
		}
	}
}

// separator is where a YAML document may end before the file does.
var separator = regexp.MustCompile(`(?:^|[\r\n])(?:---|\.\.\.)(?:[ \t\r\n]|$)`)

var directive = regexp.MustCompile(`^\x{FEFF}?(?:[ \t]*(?:#[^\r\n]*)?[\r\n]+)*(%YAML[ \t])`)

// withoutDirective makes a comment of a %YAML directive: the parser refuses
// any version but 1.1, and CloudFormation reads all as that.
func withoutDirective(data []byte) []byte {
	m := directive.FindSubmatchIndex(data)
	if m == nil {
		return data
	}
	out := bytes.Clone(data)
	out[m[2]] = '#'
	return out
}

var (
	yamlErrorLine = regexp.MustCompile(`^(?:yaml: )?(?:line (\d+): )?(.*)`)
	// The YAML parser counts lines from 0 in these messages, from 1 in others.
	yamlErrorFromZero = regexp.MustCompile(`^did not find expected (key|node content|<document start>|'-' indicator|',' or)`)
)

// yamlError gives the YAML parser's message a place.
func yamlError(f *source.File, err error) error {
	m := yamlErrorLine.FindStringSubmatch(err.Error())
	line, _ := strconv.Atoi(m[1])
	if line == 0 || yamlErrorFromZero.MatchString(m[2]) {
		line++
	}
	at := source.Range{File: f, Start: f.Offset(source.Position{Line: line, Column: 1})}
	at.End = at.Start + len(f.Line(line))
	return &syntaxError{"this is no valid YAML, here or in what starts here: " + m[2], at}
}

// yamlReader turns YAML nodes, which know the line and column they start at,
// into nodes that know their first and last byte.
type yamlReader struct {
	reader
	lines []int // byte offset of each line's start, by YAML's line breaks
	known map[*yaml.Node]*anchored
	// hidden are the scalars that have a #, in the order they are written.
	hidden []span
	// aliased counts the nodes that aliases added, deepest is the greatest
	// depth of the subtree being read.
	count, aliased, deepest int
	// The place looked up last: nodes come in the order they are written, so
	// looking up goes on from there and a long line is not read again and again.
	line, column, offset int
}

// anchored is a node that aliases may name. node is nil while it is read.
type anchored struct {
	node         *node
	size, height int
}

// start is the byte offset of a YAML node.
func (y *yamlReader) start(n *yaml.Node) int {
	line, column := n.Line, n.Column
	if line < 1 || line > len(y.lines) {
		return len(y.data)
	}
	if line != y.line || column < y.column {
		y.line, y.column, y.offset = line, 1, y.lines[line-1]
	}
	for ; y.column < column && y.offset < len(y.data); y.column++ {
		_, size := utf8.DecodeRune(y.data[y.offset:])
		y.offset += size
	}
	return y.offset
}

func (y *yamlReader) convert(n *yaml.Node, depth int) *node {
	y.deepest = max(y.deepest, depth)
	if n.Kind == yaml.AliasNode {
		return y.alias(n, depth)
	}
	start := y.start(n)
	if depth > maxDepth {
		y.fail(start, start, "the template is nested more than %d levels deep", maxDepth)
	}
	y.count++
	var entry *anchored
	outer := y.deepest
	if n.Anchor != "" {
		entry = &anchored{size: y.count - 1}
		y.known[n], y.deepest = entry, depth
	}
	out := y.tagged(n, start, depth)
	if entry != nil {
		entry.node, entry.size, entry.height = out, y.count-entry.size, y.deepest-depth
		y.deepest = max(y.deepest, outer)
	}
	return out
}

// alias returns the node that an alias names.
func (y *yamlReader) alias(n *yaml.Node, depth int) *node {
	start := y.start(n)
	end := start + 1 + len(n.Value)
	entry := y.known[n.Alias]
	if entry == nil || entry.node == nil {
		y.fail(start, end, "the alias *%s contains itself", n.Value)
	}
	y.count += entry.size
	if y.aliased += entry.size; y.aliased > maxAliased {
		y.fail(start, end, "the YAML aliases stand for more than %d values: write the template out", maxAliased)
	}
	if y.deepest = max(y.deepest, depth+entry.height); y.deepest > maxDepth {
		y.fail(start, end, "the template is nested more than %d levels deep", maxDepth)
	}
	return entry.node
}

// tagged reads a node that may have a short tag: !Sub text is {"Fn::Sub": text}.
func (y *yamlReader) tagged(n *yaml.Node, start, depth int) *node {
	content, after := y.properties(start)
	name, isCall := functionOfTag(n)
	out := &node{file: y.file, start: content}
	if n.Kind == yaml.ScalarNode && n.Value == "" && plainStyle(n) {
		out.start = after
	}
	switch n.Kind {
	case yaml.MappingNode:
		y.mapping(out, n, depth)
	case yaml.SequenceNode:
		y.sequence(out, n, depth)
	default:
		y.scalar(out, n)
	}
	if !isCall {
		return out
	}
	return &node{file: y.file, kind: callNode, text: name, items: []*node{out}, start: start, end: out.end}
}

// functionOfTag gives the function that a YAML short tag stands for.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
func functionOfTag(n *yaml.Node) (name string, ok bool) {
	if n.Style&yaml.TaggedStyle == 0 || !strings.HasPrefix(n.Tag, "!") || strings.HasPrefix(n.Tag, "!!") {
		return "", false
	}
	switch name = n.Tag[1:]; name {
	case "Ref", "Condition":
		return name, true
	}
	return "Fn::" + strings.TrimPrefix(name, "Fn::"), true
}

func plainStyle(n *yaml.Node) bool {
	return n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0
}

func (y *yamlReader) scalar(out *node, n *yaml.Node) {
	out.kind, out.text = stringNode, n.Value
	switch explicit := n.Style&yaml.TaggedStyle != 0; {
	case explicit && n.Tag == "!!null":
		out.kind = nullNode
	case explicit && n.Tag == "!!str":
	case explicit && (n.Tag == "!!int" || n.Tag == "!!float" || n.Tag == "!!bool"), plainStyle(n):
		if out.kind, out.text = plain(n.Value); out.text != n.Value {
			out.written = n.Value
		}
	}
	out.end = y.scalarEnd(out.start, n)
	y.hide(out, n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0)
}

// plain resolves a scalar without quotes as CloudFormation does, by YAML 1.1:
// yes and off are booleans, 026 is 22. But 2012-10-17 is a policy version and
// no date, and 012345670123 an account and no number.
// https://yaml.org/type/bool.html, https://yaml.org/type/int.html,
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
func plain(written string) (k kind, text string) {
	switch written {
	case "", "~", "null", "Null", "NULL":
		return nullNode, written
	case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON":
		return boolNode, "true"
	case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF":
		return boolNode, "false"
	}
	if isNumber(written) {
		return numberNode, written
	}
	if decimal, ok := integer(written); ok {
		return numberNode, decimal
	}
	return stringNode, written
}

// integers are YAML 1.1's integers beside the plain decimal ones.
var integers = regexp.MustCompile(`^[-+]?(0b[01_]+|0x[0-9a-fA-F_]+|0[0-7_]+|[1-9][0-9_]*)$`)

// integer reads an integer with a sign, underscores or another base as decimal
// digits. Twelve digits are an account.
func integer(written string) (decimal string, ok bool) {
	const account = 12
	if !integers.MatchString(written) || len(written) == account && allDigits(written) {
		return "", false
	}
	digits, base := strings.ReplaceAll(strings.TrimPrefix(written, "+"), "_", ""), 0
	if strings.TrimLeft(digits, "-0") == "" {
		return "0", true
	}
	n, err := strconv.ParseInt(digits, base, 64)
	return strconv.FormatInt(n, 10), err == nil
}

// isNumber reports whether text is a decimal number without leading zeros or
// an exponent: -?(0|[1-9][0-9]*)(\.[0-9]+)?
func isNumber(text string) bool {
	whole, fraction, hasFraction := strings.Cut(strings.TrimPrefix(text, "-"), ".")
	if !allDigits(whole) || len(whole) > 1 && whole[0] == '0' {
		return false
	}
	return !hasFraction || allDigits(fraction)
}

func allDigits(text string) bool {
	for i := 0; i < len(text); i++ {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}

func (y *yamlReader) sequence(out *node, n *yaml.Node, depth int) {
	out.kind = sequenceNode
	out.items = make([]*node, 0, len(n.Content))
	end := out.start
	for _, item := range n.Content {
		child := y.convert(item, depth+1)
		out.items = append(out.items, child)
		end = max(end, y.childEnd(item, child))
	}
	out.end = y.collectionEnd(out.start, end, n)
}

func (y *yamlReader) mapping(out *node, n *yaml.Node, depth int) {
	out.kind = mappingNode
	out.pairs = make([]pair, 0, len(n.Content)/2)
	end := out.start
	var seen map[string]int
	var merged []*node
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		key := y.convert(k, depth+1)
		keyStart, keyEnd := key.start, key.end
		if k.Kind == yaml.AliasNode {
			keyStart = y.start(k)
			keyEnd = keyStart + 1 + len(k.Value)
		}
		if key.kind > stringNode {
			y.fail(keyStart, keyEnd, "a key must be text")
		}
		value := y.convert(n.Content[i+1], depth+1)
		end = max(end, keyEnd, y.childEnd(n.Content[i+1], value))
		if k.Tag == "!!merge" {
			merged = append(merged, y.mergeSources(value, keyStart, keyEnd)...)
			continue
		}
		y.add(out, pair{name: keyText(k, key), start: keyStart, end: keyEnd, value: value}, &seen)
	}
	own := len(out.pairs)
	for _, from := range merged {
		for _, p := range from.pairs {
			if out.pair(p.name) == nil {
				out.pairs = append(out.pairs, p)
			}
		}
	}
	if own < len(out.pairs) && y.aliased+len(out.pairs) > maxAliased {
		y.fail(out.start, end, "the YAML aliases stand for more than %d values: write the template out", maxAliased)
	}
	out.end = y.collectionEnd(out.start, end, n)
}

// keyText is a key as it is written: a key is always text.
func keyText(k *yaml.Node, key *node) string {
	if k.Kind == yaml.ScalarNode {
		return k.Value
	}
	return key.text
}

// mergeSources are the mappings that a merge key (<<) takes members from, the
// strongest first. https://yaml.org/type/merge.html
func (y *yamlReader) mergeSources(value *node, start, end int) []*node {
	switch value.kind {
	case mappingNode:
		return []*node{value}
	case sequenceNode:
		for _, item := range value.items {
			if item.kind != mappingNode {
				y.fail(start, end, "a merge key (<<) takes mappings")
			}
		}
		return value.items
	}
	y.fail(start, end, "a merge key (<<) takes a mapping")
	return nil
}
