package config

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"go.yaml.in/yaml/v3"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/graph"
)

// reader walks the nodes of a file and collects all that
// is wrong with it.
type reader struct {
	file string
	errs []error
	// decoded counts the values that were decoded, aliases resolved.
	decoded int
}

func (r *reader) fail(n *yaml.Node, format string, args ...any) {
	r.errs = append(r.errs, fmt.Errorf("%s:%d: %s", r.file, n.Line, fmt.Sprintf(format, args...)))
}

// mapping gives each value of a mapping to the reader of its key.
func (r *reader) mapping(n *yaml.Node, what string, keys map[string]func(*yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		r.fail(n, "%s must be keys with values", what)
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		read, known := keys[key.Value]
		switch {
		case !known:
			r.fail(key, "unknown key %q%s", key.Value, didYouMean(key.Value, names(keys)))
		case seen[key.Value]:
			r.fail(key, "%q is given twice", key.Value)
		default:
			read(value)
		}
		seen[key.Value] = true
	}
}

// list returns the items of a list. need says what else is wrong.
func (r *reader) list(n *yaml.Node, need string, args ...any) []*yaml.Node {
	if n.Kind != yaml.SequenceNode {
		r.fail(n, need, args...)
		return nil
	}
	return n.Content
}

func (r *reader) text(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		r.fail(n, "a text is needed here")
		return ""
	}
	return n.Value
}

func (r *reader) oneOf(n *yaml.Node, allowed ...string) string {
	value := r.text(n)
	for _, a := range allowed {
		if value == a {
			return value
		}
	}
	r.fail(n, "%q is not one of %s%s", value, strings.Join(allowed, ", "), didYouMean(value, allowed))
	return ""
}

func (r *reader) severity(n *yaml.Node) finding.Severity {
	allowed := make([]string, len(finding.Severities))
	for i, s := range finding.Severities {
		allowed[i] = string(s)
	}
	return finding.Severity(r.oneOf(n, allowed...))
}

func (r *reader) severities(n *yaml.Node, c *Config) {
	if n.Kind != yaml.MappingNode {
		r.fail(n, "severity must map rules to severities")
		return
	}
	seen := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		rule := n.Content[i]
		r.once(rule, seen)
		c.Severity[rule.Value] = r.severity(n.Content[i+1])
		c.lines[rule.Value] = rule.Line
	}
}

// once refuses a rule that has been seen under any spelling of its id: which of
// the two counts would be chance.
func (r *reader) once(rule *yaml.Node, seen map[string]*yaml.Node) {
	id := finding.NormalID(rule.Value)
	if first := seen[id]; first != nil {
		r.fail(rule, "%q is given twice, as %q in line %d", rule.Value, first.Value, first.Line)
		return
	}
	seen[id] = rule
}

func (r *reader) pattern(n *yaml.Node) string {
	value := r.text(n)
	switch {
	case len(value) > maxPattern || strings.Count(value, "{") > maxBraces:
		r.fail(n, "the pattern is too long, or has more than %d alternatives {a,b}", maxBraces)
	case !doublestar.ValidatePattern(value):
		r.fail(n, "%q is no valid pattern", value)
	}
	return value
}

// suppressions reads what suppressions have to give.
func (r *reader) suppressions(n *yaml.Node, c *Config) {
	r.mapping(n, "suppressions", map[string]func(*yaml.Node){
		"require": func(n *yaml.Node) {
			c.Require = []string{}
			for _, item := range r.list(n, "a list is needed here, of reason, until and owner") {
				c.Require = append(c.Require, r.oneOf(item, "reason", "until", "owner"))
			}
		},
	})
}

func (r *reader) patterns(n *yaml.Node) []string {
	var out []string
	for _, item := range r.list(n, "a list of patterns is needed here") {
		out = append(out, r.pattern(item))
	}
	return out
}

func (r *reader) renames(n *yaml.Node) []Rename {
	var out []Rename
	for _, item := range r.list(n, "renames must be a list of {from, to}") {
		var one Rename
		r.mapping(item, "an item of renames", map[string]func(*yaml.Node){
			"from": func(n *yaml.Node) { one.From = graph.StripKeys(r.text(n)) },
			"to":   func(n *yaml.Node) { one.To = graph.StripKeys(r.text(n)) },
		})
		if item.Kind == yaml.MappingNode && (one.From == "" || one.To == "") {
			r.fail(item, "an item of renames needs from and to")
		}
		out = append(out, one)
	}
	return out
}

func (r *reader) overrides(n *yaml.Node) []Override {
	var out []Override
	for _, item := range r.list(n, "overrides must be a list of {rule, path, address, severity}") {
		o := Override{line: item.Line}
		r.mapping(item, "an item of overrides", map[string]func(*yaml.Node){
			"rule":     func(n *yaml.Node) { o.Rule = r.pattern(n) },
			"path":     func(n *yaml.Node) { o.Path = r.pattern(n) },
			"address":  func(n *yaml.Node) { o.Address = r.text(n) },
			"severity": func(n *yaml.Node) { o.Severity = r.severity(n) },
		})
		if item.Kind == yaml.MappingNode && (o.Severity == "" || o.Rule == "" && o.Path == "" && o.Address == "") {
			r.fail(item, "an item of overrides needs a severity, and a rule, a path or an address")
		}
		out = append(out, o)
	}
	return out
}

// options reads thresholds: numbers by rule and name.
func (r *reader) options(n *yaml.Node, c *Config) {
	if n.Kind != yaml.MappingNode {
		r.fail(n, "options must map rules to their options")
		return
	}
	c.Options = map[string]map[string]int{}
	seen := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		rule, given := n.Content[i], n.Content[i+1]
		r.once(rule, seen)
		values := map[string]int{}
		c.Options[rule.Value] = values
		c.lines["options "+rule.Value] = rule.Line
		if given.Kind != yaml.MappingNode {
			r.fail(given, "the options of a rule are names with numbers")
			continue
		}
		for j := 0; j+1 < len(given.Content); j += 2 {
			name := given.Content[j].Value
			if _, twice := values[name]; twice {
				r.fail(given.Content[j], "%q is given twice", name)
			}
			values[name] = r.number(given.Content[j+1])
		}
	}
}

func (r *reader) number(n *yaml.Node) int {
	value, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || n.Tag != "!!int" || err != nil || value < 0 {
		r.fail(n, "a whole number from 0 on is needed here")
	}
	return value
}

func (r *reader) baseline(n *yaml.Node, c *Config) {
	r.mapping(n, "baseline", map[string]func(*yaml.Node){
		"recheck-values": func(n *yaml.Node) {
			yes := r.oneOf(n, "true", "false") == "true"
			c.RecheckValues = &yes
		},
	})
}
