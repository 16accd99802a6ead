package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"go.yaml.in/yaml/v3"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/policies"
)

// readServices reads the METADATA of all rules.
func readServices(dir string) ([]policies.Service, error) {
	top, err := filepath.Glob(filepath.Join(dir, "*.rego"))
	if err != nil {
		return nil, err
	}
	folders, err := filepath.Glob(filepath.Join(dir, "*", "*.rego"))
	if err != nil {
		return nil, err
	}
	lib, err := readLibrary(dir)
	if err != nil {
		return nil, err
	}
	byName := map[string]*policies.Service{}
	for _, name := range append(top, folders...) {
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			return nil, err
		}
		rel = filepath.ToSlash(rel)
		if strings.HasPrefix(rel, "lib/") || strings.HasSuffix(rel, "_test.rego") {
			continue
		}
		if err := readModule(byName, lib, name, rel); err != nil {
			return nil, fmt.Errorf("%s: %w", rel, err)
		}
	}
	out := make([]policies.Service, 0, len(byName))
	for _, s := range byName {
		sort.Strings(s.Types)
		sort.Slice(s.Rules, func(i, j int) bool { return s.Rules[i].ID < s.Rules[j].ID })
		out = append(out, *s)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out, nil
}

func readModule(byName map[string]*policies.Service, lib library, name, rel string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	module, err := ast.ParseModuleWithOpts(rel, string(data), ast.ParserOptions{ProcessAnnotation: true})
	if err != nil {
		return err
	}
	service := strings.TrimPrefix(module.Package.Path.String(), "data.demarc.")
	if want := strings.TrimSuffix(strings.SplitN(rel, "/", 2)[0], ".rego"); service != want {
		return fmt.Errorf("the package is demarc.%s: demarc.%s is expected", service, want)
	}
	s := byName[service]
	if s == nil {
		s = &policies.Service{Name: service}
		byName[service] = s
	}
	s.Files = append(s.Files, rel)
	applies := map[string]bool{}
	for _, r := range module.Rules {
		if base, ok := strings.CutSuffix(r.Head.Name.String(), "_applies"); ok {
			applies[base] = true
		}
	}
	seen := map[string]bool{}
	for _, r := range module.Rules {
		rule, err := readRule(service, r)
		if err != nil {
			return err
		}
		if rule == nil {
			continue
		}
		if seen[rule.ID] {
			return fmt.Errorf("%s: METADATA stands on more than one of its bodies", rule.ID)
		}
		seen[rule.ID] = true
		rule.Applies = applies[rule.Name]
		s.Rules = append(s.Rules, *rule)
	}
	s.Types = union(s.Types, lib.typesRead(module))
	return checkOptions(module, s.Rules)
}

// checkOptions holds the options that a module asks for against those that its
// rules declare.
func checkOptions(module *ast.Module, rules []policies.Rule) error {
	var errs []error
	asked := map[[2]string]bool{}
	ast.WalkTerms(module, func(t *ast.Term) bool {
		call, ok := t.Value.(ast.Call)
		if !ok || call[0].String() != "value.option" || len(call) != 3 {
			return false
		}
		rule, _ := call[1].Value.(ast.String)
		name, _ := call[2].Value.(ast.String)
		asked[[2]string{string(rule), string(name)}] = true
		return false
	})
	for _, r := range rules {
		for _, o := range r.Options {
			if key := [2]string{r.ID, o.Name}; asked[key] {
				delete(asked, key)
			} else {
				errs = append(errs, fmt.Errorf("%s: nothing asks for value.option(%q, %q)", r.ID, r.ID, o.Name))
			}
		}
	}
	for key := range asked {
		errs = append(errs, fmt.Errorf("value.option(%q, %q): that rule has no such option", key[0], key[1]))
	}
	return errors.Join(errs...)
}

