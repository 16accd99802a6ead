package terraform

import (
	"fmt"
	"math/big"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// Limits of one root. They end configurations that are made to not end.
const (
	maxInstances      = 10_000  // of one resource or module
	maxTotalInstances = 200_000 // of all
	maxTrail          = 2_000   // values that wait for each other
	maxModuleDepth    = 32
)

// evaluation evaluates one root module. It is used by one goroutine.
type evaluation struct {
	library   *library
	inputs    *inputs
	given     given
	root      string            // the root module's directory
	installed map[string]string // module path -> directory
	functions map[string]function.Function
	stack     *graph.Stack
	diags     []graph.Diagnostic
	reported  map[string]bool
	trail     []waiting
	instances int
	effort    effort
	keys      map[*hclsyntax.ObjectConsExpr]map[string]int // where a key's item is
	decisions map[decision]hclsyntax.Expression
	tests     map[string]*graph.Test // by what they ask
}

// waiting is a value that is being computed.
type waiting struct {
	in         *instance
	kind, name string
}

func (w waiting) String() string {
	name := w.name
	if w.kind != "" {
		name = w.kind + "." + name
	}
	if w.in.address != "" {
		name = w.in.address + "." + name
	}
	return name
}

// evaluateRoot evaluates a root module and all modules that it calls.
func evaluateRoot(l *library, m *module, in *inputs) (stack *graph.Stack, diags []graph.Diagnostic) {
	e := newEvaluation(l, m, in)
	defer func() {
		if r := recover(); r != nil {
			e.diags = append(e.diags, graph.Diagnostic{File: m.dir, Message: graph.Failure("evaluating the directory", r)})
			diags = e.diags
			stack = e.stack
		}
	}()
	e.prepare()
	root := newInstance(e, m)
	root.emit()
	if l.ctx.Err() != nil {
		return e.stack, e.diags
	}
	if e.effort.isSpent() {
		e.report(source.Range{}, tooMuch+": what was left is unknown")
	}
	sort.SliceStable(e.stack.Gaps, func(i, j int) bool { return e.stack.Gaps[i].Address < e.stack.Gaps[j].Address })
	return e.stack, e.diags
}

func newEvaluation(l *library, m *module, in *inputs) *evaluation {
	e := &evaluation{
		library: l, inputs: in, root: m.dir, reported: map[string]bool{},
		keys: map[*hclsyntax.ObjectConsExpr]map[string]int{}, decisions: map[decision]hclsyntax.Expression{},
		effort: newEffort(l.ctx, m.written()),
		stack:  &graph.Stack{Root: m.dir, Language: graph.Terraform, Files: m.files},
	}
	return e
}

// prepare reads what the root is evaluated with.
func (e *evaluation) prepare() {
	e.given = e.inputs.given(e.root)
	e.installed = readInstalled(e.library.tree, e.root)
	e.functions = e.allFunctions()
}

// report tells a problem once.
func (e *evaluation) report(at source.Range, message string) {
	d := graph.Diagnostic{File: e.root, Range: at, Message: message}
	key := message
	if at.Valid() {
		d.File = at.File.Path
		key = fmt.Sprintf("%s:%d:%s", d.File, at.Start, message)
	}
	if !e.reported[key] {
		e.reported[key] = true
		e.diags = append(e.diags, d)
	}
}

// instance is one instance of a module.
type instance struct {
	eval     *evaluation
	module   *module
	address  string // module.a["x"], "" for the root
	names    []string
	call     *call  // nil for the root
	caller   *scope // in which the call's arguments are evaluated
	calls    []graph.Call
	presence presence
	missing  *cty.Value // what all outputs are where the module is not at hand

	variables, locals, outputs map[string]*slot
	clusters                   map[*resource]*cluster
	families                   map[*call]*family
	plain                      *scope
}

func newInstance(e *evaluation, m *module) *instance {
	return &instance{eval: e, module: m, clusters: map[*resource]*cluster{}, families: map[*call]*family{}}
}

// scope is the scope of the instance outside of any resource or call.
func (in *instance) scope() *scope {
	if in.plain == nil {
		in.plain = &scope{in: in}
	}
	return in.plain
}

// within prefixes a text with the module it speaks of.
func (in *instance) within(text string) string {
	if in.address == "" {
		return text
	}
	return graph.StripKeys(in.address) + ": " + text
}

// slot keeps a value once it is computed.
type slot struct {
	value cty.Value
	busy  bool
}

// once computes a value the first time it is asked for. A value that needs
// itself is unknown.
func (in *instance) once(slots *map[string]*slot, name, kind string, compute func() cty.Value) cty.Value {
	if s := (*slots)[name]; s != nil {
		if s.busy {
			return in.cycle(kind, name)
		}
		return s.value
	}
	s := &slot{busy: true}
	if *slots == nil {
		*slots = map[string]*slot{}
	}
	(*slots)[name] = s
	leave, ok := in.enter(kind, name)
	if ok {
		s.value = compute()
	} else {
		s.value = unknown(cty.DynamicPseudoType, fmt.Sprintf("more than %d values wait for each other", maxTrail), "")
	}
	leave()
	s.busy = false
	return s.value
}

// enter notes that a value is being computed.
func (in *instance) enter(kind, name string) (leave func(), ok bool) {
	e := in.eval
	if len(e.trail) >= maxTrail {
		return func() {}, false
	}
	e.trail = append(e.trail, waiting{in, kind, name})
	return func() { e.trail = e.trail[:len(e.trail)-1] }, true
}

// cycle reports that a value needs itself.
func (in *instance) cycle(kind, name string) cty.Value {
	self := waiting{in, kind, name}
	from := max(0, slices.Index(in.eval.trail, self))
	const most = 8
	var names []string
	for _, w := range in.eval.trail[from:] {
		if text := w.String(); len(names) == 0 || names[len(names)-1] != text {
			names = append(names, text)
		}
	}
	if len(names) > most {
		names = append(names[:most], "...")
	}
	names = append(names, self.String())
	in.eval.report(in.declared(kind, name), "refers to itself: "+strings.Join(names, " -> "))
	return unknown(cty.DynamicPseudoType, in.within(strings.TrimPrefix(kind+"."+name, "."))+" refers to itself", "")
}

// declared is where a name is declared.
func (in *instance) declared(kind, name string) source.Range {
	switch kind {
	case "var":
		if v := in.module.variables[name]; v != nil {
			return v.header
		}
	case "local":
		if a := in.module.locals[name]; a != nil {
			return a.span
		}
	case "module":
		if c := in.module.callNamed[name]; c != nil {
			return c.block.header
		}
	case "output":
		if o := in.module.outputs[name]; o != nil && o.value != nil {
			return o.value.span
		}
	}
	for _, r := range in.module.resources {
		if r.address == name {
			return r.block.header
		}
	}
	return source.Range{}
}

func (in *instance) local(name string) cty.Value {
	return in.once(&in.locals, name, "local", func() cty.Value {
		a := in.module.locals[name]
		if a == nil {
			return unknown(cty.DynamicPseudoType, in.within("local."+name+" is not declared"), "")
		}
		return in.scope().evaluate(a.value)
	})
}

// output is the value of one of the instance's outputs.
func (in *instance) output(name string) cty.Value {
	if in.missing != nil {
		return *in.missing
	}
	return in.once(&in.outputs, name, "output", func() cty.Value {
		o := in.module.outputs[name]
		if o == nil || o.value == nil {
			return unknown(cty.DynamicPseudoType, fmt.Sprintf("%s has no output %q", graph.StripKeys(in.address), name), "")
		}
		return withhold(in.scope().evaluate(o.value.value), o.sensitive, o.ephemeral)
	})
}

// evaluate computes an expression. It never fails: what cannot be computed is
// unknown and says why.
func (s *scope) evaluate(x *expression) (v cty.Value) {
	if x.constant != cty.NilVal {
		return x.constant
	}
	if x.literal {
		if v, diags := x.node.Value(nil); !diags.HasErrors() {
			return s.in.eval.bounded(v)
		}
	}
	defer func() {
		if r := recover(); r != nil {
			message := graph.Failure("evaluating an expression", r)
			s.in.eval.report(x.span(), message)
			v = cty.DynamicVal.WithMarks(s.because(x, message))
		}
	}()
	if !s.in.eval.effort.allows() {
		return unknown(cty.DynamicPseudoType, tooMuch, "")
	}
	if t, ok := x.node.(*tolerantTraversal); ok {
		if v, ok := s.reference(&x.uses[0], t); ok && (v.IsKnown() || hasReason(v)) {
			return v // explained and bounded where it is defined
		}
	}
	v = s.compute(x, x.node, s.context(x))
	if bounded := s.in.eval.bounded(v); bounded.IsKnown() != v.IsKnown() {
		s.in.eval.report(x.span(), tooLarge)
		v = bounded
	}
	return explain(v, func() cty.ValueMarks { return s.because(x, "") })
}

// reference evaluates an expression that only names something, as most do,
// without a context. It is false where that has to be done in full.
func (s *scope) reference(u *use, t *tolerantTraversal) (cty.Value, bool) {
	from := 2
	switch {
	case s.isObject(u.root):
		from = 1
	case u.name == "":
		return cty.NilVal, false
	case u.kind != "":
		from = 3
	}
	v, diags := traverse(s.resolve(u), t.Traversal[from:])
	if !diags.HasErrors() {
		return v, true
	}
	return cty.NilVal, false
}

// compute evaluates a node; where that fails inside a list or object, only
// the failing members are unknown.
func (s *scope) compute(x *expression, node hclsyntax.Expression, ctx *hcl.EvalContext) cty.Value {
	v, diags := node.Value(ctx)
	if !diags.HasErrors() {
		return v
	}
	switch n := node.(type) {
	case *hclsyntax.ParenthesesExpr:
		return s.compute(x, n.Expression, ctx)
	case *hclsyntax.TupleConsExpr:
		items := make([]cty.Value, len(n.Exprs))
		for i, item := range n.Exprs {
			items[i] = s.compute(x, item, ctx)
		}
		return cty.TupleVal(items)
	case *hclsyntax.ObjectConsExpr:
		members := make(map[string]cty.Value, len(n.Items))
		whole := true
		for _, item := range n.Items {
			key, ok := keyText(item.KeyExpr, ctx)
			if whole = whole && ok; whole {
				members[key] = s.compute(x, item.ValueExpr, ctx)
			}
		}
		if whole {
			return cty.ObjectVal(members)
		}
	case *choice:
		if chosen, marks := n.decide(ctx); chosen != nil {
			return s.compute(x, chosen, ctx).WithMarks(marks)
		}
	case *hclsyntax.FunctionCallExpr:
		if v, ok := s.computeCall(x, n, ctx); ok {
			return explain(v, func() cty.ValueMarks { return s.because(x, summary(diags)) })
		}
	case *hclsyntax.TemplateExpr:
		if v, ok := s.computeTemplate(x, n, ctx); ok {
			return explain(v, func() cty.ValueMarks { return s.because(x, summary(diags)) })
		}
	}
	return cty.DynamicVal.WithMarks(s.because(x, summary(diags)))
}

// computeCall calls a function with what of its arguments can be evaluated.
func (s *scope) computeCall(x *expression, n *hclsyntax.FunctionCallExpr, ctx *hcl.EvalContext) (cty.Value, bool) {
	if n.Name == "try" || n.Name == "can" {
		return cty.NilVal, false // they are about what fails
	}
	call := *n
	args, failed := s.computeParts(x, n.Args, ctx)
	if !failed {
		return cty.NilVal, false
	}
	call.Args = args
	v, diags := call.Value(ctx)
	return v, !diags.HasErrors()
}

// computeTemplate writes a text of those of its parts that can be evaluated.
func (s *scope) computeTemplate(x *expression, n *hclsyntax.TemplateExpr, ctx *hcl.EvalContext) (cty.Value, bool) {
	template := *n
	parts, failed := s.computeParts(x, n.Parts, ctx)
	if !failed {
		return cty.NilVal, false
	}
	template.Parts = parts
	v, diags := template.Value(ctx)
	return v, !diags.HasErrors()
}

// computeParts puts what is known in the place of the nodes that fail.
func (s *scope) computeParts(x *expression, nodes []hclsyntax.Expression, ctx *hcl.EvalContext) (parts []hclsyntax.Expression, failed bool) {
	parts = make([]hclsyntax.Expression, len(nodes))
	for i, node := range nodes {
		parts[i] = node
		if _, diags := node.Value(ctx); diags.HasErrors() {
			failed = true
			parts[i] = &hclsyntax.LiteralValueExpr{Val: s.compute(x, node, ctx), SrcRange: node.Range()}
		}
	}
	return parts, failed
}

// keyText is the text of an object's key, if it is known.
func keyText(key hclsyntax.Expression, ctx *hcl.EvalContext) (string, bool) {
	v, diags := key.Value(ctx)
	if diags.HasErrors() {
		return "", false
	}
	v, _ = v.Unmark()
	return text(v)
}

// text is a known scalar as a string.
func text(v cty.Value) (string, bool) {
	v, _ = v.Unmark()
	if !v.IsKnown() || v.IsNull() {
		return "", false
	}
	switch v.Type() {
	case cty.String:
		return v.AsString(), true
	case cty.Number:
		return digits(v), true
	case cty.Bool:
		if v.True() {
			return "true", true
		}
		return "false", true
	}
	return "", false
}

// digits is a known number in decimal digits.
func digits(v cty.Value) string {
	f := v.AsBigFloat()
	if n, accuracy := f.Int64(); accuracy == big.Exact {
		return strconv.FormatInt(n, 10)
	}
	return f.Text('f', -1)
}

// summary is the first error in one line.
func summary(diags hcl.Diagnostics) string {
	for _, d := range diags {
		if d.Severity == hcl.DiagError {
			detail, _, _ := strings.Cut(d.Detail, "\n")
			if detail == "" {
				return d.Summary
			}
			return d.Summary + ": " + strings.TrimSuffix(detail, ".")
		}
	}
	return "cannot be evaluated"
}

// because are the marks of an expression's unknown value: the text, or else
// whatever the names it refers to are unknown for, and their links.
func (s *scope) because(x *expression, text string) cty.ValueMarks {
	marks := cty.ValueMarks{}
	known := true
	needs := ""
	for i := range x.uses {
		u := &x.uses[i]
		if u.root == "terraform" && s.in.eval.inputs.workspace == "" {
			needs = "--workspace"
		}
		if address, ok := s.target(u); ok {
			attribute := ""
			if len(u.attributes) == 1 {
				attribute = u.attributes[0]
			}
			marks[link(address, attribute)] = struct{}{}
			if text == "" {
				marks[computedReason(address, s.resource(u).data)] = struct{}{}
			}
			known = false
			continue
		}
		v := s.resolve(u)
		if text != "" {
			text = hideSecrets(text, v, false)
		}
		for m := range causes(deepMarks(v)) {
			switch m.(type) {
			case sensitiveMark, ephemeralMark:
				continue // nothing is there to be printed
			case reasonMark:
				if text != "" {
					continue
				}
				known = false
			}
			marks[m] = struct{}{}
		}
	}
	if text != "" {
		if needs != "" {
			text += ", in the workspace \"default\""
		}
		marks[reason(text, needs)] = struct{}{}
	} else if known {
		marks[reason("cannot be known before apply", "")] = struct{}{}
	}
	return marks
}
