// Package baseline keeps the findings that were there when demarc was
// introduced: reading and writing the file that lists them, and finding its
// entries again, or those of any earlier state, among the findings of a scan.
package baseline

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/demarc-dev/demarc/linter/finding"
)

// FileName is the name of the file, at the top of the repository, that
// lists the findings that were there when demarc was introduced.
const FileName = "demarc-baseline.json"

// schemaVersion is the version of the file's form.
const schemaVersion = 1

// Baseline is the content of a baseline file.
type Baseline struct {
	Name    string // the file, as it is shown
	Entries []finding.Entry
}

// Update is the baseline as a report leaves it: without what is gone and, with
// add, with what fails. What the baseline has is suppressed, so what fails is new.
func (b *Baseline) Update(r *finding.Report, add bool) *Baseline {
	next := &Baseline{Name: b.Name, Entries: slices.Clone(r.Kept)}
	for i := range r.Findings {
		if f := &r.Findings[i]; add && f.Status == finding.Fail && !f.Housekeeping() {
			next.Entries = append(next.Entries, finding.EntryOf(f))
		}
	}
	return next
}

var hexDigest = regexp.MustCompile(`^[0-9a-f]{64}$`)

// Read reads the content of a baseline file. name is for errors, which
// tell the line.
func Read(name string, data []byte) (*Baseline, error) {
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
	case *file.Schema != schemaVersion:
		return nil, broken(0, "the baseline has schema %d, and this demarc reads %d", *file.Schema, schemaVersion)
	}
	b := &Baseline{Name: name}
	at := 0
	for _, raw := range file.Findings {
		if i := bytes.Index(data[at:], raw); i >= 0 {
			at += i
		}
		var e finding.Entry
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
	slices.SortFunc(entries, func(a, b finding.Entry) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Address, b.Address), cmp.Compare(a.Rule, b.Rule),
			cmp.Compare(a.Message, b.Message), cmp.Compare(a.Fingerprint, b.Fingerprint))
	})
	seen := map[string]bool{}
	entries = slices.DeleteFunc(entries, func(e finding.Entry) bool {
		twice := seen[e.Fingerprint]
		seen[e.Fingerprint] = true
		return twice
	})
	var out bytes.Buffer
	fmt.Fprintf(&out, "{\n\"schema\": %d,\n\"findings\": [\n", schemaVersion)
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
