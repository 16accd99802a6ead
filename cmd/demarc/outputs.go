package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/report"
)

// outputs are the flags that say what scan writes, and where.
type outputs struct {
	formats                  []string
	output                   string
	inconclusive, suppressed bool
	noColor                  bool
	quiet, statistics        bool
	filing
}

func (o *outputs) addOutputFlags(flags *pflag.FlagSet) {
	flags.StringArrayVarP(&o.formats, "format", "f", nil, "Write the report as `FORMAT[=FILE]`: "+strings.Join(report.Names(), ", ")+". Default: text. Repeatable; all but one want a FILE.")
	flags.StringVarP(&o.output, "output", "o", "", "Write the format that has no FILE of its own to `FILE` instead of standard output. A file is replaced as a whole or not at all.")
	flags.BoolVar(&o.inconclusive, "show-inconclusive", false, "Show what could not be decided, and which input would settle it. JSON always has it.")
	flags.BoolVar(&o.suppressed, "show-suppressed", false, "Show what comments and the configuration silence, and why. JSON, JUnit and HTML always have it.")
	flags.BoolVar(&o.statistics, "statistics", false, "Print on standard error how often each rule failed and passed, and where the time went.")
	flags.BoolVarP(&o.quiet, "quiet", "q", false, "Print nothing but errors on standard error: no progress and no last line.")
	o.addFilingFlags(flags)
	o.addAccountFlags(flags)
	flags.BoolVar(&o.noColor, "no-color", false, "Write no colours. They are off unless text goes to a terminal, and when NO_COLOR is set.")
}

// target is one format and the file it goes to; "" is standard output.
type target struct {
	format, file string
	write        report.Writer
}

// targets checks the flags before anything is scanned: the formats are known,
// no two go to one place, and the directories of files exist.
func (o *outputs) targets() ([]target, error) {
	formats := o.formats
	if len(formats) == 0 {
		formats = []string{"text"}
	}
	var out []target
	taken := map[string]string{}
	usedOutput := o.output == ""
	for _, text := range formats {
		name, file, named := strings.Cut(text, "=")
		write, err := report.Format(name)
		if err != nil {
			return nil, err
		}
		if named && file == "" {
			return nil, fmt.Errorf("--format %s: write --format %s=FILE", text, name)
		}
		if !named {
			file, usedOutput = o.output, true
		}
		if file == "-" {
			file = ""
		}
		place := filepath.Clean(file)
		if file == "" {
			place = "standard output"
		}
		if other := taken[place]; other != "" {
			return nil, fmt.Errorf("%s and %s both go to %s: give one a file of its own, as in --format %s=FILE", other, name, place, name)
		}
		taken[place] = name
		if err := writable(file); err != nil {
			return nil, err
		}
		out = append(out, target{format: name, file: file, write: write})
	}
	if !usedOutput {
		return nil, fmt.Errorf("--output %s has no format to write, since every --format has a file of its own: leave out --output", o.output)
	}
	return out, nil
}

// writable tells early of a file that cannot be written, before a long scan.
func writable(file string) error {
	if file == "" {
		return nil
	}
	dir := filepath.Dir(file)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return fmt.Errorf("write %s: there is no directory %s", file, dir)
	}
	if info, err := os.Stat(file); err == nil && info.IsDir() {
		return fmt.Errorf("write %s: it is a directory", file)
	}
	return nil
}

// style is what all formats take into account.
func (o *outputs) style() (report.Options, error) {
	style := report.Options{ShowInconclusive: o.inconclusive, ShowSuppressed: o.suppressed}
	err := o.filing.into(&style)
	return style, err
}

// write writes all formats, files before standard output.
func (o *outputs) write(r *finding.Report, targets []target, style report.Options) error {
	for _, toFile := range []bool{true, false} {
		for _, t := range targets {
			if (t.file != "") != toFile {
				continue
			}
			style.Color = colored(o.noColor, t.file)
			err := writeOutput(t.file, func(w io.Writer) error { return t.write(w, r, style) })
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// colored reports whether to colour text that goes to a file; "" is standard output.
func colored(never bool, file string) bool {
	return !never && file == "" && os.Getenv("NO_COLOR") == "" && isTerminal(os.Stdout)
}
