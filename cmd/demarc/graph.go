package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
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
}

func graphCommand() (*command, *graphFlags) {
	f := &graphFlags{}
	c := &command{
		usage: "demarc graph [FLAGS] [PATH...]",
		about: `
Draw the resources of each PATH and what refers to what, by module, coloured by the worst
finding. Without a PATH, of this directory.`,
		examples: `
demarc graph infra/ | dot -Tsvg -o graph.svg      with Graphviz
demarc graph --format mermaid infra/              for Markdown on GitHub and GitLab`,
	}
	out := c.group("Output")
	out.StringVarP(&f.format, "format", "f", "", "Write as `FORMAT`: "+strings.Join(report.GraphFormats, ", ")+". Default: dot.")
	out.StringVarP(&f.output, "output", "o", "", "Write to `FILE` instead of standard output.")
	out.IntVar(&f.limit, "limit", 0, "Show at most `N` resources, those with the worst findings. Default: 500 in dot, and what Mermaid draws in mermaid. What is left out is told.")
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
	if f.format == "" {
		f.format = report.GraphFormats[0]
	}
	form, err := report.Graph(f.format)
	if err != nil {
		return 0, err
	}
	o, err := f.options(paths)
	if err != nil {
		return 0, err
	}
	f.into(&o)
	l, err := linter.New(o)
	if err != nil {
		return 0, err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
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

// told ends a verb that tells and does not judge: only what could not be read
// counts.
func told(r *finding.Report) int {
	if n := len(r.Coverage.Errors); n > 0 {
		say(finding.Plural(n, "part")+" of the input could not be analysed", finding.ExitIncomplete)
		return finding.ExitIncomplete
	}
	return finding.ExitClean
}
