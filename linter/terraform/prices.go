package terraform

import (
	"errors"
	"regexp/syntax"
	"slices"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/demarc-dev/demarc/linter/source"
)

// A call of a function costs what it has to look at: two steps for each part of its
// arguments, and one for each stepOfBytes of text. Some cost more, and some are
// refused beforehand, since their result would not fit.
const (
	stepsPerCall = 4
	stepOfBytes  = 64       // of text; a digest of as much takes as long as an evaluation
	stepOfPairs  = 64       // of types that are compared with each other
	maxArgument  = 16 << 20 // bytes of all texts of a call, and a 32nd of it parts
	maxRegexp    = 10_000   // characters of a pattern, once its repetitions are written out
)

var (
	errGlance     = errors.New("not an error: what stands deeper costs little")
	errTooMuch    = errors.New(tooMuch)
	errPattern    = errors.New("the pattern is too large once its repetitions are written out")
	errLargeInput = errors.New("the arguments are too large")
)

// price is what a call costs beside what its arguments weigh, in steps. An error
// refuses it.
type price func(args []cty.Value) (int, error)

// prices lists the functions that are metered. What is not here looks at one part
// of its arguments only, or evaluates them itself.
var prices = map[string]price{
	"sort": sorting, "distinct": pairs, "setintersection": sorting, "setunion": sorting, "setsubtract": sorting,
	"toset": gathering, "tolist": gathering, "tomap": gathering, "matchkeys": sorting, "transpose": sorting, "index": glancing, "contains": glancing,
	"concat": glancing, "flatten": reading, "merge": reading, "zipmap": reading, "keys": glancing, "values": glancing,
	"reverse": glancing, "slice": glancing, "chunklist": glancing, "compact": glancing, "coalescelist": glancing, "setproduct": reading,
	"tonumber": reading, "alltrue": reading, "anytrue": reading, "sum": reading, "max": reading, "min": reading,
	"regex": matching, "regexall": matching, "replace": replacing, "split": reading, "join": reading, "format": formatting, "formatlist": formatting,
	"indent": reading, "lower": reading, "upper": reading, "title": reading, "strrev": reading, "substr": reading, "trim": pairsOfText, "trimspace": reading,
	"chomp": reading, "startswith": reading, "endswith": reading, "strcontains": reading, "parseint": digitwise, "trimprefix": reading, "trimsuffix": reading,
	"jsonencode": reading, "yamlencode": reading, "jsondecode": decodingJSON, "yamldecode": decodingYAML, "csvdecode": decodingCSV,
	"base64decode": reading, "base64encode": reading, "base64gzip": packing, "base64gunzip": unpacking, "urlencode": reading, "urldecode": reading,
	"textdecodebase64": reading, "textencodebase64": reading,
	"base64sha256": reading, "base64sha512": reading, "md5": reading, "sha1": reading, "sha256": reading, "sha512": reading, "rsadecrypt": dear, "uuidv5": reading,
}

// reading costs no more than the arguments weigh.
func reading([]cty.Value) (int, error) { return 0, nil }

// glancing looks at the top level of its arguments, and passes the rest on.
func glancing([]cty.Value) (int, error) { return 0, errGlance }

// dear is for what takes milliseconds, whatever the arguments.
func dear([]cty.Value) (int, error) { return 5000, nil }

// gathering makes one type of all members.
func gathering(args []cty.Value) (int, error) {
	steps, err := sorting(args)
	if len(args) > 0 {
		steps += unifying(args[0].Type(), maxSteps)
	}
	return steps, err
}

// sorting compares each with some others, or computes digests of them.
func sorting(args []cty.Value) (int, error) {
	steps := 0
	for _, arg := range args {
		n := lengthOf(arg)
		for rest := n; rest > 1; rest /= 2 {
			steps += n / 4
		}
	}
	return steps, nil
}

// pairs compares each with each.
func pairs(args []cty.Value) (int, error) {
	n := lengthOf(args[0])
	return n * n / 4, nil
}

