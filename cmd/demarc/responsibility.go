package main

import (
	"io"

	"github.com/demarc-dev/demarc/linter/report"
	"github.com/demarc-dev/demarc/linter/responsibility"
)

type lineFlags struct {
	inputs
	format, output string
	only           []string
	noColor        bool
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
demarc responsibility -f html -o line.html infra/      one page, with what the internet reaches`,
	}
	f.addInputFlags(c.group("Inputs"))
	out := c.group("Output")
	out.StringVarP(&f.format, "format", "f", "text", "Write as `FORMAT`: text, json, markdown, csv or html. Default: text.")
	out.StringVarP(&f.output, "output", "o", "", "Write to `FILE` instead of standard output.")
	out.StringSliceVar(&f.only, "only", nil, "Show only the controls of this `SELECTION`: a clause (NCSC:1, AUDIT:3, EC2:4), an area (data), a state (broken) or a control (DP-1). Repeatable: any of them.")
	out.BoolVar(&f.noColor, "no-color", false, "Write text without colours. NO_COLOR does the same.")
	f.addScopeFlags(c.group("Where to look"))
	return c, f
}

func responsible(args []string) (int, error) {
	c, f := responsibilityCommand()
	return c.run(args, func(paths []string) (int, error) { return f.run(orHere(paths)) })
}

func (f *lineFlags) run(paths []string) (int, error) {
	write, err := report.LineFormat(f.format)
	if err != nil {
		return 0, err
	}
	o, err := f.options(paths)
	if err != nil {
		return 0, err
	}
	o.Profile, o.Evidence = "extended", true
	r, err := lint(o, paths)
	if err != nil {
		return 0, err
	}
	line, err := responsibility.Of(r).Only(f.only)
	if err != nil {
		return 0, err
	}
	style := report.Options{Color: colored(f.noColor, f.output)}
	if err := writeOutput(f.output, func(w io.Writer) error { return write(w, line, style) }); err != nil {
		return 0, err
	}
	return told(r), nil
}
