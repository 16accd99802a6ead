package cloudformation

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// ReadParameters reads a parameter file, YAML or JSON, in any of the forms
// that AWS's tools take: a list of {ParameterKey, ParameterValue} or of
// NAME=VALUE (AWS CLI), {"Parameters": {NAME: VALUE}} (CodePipeline's template
// configuration), or NAME: VALUE. A list as value is joined with commas.
func ReadParameters(data []byte) (map[string]string, error) {
	f := source.NewFile("", data)
	root, duplicates, err := parse(f)
	if err != nil {
		return nil, located(f, err)
	}
	if len(duplicates) > 0 {
		return nil, located(f, &duplicates[0])
	}
	out := map[string]string{}
	switch root.kind {
	case sequenceNode:
		for _, item := range root.items {
			if err := readEntry(out, f, item); err != nil {
				return nil, err
			}
		}
		return out, nil
	case mappingNode:
		if inner := root.get("Parameters"); inner != nil && inner.kind == mappingNode {
			root = inner
		}
		for _, p := range root.pairs {
			text, ok := givenText(p.value)
			if !ok {
				return nil, fmt.Errorf("line %d: the value of parameter %s is neither text nor a list of texts", f.Position(p.start).Line, p.name)
			}
			out[p.name] = text
		}
		return out, nil
	}
	return nil, fmt.Errorf("a parameter file holds a list of {ParameterKey, ParameterValue} or an object of names and values")
}

func located(f *source.File, err error) error {
	var e *syntaxError
	if errors.As(err, &e) && e.at.Valid() {
		return fmt.Errorf("line %d: %s", f.Position(e.at.Start).Line, e.message)
	}
	return err
}

// readEntry reads one member of a parameter file in the form of a list.
func readEntry(out map[string]string, f *source.File, item *node) error {
	if item.kind == stringNode {
		if name, value, ok := strings.Cut(item.text, "="); ok {
			out[strings.TrimSpace(name)] = value
			return nil
		}
	}
	key, value := item.get("ParameterKey"), item.get("ParameterValue")
	if use := item.get("UsePreviousValue"); key.isScalar() && value == nil && use != nil {
		return nil // the value that the deployed stack has, which nobody knows here
	}
	text, ok := givenText(value)
	if !key.isScalar() || !ok {
		return fmt.Errorf("line %d: a parameter needs ParameterKey and ParameterValue", f.Position(item.start).Line)
	}
	out[key.text] = text
	return nil
}

// parameterText is a parameter's value as a template writes it.
func parameterText(n *node) (string, bool) {
	return joined(n, func(n *node) string { return n.text })
}

// givenText is a parameter's value as a file of parameters gives it: text.
func givenText(n *node) (string, bool) { return joined(n, (*node).name) }

func joined(n *node, text func(*node) string) (string, bool) {
	if n.isScalar() {
		return text(n), true
	}
	if n == nil || n.kind != sequenceNode {
		return "", false
	}
	texts := make([]string, len(n.items))
	for i, item := range n.items {
		if !item.isScalar() {
			return "", false
		}
		texts[i] = text(item)
	}
	return strings.Join(texts, ","), true
}

// parameter returns the value that a Ref to a declared parameter has.
func (e *evaluator) parameter(p *pair) graph.Value {
	e.note(p.name)
	if by := e.passedBy[p.name]; len(by) > 0 && e.loader.guards != nil && !e.inCondition {
		e.loader.guards.add(by...)
	}
	if f := e.flips[p.name]; f.invented && e.inCondition {
		return parameterValue(parameterType(p.value), f.text)
	}
	v, ok := e.parameters[p.name]
	if !ok {
		v = e.readParameter(p)
		e.parameters[p.name] = v
	}
	return v
}

func (e *evaluator) readParameter(p *pair) graph.Value {
	v, from := e.parameterSource(p)
	v.Sensitive = v.Sensitive || noEcho(p)
	return throughStep(v, graph.Step{Message: "parameter " + p.name, Range: from})
}

func noEcho(p *pair) bool {
	hidden := p.value.get("NoEcho")
	return hidden.isScalar() && strings.EqualFold(hidden.text, "true")
}

