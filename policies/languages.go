package policies

import (
	"bytes"
	"embed"
	"fmt"
	"slices"
	"sync"

	"go.yaml.in/yaml/v3"
)

// translations are read when they are asked for: most scans speak English.
//
//go:embed controls.*.yaml
var translations embed.FS

// Translation has what controls and frameworks say in another language.
type Translation struct {
	// Controls are the asks by the control's id, Frameworks the titles by the
	// framework's id and the clause's number.
	Controls   map[string]string
	Frameworks map[string]map[int]string
}

// Languages are those that the controls speak, English first.
func Languages() []string { return []string{"en", "ja"} }

// In returns the controls and frameworks in one of the Languages.
func In(language string) ([]Control, []Framework, error) {
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
func (t *Translation) apply(controls []Control, frameworks []Framework) ([]Control, []Framework) {
	controls = slices.Clone(controls)
	for i := range controls {
		if ask := t.Controls[controls[i].ID]; ask != "" {
			controls[i].Ask = ask
		}
	}
	frameworks = slices.Clone(frameworks)
	for i := range frameworks {
		f := &frameworks[i]
		f.Titles = slices.Clone(f.Titles)
		for n := range f.Titles {
			if title := t.Frameworks[f.ID][n+1]; title != "" {
				f.Titles[n] = title
			}
		}
	}
	return controls, frameworks
}
