package cloudformation

import (
	"slices"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/source"
)

// What begins with "# yes" in these texts is a comment, what begins with "# no" is none.
func TestYAMLComments(t *testing.T) {
	for name, text := range map[string]string{
		"after values":                  "a: 1 # yes 1\n# yes 2\nb: # yes 3\n  c: 2\t# yes 4\n",
		"no final newline":              "a: 1\n# yes",
		"a word":                        "a: x# no\nb: it's # yes\nc: rock, 'n roll # yes 2\n",
		"quotes in quotes":              "a: 'Tom''s inch mark: \"' # yes 1\nb: \"it's \\\" # no\" # yes 2\nc: 'a\" # no' # yes 3\n",
		"quotes over lines":             "a: 'x\n  # no\n  y' # yes\nb: \"x\n  # no \\\n  # no\"\n",
		"quotes after a comma":          "a: [x, '# no', \"# no\"] # yes 1\nb: a, 'b # yes 2\n",
		"quotes next to a sign":         "a: \"x\"#no\nb: 1 # yes\n",
		"literal":                       "a: |\n  # no\n\n    # no\n # yes 1\n# yes 2\nb: 1\n",
		"literal with a header":         "a: |2- # yes 1\n    # no\nb: >+ # yes 2\n  # no\n\n  # no\n# yes 3\nc: 1\n",
		"empty literal":                 "a: |\n# yes 1\nb: | # yes 2\n",
		"literal items":                 "- |\n  # no\n# yes 1\n- - >-\n    # no\n  # yes 2\n  - a: |\n      # no\n    # yes 3\n    b: 1\n",
		"literal as a key":              "? |\n  # no\n: 1 # yes\n",
		"plain over lines":              "a: one\n  two#no\n  three # yes 1\n# yes 2\nb: 1\n",
		"anchors and tags":              "a: &x # yes 1\n  |\n  # no\nb: !Sub # yes 2\n  '# no'\nc: *x # yes 3\nd: !Sub |-\n  # no\n",
		"merge key":                     "a: &x {b: '# no'} # yes 1\nc:\n  <<: *x # yes 2\n  d: 1\n",
		"flow collections":              "a: { # yes 1\n  b: [ # yes 2\n  '# no', c#no, # yes 3\n  d ] # yes 4\n} # yes 5\n",
		"flow style at the top":         "{ # yes 1\n 'a': \"# no\" # yes 2\n}",
		"carriage returns":              "a: 1 # yes 1\r# yes 2\rb: |\r  # no\r# yes 3\rc: 1\r",
		"carriage returns and newlines": "a: 1 # yes 1\r\n# yes 2\r\nb: |\r\n  # no\r\n# yes 3\r\n",
		"Unicode line breaks":           "a: 1 # yes 1\u2028b: '# no'\u0085# yes 2\n",
		"byte order mark":               "\ufeff# yes 1\na: 1\n",
		"directives and markers":        "%YAML 1.1 # yes 1\n--- # yes 2\na: '# no'\n... # yes 3\n",
		"an empty document":             "# yes 1\n---\n# yes 2\n---\na: '# no'\n",
		"a second document":             "a: 1 # yes\n---\nb: '# no'\n",
		"a non-breaking space":          "a: x\u00a0# no\n",
		"wide characters":               "é: 'é # no' # yes é\n",
	} {
		f := source.NewFile("a.yaml", []byte(text))
		if _, _, err := parse(f); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var want []string
		for _, line := range strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(lineBreaks, c) }) {
			if _, comment, found := strings.Cut(line, "# yes"); found {
				want = append(want, "# yes"+comment)
			}
		}
		var got []string
		for _, c := range f.Comments() {
			got = append(got, string(f.Data[c.Start:c.End]))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

// A file in which every line has a quotation mark and a comment costs a look
// at each of its bytes and scalars, and is lexed when first asked for.
func TestYAMLCommentsAreKept(t *testing.T) {
	f := source.NewFile("a.yaml", []byte(strings.Repeat("- '# no' # yes\n", 10_000)))
	if _, _, err := parse(f); err != nil {
		t.Fatal(err)
	}
	first := f.Comments()
	if len(first) != 10_000 || &first[0] != &f.Comments()[0] {
		t.Errorf("%d comments, or found again", len(first))
	}
}

func FuzzYAMLComments(f *testing.F) {
	f.Add("a: |\n  # x\n- - >-\n  # demarc:ignore a\n'#\n")
	f.Add("a: 'Tom''s \"' # x\r# y")
	f.Fuzz(func(t *testing.T, text string) {
		file := source.NewFile("a.yaml", []byte(text))
		if _, _, err := parseYAML(file); err != nil {
			return
		}
		at := 0
		for _, c := range file.Comments() {
			if c.Start < at || c.End <= c.Start || text[c.Start] != '#' {
				t.Fatalf("%+v after %d in %q", c, at, text)
			}
			at = c.End
		}
	})
}
