package policies

import (
	"bytes"
	"embed"
	"fmt"
	"slices"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/demarc-dev/demarc/linter/finding"
)

// translations are read when they are asked for: most scans speak English.
//
//go:embed controls.*.yaml
var translations embed.FS

// Translation has what controls and frameworks say in another language.
type Translation struct {
	// Controls and Aspects are the asks by id.
	Controls, Aspects map[string]string
	// Division are the names of the layers of a service, by id.
	Division map[string]string
	// Titles are those of the frameworks; Frameworks the titles of their clauses,
	// and Questions what their clauses ask, by the framework's and the clause's id.
	Titles                map[string]string
	Frameworks, Questions map[string]map[string]string
}

// Languages are those that the controls speak, English first.
func Languages() []string { return []string{"en", "ja"} }

// In returns the controls and frameworks in one of the Languages.
func In(language string) ([]finding.Control, []finding.Framework, error) {
	switch language {
	case "", "en":
		return controls, frameworks, nil
	case "ja":
		t, err := japanese()
		if err != nil {
			return nil, nil, err
		}
		c, f := t.apply(controls, frameworks)
		return c, f, nil
	}
	return nil, nil, fmt.Errorf("there are no controls in %q", language)
}

// Division are the layers of services, with who carries them, in one of the Languages.
func Division(language string) ([]finding.Layer, error) {
	if language != "ja" {
		return division, nil
	}
	t, err := japanese()
	if err != nil {
		return nil, err
	}
	out := slices.Clone(division)
	for i := range out {
		if name := t.Division[out[i].ID]; name != "" {
			out[i].Name = name
		}
	}
	return out, nil
}

var japanese = sync.OnceValues(func() (*Translation, error) { return readTranslation("controls.ja.yaml") })

func readTranslation(name string) (*Translation, error) {
	text, err := translations.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read the controls' translation: %w", err)
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	t := &Translation{}
	if err := d.Decode(t); err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return t, nil
}

// apply puts the translated texts in the place of the English ones. What is
// not translated stays English; a test keeps that from happening.
func (t *Translation) apply(controls []finding.Control, frameworks []finding.Framework) ([]finding.Control, []finding.Framework) {
	put := func(text *string, translated string) {
		if translated != "" {
			*text = translated
		}
	}
	controls = slices.Clone(controls)
	for i := range controls {
		c := &controls[i]
		put(&c.Ask, t.Controls[c.ID])
		c.Aspects = slices.Clone(c.Aspects)
		for j := range c.Aspects {
			put(&c.Aspects[j].Ask, t.Aspects[c.Aspects[j].ID])
		}
	}
	frameworks = slices.Clone(frameworks)
	for i := range frameworks {
		f := &frameworks[i]
		put(&f.Title, t.Titles[f.ID])
		f.Clauses = slices.Clone(f.Clauses)
		for j := range f.Clauses {
			c := &f.Clauses[j]
			put(&c.Title, t.Frameworks[f.ID][c.ID])
			put(&c.Question, t.Questions[f.ID][c.ID])
		}
	}
	return controls, frameworks
}
