package finding

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
)

// BaselineName is the name of the file, at the top of the repository, that
// lists the findings that were there when demarc was introduced.
const BaselineName = "demarc-baseline.json"

// baselineSchema is the version of the file's form.
const baselineSchema = 1

// Entry is one finding of a baseline. Only the fingerprint identifies; the
// others tell people what it is. It has no line numbers, so that it changes
// only when the finding does.
type Entry struct {
	Fingerprint string `json:"fingerprint"`
	Rule        string `json:"rule"`
	Address     string `json:"address"`
	File        string `json:"file"` // relative to the repository's top
	Message     string `json:"message"`
	// Value is a digest of what the rule judged, without which it is not known
	// whether that has changed.
	Value string `json:"value,omitempty"`
}

// Baseline is the content of a baseline file.
type Baseline struct {
	Name    string // the file, as it is shown
	Entries []Entry
}

// EntryOf is the entry that a finding has in a baseline.
func EntryOf(f *Finding) Entry {
	e := Entry{Fingerprint: f.Fingerprint, Rule: f.Rule, Address: f.Resource.Address, File: f.Location.File, Message: f.Message, Value: f.Value}
	if f.Location.Range.Valid() {
		e.File = f.Location.Range.File.Path
	}
	return e
}

// Failing are the entries of all failing findings but those about suppressions.
func Failing(findings []Finding) []Entry {
	var out []Entry
	for i := range findings {
		if f := &findings[i]; f.Status == Fail && !f.Housekeeping() {
			out = append(out, EntryOf(f))
		}
	}
	return out
}

var hexDigest = regexp.MustCompile(`^[0-9a-f]{64}$`)

// ReadBaseline reads the content of a baseline file. name is for errors, which
// tell the line.
func ReadBaseline(name string, data []byte) (*Baseline, error) {
	var file struct {
		Schema   *int              `json:"schema"`
		Findings []json.RawMessage `json:"findings"`
	}
	broken := func(offset int, format string, args ...any) error {
		line := 1 + bytes.Count(data[:min(max(offset, 0), len(data))], []byte("\n"))
		return fmt.Errorf("%s:%d: %s: correct it, or delete it and run demarc baseline", name, line, fmt.Sprintf(format, args...))
	}
	if err := strictly(data, &file); err != nil {
		return nil, broken(offsetOf(err, len(data)), "the baseline cannot be read: %v", err)
	}
	switch {
	case file.Schema == nil:
		return nil, broken(0, "the baseline has no schema version")
	case *file.Schema != baselineSchema:
		return nil, broken(0, "the baseline has schema %d, and this demarc reads %d", *file.Schema, baselineSchema)
	}
	b := &Baseline{Name: name}
	at := 0
	for _, raw := range file.Findings {
		if i := bytes.Index(data[at:], raw); i >= 0 {
			at += i
		}
		var e Entry
		if err := strictly(raw, &e); err != nil {
			return nil, broken(at, "the entry cannot be read: %v", err)
		}
		if !hexDigest.MatchString(e.Fingerprint) {
			return nil, broken(at, "%q is no fingerprint: it has 64 hexadecimal digits", e.Fingerprint)
		}
		b.Entries = append(b.Entries, e)
		at += len(raw)
	}
	return b, nil
}

func strictly(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if d.More() {
		return errors.New("there is text after its end")
	}
	return nil
}

func offsetOf(err error, end int) int {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return int(syntax.Offset) - 1
	case errors.As(err, &kind):
		return int(kind.Offset) - 1
	}
	return end
}

