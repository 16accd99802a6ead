package cloudformation

import (
	"regexp"

	"github.com/demarc-dev/demarc/linter/graph"
)

// maxGroups is how many different things a mapping may say that is looked up by
// a pseudo parameter: each makes a world. Where it says more, what it says
// stays unknown.
const maxGroups = 16

// lookup is an Fn::FindInMap with its keys evaluated.
type lookup struct {
	keys     []graph.Value
	names    [3]string // of the mapping, and the keys
	open     [3]bool   // whether any key may stand there
	entries  []mapEntry
	fallback *node
	// pseudo is the pseudo parameter that nobody gives among the keys, or "".
	pseudo string
}

// lookUp evaluates the keys of an Fn::FindInMap; nil when it has none. A pseudo
// parameter that nobody gives leads to any entry, whatever the world takes it
// to be.
func (e *evaluator) lookUp(argument *node) *lookup {
	if argument.kind != sequenceNode || len(argument.items) < 3 || len(argument.items) > 4 {
		return nil
	}
	l := &lookup{keys: make([]graph.Value, 3)}
	for i := range l.keys {
		item := argument.items[i]
		l.keys[i] = e.eval(item)
		if name := e.standIn(item); name != "" {
			l.pseudo, l.open[i] = name, true
		}
		switch name, ok := text(l.keys[i]); {
		case item.isScalar() && item.written != "":
			l.names[i] = item.written
		case ok:
			l.names[i] = name
		case l.keys[i].Kind == graph.Unknown:
			l.open[i] = true
		default:
			return nil
		}
	}
	if len(argument.items) == 4 {
		l.fallback = argument.items[3].get("DefaultValue")
	}
	if l.open[0] || !l.open[1] && !l.open[2] {
		return l
	}
	l.entries = entriesOf(e.template.mappings.get(l.names[0]), l.names, l.open, l.pseudo)
	if l.fallback != nil {
		l.entries = append(l.entries, mapEntry{pair: &pair{value: l.fallback}})
	}
	return l
}

// groups are entries of which each says something else, the first of its kind;
// no more than most.
func (l *lookup) groups(e *evaluator, most int) []mapEntry {
	var found []mapEntry
	var values []graph.Value
next:
	for _, entry := range l.entries {
		v := e.eval(entry.pair.value)
		for _, have := range values {
			if alike(have, v) {
				continue next
			}
		}
		if found, values = append(found, entry), append(values, v); len(found) == most {
			break
		}
	}
	return found
}

// findInMap is Fn::FindInMap, with the DefaultValue of the language extensions.
// What is looked up by something that only a deployment knows is known if all
// entries say the same, or the world says which it is.
func (e *evaluator) findInMap(argument, n *node) graph.Value {
	l := e.lookUp(argument)
	if l == nil {
		return unknown(n, "Fn::FindInMap takes a mapping and two keys")
	}
	g := gather(l.keys...)
	if l.open[0] {
		return g.unknownAt(n.at())
	}
	if l.pseudo != "" && e.loader.guards != nil && !e.inCondition {
		e.loader.guards.add(l.pseudo)
	}
	if (l.open[1] || l.open[2]) && !(l.pseudo != "" && !g.unknown && e.pinned(l.pseudo) && len(l.groups(e, maxGroups+1)) <= maxGroups) {
		return e.anyOf(l, g, n)
	}
	if p := e.template.mappings.get(l.names[0]).get(l.names[1]).pair(l.names[2]); p != nil {
		return e.entry(l.names[0], p, g, n)
	}
	if l.fallback != nil {
		return g.into(e.eval(l.fallback))
	}
	if base := e.base; base != nil {
		// CloudFormation refuses a stack that looks up what is not there, so
		// that this value says nothing about the world.
		outer := base.scope
		base.scope = e.scope
		defer func() { base.scope = outer }()
		return base.findInMap(argument, n)
	}
	return g.into(unknown(n, "mapping "+l.names[0]+" has no entry "+l.names[1]+"."+l.names[2]))
}

// pinned reports whether the world says what a pseudo parameter is.
func (e *evaluator) pinned(name string) bool {
	f, ok := e.flips[name]
	return ok && !f.invented
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
func (e *evaluator) anyOf(l *lookup, g *gathered, n *node) graph.Value {
	switch groups := l.groups(e, 2); {
	case len(groups) == 1:
		chosen := groups[0]
		for _, entry := range l.entries {
			if entry.top == l.names[1] && entry.second == l.names[2] {
				chosen = entry
			}
		}
		return e.entry(l.names[0], chosen.pair, &gathered{via: g.via, sensitive: g.sensitive}, n)
	case g.unknown:
		return g.unknownAt(n.at())
	case len(groups) == 0:
		return g.into(unknown(n, "mapping "+l.names[0]+" has no such entry"))
	}
	return g.into(because(l.pseudo, "mapping "+l.names[0]+" says something else for each "+l.pseudo).At(n.at()))
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

// standIn is the pseudo parameter in a value that nobody gives, or "".
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
		if _, given := e.given[name]; given {
			return ""
		}
		return name
	}
	if passed := e.passing.get(name); passed != nil {
		return e.outer.standIn(passed)
	}
	return ""
}
