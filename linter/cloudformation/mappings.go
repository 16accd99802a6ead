package cloudformation

import (
	"regexp"

	"github.com/demarc-dev/demarc/linter/graph"
)

// findInMap is Fn::FindInMap, with the DefaultValue of the language extensions.
// What is looked up by something that only a deployment knows is known if all
// entries say the same.
func (e *evaluator) findInMap(argument, n *node) graph.Value {
	const usage = "Fn::FindInMap takes a mapping and two keys"
	if argument.kind != sequenceNode || len(argument.items) < 3 || len(argument.items) > 4 {
		return unknown(n, usage)
	}
	var names [3]string
	var open [3]bool // whether any key may stand there
	keys := make([]graph.Value, 3)
	standIn := ""
	for i := range keys {
		item := argument.items[i]
		keys[i] = e.eval(item)
		if name := e.standIn(item); name != "" {
			standIn, open[i] = name, true
		}
		switch name, ok := text(keys[i]); {
		case item.isScalar() && item.written != "":
			names[i] = item.written
		case ok:
			names[i] = name
		case keys[i].Kind == graph.Unknown:
			open[i] = true
		default:
			return unknown(n, usage)
		}
	}
	g := gather(keys...)
	if open[0] {
		return g.unknownAt(n.at())
	}
	var fallback *node
	if len(argument.items) == 4 {
		fallback = argument.items[3].get("DefaultValue")
	}
	mapping := e.template.mappings.get(names[0])
	if open[1] || open[2] {
		entries := entriesOf(mapping, names, open, standIn)
		if fallback != nil {
			entries = append(entries, mapEntry{pair: &pair{value: fallback}})
		}
		return e.anyOf(entries, names, g, standIn, n)
	}
	if p := mapping.get(names[1]).pair(names[2]); p != nil {
		return e.entry(names[0], p, g, n)
	}
	if fallback != nil {
		return g.into(e.eval(fallback))
	}
	if base := e.base; base != nil {
		// CloudFormation refuses a stack that looks up what is not there, so
		// that this value says nothing about the world.
		outer := base.scope
		base.scope = e.scope
		defer func() { base.scope = outer }()
		return base.findInMap(argument, n)
	}
	return g.into(unknown(n, "mapping "+names[0]+" has no entry "+names[1]+"."+names[2]))
}

// entry is the value of a mapping's entry, used at n.
func (e *evaluator) entry(mapping string, p *pair, g *gathered, n *node) graph.Value {
	step := graph.Step{Message: "mapping " + mapping, Range: p.value.at()}
	return g.into(throughStep(place(e.eval(p.value), n.at()), step))
}

// mapEntry is an entry with its keys.
type mapEntry struct {
	top, second string
	pair        *pair
}

// entriesOf lists the entries that keys may lead to of which some are open.
func entriesOf(mapping *node, names [3]string, open [3]bool, standIn string) []mapEntry {
	var found []mapEntry
	if mapping == nil {
		return nil
	}
	for i := range mapping.pairs {
		top := &mapping.pairs[i]
		if !open[1] && top.name != names[1] || top.value.kind != mappingNode || open[1] && !fits(standIn, top.name) {
			continue
		}
		for j := range top.value.pairs {
			if second := &top.value.pairs[j]; second.name == names[2] || open[2] && fits(standIn, second.name) {
				found = append(found, mapEntry{top.name, second.name, second})
			}
		}
	}
	return found
}

// fits reports whether a pseudo parameter may be a key.
func fits(standIn, key string) bool {
	switch standIn {
	case "AWS::Region":
		return regions.FindString(key) == key
	case "AWS::AccountId":
		return accounts.FindString(key) == key
	}
	return true
}

// anyOf is the value of one of several entries. It is known if all are the
// same, or tell apart only accounts, regions and what AWS numbers in them:
// then any of them will do.
func (e *evaluator) anyOf(entries []mapEntry, names [3]string, g *gathered, standIn string, n *node) graph.Value {
	var first graph.Value
	chosen := -1
	same := len(entries) > 0
	for i := range entries {
		v := e.eval(entries[i].pair.value)
		if i == 0 {
			first = v
		}
		same = same && alike(first, v)
		if entries[i].top == names[1] && entries[i].second == names[2] || chosen < 0 {
			chosen = i
		}
	}
	if same {
		return e.entry(names[0], entries[chosen].pair, &gathered{via: g.via, sensitive: g.sensitive}, n)
	}
	if g.unknown {
		return g.unknownAt(n.at())
	}
	if len(entries) == 0 {
		return g.into(unknown(n, "mapping "+names[0]+" has no such entry"))
	}
	return g.into(because(standIn, "mapping "+names[0]+" says something else for each "+standIn).At(n.at()))
}

// alike reports whether two values differ in nothing that a rule may look at.
func alike(a, b graph.Value) bool {
	if a.Equal(b) {
		return true
	}
	if a.Kind != b.Kind {
		return false
	}
	switch a.Kind {
	case graph.String, graph.Number:
		return anonymous(a.Text) == anonymous(b.Text)
	case graph.List:
		if len(a.Items) != len(b.Items) {
			return false
		}
		for i := range a.Items {
			if !alike(a.Items[i], b.Items[i]) {
				return false
			}
		}
		return true
	}
	return false
}

var (
	accounts    = regexp.MustCompile(`\b[0-9]{12}\b`)
	regions     = regexp.MustCompile(`\b(?:af|ap|ca|cn|eu|il|me|mx|sa|us|us-gov|us-iso|us-isob)-(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-[0-9][a-f]?\b`)
	identifiers = regexp.MustCompile(`\b(ami|pl|vpc|subnet|sg|rtb|acl|eni|igw|nat|snap|vol|vpce|tgw|dhcp|eipalloc|hc)-[0-9a-zA-Z]{4,}\b`)
	hostedZones = regexp.MustCompile(`^Z[A-Z0-9]{6,}$`)
)

// anonymous takes the names of accounts and regions out of a text, and the
// numbers that AWS gives resources in them.
func anonymous(text string) string {
	text = accounts.ReplaceAllString(text, "{account}")
	text = regions.ReplaceAllString(text, "{region}")
	text = identifiers.ReplaceAllString(text, "$1-{id}")
	return hostedZones.ReplaceAllString(text, "{zone}")
}

// standIn is the pseudo parameter in a value of which only a stand-in is
// known, or "".
func (e *evaluator) standIn(n *node) string {
	if n == nil || n.isScalar() {
		return ""
	}
	if name, argument, ok := n.call(); ok {
		switch name {
		case "Ref":
			return e.standsIn(argument.text)
		case "Fn::Sub":
			for _, name := range substituted(argument) {
				if found := e.standsIn(name); found != "" {
					return found
				}
			}
		}
	}
	for _, item := range n.items {
		if found := e.standIn(item); found != "" {
			return found
		}
	}
	return ""
}

// standsIn is standIn for a name that a Ref holds.
func (e *evaluator) standsIn(name string) string {
	if _, ok := pseudoParameters[name]; ok {
		_, given := e.given[name]
		if f, flipped := e.flips[name]; given || flipped && !f.invented {
			return ""
		}
		return name
	}
	if passed := e.passing.get(name); passed != nil {
		return e.outer.standIn(passed)
	}
	return ""
}
