package config

import (
	"time"

	"go.yaml.in/yaml/v3"
)

func (r *reader) ignores(n *yaml.Node) []Ignore {
	var out []Ignore
	for _, item := range r.list(n, "ignore must be a list") {
		ig := Ignore{Line: item.Line}
		r.mapping(item, "an item of ignore", map[string]func(*yaml.Node){
			"rule":    func(n *yaml.Node) { ig.Rule = r.pattern(n) },
			"path":    func(n *yaml.Node) { ig.Path = r.pattern(n) },
			"address": func(n *yaml.Node) { ig.Address = r.text(n) },
			"tag":     func(n *yaml.Node) { ig.Tag = r.text(n) },
			"owner":   func(n *yaml.Node) { ig.Owner = r.text(n) },
			"reason":  func(n *yaml.Node) { ig.Reason = r.text(n) },
			"until": func(n *yaml.Node) {
				day, err := time.Parse(time.DateOnly, r.text(n))
				if err != nil {
					r.fail(n, "%q is no date: write 2027-01-31", n.Value)
				}
				ig.Until = day
			},
		})
		if ig.Rule == "" && ig.Path == "" && ig.Address == "" && ig.Tag == "" && item.Kind == yaml.MappingNode {
			r.fail(item, "an item of ignore needs a rule, a path, an address or a tag")
		}
		out = append(out, ig)
	}
	return out
}
