package policies

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/format"

	"github.com/demarc-dev/demarc/linter/graph"
)

var update = flag.Bool("update", false, "rewrite what is compared")

// sources visits every Rego file.
func sources(t *testing.T, visit func(name string, text []byte)) {
	t.Helper()
	for _, pattern := range []string{"*.rego", "*/*.rego"} {
		names, err := fs.Glob(FS, pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			text, err := fs.ReadFile(FS, name)
			if err != nil {
				t.Fatal(err)
			}
			visit(name, text)
		}
	}
}

func TestRegoIsFormatted(t *testing.T) {
	sources(t, func(name string, text []byte) {
		want, err := format.SourceWithOpts(name, text, format.Opts{RegoVersion: ast.RegoV1})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		if bytes.Equal(want, text) {
			return
		}
		if *update {
			if err := os.WriteFile(name, want, 0o644); err != nil {
				t.Fatal(err)
			}
			return
		}
		t.Errorf("%s is not formatted: run go test ./policies -update", name)
	})
}

// forbidden are calls that give a wrong answer for a value that is unknown:
// its key is not there.
var forbidden = map[string]bool{"object.get": true, "count": true, "minus": true}

// TestChaptersLeaveUnknownsToTheLibrary refuses what fires falsely on unknown
// values everywhere but in lib/, whose helpers handle them.
func TestChaptersLeaveUnknownsToTheLibrary(t *testing.T) {
	sources(t, func(name string, text []byte) {
		if strings.HasPrefix(name, "lib/") {
			return
		}
		module, err := ast.ParseModule(name, string(text))
		if err != nil {
			t.Fatal(err)
		}
		for _, imported := range module.Imports {
			if path := imported.Path.String(); !strings.HasPrefix(path, "data.demarc.lib.") {
				t.Errorf("%s imports %s: a chapter imports only the library", name, path)
			}
		}
		ast.WalkExprs(module, func(e *ast.Expr) bool {
			if e.Negated {
				t.Errorf("%s:%d: not: use a helper of lib/value.rego", name, e.Location.Row)
			}
			if e.IsEvery() {
				t.Errorf("%s:%d: every: use a helper of lib/", name, e.Location.Row)
			}
			if e.IsCall() && forbidden[e.Operator().String()] {
				t.Errorf("%s:%d: %s: use a helper of lib/", name, e.Location.Row, e.Operator())
			}
			return false
		})
		ast.WalkTerms(module, func(term *ast.Term) bool {
			var body ast.Body
			switch c := term.Value.(type) {
			case *ast.ArrayComprehension:
				body = c.Body
			case *ast.SetComprehension:
				body = c.Body
			case *ast.ObjectComprehension:
				body = c.Body
			case ast.Call:
				if forbidden[c[0].String()] {
					t.Errorf("%s:%d: %s: use a helper of lib/", name, term.Location.Row, c[0])
				}
			}
			if body != nil && strings.Contains(body.String(), ".values") {
				t.Errorf("%s:%d: a comprehension over values: use a helper of lib/", name, term.Location.Row)
			}
			return false
		})
	})
}

func TestIdsAndTitlesAreUnique(t *testing.T) {
	ids, titles := map[string]bool{}, map[string]string{}
	for _, s := range Services() {
		for _, r := range s.Rules {
			if ids[r.ID] {
				t.Errorf("%s stands twice", r.ID)
			}
			if other := titles[r.Title]; other != "" {
				t.Errorf("%s and %s have the same title", r.ID, other)
			}
			ids[r.ID], titles[r.Title] = true, r.ID
		}
	}
}

// pathHelpers are the library's functions whose argument of this number is a
// path of the resource before it.
var pathHelpers = map[string]int{
	"value.get": 2, "value.none": 2, "value.is": 2, "value.differs": 2, "value.has": 2, "value.lacks": 2,
	"value.outside": 2, "value.matches": 2, "value.below": 2, "value.settled": 2, "value.hidden": 2,
	"value.differs_from": 2, "value.lacks_block": 2, "value.lacks_entry": 2, "value.entry_outside": 2, "value.entry_unknown": 2,
	"value.may_lack": 2, "value.may_lack_block": 2, "resource.may_lack": 2, "resource.set": 2, "resource.targets": 2,
}

