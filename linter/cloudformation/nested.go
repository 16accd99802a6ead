package cloudformation

import (
	"path"
	"slices"
	"strings"

	"github.com/demarc-dev/demarc/linter/graph"
)

// maxNesting is how deep stacks may contain stacks.
const maxNesting = 8

// nestedInput stands among a resource's inputs for the outputs of nested
// stacks, which may depend on anything.
const nestedInput = "nested stack"

// child is the template that a nested stack leads to.
type child struct {
	// evaluator is nil when the template is not at hand, and while it is looked for.
	evaluator *evaluator
	looking   bool
	url       string // where the template is instead
}

// Nested lists the files that stacks took in as nested templates. They have
// been evaluated with the arguments they are given, so that they need not be
// judged on their own.
func Nested(stacks []*graph.Stack) []string {
	var names []string
	seen := map[string]bool{}
	for _, s := range stacks {
		for i, f := range s.Files {
			if i > 0 && !seen[f.Path] {
				seen[f.Path] = true
				names = append(names, f.Path)
			}
		}
	}
	return names
}

// templateProperty is the property that names a nested stack's template, by type.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cloudformation-stack.html
func templateProperty(kind string) string {
	switch kind {
	case "AWS::CloudFormation::Stack":
		return "TemplateURL"
	}
	return ""
}

// stackSetType makes stacks in other accounts and regions, of a template that is
// not judged with this one.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stackset.html
const stackSetType = "AWS::CloudFormation::StackSet"

func stackSetGap(r *entry, built *graph.Resource) *graph.Gap {
	gap := &graph.Gap{Address: built.Address, Source: "the template of a stack set", Range: r.header, Links: built.Declared.Get("Parameters").AllLinks()}
	for _, name := range [...]string{"TemplateBody", "TemplateURL"} {
		f, ok := built.Declared.Field(name)
		if !ok {
			continue
		}
		if f.Value.Range.Valid() {
			gap.Range = f.Value.Range
		}
		if url, known := text(f.Value); known && name == "TemplateURL" {
			gap.Source = url
		}
	}
	return gap
}

// child returns the evaluator of the template that a nested stack runs, or
// nil when it is not at hand.
func (e *evaluator) child(r *entry) *evaluator {
	property := templateProperty(r.kind())
	if property == "" {
		return nil
	}
	if r.child != nil {
		if r.child.looking {
			e.loader.report(r.header, "the arguments of stack "+r.name+" depend on its own outputs")
		}
		return r.child.evaluator
	}
	r.child = &child{looking: true}
	scope, reads := e.scope, e.reads
	e.scope, e.reads = r.scope, nil
	properties := r.body.get("Properties")
	r.child.url, r.child.evaluator = e.open(r, property, properties)
	if inner := r.child.evaluator; inner != nil {
		e.pass(inner, properties.get("Parameters"))
		inner.writeOutConditions()
	}
	e.scope, e.reads = scope, reads
	r.child.looking = false
	return r.child.evaluator
}

// pass gives a nested template its arguments.
func (e *evaluator) pass(inner *evaluator, arguments *node) {
	inner.outer, inner.passing = e, arguments
	inner.passed, inner.passedBy = map[string]graph.Value{}, map[string][]string{}
	whole := e.guarded(func() {
		for _, f := range e.eval(arguments).Fields {
			inner.passed[f.Name] = f.Value
			if name, ok := refersTo(arguments.get(f.Name)); ok && e.flips[name].invented {
				inner.flips[f.Name] = e.flips[name]
			}
		}
	})
	if len(whole) == 0 || arguments == nil {
		return
	}
	for i := range arguments.pairs {
		p := &arguments.pairs[i]
		inner.passedBy[p.name] = e.guarded(func() { e.eval(p.value) })
	}
}

// guarded lists the conditions that what is evaluated hangs on.
func (e *evaluator) guarded(evaluate func()) []string {
	outer := e.loader.guards
	mine := &guards{}
	e.loader.guards = mine
	evaluate()
	e.loader.guards = outer
	return mine.names
}

