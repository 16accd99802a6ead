package config

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/rules"
)

// Check reports rules and options that do not exist.
func (c *Config) Check() error {
	var errs []error
	for _, layer := range c.Layers() {
		errs = append(errs, layer.checkOwn()...)
	}
	return errors.Join(errs...)
}

func (c *Config) checkOwn() []error {
	var errs []error
	fail := func(line int, format string, args ...any) {
		errs = append(errs, fmt.Errorf("%s:%d: %s", c.Path, line, fmt.Sprintf(format, args...)))
	}
	unknown := func(line int, rule string) bool {
		if _, found := rules.Find(rule); found || finding.IsHousekeeping(rule) {
			return false
		}
		hint := ""
		if suggestions := rules.Suggest(rule); len(suggestions) > 0 {
			hint = ": did you mean " + suggestions[0] + "?"
		}
		fail(line, "unknown rule %q%s", rule, hint)
		return true
	}
	rated := names(c.Severity)
	sort.Slice(rated, func(i, j int) bool { return c.lines[rated[i]] < c.lines[rated[j]] })
	for _, rule := range rated {
		unknown(c.lines[rule], rule)
	}
	for _, rule := range names(c.Options) {
		line := c.lines["options "+rule]
		if unknown(line, rule) {
			continue
		}
		r, _ := rules.Find(rule)
		if err := checkOptions(r, c.Options[rule]); err != nil {
			fail(line, "%v", err)
		}
	}
	named := func(line int, rule string) {
		if rule != "" && !strings.ContainsAny(rule, `*?[{\`) && !finding.IsPeerID(rule) {
			unknown(line, rule)
		}
	}
	for _, o := range c.Overrides {
		named(o.line, o.Rule)
	}
	for _, ig := range c.Ignore {
		named(ig.Line, ig.Rule)
	}
	return errs
}

// checkOptions reports options that the rule does not have.
func checkOptions(r rules.Rule, given map[string]int) error {
	known := r.Options.Names()
	for _, name := range names(given) {
		switch {
		case len(known) == 0:
			return fmt.Errorf("%s has no options", r.ID)
		case !slices.Contains(known, name):
			return fmt.Errorf("%s has no option %q%s", r.ID, name, didYouMean(name, known))
		}
	}
	return nil
}
