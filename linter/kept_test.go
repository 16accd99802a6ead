package linter

import (
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/demarc-dev/demarc/linter/config"
	"github.com/demarc-dev/demarc/linter/source"
)

// TestInputsAreReadOnce holds that what several environments or plans share is
// parsed once.
func TestInputsAreReadOnce(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{
		"main.tf":          "variable \"name\" {}\nresource \"aws_sns_topic\" \"t\" {\n  name = var.name\n}\n",
		"terraform.tfvars": "name = \"a\"\n",
		"shared.tfvars":    "name = \"b\"\n",
		"demarc.yaml": "environments:\n" +
			"  - {name: one, var-files: [shared.tfvars]}\n  - {name: two, var-files: [shared.tfvars]}\n  - {name: three, var-files: [shared.tfvars]}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	config, err := config.Load(filepath.Join(dir, "demarc.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	l, err := New(Options{Config: config, Profile: "extended"})
	if err != nil {
		t.Fatal(err)
	}
	if r := lintOnce(t, l, dir); len(r.Coverage.Errors) > 0 || len(r.Findings) == 0 {
		t.Fatalf("findings %v, errors %v", r.Findings, r.Coverage.Errors)
	}
	// demarc.yaml is looked at as a template may be, and is none.
	if got, want := l.kept.files.Made(), 3; got != want {
		t.Errorf("%d files were parsed, want %d", got, want)
	}
}

// listing counts how often directories are listed.
type listing struct {
	source.FS
	calls atomic.Int64
}

func (l *listing) List(name string) ([]fs.DirEntry, error) {
	l.calls.Add(1)
	return l.FS.List(name)
}

// TestAConfigurationIsLoadedOnce holds that plans which a configuration does
// not fit do not load it once more each.
func TestAConfigurationIsLoadedOnce(t *testing.T) {
	dir := t.TempDir()
	files := map[string]string{"source/main.tf": "resource \"aws_sns_topic\" \"t\" {}\n"}
	var paths []string
	for _, name := range []string{"a", "b", "c"} {
		files[name+".json"] = `{"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {"root_module": {"resources": [
			{"address": "aws_sqs_queue.` + name + `", "mode": "managed", "type": "aws_sqs_queue", "name": "` + name + `", "values": {}}]}}}`
		paths = append(paths, filepath.Join(dir, name+".json"))
	}
	for name, content := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	l, err := New(Options{Source: filepath.Join(dir, "source")})
	if err != nil {
		t.Fatal(err)
	}
	s, err := l.open(t.Context(), paths)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Tree.Close()
	listed := &listing{FS: s.FS}
	s.FS = listed
	if err := s.Read(t.Context()); err != nil {
		t.Fatal(err)
	}
	// A module's directory is listed for its source and for its variables.
	if got := listed.calls.Load(); s.Plans() != 3 || got != 2 {
		t.Errorf("the configuration was listed %d times for %d plans", got, s.Plans())
	}
}
