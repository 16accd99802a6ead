package main

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/policies"
)

// model is what controls.yaml holds.
type model struct {
	controls      []finding.Control
	frameworks    []finding.Framework
	serviceModels []policies.ServiceModel
	division      []layer
}

// layer is a line of division: who carries a layer, under each service model.
type layer struct {
	ID, Layer, Infrastructure, Container, Abstracted, Serverless, Source, Note string
}

// controlsFile is controls.yaml.
type controlsFile struct {
	ServiceModels  []yaml.Node         `yaml:"service_models"`
	ServiceModelOf map[string][]string `yaml:"service_model_of"`
	Division       []layer
	Controls       []struct {
		ID, Area, Side, Ask string
		Aspects             []struct {
			ID, Ask, Source, Evidence, Side string
			WhyNot                          string `yaml:"why_not"`
			See                             []string
		}
	}
	Frameworks []struct {
		ID, Title string
		Clauses   []struct {
			ID, Title, Question, Side string
			Aspects                   []string
		}
	}
}

func readControls(name string) (*model, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var file controlsFile
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(&file); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	m := &model{division: file.Division}
	known := map[string]bool{}
	for _, c := range file.Controls {
		control := finding.Control{ID: c.ID, Area: c.Area, Side: c.Side, Ask: c.Ask}
		for _, a := range c.Aspects {
			aspect := finding.Aspect{ID: a.ID, Ask: a.Ask, Source: a.Source, Evidence: a.Evidence, WhyNot: a.WhyNot, Side: a.Side, See: a.See}
			if aspect.Side == "" {
				aspect.Side = c.Side
			}
			if aspect.Side == "aws" {
				aspect.Evidence = "none"
			}
			if known[a.ID] || !strings.HasPrefix(a.ID, c.ID+".") {
				return nil, fmt.Errorf("%s: %s: the aspect %s is there twice, or of another control", name, c.ID, a.ID)
			}
			known[a.ID] = true
			control.Aspects = append(control.Aspects, aspect)
		}
		m.controls = append(m.controls, control)
	}
	for _, f := range file.Frameworks {
		framework := finding.Framework{ID: f.ID, Title: f.Title}
		for _, c := range f.Clauses {
			framework.Clauses = append(framework.Clauses, finding.Clause{ID: c.ID, Title: c.Title, Question: c.Question, Side: c.Side, Aspects: c.Aspects})
		}
		m.frameworks = append(m.frameworks, framework)
	}
	// Serverless is asked first: a service named twice is the narrower one.
	for _, name := range []string{"serverless", "container", "infrastructure"} {
		m.serviceModels = append(m.serviceModels, policies.ServiceModel{Name: name, Services: file.ServiceModelOf[name]})
	}
	return m, m.check(known)
}

// check holds references to aspects against those that there are.
func (m *model) check(known map[string]bool) error {
	unknown := func(where string, ids []string) error {
		for _, id := range ids {
			if !known[id] {
				return fmt.Errorf("%s: there is no aspect %s", where, id)
			}
		}
		return nil
	}
	for _, c := range m.controls {
		for _, a := range c.Aspects {
			if err := unknown(a.ID, a.See); err != nil {
				return err
			}
			if (a.Evidence == "none" && a.Side != "aws") != (a.WhyNot != "") {
				return fmt.Errorf("%s: what no template shows says why_not, and nothing else does", a.ID)
			}
		}
	}
	for _, l := range m.division {
		for _, side := range []string{l.Infrastructure, l.Container, l.Abstracted, l.Serverless} {
			if side != "customer" && side != "shared" && side != "aws" {
				return fmt.Errorf("%s: a side is customer, shared or aws, not %q", l.ID, side)
			}
		}
	}
	for _, f := range m.frameworks {
		for _, c := range f.Clauses {
			if err := unknown(f.ID+":"+c.ID, c.Aspects); err != nil {
				return err
			}
		}
	}
	return nil
}

