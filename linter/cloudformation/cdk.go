package cloudformation

import (
	"path"
	"strings"

	"github.com/demarc-dev/demarc/linter/source"
)

// ManifestName is the file that makes a directory a cloud assembly, which is
// what "cdk synth" writes.
// https://docs.aws.amazon.com/cdk/v2/guide/configure-synth.html
const ManifestName = "manifest.json"

// Assembly is a cloud assembly's manifest: the templates that are stacks.
// What else lies in the directory is assets and notes.
type Assembly struct {
	// Stacks are the parameters that each template is deployed with, by the
	// template's name in the tree.
	Stacks map[string]map[string]string
}

// ReadAssembly reads the manifest of a directory; ok is false when the
// directory is no cloud assembly.
func ReadAssembly(tree source.FS, dir string) (a Assembly, ok bool) {
	f, err := tree.Read(path.Join(dir, ManifestName))
	if err != nil {
		return Assembly{}, false
	}
	root, _, err := parseJSON(f)
	if err != nil || root.get("artifacts") == nil || !root.get("version").isScalar() {
		return Assembly{}, false
	}
	a.Stacks = map[string]map[string]string{}
	for _, p := range root.get("artifacts").pairs {
		kind, properties := p.value.get("type"), p.value.get("properties")
		template := properties.get("templateFile")
		if !kind.isScalar() || kind.text != "aws:cloudformation:stack" || !template.isScalar() {
			continue
		}
		parameters := map[string]string{}
		if given := properties.get("parameters"); given != nil {
			for _, q := range given.pairs {
				// A value may be a token that the deployment fills in.
				if text, ok := parameterText(q.value); ok && !strings.Contains(text, "${") {
					parameters[q.name] = text
				}
			}
		}
		a.Stacks[path.Join(dir, template.text)] = parameters
	}
	return a, true
}
