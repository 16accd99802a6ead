package cloudformation

import (
	"fmt"
	"strings"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// entry is one resource of a template, after loops are written out.
type entry struct {
	name   string // the logical id
	body   *node
	header source.Range
	scope  *scope
	maybe  *graph.Reason // why the loop that makes it may not
	child  *child        // what AWS::CloudFormation::Stack leads to, once looked at
	// origin is the resource that a transform made it from, whole that
	// resource's range, and reads the inputs that the transform depends on;
	// nil, zero and nil for a resource of the template.
	origin *graph.Origin
	whole  source.Range
	reads  map[string]bool
	guards []string // the conditions that the transform depends on
}

// kind is the resource's type, or "".
func (r *entry) kind() string {
	if t := r.body.get("Type"); t.isScalar() {
		return t.text
	}
	return ""
}

// block is the range from the logical id to the resource's end.
func (r *entry) block() source.Range {
	if r.whole.Valid() {
		return r.whole
	}
	return r.header.Through(r.body.at())
}

// resource finds a resource by its logical id, or returns nil.
func (e *evaluator) resource(name string) *entry {
	e.expand()
	return e.byName[name]
}

// expand writes the Resources section's loops out, once.
func (e *evaluator) expand() {
	if e.byName != nil {
		return
	}
	e.byName = make(map[string]*entry, len(e.template.resources.pairs))
	outer, within := e.scope, e.inCondition
	e.scope, e.inCondition = nil, false
	if e.template.serverless {
		e.expansion = &expansion{evaluator: e, routes: map[string][]route{}, bodies: map[string]*node{}, authOf: map[string]*node{}}
	}
	e.collect(e.template.resources, nil)
	if x := e.expansion; x != nil {
		e.recording(func() { x.finish() })
	}
	e.scope, e.inCondition = outer, within
}

// recording runs a part of a transform and gives what it makes the inputs
// that it reads.
func (e *evaluator) recording(transform func()) {
	outer, first := e.reads, len(e.entries)
	e.reads = map[string]bool{}
	by := e.guarded(transform)
	for _, made := range e.entries[first:] {
		made.reads, made.guards = e.reads, by
	}
	e.reads = outer
}

// add gives the stack a resource. The first of a name stays.
func (e *evaluator) add(r *entry) {
	if e.byName[r.name] != nil || !e.loader.spend(10) || r.scope != nil && !e.admits(r) {
		return
	}
	e.entries = append(e.entries, r)
	e.byName[r.name] = r
}

// maxRepeated is how many resources the loops of one template may make: ten
// times what CloudFormation deploys.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
const maxRepeated = 5_000

// admits counts a resource that a loop makes.
func (e *evaluator) admits(r *entry) bool {
	if e.repeated++; e.repeated > maxRepeated {
		e.loader.report(r.header, fmt.Sprintf("the loops make more than %d resources: the others are not judged", maxRepeated))
		return false
	}
	return true
}

func (e *evaluator) collect(section *node, maybe *graph.Reason) {
	for i := range section.pairs {
		p := &section.pairs[i]
		if strings.HasPrefix(p.name, forEachPrefix) {
			ok := e.forEach(p, func(body *node) {
				inner := maybe
				if e.scope.value.Kind == graph.Unknown {
					inner = &graph.Reason{Text: "how often " + p.name + " runs is not known"}
					if reasons := e.scope.value.Reasons(); len(reasons) > 0 {
						inner = &reasons[0]
					}
				}
				e.collect(body, inner)
			})
			if !ok {
				e.loader.report(section.nameAt(p), p.name+" is not written as [identifier, collection, {key: value}]")
			}
			continue
		}
		r := &entry{name: e.scope.key(p.name), body: p.value, header: section.nameAt(p), scope: e.scope, maybe: maybe}
		if x := e.expansion; x != nil {
			x.connectors(r)
			if strings.HasPrefix(r.kind(), serverlessPrefix) {
				e.recording(func() { x.transform(r) })
				continue
			}
		}
		e.add(r)
	}
}

// build evaluates all resources of the template into the stack.
func (e *evaluator) build(stack *graph.Stack, maybe *graph.Reason, kept *reuse) {
	e.expand()
	stack.Secrets = append(stack.Secrets, e.secretDefaults()...)
	for _, r := range e.entries {
		if r.body.kind != mappingNode || r.kind() == "" {
			e.addMissing(stack, r)
			continue
		}
		var built *graph.Resource
		var exists bool
		if kept != nil {
			built, exists = kept.resource(e, r)
		} else {
			built, exists = e.evaluate(r)
		}
		if !exists {
			continue
		}
		if built.Maybe == nil {
			built.Maybe = maybe
		}
		stack.Resources = append(stack.Resources, built)
		e.addNested(stack, r, built)
	}
	for _, u := range e.gaps {
		outer := e.scope
		e.scope = u.scope
		links := e.eval(u.body).AllLinks()
		e.scope = outer
		for _, name := range u.ends {
			links = append(links, graph.Link{Address: e.prefix + name, Attribute: "Ref"})
		}
		stack.Gaps = append(stack.Gaps, &graph.Gap{Address: e.prefix + u.name, Source: u.kind, Range: u.at, Links: links})
	}
}

// evaluate computes one resource; exists is false when its condition is.
func (e *evaluator) evaluate(r *entry) (built *graph.Resource, exists bool) {
	built = &graph.Resource{
		Address: e.prefix + r.name, DeclaredType: r.kind(), Name: constructPath(r.body),
		Header: r.header, Block: r.block(), Calls: e.calls, Maybe: r.maybe, Origin: r.origin,
	}
	outer, collecting := e.scope, e.loader.guards
	own := &guards{}
	own.add(e.around...)
	own.add(r.guards...)
	e.scope, e.loader.guards = r.scope, own
	defer func() {
		e.scope, e.loader.guards = outer, collecting
		if built != nil {
			built.Guards = own.names
		}
	}()
	if condition := r.body.get("Condition"); condition != nil {
		switch t := e.ifCondition(condition); {
		case t.known && !t.holds:
			return nil, false
		case !t.known && len(t.reasons) > 0:
			built.Maybe = &t.reasons[0]
		case !t.known:
			built.Maybe = &graph.Reason{Text: "condition " + condition.text + " is not known"}
		}
	}
	built.Declared = e.declared(r)
	return built, true
}

// declared evaluates a resource's properties.
func (e *evaluator) declared(r *entry) graph.Value {
	kind := r.kind()
	v := e.eval(r.body.get("Properties"))
	v = shapeOfType(kind).coerce(v)
	switch v.Kind {
	case graph.Object:
	case graph.Unknown:
		v = graph.Value{Kind: graph.Object, Range: v.Range, Meta: v.Meta}.AsOpen()
	default:
		v = graph.Value{Kind: graph.Object, Range: v.Range}
	}
	if macros := e.macros(); len(macros) > 0 {
		v = shapeOfType(kind).mayGrow(v, graph.Reason{Text: "the macro " + macros[0].text + " may add it"})
	} else if p := r.body.pair("Fn::Transform"); p != nil {
		v = shapeOfType(kind).mayGrow(v, transformReason(p.value))
	}
	for _, name := range [...]string{"DeletionPolicy", "UpdateReplacePolicy"} {
		if p := r.body.pair(name); p != nil {
			if policy := e.eval(p.value); policy.Kind != graph.Absent {
				v.Fields = append(v.Fields, graph.Field{Name: name, NameRange: r.body.nameAt(p), Value: policy})
			}
		}
	}
	return v
}

// constructPath is the name that the AWS CDK knows a resource by.
func constructPath(body *node) string {
	if p := body.get("Metadata").get("aws:cdk:path"); p != nil && p.kind == stringNode {
		return p.text
	}
	return ""
}

// addMissing notes a part of Resources that is made elsewhere: by an include,
// a macro, or a tool that runs before CloudFormation.
func (e *evaluator) addMissing(stack *graph.Stack, r *entry) {
	maker := r.body // Fn::Transform beside resources
	if name, argument, ok := r.body.call(); ok {
		maker = argument // Name: !Macro argument
		if name != "Fn::Transform" {
			maker = nil
		}
	} else if name, argument, ok := r.body.get("Type").call(); ok {
		e.addGap(stack, r, strings.TrimPrefix(name, "Fn::")+" "+argument.text)
		return
	} else if kind := r.body.get("Type"); kind != nil && kind.kind == mappingNode {
		e.addGap(stack, r, "a type that a macro fills in")
		return
	} else if r.name != "Fn::Transform" {
		e.loader.report(r.header, "resource "+r.name+" has no Type: write one, or remove it")
		return
	}
	if location := maker.get("Parameters").get("Location"); location.isScalar() {
		e.addGap(stack, r, location.text)
		return
	}
	e.addGap(stack, r, transformReason(maker).Text)
}

func (e *evaluator) addGap(stack *graph.Stack, r *entry, from string) {
	outer := e.scope
	e.scope = r.scope
	links := gather(e.eval(r.body.get("Properties"))).links
	e.scope = outer
	stack.Gaps = append(stack.Gaps, &graph.Gap{Address: e.prefix + r.name, Source: from, Range: r.header, Links: links})
}
