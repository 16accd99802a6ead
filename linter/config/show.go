package config

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// shownKeys are the keys of a configuration in the order in which it is shown.
var shownKeys = []string{
	"profile", "fail-on", "exclude", "severity", "overrides", "options", "ignore", "suppressions", "baseline", "renames", "environments",
}

// Show writes the configuration as it counts, all files that make it up put
// together, as YAML; c may be nil. origin tells of each value which file and
// line it is from.
func (c *Config) Show(w io.Writer, origin bool) error {
	merged := map[string]*yaml.Node{}
	var files []string
	for _, layer := range slices.Backward(c.Layers()) {
		files = append(files, layer.Path)
	}
	for _, layer := range c.Layers() {
		for _, e := range layer.settings {
			s := shower{file: layer.Path, origin: origin}
			merged[e.key.Value] = s.join(merged[e.key.Value], e.value)
		}
	}
	if merged["profile"] == nil {
		merged["profile"] = &yaml.Node{Kind: yaml.ScalarNode, Value: "default"}
		if origin {
			merged["profile"].LineComment = "the default"
		}
	}
	document := &yaml.Node{Kind: yaml.MappingNode}
	for _, key := range shownKeys {
		if value := merged[key]; value != nil {
			document.Content = append(document.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: key}, value)
		}
	}
	document.HeadComment = "No configuration file was found.\n"
	if len(files) > 0 {
		document.HeadComment = "From " + strings.Join(files, ", then ") + "\n"
	}
	encoder := yaml.NewEncoder(w)
	encoder.SetIndent(2)
	if err := encoder.Encode(document); err != nil {
		return fmt.Errorf("show the configuration: %w", err)
	}
	return encoder.Close()
}

// shower puts values of one file to those of weaker ones.
type shower struct {
	file   string
	origin bool
}

// join returns the value that counts: a list with the items of both, a mapping
// with the keys of both, or the stronger text.
func (s shower) join(weak, strong *yaml.Node) *yaml.Node {
	if weak == nil {
		weak = &yaml.Node{Kind: strong.Kind}
	}
	switch strong.Kind {
	case yaml.SequenceNode:
		for _, item := range strong.Content {
			shown := s.copy(item)
			if i := slices.IndexFunc(weak.Content, func(n *yaml.Node) bool { return sameEnvironment(n, item) }); i >= 0 {
				weak.Content[i] = shown
			} else {
				weak.Content = append(weak.Content, shown)
			}
		}
		return weak
	case yaml.MappingNode:
		for i := 0; i+1 < len(strong.Content); i += 2 {
			s.set(weak, strong.Content[i], strong.Content[i+1])
		}
		return weak
	}
	return s.copy(strong)
}

// set puts one key of a mapping. Where both have a list, as in suppressions,
// the stronger one counts.
func (s shower) set(m, key, value *yaml.Node) {
	for i := 0; i+1 < len(m.Content); i += 2 {
		if strings.EqualFold(m.Content[i].Value, key.Value) {
			if value.Kind == yaml.MappingNode {
				m.Content[i+1] = s.join(m.Content[i+1], value)
			} else {
				m.Content[i+1] = s.copy(value)
			}
			return
		}
	}
	name := &yaml.Node{Kind: yaml.ScalarNode, Value: key.Value}
	if value.Kind == yaml.MappingNode {
		m.Content = append(m.Content, name, s.join(nil, value))
		return
	}
	m.Content = append(m.Content, name, s.copy(value))
}

// copy is a value without the comments that stand beside it, and, if asked
// for, with one that tells where it is from.
func (s shower) copy(n *yaml.Node) *yaml.Node {
	out := plain(n)
	if !s.origin {
		return out
	}
	from := fmt.Sprintf("%s:%d", s.file, n.Line)
	if n.Kind == yaml.MappingNode {
		out.HeadComment = from
	} else {
		out.LineComment = from
	}
	return out
}

func plain(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	out := &yaml.Node{Kind: n.Kind, Tag: n.Tag, Value: n.Value, Style: n.Style}
	for _, child := range n.Content {
		out.Content = append(out.Content, plain(child))
	}
	if n.Kind == yaml.SequenceNode {
		out.Style = yaml.FlowStyle
	}
	return out
}

// sameEnvironment reports whether two items are environments of one name and
// root, of which the stronger counts.
func sameEnvironment(a, b *yaml.Node) bool {
	name := textAt(a, "name")
	return name != "" && name == textAt(b, "name") && textAt(a, "root") == textAt(b, "root")
}

func textAt(n *yaml.Node, key string) string {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1].Value
		}
	}
	return ""
}
