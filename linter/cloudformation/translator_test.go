package cloudformation

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/source"
)

// TestTranslator compares the logical ids and types that SAM makes with those
// that AWS's own translator makes, over its test data. The environment
// variable DEMARC_SAM_TRANSLATOR names a checkout of
// aws/serverless-application-model.
func TestTranslator(t *testing.T) {
	dir := os.Getenv("DEMARC_SAM_TRANSLATOR")
	if dir == "" {
		t.Skip("DEMARC_SAM_TRANSLATOR is not set")
	}
	dir = filepath.Join(dir, "tests", "translator")
	names, err := filepath.Glob(filepath.Join(dir, "input", "*.yaml"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no templates in %s (%v)", dir, err)
	}
	tree, err := source.Open(filepath.Join(dir, "input"))
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	compared, resources := 0, 0
	for _, name := range names {
		base := filepath.Base(name)
		want, ok := translated(t, filepath.Join(dir, "output", strings.TrimSuffix(base, ".yaml")+".json"))
		if !ok || strings.HasPrefix(base, "error_") {
			continue
		}
		have, complete := expanded(t, tree, base)
		if !complete || otherwise[base] != "" {
			continue
		}
		compared++
		resources += len(want)
		for id := range want {
			if !have[id] {
				t.Errorf("%s: %s is not made", base, id)
			}
		}
		for id := range have {
			if !want[id] {
				t.Errorf("%s: %s is made", base, id)
			}
		}
	}
	t.Logf("%d templates, %d resources compared", compared, resources)
}

// otherwise are the templates that come out otherwise, and why.
var otherwise = map[string]string{
	"implicit_api_with_serverless_rest_api_resource.yaml": "two resources have one name, and SAM takes the later",
	"function_with_conditional_iam_role_if.yaml":          "a known condition is settled at once",
	"function_with_conditional_iam_role_else.yaml":        "a known condition is settled at once",
	"function_with_event_dest.yaml":                       "a known condition is settled at once",
	"function_with_event_dest_conditional.yaml":           "a known condition is settled at once",
}

// leftOut are resources that SAM makes and demarc does not: names in DNS, and
// the permissions that say what a function's URL says.
var leftOut = regexp.MustCompile(`^(RecordSetGroup|DomainNameAccessAssociation)|(UrlPublicPermissions|URLInvokeAllowPublicAccess) `)

// hashed are the endings of logical ids that SAM hashes.
var hashed = regexp.MustCompile(`[0-9a-f]{10}( |$)`)

func comparableID(id, kind string) (string, bool) {
	if strings.HasPrefix(id, "ApiGatewayDomainName") {
		id = "ApiGatewayDomainName"
	}
	id = strings.TrimSuffix(hashed.ReplaceAllString(id, ""), "Stage") // a stage that is hashed
	whole := id + " " + kind
	return whole, !leftOut.MatchString(whole)
}

func translated(t *testing.T, name string) (map[string]bool, bool) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, false
	}
	var out struct {
		Resources map[string]struct{ Type string }
	}
	if err := json.Unmarshal(data, &out); err != nil {
		t.Log(name, err) // a type that is no text
		return nil, false
	}
	ids := map[string]bool{}
	for id, r := range out.Resources {
		if id, ok := comparableID(id, r.Type); ok {
			ids[id] = true
		}
	}
	return ids, true
}

func expanded(t *testing.T, tree *source.Tree, name string) (ids map[string]bool, complete bool) {
	f, err := tree.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	l := newLoader(context.Background(), tree)
	tmpl, err := l.read(f, Unclaimed)
	if err != nil || tmpl == nil {
		t.Fatal(name, err)
	}
	l.template = tmpl
	e := newEvaluator(l, tmpl)
	e.expand()
	ids = map[string]bool{}
	for _, r := range e.entries {
		if id, ok := comparableID(r.name, r.kind()); ok {
			ids[id] = true
		}
	}
	return ids, len(e.gaps) == 0
}
