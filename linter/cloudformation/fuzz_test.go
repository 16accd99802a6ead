package cloudformation

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/internal/allocation"
	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// FuzzLoad looks for input that makes loading fail, work without end, or place something
// outside its file.
func FuzzLoad(f *testing.F) {
	for _, seed := range []string{
		twin, twinJSON, coercion, ranges, around + "!Sub 'a${Name}'\n", switches(3), templateOf(3, false), templateOf(3, true),
		"Resources:\n  Fn::ForEach::L: [X, [a, b], {'R${X}': {Type: Custom::R, Properties: {V: !Ref X}}}]\n  Type: AWS::\n",
		"Resources: {A: &a {Type: AWS::X::Y, Properties: {<<: *a}}}",
		"Transform: AWS::Serverless-2016-10-31\nGlobals: {Function: {A: [1]}}\nResources: {F: {Type: AWS::Serverless::Function, Properties: {A: [2]}}}",
		"Conditions: {A: !Not [!Condition A]}\nResources: {F: {Type: AWS::X::Y, Condition: A}}",
	} {
		f.Add([]byte(seed))
	}
	names, _ := filepath.Glob("testdata/sam/*.yaml")
	for _, name := range names {
		if seed, err := os.ReadFile(name); err == nil {
			f.Add(seed)
		}
	}
	tree := newTree(f, family)
	f.Fuzz(func(t *testing.T, data []byte) {
		file := source.NewFile("app/t.yaml", data)
		var stacks []*graph.Stack
		var diagnostics []graph.Diagnostic
		if bytes := allocation.Of(func() { stacks, diagnostics = load(context.Background(), tree, file, Options{}) }); bytes > 4<<30 {
			t.Errorf("allocates %d MB", bytes>>20)
		}
		for _, d := range diagnostics {
			if strings.HasPrefix(d.Message, "demarc failed") {
				t.Error(d.Message)
			}
			if d.Range.Start < 0 || d.Range.Start > d.Range.End {
				t.Errorf("diagnostic at %d to %d", d.Range.Start, d.Range.End)
			}
		}
		for _, s := range stacks {
			for _, r := range s.Resources {
				if !r.Block.Valid() || r.Block.Start > r.Block.End || r.Block.End > len(r.Block.File.Data) {
					t.Errorf("%s at %d to %d", r.Address, r.Block.Start, r.Block.End)
				}
				placed(t, r.Declared)
			}
		}
	})
}

// placed checks that ranges lie inside their files.
func placed(t *testing.T, v graph.Value) {
	if r := v.Range; r.Valid() && (r.Start < 0 || r.Start > r.End || r.End > len(r.File.Data)) {
		t.Errorf("a value at %d to %d of %d", r.Start, r.End, len(r.File.Data))
	}
	for _, f := range v.Fields {
		if r := f.NameRange; !r.Valid() || r.Start < 0 || r.Start > r.End || r.End > len(r.File.Data) {
			t.Errorf("key %s at %d to %d", f.Name, r.Start, r.End)
		}
		placed(t, f.Value)
	}
	for _, item := range v.Items {
		placed(t, item)
	}
}