// Encode writes the baseline in its one form: sorted, one entry a line and one
// for each fingerprint, so that changes of two branches merge.
func (b *Baseline) Encode() ([]byte, error) {
	entries := slices.Clone(b.Entries)
	slices.SortFunc(entries, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Address, b.Address), cmp.Compare(a.Rule, b.Rule),
			cmp.Compare(a.Message, b.Message), cmp.Compare(a.Fingerprint, b.Fingerprint))
	})
	seen := map[string]bool{}
	entries = slices.DeleteFunc(entries, func(e Entry) bool {
		twice := seen[e.Fingerprint]
		seen[e.Fingerprint] = true
		return twice
	})
	var out bytes.Buffer
	fmt.Fprintf(&out, "{\n\"schema\": %d,\n\"findings\": [\n", baselineSchema)
	for i, e := range entries {
		var line bytes.Buffer
		w := json.NewEncoder(&line)
		w.SetEscapeHTML(false)
		if err := w.Encode(e); err != nil {
			return nil, err
		}
		out.Write(bytes.TrimRight(line.Bytes(), "\n"))
		if i < len(entries)-1 {
			out.WriteByte(',')
		}
		out.WriteByte('\n')
	}
	out.WriteString("]\n}\n")
	return out.Bytes(), nil
}

// Matcher finds the entries of findings.
type Matcher struct {
	// Moves say which addresses were others before.
	Moves []Move
	// Exists reports whether a file is there, by its name relative to the
	// repository's top. An entry of one that is not is also found by rule,
	// address and message, if they are unique: the file was renamed.
	Exists func(file string) bool
}

// Match returns for each finding the index of its entry, or -1.
func (m Matcher) Match(entries []Entry, findings []Finding) []int {
	byPrint := make(map[string]int, len(entries))
	for i, e := range entries {
		byPrint[e.Fingerprint] = i
	}
	out := make([]int, len(findings))
	held := make([]bool, len(entries))
	for i := range findings {
		out[i] = -1
		for _, print := range append([]string{findings[i].Fingerprint}, findings[i].Former(m.Moves)...) {
			if at, ok := byPrint[print]; ok {
				out[i], held[at] = at, true
				break
			}
		}
	}
	m.matchRenamed(entries, findings, held, out)
	return out
}

// matchRenamed finds what is left of entries whose file is no longer there.
func (m Matcher) matchRenamed(entries []Entry, findings []Finding, held []bool, out []int) {
	type likeness struct{ rule, address, message string }
	const several = -1
	gone := map[likeness]int{}
	for i, e := range entries {
		if held[i] || m.Exists == nil || m.Exists(e.File) {
			continue
		}
		key := likeness{e.Rule, e.Address, e.Message}
		if _, twice := gone[key]; twice {
			gone[key] = several
			continue
		}
		gone[key] = i
	}
	if len(gone) == 0 {
		return
	}
	found := map[likeness]int{}
	for i, f := range findings {
		key := likeness{f.Rule, f.Resource.Address, f.Message}
		if at, ok := gone[key]; !ok || at == several || out[i] >= 0 {
			continue
		}
		if first, twice := found[key]; twice && (first == several || findings[first].Fingerprint != f.Fingerprint) {
			found[key] = several
		} else if !twice {
			found[key] = i
		}
	}
	for key, i := range found {
		if i == several {
			continue
		}
		for j := range findings { // all parts of the finding
			if findings[j].Fingerprint == findings[i].Fingerprint {
				out[j] = gone[key]
			}
		}
	}
}

// Changed reports whether another value is judged now. Nothing is known of
// entries without a value, and of findings whose value must not be told.
func (e Entry) Changed(f *Finding) bool {
	return e.Value != "" && f.Value != "" && e.Value != f.Value
}

// Apply suppresses the failing findings that the baseline has, and returns for
// each entry the one that would be written today, of a finding of any status,
// or nil if no finding has it. recheck leaves findings failing of which another
// value is judged now than the entry tells.
func (b *Baseline) Apply(findings []Finding, m Matcher, recheck bool) []*Entry {
	today := make([]*Entry, len(b.Entries))
	by := &Suppression{Kind: "baseline", Location: Location{File: b.Name}}
	for i, at := range m.Match(b.Entries, findings) {
		f := &findings[i]
		if at < 0 || f.Housekeeping() {
			continue
		}
		if today[at] == nil {
			e := EntryOf(f)
			today[at] = &e
		}
		if recheck && b.Entries[at].Changed(f) {
			f.Related = append(slices.Clip(f.Related), Related{Message: "the baseline lists it with another value", Location: by.Location})
			continue
		}
		if f.Status == Fail {
			f.Status, f.Suppression = Suppressed, by
		}
	}
	return today
}
