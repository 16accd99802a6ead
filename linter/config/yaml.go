package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A parser takes as long for each bracket as it is deep: there may be fewer of
// them than make that felt. maxNesting is far above what a file needs.
const (
	maxNesting  = 64
	maxBrackets = 20_000
)

// parseYAML returns the root of a file's only document, or nil of an empty
// file.
func parseYAML(name string, data []byte) (*yaml.Node, error) {
	tooDeep := func(line int) error {
		return fmt.Errorf("%s:%d: values are nested too deep, or in too many brackets", name, line)
	}
	if line := crowded(data); line > 0 {
		return nil, tooDeep(line)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var document, second yaml.Node
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("%s: %s", name, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	switch err := decoder.Decode(&second); {
	case err == nil:
		return nil, fmt.Errorf("%s:%d: a second YAML document starts here, which would not count", name, second.Line)
	case !errors.Is(err, io.EOF):
		return nil, fmt.Errorf("%s: %s", name, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if len(document.Content) == 0 {
		return nil, nil
	}
	if line := nested(document.Content[0], maxNesting); line > 0 {
		return nil, tooDeep(line)
	}
	return document.Content[0], nil
}

// crowded returns the first line up to which a file has too many brackets, or
// which begins with too many items within items; 0 if none does.
func crowded(data []byte) int {
	number, brackets := 0, 0
	for line := range bytes.Lines(data) {
		number++
		brackets += bytes.Count(line, []byte("[")) + bytes.Count(line, []byte("{"))
		start := line[:len(line)-len(bytes.TrimLeft(line, " \t-?"))]
		if brackets > maxBrackets || len(bytes.Fields(start)) > maxNesting {
			return number
		}
	}
	return 0
}

// nested returns the line of a value that stands deeper than that many levels
// below a node, or 0.
func nested(n *yaml.Node, levels int) int {
	if levels == 0 {
		return n.Line
	}
	for _, child := range n.Content {
		if line := nested(child, levels-1); line > 0 {
			return line
		}
	}
	return 0
}
