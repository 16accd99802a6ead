package rules

import (
	"slices"
	"sync"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/policies"
)

// Catalogue is what a report is about: the controls of the shared-responsibility
// model, or those of the reader's own framework in their place.
type Catalogue struct {
	Title    string // of the reader's own framework; "" for the model
	Controls []finding.Control
	// Frameworks are what the controls are mapped to.
	Frameworks []finding.Framework
}

// Languages are those that the model and the report about it speak, the
// default first.
func Languages() []string { return policies.Languages() }

// Model is the model of shared responsibility in one of the Languages; "" is
// the first.
func Model(language string) (Catalogue, error) {
	if language == "" || language == policies.Languages()[0] {
		return english(), nil
	}
	return describeModel(language)
}

var english = sync.OnceValue(func() Catalogue {
	model, _ := describeModel("") // which needs no file, and cannot fail
	return model
})

func describeModel(language string) (Catalogue, error) {
	controls, frameworks, err := policies.In(language)
	if err != nil {
		return Catalogue{}, err
	}
	return Catalogue{Controls: controls, Frameworks: frameworks}, nil
}

// Division are the layers of services, with who carries them, in one of the Languages.
func Division(language string) ([]finding.Layer, error) { return policies.Division(language) }

// FindControl returns a control of the model by its id.
func FindControl(id string) (finding.Control, bool) {
	controls := english().Controls
	if i := slices.IndexFunc(controls, func(c finding.Control) bool { return c.ID == id }); i >= 0 {
		return controls[i], true
	}
	return finding.Control{}, false
}

// Explain makes a report be about the catalogue: its findings and rules then
// serve the catalogue's controls.
func (c Catalogue) Explain(r *finding.Report) {
	r.Catalogue, r.Controls, r.Frameworks = c.Title, c.Controls, c.Frameworks
	if c.Title == "" {
		return // the rules name the model's controls themselves
	}
	serves := map[string][]string{}
	for _, control := range c.Controls {
		for _, rule := range control.Rules() {
			serves[rule] = append(serves[rule], control.ID)
		}
	}
	for i := range r.Findings {
		r.Findings[i].Controls = orNone(serves[r.Findings[i].Rule])
	}
	for i := range r.Rules {
		r.Rules[i].Controls = orNone(serves[r.Rules[i].ID])
	}
}

func orNone(ids []string) []string {
	if ids == nil {
		return []string{}
	}
	return ids
}
