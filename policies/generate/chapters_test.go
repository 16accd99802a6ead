package main

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const controlsText = `
controls:
  - id: DP-1
    area: data
    side: customer
    ask: Encrypt
    aspects:
      - {id: DP-1.a, ask: Stores are encrypted, source: WP, evidence: static}
      - {id: DP-1.b, ask: People know it, source: WP, evidence: none, why_not: process}
frameworks:
  - id: ncsc
    title: Principles
    clauses:
      - {id: "1", title: Protect data, aspects: [DP-1.a]}
`

const schemaText = `
aws_store:
  cloudformation: AWS::Store::Store
  attributes:
    encrypted: {type: bool, default: false}
    policy: {type: document, kind: resource}
`

const libraryText = `package demarc.lib.resource

all(type) := object.get(input.by_type, type, [])
`

const chapterHead = `# Stores of things.
package demarc.store

import data.demarc.lib.resource

`

const chapterRule = `# METADATA
# title: Stores are encrypted
# description: >-
#   Or else everybody
#   reads them.
# related_resources:
#   - https://docs.aws.amazon.com/store
# custom:
#   severity: high
#   profile: default
#   subject: aws_store
#   reads: [encrypted]
#   aspects: [DP-1.a]
#   options: {days: {default: 7, about: days that count}}
#   remedy: encrypt them
encryption contains resource.all("aws_store")[0] if value.option("store/encryption", "days") == 7

`

// hubText has a control that a rule answers, one of which a rule sees some, one
// whose rule is not there and one that no template shows.
const hubText = `
Store.1: {ask: Stores are encrypted, severity: high, types: ['AWS::Store::Store'], config: store-encrypted, evidence: static, rules: [store/encryption]}
Store.2: {ask: Stores are encrypted with a key of one's own, severity: low, types: ['AWS::Store::Store'], evidence: static, rules: [store/own-key], laxer: [store/encryption]}
Store.3: {ask: Stores are counted, severity: low, types: ['AWS::Store::Store'], evidence: none, why_not: time}
Store.4: {ask: Stores are named, severity: low, types: ['AWS::Store::Store'], evidence: static, rules: [store/name]}
`

