package linter

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/policy"
	"github.com/demarc-dev/demarc/linter/rules"
	"github.com/demarc-dev/demarc/policies"
)

// verdicts are what a rule says of the resources of a stack, by address:
// fail, inconclusive or nothing.
func verdicts(t *testing.T, stacks []*graph.Stack, rule string) map[*graph.Stack]map[string]string {
	t.Helper()
	g := graph.Build(context.Background(), schema(), stacks)
	result, err := policy.Judge(context.Background(), g, policy.Options{Wanted: func(r *policies.Rule) bool { return r.ID == rule }})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range result.Errors {
		t.Error(text)
	}
	out := map[*graph.Stack]map[string]string{}
	for _, s := range stacks {
		out[s] = map[string]string{}
	}
	for i := range result.Outcomes {
		o := &result.Outcomes[i]
		said := "fail"
		switch {
		case o.Inconclusive:
			said = "inconclusive"
		case o.Resource.External:
			// It is told of the companion, whose parent is unknown.
			out[o.Resource.Stack][moved] = "fail"
			continue
		}
		if have := out[o.Resource.Stack][o.Resource.Address]; have != "fail" {
			out[o.Resource.Stack][o.Resource.Address] = said
		}
	}
	return out
}

// moved stands for resources that lie outside of a stack.
const moved = "elsewhere"

// copyOf is a stack as it was before it became part of a graph, in which one
// attribute of one resource is unknown.
func copyOf(s *graph.Stack, hidden *graph.Resource, attribute string) *graph.Stack {
	out := &graph.Stack{Root: s.Root, Language: s.Language, Files: s.Files, Gaps: s.Gaps}
	for _, r := range s.Resources {
		c := &graph.Resource{
			Address: r.Address, DeclaredType: r.DeclaredType, Data: r.Data, Name: r.Name, Declared: r.Declared,
			Header: r.Header, Block: r.Block, Calls: r.Calls, Maybe: r.Maybe, Origin: r.Origin,
		}
		if r == hidden {
			c.Declared.Fields = slices.Clone(r.Declared.Fields)
			for i := range c.Declared.Fields {
				if f := &c.Declared.Fields[i]; f.Name == attribute {
					f.Value = graph.UnknownValue(graph.Reason{Text: "the test hides it"}).At(f.Value.Range)
				}
			}
		}
		out.Resources = append(out.Resources, c)
	}
	return out
}

// TestUnknownsAreNeverSilent hides every attribute of every resource of the
// fixtures, one after another: what failed with it must fail or be
// inconclusive without it, and what did not fail must not begin to.
func TestUnknownsAreNeverSilent(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	files, err := filepath.Glob("../fixtures/rules/*/*.*")
	if err != nil || len(files) == 0 {
		t.Fatal("no fixtures", err)
	}
	for _, file := range files {
		name, _, _ := strings.Cut(filepath.Base(file), ".")
		rule := filepath.Base(filepath.Dir(file)) + "/" + name
		if info, err := os.Stat(file); err != nil || info.IsDir() {
			continue
		}
		t.Run(strings.TrimPrefix(filepath.ToSlash(file), "../fixtures/rules/"), func(t *testing.T) {
			t.Parallel()
			hideEach(t, file, rule)
		})
	}
}

// excused are the attributes, by rule, whose unknown value changes a verdict
// all the same, and why.
var excused = map[string]map[string]string{
	"*":                                   {"name": "a reference to a key counts as one, whatever key a lookup finds"},
	"ec2/imdsv2":                          {"*": "an image that is not known to ask for a token counts as one that does not"},
	"ec2/key-pair-private-key-in-state":   {"public_key": "a key that is given from elsewhere is taken to be made elsewhere"},
	"ec2/instance-default-security-group": {"*": "groups that are given from elsewhere are taken to be others"},
	"cloudtrail/bucket-policy-source":     {"*": "a bucket is a trail's if it is known to be"},
	"cloudtrail/bucket-access-logging":    {"*": "a bucket is a trail's if it is known to be"},
	"cloudtrail/bucket-policy-read-only":  {"*": "a bucket is a trail's if it is known to be"},
	"cloudtrail/bucket-versioning":        {"*": "a bucket is a trail's if it is known to be"},
	"cloudtrail/bucket-retention":         {"*": "a bucket is a trail's if it is known to be"},
	"emr/security-group-open":             {"*": "a group is a cluster's if it is known to be"},
	"iam/allow-not-action":                {"Policies": "where it is unknown which policies there are, there is none to judge"},
	"iam/privilege-escalation":            {"policy_arn": "an attached policy whose ARN is unknown is taken to be none of the stack's"},
	"iam/one-access-key":                  {"user": otherUsers, "UserName": otherUsers},
	"rds/public-subnet": {
		"gateway_id": throughUnknown, "route": throughUnknown, "route_table_id": throughUnknown, "subnet_id": throughUnknown,
		"GatewayId": throughUnknown, "RouteTableId": throughUnknown, "SubnetId": throughUnknown,
	},
	"ec2/public-instance-routed": {
		"gateway_id": throughUnknown, "route": throughUnknown, "route_table_id": throughUnknown, "subnet_id": throughUnknown,
		"GatewayId": throughUnknown, "RouteTableId": throughUnknown, "SubnetId": throughUnknown,
	},
	"ec2/role-shared-across-tiers": {"*": "instances are in one tier, or have one role, if that is known"},
	"s3/public-access-block":       {"bucket": byText},
	"s3/secure-transport":          {"BucketName": byText},
	"s3/versioning":                {"bucket": inlineStays},
}

const (
	throughUnknown = "a route whose ends are unknown leads nowhere"
	inlineStays    = "a companion of some bucket leaves alone what a bucket says of itself"
	otherUsers     = "keys of unknown users are taken to be of different ones"
	byText         = "a companion that names its bucket by text belongs to the one that is known to bear the name"
)

func isExcused(rule, attribute string) bool {
	for _, r := range []string{rule, "*"} {
		for _, a := range []string{attribute, "*"} {
			if excused[r][a] != "" {
				return true
			}
		}
	}
	return false
}

func hideEach(t *testing.T, file, rule string) {
	r, _ := rules.Find(rule)
	if r.Secret {
		return // an unknown value is none that is written down
	}
	dir := t.TempDir()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, filepath.Base(file)), data, 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := l.open(context.Background(), []string{dir})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Tree.Close()
	if err := s.Read(context.Background()); err != nil {
		t.Fatal(err)
	}
	type change struct {
		stack *graph.Stack
		what  string
	}
	for _, stack := range s.Graph.Stacks {
		if !stack.IsBase() {
			continue
		}
		whole := copyOf(stack, nil, "")
		stacks := []*graph.Stack{whole}
		var changes []change
		for _, resource := range stack.Resources {
			for _, f := range resource.Declared.Fields {
				if isExcused(r.ID, f.Name) {
					continue
				}
				c := copyOf(stack, resource, f.Name)
				stacks = append(stacks, c)
				changes = append(changes, change{c, resource.Address + " " + f.Name})
			}
		}
		said := verdicts(t, stacks, r.ID)
		for _, c := range changes {
			for address, before := range said[whole] {
				if before == "fail" && address != moved && said[c.stack][address] == "" && said[c.stack][moved] == "" {
					t.Errorf("without %s, %s no longer fails, and nothing is said", c.what, address)
				}
			}
			for address, after := range said[c.stack] {
				if after == "fail" && address != moved && said[whole][address] != "fail" {
					t.Errorf("without %s, %s begins to fail", c.what, address)
				}
			}
		}
	}
}
