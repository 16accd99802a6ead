package cloudformation

import (
	"strconv"
	"strings"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// A JSON text with something unknown inside, as a policy that Fn::Sub fills in,
// is read with marks in place of what is unknown, so that only what holds a
// mark is unknown.

// The marks around the number of a part: no text has these runes.
const (
	markOpen  = "\uFDD0"
	markClose = "\uFDD1"
)

// structured is an unknown text together with what it encodes, if it is JSON
// apart from the parts that are unknown.
func structured(whole graph.Value, parts []graph.Value) graph.Value {
	var b strings.Builder
	within := false // of a JSON string
	for i, part := range parts {
		written, known := text(part)
		if !known {
			mark := markOpen + strconv.Itoa(i) + markClose
			if !within {
				mark = `"` + mark + `"`
			}
			b.WriteString(mark)
			continue
		}
		if b.Len()+len(written) > maxText {
			return whole
		}
		b.WriteString(written)
		within = endsWithin(written, within)
	}
	filled := strings.TrimSpace(b.String())
	if !strings.HasPrefix(filled, "{") && !strings.HasPrefix(filled, "[") {
		return whole
	}
	root, _, err := parseJSON(source.NewFile("", []byte(filled)))
	if err != nil {
		return whole
	}
	h := &holes{parts: parts, whole: whole}
	return whole.WithStructure(h.value(root))
}

// endsWithin reports whether a JSON string is open where a text ends.
func endsWithin(text string, within bool) bool {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			within = !within
		case '\\':
			if within {
				i++
			}
		}
	}
	return within
}

// holes makes values of JSON with marks.
type holes struct {
	parts []graph.Value
	whole graph.Value
}

func (h *holes) value(n *node) graph.Value {
	at := h.whole.Range
	switch n.kind {
	case boolNode:
		return graph.Value{Kind: graph.Bool, Bool: isTrue(n), Range: at}
	case numberNode:
		return graph.Value{Kind: graph.Number, Text: n.text, Range: at}
	case stringNode:
		return h.text(n.text)
	case sequenceNode:
		out := graph.Value{Kind: graph.List, Range: at, Items: make([]graph.Value, len(n.items))}
		for i, item := range n.items {
			out.Items[i] = h.value(item)
		}
		return out
	case mappingNode:
		out := graph.Value{Kind: graph.Object, Range: at}
		for _, p := range n.pairs {
			name := h.text(p.name)
			if name.Kind == graph.Unknown {
				out = out.AsOpen(name.Reasons()...)
				continue
			}
			out.Fields = append(out.Fields, graph.Field{Name: name.Text, NameRange: at, Value: h.value(p.value)})
		}
		return out
	}
	return graph.Value{Kind: graph.Null, Range: at}
}

// text is a text that may have marks: unknown then, with what it begins with.
func (h *holes) text(marked string) graph.Value {
	prefix, rest, marks := strings.Cut(marked, markOpen)
	if !marks {
		return graph.Value{Kind: graph.String, Text: marked, Range: h.whole.Range}
	}
	g := &gathered{}
	for marks {
		var number string
		number, rest, _ = strings.Cut(rest, markClose)
		if i, err := strconv.Atoi(number); err == nil && i < len(h.parts) {
			g.add(h.parts[i])
		}
		_, rest, marks = strings.Cut(rest, markOpen)
	}
	return beginning(g.unknownAt(h.whole.Range), prefix)
}
