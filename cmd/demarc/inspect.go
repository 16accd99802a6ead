package main

import (
	"io"

	"github.com/demarc-dev/demarc/linter"
	"github.com/demarc-dev/demarc/linter/report"
)

func inspectCommand() (c *command, in *inputs, output *string, secrets *bool) {
	in = &inputs{}
	c = &command{
		usage: "demarc inspect [FLAGS] [PATH...]",
		about: `
Print the resource graph of each PATH as JSON: what a policy sees as its input. Without a
PATH, of this directory.`,
		examples: `
demarc inspect infra/
demarc inspect infra/ | jq '.input.by_type | keys'`,
	}
	in.addInputFlags(c.group("Inputs"))
	out := c.group("Output")
	output = out.StringP("output", "o", "", "Write to `FILE` instead of standard output.")
	secrets = out.Bool("show-secrets", false, "Print sensitive values, passwords and keys, which are withheld otherwise.")
	in.addScopeFlags(c.group("Where to look"))
	return c, in, output, secrets
}

func inspect(args []string) (int, error) {
	c, in, output, secrets := inspectCommand()
	return c.run(args, func(paths []string) (int, error) {
		paths = orHere(paths)
		o, err := in.options(paths)
		if err != nil {
			return 0, err
		}
		o.ShowSecrets = *secrets
		l, err := linter.New(o)
		if err != nil {
			return 0, err
		}
		ctx, stop := until(in.timeout)
		defer stop()
		graph, err := l.Inspect(ctx, paths)
		if err != nil {
			return 0, err
		}
		return 0, writeOutput(*output, func(w io.Writer) error { return report.WriteJSON(w, graph) })
	})
}
