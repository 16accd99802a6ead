package describe

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// withheld stands for a sensitive value in texts.
const withheld = "(sensitive)"

// short is the length in bytes below which a text occurs in any other: it is
// taken out where it stands as a word of its own.
const short = 3

// redact takes the sensitive values of a resource, and of what was folded into
// it, out of a text about it.
func (d *Describer) redact(text string, r *graph.Resource) string {
	known := d.secrets[r]
	if known == nil {
		known = newRedactor(r)
		d.secrets[r] = known
	}
	return known.redact(text)
}

// redactor takes a resource's sensitive values out of texts.
type redactor struct {
	long  *strings.Replacer // nil if there are none
	words map[string]bool
}

func newRedactor(r *graph.Resource) *redactor {
	out := &redactor{words: map[string]bool{}}
	var long []string
	note := func(v graph.Value, marked bool) {
		switch {
		case !marked || v.Text == "":
			// What only a name calls a secret may be any word: "password".
		case len(v.Text) >= short:
			long = append(long, v.Text)
		default:
			out.words[v.Text] = true
		}
	}
	r.Declared.Secrets(note)
	r.Values.Secrets(note)
	if len(long) == 0 {
		return out
	}
	slices.Sort(long)
	long = slices.Compact(long)
	// A secret may be part of a longer one.
	slices.SortStableFunc(long, func(a, b string) int { return len(b) - len(a) })
	pairs := make([]string, 0, 2*len(long))
	for _, secret := range long {
		pairs = append(pairs, secret, withheld)
	}
	out.long = strings.NewReplacer(pairs...)
	return out
}

func (r *redactor) redact(text string) string {
	if r.long != nil {
		text = r.long.Replace(text)
	}
	if len(r.words) == 0 {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		if strings.HasPrefix(text[i:], withheld) {
			b.WriteString(withheld)
			i += len(withheld)
			continue
		}
		if n := r.wordAt(text, i); n > 0 {
			b.WriteString(withheld)
			i += n
			continue
		}
		b.WriteByte(text[i])
		i++
	}
	return b.String()
}

// wordAt is the length of the short secret that stands at an offset as a word
// of its own, or 0.
func (r *redactor) wordAt(text string, at int) int {
	for n := min(short-1, len(text)-at); n > 0; n-- {
		if r.words[text[at:at+n]] && !(joins(text[:at], text[at:])) && !joins(text[:at+n], text[at+n:]) {
			return n
		}
	}
	return 0
}

// joins reports whether a word goes on from one text into the next.
func joins(before, after string) bool {
	last, _ := utf8.DecodeLastRuneInString(before)
	first, _ := utf8.DecodeRuneInString(after)
	return before != "" && after != "" && inWord(last) && inWord(first)
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// writes reports whether source holds a text or a word of it: it may be
// escaped, or put together.
func writes(source []byte, text string) bool {
	const telling = 4
	if bytes.Contains(source, []byte(text)) {
		return true
	}
	words := strings.FieldsFunc(text, func(r rune) bool { return !inWord(r) })
	return slices.ContainsFunc(words, func(word string) bool {
		return len(word) >= telling && bytes.Contains(source, []byte(word))
	})
}

// Secrets are where the source writes what must not be shown: no frame may
// show them, whatever it is about.
func Secrets(g *graph.Graph) []source.Range {
	seen := map[source.Range]bool{}
	var out []source.Range
	add := func(at source.Range, shown func(text []byte) bool) {
		if !at.Valid() || seen[at] {
			return
		}
		seen[at] = true
		if shown(at.File.Data[at.Start:at.End]) {
			out = append(out, at)
		}
	}
	for _, s := range g.Stacks {
		for _, at := range s.Secrets {
			add(at, func([]byte) bool { return true })
		}
		for _, r := range s.Resources {
			r.Declared.Secrets(func(v graph.Value, _ bool) {
				shown := func(text []byte) bool { return writes(text, v.Text) }
				add(v.Range, shown)
				if v.Meta == nil {
					return
				}
				for _, step := range v.Meta.Via {
					add(step.Range, shown)
				}
			})
		}
	}
	return out
}
