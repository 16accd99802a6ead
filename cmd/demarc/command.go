package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/spf13/pflag"
)

// helpWidth is the number of columns that help texts are wrapped to.
const helpWidth = 88

// command is the command line of one verb: its flags, in the groups in which
// its help shows them.
type command struct {
	usage    string // demarc scan [FLAGS] [PATH...]
	about    string
	examples string
	after    string // closes the help
	groups   []*group
}

type group struct {
	title string
	*pflag.FlagSet
}

// group starts a further group of flags.
func (c *command) group(title string) *pflag.FlagSet {
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags.SortFlags = false
	c.groups = append(c.groups, &group{title, flags})
	return flags
}

func (c *command) flags() *pflag.FlagSet {
	all := pflag.NewFlagSet("demarc", pflag.ContinueOnError)
	all.Usage = func() {}
	for _, g := range c.groups {
		all.AddFlagSet(g.FlagSet)
	}
	return all
}

// errHelped is the error of a command line that asked for help, which has been given.
var errHelped = errors.New("help was printed")

// parse reads the flags and returns the arguments left.
func (c *command) parse(args []string) ([]string, error) {
	flags := c.flags()
	err := flags.Parse(args)
	var unknown *pflag.NotExistError
	switch {
	case errors.Is(err, pflag.ErrHelp):
		fmt.Fprint(os.Stdout, c.help())
		return nil, errHelped
	case errors.As(err, &unknown):
		return nil, c.unknownFlag(flags, unknown)
	case err != nil:
		return nil, err
	}
	return flags.Args(), nil
}

// run parses args and does the work, unless help was asked for.
func (c *command) run(args []string, work func(args []string) (int, error)) (int, error) {
	rest, err := c.parse(args)
	if errors.Is(err, errHelped) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return work(rest)
}

func (c *command) unknownFlag(flags *pflag.FlagSet, unknown *pflag.NotExistError) error {
	if short := unknown.GetSpecifiedShortnames(); short != "" {
		return fmt.Errorf("unknown flag -%s: %s lists the flags", short, c.helpCommand())
	}
	name := unknown.GetSpecifiedName()
	var known []string
	flags.VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
	if best := nearest(name, known); best != "" {
		return fmt.Errorf("unknown flag --%s: did you mean --%s?", name, best)
	}
	return fmt.Errorf("unknown flag --%s: %s lists the flags", name, c.helpCommand())
}

func (c *command) helpCommand() string {
	return strings.Join(strings.Fields(c.usage)[:2], " ") + " --help"
}

func (c *command) help() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\nUSAGE\n  %s\n", strings.TrimSpace(c.about), c.usage)
	for _, g := range c.groups {
		fmt.Fprintf(&b, "\n%s\n", strings.ToUpper(g.title))
		g.VisitAll(func(f *pflag.Flag) { b.WriteString(flagHelp(f)) })
	}
	if c.examples != "" {
		fmt.Fprintf(&b, "\nEXAMPLES\n%s\n", indent(c.examples))
	}
	if c.after != "" {
		fmt.Fprintf(&b, "\n%s\n", strings.TrimSpace(c.after))
	}
	return b.String()
}

// flagHelp is a flag's line and, below it, what it does.
func flagHelp(f *pflag.Flag) string {
	value, usage := pflag.UnquoteUsage(f)
	line := "      --" + f.Name
	if f.Shorthand != "" {
		line = "  -" + f.Shorthand + ", --" + f.Name
	}
	if f.NoOptDefVal == "" { // it takes a value
		line += " " + value
	}
	return line + "\n" + wrap(usage, "          ")
}

// wrap breaks a text into indented lines.
func wrap(text, indent string) string {
	var b strings.Builder
	line := indent
	for _, word := range strings.Fields(text) {
		if len(line)+1+len(word) > helpWidth {
			b.WriteString(line + "\n")
			line = indent
		}
		if line != indent {
			line += " "
		}
		line += word
	}
	return b.String() + line + "\n"
}

func indent(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n  ")
}

// nearest returns the known word that is spelt most like word, or "".
func nearest(word string, known []string) string {
	best, distance := "", len(word)/2+1
	for _, k := range known {
		if d := levenshtein.ComputeDistance(word, k); d < distance {
			best, distance = k, d
		}
	}
	return best
}

func unknownVerb(name string) error {
	var known []string
	for _, v := range verbs() {
		known = append(known, v.name)
	}
	if _, err := os.Lstat(name); err == nil {
		return fmt.Errorf("unknown verb %q: did you mean demarc scan %s?", name, name)
	}
	if best := nearest(name, known); best != "" {
		return fmt.Errorf("unknown verb %q: did you mean demarc %s?", name, best)
	}
	return fmt.Errorf("unknown verb %q: demarc --help lists the verbs", name)
}
