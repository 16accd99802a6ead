package linter_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"go.yaml.in/yaml/v3"

	"github.com/demarc-dev/demarc/linter"
)

// TestIdentityOutlivesEdits holds docs/identity.md over all fixtures: edits
// that change no meaning leave the set of fingerprints and statuses as it is.
func TestIdentityOutlivesEdits(t *testing.T) {
	before := identities(t, fixturesWith(t, func(name string, data []byte) (string, []byte) { return name, data }))
	findings, files := 500, 100
	if testing.Short() {
		findings, files = findings/shortShare, files/shortShare
	}
	if len(before) < findings {
		t.Fatalf("only %d findings: the fixtures are not found", len(before))
	}
	for _, c := range []struct {
		name string
		edit func(name string, data []byte) (string, []byte)
	}{
		{"insert lines", insertLines},
		{"reorder", reorder},
		{"rename Terraform files", renameTerraform},
		{"all at once", func(name string, data []byte) (string, []byte) {
			_, data = reorder(name, data)
			_, data = insertLines(name, data)
			return renameTerraform(name, data)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if testing.Short() && c.name != "all at once" {
				t.Skip("all edits at once hold the same; one by one they tell which of them it is")
			}
			changed := 0
			dir := fixturesWith(t, func(name string, data []byte) (string, []byte) {
				newName, newData := c.edit(name, slices.Clone(data))
				if newName != name || !bytes.Equal(newData, data) {
					changed++
				}
				return newName, newData
			})
			if changed < files {
				t.Errorf("only %d files were edited", changed)
			}
			after := identities(t, dir)
			for id := range before {
				if _, ok := after[id]; !ok {
					t.Errorf("gone: %s", before[id])
				}
			}
			for id := range after {
				if _, ok := before[id]; !ok {
					t.Errorf("new: %s", after[id])
				}
			}
		})
	}
}

// shortShare is of how many fixtures of rules the short run takes one.
const shortShare = 5

