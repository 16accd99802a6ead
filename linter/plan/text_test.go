package plan

import (
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"
)

func wide(text string, order binary.AppendByteOrder) string {
	var out []byte
	for _, unit := range utf16.Encode([]rune("\ufeff" + text)) {
		out = order.AppendUint16(out, unit)
	}
	return string(out)
}

// TestText reads plans as shells, pipes and wrappers leave them.
func TestText(t *testing.T) {
	const whole = `{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{}}`
	const inLines = "{\n  \"format_version\": \"1.2\",\n  \"planned_values\": {}\n}"
	for name, c := range map[string]struct{ data, want string }{
		"plain":             {whole, whole},
		"byte-order mark":   {"\ufeff" + whole, whole},
		"UTF-16":            {wide(whole, binary.LittleEndian), whole},
		"UTF-16, the other": {wide(whole, binary.BigEndian), whole},
		"a line before":     {"[command]/usr/bin/terraform show -json\n" + whole + "\n", whole},
		"warnings before":   {"Warning: {old}\n\n" + inLines, inLines},
		"lines after":       {whole + "\n::debug::exitcode: 0\n", whole},
		"an object before":  {"{\"note\": 1}\n" + whole, whole},
		"marks and lines":   {"\ufeffRunning\r\n" + whole + "\r\ndone", whole},
		"something else":    {"Resources: {}\n", "Resources: {}\n"},
	} {
		if got := string(Text([]byte(c.data))); got != c.want {
			t.Errorf("%s: %q", name, got)
		}
		if want := strings.Contains(c.want, "planned_values"); Is(Text([]byte(c.data))) != want {
			t.Errorf("%s: Is is not %v", name, want)
		}
	}
}

// TestCutOffPlansArePlans tells that what is broken was to be a plan.
func TestCutOffPlansArePlans(t *testing.T) {
	for _, text := range []string{
		`{"format_version":"1.2","terraform_version":"1.1`,
		`{"planned_values":{"root_module":{}},"format_version":"1.2","resource_ch`,
		"[command]terraform show\n" + `{"format_version":"1.2","planned_values":{"root_mod`,
	} {
		if !Is(Text([]byte(text))) {
			t.Errorf("no plan: %s", text)
		}
	}
}

func TestLogsAreNoPlans(t *testing.T) {
	const line = `{"@level":"info","@message":"Terraform 1.11.4","@module":"terraform.ui","type":"version"}` + "\n"
	for _, text := range []string{line, "\ufeff" + line + line, wide(line, binary.LittleEndian)} {
		if got := Foreign([]byte(text)); !strings.Contains(got, "terraform show -json") {
			t.Errorf("Foreign(%q) = %q", text, got)
		}
	}
	if got := Foreign([]byte(`{"@level": 1, "format_version": "1.2"}`)); got != "" {
		t.Error(got)
	}
}
