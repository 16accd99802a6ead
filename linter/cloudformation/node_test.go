package cloudformation

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/source"
)

// at returns the text that a node was written as.
func at(n *node) string { return string(n.file.Data[n.start:n.end]) }

// find follows keys and, for sequences, indexes like "#1".
func find(t *testing.T, n *node, path ...string) *node {
	t.Helper()
	for _, name := range path {
		if n.kind == callNode {
			n = n.items[0]
		}
		var i int
		if _, err := fmt.Sscanf(name, "#%d", &i); err == nil && i < len(n.items) {
			n = n.items[i]
			continue
		}
		next := n.get(name)
		if next == nil {
			t.Fatalf("no %q in %q", name, at(n))
		}
		n = next
	}
	return n
}

const ranges = `# é: columns count characters, offsets bytes
plain: some words # comment
folded plain: one
  two
  three
single: 'it''s' # x
double: "a \"quoted\" é" 
tagged: !Sub 'x${A}'
short: !If [C, {a: 1, b: [2, 3 ] }, !Ref "AWS::NoValue" ]
literal: |
  line one

    line # two
folded: >-
  words
  more words

anchored: &base {k: v}
alias: *base
empty:
emptytag: !GetAZs
block:
  - 1
  - key: !Join
      - ''
      - - a
        - b
  - !GetAtt
    A.B
"quoted key" : 本
last: |+
  end


`

func TestYAMLRanges(t *testing.T) {
	for name, prefix := range map[string]string{"plain": "", "BOM": "\ufeff", "marker": "%YAML 1.1\n---\n"} {
		for _, ending := range []string{"\n", "\r\n"} {
			text := prefix + strings.ReplaceAll(ranges, "\n", ending)
			n, _, err := parseYAML(source.NewFile("t.yaml", []byte(text)))
			if err != nil {
				t.Fatal(name, err)
			}
			for _, c := range []struct{ path, want string }{
				{"plain", "some words"},
				{"folded plain", "one\n  two\n  three"},
				{"single", "'it''s'"},
				{"double", `"a \"quoted\" é"`},
				{"tagged", "!Sub 'x${A}'"},
				{"short", `!If [C, {a: 1, b: [2, 3 ] }, !Ref "AWS::NoValue" ]`},
				{"short/#0", "C"},
				{"short/#1", "{a: 1, b: [2, 3 ] }"},
				{"short/#1/b", "[2, 3 ]"},
				{"short/#2", `!Ref "AWS::NoValue"`},
				{"literal", "|\n  line one\n\n    line # two"},
				{"folded", ">-\n  words\n  more words"},
				{"anchored", "{k: v}"},
				{"alias", "{k: v}"},
				{"empty", ""},
				{"emptytag", "!GetAZs"},
				{"block", "- 1\n  - key: !Join\n      - ''\n      - - a\n        - b\n  - !GetAtt\n    A.B"},
				{"block/#1", "key: !Join\n      - ''\n      - - a\n        - b"},
				{"block/#1/key", "!Join\n      - ''\n      - - a\n        - b"},
				{"block/#1/key/#1", "- a\n        - b"},
				{"block/#2", "!GetAtt\n    A.B"},
				{"quoted key", "本"},
				{"last", "|+\n  end"},
			} {
				want := strings.ReplaceAll(c.want, "\n", ending)
				if got := at(find(t, n, strings.Split(c.path, "/")...)); got != want {
					t.Errorf("%s %q: %s stands at %q, want %q", name, ending, c.path, got, want)
				}
			}
			for _, key := range []string{"plain", `"quoted key"`, "alias", "last"} {
				p := n.pair(strings.Trim(key, `"`))
				if got := text[p.start:p.end]; got != key {
					t.Errorf("%s %q: key %s stands at %q", name, ending, key, got)
				}
			}
		}
	}
}

