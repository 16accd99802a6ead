package terraform

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"strings"

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
	// loose tells that a hole was met where a value, or a part of the structure, stands.
	loose bool
}

// templateStructure reads the text of a template as JSON, with unknown values
// where parts are not known; nil where it is no JSON object or array.
func (e *evaluation) templateStructure(node hclsyntax.Expression, ctx *hcl.EvalContext, f *source.File) *graph.Value {
	t, ok := node.(*hclsyntax.TemplateExpr)
	if !ok || len(t.Parts) == 0 {
		return nil
	}
	j := &jsonText{eval: e}
	if first, diags := t.Parts[0].Value(ctx); !diags.HasErrors() {
		if start, known := text(first); known && strings.TrimSpace(start) != "" && !startsJSON(start) {
			return nil
		}
	}
	if f == nil { // a file of its own, whose conditions no expression here holds
		if split := e.splitTemplate(node, ctx); split != nil {
			return split
		}
	}
	j.write(node, ctx, f)
	if !startsJSON(string(j.text[:min(len(j.text), 4096)])) {
		return nil
	}
	v, rest, err := j.value(j.skip(0), 0)
	switch {
	case err == nil && j.skip(rest) == len(j.text):
		return &v
	case !j.loose:
		// Whatever the holes in its texts are, it is broken: where JSON is due,
		// that is why nothing is known.
		broken := graph.UnknownValue(notJSON)
		return &broken
	}
	return nil
}

// notJSON is why a text that is to be JSON says nothing.
var notJSON = graph.Reason{Text: "the text is not valid JSON"}

// splitTemplate reads a template with an undecided condition in it both ways; nil
// where there is none, or where neither is JSON.
func (e *evaluation) splitTemplate(node hclsyntax.Expression, ctx *hcl.EvalContext) *graph.Value {
	depth := 0
	for c := ctx; c != nil; c = c.Parent() {
		if _, assumed := c.Variables[assumptionName]; assumed {
			depth++
		}
	}
	f := finder{decide: func(n *choice) bool { chosen, _ := n.decide(ctx); return chosen != nil }}
	_ = hclsyntax.Walk(node, &f)
	if f.found == nil || depth >= maxAssumptions || !e.effort.allows() {
		return nil
	}
	branch := func(holds bool) graph.Value {
		child := ctx.NewChild()
		child.Variables = map[string]cty.Value{assumptionName: cty.CapsuleVal(assumptionType, &assumption{f.found, holds})}
		if structure := e.templateStructure(node, child, nil); structure != nil {
			return *structure
		}
		return graph.UnknownValue(notJSON)
	}
	then, otherwise := branch(true), branch(false)
	if isVoid(then) && isVoid(otherwise) {
		return nil
	}
	at := f.found.Condition.Range()
	said := fmt.Sprintf("the condition in line %d of %s", at.Start.Line, at.Filename)
	test := e.test(fmt.Sprintf("template %p %p", f.found, ctx), graph.Test{Holds: said + " is true", Fails: said + " is false"})
	why, _ := f.found.Condition.Value(ctx)
	out := e.convert(cty.DynamicVal.WithMarks(causes(deepMarks(why))), source.Range{}).
		WithChoice(graph.Choice{If: graph.When(test), Then: then, Else: otherwise})
	return &out
}

// write adds the text of a template's part, with the parts of parts that can be
// told apart.
func (j *jsonText) write(node hclsyntax.Expression, ctx *hcl.EvalContext, f *source.File) {
	if len(j.text) > maxWeight {
		return
	}
	v, diags := node.Value(ctx)
	if content, known := text(v); known && !diags.HasErrors() {
		if _, divided := node.(*hclsyntax.TemplateExpr); !divided {
			j.add(node, v, content, f)
			return
		}
	}
	switch n := node.(type) {
	case *hclsyntax.TemplateExpr:
		for _, part := range n.Parts {
			j.write(part, ctx, f)
		}
		return
	case *hclsyntax.TemplateJoinExpr:
		if l, ok := n.Tuple.(*loop); ok && j.repeat(l, ctx, f) {
			return
		}
	case *choice:
		if chosen, _ := n.decide(ctx); chosen != nil {
			j.write(chosen, ctx, f)
			return
		}
	}
	if diags.HasErrors() {
		v = unknown(cty.String, summary(diags), "")
	}
	j.add(node, v, string(rune(hole)), f)
}

func (j *jsonText) add(node hclsyntax.Expression, v cty.Value, content string, f *source.File) {
	s := segment{start: len(j.text), value: v}
	if f != nil {
		s.at = spanOf(f, node.Range())
	}
	j.text = append(j.text, content...)
	if s.end = len(j.text); s.end > s.start {
		j.segments = append(j.segments, s)
	}
}

// repeat writes what a for directive repeats, if it is known how often.
func (j *jsonText) repeat(l *loop, ctx *hcl.EvalContext, f *source.File) bool {
	collection, diags := l.CollExpr.Value(ctx)
	collection, _ = collection.Unmark()
	if diags.HasErrors() || l.CondExpr != nil || !collection.IsKnown() || collection.IsNull() || !collection.CanIterateElements() {
		return false
	}
	for key, value := range collection.Elements() {
		if !j.eval.effort.allows() {
			return false
		}
		child := ctx.NewChild()
		child.Variables = map[string]cty.Value{l.ValVar: value}
		if l.KeyVar != "" {
			child.Variables[l.KeyVar] = key
		}
		j.write(l.ValExpr, child, f)
	}
	return true
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
		j.loose = true
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
		if at < len(j.text) && j.text[at] == hole { // members that are not known
			j.loose = true
			out = out.AsOpen(j.eval.convert(j.segment(at).value, j.segment(at).at).Reasons()...)
			if at = j.skip(at + 1); at < len(j.text) && j.text[at] == ',' {
				at = j.skip(at + 1)
			}
			continue
		}
		if at < len(j.text) && j.text[at] == '}' && (len(out.Fields) == 0 || out.Open()) {
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
		if at < len(j.text) && j.text[at] == hole {
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
	start, afterHole := at, false
	for at = j.skip(at + 1); ; {
		if at < len(j.text) && j.text[at] == ']' && (len(out.Items) == 0 || afterHole) {
			break
		}
		v, next, err := j.value(at, depth+1)
		if err != nil {
			return out, at, err
		}
		out.Items = append(out.Items, v)
		afterHole = j.text[at] == hole
		if at = j.skip(next); at < len(j.text) && j.text[at] == ',' {
			at = j.skip(at + 1)
			continue
		}
		if at < len(j.text) && j.text[at] != ']' && (afterHole || j.text[at] == hole) {
			continue // what is not known may hold the comma
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
	structure := c.scope.in.eval.templateStructure(n, ctx, c.x.file)
	if structure == nil || structure.Kind == graph.Unknown && out.Kind == graph.String {
		return out
	}
	return out.WithStructure(*structure)
}
