package terraform

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty/function"
)

const functionsGolden = "testdata/functions.txt"

// tofuOnly are the functions that OpenTofu has and Terraform has not.
var tofuOnly = []string{"base64gunzip", "cidrcontains", "urldecode"}

// askFunctions lists terraform's functions with their parameters.
func askFunctions(t testing.TB, program string) []string {
	t.Helper()
	var about struct {
		Signatures map[string]struct {
			Parameters []struct{}       `json:"parameters"`
			Variadic   *json.RawMessage `json:"variadic_parameter"`
		} `json:"function_signatures"`
	}
	c := client{t, program, t.TempDir()}
	if err := json.Unmarshal(c.run("metadata", "functions", "-json"), &about); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, name := range sortedKeys(about.Signatures) {
		f := about.Signatures[name]
		all = append(all, signature(name, len(f.Parameters), f.Variadic != nil))
	}
	return all
}

func signature(name string, parameters int, variadic bool) string {
	s := fmt.Sprintf("%s %d", name, parameters)
	if variadic {
		s += "..."
	}
	return s
}

// TestFunctions holds that all of Terraform's functions are there, and take
// as many arguments.
func TestFunctions(t *testing.T) {
	var golden []string
	if !*update {
		golden = lines(t, functionsGolden)
	}
	if program := findClient(t); program != "" {
		asked := askFunctions(t, program)
		if *update {
			golden = asked
			if err := os.WriteFile(functionsGolden, []byte(strings.Join(golden, "\n")+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if !slices.Equal(asked, golden) {
			t.Errorf("terraform has\n%s\nwant\n%s", strings.Join(asked, "\n"), strings.Join(golden, "\n"))
		}
	}
	var ours []string
	functions := (&evaluation{}).allFunctions()
	for _, name := range sortedKeys(functions) {
		if slices.Contains(tofuOnly, strings.TrimPrefix(name, "core::")) {
			continue
		}
		ours = append(ours, signatureOf(name, functions[name]))
	}
	for _, want := range golden {
		if !slices.Contains(ours, want) {
			t.Errorf("%s is missing or takes other arguments", want)
		}
	}
	for _, have := range ours {
		if !slices.Contains(golden, have) {
			t.Errorf("%s is none of Terraform's", have)
		}
	}
}

func signatureOf(name string, f function.Function) string {
	return signature(name, len(f.Params()), f.VarParam() != nil)
}