func TestJSONRanges(t *testing.T) {
	const text = "\ufeff{ \"a\\/b\" : \"x\\ud83d\\ude00\\u00e9\\\"\" ,\r\n \"list\": [1, -2.5e3 , true,false, null, {} ],\"o\":{\"k\":\"v\"} }\n"
	n, _, err := parseJSON(source.NewFile("t.json", []byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	if got := n.get("a/b").text; got != "x😀é\"" {
		t.Errorf("decoded %q", got)
	}
	for _, c := range []struct{ path, want string }{
		{"a/b", `"x\ud83d\ude00\u00e9\""`},
		{"list", "[1, -2.5e3 , true,false, null, {} ]"},
		{"list|#1", "-2.5e3"},
		{"list|#4", "null"},
		{"list|#5", "{}"},
		{"o", `{"k":"v"}`},
		{"o|k", `"v"`},
	} {
		if got := at(find(t, n, strings.Split(c.path, "|")...)); got != c.want {
			t.Errorf("%s stands at %q, want %q", c.path, got, c.want)
		}
	}
	p := n.pair("a/b")
	if got := text[p.start:p.end]; got != `"a\/b"` {
		t.Errorf("the key stands at %q", got)
	}
}

func TestBadJSON(t *testing.T) {
	for text, want := range map[string]string{
		`{"a": }`:                "a value is expected",
		`{"a" 1}`:                `":"`,
		`{"a": 1,}`:              "after the comma",
		`[1 2]`:                  `","`,
		`{"a": "x`:               "not closed",
		"{\"a\": \"x\ny\"}":      "not closed on its line",
		`{"a": "\x"}`:            "unknown escape",
		`{"a": "\u12"}`:          "unknown escape",
		`{"a": 01}`:              "expected",
		`{"a": 1.}`:              "a digit",
		`{"a": 1} x`:             "end of the file",
		`{'a': 1}`:               "double quotes",
		`{"a": tru}`:             "a value is expected",
		`{`:                      "ends where",
		strings.Repeat("[", 300): "levels deep",
	} {
		_, _, err := parseJSON(source.NewFile("t.json", []byte(text)))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: %v, want %q", text, err, want)
		}
	}
}

func TestPlainScalars(t *testing.T) {
	for written, want := range map[string]string{
		"": "null", "~": "null", "null": "null",
		"true": "bool true", "False": "bool false", "yes": "bool true", "NO": "bool false", "On": "bool true", "off": "bool false",
		"y": "text y", "yEs": "text yEs", "none": "text none",
		"0": "number 0", "-12": "number -12", "1.50": "number 1.50", "123456789012": "number 123456789012",
		"026": "number 22", "-010": "number -8", "0x16": "number 22", "0b10110": "number 22", "+1": "number 1", "1_000": "number 1000", "00": "number 0",
		"2012-10-17": "text 2012-10-17", "012345678901": "text 012345678901", "012345670123": "text 012345670123", "08": "text 08", "0o26": "text 0o26",
		"1e3": "text 1e3", ".5": "text .5", "1.2.3": "text 1.2.3", "12:30": "text 12:30", "-": "text -", "0x": "text 0x", "9999999999999999999_0": "text 9999999999999999999_0",
	} {
		k, text := plain(written)
		got := [...]string{nullNode: "null", boolNode: "bool", numberNode: "number", stringNode: "text"}[k]
		if k != nullNode {
			got += " " + text
		}
		if got != want {
			t.Errorf("%q is %s, want %s", written, got, want)
		}
	}
	n, _, err := parseYAML(source.NewFile("t.yaml", []byte("a: !!str 123\nb: '5'\nc: \"true\"\nd: 1.10\ne: !Sub 5\n")))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]kind{"a": stringNode, "b": stringNode, "c": stringNode, "d": numberNode, "e": callNode} {
		if got := n.get(name); got.kind != want {
			t.Errorf("%s is of kind %d, want %d", name, got.kind, want)
		}
	}
	if n.get("d").text != "1.10" {
		t.Errorf("the text of 1.10 is %q", n.get("d").text)
	}
}

