package terraform

import (
	"bytes"
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// maxFileDiagnostics is how many errors of one file are told.
const maxFileDiagnostics = 10

// body is the content of a block. Native syntax and JSON come to the same.
type body struct {
	attributes []*attribute // in the order they were written
	blocks     []*block
}

type attribute struct {
	name      string
	nameRange source.Range
	span      source.Range
	value     *expression
}

type block struct {
	kind   string
	labels []string
	header source.Range
	span   source.Range
	body   body
}

// attribute returns an attribute by its name, or nil.
func (b *body) attribute(name string) *attribute {
	for _, a := range b.attributes {
		if a.name == name {
			return a
		}
	}
	return nil
}

// expression returns an attribute's expression, or nil.
func (b *body) expression(name string) *expression {
	if a := b.attribute(name); a != nil {
		return a.value
	}
	return nil
}

// block returns the first block of a kind, or nil.
func (b *body) block(kind string) *block {
	for _, child := range b.blocks {
		if child.kind == kind {
			return child
		}
	}
	return nil
}

// parse reads one file. A file with a syntax error gives diagnostics and
// nothing else: half a resource would lack attributes that it has.
func parse(f *source.File) (body, []graph.Diagnostic) { return guarded(f, parseText) }

// guarded turns a parser's panic into a diagnostic.
func guarded(f *source.File, parse func(*source.File) (body, []graph.Diagnostic)) (top body, diags []graph.Diagnostic) {
	defer func() {
		if p := recover(); p != nil {
			top, diags = body{}, []graph.Diagnostic{{File: f.Path, Message: graph.Failure("parsing the file", p)}}
		}
	}()
	return parse(f)
}

func parseText(f *source.File) (top body, diags []graph.Diagnostic) {
	if !strings.HasSuffix(f.Path, ".json") {
		f.FindComments(func() []source.Comment { return comments(f) })
	}
	if message := opaque(f.Data); message != "" {
		return body{}, []graph.Diagnostic{{File: f.Path, Message: message}}
	}
	if problem := unparsable(f); problem != nil {
		return body{}, []graph.Diagnostic{*problem}
	}
	p := &parser{file: f}
	if strings.HasSuffix(f.Path, ".json") {
		top = p.parseJSON()
	} else {
		file, problems := hclsyntax.ParseConfig(f.Data, f.Path, hcl.InitialPos)
		if p.report(problems); len(p.diags) == 0 {
			if syntax, ok := file.Body.(*hclsyntax.Body); ok {
				top = p.body(syntax, 0)
			}
		}
	}
	if len(p.diags) > 0 {
		return body{}, p.diags
	}
	return top, nil
}

// maxSyntax is how many values one file may hold: of a dense list, each byte becomes
// some hundred bytes of syntax tree.
const maxSyntax = 250_000

// unparsable is why a file is not given to a parser, or nil.
func unparsable(f *source.File) *graph.Diagnostic {
	if strings.HasSuffix(f.Path, ".json") && !utf8.Valid(f.Data) { // the parser of native syntax says so itself
		return &graph.Diagnostic{File: f.Path, Message: "is not valid UTF-8"}
	}
	if at, ok := checkNesting(f.Data); !ok {
		r := source.Range{File: f, Start: at, End: at}
		return &graph.Diagnostic{File: f.Path, Range: r, Message: fmt.Sprintf("is nested more than %d levels deep", maxDepth)}
	}
	if len(f.Data) < maxSyntax {
		return nil
	}
	values := 0
	for _, c := range f.Data {
		switch c {
		case '{', '[', '(', ',', '=', ':', '+', '*', '/', '?', '|', '&', '<', '>', '.':
			values++
		}
	}
	if values > maxSyntax {
		return &graph.Diagnostic{File: f.Path, Message: fmt.Sprintf("holds more than %d values: split it to have it analysed", maxSyntax)}
	}
	return nil
}

// comments finds the comments of a file in native syntax. The parser keeps no
// tokens, so they are lexed again, once and only if somebody asks. Errors of
// syntax do not matter: tokens come all the same.
func comments(f *source.File) []source.Comment {
	tokens, _ := hclsyntax.LexConfig(f.Data, f.Path, hcl.InitialPos)
	var out []source.Comment
	for _, t := range tokens {
		if t.Type == hclsyntax.TokenComment {
			start := t.Range.Start.Byte
			out = append(out, source.Comment{Start: start, End: start + len(bytes.TrimRight(t.Bytes, "\r\n"))})
		}
	}
	return out
}

// opaque says why a file cannot hold source, or "". git-crypt's magic bytes
// are those of https://github.com/AGWA/git-crypt.
func opaque(data []byte) string {
	const encrypted, head = "\x00GITCRYPT\x00", 8000
	switch {
	case bytes.HasPrefix(data, []byte(encrypted)):
		return "is encrypted by git-crypt: run git-crypt unlock to have it analysed"
	case bytes.IndexByte(data[:min(len(data), head)], 0) >= 0:
		return "is no text: it holds a NUL byte"
	}
	return ""
}

type parser struct {
	file  *source.File
	diags []graph.Diagnostic
}

func (p *parser) report(problems hcl.Diagnostics) {
	for _, d := range problems {
		if d.Severity != hcl.DiagError || len(p.diags) >= maxFileDiagnostics {
			continue
		}
		out := graph.Diagnostic{File: p.file.Path, Message: d.Summary}
		if d.Detail != "" {
			out.Message += ": " + d.Detail
		}
		if d.Subject != nil {
			out.Range = spanOf(p.file, *d.Subject)
		}
		p.diags = append(p.diags, out)
	}
}

func (p *parser) body(syntax *hclsyntax.Body, depth int) body {
	var out body
	if depth > maxDepth {
		return out
	}
	if len(syntax.Attributes) > 0 {
		out.attributes = make([]*attribute, 0, len(syntax.Attributes))
		values := make([]attribute, len(syntax.Attributes))
		i := 0
		for _, a := range syntax.Attributes {
			values[i] = attribute{
				name: a.Name, nameRange: spanOf(p.file, a.NameRange), span: spanOf(p.file, a.SrcRange),
				value: p.expression(a.Expr),
			}
			out.attributes = append(out.attributes, &values[i])
			i++
		}
		sort.Slice(out.attributes, func(i, j int) bool {
			return out.attributes[i].nameRange.Start < out.attributes[j].nameRange.Start
		})
	}
	if len(syntax.Blocks) > 0 {
		out.blocks = make([]*block, len(syntax.Blocks))
		for i, b := range syntax.Blocks {
			span := spanOf(p.file, b.Range())
			span.End = max(span.End, b.CloseBraceRange.End.Byte)
			header := span
			header.End = b.OpenBraceRange.Start.Byte
			for header.End > header.Start && p.file.Data[header.End-1] == ' ' {
				header.End--
			}
			out.blocks[i] = &block{kind: b.Type, labels: b.Labels, header: header, span: span, body: p.body(b.Body, depth+1)}
		}
	}
	return out
}

func (p *parser) expression(node hclsyntax.Expression) *expression {
	x, ok := prepare(node, p.file)
	if !ok {
		at := node.StartRange()
		p.report(hcl.Diagnostics{{
			Severity: hcl.DiagError, Summary: fmt.Sprintf("Expression is nested more than %d levels deep", maxDepth), Subject: &at,
		}})
		return &expression{node: &hclsyntax.LiteralValueExpr{SrcRange: at}, file: p.file, literal: true}
	}
	return x
}

// checkNesting refuses text that would make a recursive parser run out of
// stack: brackets, unary operators and conditionals nested too deeply. It
// need not understand strings: no honest file comes near the limit. The
// offset is where the limit is passed.
func checkNesting(data []byte) (int, bool) {
	var open [maxDepth + 1]byte
	var conditionals [maxDepth + 1]int
	depth, unary := 0, 0
	for i, c := range data {
		switch c {
		case '(', '[', '{':
			if depth == maxDepth {
				return i, false
			}
			depth++
			if c == '{' && i > 0 && (data[i-1] == '$' || data[i-1] == '%') {
				c = '('
			}
			open[depth], conditionals[depth] = c, 0
			unary = 0
		case ')', ']', '}':
			depth = max(0, depth-1)
			unary = 0
		case '\n':
			if depth == 0 || open[depth] == '{' {
				conditionals[depth] = 0
				unary = 0
			}
		case ',':
			conditionals[depth] = 0
			unary = 0
		case '?':
			if conditionals[depth]++; conditionals[depth] > maxDepth {
				return i, false
			}
		case '!', '-':
			if unary++; unary > maxDepth {
				return i, false
			}
		case ' ', '\t', '\r':
		default:
			unary = 0
		}
	}
	return 0, true
}
