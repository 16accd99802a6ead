package linter

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAnInterruptedScanSaysSo(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{
		"main.tf":    "resource \"aws_db_instance\" \"d\" {\n  publicly_accessible = true\n}\n",
		"stack.yaml": "Resources:\n  T:\n    Type: AWS::SNS::Topic\n",
		"plan.json":  `{"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {"root_module": {}}}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, stage := range []Stage{StageDiscover, StageTerraform, StageCloudFormation, StageGraph, StagePolicy} {
		ctx, cancel := context.WithCancel(context.Background())
		l, err := New(Options{Progress: func(p Progress) {
			if p.Stage == stage {
				cancel()
			}
		}})
		if err != nil {
			t.Fatal(err)
		}
		r, err := l.Lint(ctx, []string{dir})
		if err != nil {
			t.Fatalf("%s: %v", stage, err)
		}
		if len(r.Coverage.Errors) != 1 || r.Coverage.Errors[0].File != "" || !strings.Contains(r.Coverage.Errors[0].Message, "interrupted") {
			t.Errorf("%s: errors %v", stage, r.Coverage.Errors)
		}
		if stage == StagePolicy && r.Coverage.Resources != 2 {
			t.Errorf("%s: %d resources were read, want 2", stage, r.Coverage.Resources)
		}
		if _, err := l.Inspect(ctx, []string{dir}); err == nil {
			t.Errorf("%s: an inspection is half", stage)
		}
		cancel()
	}
}

func TestWaitingForTheStandardInputEndsToo(t *testing.T) {
	silent, writer := io.Pipe()
	defer writer.Close()
	l, err := New(Options{Stdin: silent})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := l.Lint(ctx, []string{Stdin}); err == nil {
		t.Error("there is a report of nothing")
	}
}
