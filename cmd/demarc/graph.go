package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/demarc-dev/demarc/linter"
	"github.com/demarc-dev/demarc/linter/diagram"
	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/report"
)

type graphFlags struct {
	inputs
	selection
	format, output string
	limit          int
	exposed        bool
	noColor        bool
}

func graphCommand() (*command, *graphFlags) {
	f := &graphFlags{}
	c := &command{
		usage: "demarc graph [FLAGS] [PATH...]",
		about: `
Draw the resources of each PATH and what refers to what, by module, coloured by the worst
finding. Without a PATH, of this directory. With --exposed, show instead what the internet
reaches, by which hops, and what is not known about them.`,
		examples: `
demarc graph infra/ | dot -Tsvg -o graph.svg      with Graphviz
demarc graph --format mermaid infra/              for Markdown on GitHub and GitLab
demarc graph --exposed infra/                     what the internet reaches, hop by hop`,
	}
	out := c.group("Output")
	out.BoolVar(&f.exposed, "exposed", false, "Show the ways from the internet to resources, and the finding that opens each hop.")
	out.StringVarP(&f.format, "format", "f", "", "Write as `FORMAT`: "+strings.Join(report.GraphFormats, ", ")+". Default: dot. With --exposed: text, mermaid or json; default: text.")
	out.StringVarP(&f.output, "output", "o", "", "Write to `FILE` instead of standard output.")
	out.IntVar(&f.limit, "limit", 0, "Show at most `N` resources, those with the worst findings. Default: 500 in dot, and what Mermaid draws in mermaid. What is left out is told.")
	out.BoolVar(&f.noColor, "no-color", false, "Write text without colours. NO_COLOR does the same.")
	f.addSelectionFlags(c.group("What to judge"))
	f.addInputFlags(c.group("Inputs"))
	f.addScopeFlags(c.group("Where to look"))
	return c, f
}

func drawGraph(args []string) (int, error) {
	c, f := graphCommand()
	return c.run(args, func(paths []string) (int, error) { return f.run(orHere(paths)) })
}

func (f *graphFlags) run(paths []string) (int, error) {
	if f.limit < 0 {
		return 0, fmt.Errorf("--limit %d: use a number of resources, or 0 for what the format takes", f.limit)
	}
	if f.exposed {
		return f.runExposed(paths)
	}
	form, err := report.Graph(cmp.Or(f.format, report.GraphFormats[0]))
	if err != nil {
		return 0, err
	}
	o, err := f.options(paths)
	if err != nil {
		return 0, err
	}
	if err := f.into(&o); err != nil {
		return 0, err
	}
	l, err := linter.New(o)
	if err != nil {
		return 0, err
	}
	ctx, stop := until(f.timeout)
	defer stop()
	picture, err := l.Picture(ctx, paths)
	if err != nil {
		return 0, err
	}
	var cut diagram.Cut
	err = writeOutput(f.output, func(w io.Writer) (err error) {
		cut, err = form.Write(w, picture.Diagram, f.limit)
		return err
	})
	if err != nil {
		return 0, err
	}
	if text := report.CutText(cut); text != "" {
		fmt.Fprintf(os.Stderr, "demarc: %s; --format json has all, --limit sets how many are shown\n", text)
	}
	return told(picture.Report), nil
}

func (f *graphFlags) runExposed(paths []string) (int, error) {
	write, err := report.ExposureFormat(cmp.Or(f.format, "text"))
	if err != nil {
		return 0, err
	}
	if f.limit > 0 {
		return 0, errors.New("--limit and --exposed exclude each other")
	}
	o, err := f.options(paths)
	if err != nil {
		return 0, err
	}
	if err := f.into(&o); err != nil {
		return 0, err
	}
	o.Evidence = true
	r, err := f.lint(o, paths)
	if err != nil {
		return 0, err
	}
	style := report.Options{Color: colored(f.noColor, f.output)}
	if err := writeOutput(f.output, func(w io.Writer) error { return write(w, r.Exposures, style) }); err != nil {
		return 0, err
	}
	return told(r), nil
}

// told ends a verb that tells and does not judge: only what could not be read
// counts.
func told(r *finding.Report) int {
	if n := len(r.Coverage.Errors); n > 0 {
		say(finding.Plural(n, "part")+" of the input could not be analysed", finding.ExitIncomplete)
		return finding.ExitIncomplete
	}
	return finding.ExitClean
}
