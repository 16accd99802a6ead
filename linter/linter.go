// Package linter is demarc's public API: it reads Terraform and CloudFormation
// into one resource graph, judges it with the built-in policies and returns a
// report. The command line, the language server and the tests use only this.
package linter

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/demarc-dev/demarc/linter/baseline"
	"github.com/demarc-dev/demarc/linter/describe"
	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/load"
	"github.com/demarc-dev/demarc/linter/policy"
	"github.com/demarc-dev/demarc/linter/rules"
	"github.com/demarc-dev/demarc/linter/silence"
	"github.com/demarc-dev/demarc/linter/source"
	"github.com/demarc-dev/demarc/policies"
)

// Linter judges source with fixed options. It may be used by several
// goroutines at a time.
type Linter struct {
	options Options
	wanted  map[string]bool
	about   rules.Catalogue
	layers  []finding.Layer
	buffers map[string][]byte // by path, in place of files
	kept    *kept
}

// kept is what the next scan need not make again. Scans that go on at the same
// time share it.
type kept struct {
	files    source.Store
	compiled policy.Compiled
}

// Over returns a linter that reads these buffers in place of the files at their
// paths, as an editor has them before they are saved. A buffer may be a file
// that is not there. What was read, parsed and compiled is shared with l: a
// scan after a change parses only what has changed.
func (l *Linter) Over(buffers map[string][]byte) *Linter {
	over := *l
	over.buffers = buffers
	return &over
}

// Prepare reads what lies at the paths and compiles the policies that it asks
// for, so that a Lint of them that follows does not have to.
func (l *Linter) Prepare(ctx context.Context, paths []string) error {
	s, err := l.open(ctx, paths)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.Read(ctx); err != nil {
		return err
	}
	return l.kept.compiled.Prepare(s.Graph, l.policyOptions())
}

// New checks the options. An unknown rule or profile is an error that says
// what might be meant.
func New(o Options) (*Linter, error) {
	if o.Jobs <= 0 {
		o.Jobs = runtime.GOMAXPROCS(0)
	}
	if o.Config != nil && o.Profile == "" {
		o.Profile = o.Config.Profile
	}
	switch o.Profile {
	case "":
		o.Profile = "default"
	case "default", "extended":
	default:
		return nil, fmt.Errorf("unknown profile %q: use default or extended", o.Profile)
	}
	if o.Config != nil {
		o.RecheckValues = o.RecheckValues || o.Config.RecheckValues != nil && *o.Config.RecheckValues
		if err := o.Config.Check(); err != nil {
			return nil, err
		}
	}
	wanted, err := selectRules(o)
	if err != nil {
		return nil, err
	}
	if languages := rules.Languages(); o.Language != "" && !slices.Contains(languages, o.Language) {
		return nil, fmt.Errorf("unknown language %q: use %s", o.Language, strings.Join(languages, " or "))
	}
	about, err := rules.Model(o.Language)
	if err != nil {
		return nil, err
	}
	layers, err := rules.Division(o.Language)
	if err != nil {
		return nil, err
	}
	if o.Framework != nil {
		about = *o.Framework
	}
	return &Linter{options: o, wanted: wanted, about: about, layers: layers, kept: &kept{}}, nil
}

// scan is what was read of some paths, and what policies said of it.
type scan struct {
	*load.Scan
	result *policy.Result // once it is judged
}

// open finds out what is to be read. The caller closes the scan.
func (l *Linter) open(ctx context.Context, paths []string) (*scan, error) {
	read, err := load.Open(ctx, paths, l.loading())
	if err != nil {
		return nil, err
	}
	return &scan{Scan: read}, nil
}

// loading says how paths are read.
func (l *Linter) loading() load.Options {
	o := l.options
	return load.Options{
		Variables: o.Variables, VarFiles: o.VarFiles, Workspace: o.Workspace, Source: o.Source, Stdin: o.Stdin, Parameters: o.Parameters,
		Config: o.Config, Root: o.Root, SkipUnrecognised: o.SkipUnrecognised, Jobs: o.Jobs,
		Buffers: l.buffers, Files: &l.kept.files, Schema: schema(),
		Begin: func(stage string, total int) func() { return l.begin(Stage(stage), total) },
	}
}