// TestChaptersReadWhatTheSchemaNames holds every attribute that a chapter
// reads against the tables of the types it asks for: one that no table names
// would never be there, and the rule would never fire.
func TestChaptersReadWhatTheSchemaNames(t *testing.T) {
	schema := Schema()
	for _, s := range Services() {
		names := func(path string) bool {
			for _, name := range s.Types {
				if hasAttribute(schema, name, path) {
					return true
				}
			}
			return false
		}
		for _, name := range s.Files {
			text, err := fs.ReadFile(FS, name)
			if err != nil {
				t.Fatal(err)
			}
			module, err := ast.ParseModule(name, string(text))
			if err != nil {
				t.Fatal(err)
			}
			for _, path := range readPaths(module) {
				if !names(path.text) {
					t.Errorf("%s:%d reads %s, which no table of %v names", name, path.line, path.text, s.Types)
				}
			}
		}
	}
}

type readPath struct {
	text string
	line int
}

func readPaths(module *ast.Module) []readPath {
	var out []readPath
	ast.WalkExprs(module, func(e *ast.Expr) bool {
		if !e.IsCall() {
			return false
		}
		if n := pathHelpers[e.Operator().String()]; n > 0 {
			if path, ok := e.Operand(n - 1).Value.(ast.String); ok {
				out = append(out, readPath{string(path), e.Location.Row})
			}
		}
		return false
	})
	ast.WalkRefs(module, func(ref ast.Ref) bool {
		if len(ref) < 3 || !ref[1].Equal(ast.StringTerm("values")) {
			return false
		}
		var parts []string
		for _, term := range ref[2:] {
			part, ok := term.Value.(ast.String)
			if !ok {
				break
			}
			parts = append(parts, string(part))
		}
		if len(parts) > 0 {
			out = append(out, readPath{strings.Join(parts, "."), ref[0].Location.Row})
		}
		return false
	})
	return out
}

// statementMembers are read from a policy statement.
var statementMembers = map[string]bool{
	"effect": true, "actions": true, "not_actions": true, "resources": true, "not_resources": true,
	"principals": true, "not_principals": true, "conditions": true,
}

// hasAttribute also accepts a path inside a block, a document or a map.
func hasAttribute(schema *graph.Schema, name, path string) bool {
	if statementMembers[path] {
		return true
	}
	table := schema.Type(name)
	if table == nil {
		return false
	}
	if table.Attribute(graph.ParsePath(path)) != nil || hasBlockAttribute(table.Attributes, path) {
		return true
	}
	for p := path; ; {
		i := strings.LastIndexByte(p, '.')
		if i < 0 {
			return false
		}
		p = p[:i]
		if a := table.Attribute(graph.ParsePath(p)); a != nil && (a.Form == graph.FormDocument || a.Form == graph.FormMap || a.Form == graph.FormAny) {
			return true
		}
	}
}

// hasBlockAttribute looks for an attribute of some block, which a helper reads
// from the block alone.
func hasBlockAttribute(attributes []graph.Attribute, name string) bool {
	for i := range attributes {
		a := &attributes[i]
		for j := range a.Attributes {
			if a.Attributes[j].Name == name {
				return true
			}
		}
		if hasBlockAttribute(a.Attributes, name) {
			return true
		}
	}
	return false
}

func TestRulesHaveProse(t *testing.T) {
	for _, s := range Services() {
		for _, r := range s.Rules {
			prose := ProseOf(r.ID)
			if prose.Description == "" || prose.Remedy == "" || len(prose.Related) == 0 {
				t.Errorf("%s: %+v", r.ID, prose)
			}
			for _, address := range prose.Related {
				if !strings.HasPrefix(address, "https://") {
					t.Errorf("%s: %q is no address", r.ID, address)
				}
			}
		}
	}
	for _, id := range []string{"", "rds", "rds/", "rds/none", "none/none", "../controls"} {
		if prose := ProseOf(id); prose.Description != "" {
			t.Errorf("%q has a description: %q", id, prose.Description)
		}
	}
}
