package cloudformation

import (
	"context"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// TestFailuresAreTold forces each panic that is caught: what was being done,
// and in which template, is among the diagnostics.
func TestFailuresAreTold(t *testing.T) {
	reading := "Resources:\n  A:\n    Fn::Transform: {Name: 'AWS::Include', Parameters: {Location: ./part.yaml}}\n  T: {Type: 'AWS::SNS::Topic'}\n"
	evaluating := "Resources:\n  C:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: ./child.yaml}\n"
	for _, c := range []struct {
		name, doing string
		fail        func(*source.File) []graph.Diagnostic
		text        string
	}{
		{"read", "reading the template", loadFaulty, reading},
		{"evaluate", "evaluating the template", loadFaulty, evaluating},
		{"function", "computing Fn::Join", func(f *source.File) []graph.Diagnostic {
			e := &evaluator{loader: newLoader(context.Background(), nil)}
			n := &node{file: f, start: 0, end: 3}
			result := e.closed(n, "Fn::Join", func(string, any, any) any { panic("boom") }, nil)
			if result != nil {
				t.Errorf("the result is %v", result)
			}
			return e.loader.diagnostics
		}, "A: 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			diags := c.fail(source.NewFile("app/t.yaml", []byte(c.text)))
			if len(diags) != 1 {
				t.Fatalf("diagnostics are %+v", diags)
			}
			d := diags[0]
			if !strings.HasPrefix(d.Message, "demarc failed while "+c.doing+", please report it: ") || strings.Contains(d.Message, "goroutine") || d.File != "app/t.yaml" {
				t.Errorf("%s: %q", d.File, d.Message)
			}
		})
	}
}

// What the JSON reader gives up on by a panic of its own is an error with its
// place, and any other panic goes on to where it is told.
func TestSyntaxErrorsOfJSONAreTold(t *testing.T) {
	_, diags := load(context.Background(), nil, source.NewFile("t.json", []byte(`{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"A" 1}}`)), Options{})
	if len(diags) != 1 || !diags[0].Range.Valid() || !strings.Contains(diags[0].Message, "no valid JSON") {
		t.Errorf("diagnostics are %+v", diags)
	}
	defer func() {
		if got := recover(); got != "boom" {
			t.Errorf("the other panic became %v", got)
		}
	}()
	var n *node
	var err error
	defer recoverSyntax(&n, &err)
	panic("boom")
}

// faultyFS fails in a way that nobody foresaw.
type faultyFS struct{ source.FS }

func (faultyFS) Read(string) (*source.File, error) { panic("boom") }

// loadFaulty loads a template beside which no file can be read.
func loadFaulty(f *source.File) []graph.Diagnostic {
	_, diagnostics := load(context.Background(), faultyFS{}, f, Options{})
	return diagnostics
}