// readRule returns nil for a rule without METADATA: a helper of its chapter.
func readRule(service string, r *ast.Rule) (*policies.Rule, error) {
	if len(r.Annotations) == 0 {
		return nil, nil
	}
	note := r.Annotations[len(r.Annotations)-1]
	name := r.Head.Name.String()
	rule := &policies.Rule{
		ID: service + "/" + strings.ReplaceAll(name, "_", "-"), Name: name,
		Title: note.Title, Description: strings.TrimSpace(note.Description),
	}
	for _, related := range note.RelatedResources {
		rule.Related = append(rule.Related, related.Ref.String())
	}
	data, err := yaml.Marshal(note.Custom)
	if err != nil {
		return nil, err
	}
	var custom struct {
		Severity   string
		Profile    string
		Subject    yaml.Node
		When       []string
		Reads      []string
		Presence   []string
		Weighs     []string
		Companions []string
		Controls   []string
		Remedy     string
		Secret     bool
		Options    map[string]struct {
			Default *int
			About   string
		}
	}
	decoder := yaml.NewDecoder(strings.NewReader(string(data)))
	decoder.KnownFields(true)
	if err := decoder.Decode(&custom); err != nil {
		return nil, fmt.Errorf("%s: METADATA: %w", rule.ID, err)
	}
	subject, err := oneOrMany[string](&custom.Subject, func(text string) string { return text })
	if err != nil {
		return nil, err
	}
	rule.Severity, rule.Profile, rule.Subject = custom.Severity, custom.Profile, subject
	rule.When, rule.Reads, rule.Presence = custom.When, custom.Reads, custom.Presence
	rule.Weighs, rule.Companions, rule.Controls = custom.Weighs, custom.Companions, custom.Controls
	rule.Remedy, rule.Secret = strings.TrimSpace(custom.Remedy), custom.Secret
	for _, name := range slices.Sorted(maps.Keys(custom.Options)) {
		o := custom.Options[name]
		if o.Default == nil || o.About == "" {
			return nil, fmt.Errorf("%s: METADATA: the option %s needs a default and an about", rule.ID, name)
		}
		rule.Options = append(rule.Options, policies.Option{Name: name, About: o.About, Default: *o.Default})
	}
	return rule, nil
}

// library holds the modules of lib/ by package path.
type library map[string]*ast.Module

func readLibrary(dir string) (library, error) {
	names, err := filepath.Glob(filepath.Join(dir, "lib", "*.rego"))
	if err != nil {
		return nil, err
	}
	lib := library{}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		module, err := ast.ParseModule(name, string(data))
		if err != nil {
			return nil, err
		}
		lib[module.Package.Path.String()] = module
	}
	return lib, nil
}

// typesRead collects the types that a module, or what it imports, asks for by
// name.
func (lib library) typesRead(module *ast.Module) []string {
	found := map[string]bool{}
	ast.WalkTerms(module, func(t *ast.Term) bool {
		if text, ok := t.Value.(ast.String); ok {
			head, _, _ := strings.Cut(string(text), ".")
			if head == "data" {
				head = string(text)
			}
			if strings.HasPrefix(head, "aws_") || strings.HasPrefix(head, "data.aws_") {
				found[head] = true
			}
		}
		return false
	})
	types := sorted(found)
	for _, imported := range module.Imports {
		if other := lib[imported.Path.String()]; other != nil {
			types = union(types, lib.typesRead(other))
		}
	}
	return types
}

func sorted(set map[string]bool) []string {
	out := make([]string, 0, len(set))
	for s := range set {
		out = append(out, s)
	}
	sort.Strings(out)
	return out
}

func union(a, b []string) []string {
	set := map[string]bool{}
	for _, s := range append(a, b...) {
		set[s] = true
	}
	return sorted(set)
}

// model is what controls.yaml holds.
type model struct {
	controls      []policies.Control
	frameworks    []policies.Framework
	serviceModels []policies.ServiceModel
}