// fixturesWith copies all fixtures, each into a directory of its own, through
// an edit of file names and contents.
func fixturesWith(t *testing.T, edit func(name string, data []byte) (string, []byte)) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	seen := 0
	err := filepath.WalkDir("../fixtures", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && entry.Name() == "cases" {
			return fs.SkipDir // some cannot be analysed
		}
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		place, _ := filepath.Rel("../fixtures", path)
		// A fixture that is one file is a root of its own.
		if parts := strings.Split(filepath.ToSlash(place), "/"); parts[0] == "rules" && len(parts) == 3 {
			if seen++; testing.Short() && seen%shortShare > 0 {
				return nil
			}
			place = filepath.Join(place, "main"+filepath.Ext(place))
		}
		name, data := edit(filepath.Base(place), data)
		target := filepath.Join(dir, filepath.Dir(place), name)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		return os.WriteFile(target, data, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// identities are the fingerprints with statuses of a directory, and what they
// stand for.
func identities(t *testing.T, dir string) map[string]string {
	t.Helper()
	l, err := linter.New(linter.Options{Profile: "extended"})
	if err != nil {
		t.Fatal(err)
	}
	r, err := l.Lint(context.Background(), []string{dir})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range r.Coverage.Errors {
		t.Errorf("%s:%d: %s", e.File, e.Line, e.Message)
	}
	out := map[string]string{}
	for _, f := range r.Findings {
		out[f.Fingerprint+" "+string(f.Status)] = strings.Join([]string{
			string(f.Status), f.Rule, f.Resource.Address, f.Tag, f.Location.Range.File.Path,
		}, " ")
	}
	return out
}

// insertAt puts text before offsets of data.
func insertAt(data []byte, at []int, text func(offset int) string) []byte {
	slices.Sort(at)
	var out []byte
	last := 0
	for _, offset := range slices.Compact(at) {
		out = append(append(out, data[last:offset]...), text(offset)...)
		last = offset
	}
	return append(out, data[last:]...)
}

// lineStart is the start of the line of an offset if only blanks stand between.
func lineStart(data []byte, offset int) (int, bool) {
	start := bytes.LastIndexByte(data[:offset], '\n') + 1
	return start, len(bytes.TrimSpace(data[start:offset])) == 0
}

// insertLines puts blank lines and comments before everything that may have them.
func insertLines(name string, data []byte) (string, []byte) {
	var at []int
	switch filepath.Ext(name) {
	case ".tf":
		file, _ := hclsyntax.ParseConfig(data, name, hcl.InitialPos)
		at = beforeItems(nil, data, file.Body.(*hclsyntax.Body))
	case ".yaml", ".yml":
		at = beforeKeys(data)
	case ".json":
		return name, bytes.ReplaceAll(data, []byte("\n"), []byte("\n\n\t"))
	}
	return name, insertAt(data, at, func(int) string { return "\n      # a remark\n\n" })
}

func beforeItems(at []int, data []byte, body *hclsyntax.Body) []int {
	for _, a := range body.Attributes {
		if start, ok := lineStart(data, a.SrcRange.Start.Byte); ok {
			at = append(at, start)
		}
	}
	for _, b := range body.Blocks {
		if start, ok := lineStart(data, b.TypeRange.Start.Byte); ok {
			at = append(at, start)
		}
		at = beforeItems(at, data, b.Body)
	}
	return at
}

// beforeKeys are the starts of the lines that a mapping's key begins.
func beforeKeys(data []byte) []int {
	var top yaml.Node
	if yaml.Unmarshal(data, &top) != nil {
		return nil
	}
	var at []int
	var visit func(n *yaml.Node)
	visit = func(n *yaml.Node) {
		for i, child := range n.Content {
			if n.Kind == yaml.MappingNode && i%2 == 0 {
				if start, ok := lineStart(data, offsetOf(data, child)); ok {
					at = append(at, start)
				}
			}
			visit(child)
		}
	}
	visit(&top)
	return at
}

// offsetOf is where a node starts. Its column counts characters.
func offsetOf(data []byte, n *yaml.Node) int {
	offset := 0
	for line := 1; line < n.Line; line++ {
		offset += bytes.IndexByte(data[offset:], '\n') + 1
	}
	return offset + len(string([]rune(string(data[offset:]))[:n.Column-1]))
}

// reorder turns round the order of top-level blocks, or of a template's resources.
func reorder(name string, data []byte) (string, []byte) {
	var starts []int
	end := len(data)
	switch filepath.Ext(name) {
	case ".tf":
		file, _ := hclsyntax.ParseConfig(data, name, hcl.InitialPos)
		for _, b := range file.Body.(*hclsyntax.Body).Blocks {
			starts = append(starts, b.TypeRange.Start.Byte)
		}
	case ".yaml", ".yml":
		starts, end = resourceStarts(data)
	}
	if len(starts) < 2 {
		return name, data
	}
	var parts [][]byte
	for i, start := range starts {
		stop := end
		if i+1 < len(starts) {
			stop = starts[i+1]
		}
		parts = append(parts, append(bytes.TrimRight(data[start:stop:stop], "\n"), '\n'))
	}
	slices.Reverse(parts)
	return name, slices.Concat(data[:starts[0]], bytes.Join(parts, nil), data[end:])
}

func resourceStarts(data []byte) (starts []int, end int) {
	var top yaml.Node
	if yaml.Unmarshal(data, &top) != nil || len(top.Content) == 0 {
		return nil, 0
	}
	end = len(data)
	sections := top.Content[0].Content
	for i := 0; i+1 < len(sections); i += 2 {
		resources := sections[i+1]
		if sections[i].Value != "Resources" || resources.Style&yaml.FlowStyle != 0 {
			continue
		}
		if i+2 < len(sections) {
			end, _ = lineStart(data, offsetOf(data, sections[i+2]))
		}
		for j := 0; j < len(resources.Content); j += 2 {
			start, _ := lineStart(data, offsetOf(data, resources.Content[j]))
			starts = append(starts, start)
		}
	}
	return starts, end
}

// renameTerraform gives Terraform files another name; their order changes.
func renameTerraform(name string, data []byte) (string, []byte) {
	if filepath.Ext(name) == ".tf" && !strings.HasSuffix(name, "override.tf") {
		reversed := []rune(strings.TrimSuffix(name, ".tf"))
		slices.Reverse(reversed)
		return "x-" + string(reversed) + ".tf", data
	}
	return name, data
}
