package report

import (
	"bytes"
	"encoding/json"
	"testing"
)

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"AWS::S3::Bucket # a ## b":    "AWS::S3::Bucket # a ## b",
		"a##vso[task.x]b":             `a\x23#vso[task.x]b`,
		"###[add-mask]":               `#\x23#[add-mask]`,
		"a\xffb":                      `a\xffb`,
		"##VSO[":                      `\x23#VSO[`,
		"\x1b]8;;u\x07 \u009b \u202e": `\x1b]8;;u\x07 \u{9b} \u{202e}`,
		"\xff\u2028\x7f":              `\xff\u{2028}\x7f`,
	} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCleanLines(t *testing.T) {
	if got, want := CleanLines("a: x\x1b\n::error::y\nb"), "a: x\\x1b\n./::error::y\nb"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLineStart(t *testing.T) {
	for _, c := range [][2]string{{"a::b", "a::b"}, {"::error", "./::error"}, {" ::error", "./ ::error"}, {"", ""}} {
		if got := lineStart(c[0]); got != c[1] {
			t.Errorf("lineStart(%q) = %q, want %q", c[0], got, c[1])
		}
	}
}

// Programs read what was written, whatever had to be escaped.
func TestJSONEscapesLoseNothing(t *testing.T) {
	in := "\u009b31m \u202e \U000e0001 \u200d ##vso[a] ##[b] \x7f é 日 😀 \ufffd <&> \\"
	var b bytes.Buffer
	if err := WriteJSON(&b, []string{in}); err != nil {
		t.Fatal(err)
	}
	wantNothingObeyed(t, b.String(), "\U000e0001", "\u200d")
	var out []string
	if err := json.Unmarshal(b.Bytes(), &out); err != nil || out[0] != in {
		t.Errorf("read back as %q: %v", out, err)
	}
}

func TestCSVCellsAreNoFormulas(t *testing.T) {
	for in, want := range map[string]string{
		"=1+1": "'=1+1", "+cmd|calc": "'+cmd|calc", "-2+3": "'-2+3", "@SUM(1)": "'@SUM(1)", "\t=1": `\t=1`, "\r=1": `\r=1`,
		"::error::x": "'::error::x", "-": "-", "a=b": "a=b", "12": "12", "": "",
	} {
		if got := csvCell(in); got != want {
			t.Errorf("csvCell(%q) = %q, want %q", in, got, want)
		}
	}
}
