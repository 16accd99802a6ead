// Command demarc finds what breaks the customer's side of AWS's
// shared-responsibility line in Terraform and CloudFormation, before deployment.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"time"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/report"
)

// verb is one subcommand. run returns the exit code; an error means that
// nothing was done, and exit code 2.
type verb struct {
	name, summary string
	run           func(args []string) (int, error)
}

func verbs() []verb {
	return []verb{
		{"scan", "judge Terraform and CloudFormation", scan},
		{"baseline", "list today's findings, so that only new ones fail", baseline},
		{"rules", "list the rules", listRules},
		{"explain", "explain a rule: what it asks, why, and how to fix it", explain},
		{"responsibility", "tell what each control of the model shows here", responsible},
		{"graph", "draw the resources and what refers to what", drawGraph},
		{"config", "show the configuration that counts, and where it is from", configAction},
		{"inspect", "print the resource graph that policies see, as JSON", inspect},
		{"version", "print the version", printVersion},
		{"help", "print help for a verb", help},
	}
}

func main() {
	collectSparingly()
	code, err := run(os.Args[1:])
	if err != nil {
		code = finding.ExitUsage
		say(err.Error(), code)
	}
	os.Exit(code)
}

func run(args []string) (int, error) {
	if len(args) == 0 {
		fmt.Fprint(os.Stderr, overview())
		return 0, fmt.Errorf("a verb is missing: to judge this directory, run demarc scan")
	}
	switch name := args[0]; name {
	case "-h", "--help":
		return help(nil)
	case "-V", "--version":
		return printVersion(nil)
	default:
		for _, v := range verbs() {
			if v.name == name {
				return v.run(args[1:])
			}
		}
		return 0, unknownVerb(name)
	}
}

// defaultTimeout is how long a scan may take, unless it is told otherwise: what is
// honest takes seconds.
const defaultTimeout = 10 * time.Minute

// until is a context that ends with Ctrl-C, or after a time that is not zero. What
// was found by then is still told; a second Ctrl-C ends demarc at once.
func until(timeout time.Duration) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop)
	if timeout == 0 {
		return ctx, stop
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	return ctx, func() { cancel(); stop() }
}

// say writes the last line on standard error: why demarc ends, and with which code.
func say(why string, code int) {
	fmt.Fprintf(os.Stderr, "demarc: %s (exit %d)\n", report.CleanLines(why), code)
}