func TestMergeKeys(t *testing.T) {
	n, duplicates, err := parseYAML(source.NewFile("t.yaml", []byte("a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc:\n  <<: [*a, *b]\n  x: own\nd: {<<: *a}\n")))
	if err != nil || len(duplicates) > 0 {
		t.Fatal(err, duplicates)
	}
	for path, want := range map[string]string{"c/x": "own", "c/y": "2", "c/z": "4", "d/y": "2"} {
		if got := find(t, n, strings.Split(path, "/")...).text; got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
}

func TestDuplicateKeys(t *testing.T) {
	many := "{"
	for i := range 30 {
		many += fmt.Sprintf("\"k%d\": 1,\n", i)
	}
	for name, text := range map[string]string{
		"YAML": "a: 1\nb: 2\na: 3\n", "flow": "{a: 1,\nb: 2,\na: 3}", "JSON": "{\"a\": 1,\n\"b\": 2,\n\"a\": 3}",
		"large": many + "\"a\": 2,\n\"x\": 1,\n\"a\": 3}",
	} {
		n, duplicates, err := parse(source.NewFile("t", []byte(text)))
		if err != nil {
			t.Fatal(name, err)
		}
		if len(duplicates) != 1 || !strings.Contains(duplicates[0].message, `"a" is written twice, in lines `) {
			t.Errorf("%s: %v", name, duplicates)
		} else if name != "large" && !strings.Contains(duplicates[0].message, "lines 1 and 3") {
			t.Errorf("%s: %v", name, duplicates[0].message)
		}
		if got := n.get("a").text; got != "3" {
			t.Errorf("%s: a is %s, want the last", name, got)
		}
	}
}

func TestHostileYAML(t *testing.T) {
	bomb := "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
	chain := "c0: &c0 [x]\n"
	for i := 1; i < 30; i++ {
		last := fmt.Sprintf("*a%d", i-1)
		bomb += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.Join([]string{last, last, last, last, last, last, last, last}, ", "))
	}
	for i := 1; i < 1000; i++ {
		chain += fmt.Sprintf("c%d: &c%d [[*c%d]]\n", i, i, i-1)
	}
	var merges strings.Builder
	merges.WriteString("base: &m\n")
	for i := range 2000 {
		fmt.Fprintf(&merges, "  k%d: v\n", i)
	}
	for i := range 500 {
		fmt.Fprintf(&merges, "m%d: {<<: *m}\n", i)
	}
	for name, c := range map[string]struct{ text, want string }{
		"bomb":     {bomb, "aliases stand for more than"},
		"chain":    {chain, "levels deep"},
		"merges":   {merges.String(), "aliases stand for more than"},
		"cycle":    {"a: &a [*a]\n", "contains itself"},
		"depth":    {strings.Repeat("[", 250) + strings.Repeat("]", 250), "levels deep"},
		"key":      {"{[a]: b}", "key must be text"},
		"merge":    {"<<: 1", "takes a mapping"},
		"unclosed": {"a:\n  b: [1\nc: 2\n", "no valid YAML"},
	} {
		_, _, err := parseYAML(source.NewFile("t.yaml", []byte(c.text)))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestYAMLErrorLine(t *testing.T) {
	for text, want := range map[string]int{
		"a: 1\nb: 'x' (y)\nc: 2\n": 2,
		"a: 1\nb:c\nd: 1\n":        2,
	} {
		f := source.NewFile("t.yaml", []byte(text))
		_, _, err := parseYAML(f)
		var e *syntaxError
		if !errors.As(err, &e) {
			t.Fatalf("%q: %v", text, err)
		}
		if got := f.Position(e.at.Start).Line; got < want || got > want+1 {
			t.Errorf("%q: %v in line %d, want %d", text, err, got, want)
		}
	}
}
