package terraform

import (
	"bytes"
	"fmt"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function/stdlib"
	"go.yaml.in/yaml/v3"
)

// Texts are looked over before they are decoded: a decoder that recurses runs out
// of stack, which nothing can recover, and one that copies what an alias stands
// for runs out of memory.
const (
	maxDecoded = 250_000 // values of one text
	maxColumns = 10_000  // of a table
)

var (
	errDeep    = fmt.Errorf("the text is nested more than %d levels deep", maxDepth)
	errColumns = fmt.Errorf("the table has more than %d columns", maxColumns)
	errValues  = fmt.Errorf("the text holds more than %d values", maxDecoded)
)

// decodingJSON counts what opens and separates values.
func decodingJSON(args []cty.Value) (int, error) {
	content, ok := text(args[0])
	if !ok {
		return 0, nil
	}
	values, depth, quoted := 1, 0, false
	for i := 0; i < len(content); i++ {
		switch c := content[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' || c == '{':
			values++
			if depth++; depth > maxDepth {
				return 0, errDeep
			}
		case c == ']' || c == '}':
			depth--
		case c == ',':
			values++
		}
	}
	if values > maxDecoded {
		return 0, errValues
	}
	return 2 * values, nil
}

// decodingJSON costs nothing where the text has been decoded.
func (e *evaluation) decodingJSON(args []cty.Value) (int, error) {
	if content, ok := text(args[0]); ok && e.library != nil {
		if _, known := e.library.decoded.Load(content); known {
			return 0, nil
		}
	}
	return decodingJSON(args)
}

// decodeJSON decodes a text once for all roots of a scan: one file of settings is
// often read by many.
func (e *evaluation) decodeJSON(text cty.Value) (cty.Value, error) {
	const short, most = 1 << 10, 4 << 20 // bytes
	l := e.library
	if n := lengthOf(text); n < short || l == nil || text.IsNull() || !text.IsKnown() {
		return stdlib.JSONDecodeFunc.Call([]cty.Value{text})
	}
	content := text.AsString()
	if known, ok := l.decoded.Load(content); ok {
		return known.(cty.Value), nil //nolint:forcetypeassert // nothing else is stored
	}
	v, err := stdlib.JSONDecodeFunc.Call([]cty.Value{text})
	if err == nil && l.decodedBytes.Add(int64(len(content))) <= most {
		l.decoded.Store(content, v)
	}
	return v, err
}

// decodingCSV counts cells. Each row is an object of all columns.
func decodingCSV(args []cty.Value) (int, error) {
	content, ok := text(args[0])
	if !ok {
		return 0, nil
	}
	head, _, _ := bytes.Cut([]byte(content), []byte("\n"))
	columns := 1 + bytes.Count(head, []byte(","))
	if columns > maxColumns {
		return 0, errColumns
	}
	cells := bytes.Count([]byte(content), []byte(",")) + bytes.Count([]byte(content), []byte("\n"))
	if cells > maxDecoded {
		return 0, errValues
	}
	return 2 * cells, nil
}

// decodingYAML measures a document with each alias written out.
func decodingYAML(args []cty.Value) (int, error) {
	content, ok := text(args[0])
	if !ok {
		return 0, nil
	}
	data := []byte(content)
	if err := flatYAML(data); err != nil {
		return 0, err
	}
	if !bytes.ContainsRune(data, '*') {
		return len(data) / 16, nil // a value takes about as much
	}
	var document yaml.Node
	if err := yaml.Unmarshal(data, &document); err != nil {
		return len(data) / 16, nil //nolint:nilerr // the function says what is wrong
	}
	values := expanded(&document, map[*yaml.Node]int{})
	if values > maxDecoded {
		return 0, errValues
	}
	return 2 * values, nil
}

// flatYAML refuses a text whose brackets, dashes or indentation may nest too
// deeply, or that opens more values than may be decoded.
func flatYAML(data []byte) error {
	flow, line, values := 0, 0, 0
	for i, c := range data {
		switch c {
		case '\n':
			line = 0
			values++
		case '[', '{':
			flow++
			values++
		case ']', '}':
			flow = max(0, flow-1)
		case ',':
			values++
		case ' ', '\t':
			if i > 0 && (data[i-1] == '-' || data[i-1] == '?' || data[i-1] == ':') {
				line++
			}
		}
		if flow > maxDepth || line > maxDepth {
			return errDeep
		}
		if values > maxDecoded {
			return errValues
		}
	}
	return indented(data)
}

// indented refuses lines that stand further and further in: each may open a level.
func indented(data []byte) error {
	levels, before := 0, -1
	for len(data) > 0 {
		line, rest, _ := bytes.Cut(data, []byte("\n"))
		data = rest
		in := len(line) - len(bytes.TrimLeft(line, " -?"))
		switch {
		case in == len(line):
			continue // it is empty
		case in > before:
			levels++
		case in < before:
			levels = max(1, levels-1)
		}
		if in == 0 {
			levels = 1
		}
		before = in
		if levels > maxDepth {
			return errDeep
		}
	}
	return nil
}

// expanded is the number of values that a node stands for.
func expanded(n *yaml.Node, known map[*yaml.Node]int) int {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if count, ok := known[n]; ok {
		return count
	}
	known[n] = maxDecoded + 1 // what holds itself has no end
	count := 1
	for _, child := range n.Content {
		if count += expanded(child, known); count > maxDecoded {
			count = maxDecoded + 1
			break
		}
	}
	known[n] = count
	return count
}
