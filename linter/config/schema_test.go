package config

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

// TestConfigSchema holds docs/demarc.schema.json, by which editors check
// configuration files, against what is read: both take and refuse the same.
func TestConfigSchema(t *testing.T) {
	data, err := os.ReadFile("../../docs/demarc.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("demarc.schema.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("demarc.schema.json")
	if err != nil {
		t.Fatal(err)
	}

	manual, err := os.ReadFile("../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	_, example, _ := strings.Cut(string(manual), "```yaml\n")
	example, _, _ = strings.Cut(example, "```")
	for text, valid := range map[string]bool{
		example:                                             true,
		fullConfig:                                          true,
		"":                                                  true,
		"exclude: examples\n":                               false,
		"severity: {s3/logging: worst}\n":                   false,
		"ignore: [{reason: x}]\n":                           false,
		"ignore: [{tag: x}]\n":                              true,
		"ignore: [{rule: x, until: soon}]\n":                false,
		"ignore: [{rule: x, because: y}]\n":                 false,
		"ignore: {rule: x}\n":                               false,
		"suppressions: {require: [until]}\n":                true,
		"suppressions: {require: [ticket]}\n":               false,
		"suppressions: {required: [until]}\n":               false,
		"renames: [{from: a}]\n":                            false,
		"renames: [{from: a, to: b}]\n":                     true,
		"environments: [{root: a}]\n":                       false,
		"environments: [{name: a, variables: {n: 1}}]\n":    true,
		"environments: [{name: a, files: [b]}]\n":           false,
		"extends: [../base.yaml]\n":                         true,
		"extends: ../base.yaml\n":                           false,
		"overrides: [{path: a, severity: low}]\n":           true,
		"overrides: [{path: a}]\n":                          false,
		"overrides: [{severity: low}]\n":                    false,
		"overrides: [{rule: a, severity: low, until: x}]\n": false,
		"options: {s3/x: {days: 7}}\n":                      true,
		"options: {s3/x: {days: -1}}\n":                     false,
		"options: {s3/x: 7}\n":                              false,
		"options: {s3/x: {days: seven}}\n":                  false,
		"baseline: {recheck-values: true}\n":                true,
		"baseline: {recheck-values: yes please}\n":          false,
		"baseline: {recheck: true}\n":                       false,
		"fail-on: any\n":                                    false,
		"profile: all\n":                                    false,
		"- a\n":                                             false,
		"exclude: ['" + strings.Repeat("a", 301) + "']":     false,
	} {
		if _, err := parse("demarc.yaml", []byte(text)); (err == nil) != valid {
			t.Errorf("read %q: %v", text, err)
		}
		var value any
		if err := yaml.Unmarshal([]byte(text), &value); err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(datesAsText(value)); (err == nil) != valid {
			t.Errorf("schema of %q: %v", text, err)
		}
	}

	_, err = parse("demarc.yaml", []byte("qqqqqqqqqqqqqqqqqqqq: 1\n"))
	_, keys, _ := strings.Cut(err.Error(), ": use ")
	properties := document.(map[string]any)["properties"].(map[string]any)
	if got := strings.Join(names(properties), ", "); got != keys {
		t.Errorf("the schema has the keys %s, and %s are read", got, keys)
	}
}

// datesAsText gives dates as editors see them.
func datesAsText(v any) any {
	switch v := v.(type) {
	case time.Time:
		return v.Format(time.DateOnly)
	case map[string]any:
		for key, value := range v {
			v[key] = datesAsText(value)
		}
	case []any:
		for i, value := range v {
			v[i] = datesAsText(value)
		}
	}
	return v
}
