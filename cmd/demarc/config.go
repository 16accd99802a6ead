package main

import (
	"errors"
	"fmt"
	"os"
)

// configFlags are the flags of config.
type configFlags struct {
	config, root string
	origin       bool
}

func configCommand() (*command, *configFlags) {
	f := &configFlags{}
	c := &command{
		usage: "demarc config show [FLAGS] [PATH...]",
		about: `
Show the configuration that a scan of each PATH takes: the nearest demarc.yaml at or above
them, put together with the files that it extends.`,
		examples: `
demarc config show               what counts in this directory
demarc config show --origin      and which file and line says so`,
	}
	flags := c.group("Flags")
	flags.BoolVar(&f.origin, "origin", false, "Tell of each value which file and line it is from.")
	flags.StringVar(&f.config, "config", "", "Read the configuration from `FILE` instead.")
	flags.StringVar(&f.root, "root", "", "Look for it no further up than `DIR`. Default: the repository that holds the paths.")
	return c, f
}

func configAction(args []string) (int, error) {
	c, f := configCommand()
	return c.run(args, func(rest []string) (int, error) {
		switch {
		case len(rest) == 0:
			return 0, errors.New("config needs to be told what to do: demarc config show")
		case rest[0] != "show":
			return 0, fmt.Errorf("unknown action %q: use demarc config show", rest[0])
		}
		in := inputs{config: f.config, root: f.root}
		o, err := in.options(orHere(rest[1:]))
		if err != nil {
			return 0, err
		}
		if err := o.Config.Check(); err != nil {
			return 0, err
		}
		return 0, o.Config.Show(os.Stdout, f.origin)
	})
}
