package main

import (
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// library holds the modules of lib/ by package path.
type library map[string]*ast.Module

func readLibrary(dir string) (library, error) {
	names, err := filepath.Glob(filepath.Join(dir, "lib", "*.rego"))
	if err != nil {
		return nil, err
	}
	lib := library{}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		module, err := ast.ParseModule(name, string(data))
		if err != nil {
			return nil, err
		}
		lib[module.Package.Path.String()] = module
	}
	return lib, nil
}

// typesRead collects the types that a module, or what it imports, asks for by
// name.
func (lib library) typesRead(module *ast.Module) []string {
	found := map[string]bool{}
	ast.WalkTerms(module, func(t *ast.Term) bool {
		if text, ok := t.Value.(ast.String); ok {
			head, _, _ := strings.Cut(string(text), ".")
			if head == "data" {
				head = string(text)
			}
			if strings.HasPrefix(head, "aws_") || head == "tls_private_key" || strings.HasPrefix(head, "data.aws_") {
				found[head] = true
			}
		}
		return false
	})
	types := sorted(found)
	for _, imported := range module.Imports {
		if other := lib[imported.Path.String()]; other != nil {
			types = union(types, lib.typesRead(other))
		}
	}
	return types
}

func sorted(set map[string]bool) []string {
	out := make([]string, 0, len(set))
	for s := range set {
		out = append(out, s)
	}
	sort.Strings(out)
	return out
}

func union(a, b []string) []string {
	set := map[string]bool{}
	for _, s := range append(a, b...) {
		set[s] = true
	}
	return sorted(set)
}
