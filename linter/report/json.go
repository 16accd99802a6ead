package report

import (
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/demarc-dev/demarc/linter/finding"
)

// JSON writes the report as the contract of docs/output.md says: every key is
// there, and an empty list is [], never null.
func JSON(w io.Writer, r *finding.Report, _ Options) error {
	out := *r
	out.Findings = make([]finding.Finding, len(r.Findings))
	for i, f := range r.Findings {
		f.Environments = list(f.Environments)
		f.Controls = list(f.Controls)
		f.Related = list(f.Related)
		f.Why = list(f.Why)
		f.Resource.Instances = list(f.Resource.Instances)
		aliases := make(map[string][]string, len(f.Aliases))
		for peer, ids := range f.Aliases {
			aliases[peer] = list(ids)
		}
		f.Aliases = aliases
		out.Findings[i] = f
	}
	out.Coverage.MissingModules = list(r.Coverage.MissingModules)
	out.Coverage.Types = list(r.Coverage.Types)
	out.Coverage.Errors = list(r.Coverage.Errors)
	return WriteJSON(w, out)
}

// WriteJSON writes a value for programs, indented for people. What a terminal
// or a CI runner would act on is written in JSON's own escapes, so that
// programs read the same text.
func WriteJSON(w io.Writer, value any) error {
	e := json.NewEncoder(harmless{w})
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(value)
}

// harmless escapes what an encoder of JSON writes, which is a whole value at a
// time. What it escapes stands in strings only.
type harmless struct{ to io.Writer }

func (h harmless) Write(text []byte) (int, error) {
	var out []byte
	kept := 0 // what comes before is in out
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if escape := jsonEscape(r, text[i:]); escape != "" {
			out = append(append(out, text[kept:i]...), escape...)
			kept = i + size
		}
		i += size
	}
	if out != nil {
		_, err := h.to.Write(append(out, text[kept:]...))
		return len(text), err
	}
	return h.to.Write(text)
}

// jsonEscape is how JSON escapes a rune that begins a text, or "" where it may
// stand as it is.
func jsonEscape(r rune, text []byte) string {
	switch {
	case r == '#' && beginsCommand(string(text[:min(len(text), longestCommand)])):
	case r == '\n' || r == utf8.RuneError || !unsafe(r):
		return ""
	case r > 0xffff:
		high, low := utf16.EncodeRune(r)
		return fmt.Sprintf(`\u%04x\u%04x`, high, low)
	}
	return fmt.Sprintf(`\u%04x`, r)
}

func list[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}
