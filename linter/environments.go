package linter

import (
	"encoding/json"
	"fmt"
	"path"
	"path/filepath"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/demarc-dev/demarc/linter/terraform"
)

// Environment is a named set of inputs of one Terraform root.
type Environment struct {
	Name      string
	Root      string   // directory, relative to the configuration file
	VarFiles  []string // relative to the configuration file
	Variables map[string]string
	Workspace string

	line int
}

func (r *configReader) environments(n *yaml.Node) []Environment {
	var out []Environment
	first := map[[2]string]int{}
	for _, item := range r.items(n, "environments must be a list") {
		env := Environment{Root: ".", line: item.Line}
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
func (r *configReader) relative(n *yaml.Node) string {
	value := r.text(n)
	if value == "" || path.IsAbs(value) || filepath.IsAbs(value) {
		r.fail(n, "%q must be a path relative to this file", value)
	}
	return value
}

// files reads a list of paths relative to the configuration file.
func (r *configReader) files(n *yaml.Node, key string) []string {
	var out []string
	for _, item := range r.items(n, "%s must be a list of files", key) {
		out = append(out, r.relative(item))
	}
	return out
}

// variables reads values by name. What is no text is written as JSON, which
// Terraform reads as it reads its own syntax.
func (r *configReader) variables(n *yaml.Node) map[string]string {
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
		var decoded any
		err := value.Decode(&decoded)
		var text []byte
		if err == nil {
			text, err = json.Marshal(decoded)
		}
		if err != nil {
			r.fail(value, "the value of %q cannot be given to Terraform: %v", name.Value, err)
			continue
		}
		out[name.Value] = string(text)
	}
	return out
}

// environments are those of the configuration whose roots are scanned. Their
// directories become roots, even if others call them. One that two files give
// is the stronger file's.
func (s *scan) environments() ([]terraform.Environment, error) {
	var out []terraform.Environment
	for _, layer := range s.config.layers() {
		for _, env := range layer.Environments {
			placed, err := s.environment(layer, env)
			if err != nil {
				return nil, err
			}
			if placed == nil {
				continue // not scanned
			}
			same := func(other terraform.Environment) bool { return other.Name == placed.Name && other.Root == placed.Root }
			if i := slices.IndexFunc(out, same); i >= 0 {
				out[i] = *placed
			} else {
				out = append(out, *placed)
			}
		}
	}
	return out, nil
}

// environment finds the root of one, or nothing if it is not scanned.
func (s *scan) environment(c *Config, env Environment) (*terraform.Environment, error) {
	name, err := s.tree.Rel(filepath.Join(c.dir, filepath.FromSlash(env.Root)))
	if err != nil {
		if c.above != "" { // the scan is confined to another part
			return nil, nil
		}
		return nil, fmt.Errorf("%s:%d: the root of environment %q: %w", c.Path, env.line, env.Name, err)
	}
	if info, err := s.fs.Stat(name); err != nil || !info.IsDir() {
		if s.old { // it is new
			return nil, nil
		}
		return nil, fmt.Errorf("%s:%d: the root of environment %q is no directory: %s", c.Path, env.line, env.Name, env.Root)
	}
	i := slices.IndexFunc(s.found.dirs, func(d terraform.Dir) bool { return d.Name == name })
	if i < 0 {
		return nil, nil
	}
	s.found.dirs[i].Named = true
	var files []string
	for _, f := range env.VarFiles {
		file := filepath.Join(c.dir, filepath.FromSlash(f))
		if err := confined(c.dir, file); err != nil {
			return nil, fmt.Errorf("%s:%d: a var-file of environment %q: %w", c.Path, env.line, env.Name, err)
		}
		files = append(files, file)
	}
	return &terraform.Environment{Name: env.Name, Root: name, Variables: env.Variables, VarFiles: files, Workspace: env.Workspace}, nil
}
