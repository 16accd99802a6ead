package linter

import (
	"bytes"
	"slices"
	"sort"
	"strings"
	"unicode"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// withheld stands for a sensitive value in texts.
const withheld = "(sensitive)"

// sensitive calls visit with each text and number in v that must not be printed.
func sensitive(v graph.Value, inside bool, visit func(graph.Value)) {
	inside = inside || v.Sensitive
	switch v.Kind {
	case graph.String, graph.Number:
		if inside {
			visit(v)
		}
	case graph.List:
		for _, item := range v.Items {
			sensitive(item, inside, visit)
		}
	case graph.Object:
		for _, f := range v.Fields {
			sensitive(f.Value, inside, visit)
		}
	}
}

// redact takes the sensitive values of a resource, and of what was folded into
// it, out of a text about it.
func redact(text string, r *graph.Resource) string {
	const short = 3 // what is shorter occurs in any text
	var secrets []string
	note := func(v graph.Value) {
		if len(v.Text) >= short {
			secrets = append(secrets, v.Text)
		}
	}
	sensitive(r.Declared, false, note)
	sensitive(r.Values, false, note)
	// A secret may be part of a longer one.
	sort.Slice(secrets, func(i, j int) bool { return len(secrets[i]) > len(secrets[j]) })
	for _, secret := range secrets {
		text = strings.ReplaceAll(text, secret, withheld)
	}
	return text
}

// writes reports whether source holds a text or a word of it: it may be
// escaped, or put together.
func writes(source []byte, text string) bool {
	const short = 4
	if bytes.Contains(source, []byte(text)) {
		return true
	}
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return slices.ContainsFunc(words, func(word string) bool {
		return len(word) >= short && bytes.Contains(source, []byte(word))
	})
}

// secretPlaces are where the source writes sensitive values: no frame may
// show them.
func secretPlaces(g *graph.Graph) []source.Range {
	seen := map[source.Range]bool{}
	var out []source.Range
	for _, s := range g.Stacks {
		for _, r := range s.Resources {
			sensitive(r.Declared, false, func(v graph.Value) {
				places := []source.Range{v.Range}
				if v.Meta != nil {
					for _, step := range v.Meta.Via {
						places = append(places, step.Range)
					}
				}
				for _, at := range places {
					if !at.Valid() || seen[at] {
						continue
					}
					seen[at] = true
					if writes(at.File.Data[at.Start:at.End], v.Text) {
						out = append(out, at)
					}
				}
			})
		}
	}
	return out
}
