package main

import (
	"fmt"
	"os"
	"strings"
)

// commands are the command lines that have a help text, by verb.
func commands() map[string]*command {
	scan, _ := scanCommand()
	rules, _, _, _ := rulesCommand()
	inspect, _, _, _ := inspectCommand()
	responsibility, _ := responsibilityCommand()
	baseline, _ := baselineCommand()
	config, _ := configCommand()
	graph, _ := graphCommand()
	return map[string]*command{
		"scan": scan, "baseline": baseline, "rules": rules, "explain": explainCommand(), "inspect": inspect,
		"responsibility": responsibility, "graph": graph, "config": config, "version": versionCommand(),
	}
}

func help(args []string) (int, error) {
	if len(args) == 0 || args[0] == "help" {
		_, err := fmt.Fprint(os.Stdout, overview())
		return 0, err
	}
	c, ok := commands()[args[0]]
	if !ok {
		return 0, unknownVerb(args[0])
	}
	_, err := fmt.Fprint(os.Stdout, c.help())
	return 0, err
}

// overview is the help text of demarc itself.
func overview() string {
	var b strings.Builder
	b.WriteString(`demarc judges Terraform and CloudFormation before deployment, and finds what breaks the
customer's side of AWS's shared-responsibility line. It needs no network, no account and
no terraform init.

USAGE
  demarc VERB [FLAGS] [PATH...]

VERBS
`)
	for _, v := range verbs() {
		fmt.Fprintf(&b, "  %-14s %s\n", v.name, v.summary)
	}
	b.WriteString(`
EXAMPLES
  demarc scan                       judge this directory
  demarc scan -f json stack.yaml    judge a template, for a program
  demarc explain s3/versioning      what a rule asks and how to fix it

demarc VERB --help tells all about a verb.
`)
	return b.String()
}
