package main

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/demarc-dev/demarc/linter/graph"
)

// tableFile is one canonical type in schema/<service>.yaml.
type tableFile struct {
	CloudFormation yaml.Node                 `yaml:"cloudformation"`
	Also           []string                  `yaml:"also"`
	Names          string                    `yaml:"names"`
	Attributes     yaml.Node                 `yaml:"attributes"`
	Folds          map[string]yaml.Node      `yaml:"folds"`
	Unused         map[string]map[string]any `yaml:",inline"`
}

type attributeFile struct {
	Type    string               `yaml:"type"`
	Default yaml.Node            `yaml:"default"`
	Kind    string               `yaml:"kind"`
	From    map[string]yaml.Node `yaml:"from"`
}

type fromFile struct {
	Path    string            `yaml:"path"`
	Map     map[string]string `yaml:"map"`
	Key     string            `yaml:"key"`
	Entries []string          `yaml:"entries"`
}

type foldFile struct {
	By   string     `yaml:"by"`
	Into yaml.Node  `yaml:"into"`
	Slot string     `yaml:"slot"`
	When *matchFile `yaml:"when"`
}

type matchFile struct {
	Path   string    `yaml:"path"`
	Equals yaml.Node `yaml:"equals"`
	Prefix string    `yaml:"prefix"`
	Not    bool      `yaml:"not"`
}

type sourceFile struct {
	Type string     `yaml:"type"`
	When *matchFile `yaml:"when"`
}

// readSchema reads all tables, sorted by service and then as written.
func readSchema(dir string) ([]graph.Type, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		return nil, err
	}
	sort.Strings(names)
	var types []graph.Type
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		service := strings.TrimSuffix(filepath.Base(name), ".yaml")
		more, err := parseTables(service, data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		types = append(types, more...)
	}
	return types, nil
}

func parseTables(service string, data []byte) ([]graph.Type, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, err
	}
	if len(doc.Content) == 0 {
		return nil, nil
	}
	var types []graph.Type
	err := pairs(doc.Content[0], func(name string, value *yaml.Node) error {
		var file tableFile
		if err := value.Decode(&file); err != nil {
			return err
		}
		if len(file.Unused) > 0 {
			return fmt.Errorf("line %d: %s: unknown keys %v", value.Line, name, file.Unused)
		}
		t, err := file.table(name, service)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		types = append(types, t)
		return nil
	})
	return types, err
}

// pairs visits a mapping in the order it is written.
func pairs(node *yaml.Node, visit func(key string, value *yaml.Node) error) error {
	for i := 0; i+1 < len(node.Content); i += 2 {
		if err := visit(node.Content[i].Value, node.Content[i+1]); err != nil {
			return err
		}
	}
	return nil
}

func (file tableFile) table(name, service string) (graph.Type, error) {
	t := graph.Type{Name: name, Service: service, Names: file.Names}
	for _, also := range file.Also {
		t.Also = append(t.Also, graph.Source{Type: also})
	}
	sources, err := oneOrMany[sourceFile](&file.CloudFormation, func(text string) sourceFile { return sourceFile{Type: text} })
	if err != nil {
		return t, err
	}
	for _, s := range sources {
		when, err := s.When.match()
		if err != nil {
			return t, err
		}
		t.Also = append(t.Also, graph.Source{Type: s.Type, When: when})
	}
	if err := pairs(&file.Attributes, func(path string, value *yaml.Node) error {
		var a attributeFile
		if err := value.Decode(&a); err != nil {
			return err
		}
		attribute, err := a.attribute()
		if err != nil {
			return fmt.Errorf("line %d: %s: %w", value.Line, path, err)
		}
		return insert(&t.Attributes, path, attribute)
	}); err != nil {
		return t, err
	}
	companions := make([]string, 0, len(file.Folds))
	for companion := range file.Folds {
		companions = append(companions, companion)
	}
	sort.Strings(companions)
	for _, companion := range companions {
		node := file.Folds[companion]
		folds, err := oneOrMany[foldFile](&node, func(string) foldFile { return foldFile{} })
		if err != nil {
			return t, fmt.Errorf("fold of %s: %w", companion, err)
		}
		for _, f := range folds {
			fold, err := f.fold(companion)
			if err != nil {
				return t, fmt.Errorf("fold of %s: %w", companion, err)
			}
			t.Folds = append(t.Folds, fold)
		}
	}
	return t, nil
}

// insert places an attribute into the tree at its dotted path.
func insert(attributes *[]graph.Attribute, path string, a graph.Attribute) error {
	at := attributes
	parts := strings.Split(path, ".")
next:
	for _, part := range parts[:len(parts)-1] {
		for i := range *at {
			if (*at)[i].Name == part {
				at = &(*at)[i].Attributes
				continue next
			}
		}
		return fmt.Errorf("%s: its parent %q is not declared before it", path, part)
	}
	a.Name = parts[len(parts)-1]
	*at = append(*at, a)
	return nil
}

var forms = map[string]graph.Form{
	"any": graph.FormAny, "bool": graph.FormBool, "number": graph.FormNumber, "string": graph.FormString,
	"object": graph.FormObject, "blocks": graph.FormBlocks, "document": graph.FormDocument, "tags": graph.FormTags,
}

