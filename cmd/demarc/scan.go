package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/pflag"

	"github.com/demarc-dev/demarc/linter"
	"github.com/demarc-dev/demarc/linter/finding"
)

// scanFlags are the flags of scan.
type scanFlags struct {
	inputs
	outputs
	selection
	baseline        string
	noBaseline      bool
	recheck         bool
	newFrom         string
	compares        *pflag.Flag // new-from
	failOn          string
	requireComplete bool
	requireCoverage bool
}

func scanCommand() (*command, *scanFlags) {
	f := &scanFlags{}
	c := &command{
		usage: "demarc scan [FLAGS] [PATH...]",
		about: `
Judge the Terraform and CloudFormation at each PATH, a directory or a file. Without a
PATH, judge this directory. A PATH may be the JSON of a Terraform plan or state, and - is
one on standard input. Nothing is deployed, downloaded or run.`,
		examples: `
demarc scan                                       this directory
demarc scan infra/ stacks/network.yaml            a directory and a template
demarc scan --var-file prod.tfvars infra/         with the inputs of one environment
terraform show -json tfplan | demarc scan -       a plan, with the lines of its source here
demarc scan --parameter Stage=prod stack.yaml     with a template's parameter
demarc scan --rule vpc/ingress-ssh .       one rule only; peers' ids work too
demarc scan --standard fsbp                       what Security Hub will say of it
demarc scan --fail-on high --show-inconclusive    fail from high on, and show what is undecided
demarc scan --new-from origin/main                what this branch brings in
demarc scan -f sarif -o demarc.sarif              for code scanning
demarc scan -f text -f html=demarc.html           for this terminal, and as a page`,
		after: `
EXIT CODES
  0  everything was analysed, and nothing failed at or above --fail-on
  1  something failed at or above --fail-on
  2  nothing was scanned: an unknown flag, a missing PATH, a broken configuration
  3  something could not be analysed; findings, if any, are still shown
The last line on standard error says which and why.`,
	}
	what := c.group("What to judge")
	f.addSelectionFlags(what)
	known := c.group("What is known already")
	known.StringVar(&f.baseline, "baseline", "", "Suppress the findings that are listed in `FILE`, which demarc baseline writes. Default: demarc-baseline.json at the top of the repository, if it is there.")
	known.StringVar(&f.newFrom, "new-from", "", "Leave out the findings that were there where HEAD left the git revision `REV`, as in --new-from origin/main.")
	f.compares = known.Lookup("new-from")
	known.BoolVar(&f.recheck, "recheck-values", false, "Report what is known already again if the value that a rule judged has changed since.")
	known.BoolVar(&f.noBaseline, "no-baseline", false, "Read no baseline.")
	f.addInputFlags(c.group("Inputs"))
	f.addOutputFlags(c.group("Output"))
	gate := c.group("When to fail")
	gate.StringVar(&f.failOn, "fail-on", "", "Exit with 1 from this `SEVERITY` on: critical, high, medium or low. Default: any finding.")
	gate.BoolVar(&f.requireComplete, "require-complete", false, "Exit with 3 also if a module is not installed or a finding is inconclusive.")
	gate.BoolVar(&f.requireCoverage, "require-coverage", false, "Exit with 3 also if no rule looks at some resource's type.")
	f.addScopeFlags(c.group("Where to look"))
	return c, f
}

func scan(args []string) (int, error) {
	c, f := scanCommand()
	return c.run(args, func(paths []string) (int, error) { return f.scan(orHere(paths)) })
}

var errNoRevision = errors.New("--new-from needs a revision, as in --new-from origin/main")

// leftOut tells of findings that the report leaves out.
func leftOut(base *finding.Base) string {
	if base == nil {
		return ""
	}
	text := fmt.Sprintf("; %s known at %s left out", finding.Plural(base.Known, "finding"), base.Revision)
	if base.Errors > 0 {
		text += fmt.Sprintf(", where %s could not be analysed", finding.Plural(base.Errors, "part"))
	}
	return text
}

// knownFindings reads the baseline, if there is one.
func (f *scanFlags) knownFindings(paths []string) (*linter.Baseline, error) {
	switch {
	case f.noBaseline && f.baseline != "":
		return nil, errors.New("--baseline and --no-baseline exclude each other")
	case f.noBaseline:
		return nil, nil
	case f.baseline != "":
		return linter.LoadBaseline(f.baseline)
	}
	return findBaseline(f.places(paths), f.root)
}

func (f *scanFlags) scan(paths []string) (int, error) {
	targets, err := f.targets()
	if err != nil {
		return 0, err
	}
	style, err := f.style()
	if err != nil {
		return 0, err
	}
	o, err := f.options(paths)
	if err != nil {
		return 0, err
	}
	gate := finding.Gate{RequireComplete: f.requireComplete, RequireCoverage: f.requireCoverage}
	if f.failOn != "" {
		if gate.FailOn, err = finding.ParseSeverity(f.failOn); err != nil {
			return 0, err
		}
	} else if o.Config != nil {
		gate.FailOn = finding.Severity(o.Config.FailOn)
	}
	if err := f.selection.into(&o); err != nil {
		return 0, err
	}
	o.NewFrom, o.RecheckValues = f.newFrom, f.recheck
	o.Made = strings.Contains(f.sourceURL, "{commit}")
	if f.newFrom == "" && f.compares.Changed {
		return 0, errNoRevision
	}
	if o.Baseline, err = f.knownFindings(paths); err != nil {
		return 0, err
	}
	watch := newStopwatch(progressOn(os.Stderr, f.quiet))
	o.Progress = watch.tell
	watch.start()
	r, err := f.lint(o, paths)
	watch.stop()
	if err != nil {
		return 0, err
	}
	if r.Made != nil {
		style.Commit = r.Made.Commit
	}
	if err := f.write(r, targets, style); err != nil {
		return 0, err
	}
	if f.statistics {
		if err := watch.statistics(os.Stderr, r); err != nil {
			return 0, err
		}
	}
	verdict := gate.Judge(r)
	if !f.quiet {
		if n := r.Elsewhere; n > 0 {
			fmt.Fprintf(os.Stderr, "demarc: the other files of the named files' directories were read as well; %s there left out\n", finding.Plural(n, "finding"))
		}
		if n := len(r.Gone); n > 0 {
			fmt.Fprintf(os.Stderr, "demarc: %s of %s no longer found: demarc baseline --prune removes what is gone\n", entries(n), o.Baseline.Name)
		}
		say(verdict.Reason+leftOut(r.Base), verdict.Code)
	}
	return verdict.Code, nil
}

// lint judges what lies at the paths, until it is interrupted or out of time.
func (in *inputs) lint(o linter.Options, paths []string) (*finding.Report, error) {
	l, err := linter.New(o)
	if err != nil {
		return nil, err
	}
	ctx, stop := until(in.timeout)
	defer stop()
	return l.Lint(ctx, paths)
}
