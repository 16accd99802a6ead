package terraform

import (
	"bytes"
	"encoding/json"
	"errors"
	"sort"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// hole stands in a template's text where a part is not known.
const hole = 0

// segment is the text of one part of a template.
type segment struct {
	start, end int
	at         source.Range
	value      cty.Value // of a hole
}

// jsonText is a template's text that may have holes.
type jsonText struct {
	eval     *evaluation
	text     []byte
	segments []segment
}

// templateStructure reads the text of a template as JSON, with unknown values
// where parts are not known; nil where it is no JSON object or array.
func (e *evaluation) templateStructure(node hclsyntax.Expression, ctx *hcl.EvalContext, f *source.File) *graph.Value {
	t, ok := node.(*hclsyntax.TemplateExpr)
	if !ok || len(t.Parts) == 0 {
		return nil
	}
	first, diags := t.Parts[0].Value(ctx)
	if start, known := text(first); diags.HasErrors() || !known || !startsJSON(start) {
		return nil
	}
	j := &jsonText{eval: e}
	for _, part := range t.Parts {
		v, diags := part.Value(ctx)
		if diags.HasErrors() {
			v = unknown(cty.String, summary(diags), "")
		}
		s := segment{start: len(j.text), value: v}
		if f != nil {
			s.at = spanOf(f, part.Range())
		}
		if content, known := text(v); known {
			j.text = append(j.text, content...)
		} else {
			j.text = append(j.text, hole)
		}
		s.end = len(j.text)
		j.segments = append(j.segments, s)
	}
	v, rest, err := j.value(j.skip(0), 0)
	if err != nil || j.skip(rest) != len(j.text) {
		return nil
	}
	return &v
}

func startsJSON(s string) bool {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case ' ', '\t', '\r', '\n':
		case '{', '[':
			return true
		default:
			return false
		}
	}
	return false
}

func (j *jsonText) skip(at int) int {
	for at < len(j.text) && (j.text[at] == ' ' || j.text[at] == '\t' || j.text[at] == '\r' || j.text[at] == '\n') {
		at++
	}
	return at
}

func (j *jsonText) segment(at int) *segment {
	i := sort.Search(len(j.segments), func(i int) bool { return j.segments[i].end > at })
	return &j.segments[min(i, len(j.segments)-1)]
}

// origin is the place in the source that a byte of the text comes from. A
// heredoc may have lost its indentation, so lines are counted from their ends.
func (j *jsonText) origin(at int) (source.Range, int) {
	s := j.segment(at)
	if !s.at.Valid() {
		return s.at, 0
	}
	written, got := s.at.File.Data[s.at.Start:min(s.at.End, len(s.at.File.Data))], j.text[s.start:s.end]
	if len(written) == len(got) {
		return s.at, s.at.Start + at - s.start
	}
	line := bytes.Count(got[:at-s.start], []byte("\n"))
	from := 0
	for ; line > 0; line-- {
		next := bytes.IndexByte(written[from:], '\n')
		if next < 0 {
			return s.at, s.at.Start
		}
		from += next + 1
	}
	lineEnd := func(b []byte, from int) int {
		if n := bytes.IndexByte(b[from:], '\n'); n >= 0 {
			return from + n
		}
		return len(b)
	}
	offset := lineEnd(written, from) - (lineEnd(got, at-s.start) - (at - s.start))
	return s.at, s.at.Start + max(0, offset)
}

func (j *jsonText) span(start, end int) source.Range {
	a, from := j.origin(start)
	b, to := j.origin(end - 1)
	if !a.Valid() || !b.Valid() {
		return source.Range{}
	}
	return source.Range{File: a.File, Start: from, End: max(from, to+1)}
}

var errNotJSON = errors.New("not JSON")

// value reads the value at an offset, and returns the offset after it.
func (j *jsonText) value(at, depth int) (graph.Value, int, error) {
	if at >= len(j.text) || depth > 100 {
		return graph.Value{}, at, errNotJSON
	}
	switch c := j.text[at]; c {
	case hole:
		return j.eval.convert(j.whole(at), j.segment(at).at), at + 1, nil
	case '{':
		return j.object(at, depth)
	case '[':
		return j.array(at, depth)
	case '"':
		v, end, err := j.str(at)
		return v, end, err
	}
	end := at
	for end < len(j.text) && !bytes.ContainsRune([]byte(" \t\r\n,]}\x00"), rune(j.text[end])) {
		end++
	}
	v := graph.Value{Range: j.span(at, max(end, at+1))}
	switch word := string(j.text[at:end]); word {
	case "true", "false":
		v.Kind, v.Bool = graph.Bool, word == "true"
	case "null":
		v.Kind = graph.Null
	default:
		if !json.Valid([]byte(word)) {
			return v, at, errNotJSON
		}
		v.Kind, v.Text = graph.Number, word
	}
	return v, end, nil
}

