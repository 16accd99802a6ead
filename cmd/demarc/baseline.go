package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/demarc-dev/demarc/linter"
	"github.com/demarc-dev/demarc/linter/finding"
)

// baselineFlags are the flags of baseline.
type baselineFlags struct {
	inputs
	selection
	file  string
	prune bool
	quiet bool
}

func baselineCommand() (*command, *baselineFlags) {
	f := &baselineFlags{}
	c := &command{
		usage: "demarc baseline [FLAGS] [PATH...]",
		about: `
List today's failing findings in demarc-baseline.json at the top of the repository.
demarc scan then suppresses them, so that only what is new fails. Entries about files that
lie outside each PATH, or of rules that are not asked, stay as they are.`,
		examples: `
demarc baseline                  accept what is found in this directory
demarc baseline --prune          remove what is no longer found, and add nothing`,
		after: `
EXIT CODES
  0  the file says how things are
  2  nothing was written: an unknown flag, a broken configuration or baseline
  3  something could not be analysed; entries of its directory stay as they are`,
	}
	what := c.group("What to write")
	what.StringVar(&f.file, "baseline", "", "Write to `FILE` instead.")
	what.BoolVar(&f.prune, "prune", false, "Only remove the entries that no longer hold, and give moved resources their new names.")
	what.BoolVarP(&f.quiet, "quiet", "q", false, "Print nothing but errors on standard error.")
	f.addSelectionFlags(c.group("What to judge"))
	f.addInputFlags(c.group("Inputs"))
	f.addScopeFlags(c.group("Where to look"))
	return c, f
}

func baseline(args []string) (int, error) {
	c, f := baselineCommand()
	return c.run(args, func(paths []string) (int, error) { return f.write(orHere(paths)) })
}

func (f *baselineFlags) write(paths []string) (int, error) {
	name := f.file
	if name == "" {
		var err error
		if name, err = linter.BaselinePath(paths, f.root); err != nil {
			return 0, err
		}
	}
	old, err := linter.LoadBaseline(name)
	switch {
	case err != nil && (f.prune || !errors.Is(err, fs.ErrNotExist)):
		return 0, err
	case old == nil:
		old = &linter.Baseline{Name: name}
	}
	r, err := f.lint(paths, old)
	if err != nil {
		return 0, err
	}
	next, what := f.next(old, r)
	if err := replaceBaseline(name, next); err != nil {
		return 0, err
	}
	why, code := name+": "+what, finding.ExitClean
	if n := len(r.Coverage.Errors); n > 0 {
		why += "; " + finding.Plural(n, "part") + " of the input could not be analysed"
		code = finding.ExitIncomplete
	}
	if !f.quiet {
		say(why, code)
	}
	return code, nil
}

func (f *baselineFlags) lint(paths []string, old *linter.Baseline) (*finding.Report, error) {
	o, err := f.options(paths)
	if err != nil {
		return nil, err
	}
	if err := f.into(&o); err != nil {
		return nil, err
	}
	o.Baseline = old
	l, err := linter.New(o)
	if err != nil {
		return nil, err
	}
	ctx, stop := until(f.timeout)
	defer stop()
	r, err := l.Lint(ctx, paths)
	if err == nil && ctx.Err() != nil {
		return nil, errors.New("interrupted: the baseline is as it was")
	}
	return r, err
}

// next is the new content, and what is new about it.
func (f *baselineFlags) next(old *linter.Baseline, r *finding.Report) (*linter.Baseline, string) {
	next := old.Update(r, !f.prune)
	removed := len(r.Gone)
	if f.prune {
		return next, fmt.Sprintf("%s removed, %d left", entries(removed), len(next.Entries))
	}
	return next, fmt.Sprintf("%s added, %d removed", entries(len(next.Entries)-len(r.Kept)), removed)
}

// replaceBaseline writes the baseline, unless it is already so.
func replaceBaseline(name string, next *linter.Baseline) error {
	data, err := next.Encode()
	if err != nil {
		return fmt.Errorf("write the baseline: %w", err)
	}
	if before, err := os.ReadFile(name); err == nil && bytes.Equal(before, data) {
		return nil
	}
	return writeOutput(name, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// findBaseline reads the baseline at the top of the repository, if it is there.
func findBaseline(paths []string, root string) (*linter.Baseline, error) {
	name, err := linter.BaselinePath(paths, root)
	if err != nil {
		return nil, err
	}
	b, err := linter.LoadBaseline(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return b, err
}

func entries(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return fmt.Sprintf("%d entries", n)
}
