package cloudformation

import (
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/source"
)

// TestAgainstCFNLint holds that every template which cfn-lint can read and
// whose functions it finds well-formed is read without a word: those in
// testdata and fixtures, or below the directory in DEMARC_TEMPLATES.
func TestAgainstCFNLint(t *testing.T) {
	if testing.Short() {
		t.Skip("cfn-lint takes a while")
	}
	program, err := exec.LookPath("cfn-lint")
	if err != nil {
		if os.Getenv("DEMARC_REQUIRE_CLIENTS") == "1" {
			t.Fatal("cfn-lint is required and not installed")
		}
		t.Skip("the client cfn-lint is not installed")
	}
	fixtures := filepath.Join("..", "..", "fixtures")
	dirs := []string{"testdata", filepath.Join(fixtures, "stacks"), filepath.Join(fixtures, "parity")}
	if os.Getenv("DEMARC_REQUIRE_CLIENTS") == "1" { // a second or two each
		dirs = append(dirs, filepath.Join(fixtures, "rules"))
	}
	if dir := os.Getenv("DEMARC_TEMPLATES"); dir != "" {
		dirs = []string{dir}
	}
	accepted, judged := 0, 0
	for _, dir := range dirs {
		tree, err := source.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		err = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && IsCandidate(name) {
				if f, err := tree.Read(relative(t, dir, name)); err == nil && mayBeTemplate(f.Data) {
					names = append(names, name)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		refused := refusedByCFNLint(t, program, names)
		for _, name := range names {
			judged++
			if refused[name] != "" {
				continue
			}
			accepted++
			_, diagnostics := Load(context.Background(), tree, relative(t, dir, name), Options{})
			for _, d := range diagnostics {
				t.Errorf("%s: cfn-lint accepts it: %s", name, d.Message)
			}
		}
		_ = tree.Close()
	}
	if accepted == 0 {
		t.Errorf("cfn-lint accepts none of %d templates", judged)
	}
	t.Logf("cfn-lint accepts %d of %d templates", accepted, judged)
}

func relative(t *testing.T, dir, name string) string {
	t.Helper()
	rel, err := filepath.Rel(dir, name)
	if err != nil {
		t.Fatal(err)
	}
	return filepath.ToSlash(rel)
}

// refusedByCFNLint asks cfn-lint for its errors of syntax (E0...) and of
// functions (E1...), by file. It asks in halves where cfn-lint fails.
func refusedByCFNLint(t *testing.T, program string, names []string) map[string]string {
	t.Helper()
	refused := map[string]string{}
	const atOnce = 40
	var ask func(names []string)
	ask = func(names []string) {
		var matches []struct {
			Filename string
			Message  string
			Rule     struct{ ID string }
		}
		arguments := append([]string{"--non-zero-exit-code", "none", "--format", "json", "--ignore-checks", "W", "-t"}, names...)
		out, err := exec.Command(program, arguments...).Output()
		if err == nil && len(strings.TrimSpace(string(out))) > 0 {
			err = json.Unmarshal(out, &matches)
		}
		switch {
		case err != nil && len(names) == 1:
			refused[names[0]] = err.Error()
		case err != nil:
			ask(names[:len(names)/2])
			ask(names[len(names)/2:])
		}
		for _, m := range matches {
			if strings.HasPrefix(m.Rule.ID, "E0") || strings.HasPrefix(m.Rule.ID, "E1") {
				refused[m.Filename] = m.Rule.ID + " " + m.Message
			}
		}
	}
	for len(names) > 0 {
		n := min(atOnce, len(names))
		ask(names[:n])
		names = names[n:]
	}
	return refused
}
