package terraform

import (
	"fmt"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// mode says how many instances a block has.
type mode uint8

const (
	single   mode = iota // neither count nor for_each
	counted              // count
	keyed                // for_each
	open                 // unknown: each instance may be there, or one stands for all
	disabled             // OpenTofu's lifecycle: there is none
)

// expansion is the instances of a resource or a module call.
type expansion struct {
	mode   mode
	scopes []*scope
	keys   []string // as in addresses: "", [0], ["x"], ["*"]
	names  []string // of keyed instances
	// maybe is why it is unknown which instances there are, or nil. exists are
	// the conditions of each; empty where they cannot be told.
	maybe  *graph.Reason
	exists []*graph.Condition
}

// presence is whether something exists: always, where why is nil.
type presence struct {
	why  *graph.Reason
	when *graph.Condition // nil where it is not known what it hangs on
}

// presence tells whether instance i exists in a module that exists so.
func (x *expansion) presence(i int, around presence) presence {
	own := presence{why: x.maybe}
	if i < len(x.exists) {
		if own.when = x.exists[i]; own.when.IsAlways() {
			own = presence{}
		}
	}
	switch {
	case own.why == nil:
		return around
	case around.why == nil:
		return own
	case own.when == nil || around.when == nil:
		return presence{why: own.why}
	}
	return presence{own.why, graph.And(around.when, own.when)}
}

// expandEnabled is expand for a block whose lifecycle may say enabled, as
// OpenTofu reads it.
func (in *instance) expandEnabled(count, forEach, enabled *expression, what string) expansion {
	out := in.expand(count, forEach, what)
	if enabled == nil {
		return out
	}
	c := &cursor{scope: in.scope(), x: enabled, node: enabled.node}
	switch when := c.condition(0); {
	case when.IsNever():
		return expansion{mode: disabled}
	case !when.IsAlways() && out.mode == single:
		out.maybe = firstReason(c.evaluate(), "enabled of "+what+" is unknown")
		out.exists = []*graph.Condition{when}
	}
	return out
}

// expand evaluates count or for_each. what names the block in diagnostics.
func (in *instance) expand(count, forEach *expression, what string) expansion {
	what = graph.StripKeys(what) // one message for all instances
	switch {
	case count != nil && forEach != nil:
		in.eval.report(count.span(), what+" has both count and for_each")
		return in.openExpansion(&graph.Reason{Text: what + " has both count and for_each"})
	case count != nil:
		return in.expandCount(count, what)
	case forEach != nil:
		return in.expandForEach(forEach, what)
	}
	return expansion{mode: single, scopes: []*scope{in.scope()}, keys: []string{""}}
}

// openExpansion has one instance that stands for any number of them.
func (in *instance) openExpansion(why *graph.Reason) expansion {
	dynamic := cty.DynamicVal.Mark(reasonMark{Reason: *why})
	s := &scope{
		in:    in,
		each:  &binding{key: cty.UnknownVal(cty.String).RefineNotNull().Mark(reasonMark{Reason: *why}), value: dynamic},
		index: cty.UnknownVal(cty.Number).RefineNotNull().Mark(reasonMark{Reason: *why}),
	}
	return expansion{mode: open, scopes: []*scope{s}, keys: []string{`["*"]`}, maybe: why}
}

func (in *instance) invalidExpansion(at source.Range, message string) expansion {
	in.eval.report(at, message)
	return in.openExpansion(&graph.Reason{Text: message})
}

func (in *instance) expandCount(x *expression, what string) expansion {
	marked := in.scope().evaluate(x)
	v, _ := marked.UnmarkDeep()
	if !v.IsKnown() {
		return in.openCount(x, firstReason(marked, "count of "+what+" is unknown"))
	}
	if v.IsNull() {
		return in.invalidExpansion(x.span(), "count of "+what+" is null")
	}
	number, err := convert.Convert(v, cty.Number)
	if err != nil {
		return in.invalidExpansion(x.span(), "count of "+what+" is not a number: "+err.Error())
	}
	big := number.AsBigFloat()
	n, _ := big.Int64()
	switch {
	case big.Sign() < 0 || !big.IsInt():
		return in.invalidExpansion(x.span(), "count of "+what+" is not a whole number of zero or more")
	case n > maxInstances || !in.eval.admit(int(n)):
		return in.invalidExpansion(x.span(), tooMany(what, fmt.Sprint(n)))
	}
	out := expansion{mode: counted}
	for i := range int(n) {
		out.scopes = append(out.scopes, &scope{in: in, index: cty.NumberIntVal(int64(i))})
		out.keys = append(out.keys, fmt.Sprintf("[%d]", i))
	}
	return out
}

func tooMany(what, n string) string {
	return fmt.Sprintf("%s has %s instances; demarc evaluates at most %d of one block and %d in all", what, n, maxInstances, maxTotalInstances)
}

// admit counts instances, and reports whether the root may have n more.
func (e *evaluation) admit(n int) bool {
	if e.instances+n > maxTotalInstances {
		return false
	}
	e.instances += n
	return true
}

func (in *instance) expandForEach(x *expression, what string) expansion {
	marked := in.scope().evaluate(x)
	v, marks := marked.Unmark()
	kind := v.Type()
	switch {
	case !v.IsKnown():
		return in.openForEach(x, firstReason(marked, "for_each of "+what+" is unknown"))
	case v.IsNull():
		return in.invalidExpansion(x.span(), "for_each of "+what+" is null")
	case secret(marks):
		return in.invalidExpansion(x.span(), "for_each of "+what+" is sensitive: its keys would be shown")
	case !kind.IsMapType() && !kind.IsObjectType() && !kind.IsSetType():
		return in.invalidExpansion(x.span(), "for_each of "+what+" must be a map or a set of strings, not "+kind.FriendlyName())
	case kind.IsSetType() && !v.IsWhollyKnown():
		return in.openForEach(x, firstReason(marked, "for_each of "+what+" has unknown members"))
	}
	if n := v.LengthInt(); n > maxInstances || !in.eval.admit(n) {
		return in.invalidExpansion(x.span(), tooMany(what, fmt.Sprint(n)))
	}
	marks = causes(marks)
	from := &cursor{scope: in.scope(), x: x, node: x.node}
	out := expansion{mode: keyed}
	for key, value := range v.Elements() {
		name, ok := text(key)
		if !ok || kind.IsSetType() && key.Type() != cty.String {
			return in.invalidExpansion(x.span(), "for_each of "+what+" must be a map or a set of strings, not a "+kind.FriendlyName())
		}
		if !value.IsKnown() {
			value = value.WithMarks(marks)
		}
		out.scopes = append(out.scopes, &scope{in: in, each: &binding{key: key, value: value, from: from}})
		out.keys = append(out.keys, instanceKey(cty.StringVal(name)))
		out.names = append(out.names, name)
	}
	return out
}

// instanceKey is a key as addresses have it.
func instanceKey(key cty.Value) string {
	key, _ = key.Unmark()
	if key.IsKnown() && !key.IsNull() {
		switch key.Type() {
		case cty.Number:
			return "[" + digits(key) + "]"
		case cty.String:
			return `["` + keyEscapes.Replace(key.AsString()) + `"]`
		}
	}
	return `["*"]`
}

var keyEscapes = strings.NewReplacer("\\", "\\\\", "\"", "\\\"", "\n", "\\n", "\r", "\\r", "\t", "\\t", "${", "$${", "%{", "%%{")

// collect is the value of all instances of a block, each as an object with
// some of its members. It is NilVal where it is open how many there are.
func collect[I interface {
	object(members []string) cty.Value
}](m mode, names []string, instances []I, members []string) cty.Value {
	switch m {
	case single:
		return instances[0].object(members)
	case counted:
		objects := make([]cty.Value, len(instances))
		for i, instance := range instances {
			objects[i] = instance.object(members)
		}
		return cty.TupleVal(objects)
	case keyed:
		objects := make(map[string]cty.Value, len(instances))
		for i, instance := range instances {
			objects[names[i]] = instance.object(members)
		}
		return cty.ObjectVal(objects)
	case disabled:
		return cty.NullVal(cty.DynamicPseudoType)
	}
	return cty.NilVal
}
