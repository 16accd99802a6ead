package terraform

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/graph"
)

// client is the terraform program, run in a directory of its own.
type client struct {
	t       testing.TB
	program string
	dir     string
}

// terraformVersion is the one whose answers the golden files hold.
const terraformVersion = "1.11"

// findClient returns the terraform program, or "" where there is none. Under
// DEMARC_REQUIRE_CLIENTS=1 that is a failure.
func findClient(t testing.TB) string {
	t.Helper()
	program, err := exec.LookPath("terraform")
	if err != nil {
		if os.Getenv("DEMARC_REQUIRE_CLIENTS") == "1" && os.Getenv("DEMARC_WITHOUT_TERRAFORM") == "" {
			t.Fatal(err)
		}
		return ""
	}
	c := client{t, program, t.TempDir()}
	var about struct {
		Version string `json:"terraform_version"`
	}
	if err := json.Unmarshal(c.run("version", "-json"), &about); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(about.Version, terraformVersion+".") {
		t.Logf("terraform is %s; the answers are of %s", about.Version, terraformVersion)
		return ""
	}
	return program
}

// run returns what terraform prints. That it fails is for the caller to see.
func (c client) run(args ...string) []byte {
	c.t.Helper()
	cmd := exec.Command(c.program, args...)
	cmd.Dir = c.dir
	cmd.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+filepath.Join(c.dir, "terraform.rc"), "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1")
	if err := os.WriteFile(filepath.Join(c.dir, "terraform.rc"), nil, 0o600); err != nil {
		c.t.Fatal(err)
	}
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || len(out) == 0 && len(exit.Stderr) > 0) {
		c.t.Fatalf("terraform %s: %v\n%s", strings.Join(args, " "), err, problemsOf(exit))
	}
	return out
}

func problemsOf(exit *exec.ExitError) []byte {
	if exit == nil {
		return nil
	}
	return exit.Stderr
}

// refusal is an error that terraform reports.
type refusal struct {
	file            string // "" where it has no place
	line            int
	summary, detail string
}

// plan plans the directory: the errors, or else what is planned.
func (c client) plan() (planned map[string]string, refused []refusal) {
	c.t.Helper()
	const file = "saved.plan"
	refused = c.diagnostics("plan", "-json", "-input=false", "-refresh=false", "-out="+file)
	if len(refused) > 0 {
		return nil, refused
	}
	return c.planned(file), nil
}

// diagnostics runs a command that speaks JSON, and returns the errors it reports.
func (c client) diagnostics(args ...string) (refused []refusal) {
	c.t.Helper()
	for _, line := range bytes.Split(c.run(args...), []byte("\n")) {
		var event struct {
			Diagnostic *struct {
				Severity, Summary, Detail string
				Range                     *struct {
					Filename string
					Start    struct{ Line int }
				}
			}
		}
		if json.Unmarshal(line, &event) != nil || event.Diagnostic == nil || event.Diagnostic.Severity != "error" {
			continue
		}
		r := refusal{summary: event.Diagnostic.Summary, detail: event.Diagnostic.Detail}
		if event.Diagnostic.Range != nil {
			r.file, r.line = event.Diagnostic.Range.Filename, event.Diagnostic.Range.Start.Line
		}
		refused = append(refused, r)
	}
	return refused
}

// planned reads a saved plan: what a configuration writes into terraform_data,
// as "address attribute", and the members of objects there, as "address
// attribute.member".
func (c client) planned(file string) map[string]string {
	c.t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(c.run("show", "-json", file)))
	decoder.UseNumber()
	var plan struct {
		Changes []struct {
			Address string
			Change  struct {
				After     map[string]any
				Unknown   map[string]any `json:"after_unknown"`
				Sensitive any            `json:"after_sensitive"`
			}
		} `json:"resource_changes"`
	}
	if err := decoder.Decode(&plan); err != nil {
		c.t.Fatal(err)
	}
	out := map[string]string{}
	for _, r := range plan.Changes {
		for _, name := range []string{"input", "triggers_replace"} {
			v, unknown, sensitive := r.Change.After[name], r.Change.Unknown[name], within(r.Change.Sensitive, name)
			note := func(place string, v, unknown, sensitive any) {
				var b strings.Builder
				writeAnswer(&b, v, unknown, sensitive, false)
				out[r.Address+" "+place] = b.String()
			}
			note(name, v, unknown, sensitive)
			for _, key := range keysOf(v, unknown) {
				note(name+"."+key, within(v, key), within(unknown, key), within(sensitive, key))
			}
		}
	}
	return out
}

