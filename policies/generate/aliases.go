package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/demarc-dev/demarc/policies"
)

// peers are the tools whose ids aliases.yaml may hold, in the order in which a
// rule lists them. The ids of the
// last two follow from the standards (addSecurityHub) where these name the rule.
var peers = []string{"checkov", "trivy", "tfsec", "kics", "cfn_nag", "cdk_nag", "securityhub", "config"}

// addAliases gives the rules the ids that aliases.yaml names. It refuses rules
// and peers that do not exist, an id that a rule has twice in any case, and
// rules out of order, so that there is one place to look for an entry.
func addAliases(name string, chapters []chapter) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	rules := map[string]*rule{}
	for _, c := range chapters {
		for i := range c.rules {
			rules[c.rules[i].ID] = &c.rules[i]
		}
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if len(doc.Content) == 0 {
		return nil
	}
	var errs []error
	before := ""
	err = pairs(doc.Content[0], func(id string, value *yaml.Node) error {
		if id <= before {
			errs = append(errs, fmt.Errorf("%s:%d: %s is to stand before %s", name, value.Line, id, before))
		}
		before = id
		aliases, err := readAliases(value)
		if err == nil && rules[id] == nil {
			err = errors.New("there is no such rule")
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("%s:%d: %s: %w", name, value.Line, id, err))
			return nil
		}
		rules[id].Aliases = aliases
		return nil
	})
	return errors.Join(append(errs, err)...)
}

// readAliases reads the ids of one rule, by peer.
func readAliases(node *yaml.Node) ([]policies.Alias, error) {
	var byPeer map[string][]string
	if err := node.Decode(&byPeer); err != nil {
		return nil, err
	}
	var aliases []policies.Alias
	seen := map[string]bool{}
	for _, peer := range peers {
		ids, named := byPeer[peer]
		delete(byPeer, peer)
		if named && len(ids) == 0 {
			return nil, fmt.Errorf("names no id of %s", peer)
		}
		for _, id := range ids {
			lower := strings.ToLower(id)
			if seen[lower] {
				return nil, fmt.Errorf("%s stands twice", id)
			}
			seen[lower] = true
		}
		if named {
			aliases = append(aliases, policies.Alias{Peer: peer, IDs: ids})
		}
	}
	for peer := range byPeer {
		return nil, fmt.Errorf("%q is none of the peers %s", peer, strings.Join(peers, ", "))
	}
	return aliases, nil
}
