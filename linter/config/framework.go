package config

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"go.yaml.in/yaml/v3"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/rules"
	"github.com/demarc-dev/demarc/linter/source"
)

// Controls are of at most these lengths, in characters; an id has to leave
// room beside it on a line, and to be the name of a place on a page.
const (
	maxControlText = 400
	maxFrameworkID = 24
)

// controlID begins as no name of the page's own does.
var controlID = regexp.MustCompile(fmt.Sprintf(`^[A-Z0-9][A-Za-z0-9._:()/-]{0,%d}$`, maxFrameworkID-1))

// LoadFramework reads a catalogue of the reader's own: controls that stand in
// place of the model's in a responsibility report (docs/responsibility.md). The error has all that is wrong with the
// file, each with its line.
func LoadFramework(name string) (*rules.Catalogue, error) {
	data, err := source.ReadNamed(name, maxSize)
	if err != nil {
		return nil, fmt.Errorf("read the framework: %w", err)
	}
	return parseFramework(name, data)
}

func parseFramework(name string, data []byte) (*rules.Catalogue, error) {
	root, err := parseYAML(name, data)
	if err != nil {
		return nil, err
	}
	if root == nil {
		return nil, fmt.Errorf("%s: a framework needs a title and controls, and the file is empty", name)
	}
	f := &rules.Catalogue{}
	r := &frameworkReader{reader: reader{file: name}, lines: map[string]int{}}
	r.mapping(root, "a framework", map[string]func(*yaml.Node){
		"title":    func(n *yaml.Node) { f.Title = r.prose(n) },
		"controls": func(n *yaml.Node) { f.Controls = r.controls(n) },
	})
	if len(r.errs) == 0 && (f.Title == "" || len(f.Controls) == 0) {
		r.fail(root, "a framework needs a title and controls")
	}
	if len(r.errs) > 0 {
		return nil, errors.Join(r.errs...)
	}
	for i := range f.Controls {
		if f.Controls[i].Area == "" {
			f.Controls[i].Area = f.Title
		}
	}
	return f, nil
}

type frameworkReader struct {
	reader
	lines map[string]int // where the control with an id stands
}

func (r *frameworkReader) controls(n *yaml.Node) []finding.Control {
	var out []finding.Control
	for _, item := range r.list(n, "controls must be a list of {id, title, area, side, evidence, rules, controls}") {
		out = append(out, r.control(item))
	}
	return out
}

func (r *frameworkReader) control(item *yaml.Node) finding.Control {
	c := finding.Control{Side: "customer"}
	own := finding.Aspect{} // the control's only one: the reader's framework has no finer duties
	asked := askedRules{has: map[string]bool{}}
	served := []finding.Control{} // those of the model that it stands for
	wrong := len(r.errs)
	r.mapping(item, "a control", map[string]func(*yaml.Node){
		"id":       func(n *yaml.Node) { c.ID = r.id(n) },
		"title":    func(n *yaml.Node) { c.Ask = r.prose(n) },
		"area":     func(n *yaml.Node) { c.Area = r.prose(n) },
		"side":     func(n *yaml.Node) { c.Side = r.oneOf(n, "customer", "shared", "aws") },
		"evidence": func(n *yaml.Node) { own.Evidence = r.oneOf(n, "none") },
		"rules": func(n *yaml.Node) {
			r.each(n, "rules", func(n *yaml.Node) { r.rules(n, &asked) })
		},
		"controls": func(n *yaml.Node) {
			r.each(n, "controls", func(n *yaml.Node) {
				if of, ok := r.modelControl(n); ok {
					served = append(served, of)
				}
			})
		},
	})
	own.ID, own.Ask, own.Side, own.Rules = c.ID, c.Ask, c.Side, bearing(asked.has, served)
	if len(r.errs) == wrong {
		if err := settle(c, &own, served, len(asked.missing) > 0); err != nil {
			r.fail(item, "%v", err)
		}
	}
	c.Aspects = rules.SplitMissing(own, asked.missing)
	return c
}

// bearing are the rules that a control of the reader's asks for by name, and
// those that bear on the model's controls, as they do there.
func bearing(asked map[string]bool, served []finding.Control) []finding.AspectRule {
	strongest := map[string]finding.AspectRule{}
	for id := range asked {
		strongest[id] = finding.AspectRule{ID: id, Keeps: true}
	}
	for _, c := range served {
		for _, a := range c.Aspects {
			for _, rule := range a.Rules {
				known, ok := strongest[rule.ID]
				if !ok || known.Pedantic && !rule.Pedantic || known.Pedantic == rule.Pedantic && rule.Keeps {
					strongest[rule.ID] = rule
				}
			}
		}
	}
	var out []finding.AspectRule
	for _, id := range names(strongest) {
		out = append(out, strongest[id])
	}
	return out
}