// whole is the value of a hole that stands for a whole JSON value: what the
// text encodes that would stand there.
func (j *jsonText) whole(at int) cty.Value {
	v := j.segment(at).value
	if o := originOf(v.Marks()); len(o.encodings) == 1 && o.encodings[0].structure == nil {
		return o.encodings[0].value
	}
	return v
}

func (j *jsonText) object(at, depth int) (graph.Value, int, error) {
	out := graph.Value{Kind: graph.Object}
	start := at
	for at = j.skip(at + 1); ; {
		if at < len(j.text) && j.text[at] == '}' && len(out.Fields) == 0 {
			break
		}
		if at >= len(j.text) || j.text[at] != '"' {
			return out, at, errNotJSON
		}
		key, next, err := j.str(at)
		if err != nil {
			return out, at, err
		}
		if at = j.skip(next); at >= len(j.text) || j.text[at] != ':' {
			return out, at, errNotJSON
		}
		v, next, err := j.value(j.skip(at+1), depth+1)
		if err != nil {
			return out, at, err
		}
		if key.Kind == graph.Unknown {
			out = out.AsOpen(key.Reasons()...)
		} else {
			out.Fields = append(out.Fields, graph.Field{Name: key.Text, NameRange: key.Range, Value: v})
		}
		if at = j.skip(next); at < len(j.text) && j.text[at] == ',' {
			at = j.skip(at + 1)
			continue
		}
		if at >= len(j.text) || j.text[at] != '}' {
			return out, at, errNotJSON
		}
		break
	}
	out.Range = j.span(start, at+1)
	return out, at + 1, nil
}

func (j *jsonText) array(at, depth int) (graph.Value, int, error) {
	out := graph.Value{Kind: graph.List}
	start := at
	for at = j.skip(at + 1); ; {
		if at < len(j.text) && j.text[at] == ']' && len(out.Items) == 0 {
			break
		}
		v, next, err := j.value(at, depth+1)
		if err != nil {
			return out, at, err
		}
		out.Items = append(out.Items, v)
		if at = j.skip(next); at < len(j.text) && j.text[at] == ',' {
			at = j.skip(at + 1)
			continue
		}
		if at >= len(j.text) || j.text[at] != ']' {
			return out, at, errNotJSON
		}
		break
	}
	out.Range = j.span(start, at+1)
	return out, at + 1, nil
}

// str reads a string; one with a hole is unknown.
func (j *jsonText) str(at int) (graph.Value, int, error) {
	end := at + 1
	marks := cty.ValueMarks{}
	holes, prefix := false, ""
	for ; end < len(j.text) && j.text[end] != '"'; end++ {
		switch j.text[end] {
		case '\\':
			end++
		case hole:
			if !holes && bytes.IndexByte(j.text[at:end], '\\') < 0 {
				prefix = string(j.text[at+1 : end])
			}
			holes = true
			for m := range causes(deepMarks(j.segment(end).value)) {
				marks[m] = struct{}{}
			}
		}
	}
	if end >= len(j.text) {
		return graph.Value{}, at, errNotJSON
	}
	r := j.span(at, end+1)
	if holes {
		v := j.eval.convert(cty.UnknownVal(cty.String).WithMarks(marks), r)
		if prefix != "" {
			v = v.WithPrefix(prefix)
		}
		return v, end + 1, nil
	}
	v := graph.Value{Kind: graph.String, Range: r}
	if json.Unmarshal(j.text[at:end+1], &v.Text) != nil {
		return v, at, errNotJSON
	}
	for s := at; s <= end; { // links of the known parts
		part := j.segment(s)
		if o := originOf(part.value.Marks()); len(o.links) > 0 || o.sensitive {
			v = v.WithLinks(o.links...)
			v.Sensitive = v.Sensitive || o.sensitive
		}
		s = max(part.end, s+1)
	}
	return v, end + 1, nil
}

// placeTemplate gives a text that is JSON its structure, with places.
func (c *cursor) placeTemplate(v cty.Value, n *hclsyntax.TemplateExpr) graph.Value {
	out := c.scope.in.eval.convert(v, c.span())
	if out.Kind == graph.String && !startsJSON(out.Text) || out.Kind != graph.String && out.Kind != graph.Unknown {
		return out
	}
	ctx := c.ctx
	if !c.x.literal {
		ctx = c.context()
	}
	if structure := c.scope.in.eval.templateStructure(n, ctx, c.x.file); structure != nil {
		return out.WithStructure(*structure)
	}
	return out
}
