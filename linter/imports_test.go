package linter_test

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/demarc-dev/demarc/"

// mayImport is who may import what inside demarc: docs/architecture.md.
var mayImport = map[string][]string{
	"internal/allocation":   {},
	"cmd/demarc":            {"linter", "linter/config", "linter/rules", "linter/report", "linter/finding", "linter/responsibility", "linter/diagram"},
	"linter":                {"linter/source", "linter/load", "linter/graph", "linter/terraform", "linter/policy", "linter/config", "linter/rules", "linter/finding", "linter/silence", "linter/baseline", "linter/diagram", "linter/describe", "policies"},
	"linter/load":           {"linter/source", "linter/finding", "linter/graph", "linter/terraform", "linter/cloudformation", "linter/plan", "linter/config"},
	"linter/source":         {},
	"linter/graph":          {"linter/source"},
	"linter/terraform":      {"linter/source", "linter/graph"},
	"linter/cloudformation": {"linter/source", "linter/graph"},
	"linter/plan":           {"linter/source", "linter/graph"},
	"linter/policy":         {"linter/graph", "policies"},
	"linter/rules":          {"linter/finding", "policies"},
	"linter/config":         {"linter/source", "linter/graph", "linter/finding", "linter/rules"},
	"linter/finding":        {"linter/source"},
	"linter/silence":        {"linter/source", "linter/finding"},
	"linter/baseline":       {"linter/finding"},
	"linter/report":         {"linter/source", "linter/finding", "linter/responsibility", "linter/diagram"},
	"linter/responsibility": {"linter/finding"},
	"linter/diagram":        {"linter/graph", "linter/finding"},
	"linter/exposure":       {"linter/graph"},
	"linter/describe":       {"linter/source", "linter/graph", "linter/policy", "linter/exposure", "linter/finding", "linter/rules", "policies"},
	"policies":              {"linter/graph", "linter/finding"},
	"policies/generate":     {"linter/graph", "linter/finding", "policies"},
}

func TestImportsFollowTheHouse(t *testing.T) {
	err := filepath.Walk("..", func(path string, info os.FileInfo, err error) error {
		if err == nil && info.IsDir() && len(info.Name()) > 2 && strings.HasPrefix(info.Name(), ".") {
			return filepath.SkipDir
		}
		if err != nil || info.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		rel, err := filepath.Rel("..", filepath.Dir(path))
		if err != nil {
			return err
		}
		room := filepath.ToSlash(rel)
		allowed, known := mayImport[room]
		if !known {
			t.Errorf("%s is no room of the house", room)
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			inside, ok := strings.CutPrefix(imported, module)
			if ok && !contains(allowed, inside) {
				t.Errorf("%s imports %s", path, inside)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func contains(list []string, s string) bool {
	for _, item := range list {
		if item == s {
			return true
		}
	}
	return false
}
