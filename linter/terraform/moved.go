package terraform

import (
	"bytes"
	"path"
	"strings"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// Moved is one moved block. Addresses are relative to the module in Dir, and
// without instance keys.
type Moved struct{ Dir, From, To string }

// MovedIn reads the moved blocks of files. What cannot be read is left to
// evaluation, which reports it.
func MovedIn(files []*source.File) []Moved {
	var out []Moved
	for _, f := range files {
		if !IsSource(path.Base(f.Path)) || !bytes.Contains(f.Data, []byte("moved")) {
			continue
		}
		top, _ := parse(f)
		for _, b := range top.blocks {
			if b.kind != "moved" {
				continue
			}
			m := Moved{Dir: path.Dir(f.Path), From: addressIn(b, "from"), To: addressIn(b, "to")}
			if m.From != "" && m.To != "" && m.From != m.To {
				out = append(out, m)
			}
		}
	}
	return out
}

// addressIn is the address that an attribute is, as it is written, or "".
func addressIn(b *block, name string) string {
	x := b.body.expression(name)
	if x == nil || !x.span().Valid() {
		return ""
	}
	at := x.span()
	text := strings.Trim(string(at.File.Data[at.Start:at.End]), `"`)
	text = strings.ReplaceAll(text, `\"`, `"`) // in JSON
	return strings.TrimSpace(graph.StripKeys(text))
}
