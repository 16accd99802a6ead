package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/source"
)

// FuzzFormats writes any text wherever one is free: what is JSON or XML can be read
// back, and nothing reaches a terminal or a runner as more than text.
func FuzzFormats(f *testing.F) {
	f.Add(evil, "main.tf")
	f.Add("a\xf0\x9f", "\n::error::")
	f.Add("##\u200b[group]", "a](b)")
	f.Fuzz(func(t *testing.T, text, name string) {
		if len(text)+len(name) > 4096 {
			t.Skip()
		}
		file := source.NewFile(name, []byte(text))
		r := sample()
		for i := range r.Findings {
			r.Findings[i].Message, r.Findings[i].Resource.Address = text, text
			r.Findings[i].Location = finding.NewLocation(source.Range{File: file, End: len(file.Data)}, name)
		}
		r.Coverage.Errors = []finding.Error{{File: name, Line: 1, Message: text}}
		for _, format := range Names() {
			write, err := Format(format)
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			if err := write(&out, r, everything); err != nil {
				t.Fatalf("%s: %v", format, err)
			}
			switch format {
			case "json", "sarif", "gitlab":
				if !json.Valid(out.Bytes()) {
					t.Errorf("%s is no JSON", format)
				}
			case "junit":
				for d := xml.NewDecoder(&out); ; {
					if _, err := d.Token(); errors.Is(err, io.EOF) {
						break
					} else if err != nil {
						t.Fatalf("%s: %v", format, err)
					}
				}
			case "text", "compact":
				for _, bad := range []string{"\x1b", "\x07", "\r", "\u009b", "\u202e", "##vso[", "##["} {
					if strings.Contains(out.String(), bad) {
						t.Errorf("%s lets %q through", format, bad)
					}
				}
			}
		}
	})
}
