package main

import (
	"errors"
	"io"
	"os"
	"strings"

	"github.com/spf13/pflag"

	"github.com/demarc-dev/demarc/linter"
	"github.com/demarc-dev/demarc/linter/config"
	"github.com/demarc-dev/demarc/linter/report"
	"github.com/demarc-dev/demarc/linter/responsibility"
	"github.com/demarc-dev/demarc/linter/rules"
)

type lineFlags struct {
	inputs
	format, output string
	language       string
	framework      string
	standard       string
	only           []string
	newFrom        string
	compares       *pflag.Flag // new-from
	noColor        bool
	filing
}

func responsibilityCommand() (*command, *lineFlags) {
	f := &lineFlags{}
	c := &command{
		usage: "demarc responsibility [FLAGS] [PATH...]",
		about: `
Tell for every control of the shared-responsibility model who carries it and what the code
at each PATH shows of it: broken, inconclusive, kept, not shown here, yours by process, or
AWS's. All rules are asked, those of the extended profile too.`,
		examples: `
demarc responsibility infra/
demarc responsibility --only NCSC:10 --only broken infra/
demarc responsibility -f csv -o controls.csv infra/
demarc responsibility --new-from origin/main infra/    what changed on your side
demarc responsibility -f html -o line.html infra/      one page, with what the internet reaches
demarc responsibility --lang ja -f html -o line.html infra/
demarc responsibility --standard cis-5.0 infra/        a standard's controls
demarc responsibility --framework acme.yaml infra/     your own controls`,
	}
	f.addInputFlags(c.group("Inputs"))
	asked := c.group("What is asked for")
	asked.StringVar(&f.standard, "standard", "", "Report on the controls of this `STANDARD` of AWS Security Hub in place of the model's: "+strings.Join(rules.Standards(), ", ")+" (docs/standards.md).")
	asked.StringVar(&f.framework, "framework", "", "Report on the controls of the YAML `FILE` in place of the model's: your organisation's, or a standard's, mapped to rules (docs/responsibility.md).")
	known := c.group("What is known already")
	known.StringVar(&f.newFrom, "new-from", "", "Tell only what changed since HEAD left the git revision `REV`, as in --new-from origin/main: states before and after, and the findings that came and went. As text, json or markdown.")
	f.compares = known.Lookup("new-from")
	out := c.group("Output")
	out.StringVarP(&f.format, "format", "f", "text", "Write as `FORMAT`: text, json, markdown, csv, html or oscal. Default: text.")
	out.StringVarP(&f.output, "output", "o", "", "Write to `FILE` instead of standard output.")
	out.StringSliceVar(&f.only, "only", nil, "Show only the controls of this `SELECTION`: a clause (NCSC:1, AUDIT:3, EC2:4), an area (data), a state (broken) or a control (DP-1). Repeatable: any of them.")
	out.StringVar(&f.language, "lang", "en", "Write in this `LANGUAGE`: en or ja. Rules and their messages are English in both. Default: en.")
	f.addFilingFlags(out)
	out.BoolVar(&f.noColor, "no-color", false, "Write text without colours. NO_COLOR does the same.")
	f.addScopeFlags(c.group("Where to look"))
	return c, f
}

func responsible(args []string) (int, error) {
	c, f := responsibilityCommand()
	return c.run(args, func(paths []string) (int, error) { return f.run(orHere(paths)) })
}

func (f *lineFlags) run(paths []string) (int, error) {
	if f.compares.Changed {
		return f.runCompared(paths)
	}
	write, err := report.LineFormat(f.format)
	if err != nil {
		return 0, err
	}
	style, err := f.style()
	if err != nil {
		return 0, err
	}
	o, err := f.lineOptions(paths)
	if err != nil {
		return 0, err
	}
	r, err := f.lint(o, paths)
	if err != nil {
		return 0, err
	}
	line, err := responsibility.Of(r).Only(f.only)
	if err != nil {
		return 0, err
	}
	style.Commit = r.Made.Commit
	if err := writeOutput(f.output, func(w io.Writer) error { return write(w, line, style) }); err != nil {
		return 0, err
	}
	return told(r), nil
}

// style is what a format takes into account.
func (f *lineFlags) style() (report.Options, error) {
	style := report.Options{Color: colored(f.noColor, f.output)}
	if f.output == "" && isTerminal(os.Stdout) {
		style.Width = terminalWidth(os.Stdout)
	}
	err := f.filing.into(&style)
	return style, err
}

// lineOptions ask for all that a control's state may need.
func (f *lineFlags) lineOptions(paths []string) (linter.Options, error) {
	o, err := f.options(paths)
	if err != nil {
		return o, err
	}
	o.Profile, o.Evidence, o.Language, o.Made = "extended", true, f.language, true
	o.Framework, err = f.catalogue()
	return o, err
}

// catalogue has the controls to report on in place of the model's; nil for those.
func (f *lineFlags) catalogue() (*rules.Catalogue, error) {
	switch {
	case f.framework != "" && f.standard != "":
		return nil, errors.New("--framework and --standard exclude each other")
	case f.framework != "":
		return config.LoadFramework(f.framework)
	case f.standard != "":
		about, err := rules.Standard(f.standard)
		return &about, err
	}
	return nil, nil
}

// runCompared tells what changed since a revision.
func (f *lineFlags) runCompared(paths []string) (int, error) {
	if f.newFrom == "" {
		return 0, errNoRevision
	}
	write, err := report.ChangeFormat(f.format)
	if err != nil {
		return 0, err
	}
	o, err := f.lineOptions(paths)
	if err != nil {
		return 0, err
	}
	o.NewFrom = f.newFrom
	l, err := linter.New(o)
	if err != nil {
		return 0, err
	}
	ctx, stop := until(f.timeout)
	defer stop()
	c, err := l.Compare(ctx, paths)
	if err != nil {
		return 0, err
	}
	after, err := responsibility.Of(c.After).Only(f.only)
	if err != nil {
		return 0, err
	}
	changes := responsibility.Compare(responsibility.Of(c.Before), after, c.Came, c.Went, c.Base)
	style := report.Options{Color: colored(f.noColor, f.output)}
	if err := writeOutput(f.output, func(w io.Writer) error { return write(w, changes, style) }); err != nil {
		return 0, err
	}
	return told(c.After), nil
}
