package linter_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter"
	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/policies"
)

const parity = "../fixtures/parity"

// TestCanonicalParity holds that the same resources, written in Terraform and
// in CloudFormation, are the same canonical resources: each file of
// fixtures/parity has a twin in the other language.
func TestCanonicalParity(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(parity, "*.tf"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	covered := map[string]bool{}
	for _, file := range files {
		inTerraform := canonical(t, file)
		template := strings.TrimSuffix(file, ".tf") + ".yaml"
		inTemplate := canonical(t, template)
		for _, only := range missing(inTerraform, inTemplate) {
			t.Errorf("only in %s: %s", file, only)
		}
		for _, only := range missing(inTemplate, inTerraform) {
			t.Errorf("only in %s: %s", template, only)
		}
		for _, name := range typesIn(t, template) {
			covered[name] = true
		}
	}
	if len(covered) < 101 {
		t.Errorf("%d CloudFormation types have a twin in Terraform", len(covered))
	}
	tables, err := filepath.Glob("../policies/schema/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var without []string
	for _, table := range tables {
		for _, name := range typesIn(t, table) {
			if !covered[name] && !slices.Contains(without, name) {
				without = append(without, name)
			}
		}
	}
	t.Logf("%d CloudFormation types are held; of those in the schema, these are not: %s", len(covered), strings.Join(without, " "))
}

var cloudFormationType = regexp.MustCompile(`AWS::\w+::\w+`)

func typesIn(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	found := cloudFormationType.FindAllString(string(text), -1)
	sort.Strings(found)
	return slices.Compact(found)
}

// otherwise are the attributes in which the languages differ, and why.
var otherwise = map[string]string{
	"aws_flow_log.eni_id":      "a template's ResourceId may be any of three",
	"aws_flow_log.subnet_id":   "a template's ResourceId may be any of three",
	"aws_s3_bucket.mfa_delete": "CloudFormation cannot express it",
}

// canonical lists the resources of a file as policies see them, without what
// names them: one line of JSON each.
func canonical(t *testing.T, file string) []string {
	t.Helper()
	dir := t.TempDir()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, filepath.Base(file))
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := linter.New(linter.Options{})
	if err != nil {
		t.Fatal(err)
	}
	inspection, err := l.Inspect(context.Background(), []string{dir})
	if err != nil {
		t.Fatal(err)
	}
	input, _ := inspection.Input.(map[string]any)
	types, _ := input["by_type"].(map[string]any)
	schema := policies.Schema()
	byID := map[string]string{}
	for name, list := range types {
		for _, r := range list.([]any) {
			byID[asText(r.(map[string]any)["id"])] = name
		}
	}
	var out []string
	for name, list := range types {
		table := schema.Type(name)
		if table == nil {
			continue
		}
		for _, item := range list.([]any) {
			r := item.(map[string]any)
			// What no table names passes through under its own name.
			values, _ := plain(r["values"]).(map[string]any)
			for attribute := range values {
				if table.Attribute(graph.ParsePath(attribute)) == nil || otherwise[name+"."+attribute] != "" {
					delete(values, attribute)
				}
			}
			var unknown []any
			for _, path := range r["_unknown"].([]any) {
				if otherwise[name+"."+path.(string)] == "" {
					unknown = append(unknown, path)
				}
			}
			links := map[string][]string{}
			for path, ids := range r["links"].(map[string]any) {
				if otherwise[name+"."+path] != "" {
					continue
				}
				for _, id := range ids.([]any) {
					links[path] = append(links[path], byID[asText(id)])
				}
			}
			line, err := json.Marshal(map[string]any{"values": values, "unknown": unknown, "links": links})
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, name+" "+string(line))
		}
	}
	sort.Strings(out)
	return out
}

func asText(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

// plain drops where blocks stand.
func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, member := range v {
			if name != "_at" {
				out[name] = plain(member)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = plain(item)
		}
		return out
	}
	return v
}