// settle checks that a control says what shows it, and sets how much a
// template can: nothing if only process keeps all that it stands for.
func settle(c finding.Control, own *finding.Aspect, served []finding.Control, missing bool) error {
	process := func(of finding.Control) bool { return of.Evidence() == "none" }
	switch {
	case c.ID == "" || c.Ask == "":
		return errors.New("a control needs an id and a title")
	case (missing || len(own.Rules) > 0) && (own.Evidence != "" || c.Side == "aws"):
		return fmt.Errorf("%s has rules: it is not AWS's alone, and templates do show it", c.ID)
	case missing || len(own.Rules) > 0:
		own.Evidence = "static"
	case c.Side == "aws":
		own.Evidence = "none"
	case len(served) > 0 && !slices.ContainsFunc(served, func(of finding.Control) bool { return !process(of) }):
		own.Evidence = "none"
	case len(served) > 0:
		own.Evidence = "partial"
	case own.Evidence == "":
		return fmt.Errorf("%s needs rules or controls, or says evidence: none if no template can show it", c.ID)
	}
	if own.Evidence == "none" && c.Side != "aws" {
		own.WhyNot = "process"
	}
	return nil
}

// each gives the items of a list to a reader. An empty list would ask for
// nothing in silence.
func (r *frameworkReader) each(n *yaml.Node, what string, read func(*yaml.Node)) {
	items := r.list(n, "%s must be a list", what)
	if n.Kind == yaml.SequenceNode && len(items) == 0 {
		r.fail(n, "%s must not be empty", what)
	}
	for _, item := range items {
		read(item)
	}
}

// prose is a text on one line, of a bearable length.
func (r *frameworkReader) prose(n *yaml.Node) string {
	text := strings.Join(strings.Fields(r.text(n)), " ")
	switch {
	case n.Kind != yaml.ScalarNode || n.Tag == "!!null": // which text has told
	case text == "":
		r.fail(n, "a text is needed here")
	case len([]rune(text)) > maxControlText:
		r.fail(n, "the text has more than %d characters", maxControlText)
	}
	return text
}

func (r *frameworkReader) id(n *yaml.Node) string {
	id := r.text(n)
	key := strings.ToLower(id)
	switch {
	case id == "":
	case !controlID.MatchString(id):
		r.fail(n, "%q is no id: begin with a capital letter or a digit, and use letters, digits and . _ : / ( ) -, %d characters at most", id, maxFrameworkID)
	case r.lines[key] > 0:
		r.fail(n, "%s is there already, at line %d", id, r.lines[key])
	default:
		r.lines[key] = n.Line
	}
	return id
}

// askedRules are the rules that a control of the reader's names.
type askedRules struct {
	has     map[string]bool
	missing []string // ids that demarc has no rule for
}

// rules adds the rules that an id, a peer's id or a pattern stands for. An id
// without a rule is missing, unless it looks like a slip of the pen.
func (r *frameworkReader) rules(n *yaml.Node, asked *askedRules) {
	if n.Kind == yaml.ScalarNode && strings.ContainsAny(n.Value, `*?[{\`) {
		pattern := r.pattern(n)
		found := false
		for _, rule := range rules.All() {
			if matches, err := doublestar.Match(pattern, rule.ID); err == nil && matches {
				asked.has[rule.ID], found = true, true
			}
		}
		if !found {
			r.fail(n, "no rule matches %q: demarc rules lists them", pattern)
		}
		return
	}
	id := r.text(n)
	found := rules.Named(id)
	for _, rule := range found {
		asked.has[rule.ID] = true
	}
	switch {
	case id == "" || len(found) > 0 || slices.Contains(asked.missing, id):
	case misspelt(id):
		r.fail(n, "%v", rules.Unknown(id))
	case len([]rune(id)) > maxControlText:
		r.fail(n, "the text has more than %d characters", maxControlText)
	default:
		asked.missing = append(asked.missing, id)
	}
}

// misspelt reports whether an id without a rule is meant to be that of one: it is
// like it, and neither of another tool's nor of a rule that is to come.
func misspelt(id string) bool {
	return len(rules.Suggest(id)) > 0 && !finding.IsPeerID(id) && !rules.Planned(id)
}

func (r *frameworkReader) modelControl(n *yaml.Node) (finding.Control, bool) {
	id := r.text(n)
	model, _ := rules.Model("") // which cannot fail
	var known []string
	for _, c := range model.Controls {
		if strings.EqualFold(c.ID, id) {
			return c, true
		}
		known = append(known, c.ID)
	}
	if id != "" {
		r.fail(n, "demarc's model has no control %q: %s", id, modelControls(known))
	}
	return finding.Control{}, false
}

// modelControls names the families of the model's controls, which are too many to list.
func modelControls(ids []string) string {
	var families []string
	for _, id := range ids {
		family, _, _ := strings.Cut(id, "-")
		if !slices.Contains(families, family) {
			families = append(families, family)
		}
	}
	return "its ids begin with " + strings.Join(families, "-, ") + "-, and policies/controls.yaml lists them"
}