// Lint judges what lies at the paths. The error is not nil when nothing could
// be scanned at all; what could not be analysed is in the report's coverage.
func (l *Linter) Lint(ctx context.Context, paths []string) (*finding.Report, error) {
	b, err := l.baseOf(ctx, paths)
	if err != nil {
		return nil, err
	}
	s, err := l.open(ctx, paths)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	r, err := l.lint(ctx, s)
	if err == nil && l.options.Made {
		r.Made = l.loading().Made(ctx, paths)
		r.Made.Profile, r.Made.Rules, r.Made.RulesHash = l.options.Profile, len(l.wanted), policies.Hash()
	}
	if err == nil && b != nil && ctx.Err() == nil {
		err = l.onlyNew(ctx, r, s, b)
	}
	if err != nil {
		return nil, err
	}
	return r, nil
}

// lint reads and judges what an opened scan is of.
func (l *Linter) lint(ctx context.Context, s *scan) (*finding.Report, error) {
	if err := s.Read(ctx); err != nil {
		return nil, err
	}
	l.begin(StagePolicy, len(s.Graph.Resources))
	result, err := l.judge(ctx, s)
	if err != nil {
		return nil, err
	}
	s.result = result
	l.begin(StageFinding, 0)
	return l.report(s, result), nil
}

// judge asks the wanted rules.
func (l *Linter) judge(ctx context.Context, s *scan) (*policy.Result, error) {
	result, err := policy.Judge(ctx, s.Graph, l.policyOptions())
	s.Diagnostics = append(s.Diagnostics, load.Interruption(ctx)...)
	return result, err
}

func (l *Linter) policyOptions() policy.Options {
	return policy.Options{
		Wanted:   func(r *policies.Rule) bool { return l.wanted[r.ID] },
		Jobs:     l.options.Jobs,
		Settings: l.options.Config.OptionsByID(),
		Passed:   l.options.Evidence,
		Compiled: &l.kept.compiled,
	}
}

// Inspection is the canonical graph as policies see it.
type Inspection struct {
	Input any `json:"input"`
}

// Inspect returns the canonical graph of what lies at the paths.
func (l *Linter) Inspect(ctx context.Context, paths []string) (*Inspection, error) {
	s, err := l.open(ctx, paths)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	if err := s.Read(ctx); err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, load.ErrInterrupted
	}
	input, err := policy.Inspect(ctx, s.Graph, l.options.ShowSecrets)
	if ctx.Err() != nil {
		return nil, load.ErrInterrupted
	}
	if err != nil {
		return nil, fmt.Errorf("describe the graph: %w", err)
	}
	return &Inspection{Input: input}, nil
}

// report turns outcomes into the report.
func (l *Linter) report(s *scan, result *policy.Result) *finding.Report {
	described := s.describe(result)
	findings := append(described.Findings(), described.Notices()...)
	var known baseline.Match
	pass := l.pass(s, described.Location)
	if b := l.options.Baseline; b != nil {
		pass.Silencers = append(pass.Silencers, &silence.Silencer{
			Kind: silence.Baseline, Location: b.Location(),
			Lists: func(findings []finding.Finding) []bool {
				known = b.Match(findings, s.matcher(), l.options.RecheckValues)
				return known.Listed
			},
		})
	}
	findings, elsewhere := s.Partial().Own(rate(pass.Apply(findings), s.Config), s.Shown())
	finding.Sort(findings)
	r := &finding.Report{
		Schema:   1,
		Tool:     finding.Tool{Name: "demarc", Version: l.options.Version},
		Findings: findings,
		Coverage: l.coverage(s, result, described),
		Summary:  finding.Count(findings),
		Rules:    asked(result),
		Language: l.options.Language,
		Division: l.layers,
		Secrets:  describe.Secrets(s.Graph),

		Elsewhere: elsewhere,
	}
	l.about.Explain(r)
	if l.options.Evidence {
		r.Passing = described.Passing()
		r.Exposures = described.Exposures(described.About(r.Findings))
	}
	if r.Findings == nil {
		r.Findings = []finding.Finding{}
	}
	r.Judged = l.judged(s, r)
	if b := l.options.Baseline; b != nil {
		r.Kept, r.Gone = b.Sort(known.Today, r.Judged)
	}
	return r
}

// files are all source files of the scan, except those of installed modules.
func (s *scan) files() []*source.File {
	return slices.DeleteFunc(s.Files(), func(f *source.File) bool { return describe.Installed(f.Path) })
}

// asked are the rules that judged something.
func asked(result *policy.Result) []finding.AskedRule {
	var out []finding.AskedRule
	for _, r := range rules.All() {
		if t := result.PerRule[r.ID]; t != nil {
			out = append(out, finding.AskedRule{Rule: r, Prose: rules.ProseOf(r.ID), Tally: finding.Tally(*t)})
		}
	}
	return out
}
