package terraform

import (
	"fmt"
	"maps"
	"slices"

	"github.com/agnivade/levenshtein"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// undeclared tells of values that the user gave, by name or in a file, for
// variables that no root declares or uses: they are misspelt, or meant for
// another directory. inputs are the plain ones and those of environments.
func undeclared(roots []*module, inputs []*inputs) []graph.Diagnostic {
	if len(roots) == 0 {
		return nil
	}
	known := map[string]bool{}
	for _, m := range roots {
		for name := range m.variables {
			known[name] = true
		}
	}
	for _, in := range inputs {
		maps.Copy(known, in.undeclared)
	}
	var out []graph.Diagnostic
	tell := func(file string, at source.Range, name string) {
		if !known[name] {
			out = append(out, graph.Diagnostic{File: file, Range: at, Message: fmt.Sprintf(
				"a value is given for the variable %q, which no root module declares%s", name, alike(name, known))})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(inputs[0].text)) {
		tell("", source.Range{}, name)
	}
	for _, f := range inputs[0].files {
		for _, a := range f.attributes {
			tell(f.name, a.nameRange, a.name)
		}
	}
	return out
}

// alike is the known name that may be meant, in words, or "".
func alike(name string, known map[string]bool) string {
	const most = 2
	best, distance := "", most+1
	for _, other := range slices.Sorted(maps.Keys(known)) {
		if d := levenshtein.ComputeDistance(name, other); d < distance && d < len(name) {
			best, distance = other, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(": did you mean %q?", best)
}
