package terraform

import (
	"fmt"
	"path"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// inputs are the values that the user gave for root modules.
type inputs struct {
	tree  source.FS
	open  func(name string) (*source.File, error)
	text  map[string]string
	files []valueFile // of --var-file, in order
	// workspace is "" where it was not given.
	workspace string

	mu    sync.Mutex
	diags []graph.Diagnostic
	// undeclared are the names of given values that a root uses without
	// declaring them.
	undeclared map[string]bool
}

func newInputs(l *library, o Options) *inputs {
	open := o.Open
	if open == nil {
		open = l.tree.Read
	}
	in := &inputs{tree: l.tree, open: open, text: o.Variables, workspace: o.Workspace, undeclared: map[string]bool{}}
	for i, name := range o.VarFiles {
		f, err := in.openAs(i, o.environment)(name)
		if err != nil {
			in.diags = append(in.diags, graph.Diagnostic{File: name, Message: "cannot be read: " + err.Error()})
			in.files = append(in.files, valueFile{name: name, unread: true})
			continue
		}
		in.files = append(in.files, in.parse(f))
	}
	return in
}

// openAs is how the i-th file of the values is read.
func (in *inputs) openAs(i int, of *Environment) func(name string) (*source.File, error) {
	if of != nil && i < len(of.VarFiles) && of.Open != nil {
		return of.Open
	}
	return in.open
}

// valueFile is a file of variable values. One that could not be read may give
// any variable any value.
type valueFile struct {
	name       string
	attributes []*attribute
	unread     bool
}

// given are the values of a root's variables. unread names the file that may
// give a value to those that are not listed, or is "".
type given struct {
	values map[string]*attribute
	unread string
}

func (g *given) take(f valueFile) {
	if f.unread {
		g.values, g.unread = nil, f.name
		return
	}
	if g.values == nil {
		g.values = map[string]*attribute{}
	}
	for _, a := range f.attributes {
		g.values[a.name] = a
	}
}

// parse reads a file of variable values.
func (in *inputs) parse(f *source.File) valueFile {
	p := parseValues(f)
	in.mu.Lock()
	defer in.mu.Unlock()
	in.diags = append(in.diags, p.diags...)
	return valueFile{name: f.Path, attributes: p.body.attributes, unread: len(p.diags) > 0}
}

// given collects the values for a root in dir: terraform.tfvars, then
// *.auto.tfvars in order, then the files that the user named.
func (in *inputs) given(dir string) given {
	var out given
	entries, _ := in.tree.List(dir)
	present := map[string]bool{}
	var auto []string
	for _, e := range entries { // sorted
		if e.IsDir() {
			continue
		}
		present[e.Name()] = true
		if strings.HasSuffix(e.Name(), ".auto.tfvars") || strings.HasSuffix(e.Name(), ".auto.tfvars.json") {
			auto = append(auto, e.Name())
		}
	}
	for _, name := range append([]string{"terraform.tfvars", "terraform.tfvars.json"}, auto...) {
		if !present[name] {
			continue
		}
		f, err := in.tree.Read(path.Join(dir, name))
		if err != nil {
			in.mu.Lock()
			in.diags = append(in.diags, graph.Diagnostic{File: path.Join(dir, name), Message: "cannot be read: " + err.Error()})
			in.mu.Unlock()
			out.take(valueFile{name: path.Join(dir, name), unread: true})
			continue
		}
		out.take(in.parse(f))
	}
	for _, f := range in.files {
		out.take(f)
	}
	return out
}

// origin is where a variable's value is written.
type definition struct {
	value *expression
	scope *scope // in which it is evaluated
	step  graph.Step
}

// definition tells where a variable's value is written; false where that is
// nowhere.
func (in *instance) definition(name string) (definition, bool) {
	if in.call != nil {
		if a := in.call.block.body.attribute(name); a != nil && !isCallMeta(name) {
			message := fmt.Sprintf("module.%s argument %q", in.call.name, name)
			return definition{a.value, in.caller, graph.Step{Message: message, Range: a.span}}, true
		}
	} else if _, ok := in.eval.inputs.text[name]; ok {
		return definition{}, false
	} else if a := in.eval.given.values[name]; a != nil {
		return definition{a.value, in.scope(), graph.Step{Message: path.Base(a.span.File.Path), Range: a.span}}, true
	} else if in.eval.given.unread != "" {
		return definition{}, false
	}
	if v := in.module.variables[name]; v != nil && v.fallback != nil {
		message := fmt.Sprintf("variable %q default", name)
		return definition{v.fallback.value, in.scope(), graph.Step{Message: message, Range: v.fallback.span}}, true
	}
	return definition{}, false
}

// secrets are where the values of sensitive variables are written.
func (in *instance) secrets() []source.Range {
	var out []source.Range
	add := func(x *expression) {
		at := x.span()
		if text := string(at.File.Data[at.Start:at.End]); x.literal && text != "null" && text != `""` {
			out = append(out, at)
		}
	}
	for name, v := range in.module.variables {
		if !v.sensitive && !v.ephemeral {
			continue
		}
		if v.fallback != nil {
			add(v.fallback.value)
		}
		if d, ok := in.definition(name); ok {
			add(d.value)
		}
	}
	return out
}

// variable is the value of an input variable.
func (in *instance) variable(name string) cty.Value {
	return in.once(&in.variables, name, "var", func() cty.Value {
		v := in.module.variables[name]
		if v == nil {
			return in.undeclaredVariable(name)
		}
		value := in.input(v)
		if value.IsKnown() && value.IsNull() && !v.nullable && v.fallback != nil {
			value = in.scope().evaluate(v.fallback.value)
		}
		value = in.conform(v, value)
		return withhold(value, v.sensitive, v.ephemeral)
	})
}

// undeclaredVariable is a variable that the module uses and does not declare: a
// tool that writes the declaration may have yet to run, and knows the value.
func (in *instance) undeclaredVariable(name string) cty.Value {
	if in.call != nil {
		return unknown(cty.DynamicPseudoType, in.within("var."+name+" is not declared"), "")
	}
	inputs := in.eval.inputs
	note := func() {
		inputs.mu.Lock()
		defer inputs.mu.Unlock()
		inputs.undeclared[name] = true
	}
	if text, ok := inputs.text[name]; ok {
		note()
		return cty.StringVal(text)
	}
	if a := in.eval.given.values[name]; a != nil {
		note()
		return in.scope().evaluate(a.value)
	}
	return unknown(cty.DynamicPseudoType, "var."+name+" is not declared", "var."+name)
}

// withhold marks a value that is declared sensitive or ephemeral.
func withhold(v cty.Value, sensitive, ephemeral bool) cty.Value {
	if sensitive {
		v = v.Mark(sensitiveMark{})
	}
	if ephemeral {
		v = v.Mark(ephemeralMark{})
	}
	return v
}

// input is what was given for a variable, before conversion.
func (in *instance) input(v *variable) cty.Value {
	if in.call == nil {
		if text, ok := in.eval.inputs.text[v.name]; ok {
			return in.eval.argument(v, text)
		}
	}
	if d, ok := in.definition(v.name); ok {
		return d.scope.evaluate(d.value)
	}
	if in.call != nil {
		return unknown(v.kind.WithoutOptionalAttributesDeep(), graph.StripKeys(in.address)+": var."+v.name+" is not set", "")
	}
	if file := in.eval.given.unread; file != "" {
		return unknown(v.kind.WithoutOptionalAttributesDeep(), "var."+v.name+" may be given in "+file+", which cannot be read", "var."+v.name)
	}
	return unknown(v.kind.WithoutOptionalAttributesDeep(), "var."+v.name+" has no default", "var."+v.name)
}

// argument reads the raw text of --var as Terraform does: an expression,
// unless the variable is a string or of any type.
func (e *evaluation) argument(v *variable, text string) cty.Value {
	if v.kind == cty.String || v.kind == cty.DynamicPseudoType {
		return cty.StringVal(text)
	}
	problem := ""
	if _, ok := checkNesting([]byte(text)); !ok {
		problem = "is nested too deeply"
	} else if node, diags := hclsyntax.ParseExpression([]byte(text), "--var", hcl.InitialPos); diags.HasErrors() {
		problem = diags[0].Summary
	} else if value, diags := node.Value(nil); diags.HasErrors() {
		problem = diags[0].Summary
	} else {
		return e.bounded(value)
	}
	e.report(v.header, fmt.Sprintf("the value given for var.%s is not a valid expression: %s", v.name, problem))
	return unknown(cty.DynamicPseudoType, "the value given for var."+v.name+" is not a valid expression", "var."+v.name)
}

// conform converts a value to the variable's type.
func (in *instance) conform(v *variable, value cty.Value) (out cty.Value) {
	kind := v.kind.WithoutOptionalAttributesDeep()
	failed := func(message string) cty.Value {
		at := v.header
		if d, ok := in.definition(v.name); ok {
			at = d.step.Range
		}
		in.eval.report(at, message)
		return unknown(kind, in.within(message), "").WithMarks(causes(deepMarks(value)))
	}
	defer func() {
		if r := recover(); r != nil {
			out = failed(graph.Failure("converting the value of var."+v.name+" to its type", r))
		}
	}()
	value = complete(value, v.kind)
	if v.kind != cty.DynamicPseudoType && !in.eval.effort.spend(unifying(value.Type(), maxSteps)) {
		return unknown(kind, tooMuch, "")
	}
	if v.defaults != nil {
		value = v.defaults.Apply(value)
	}
	converted, err := convert.Convert(value, v.kind)
	if err != nil {
		return failed(fmt.Sprintf("the value of var.%s does not fit its type: %v", v.name, describe(err)))
	}
	return converted
}

// complete adds to resources that are passed as a whole, wherever in a value, the
// attributes that a type asks for and that only the provider knows.
func complete(v cty.Value, kind cty.Type) cty.Value {
	bare, marks := v.Unmark()
	if !bare.IsKnown() || bare.IsNull() || !holdsOpenObject(v) {
		return v
	}
	switch {
	case kind.IsObjectType() && bare.Type().IsObjectType():
		return completeObject(v, kind)
	case kind.IsCollectionType() && (bare.Type().IsObjectType() || bare.Type().IsMapType()):
		members := bare.AsValueMap()
		for name, member := range members {
			members[name] = complete(member, kind.ElementType())
		}
		return cty.ObjectVal(members).WithMarks(marks)
	case (kind.IsCollectionType() || kind.IsTupleType()) && (bare.Type().IsTupleType() || bare.Type().IsListType()):
		items := bare.AsValueSlice()
		for i, item := range items {
			if kind.IsCollectionType() {
				items[i] = complete(item, kind.ElementType())
			} else if i < kind.Length() {
				items[i] = complete(item, kind.TupleElementType(i))
			}
		}
		return cty.TupleVal(items).WithMarks(marks)
	}
	return v
}

func completeObject(v cty.Value, kind cty.Type) cty.Value {
	bare, marks := v.Unmark()
	members := bare.AsValueMap()
	if members == nil {
		members = map[string]cty.Value{}
	}
	whole, open := openObject(v)
	for name, member := range kind.AttributeTypes() {
		have, ok := members[name]
		switch {
		case ok:
			members[name] = complete(have, member)
		case open:
			members[name] = whole.attribute(name)
		}
	}
	return cty.ObjectVal(members).WithMarks(marks)
}

// holdsOpenObject reports whether some part of v is an object that has more
// attributes than are known.
func holdsOpenObject(v cty.Value) bool {
	if !v.ContainsMarked() {
		return false
	}
	for m := range deepMarks(v) {
		if whole, ok := m.(objectMark); ok && !whole.closed {
			return true
		}
	}
	return false
}

// describe adds to a conversion error where in the value it occurred.
func describe(err error) string {
	if p, ok := err.(cty.PathError); ok && len(p.Path) > 0 { //nolint:errorlint // convert returns it unwrapped
		return strings.TrimPrefix(formatPath(p.Path), ".") + ": " + p.Error()
	}
	return err.Error()
}

func formatPath(p cty.Path) string {
	var b strings.Builder
	for _, step := range p {
		switch s := step.(type) {
		case cty.GetAttrStep:
			b.WriteString("." + s.Name)
		case cty.IndexStep:
			b.WriteString(instanceKey(s.Key))
		}
	}
	return b.String()
}
