package main

import (
	"fmt"
	"maps"
	"os"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/demarc-dev/demarc/policies"
)

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
