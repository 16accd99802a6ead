package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/demarc-dev/demarc/linter"
	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/report"
)

// scanFlags are the flags of scan.
type scanFlags struct {
	inputs
	profile             string
	rules, excludeRules []string
	format, output      string
	failOn              string
	inconclusive        bool
	noColor             bool
	requireComplete     bool
}

func scanCommand() (*command, *scanFlags) {
	f := &scanFlags{}
	c := &command{
		usage: "demarc scan [FLAGS] [PATH...]",
		about: `
Judge the Terraform and CloudFormation at each PATH, a directory or a file. Without a
PATH, judge this directory. Nothing is deployed, downloaded or run.`,
		examples: `
demarc scan                                       this directory
demarc scan infra/ stacks/network.yaml            a directory and a template
demarc scan --var-file prod.tfvars infra/         with the inputs of one environment
demarc scan --parameter Stage=prod stack.yaml     with a template's parameter
demarc scan --rule vpc/ingress-ssh .       one rule only; peers' ids work too
demarc scan --fail-on high --show-inconclusive    fail from high on, and show what is undecided
demarc scan -f sarif -o demarc.sarif              for code scanning`,
		after: `
EXIT CODES
  0  everything was analysed, and nothing failed at or above --fail-on
  1  something failed at or above --fail-on
  2  nothing was scanned: an unknown flag, a missing PATH, a broken configuration
  3  something could not be analysed; findings, if any, are still shown
The last line on standard error says which and why.`,
	}
	what := c.group("What to judge")
	what.StringVar(&f.profile, "profile", "", "Use the rules of this `PROFILE`: default, or extended (pedantic, costly and account-wide rules as well).")
	what.StringSliceVar(&f.rules, "rule", nil, "Use only this `RULE`, whatever its profile. Ids of checkov, trivy and kics are understood. Repeatable.")
	what.StringSliceVar(&f.excludeRules, "exclude-rule", nil, "Leave out this `RULE`. Repeatable.")
	f.addInputFlags(c.group("Inputs"))
	out := c.group("Output")
	out.StringVarP(&f.format, "format", "f", "text", "Write the report as `FORMAT`: "+strings.Join(report.Names, ", ")+". Default: text.")
	out.StringVarP(&f.output, "output", "o", "", "Write the report to `FILE` instead of standard output. The file is replaced as a whole or not at all.")
	out.BoolVar(&f.inconclusive, "show-inconclusive", false, "Show what could not be decided, and which input would settle it. JSON always has it.")
	out.BoolVar(&f.noColor, "no-color", false, "Write no colours. They are off unless text goes to a terminal, and when NO_COLOR is set.")
	gate := c.group("When to fail")
	gate.StringVar(&f.failOn, "fail-on", "", "Exit with 1 from this `SEVERITY` on: critical, high, medium or low. Default: any finding.")
	gate.BoolVar(&f.requireComplete, "require-complete", false, "Exit with 3 also if a module is not installed or a finding is inconclusive.")
	f.addScopeFlags(c.group("Where to look"))
	return c, f
}

func scan(args []string) (int, error) {
	c, f := scanCommand()
	return c.run(args, func(paths []string) (int, error) { return f.scan(orHere(paths)) })
}

func (f *scanFlags) scan(paths []string) (int, error) {
	write, err := report.Format(f.format)
	if err != nil {
		return 0, err
	}
	o, err := f.options(paths)
	if err != nil {
		return 0, err
	}
	gate := finding.Gate{RequireComplete: f.requireComplete}
	if f.failOn != "" {
		if gate.FailOn, err = finding.ParseSeverity(f.failOn); err != nil {
			return 0, err
		}
	} else if o.Config != nil {
		gate.FailOn = finding.Severity(o.Config.FailOn)
	}
	o.Profile, o.Rules, o.ExcludeRules = f.profile, f.rules, f.excludeRules
	l, err := linter.New(o)
	if err != nil {
		return 0, err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	r, err := l.Lint(ctx, paths)
	if err != nil {
		return 0, err
	}
	style := report.Options{Color: f.color(), ShowInconclusive: f.inconclusive}
	err = writeOutput(f.output, func(w io.Writer) error { return write(w, r, style) })
	if err != nil {
		return 0, err
	}
	verdict := gate.Judge(r)
	say(verdict.Reason, verdict.Code)
	return verdict.Code, nil
}

// color reports whether to colour the report.
func (f *scanFlags) color() bool {
	return !f.noColor && f.output == "" && os.Getenv("NO_COLOR") == "" && isTerminal(os.Stdout)
}
