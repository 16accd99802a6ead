package linter

import (
	"io"
	"slices"

	"github.com/demarc-dev/demarc/linter/config"
	"github.com/demarc-dev/demarc/linter/load"
	"github.com/demarc-dev/demarc/linter/rules"
)

// Options say what to judge and with which inputs. The zero value judges with
// the default profile.
type Options struct {
	// Profile is "default" or "extended".
	Profile string
	// Rules, if any, are the only rules asked, whatever their profile;
	// ExcludeRules are never asked. Both take ids and peers' ids.
	Rules, ExcludeRules []string
	// Variables and VarFiles are inputs of Terraform root modules, as its
	// -var and -var-file.
	Variables map[string]string
	VarFiles  []string
	// Workspace is what terraform.workspace is; "" means "default".
	Workspace string
	// Source is the directory of the configuration that plans were made of;
	// "" looks for it in the working directory, then beside the plan.
	Source string
	// Stdin is what the path "-" stands for: the JSON of a plan or a state.
	Stdin io.Reader
	// Parameters are inputs of CloudFormation templates.
	Parameters map[string]string
	// Config is a configuration file's content; nil for none.
	Config *config.Config
	// Baseline suppresses the findings that it lists; nil for none.
	Baseline *Baseline
	// RecheckValues leaves findings failing that the baseline lists, or that
	// were there at NewFrom, with another value than is judged now.
	RecheckValues bool
	// NewFrom is a git revision: findings that were there where HEAD left it
	// are not reported. "" reports all.
	NewFrom string
	// Root confines reading; "" means the repository that holds the paths.
	Root string
	// SkipUnrecognised leaves out, without a word, named files that are neither
	// Terraform nor a template nor a plan, as hooks name them.
	SkipUnrecognised bool
	// Jobs is how much is done at a time; 0 means one job a processor.
	Jobs int
	// Evidence asks for the resources that pass, and for the ways from the
	// internet to resources, as well.
	Evidence bool
	// Made asks for what the report was made of and with; git is asked for the commit.
	Made bool
	// Framework has the controls that the report is about; nil for the model's.
	Framework *rules.Catalogue
	// Language is the one of rules.Languages that the controls speak; "" is the first.
	Language string
	// ShowSecrets leaves passwords, keys and sensitive values in an Inspection.
	ShowSecrets bool
	// Version is told in reports.
	Version string
	// Progress, if not nil, is told how far a scan is. Stages come one after
	// another; within one, calls come from several goroutines at a time.
	Progress func(Progress)
}

// Stdin is the path that stands for the standard input.
const Stdin = load.Stdin

// ReadParameterFile reads the inputs of a CloudFormation template in any form
// that AWS's tools take, in YAML as well as JSON; and SAM's samconfig.toml.
func ReadParameterFile(name string) (map[string]string, error) { return load.ReadParameterFile(name) }

// selectRules returns the ids of the rules to ask.
func selectRules(o Options) (map[string]bool, error) {
	only, err := rules.IDs(o.Rules)
	if err != nil {
		return nil, err
	}
	excluded, err := rules.IDs(o.ExcludeRules)
	if err != nil {
		return nil, err
	}
	return rules.Matching(func(r *rules.Rule) bool {
		asked := r.Profile == "default" || o.Profile == "extended"
		if len(o.Rules) > 0 {
			asked = only[r.ID]
		}
		return asked && !excluded[r.ID]
	}), nil
}

// asks reports whether a rule, by its id or a peer's, takes part.
func (l *Linter) asks(rule string) bool {
	return slices.ContainsFunc(rules.Named(rule), func(r rules.Rule) bool { return l.wanted[r.ID] })
}

// asksAny reports whether a rule takes part whose id, or whose id at a peer,
// is matched.
func (l *Linter) asksAny(matches func(id string) bool) bool {
	return len(rules.Matching(func(r *rules.Rule) bool {
		return l.wanted[r.ID] && slices.ContainsFunc(r.Names(), matches)
	})) > 0
}
