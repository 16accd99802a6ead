package report

import (
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/responsibility"
)

var placeholder = regexp.MustCompile(`\{\w+\}`)

// sentences are the texts of a message file by their keys. Forms of number are
// one sentence: what matters is what is filled in.
func sentences(t *testing.T, language string) map[string]string {
	t.Helper()
	text, err := wordFiles.ReadFile("words/" + language + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	var root yaml.Node
	if err := yaml.Unmarshal(text, &root); err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	var walk func(key string, n *yaml.Node)
	walk = func(key string, n *yaml.Node) {
		if n.Kind != yaml.MappingNode {
			out[key] = n.Value
			return
		}
		for i := 0; i < len(n.Content); i += 2 {
			switch name := n.Content[i].Value; name {
			case "one":
			case "other":
				out[key] = n.Content[i+1].Value
			default:
				walk(strings.TrimPrefix(key+"."+name, "."), n.Content[i+1])
			}
		}
	}
	walk("", root.Content[0])
	return out
}

// All languages have the same keys, and fill in the same things.
func TestLanguagesSayTheSame(t *testing.T) {
	want := sentences(t, "en")
	for language := range wordsByLanguage {
		got := sentences(t, language)
		if got["language"] != language {
			t.Errorf("%s.yaml is in %q", language, got["language"])
		}
		for _, key := range slices.Sorted(maps.Keys(want)) {
			text, ok := got[key]
			if !ok {
				t.Errorf("%s.yaml lacks %s", language, key)
				continue
			}
			if text == "" && key != "join.sentence" {
				t.Errorf("%s.yaml says nothing for %s", language, key)
			}
			fills := func(s string) []string {
				all := placeholder.FindAllString(s, -1)
				slices.Sort(all)
				return slices.Compact(all)
			}
			if a, b := fills(want[key]), fills(text); !slices.Equal(a, b) {
				t.Errorf("%s.yaml fills %v into %s, en.yaml fills %v", language, b, key, a)
			}
		}
		for key := range got {
			if _, ok := want[key]; !ok {
				t.Errorf("%s.yaml has %s, which en.yaml lacks", language, key)
			}
		}
	}
}

// Every sentence that the program knows is in the files, and every id of the
// program has its name.
func TestWordsAreComplete(t *testing.T) {
	for language := range wordsByLanguage {
		w := wordsOf(language)
		var walk func(name string, v reflect.Value)
		walk = func(name string, v reflect.Value) {
			switch v.Kind() {
			case reflect.Struct:
				for i := range v.NumField() {
					walk(name+"."+v.Type().Field(i).Name, v.Field(i))
				}
			case reflect.String:
				if v.String() == "" && name != ".Join.Sentence" {
					t.Errorf("%s says nothing for %s", language, name)
				}
			case reflect.Map:
				if v.Len() == 0 {
					t.Errorf("%s names no %s", language, name)
				}
			}
		}
		walk("", reflect.ValueOf(*w))
		for _, s := range responsibility.States {
			if w.States[s] == "" {
				t.Errorf("%s has no name for the state %s", language, s)
			}
		}
		for _, m := range responsibility.ServiceModels {
			if w.Models[m.ID] == "" {
				t.Errorf("%s has no name for the model %s", language, m.ID)
			}
		}
		for _, l := range responsibility.Layers {
			if w.Layers[l] == "" {
				t.Errorf("%s has no name for the layer %s", language, l)
			}
		}
		for _, s := range finding.Severities {
			if w.Labels[string(s)] == "" {
				t.Errorf("%s has no name for the severity %s", language, s)
			}
		}
	}
}

func TestPhrases(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{phrase("{n} of {total}").with("n", 1234, "total", 1234567), "1,234 of 1,234,567"},
		// What is filled in is not filled in again.
		{phrase("{a} {b}").with("a", "{b}", "b", "x"), "{b} x"},
		{english().Counts.Controls.with(1), "1 control"},
		{english().Counts.Controls.with(0), "0 controls"},
		{wordsOf("ja").Counts.Controls.with(1), "管理策 1 件"},
		{english().sentence("there is one"), "There is one."},
		{wordsOf("ja").sentence("リソース 1 個"), "リソース 1 個。"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestFit(t *testing.T) {
	for _, c := range []struct {
		in    string
		most  int
		want  string
		width int
	}{
		{"abcdef", 6, "abcdef", 6},
		{"abcdefg", 6, "abcde…", 6},
		{"保存データ", 10, "保存データ", 10},
		{"保存データの", 10, "保存デー…", 9},
		{"保存データの", 11, "保存データ…", 11},
		{"a b", 2, "a…", 2},
		{"か\u3099き", 4, "か\u3099き", 4}, // a combining mark takes no room
	} {
		got := fit(c.in, c.most)
		if got != c.want || textWidth(got) != c.width {
			t.Errorf("%q in %d columns is %q of %d, want %q of %d", c.in, c.most, got, textWidth(got), c.want, c.width)
		}
	}
	if got := padded("保存", 6) + "|"; got != "保存  |" {
		t.Errorf("padded to %q", got)
	}
}