func readControls(name string) (*model, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var file struct {
		ServiceModelOf map[string][]string `yaml:"service_model_of"`
		Controls       []struct {
			ID, Area, Side, Evidence, Ask string
			Frameworks                    map[string]numbers
		}
		Frameworks map[string]map[int]string
	}
	if err := yaml.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	m := &model{}
	for _, c := range file.Controls {
		control := policies.Control{ID: c.ID, Area: c.Area, Side: c.Side, Evidence: c.Evidence, Ask: c.Ask}
		for _, id := range slices.Sorted(maps.Keys(c.Frameworks)) {
			for _, number := range c.Frameworks[id] {
				if file.Frameworks[id][number] == "" {
					return nil, fmt.Errorf("%s: %s: framework %s has no clause %d", name, c.ID, id, number)
				}
				control.Clauses = append(control.Clauses, policies.Clause{Framework: id, Number: number})
			}
		}
		m.controls = append(m.controls, control)
	}
	for _, id := range slices.Sorted(maps.Keys(file.Frameworks)) {
		titles := make([]string, len(file.Frameworks[id]))
		for number, title := range file.Frameworks[id] {
			if number < 1 || number > len(titles) {
				return nil, fmt.Errorf("%s: framework %s: clauses are numbered from 1 without a gap", name, id)
			}
			titles[number-1] = title
		}
		m.frameworks = append(m.frameworks, policies.Framework{ID: id, Titles: titles})
	}
	// Serverless is asked first: a service named twice is the narrower one.
	for _, name := range []string{"serverless", "container", "infrastructure"} {
		m.serviceModels = append(m.serviceModels, policies.ServiceModel{Name: name, Services: file.ServiceModelOf[name]})
	}
	return m, nil
}

// numbers is one number or a list of them.
type numbers []int

func (n *numbers) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		var one int
		if err := node.Decode(&one); err != nil {
			return err
		}
		*n = numbers{one}
		return nil
	}
	return node.Decode((*[]int)(n))
}

// check holds the rules against the schema and the controls.
func check(types []graph.Type, services []policies.Service, controls []policies.Control) error {
	schema := graph.NewSchema(types)
	known := map[string]bool{}
	for _, c := range controls {
		known[c.ID] = true
	}
	var errs []error
	for _, s := range services {
		for _, name := range s.Types {
			if schema.Type(name) == nil {
				errs = append(errs, fmt.Errorf("%s.rego reads %s, which no schema table names", s.Name, name))
			}
		}
		for _, r := range s.Rules {
			errs = append(errs, checkRule(schema, known, r)...)
		}
	}
	return errors.Join(errs...)
}

func checkRule(schema *graph.Schema, controls map[string]bool, r policies.Rule) []error {
	var errs []error
	fail := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf(r.ID+": "+format, args...))
	}
	if finding.Severity(r.Severity).Rank() == 0 {
		fail("severity %q is not one", r.Severity)
	}
	if r.Profile != "default" && r.Profile != "extended" {
		fail("profile is default or extended, not %q", r.Profile)
	}
	for _, text := range []struct{ name, value string }{{"title", r.Title}, {"description", r.Description}, {"remedy", r.Remedy}} {
		if text.value == "" {
			fail("has no %s", text.name)
		}
	}
	if len(r.Related) == 0 {
		fail("names no AWS documentation page")
	}
	if len(r.Controls) == 0 {
		fail("names no control")
	}
	for _, c := range r.Controls {
		if !controls[c] {
			fail("control %s does not exist", c)
		}
	}
	if len(r.Subject) == 0 {
		fail("has no subject")
	}
	paths := append(append(append(append([]string{}, r.When...), r.Reads...), r.Presence...), r.Weighs...)
	for _, subject := range r.Subject {
		if strings.HasPrefix(subject, "document:") {
			continue
		}
		t := schema.Type(subject)
		if t == nil {
			fail("subject %s is in no schema table", subject)
			continue
		}
		for _, path := range paths {
			if !hasPath(t, path) && len(r.Subject) == 1 {
				fail("reads %s, which the table of %s does not name", path, subject)
			}
		}
	}
	return errs
}

// hasPath accepts what a table names, and whatever lies inside a document.
func hasPath(t *graph.Type, path string) bool {
	for p := path; p != ""; {
		if a := t.Attribute(p); a != nil {
			return p == path || a.Form == graph.FormDocument
		}
		i := strings.LastIndexByte(p, '.')
		if i < 0 {
			return false
		}
		p = p[:i]
	}
	return false
}