// addRules notes at the aspects the rules that bear on them, and at the rules
// the controls that follow.
func (m *model) addRules(chapters []chapter) error {
	at, of := map[string]*finding.Aspect{}, map[string]string{}
	for i := range m.controls {
		for j := range m.controls[i].Aspects {
			a := &m.controls[i].Aspects[j]
			at[a.ID], of[a.ID] = a, m.controls[i].ID
		}
	}
	for i := range chapters {
		for j := range chapters[i].rules {
			r := &chapters[i].rules[j]
			for _, id := range slices.Concat(r.aspects.Judged, r.aspects.Pedantic) {
				if at[id] == nil {
					return fmt.Errorf("%s: there is no aspect %s", r.ID, id)
				}
			}
			if err := r.aspects.check(); err != nil {
				return fmt.Errorf("%s: %w", r.ID, err)
			}
			for _, id := range r.aspects.Judged {
				if at[id].Evidence == "none" {
					return fmt.Errorf("%s: no template can show %s, so no rule judges it: name it as pedantic", r.ID, id)
				}
				at[id].Rules = append(at[id].Rules, finding.AspectRule{ID: r.ID, Keeps: !slices.Contains(r.aspects.OnlyBreaks, id)})
				r.Controls = add(r.Controls, of[id])
			}
			for _, id := range r.aspects.Pedantic {
				at[id].Rules = append(at[id].Rules, finding.AspectRule{ID: r.ID, Pedantic: true, Keeps: slices.Contains(r.aspects.OnlyKeeps, id)})
				if len(r.aspects.Judged) == 0 {
					r.Controls = add(r.Controls, of[id])
				}
			}
		}
	}
	return nil
}

func add(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// aspects are those that a rule's METADATA names.
type aspects struct {
	// Judged are those that it judges; a pass does not show OnlyBreaks kept.
	Judged, OnlyBreaks []string
	// Pedantic are those of which it asks for more; a pass shows OnlyKeeps kept.
	Pedantic, OnlyKeeps []string
}

func (a aspects) check() error {
	switch {
	case len(a.Judged)+len(a.Pedantic) == 0:
		return fmt.Errorf("names no aspect of a control")
	case !within(a.OnlyBreaks, a.Judged):
		return fmt.Errorf("only_breaks names what aspects does not")
	case !within(a.OnlyKeeps, a.Pedantic):
		return fmt.Errorf("only_keeps names what pedantic does not")
	}
	for _, id := range a.Pedantic {
		if slices.Contains(a.Judged, id) {
			return fmt.Errorf("%s is judged and pedantic", id)
		}
	}
	return nil
}

func within(some, all []string) bool {
	return !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(all, s) })
}

// model writes the controls with their aspects, and where they are asked for.
func (w writer) model(m *model) {
	w.f("var controls = []finding.Control{\n")
	for _, c := range m.controls {
		w.f("{ID: %q, Area: %q, Side: %q, Ask: %q, Aspects: []finding.Aspect{\n", c.ID, c.Area, c.Side, c.Ask)
		for _, a := range c.Aspects {
			w.aspect(a)
		}
		w.f("}},\n")
	}
	w.f("}\n\nvar frameworks = []finding.Framework{\n")
	for _, f := range m.frameworks {
		w.f("{ID: %q, Title: %q, Clauses: []finding.Clause{\n", f.ID, f.Title)
		for _, c := range f.Clauses {
			w.f("{ID: %q, Title: %q, ", c.ID, c.Title)
			w.text("Question", c.Question)
			w.text("Side", c.Side)
			w.texts("Aspects", c.Aspects)
			w.f("},\n")
		}
		w.f("}},\n")
	}
	w.f("}\n\nvar division = []finding.Layer{\n")
	for _, l := range m.division {
		w.f("{ID: %q, Name: %q, Sides: map[string]string{%q: %q, %q: %q, %q: %q, %q: %q}},\n", l.ID, l.Layer,
			"infrastructure", l.Infrastructure, "container", l.Container, "abstracted", l.Abstracted, "serverless", l.Serverless)
	}
	w.f("}\n\nvar serviceModels = []ServiceModel{\n")
	for _, model := range m.serviceModels {
		w.f("{Name: %q, Services: %#v},\n", model.Name, model.Services)
	}
	w.f("}\n")
}

func (w writer) aspect(a finding.Aspect) {
	w.f("{ID: %q, Ask: %q, Side: %q, Source: %q, Evidence: %q, ", a.ID, a.Ask, a.Side, a.Source, a.Evidence)
	w.text("WhyNot", a.WhyNot)
	w.texts("See", a.See)
	if len(a.Rules) > 0 {
		w.f("Rules: []finding.AspectRule{\n")
		for _, r := range a.Rules {
			w.f("{ID: %q, ", r.ID)
			w.flag("Pedantic", r.Pedantic)
			w.flag("Keeps", r.Keeps)
			w.f("},\n")
		}
		w.f("}, ")
	}
	w.f("},\n")
}
