package baseline

import (
	"slices"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/finding"
)

// failing is a failing finding of rule s3/acl whose resource is in root.
func failing(root, address, file, message string) finding.Finding {
	return finding.Finding{
		Rule: "s3/acl", Status: finding.Fail, Message: message, Fingerprint: finding.Fingerprint("s3/acl", root, address, ""),
		Resource: finding.Resource{Address: address}, Location: finding.Location{File: file}, Homes: []finding.Home{{Root: root, Address: address}},
	}
}

// entriesOf are the entries that findings get in a new baseline.
func entriesOf(findings ...finding.Finding) []finding.Entry {
	return (&Baseline{}).Update(&finding.Report{Findings: findings}, true).Entries
}

func TestBaselineRoundTrip(t *testing.T) {
	b := &Baseline{Entries: entriesOf(
		failing("b", "r", "b/main.tf", "second <"), failing("a", "r", "a/main.tf", "first"), failing("a", "r", "a/main.tf", "again"),
		finding.Finding{Rule: finding.UnusedSuppression, Status: finding.Fail}, finding.Finding{Rule: "s3/acl", Status: finding.Inconclusive},
		finding.Finding{Rule: "s3/acl", Status: finding.Suppressed},
	)}
	data, err := b.Encode()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(data), "\n")
	if len(lines) != 8 || !strings.Contains(lines[3], "again") || !strings.Contains(lines[4], "second <") {
		t.Errorf("got\n%s", data)
	}
	slices.Reverse(b.Entries)
	if again, err := b.Encode(); err != nil || string(again) == "" || len(again) != len(data) {
		t.Errorf("the order of entries matters: %v\n%s", err, again)
	}
	read, err := Read("x.json", data)
	if err != nil || len(read.Entries) != 2 || read.Entries[1].Message != "second <" {
		t.Errorf("read %+v, %v", read, err)
	}
}

func TestBaselineErrorsNameTheLine(t *testing.T) {
	for text, want := range map[string]string{
		"":                              "x.json:1: the baseline cannot be read: EOF",
		"{\n\"schema\": 1,\n<<<<<<<\n}": "x.json:3: the baseline cannot be read",
		"{\"findings\": []}":            "has no schema version",
		"{\"schema\": 2}":               "has schema 2",
		"{\"schema\": 1}\nx":            "text after its end",
		"{\"schema\": 1, \"a\": 1}":     "unknown field",
		"{\"schema\": 1, \"findings\": [\n{\"fingerprint\": 1}]}":    "x.json:2: the entry cannot be read",
		"{\"schema\": 1, \"findings\": [\n{\"fingerprint\": \"\"}]}": "x.json:2: \"\" is no fingerprint",
	} {
		if _, err := Read("x.json", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}

func TestFormerIdentities(t *testing.T) {
	f := failing("m", "b.x", "", "")
	f.Homes = append(f.Homes, finding.Home{Root: ".", Address: "module.new.b.x"})
	moves := []Move{
		{".", "b", "module.new.b"}, {".", "a", "b"}, {".", "b", "a"}, // a circle
		{"elsewhere", "z", "b"}, {AnyRoot, "y", "module.new"}, {"m", "q", "b.xy"},
	}
	got := former(&f, moves)
	want := []string{
		finding.Fingerprint("s3/acl", ".", "b.x", ""), finding.Fingerprint("s3/acl", ".", "y.b.x", ""), finding.Fingerprint("s3/acl", ".", "a.x", ""),
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %d former fingerprints, want %d", len(got), len(want))
	}
}

func TestRenamedFilesMatchOnlyWhenUnique(t *testing.T) {
	entries := entriesOf(
		failing("old.yaml", "A", "old.yaml", "one"),
		failing("old.yaml", "B", "old.yaml", "two"), failing("older.yaml", "B", "older.yaml", "two"),
		failing("old.yaml", "C", "old.yaml", "three"),
		failing("here.yaml", "D", "here.yaml", "four"),
	)
	findings := []finding.Finding{
		failing("new.yaml", "A", "new.yaml", "one"),
		failing("new.yaml", "B", "new.yaml", "two"),
		failing("new.yaml", "C", "new.yaml", "three"), failing("copy.yaml", "C", "copy.yaml", "three"),
		failing("new.yaml", "D", "new.yaml", "four"),
	}
	m := Matcher{Exists: func(file string) bool { return file == "here.yaml" }}
	if got := m.Match(entries, findings); !slices.Equal(got, []int{0, -1, -1, -1, -1}) {
		t.Errorf("got %v", got)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("{\"schema\": 1, \"findings\": [\n{\"fingerprint\": \"x\"}]}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := Read("x.json", data)
		if err != nil {
			return
		}
		text, err := b.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Read("x.json", text); err != nil {
			t.Errorf("what was written cannot be read: %v\n%s", err, text)
		}
	})
}
