package terraform

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// loaded is what Load gives for an archive of files.
type loaded struct {
	t      testing.TB
	stacks []*graph.Stack
	diags  []graph.Diagnostic
	tree   *source.Tree
}

// load writes an archive (or one file, main.tf) and loads its top directory.
func load(t testing.TB, archive string, options ...func(*Options)) *loaded {
	t.Helper()
	return loadDirs(t, archive, []Dir{{Name: ".", Named: true}}, options...)
}

func loadDirs(t testing.TB, archive string, dirs []Dir, options ...func(*Options)) *loaded {
	t.Helper()
	top := t.TempDir()
	write(t, top, archive)
	var o Options
	for _, option := range options {
		option(&o)
	}
	return loadFrom(t, top, dirs, o)
}

func loadFrom(t testing.TB, top string, dirs []Dir, o Options) *loaded {
	t.Helper()
	tree, err := source.Open(top)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tree.Close() })
	l := &loaded{t: t, tree: tree}
	l.stacks, l.diags = Load(context.Background(), tree, dirs, o)
	return l
}

func write(t testing.TB, top, archive string) {
	t.Helper()
	a := txtar.Parse([]byte(archive))
	if len(a.Files) == 0 {
		a.Files = []txtar.File{{Name: "main.tf", Data: []byte(archive)}}
	}
	for _, f := range a.Files {
		name := filepath.Join(top, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func (l *loaded) stack() *graph.Stack {
	l.t.Helper()
	if len(l.stacks) != 1 {
		l.t.Fatalf("%d stacks, want 1", len(l.stacks))
	}
	return l.stacks[0]
}

// find returns the resource with an address.
func (l *loaded) find(address string) *graph.Resource {
	l.t.Helper()
	var have []string
	for _, s := range l.stacks {
		for _, r := range s.Resources {
			if r.Address == address {
				return r
			}
			have = append(have, r.Address)
		}
	}
	l.t.Fatalf("no resource %s, have %v; diagnostics %v", address, have, l.messages())
	return nil
}

// at is the value at "address path.of.attribute".
func (l *loaded) at(place string) graph.Value {
	l.t.Helper()
	address, path, _ := strings.Cut(place, " ")
	v := l.find(address).Declared
	if path == "" {
		return v
	}
	return v.Get(strings.Split(path, ".")...)
}

func (l *loaded) addresses() string {
	var all []string
	for _, s := range l.stacks {
		for _, r := range s.Resources {
			all = append(all, r.Address)
		}
	}
	sort.Strings(all)
	return strings.Join(all, " ")
}

func (l *loaded) messages() []string {
	var all []string
	for _, d := range l.diags {
		text := d.File
		if d.Range.Valid() {
			text += fmt.Sprintf(":%d", d.Range.StartPosition().Line)
		}
		all = append(all, text+": "+d.Message)
	}
	return all
}

// show writes a value as tests have it: known values as JSON-like text,
// unknown ones as ?(reasons), links as ->address.attribute.
func show(v graph.Value) string {
	var b strings.Builder
	showTo(&b, v)
	return b.String()
}

func showTo(b *strings.Builder, v graph.Value) {
	switch v.Kind {
	case graph.Absent:
		b.WriteString("absent")
	case graph.Null:
		b.WriteString("null")
	case graph.Bool:
		fmt.Fprint(b, v.Bool)
	case graph.Number:
		b.WriteString(v.Text)
	case graph.String:
		fmt.Fprintf(b, "%q", v.Text)
	case graph.List:
		b.WriteByte('[')
		for i, item := range v.Items {
			if i > 0 {
				b.WriteString(", ")
			}
			showTo(b, item)
		}
		b.WriteByte(']')
	case graph.Object:
		b.WriteByte('{')
		for i, f := range v.Fields {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(f.Name + ": ")
			showTo(b, f.Value)
		}
		if v.Open() {
			b.WriteString(", ...")
		}
		b.WriteByte('}')
	case graph.Unknown:
		var texts []string
		for _, r := range v.Reasons() {
			texts = append(texts, r.Text)
		}
		b.WriteString("?(" + strings.Join(texts, "; ") + ")")
	}
	for _, l := range v.Links() {
		b.WriteString("->" + l.Address)
		if l.Attribute != "" {
			b.WriteString("." + l.Attribute)
		}
	}
	if v.Sensitive {
		b.WriteByte('!')
	}
}

// written is the text at a range, with its file where that is not main.tf.
func written(r source.Range) string {
	if !r.Valid() {
		return "nowhere"
	}
	text := string(r.File.Data[r.Start:r.End])
	if r.File.Path != "main.tf" {
		text = r.File.Path + ": " + text
	}
	return text
}
