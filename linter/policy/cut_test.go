package policy

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/policies"
)

// TestCut compiles every rule alone: what it needs is there, and where it was.
func TestCut(t *testing.T) {
	for _, s := range policies.Services() {
		for i := range s.Rules {
			chapters := []chapter{{name: s.Name, files: s.Files, rules: []*policies.Rule{&s.Rules[i]}}}
			if _, err := compile(chapters); err != nil {
				t.Errorf("%s: %v", s.Rules[i].ID, err)
			}
			texts, err := cut(chapters)
			if err != nil {
				t.Fatal(err)
			}
			for name, text := range texts {
				file, err := fs.ReadFile(policies.FS, name)
				if err != nil {
					t.Fatal(err)
				}
				lines := strings.Split(string(file), "\n")
				for n, line := range strings.Split(text, "\n") {
					if line != "" && line != lines[n] {
						t.Fatalf("%s: line %d of %s is %q, not %q", s.Rules[i].ID, n+1, name, line, lines[n])
					}
				}
			}
		}
	}
}

func TestSplit(t *testing.T) {
	u := split("\npackage a\n\nimport b.c\n\nx := 1\n\ndefault y := false\n\ny if {\n\tx == 1\n} else := 2 if {\n\ttrue\n}\n\nz contains\n")
	var got []string
	for _, p := range u.parts {
		got = append(got, p.name)
	}
	if strings.Join(got, " ") != "x y y z" || u.head != "\npackage a\n\nimport b.c\n\n" {
		t.Errorf("got %v, %q", got, u.head)
	}
}