// secretDefaults are where the template writes defaults that must not be shown.
func (e *evaluator) secretDefaults() []source.Range {
	var out []source.Range
	if e.template.parameters == nil {
		return nil
	}
	for i := range e.template.parameters.pairs {
		p := &e.template.parameters.pairs[i]
		if written := p.value.get("Default"); written != nil && noEcho(p) {
			out = append(out, written.at())
		}
	}
	return out
}

// parameterSource finds the value of a parameter and where it comes from.
func (e *evaluator) parameterSource(p *pair) (v graph.Value, from source.Range) {
	from = e.template.parameters.nameAt(p)
	kind := parameterType(p.value)
	if passed, ok := e.passed[p.name]; ok && passed.Kind != graph.Absent {
		// The value, and its place, are the parent template's.
		v = passed
		if given, ok := text(passed); ok && passed.Kind != graph.List && !fromParameterStore(kind) {
			v = parameterValue(kind, given)
			v.Meta, v.Sensitive = passed.Meta, passed.Sensitive
		}
		return v, passed.Range
	}
	given, isGiven := e.given[p.name]
	f, flipped := e.flips[p.name]
	initial := p.value.pair("Default")
	switch {
	case fromParameterStore(kind) && f.invented:
		return e.fromStore(p, given), from
	case f.invented && initial != nil:
		return because(p.name, "parameter "+p.name+" has some other value here"), from
	case flipped && !f.invented:
		return parameterValue(kind, f.text), from
	case fromParameterStore(kind):
		return e.fromStore(p, given), from
	case isGiven:
		return parameterValue(kind, given), from
	case initial == nil:
		return because(p.name, "parameter "+p.name+" has no default"), from
	}
	if text, ok := parameterText(initial.value); ok {
		from.Start, from.End = initial.start, max(initial.end, initial.value.end)
		return parameterValue(kind, text), from
	}
	return because(p.name, "the default of parameter "+p.name+" is no text"), from
}

// fromStore is the value of a parameter whose text, given or by default, names
// an entry of Parameter Store.
func (e *evaluator) fromStore(p *pair, given string) graph.Value {
	if given == "" {
		given, _ = parameterText(p.value.get("Default"))
	}
	return e.loader.stored(because("", "parameter "+p.name+" is read from Parameter Store"), given)
}

// Declares reports whether one of the stacks has a parameter of a name, or the
// name is that of a pseudo parameter.
func Declares(stacks []*graph.Stack, name string) bool {
	if _, ok := pseudoParameters[name]; ok && len(stacks) > 0 {
		return true
	}
	return slices.ContainsFunc(stacks, func(s *graph.Stack) bool { return slices.Contains(s.Parameters, name) })
}

func because(needs, text string) graph.Value {
	return graph.UnknownValue(graph.Reason{Text: text, Needs: needs})
}

// throughStep returns v that came through a further hop, nearer than those it
// has come through so far.
func throughStep(v graph.Value, step graph.Step) graph.Value {
	if v.Meta == nil || len(v.Meta.Via) == 0 {
		return v.WithVia(step)
	}
	m := *v.Meta
	m.Via = append([]graph.Step{step}, m.Via...)
	v.Meta = &m
	return v
}

func parameterType(declared *node) string {
	if kind := declared.get("Type"); kind.isScalar() {
		return kind.text
	}
	return "String"
}

// fromParameterStore reports whether a parameter's text names an entry of
// Parameter Store instead of being the value.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html
func fromParameterStore(kind string) bool {
	return strings.HasPrefix(kind, "AWS::SSM::Parameter::Value<")
}

func isListType(kind string) bool {
	return kind == "CommaDelimitedList" || strings.HasPrefix(kind, "List<")
}

// parameterValue reads a parameter's text as its type says.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
func parameterValue(kind, text string) graph.Value {
	number := kind == "Number" || kind == "List<Number>"
	scalar := func(text string) graph.Value {
		if number && isNumber(text) {
			return graph.NumberValue(text)
		}
		return graph.StringValue(text)
	}
	if !isListType(kind) {
		return scalar(text)
	}
	parts := strings.Split(text, ",")
	items := make([]graph.Value, len(parts))
	for i, part := range parts {
		items[i] = scalar(strings.TrimSpace(part))
	}
	return graph.ListValue(items...)
}