// pairsOfText compares each character of a text with each of another.
func pairsOfText(args []cty.Value) (int, error) {
	if len(args) < 2 {
		return 0, nil
	}
	return lengthOf(args[0]) * min(lengthOf(args[1]), 1<<20) / stepOfBytes, nil
}

// matching takes time in proportion to the text and to the pattern.
func matching(args []cty.Value) (int, error) {
	if len(args) < 2 {
		return 0, nil
	}
	size, err := sizeOfPattern(args[0])
	return size/2 + size*lengthOf(args[1])/stepOfBytes, err
}

func replacing(args []cty.Value) (int, error) {
	pattern, ok := text(args[1])
	if !ok || len(pattern) < 2 || pattern[0] != '/' || pattern[len(pattern)-1] != '/' {
		return 0, nil
	}
	return matching([]cty.Value{cty.StringVal(pattern[1 : len(pattern)-1]), args[0]})
}

// sizeOfPattern is the number of nodes of a regular expression once its
// repetitions are written out, as the compiler does.
func sizeOfPattern(v cty.Value) (int, error) {
	pattern, ok := text(v)
	if !ok {
		return 0, nil
	}
	if len(pattern) > maxRegexp {
		return 0, errPattern
	}
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return len(pattern), nil // the function says what is wrong
	}
	size := nodesOf(tree)
	if size > maxRegexp {
		return 0, errPattern
	}
	return size, nil
}

func nodesOf(tree *syntax.Regexp) int {
	n := 1 + len(tree.Rune)
	for _, sub := range tree.Sub {
		n += nodesOf(sub)
	}
	if tree.Op == syntax.OpRepeat {
		n *= max(tree.Min, tree.Max, 1)
	}
	return min(n, maxRegexp+1)
}

// formatting writes each argument as often as the format names one.
func formatting(args []cty.Value) (int, error) {
	format, ok := text(args[0])
	if !ok {
		return 0, nil
	}
	verbs, bytes := 0, 0
	for i := range len(format) {
		if format[i] == '%' {
			verbs++
		}
	}
	for _, arg := range args[1:] {
		bytes = max(bytes, maxArgument-max(0, weigh(arg, maxArgument)))
	}
	if verbs*bytes > maxArgument {
		return 0, errTooLarge
	}
	return verbs * bytes / stepOfBytes, nil
}

// digitwise reads a number whose digits are all kept.
func digitwise(args []cty.Value) (int, error) { return lengthOf(args[0]), nil }

func packing(args []cty.Value) (int, error) { return 2000 + lengthOf(args[0])/4, nil }

func unpacking(args []cty.Value) (int, error) { return 2000 + maxWeight/stepOfBytes, nil }

// metered is f, whose calls count towards what the evaluation may cost. It takes
// arguments as they are written, since to convert them may cost more than the call.
func (e *evaluation) metered(f function.Function, extra price) function.Function {
	return function.New(&function.Spec{
		Params: unconverted(f.Params()), VarParam: unconvertedRest(f.VarParam()),
		Type: function.StaticReturnType(cty.DynamicPseudoType),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			v, err := e.effort.evaluate(f, args, extra)
			if isLimit(err) {
				e.report(source.Range{}, "a function is not evaluated: "+err.Error())
			}
			return v, err
		},
	})
}

// evaluate calls a function, unless that is too much.
func (e *effort) evaluate(f function.Function, args []cty.Value, extra price) (cty.Value, error) {
	if err := e.call(args, extra); err != nil {
		return cty.NilVal, err
	}
	converted, err := e.arguments(f, args)
	if err != nil {
		return cty.NilVal, err
	}
	v, err := f.Call(converted)
	if err != nil {
		return v, err
	}
	return v, e.result(v)
}

// limits are what evaluation stops for, and tells.
var limits = []error{errTooMuch, errTooLarge, errPattern, errLargeInput, errDeep, errValues, errColumns}

func isLimit(err error) bool {
	return err != nil && slices.ContainsFunc(limits, func(limit error) bool { return errors.Is(err, limit) })
}