// tree writes a directory of policies; an empty text leaves a file out.
func tree(t *testing.T, changed map[string]string) string {
	t.Helper()
	files := map[string]string{
		"controls.yaml": controlsText, "schema/store.yaml": schemaText, "lib/resource.rego": libraryText,
		"aliases.yaml":               "store/encryption: {checkov: [CKV_1]}\n",
		"standards/securityhub.yaml": hubText, "standards/base.yaml": "title: Base\nas_of: 2026-03-10\nsource: https://docs.aws.amazon.com/base\ncontrols:\n  Store.1: ['2.1']\n  Store.2: []\n  Store.3: []\n",
		"peers.yaml": "store: {checkov: [CKV_1, CKV_2]}\n",
		"store.rego": chapterHead + chapterRule,
	}
	maps.Copy(files, changed)
	dir := filepath.Join(t.TempDir(), "policies")
	for name, text := range files {
		if text == "" {
			continue
		}
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestGenerate holds what is made of a directory of one chapter.
func TestGenerate(t *testing.T) {
	files, err := generate(tree(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"../docs/controls.md", "../docs/coverage.md", "../docs/rules/README.md", "../docs/rules/store.md", "../docs/standards.md",
		"controls_gen.go", "prose/store.txt", "tables_gen.go", "tables_store_gen.go",
	}
	if got := slices.Sorted(maps.Keys(files)); !slices.Equal(got, want) {
		t.Errorf("made %v, want %v", got, want)
	}
	for name, parts := range map[string][]string{
		"prose/store.txt": {"store/encryption\nOr else everybody reads them.\nencrypt them\nhttps://docs.aws.amazon.com/store\n"},
		"tables_gen.go":   {"&storeTypes,", "&storeService,"},
		"tables_store_gen.go": {
			`{Name: "aws_store", Service: "store", Also: []graph.Source{`, `{Name: "encrypted", Form: graph.FormBool, Default: graph.Value{Kind: graph.Bool, Bool: false}}`,
			`{Name: "policy", Form: graph.FormDocument, Document: "resource"}`,
			`Service{Name: "store", Files: []string{"store.rego"}, Types: []string{"aws_store"}, Rules: []Rule{`, `{ID: "store/encryption", Name: "encryption",`,
			`Title: "Stores are encrypted", Severity: "high", Profile: "default", Subject: []string{"aws_store"}, Reads: []string{"encrypted"}, Controls: []string{"DP-1"}`,
			`Aliases: []Alias{{Peer: "checkov", IDs: []string{"CKV_1"}}, {Peer: "securityhub", IDs: []string{"Store.1", "Store.2"}}, {Peer: "config", IDs: []string{"store-encrypted"}}}`,
			`Options: []Option{{Name: "days", About: "days that count", Default: 7}}},`,
		},
		"controls_gen.go":         {`{ID: "DP-1.a", Ask: "Stores are encrypted", Side: "customer", Source: "WP", Evidence: "static", Rules: []finding.AspectRule{`, `{ID: "store/encryption", Keeps: true}`, `{ID: "1", Title: "Protect data", Aspects: []string{"DP-1.a"}}`},
		"../docs/rules/README.md": {"| [store](store.md) | 1 | Stores of things |", "1 rules."},
		"../docs/rules/store.md": {
			"# store: stores of things\n", "**Stores are encrypted.** Or else everybody reads them.", "- high, default profile, on `aws_store`",
			"- DP-1.a (customer's side): Stores are encrypted", "- option `days`: days that count; 7 unless set", "- checkov: CKV_1", "To mend it: encrypt them",
		},
		"../docs/standards.md": {
			"| `base` | [Base](https://docs.aws.amazon.com/base), as of 2026-03-10 | 3 | 1 | 1 | 0 | 1 |",
			"| Store.1 | Stores are encrypted | high | base 2.1 | judged | [store/encryption](rules/store.md#storeencryption) |",
			"| in part | [store/encryption](rules/store.md#storeencryption), *store/own-key* |", "| low | base | not visible | (time) |", "| low |  | no rule yet | *store/name* |",
		},
		"../docs/coverage.md": {"| store | 1 | 1 of 2 |", "- **store**: CKV_2"},
	} {
		for _, part := range parts {
			if !strings.Contains(files[name], part) {
				t.Errorf("%s lacks %q:\n%s", name, part, files[name])
			}
		}
	}
}

// TestFolders holds a chapter of two themes to what one file would give.
func TestFolders(t *testing.T) {
	whole := tree(t, map[string]string{"store.rego": chapterHead + chapterRule + "encryption_applies contains 1\n"})
	head := strings.Replace(chapterHead, "Stores of things", "A theme", 1)
	folder := tree(t, map[string]string{
		"store.rego": "", "store/store.rego": "# Stores of things.\npackage demarc.store\n\nencryption_applies contains 1\n", "store/a.rego": head + chapterRule,
	})
	want, err := generate(whole)
	if err != nil {
		t.Fatal(err)
	}
	got, err := generate(folder)
	if err != nil {
		t.Fatal(err)
	}
	for name := range want {
		one := strings.Replace(want[name], `{"store.rego"}`, `{"store/a.rego", "store/store.rego"}`, 1)
		if got[name] != one {
			t.Errorf("%s:\n%s\nwant\n%s", name, got[name], one)
		}
	}
	if !strings.Contains(got["tables_store_gen.go"], "Applies: true") {
		t.Error("what narrows a rule is not seen in another file of its package")
	}
}

func TestGenerateRefuses(t *testing.T) {
	in := func(old, replacement string) map[string]string {
		text := strings.Replace(chapterHead+chapterRule, old, replacement, 1)
		if text == chapterHead+chapterRule {
			t.Fatalf("%q is not in the chapter", old)
		}
		return map[string]string{"store.rego": text}
	}
	for name, test := range map[string]struct {
		files map[string]string
		error string
	}{
		"another package":     {in("demarc.store\n", "demarc.stores\n"), "store.rego: the package is demarc.stores: demarc.store is expected"},
		"no title":            {in("# Stores of things.\n", ""), "a comment that says what the chapter is about is missing"},
		"not Rego":            {in(`== 7`, `== `), "store.rego: "},
		"file and folder":     {map[string]string{"store/a.rego": chapterHead}, "store.rego stands beside the folder store"},
		"METADATA twice":      {map[string]string{"store.rego": chapterHead + chapterRule + chapterRule}, "store/encryption: METADATA stands on more than one"},
		"unknown key":         {in("#   severity", "#   sevrity"), "store/encryption: METADATA: "},
		"severity":            {in("severity: high", "severity: urgent"), `store/encryption: severity "urgent" is not one`},
		"profile":             {in("profile: default", "profile: all"), `profile is default or extended, not "all"`},
		"no rule title":       {in("# title: Stores are encrypted\n", ""), "has no title"},
		"no remedy":           {in("#   remedy: encrypt them\n", ""), "has no remedy"},
		"two paragraphs":      {in("description: >-", "description: |"), "its description has more than one paragraph"},
		"no page":             {in("# related_resources:\n#   - https://docs.aws.amazon.com/store\n", ""), "names no AWS documentation page"},
		"unknown aspect":      {in("aspects: [DP-1.a]", "aspects: [DP-9.a]"), "store/encryption: there is no aspect DP-9.a"},
		"no subject":          {in("#   subject: aws_store\n", ""), "has no subject"},
		"unknown subject":     {in("subject: aws_store", "subject: aws_shop"), "subject aws_shop is in no schema table"},
		"unknown path":        {in("reads: [encrypted]", "reads: [encrypted.by]"), "reads encrypted.by, which the table of aws_store does not name"},
		"unknown type":        {in(`all("aws_store")`, `all("aws_shop")`), "store reads aws_shop, which no schema table names"},
		"option without use":  {in(`"store/encryption", "days"`, `"store/encryption", "hours"`), `nothing asks for value.option("store/encryption", "days")`},
		"unknown option":      {in("#   options: {days: {default: 7, about: days that count}}\n", ""), `value.option("store/encryption", "days"): that rule has no such option`},
		"option, no default":  {in("default: 7, ", ""), "the option days needs a default and an about"},
		"alias of no rule":    {map[string]string{"aliases.yaml": "store/none: {checkov: [A]}\n"}, "store/none: there is no such rule"},
		"control without ask": {map[string]string{"standards/securityhub.yaml": strings.Replace(hubText, "ask: Stores are counted, ", "", 1)}, "Store.3: needs an ask, a severity and types"},
		"control, other key":  {map[string]string{"standards/securityhub.yaml": strings.Replace(hubText, "config:", "configs:", 1)}, "configs: there is no such key"},
		"control twice":       {map[string]string{"standards/securityhub.yaml": strings.Replace(hubText, "Store.2:", "Store.1:", 1)}, "Store.1 stands twice"},
		"control, seen":       {map[string]string{"standards/securityhub.yaml": strings.Replace(hubText, "why_not: time", "why_not: time, rules: [store/encryption]", 1)}, "no template shows it, so no rule can show it kept"},
		"unknown control":     {map[string]string{"standards/base.yaml": "title: Base\ncontrols:\n  Store.9: []\n"}, "standards/base.yaml: line 2: controls: line 3: Store.9: there is no such control"},
		"unseen aspect":       {in("aspects: [DP-1.a]", "aspects: [DP-1.b]"), "no template can show DP-1.b, so no rule judges it"},
		"clause, no aspect":   {map[string]string{"controls.yaml": strings.Replace(controlsText, "aspects: [DP-1.a]", "aspects: [DP-9.a]", 1)}, "ncsc:1: there is no aspect DP-9.a"},
		"aspect of another":   {map[string]string{"controls.yaml": strings.Replace(controlsText, "id: DP-1.b", "id: DP-2.b", 1)}, "the aspect DP-2.b is there twice, or of another control"},
		"static and why not":  {map[string]string{"controls.yaml": strings.Replace(controlsText, "evidence: static", "evidence: static, why_not: time", 1)}, "what no template shows says why_not, and nothing else does"},
		"unknown schema type": {map[string]string{"schema/store.yaml": strings.Replace(schemaText, "bool", "boolean", 1)}, `unknown type "boolean"`},
		"document, no kind":   {map[string]string{"schema/store.yaml": strings.Replace(schemaText, ", kind: resource", "", 1)}, "a document, and nothing else, has a kind"},
		"orphan attribute":    {map[string]string{"schema/store.yaml": schemaText + "    a.b: {type: bool}\n"}, `its parent "a" is not declared before it`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := generate(tree(t, test.files))
			if err == nil || !strings.Contains(err.Error(), test.error) {
				t.Errorf("got %v, want %q", err, test.error)
			}
		})
	}
}