func within(v any, key string) any {
	m, _ := v.(map[string]any)
	return m[key]
}

// writeAnswer writes a planned value as the golden files have it: JSON with
// sorted keys, ? for what is unknown, ! after what is sensitive.
func writeAnswer(b *strings.Builder, v, unknown, sensitive any, inside bool) {
	if unknown == true {
		b.WriteByte('?')
	} else {
		writeKnown(b, v, unknown, sensitive, inside || sensitive == true)
	}
	if sensitive == true && !inside {
		b.WriteByte('!')
	}
}

func writeKnown(b *strings.Builder, v, unknown, sensitive any, inside bool) {
	switch v := v.(type) {
	case json.Number:
		b.WriteString(shortNumber(v.String()))
	case []any:
		unknowns, _ := unknown.([]any)
		secrets, _ := sensitive.([]any)
		b.WriteByte('[')
		for i := range v {
			if i > 0 {
				b.WriteString(", ")
			}
			writeAnswer(b, v[i], at(unknowns, i), at(secrets, i), inside)
		}
		b.WriteByte(']')
	case map[string]any:
		b.WriteByte('{')
		for i, key := range keysOf(v, unknown) {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(quoted(key) + ": ")
			writeAnswer(b, v[key], within(unknown, key), within(sensitive, key), inside)
		}
		b.WriteByte('}')
	case string:
		b.WriteString(quoted(v))
	default:
		fmt.Fprint(b, orNull(v))
	}
}

// keysOf are the keys of what is known and of what is unknown of an object.
func keysOf(v, unknown any) []string {
	keys := map[string]bool{}
	for _, part := range []any{v, unknown} {
		m, _ := part.(map[string]any)
		for key := range m {
			keys[key] = true
		}
	}
	return sortedKeys(keys)
}

func orNull(v any) any {
	if v == nil {
		return "null"
	}
	return v
}

func at(list []any, i int) any {
	if i < len(list) {
		return list[i]
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

// quoted is a text in quotes, on one line.
func quoted(s string) string { return strconv.Quote(s) }

// shortNumber is a number as far as a plan keeps it.
func shortNumber(text string) string {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return text
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}

// answer is a value of ours, written as terraform's are.
func answer(v graph.Value) string {
	var b strings.Builder
	writeOurs(&b, v, false)
	return b.String()
}

func writeOurs(b *strings.Builder, v graph.Value, inside bool) {
	secret := inside || v.Sensitive
	switch v.Kind {
	case graph.Absent, graph.Null:
		b.WriteString("null")
	case graph.Bool:
		fmt.Fprint(b, v.Bool)
	case graph.Number:
		b.WriteString(shortNumber(v.Text))
	case graph.String:
		b.WriteString(quoted(v.Text))
	case graph.List:
		b.WriteByte('[')
		for i, item := range v.Items {
			if i > 0 {
				b.WriteString(", ")
			}
			writeOurs(b, item, secret)
		}
		b.WriteByte(']')
	case graph.Object:
		if v.Open() {
			b.WriteByte('?')
			break
		}
		fields := map[string]graph.Value{}
		for _, f := range v.Fields {
			fields[f.Name] = f.Value
		}
		b.WriteByte('{')
		for i, name := range sortedKeys(fields) {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(quoted(name) + ": ")
			writeOurs(b, fields[name], secret)
		}
		b.WriteByte('}')
	case graph.Unknown:
		b.WriteByte('?')
	}
	if v.Sensitive && !inside {
		b.WriteByte('!')
	}
}
