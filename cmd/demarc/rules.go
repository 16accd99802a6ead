package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/demarc-dev/demarc/linter/report"
	"github.com/demarc-dev/demarc/linter/rules"
)

func rulesCommand() (c *command, format, profile, standard *string) {
	c = &command{
		usage: "demarc rules [FLAGS]",
		about: "List the built-in rules. demarc explain RULE tells all about one.",
		examples: `
demarc rules
demarc rules --profile default
demarc rules --standard fsbp
demarc rules --format json`,
	}
	flags := c.group("Flags")
	format = flags.StringP("format", "f", "text", "Write the list as `FORMAT`: text or json. Default: text.")
	profile = flags.String("profile", "", "List only the rules of this `PROFILE`: default or extended.")
	standard = flags.String("standard", "", "List only the rules that answer the controls of this `STANDARD`: "+strings.Join(rules.Standards(), ", ")+".")
	return c, format, profile, standard
}

func listRules(args []string) (int, error) {
	c, format, profile, standard := rulesCommand()
	return c.run(args, func(rest []string) (int, error) {
		if len(rest) > 0 {
			return 0, fmt.Errorf("rules takes no argument %q: did you mean demarc explain %s?", rest[0], rest[0])
		}
		if p := *profile; p != "" && p != "default" && p != "extended" {
			return 0, fmt.Errorf("unknown profile %q: use default or extended", p)
		}
		answers, err := answering(*standard)
		if err != nil {
			return 0, err
		}
		list := []rules.Rule{}
		for _, r := range rules.All() {
			if (*profile == "" || r.Profile == *profile) && answers(r.ID) {
				list = append(list, r)
			}
		}
		switch *format {
		case "json":
			return 0, report.WriteJSON(os.Stdout, list)
		case "text":
			return 0, printRules(os.Stdout, list)
		}
		return 0, fmt.Errorf("unknown format %q: use text or json", *format)
	})
}

// answering tells which rules answer the controls of a standard; "" is none, and
// leaves none out.
func answering(standard string) (func(rule string) bool, error) {
	if standard == "" {
		return func(string) bool { return true }, nil
	}
	ids, err := rules.OfStandard(standard)
	return func(rule string) bool { return slices.Contains(ids, rule) }, err
}

func printRules(w io.Writer, list []rules.Rule) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "RULE\tSEVERITY\tPROFILE\tCONTROLS\tTITLE")
	for _, r := range list {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", r.ID, r.Severity, r.Profile, strings.Join(r.Controls, ","), r.Title)
	}
	return table.Flush()
}