// arguments are those of a call as the function takes them.
func (e *effort) arguments(f function.Function, args []cty.Value) ([]cty.Value, error) {
	params := f.Params()
	converted := slices.Clone(args)
	for i, arg := range args {
		want := f.VarParam()
		if i < len(params) {
			want = &params[i]
		}
		if want.Type.IsCollectionType() && !e.spend(unifying(arg.Type(), maxSteps)) {
			return nil, errTooMuch
		}
		var err error
		if converted[i], err = convert.Convert(arg, want.Type); err != nil {
			return nil, function.NewArgError(i, err)
		}
	}
	return converted, nil
}

// result is an error where the result of a call is more than there may be.
func (e *effort) result(v cty.Value) error {
	switch t := v.Type(); {
	case t == cty.String:
		if !e.hold(lengthOf(v)) {
			return errTooMuch
		}
	case t == cty.Number:
		if weigh(v, 2*weightOfPart) <= 0 {
			return errTooLarge
		}
	}
	return nil
}

func unconverted(of []function.Parameter) []function.Parameter {
	out := make([]function.Parameter, len(of))
	for i, p := range of {
		out[i] = anything(p.Name)
	}
	return out
}

func unconvertedRest(of *function.Parameter) *function.Parameter {
	if of == nil {
		return nil
	}
	out := anything(of.Name)
	return &out
}

// call counts a call of a function.
func (e *effort) call(args []cty.Value, extra price) error {
	const most = maxArgument / stepOfBytes
	left := most
	bare := make([]cty.Value, len(args))
	for i, arg := range args {
		if left = walking(arg, left); left <= 0 {
			return errLargeInput
		}
		bare[i], _ = arg.Unmark()
	}
	walked := most - left
	steps, err := extra(bare)
	if errors.Is(err, errGlance) {
		err, walked = nil, walked/8
	}
	if err != nil {
		return err
	}
	if !e.spend(stepsPerCall + walked + steps) {
		return errTooMuch
	}
	return nil
}

// walking subtracts what it costs to look at v from what is left, and stops at
// zero, which numbers with too many digits come to at once.
func walking(v cty.Value, left int) int {
	left -= 2
	v, _ = v.Unmark()
	if left <= 0 || !v.IsKnown() || v.IsNull() {
		return left
	}
	switch t := v.Type(); {
	case t == cty.String:
		return left - len(v.AsString())/stepOfBytes
	case t == cty.Number:
		if weigh(v, 2*weightOfPart) <= 0 {
			return 0
		}
		return left
	case t.IsPrimitiveType() || t.IsCapsuleType():
		return left
	}
	for _, item := range v.Elements() {
		if left = walking(item, left); left <= 0 {
			return 0
		}
	}
	return left
}

// unifying is what it costs to make one type of the members of tuples and
// objects, up to a limit: each is compared with each.
func unifying(t cty.Type, most int) int {
	switch {
	case t.IsTupleType():
		members := t.TupleElementTypes()
		steps, widest := 0, 0
		for i, member := range members {
			if member.IsObjectType() {
				widest = max(widest, len(member.AttributeTypes()))
			}
			if !member.IsPrimitiveType() && (i == 0 || !same(member, members[i-1])) {
				if steps += unifying(member, most-steps); steps >= most {
					return most
				}
			}
		}
		return min(most, steps+len(members)*len(members)*(1+widest)/stepOfPairs)
	case t.IsObjectType():
		members := t.AttributeTypes()
		steps := len(members) * len(members) / stepOfPairs
		for _, member := range members {
			if !member.IsPrimitiveType() {
				if steps += unifying(member, most-steps); steps >= most {
					return most
				}
			}
		}
		return steps
	}
	return 0
}

// same reports whether two types are certainly the same, at no cost.
func same(a, b cty.Type) bool {
	return (a.IsTupleType() && b.IsTupleType() && len(a.TupleElementTypes()) == 0 && len(b.TupleElementTypes()) == 0) ||
		(a.IsPrimitiveType() && a == b)
}
