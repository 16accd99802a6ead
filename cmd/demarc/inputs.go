package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/demarc-dev/demarc/linter"
	"github.com/demarc-dev/demarc/linter/config"
	"github.com/demarc-dev/demarc/linter/rules"
)

// inputs are the flags that say what is read and with which inputs; scan and
// inspect share them.
type inputs struct {
	config, root, workspace   string
	source                    string
	variables, varFiles       []string
	parameters, parameterFile []string
	jobs                      int
	timeout                   time.Duration
	skipUnrecognised          bool
}

func (in *inputs) addInputFlags(flags *pflag.FlagSet) {
	flags.StringArrayVar(&in.variables, "var", nil, "Give a Terraform variable a value: `NAME=VALUE`. Repeatable.")
	flags.StringArrayVar(&in.varFiles, "var-file", nil, "Read Terraform variables from `FILE`, after terraform.tfvars and *.auto.tfvars. Repeatable; later files win.")
	flags.StringVar(&in.workspace, "workspace", "", "Judge as in the Terraform workspace `NAME`: what terraform.workspace is. Default: default.")
	flags.StringVar(&in.source, "source", "", "Take the lines of a plan's resources from the Terraform in `DIR`. Default: this directory, or else the plan's own.")
	flags.StringArrayVar(&in.parameters, "parameter", nil, "Give a CloudFormation parameter a value: `NAME=VALUE`. Repeatable.")
	flags.StringArrayVar(&in.parameterFile, "parameter-file", nil, "Read CloudFormation parameters from `FILE` (JSON or YAML in any form that AWS's tools take, or samconfig.toml). Repeatable; later files win, and --parameter wins over all.")
}

func (in *inputs) addScopeFlags(flags *pflag.FlagSet) {
	flags.StringVar(&in.config, "config", "", "Read the configuration from `FILE` instead of the nearest demarc.yaml at or above the directory that holds each PATH.")
	flags.StringVar(&in.root, "root", "", "Never read outside `DIR`. Default: the repository that holds each PATH.")
	flags.BoolVar(&in.skipUnrecognised, "skip-unrecognised", false, "Leave out named files that are neither Terraform nor a template nor a plan, instead of exiting with 3. For hooks, which name every YAML and JSON file.")
	flags.DurationVar(&in.timeout, "timeout", defaultTimeout, "Stop after `DURATION`, as in 90s or 5m, tell what was judged by then, and exit with 3. 0 never stops. Default: 10m.")
	flags.IntVar(&in.jobs, "jobs", 0, "Do `N` things at a time. Default: one per processor.")
}

// selection are the flags that say which rules are asked; scan and baseline
// share them.
type selection struct {
	profile, standard   string
	rules, excludeRules []string
}

func (s *selection) addSelectionFlags(flags *pflag.FlagSet) {
	flags.StringVar(&s.profile, "profile", "", "Use the rules of this `PROFILE`: default, or extended (pedantic, costly and account-wide rules as well).")
	flags.StringVar(&s.standard, "standard", "", "Use exactly the rules that answer the controls of this `STANDARD`, whatever their profile: "+strings.Join(rules.Standards(), ", ")+".")
	flags.StringSliceVar(&s.rules, "rule", nil, "Use only this `RULE`, whatever its profile. Ids of checkov, trivy, kics, Security Hub and AWS Config are understood. Repeatable.")
	flags.StringSliceVar(&s.excludeRules, "exclude-rule", nil, "Leave out this `RULE`. Repeatable.")
}

func (s *selection) into(o *linter.Options) error {
	o.Profile, o.Rules, o.ExcludeRules = s.profile, s.rules, s.excludeRules
	if s.standard == "" {
		return nil
	}
	if len(s.rules) > 0 {
		return errors.New("--standard and --rule exclude each other: each says which rules are asked")
	}
	var err error
	o.Rules, err = rules.OfStandard(s.standard)
	return err
}

// options turns the flags into the linter's options. paths are not empty.
func (in *inputs) options(paths []string) (linter.Options, error) {
	o := linter.Options{VarFiles: in.varFiles, Workspace: in.workspace, Source: in.source, Stdin: os.Stdin, Root: in.root, SkipUnrecognised: in.skipUnrecognised, Jobs: in.jobs, Version: version()}
	if in.jobs < 0 {
		return o, fmt.Errorf("--jobs %d: use a number of jobs, or 0 for one per processor", in.jobs)
	}
	if in.timeout < 0 {
		return o, fmt.Errorf("--timeout %s: use a duration such as 5m, or 0 for none", in.timeout)
	}
	var err error
	if o.Variables, err = pairs("--var", in.variables); err != nil {
		return o, err
	}
	if o.Parameters, err = in.allParameters(); err != nil {
		return o, err
	}
	o.Config, err = in.configuration(paths)
	return o, err
}

// configuration is that which counts for the paths, or nil.
func (in *inputs) configuration(paths []string) (*config.Config, error) {
	if in.config != "" {
		return config.Load(in.config)
	}
	file, nearer := config.Find(in.places(paths), in.root)
	for _, other := range nearer {
		fmt.Fprintf(os.Stderr, "demarc: %s does not count: it does not lie above each PATH\n", other)
	}
	if file == "" {
		return nil, nil
	}
	return config.LoadFound(file, in.root)
}

// places are the paths, with the directory of the plan's source for standard
// input.
func (in *inputs) places(paths []string) []string {
	out := slices.Clone(paths)
	for i, path := range out {
		if path == linter.Stdin {
			out[i] = cmp.Or(in.source, ".")
		}
	}
	return out
}

func (in *inputs) allParameters() (map[string]string, error) {
	all := map[string]string{}
	for _, name := range in.parameterFile {
		more, err := linter.ReadParameterFile(name)
		if err != nil {
			return nil, err
		}
		for key, value := range more {
			all[key] = value
		}
	}
	more, err := pairs("--parameter", in.parameters)
	for key, value := range more {
		all[key] = value
	}
	return all, err
}

// pairs reads NAME=VALUE arguments; a later one wins.
func pairs(flag string, args []string) (map[string]string, error) {
	out := map[string]string{}
	for _, arg := range args {
		name, value, ok := strings.Cut(arg, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("%s %q: write NAME=VALUE", flag, arg)
		}
		out[name] = value
	}
	return out, nil
}

// orHere is the paths, or this directory if there are none.
func orHere(paths []string) []string {
	if len(paths) == 0 {
		return []string{"."}
	}
	return paths
}
