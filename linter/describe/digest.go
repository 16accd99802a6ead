package describe

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

// digests are those of all that was judged, by fingerprint: one for all
// instances of a finding. One of a secret, or of a sensitive value, is "": the
// value could be guessed by it.
func (m *merger) digests() map[string]string {
	out := make(map[string]string, len(m.judged))
	rules := make(map[string]string, len(m.judged))
	for _, f := range m.all {
		rules[f.finding.Fingerprint] = f.finding.Rule
	}
	for fingerprint, all := range m.judged {
		slices.Sort(all)
		if all = slices.Compact(all); all[0] != "" {
			out[fingerprint] = digest(rules[fingerprint], strings.Join(all, " "))
		}
	}
	return out
}

// wholeResource is all that a rule reads of a resource.
type wholeResource struct {
	rule     *finding.Rule
	resource *graph.Resource
}

// digest is that of the value that an outcome points at, or else of all that
// its rule reads of the resource.
func (d *Describer) digest(o *policy.Outcome) string {
	switch {
	case o.Rule.Secret:
		return ""
	case len(o.Path) > 0:
		return digestOf(o.Rule, o.Spot)
	}
	key := wholeResource{o.Rule, o.Resource}
	text, known := d.digests[key]
	if !known {
		var read []graph.Spot
		for _, path := range slices.Concat(o.Rule.When, o.Rule.Reads, o.Rule.Presence, o.Rule.Weighs) {
			read = append(read, o.Resource.At(graph.ParsePath(path)))
		}
		text = digestOf(o.Rule, read...)
		d.digests[key] = text
	}
	return text
}

// digestOf is "" if some of the values must not be printed.
func digestOf(rule *finding.Rule, judged ...graph.Spot) string {
	var text strings.Builder
	for _, spot := range judged {
		if spot.Sensitive || !writeValue(&text, spot.Value) {
			return ""
		}
		text.WriteByte('\n')
	}
	return digest(rule.ID, text.String())
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
