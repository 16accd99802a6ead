package responsibility

import (
	"slices"
	"strings"
)

// Layers are what a service is made of, from what is always the customer's to
// what is always AWS's: their ids.
var Layers = []string{
	"data",     // and code and settings
	"access",   // and identity
	"network",  // and firewall
	"platform", // and operating system
	"hosts",    // and hardware and facilities
}

// ServiceModel says where the line runs for the services of a kind: the first
// Mine of the Layers are the customer's (AWS's shared responsibility model;
// policies/controls.yaml has the sources, and which service is of which kind).
type ServiceModel struct {
	ID   string
	Mine int
}

// ServiceModels are all kinds, from the one of which the customer carries most.
var ServiceModels = []ServiceModel{{"infrastructure", 4}, {"container", 3}, {"abstracted", 2}, {"serverless", 2}}

// Model rolls up what was found in the services of a kind.
type Model struct {
	ServiceModel
	Findings int // that break a control
	// Services are those of the kind that the code has, each with its resources,
	// sorted by name.
	Services []Service
	// Broken and Kept are resources that break a control of the line, and those
	// that keep all they are asked for.
	Broken, Kept int
}

// Service is a service that the code uses.
type Service struct {
	Name      string
	Resources int
}

// services are the services of the code by service model.
func (l *Line) services() map[string][]Service {
	out := map[string][]Service{}
	for _, t := range l.Coverage.Types {
		if t.Service == "" {
			continue
		}
		list := out[t.ServiceModel]
		i, found := slices.BinarySearchFunc(list, t.Service, func(s Service, name string) int { return strings.Compare(s.Name, name) })
		if !found {
			list = slices.Insert(list, i, Service{Name: t.Service})
		}
		list[i].Resources += t.Resources
		out[t.ServiceModel] = list
	}
	return out
}

// Models roll the controls up by service model.
func (l *Line) Models() []Model {
	found := map[string]int{}
	broken, kept := map[string]map[string]bool{}, map[string]map[string]bool{}
	for _, f := range l.Broken() {
		found[f.ServiceModel]++
		note(broken, f.ServiceModel, f.Resource.Address)
	}
	for _, c := range l.Controls {
		for _, k := range c.Kept() {
			if !broken[k.ServiceModel][k.Resource] {
				note(kept, k.ServiceModel, k.Resource)
			}
		}
	}
	services := l.services()
	out := make([]Model, len(ServiceModels))
	for i, m := range ServiceModels {
		out[i] = Model{ServiceModel: m, Findings: found[m.ID], Broken: len(broken[m.ID]), Kept: len(kept[m.ID]), Services: services[m.ID]}
	}
	return out
}

func note[K comparable](in map[string]map[K]bool, model string, key K) {
	if in[model] == nil {
		in[model] = map[K]bool{}
	}
	in[model][key] = true
}
