package cloudformation

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/internal/allocation"
	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

var update = flag.Bool("update", false, "rewrite golden files")

// golden compares text with a file.
func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (go test -update rewrites it); got\n%s", name, got)
	}
}

// describe lists the resources of a stack: what each is, where it stands and
// what it says.
func describe(s *graph.Stack) string {
	var b strings.Builder
	if !s.IsBase() {
		fmt.Fprintf(&b, "when %v:\n", s.Variant.Conditions)
	}
	for _, r := range s.Resources {
		fmt.Fprintf(&b, "%s %s (line %d: %s)\n", r.Address, r.DeclaredType, r.Header.StartPosition().Line, textAt(r.Header))
		for _, f := range r.Declared.Fields {
			fmt.Fprintf(&b, "    %s: %s\n", f.Name, show(f.Value))
		}
	}
	for _, g := range s.Gaps {
		fmt.Fprintf(&b, "gap %s: %s %v\n", g.Address, g.Source, g.Links)
	}
	return b.String()
}

func TestServerless(t *testing.T) {
	names, err := filepath.Glob("testdata/sam/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		stacks, diagnostics := load(context.Background(), nil, source.NewFile(filepath.Base(name), data), Options{})
		if len(diagnostics) > 0 {
			t.Errorf("%s: %v", name, diagnostics)
		}
		var b strings.Builder
		for _, s := range stacks {
			b.WriteString(describe(s))
		}
		golden(t, strings.TrimSuffix(name, ".yaml")+".golden", b.String())
	}
}

// TestServerlessRanges holds that all that SAM makes stands somewhere in the
// resource it is made from.
func TestServerlessRanges(t *testing.T) {
	data, err := os.ReadFile("testdata/sam/everything.yaml")
	if err != nil {
		t.Fatal(err)
	}
	stacks, _ := load(context.Background(), nil, source.NewFile("t.yaml", data), Options{})
	for _, r := range stacks[0].Resources {
		if r.Origin == nil {
			continue
		}
		if !r.Block.Contains(r.Header) || !strings.HasPrefix(textAt(r.Block), r.Origin.Address+":") {
			t.Errorf("%s: header %q, block %.20q", r.Address, textAt(r.Header), textAt(r.Block))
		}
		r.Declared.Unknowns(func(path graph.Path, v graph.Value) {
			if !v.Range.Valid() {
				t.Errorf("%s: %s has no place", r.Address, path)
			}
		})
	}
}

// TestHostileServerless holds that large templates end with work in proportion, or
// say that they are too large.
func TestHostileServerless(t *testing.T) {
	if testing.Short() {
		t.Skip("large templates take a while")
	}
	repeat := func(n int, line string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, line, i)
		}
		return b.String()
	}
	const head = "Transform: AWS::Serverless-2016-10-31\n"
	for name, text := range map[string]string{
		"events":  head + "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Events:\n" + repeat(10000, "        E%d: {Type: HttpApi, Properties: {Path: /x, Method: get}}\n"),
		"buckets": head + "Resources:\n  B: {Type: 'AWS::S3::Bucket'}\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Events:\n" + repeat(10000, "        E%d: {Type: S3, Properties: {Bucket: !Ref B, Events: x}}\n"),
		"globals": head + "Globals:\n  Function:\n    Environment:\n      Variables:\n" + repeat(20000, "        V%d: x\n") +
			"Resources:\n" + repeat(2000, "  F%d: {Type: 'AWS::Serverless::Function', Properties: {Environment: {Variables: {A: b}}}}\n"),
		"functions": head + "Resources:\n" + repeat(5000, "  F%d: {Type: 'AWS::Serverless::Function', Properties: {Policies: [S3ReadPolicy: {BucketName: x}], Events: {E: {Type: Api, Properties: {Path: /, Method: get}}}}}\n"),
		"odd":       head + "Globals: {Function: x, Api: [1], HttpApi: !Ref A}\nResources:\n  A: {Type: 'AWS::Serverless::Function', Properties: {Events: [1], Policies: {a: {b: c}}, FunctionUrlConfig: x, EventInvokeConfig: 5, DeploymentPreference: no, DeadLetterQueue: x, Tags: x, Layers: 1, VpcConfig: }}\n  B: {Type: 'AWS::Serverless::Api', Properties: [1, 2]}\n  C: {Type: 'AWS::Serverless::HttpApi', Properties: {Domain: x, Auth: y, StageName: [1]}}\n  D: {Type: 'AWS::Serverless::StateMachine', Properties: {Events: {E: 1, F: {Type: Schedule}, G: {Type: [x]}}}}\n  E: {Type: 'AWS::Serverless::SimpleTable', Properties: {PrimaryKey: x}}\n  F: {Type: 'AWS::Serverless::LayerVersion'}\n  G: {Type: 'AWS::Serverless::Application', Properties: {Location: [1]}}\n  H: {Type: 'AWS::Serverless::Function', Properties: {Events: {A: {Type: S3}, B: {Type: SNS}, C: {Type: SQS}, D: {Type: Cognito}, E: {Type: CloudWatchLogs}, F: {Type: ScheduleV2, Properties: {DeadLetterConfig: x}}, G: {Type: EventBridgeRule, Properties: {DeadLetterConfig: [1]}}, H: {Type: Api, Properties: {RestApiId: 5}}}}}\n",
	} {
		var stacks []*graph.Stack
		var diagnostics []graph.Diagnostic
		if bytes := allocation.Of(func() {
			stacks, diagnostics = load(context.Background(), nil, source.NewFile("t.yaml", []byte(text)), Options{})
		}); bytes > 1024<<20 {
			t.Errorf("%s allocates %d MB", name, bytes>>20)
		}
		for _, d := range diagnostics {
			if !strings.Contains(d.Message, "too large") {
				t.Errorf("%s: %s", name, d.Message)
			}
		}
		if len(stacks) == 0 {
			t.Errorf("%s gives no stack", name)
		}
	}
}

// TestPolicyTemplates holds that every template of SAM's can be filled in, and
// that its variables are parameters of it alone.
func TestPolicyTemplates(t *testing.T) {
	all := policyTemplates()
	if len(all.pairs) < 70 {
		t.Fatalf("%d policy templates", len(all.pairs))
	}
	for _, p := range all.pairs {
		text := fmt.Sprintf("Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Policies: [{%s: {%s}}]\n",
			p.name, strings.Join(parametersIn(p.value), ": given, ")+": given")
		role := resourceOf(t, loadText(t, text, nil)[0], "FRole").Declared
		statements := role.Get("Policies", "0", "PolicyDocument", "Statement")
		if len(statements.Items) != len(p.value.items) {
			t.Errorf("%s has %d statements", p.name, len(statements.Items))
		}
		statements.Unknowns(func(path graph.Path, v graph.Value) { t.Errorf("%s: %s is unknown: %v", p.name, path, v.Reasons()) })
	}
}

// parametersIn lists the variables of a policy template.
func parametersIn(n *node) []string {
	seen := map[string]bool{}
	names := []string{"Unused"}
	var visit func(*node)
	visit = func(n *node) {
		for _, part := range strings.Split(n.text, "${")[1:] {
			if name, _, _ := strings.Cut(part, "}"); !strings.Contains(name, ":") && !seen[name] {
				seen[name] = true
				names = append(names, name)
			}
		}
		for _, item := range n.items {
			visit(item)
		}
		for i := range n.pairs {
			visit(n.pairs[i].value)
		}
	}
	visit(n)
	return names
}
