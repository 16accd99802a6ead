package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"go.yaml.in/yaml/v3"

	"github.com/demarc-dev/demarc/policies"
)

// customFile is what METADATA says under custom.
type customFile struct {
	Severity   policies.Severity
	Profile    string
	Subject    yaml.Node
	When       []string
	Reads      []string
	Presence   []string
	Weighs     []string
	Companions []string
	Aspects    []string
	OnlyBreaks []string `yaml:"only_breaks"`
	Pedantic   []string
	OnlyKeeps  []string `yaml:"only_keeps"`
	Remedy     string
	Secret     bool
	Options    map[string]struct {
		Default *int
		About   string
	}
}

// readRule returns nil for a rule without METADATA: a helper of its chapter.
func readRule(service string, r *ast.Rule) (*rule, error) {
	if len(r.Annotations) == 0 {
		return nil, nil
	}
	note := r.Annotations[len(r.Annotations)-1]
	name := r.Head.Name.String()
	id := service + "/" + strings.ReplaceAll(name, "_", "-")
	custom, err := readCustom(note.Custom)
	if err != nil {
		return nil, fmt.Errorf("%s: METADATA: %w", id, err)
	}
	subject, err := oneOrMany[string](&custom.Subject, func(text string) string { return text })
	if err != nil {
		return nil, fmt.Errorf("%s: METADATA: %w", id, err)
	}
	options, err := custom.options()
	if err != nil {
		return nil, fmt.Errorf("%s: METADATA: %w", id, err)
	}
	read := &rule{
		Rule: policies.Rule{
			ID: id, Name: name, Title: note.Title, Severity: custom.Severity, Profile: custom.Profile, Subject: subject,
			When: custom.When, Reads: custom.Reads, Presence: custom.Presence, Weighs: custom.Weighs, Companions: custom.Companions,
			Options: options, Secret: custom.Secret,
		},
		aspects: aspects{Judged: custom.Aspects, OnlyBreaks: custom.OnlyBreaks, Pedantic: custom.Pedantic, OnlyKeeps: custom.OnlyKeeps},
		prose:   policies.Prose{Description: strings.TrimSpace(note.Description), Remedy: strings.TrimSpace(custom.Remedy)},
	}
	for _, related := range note.RelatedResources {
		read.prose.Related = append(read.prose.Related, related.Ref.String())
	}
	return read, nil
}

func readCustom(written map[string]any) (customFile, error) {
	var custom customFile
	data, err := yaml.Marshal(written)
	if err != nil {
		return custom, err
	}
	decoder := yaml.NewDecoder(strings.NewReader(string(data)))
	decoder.KnownFields(true)
	return custom, decoder.Decode(&custom)
}

func (c customFile) options() ([]policies.Option, error) {
	var options []policies.Option
	for _, name := range slices.Sorted(maps.Keys(c.Options)) {
		o := c.Options[name]
		if o.Default == nil || o.About == "" {
			return nil, fmt.Errorf("the option %s needs a default and an about", name)
		}
		options = append(options, policies.Option{Name: name, About: o.About, Default: *o.Default})
	}
	return options, nil
}
