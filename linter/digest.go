package linter

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/policy"
)

// digestLength is that of a digest of judged values, in hexadecimal digits: it
// tells changes of one finding, and nothing is found by it.
const digestLength = 16

// judgedValues are the digests of what was judged, by fingerprint. One of a
// secret, or of a sensitive value, is "": the value could be guessed by it.
type judgedValues map[string][]string

func (j judgedValues) add(f *finding.Finding, o *policy.Outcome) {
	if f.Status == finding.Fail {
		j[f.Fingerprint] = append(j[f.Fingerprint], judgedValue(o))
	}
}

// of is one digest for all instances of a finding.
func (j judgedValues) of(f *finding.Finding) string {
	all := slices.Compact(slices.Sorted(slices.Values(j[f.Fingerprint])))
	if f.Status != finding.Fail || slices.Contains(all, "") {
		return ""
	}
	return digest(f.Rule, strings.Join(all, " "))
}

// judgedValue is the digest of the value that an outcome points at, or else of
// all that its rule reads of the resource.
func judgedValue(o *policy.Outcome) string {
	if o.Rule.Secret {
		return ""
	}
	judged := []graph.Spot{o.Spot}
	if len(o.Path) == 0 {
		judged = nil
		for _, path := range slices.Concat(o.Rule.When, o.Rule.Reads, o.Rule.Presence, o.Rule.Weighs) {
			judged = append(judged, o.Resource.At(graph.ParsePath(path)))
		}
	}
	var text strings.Builder
	for _, spot := range judged {
		if spot.Sensitive || !writeValue(&text, spot.Value) {
			return ""
		}
		text.WriteByte('\n')
	}
	return digest(o.Rule.ID, text.String())
}

// writeValue writes a value in a form that is the same for equal ones; false
// if some of it is sensitive.
func writeValue(w *strings.Builder, v graph.Value) bool {
	if v.Sensitive {
		return false
	}
	w.WriteString(strconv.Itoa(int(v.Kind)))
	switch v.Kind {
	case graph.Bool:
		w.WriteString(strconv.FormatBool(v.Bool))
	case graph.String, graph.Number:
		w.WriteString(strconv.Quote(v.Text))
	case graph.List:
		for _, item := range v.Items {
			if !writeValue(w, item) {
				return false
			}
			w.WriteByte(',')
		}
	case graph.Object:
		fields := slices.SortedFunc(slices.Values(v.Fields), func(a, b graph.Field) int { return strings.Compare(a.Name, b.Name) })
		for _, f := range fields {
			w.WriteString(strconv.Quote(f.Name))
			if !writeValue(w, f.Value) {
				return false
			}
			w.WriteByte(',')
		}
	}
	w.WriteByte(';')
	return true
}

func digest(parts ...string) string {
	h := sha256.New()
	for _, part := range parts {
		_, _ = io.WriteString(h, strconv.Quote(part)) // a hash takes all
	}
	return hex.EncodeToString(h.Sum(nil))[:digestLength]
}