// open finds a nested stack's template: url is where it is when it is not at hand.
func (e *evaluator) open(r *entry, property string, properties *node) (url string, inner *evaluator) {
	at := e.eval(properties.get(property))
	url, known := text(at)
	if !known || at.Kind != graph.String {
		url, known = "a template whose place is not known", false
	}
	if id, ok := text(at.Get("ApplicationId")); ok && at.Kind == graph.Object {
		url = "application " + id
	}
	// The CDK writes an S3 address and leaves the local file's name beside it.
	metadata := r.body.get("Metadata")
	if asset := metadata.get("aws:asset:path"); asset.isScalar() && metadata.get("aws:asset:property").isScalar() &&
		strings.HasPrefix(metadata.get("aws:asset:property").text, property) {
		url, known = asset.text, true
	}
	if !known || strings.Contains(url, "://") || path.IsAbs(url) {
		return url, nil
	}
	t, err := e.loader.nested(path.Join(path.Dir(e.template.file.Path), url))
	if err != nil || t == nil {
		return url, nil
	}
	for _, name := range e.chain {
		if name == t.file.Path {
			e.loader.report(r.header, "stack "+r.name+" contains itself, by way of "+url)
			return url, nil
		}
	}
	if len(e.chain) > maxNesting {
		e.loader.report(r.header, "stacks are nested too deeply at "+r.name)
		return url, nil
	}
	if !e.loader.spend(100) {
		return url, nil
	}
	inner = newEvaluator(e.loader, t)
	inner.flips, inner.given = map[string]flip{}, map[string]string{}
	for name, text := range e.given {
		if strings.HasPrefix(name, "AWS::") {
			inner.given[name] = text
		}
	}
	for name, f := range e.flips {
		if own, ok := strings.CutPrefix(name, r.name+"/"); ok {
			inner.flips[own] = f
		} else if strings.HasPrefix(name, "AWS::") {
			inner.flips[name] = f
		}
	}
	inner.assumed = e.assumed
	if e.base != nil {
		if same := e.base.resource(r.name); same != nil {
			inner.base = e.base.child(same)
		}
	}
	inner.prefix = e.prefix + r.name + "/"
	inner.chain = slices.Concat(e.chain, []string{t.file.Path})
	inner.calls = slices.Concat(e.calls, []graph.Call{{
		Address: e.prefix + r.name, Header: r.header, Block: r.block(),
	}})
	return url, inner
}

// addNested adds a nested stack's resources, or the gap that it is. So are
// modules of CloudFormation's registry.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/modules.html
func (e *evaluator) addNested(stack *graph.Stack, r *entry, built *graph.Resource) {
	if strings.HasSuffix(built.DeclaredType, "::MODULE") {
		stack.Gaps = append(stack.Gaps, &graph.Gap{
			Address: built.Address, Source: built.DeclaredType, Range: r.header, Links: built.Declared.AllLinks(),
		})
		return
	}
	if built.DeclaredType == stackSetType {
		stack.Gaps = append(stack.Gaps, stackSetGap(r, built))
		return
	}
	property := templateProperty(built.DeclaredType)
	if property == "" {
		return
	}
	inner := e.child(r)
	if inner == nil {
		at := r.header
		if f, ok := built.Declared.Field(property); ok && f.Value.Range.Valid() {
			at = f.Value.Range
		}
		stack.Gaps = append(stack.Gaps, &graph.Gap{
			Address: built.Address, Source: r.child.url, Range: at, Links: built.Declared.Get("Parameters").AllLinks(),
		})
		return
	}
	known := false
	for _, f := range stack.Files {
		known = known || f == inner.template.file
	}
	if !known {
		stack.Files = append(append(stack.Files, inner.template.file), inner.template.included...)
		inner.remarks(stack)
	}
	inner.around = e.guarded(func() {
		if condition := r.body.get("Condition"); condition != nil {
			e.ifCondition(condition)
		}
	})
	inner.around = slices.Concat(e.around, inner.around)
	inner.build(stack, built.Maybe, nil)
}