func (file attributeFile) attribute() (graph.Attribute, error) {
	a := graph.Attribute{Document: file.Kind}
	outer, inner, nested := strings.Cut(strings.TrimSuffix(file.Type, ")"), "(")
	switch {
	case nested && (outer == "list" || outer == "set" || outer == "map"):
		a.Form = map[string]graph.Form{"list": graph.FormList, "set": graph.FormSet, "map": graph.FormMap}[outer]
		element, ok := forms[inner]
		if !ok {
			return a, fmt.Errorf("unknown type %q", file.Type)
		}
		a.Element = element
	default:
		form, ok := forms[file.Type]
		if !ok {
			return a, fmt.Errorf("unknown type %q", file.Type)
		}
		a.Form = form
	}
	if (a.Form == graph.FormDocument) != (file.Kind != "") {
		return a, fmt.Errorf("a document, and nothing else, has a kind")
	}
	if err := file.defaults(&a); err != nil {
		return a, err
	}
	declared := make([]string, 0, len(file.From))
	for name := range file.From {
		declared = append(declared, name)
	}
	sort.Strings(declared)
	for _, name := range declared {
		node := file.From[name]
		f, err := parseFrom(name, &node)
		if err != nil {
			return a, err
		}
		a.From = append(a.From, f)
	}
	return a, nil
}

func (file attributeFile) defaults(a *graph.Attribute) error {
	node := &file.Default
	if node.Kind == 0 {
		return nil
	}
	languages := map[string]graph.Language{"terraform": graph.Terraform, "cloudformation": graph.CloudFormation}
	if node.Kind == yaml.MappingNode && len(node.Content) > 0 {
		return pairs(node, func(key string, value *yaml.Node) error {
			language, ok := languages[key]
			if !ok {
				return fmt.Errorf("a default is for terraform or cloudformation, not %q", key)
			}
			v, err := literal(value)
			a.DefaultIn = append(a.DefaultIn, graph.LanguageDefault{Language: language, Value: v})
			return err
		})
	}
	v, err := literal(node)
	a.Default = v
	return err
}

func literal(node *yaml.Node) (graph.Value, error) {
	switch node.Kind {
	case yaml.MappingNode:
		return graph.ObjectValue(), nil
	case yaml.SequenceNode:
		out := graph.ListValue()
		for _, item := range node.Content {
			v, err := literal(item)
			if err != nil {
				return out, err
			}
			out.Items = append(out.Items, v)
		}
		return out, nil
	}
	switch node.Tag {
	case "!!bool":
		return graph.BoolValue(node.Value == "true"), nil
	case "!!int", "!!float":
		return graph.NumberValue(node.Value), nil
	case "!!str":
		return graph.StringValue(node.Value), nil
	case "!!null":
		return graph.NullValue(), nil
	}
	return graph.Value{}, fmt.Errorf("line %d: unusable default %q", node.Line, node.Value)
}

// parseFrom reads a place: a path, null for "cannot be expressed", or a mapping.
func parseFrom(declared string, node *yaml.Node) (graph.From, error) {
	f := graph.From{Type: declared}
	if node.Kind == yaml.ScalarNode {
		if node.Tag != "!!null" {
			f.Path = strings.Split(node.Value, ".")
		}
		return f, nil
	}
	var file fromFile
	if err := node.Decode(&file); err != nil {
		return f, err
	}
	if file.Path == "" {
		return f, fmt.Errorf("line %d: from %s has no path", node.Line, declared)
	}
	if len(file.Entries) > 2 {
		return f, fmt.Errorf("line %d: entries names a key and a value, not %d members", node.Line, len(file.Entries))
	}
	f.Path, f.Key, f.Entries = strings.Split(file.Path, "."), file.Key, file.Entries
	written := make([]string, 0, len(file.Map))
	for w := range file.Map {
		written = append(written, w)
	}
	// The catch-all comes last.
	sort.Slice(written, func(i, j int) bool {
		if (written[i] == "*") != (written[j] == "*") {
			return written[j] == "*"
		}
		return written[i] < written[j]
	})
	for _, w := range written {
		f.Map = append(f.Map, graph.Pair{Written: w, Canonical: file.Map[w]})
	}
	return f, nil
}

func (m *matchFile) match() (*graph.Match, error) {
	if m == nil {
		return nil, nil
	}
	equals, err := oneOrMany[string](&m.Equals, func(text string) string { return text })
	if err != nil {
		return nil, err
	}
	return &graph.Match{Path: strings.Split(m.Path, "."), Equals: equals, Prefix: m.Prefix, Negate: m.Not}, nil
}

func (file foldFile) fold(companion string) (graph.Fold, error) {
	f := graph.Fold{Type: companion, By: strings.Split(file.By, "."), Many: file.Slot != "one", Alone: file.Slot == "each"}
	if file.Slot != "one" && file.Slot != "many" && file.Slot != "each" {
		return f, fmt.Errorf("slot is one, many or each, not %q", file.Slot)
	}
	var err error
	if f.Into, err = oneOrMany[string](&file.Into, func(text string) string { return text }); err != nil {
		return f, err
	}
	f.When, err = file.When.match()
	return f, err
}

// oneOrMany decodes a scalar, a mapping, or a sequence of either.
func oneOrMany[T any](node *yaml.Node, fromText func(string) T) ([]T, error) {
	switch node.Kind {
	case 0:
		return nil, nil
	case yaml.SequenceNode:
		var out []T
		for _, item := range node.Content {
			more, err := oneOrMany(item, fromText)
			if err != nil {
				return nil, err
			}
			out = append(out, more...)
		}
		return out, nil
	case yaml.ScalarNode:
		return []T{fromText(node.Value)}, nil
	}
	var one T
	err := node.Decode(&one)
	return []T{one}, err
}
