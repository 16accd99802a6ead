package config

import (
	"encoding/json"
	"fmt"
	"path"
	"path/filepath"

	"go.yaml.in/yaml/v3"
)

func (r *reader) environments(n *yaml.Node) []Environment {
	var out []Environment
	first := map[[2]string]int{}
	for _, item := range r.list(n, "environments must be a list") {
		env := Environment{Root: ".", Line: item.Line}
		r.mapping(item, "an environment", map[string]func(*yaml.Node){
			"name":      func(n *yaml.Node) { env.Name = r.text(n) },
			"root":      func(n *yaml.Node) { env.Root = r.relative(n) },
			"var-files": func(n *yaml.Node) { env.VarFiles = r.files(n, "var-files") },
			"variables": func(n *yaml.Node) { env.Variables = r.variables(n) },
			"workspace": func(n *yaml.Node) { env.Workspace = r.text(n) },
		})
		if item.Kind != yaml.MappingNode {
			continue
		}
		key := [2]string{path.Clean(env.Root), env.Name}
		if env.Name == "" {
			r.fail(item, "an environment needs a name")
		} else if first[key] > 0 {
			r.fail(item, "the environment %q of %s is given twice, first in line %d", env.Name, env.Root, first[key])
		}
		first[key] = item.Line
		out = append(out, env)
	}
	return out
}

// relative reads a path relative to the configuration file.
func (r *reader) relative(n *yaml.Node) string {
	value := r.text(n)
	if value == "" || path.IsAbs(value) || filepath.IsAbs(value) {
		r.fail(n, "%q must be a path relative to this file", value)
	}
	return value
}

// files reads a list of paths relative to the configuration file.
func (r *reader) files(n *yaml.Node, key string) []string {
	var out []string
	for _, item := range r.list(n, "%s must be a list of files", key) {
		out = append(out, r.relative(item))
	}
	return out
}

// variables reads values by name. What is no text is written as JSON, which
// Terraform reads as it reads its own syntax.
func (r *reader) variables(n *yaml.Node) map[string]string {
	if n.Kind != yaml.MappingNode {
		r.fail(n, "variables must map names to values")
		return nil
	}
	out := map[string]string{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, value := n.Content[i], n.Content[i+1]
		if _, twice := out[name.Value]; twice {
			r.fail(name, "%q is given twice", name.Value)
		}
		if value.Kind == yaml.ScalarNode && value.Tag != "!!null" {
			out[name.Value] = value.Value
			continue
		}
		text, err := r.json(value)
		if err != nil {
			r.fail(value, "the value of %q cannot be given to Terraform: %v", name.Value, err)
			continue
		}
		out[name.Value] = text
	}
	return out
}

// maxDecoded is how many values a file may decode: its aliases could stand for
// far more than it has bytes.
const maxDecoded = 100_000

// json is a value as JSON.
func (r *reader) json(n *yaml.Node) (string, error) {
	r.count(n)
	if r.decoded > maxDecoded {
		return "", fmt.Errorf("it makes more than %d values, aliases counted", maxDecoded)
	}
	var decoded any
	if err := n.Decode(&decoded); err != nil {
		return "", err
	}
	text, err := json.Marshal(decoded)
	return string(text), err
}

// count counts the values below a node, aliases resolved, until they are too many.
func (r *reader) count(n *yaml.Node) {
	if r.decoded++; r.decoded > maxDecoded {
		return
	}
	if n.Kind == yaml.AliasNode {
		r.count(n.Alias)
	}
	for _, child := range n.Content {
		r.count(child)
	}
}
