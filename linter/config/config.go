// Package config reads demarc.yaml, which says how a scan is to be done, and the
// catalogues of controls of the reader's own. Both are read strictly: what is
// not understood is an error that names the file and line.
package config

import (
	"errors"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/source"
)

// Names are those of a configuration file, the preferred one first.
func Names() []string { return []string{"demarc.yaml", ".demarc.yaml"} }

// A configuration file may be a stranger's: it cannot be huge, nor its
// patterns slow to match.
const (
	maxSize    = 1 << 20 // bytes
	maxPattern = 300     // bytes
	maxBraces  = 4
)

// Config is the content of a configuration file (docs/configuration.md).
// Patterns are relative to the directory of the file.
type Config struct {
	// Extends are the configuration files that this one builds on, relative to
	// it; what it says itself wins, then what a later one says.
	Extends []string
	// Exclude are patterns of files and directories that are not scanned.
	Exclude []string
	// Severity overrides severities, by rule id; Overrides by more than that.
	Severity  map[string]finding.Severity
	Overrides []Override
	// Ignore suppresses findings.
	Ignore []Ignore
	// FailOn is the least severity that fails; "" means any. It, Require,
	// Profile and RecheckValues are those of an extended file where this one
	// says nothing.
	FailOn string
	// Require is what a suppression must give to count: reason, until, owner.
	// Nil requires nothing.
	Require []string
	// Renames are resources that have a new address or logical id.
	Renames []Rename
	// Profile is "default" or "extended"; "" means default.
	Profile string
	// Environments are the inputs with which roots are evaluated.
	Environments []Environment
	// Options are the rules' thresholds, by rule id and name.
	Options map[string]map[string]int
	// RecheckValues makes a baseline forget findings whose value changed; nil
	// is false.
	RecheckValues *bool

	// Path is the file as it was named when it was loaded; "" for none.
	Path string

	file   string // its absolute name
	dir    string // absolute directory that patterns are relative to
	byUser bool   // whether the user named it, or a file that extends it
	root   string // absolute directory that a scan is confined to
	// below is dir relative to the confinement root that it lies in, above
	// the root relative to dir; at most one is set.
	below, above string

	// extended are all files that it builds on, the weakest first, each once.
	extended []*Config
	// settings are the keys with their values, as they are written.
	settings []setting

	source *source.File
	lines  map[string]int // line of each severity, by rule id
	// byID has Severity by normal id, once the configuration is placed.
	byID map[string]finding.Severity
}

// Rename says that the resource or module To was From before.
type Rename struct{ From, To string }

// Override gives the findings that all its patterns match another severity.
type Override struct {
	Rule, Path, Address string // as those of Ignore
	Severity            finding.Severity

	line int
}

// Ignore suppresses the findings that all its patterns match.
type Ignore struct {
	Rule    string // id, a peer's id, or a pattern of ids: s3/*
	Path    string // pattern of files
	Address string // pattern of resource addresses: module.legacy.*
	Tag     string // pattern of tags: tcp/22 from *
	Reason  string
	Owner   string
	Until   time.Time // the last day it counts; zero for ever
	Line    int       // where it stands in the file
}

// Environment is a named set of inputs of one Terraform root.
type Environment struct {
	Name      string
	Root      string   // directory, relative to the configuration file
	VarFiles  []string // relative to the configuration file
	Variables map[string]string
	Workspace string
	Line      int // where it stands in the file
}

// setting is one key of a file with its value.
type setting struct{ key, value *yaml.Node }

// itemsOf are the items of a list as they are written.
func (c *Config) itemsOf(key string) []*yaml.Node {
	for _, s := range c.settings {
		if s.key.Value == key {
			return s.value.Content
		}
	}
	return nil
}

// parse reads a file, without those that it extends.
func parse(name string, data []byte) (*Config, error) {
	c := &Config{Path: name, Severity: map[string]finding.Severity{}, lines: map[string]int{}, source: source.NewFile(name, data)}
	root, err := parseYAML(name, data)
	switch {
	case err != nil:
		return nil, err
	case root == nil:
		return c, nil
	}
	r := reader{file: name}
	for i := 0; root.Kind == yaml.MappingNode && i+1 < len(root.Content); i += 2 {
		c.settings = append(c.settings, setting{root.Content[i], root.Content[i+1]})
	}
	r.mapping(root, "the configuration", map[string]func(*yaml.Node){
		"extends":      func(n *yaml.Node) { c.Extends = r.files(n, "extends") },
		"exclude":      func(n *yaml.Node) { c.Exclude = r.patterns(n) },
		"overrides":    func(n *yaml.Node) { c.Overrides = r.overrides(n) },
		"options":      func(n *yaml.Node) { r.options(n, c) },
		"baseline":     func(n *yaml.Node) { r.baseline(n, c) },
		"severity":     func(n *yaml.Node) { r.severities(n, c) },
		"ignore":       func(n *yaml.Node) { c.Ignore = r.ignores(n) },
		"suppressions": func(n *yaml.Node) { r.suppressions(n, c) },
		"renames":      func(n *yaml.Node) { c.Renames = r.renames(n) },
		"fail-on":      func(n *yaml.Node) { c.FailOn = string(r.severity(n)) },
		"profile":      func(n *yaml.Node) { c.Profile = r.oneOf(n, "default", "extended") },
		"environments": func(n *yaml.Node) { c.Environments = r.environments(n) },
	})
	if len(r.errs) > 0 {
		return nil, errors.Join(r.errs...)
	}
	return c, nil
}

// Layers are the files that make up the configuration, the weakest first and
// this one last. A file that is extended twice counts where it is strongest. A
// nil configuration has none.
func (c *Config) Layers() []*Config {
	if c == nil {
		return nil
	}
	return append(slices.Clone(c.extended), c)
}
