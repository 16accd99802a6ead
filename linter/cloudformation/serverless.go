package cloudformation

import (
	"strings"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// The transform AWS::Serverless-2016-10-31 rewrites a template before
// anything in it is evaluated. So does this: it makes nodes from nodes, and
// what it makes is evaluated like all the rest.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html

const serverlessPrefix = "AWS::Serverless::"

// expansion is what SAM makes of one template.
type expansion struct {
	*evaluator
	// routes are the methods of each API, by its logical id; bodies and
	// authOf what its description is written into and says about callers.
	routes map[string][]route
	bodies map[string]*node
	authOf map[string]*node
	// extensions are what event sources add to the template's resources.
	extensions []extension
	// restAPI and httpAPI are the APIs that functions imply.
	restAPI, httpAPI *impliedAPI
	// deployments is set once a function is deployed gradually.
	deployments *entry
}

// origin is the resource being rewritten.
type origin struct {
	maker
	*entry
	properties *node // with the Globals section's
}

// property is a member of the resource's properties, or nil. An Fn::If
// around it is settled.
func (o *origin) property(name string) *pair { return o.properties.pair(name) }

// transform appends what SAM makes of a resource.
func (x *expansion) transform(r *entry) {
	kind := r.kind()
	section := strings.TrimPrefix(kind, serverlessPrefix)
	o := &origin{maker: maker{r.header}, entry: r, properties: x.settle(r.body.get("Properties"))}
	if o.properties == nil || o.properties.kind != mappingNode {
		o.properties = o.object()
	}
	o.properties = x.withGlobals(section, r.body, o.properties)
	switch section {
	case "Function":
		x.function(o)
	case "Api":
		x.api(o)
	case "HttpApi":
		x.httpApi(o)
	case "SimpleTable":
		x.simpleTable(o)
	case "LayerVersion":
		x.layerVersion(o)
	case "StateMachine":
		x.stateMachine(o)
	case "Application":
		x.application(o)
	default:
		// What a connector or a GraphQL API becomes depends on more than
		// the template; it is a part of the stack that is not at hand.
		x.add(r)
		x.gaps = append(x.gaps, unexpanded{name: r.name, kind: kind, at: r.header, body: r.body, scope: r.scope, ends: ends(r.body)})
	}
}

// connectors notes what a resource's Connectors make: policies and
// permissions that depend on more than the template.
func (x *expansion) connectors(r *entry) {
	if c := r.body.pair("Connectors"); c != nil {
		x.gaps = append(x.gaps, unexpanded{
			name: r.name, kind: serverlessPrefix + "Connector", at: r.body.nameAt(c), body: c.value, scope: r.scope, ends: append(ends(c.value), r.name),
		})
	}
}

// unexpanded is a resource that stands for others which are not known.
type unexpanded struct {
	name, kind string
	at         source.Range
	body       *node
	scope      *scope
	ends       []string // logical ids of what a connector connects
}

// ends are the logical ids that connectors name without a Ref.
func ends(n *node) []string {
	var out []string
	if id := n.get("Id"); id.isScalar() {
		out = append(out, id.text)
	}
	for _, item := range n.items {
		out = append(out, ends(item)...)
	}
	for i := range n.pairs {
		out = append(out, ends(n.pairs[i].value)...)
	}
	return out
}

// main adds the resource that takes the place, and the name, of the original.
func (x *expansion) main(o *origin, kind string, properties ...pair) *entry {
	made := x.make(o, o.name, o.maker, kind, properties...)
	for _, p := range o.body.pairs {
		switch p.name {
		case "Type", "Properties", "Condition", "Connectors", "IgnoreGlobals":
		default:
			made.body.pairs = append(made.body.pairs, p)
		}
	}
	return made
}

// make adds a resource made from o. It exists when o does.
func (x *expansion) make(o *origin, name string, m maker, kind string, properties ...pair) *entry {
	members := []pair{m.member("Type", m.text(kind)), m.member("Properties", m.object(properties...))}
	if c := o.body.pair("Condition"); c != nil {
		members = append(members, *c)
	}
	made := &entry{
		name: name, header: m.at, scope: o.scope, maybe: o.maybe, body: m.object(members...),
		origin: &graph.Origin{Address: x.prefix + o.name, Type: o.kind()}, whole: o.block(),
	}
	if o.origin != nil { // an API that functions imply
		made.origin = o.origin
	}
	x.add(made)
	return made
}

// alias lets the template refer to a made resource as "MyFunction.Version".
func (x *expansion) alias(o *origin, property, name string) {
	if x.aliases == nil {
		x.aliases = map[string]string{}
	}
	x.aliases[o.name+"."+property] = name
}

// rest are the properties that SAM passes on as they are.
func (o *origin) rest(taken ...string) []pair {
	var out []pair
next:
	for _, p := range o.properties.pairs {
		for _, name := range taken {
			if p.name == name {
				continue next
			}
		}
		out = append(out, p)
	}
	return out
}

// settle takes the branch of an Fn::If whose condition is known; it returns
// nil for AWS::NoValue.
func (e *evaluator) settle(n *node) *node {
	for range maxDepth {
		name, argument, ok := n.call()
		switch {
		case ok && name == "Fn::If" && argument.kind == sequenceNode && len(argument.items) == 3:
			t := e.ifCondition(argument.items[0])
			switch {
			case !t.known:
				return n
			case t.holds:
				n = argument.items[1]
			default:
				n = argument.items[2]
			}
		case ok && name == "Ref" && argument.text == "AWS::NoValue":
			return nil
		default:
			return n
		}
	}
	return n
}

// settled is a member's value after settle, or nil.
func (e *evaluator) settled(n *node, name string) *node { return e.settle(n.get(name)) }

// literal is the text of a node, if it is known.
func (e *evaluator) literal(n *node) (string, bool) {
	if n == nil {
		return "", false
	}
	v := e.eval(n)
	if v.Kind == graph.List {
		return "", false
	}
	return text(v)
}

// holds reports whether a node is known to be true, or known to be text that says so.
func (e *evaluator) holds(n *node) bool {
	s, ok := e.literal(n)
	return ok && strings.EqualFold(s, "true")
}

// withGlobals gives a SAM resource the properties that the Globals section
// sets for its type.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
func (e *evaluator) withGlobals(section string, body, own *node) *node {
	global := e.template.globals.get(section)
	if global == nil || global.kind != mappingNode {
		return own
	}
	ignored := body.get("IgnoreGlobals")
	if ignored == nil {
		return e.merge(global, own)
	}
	if ignored.isScalar() {
		return own
	}
	kept := *global
	kept.pairs = nil
next:
	for _, p := range global.pairs {
		for _, name := range ignored.items {
			if name.text == p.name {
				continue next
			}
		}
		kept.pairs = append(kept.pairs, p)
	}
	return e.merge(&kept, own)
}

// merge joins a global value and a resource's own as SAM does: members of maps
// one by one, lists one after the other, else the resource's own. A function
// counts as one value.
func (e *evaluator) merge(global, own *node) *node {
	if _, _, call := global.call(); call {
		return own
	}
	if _, _, call := own.call(); call || global.kind != own.kind || !e.loader.spend(1+len(global.pairs)+len(global.items)) {
		return own
	}
	out := *own
	switch own.kind {
	case mappingNode:
		out.pairs = append([]pair(nil), own.pairs...)
		at := make(map[string]int, len(out.pairs))
		for i := range out.pairs {
			at[out.pairs[i].name] = i
		}
		for _, g := range global.pairs {
			if i, ok := at[g.name]; ok {
				out.pairs[i].value = e.merge(g.value, out.pairs[i].value)
				continue
			}
			out.pairs = append(out.pairs, g)
		}
	case sequenceNode:
		out.items = append(append([]*node(nil), global.items...), own.items...)
	}
	return &out
}
