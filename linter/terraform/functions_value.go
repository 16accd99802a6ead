package terraform

import (
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/hashicorp/hcl/v2/ext/customdecode"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// anything is a parameter that takes any value as it is, with its marks.
func anything(name string) function.Parameter {
	return function.Parameter{
		Name: name, Type: cty.DynamicPseudoType,
		AllowDynamicType: true, AllowMarked: true, AllowNull: true, AllowUnknown: true,
	}
}

// tryFunc returns the first argument that can be evaluated. The library's
// gives up on values that are known in part, which are what a linter has.
var tryFunc = function.New(&function.Spec{
	VarParam: &function.Parameter{Name: "expressions", Type: customdecode.ExpressionClosureType},
	Type:     function.StaticReturnType(cty.DynamicPseudoType), // to know it is to evaluate: twice, and 2^n times n deep
	Impl:     func(args []cty.Value, _ cty.Type) (cty.Value, error) { return try(args) },
})

func try(args []cty.Value) (cty.Value, error) {
	problems := "try() needs an argument"
	for _, arg := range args {
		v, diags := customdecode.ExpressionClosureFromVal(arg).Value()
		if !diags.HasErrors() {
			return v, nil
		}
		problems = summary(diags)
	}
	return cty.NilVal, errors.New("no expression succeeded: " + problems)
}

var canFunc = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "expression", Type: customdecode.ExpressionClosureType}},
	Type:   function.StaticReturnType(cty.Bool),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		v, diags := customdecode.ExpressionClosureFromVal(args[0]).Value()
		switch {
		case diags.HasErrors():
			return cty.False, nil
		case !v.IsWhollyKnown():
			return cty.UnknownVal(cty.Bool).WithMarks(causes(deepMarks(v))), nil
		}
		return cty.True, nil
	},
})

// ephemeralAsNullFunc puts null in the place of ephemeral values.
var ephemeralAsNullFunc = function.New(&function.Spec{
	Params: []function.Parameter{anything("value")},
	Type:   func(args []cty.Value) (cty.Type, error) { return args[0].Type(), nil },
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		return cty.Transform(args[0], func(_ cty.Path, part cty.Value) (cty.Value, error) {
			bare, marks := part.Unmark()
			if !marks.Has(ephemeralMark{}) {
				return part, nil
			}
			delete(marks, ephemeralMark{})
			return cty.NullVal(bare.Type()).WithMarks(marks), nil
		})
	},
})

var sensitiveFunc = function.New(&function.Spec{
	Params: []function.Parameter{anything("value")},
	Type:   func(args []cty.Value) (cty.Type, error) { return args[0].Type(), nil },
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		return args[0].Mark(sensitiveMark{}), nil
	},
})

var nonsensitiveFunc = function.New(&function.Spec{
	Params: []function.Parameter{anything("value")},
	Type:   func(args []cty.Value) (cty.Type, error) { return args[0].Type(), nil },
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		v, marks := args[0].Unmark()
		delete(marks, sensitiveMark{})
		return v.WithMarks(marks), nil
	},
})

var isSensitiveFunc = function.New(&function.Spec{
	Params: []function.Parameter{anything("value")},
	Type:   function.StaticReturnType(cty.Bool),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		switch v := args[0]; {
		case v.HasMark(sensitiveMark{}):
			return cty.True, nil
		case !v.IsKnown():
			return cty.UnknownVal(cty.Bool).WithMarks(causes(v.Marks())), nil
		}
		return cty.False, nil
	},
})

// jsonEncodeFunc marks its result with what it encodes, which may be known in
// part where the text is not.
var jsonEncodeFunc = function.New(&function.Spec{
	Params: []function.Parameter{anything("value")},
	Type:   function.StaticReturnType(cty.String),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		plain, marks := args[0].UnmarkDeep()
		enc := &encoding{value: args[0]}
		marks = causes(marks)
		marks[enc] = struct{}{}
		v, err := stdlib.JSONEncodeFunc.Call([]cty.Value{plain})
		if err != nil {
			return v, err
		}
		switch {
		case holdsOpenObject(args[0]):
			v = cty.UnknownVal(cty.String).RefineNotNull()
			marks[afterApply] = struct{}{}
		case v.IsKnown():
			enc.text = v.AsString()
		}
		return v.WithMarks(marks), nil
	},
})

var jsonDecodeFunc = jsonDecoding(func(text cty.Value) (cty.Value, error) { return stdlib.JSONDecodeFunc.Call([]cty.Value{text}) })

// jsonDecoding finds what an unknown text encodes.
func jsonDecoding(decode func(text cty.Value) (cty.Value, error)) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{anything("str")},
		Type:   function.StaticReturnType(cty.DynamicPseudoType),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			v, marks := args[0].Unmark()
			o := originOf(marks)
			if !v.IsKnown() {
				if len(o.encodings) == 1 && o.encodings[0].structure == nil {
					return o.encodings[0].value, nil
				}
				return cty.DynamicVal.WithMarks(causes(marks)), nil
			}
			text, err := convert.Convert(v, cty.String)
			if err != nil {
				return cty.NilVal, err
			}
			out, err := decode(text)
			if err != nil {
				return out, err
			}
			return out.WithMarks(causes(marks)), nil
		},
	})
}

// lookupFunc differs from the library's in that the default is optional, and
// that the marks of other members stay with them.
var lookupFunc = function.New(&function.Spec{
	Params:   []function.Parameter{anything("inputMap"), anything("key")},
	VarParam: &function.Parameter{Name: "default", Type: cty.DynamicPseudoType, AllowDynamicType: true, AllowMarked: true, AllowNull: true, AllowUnknown: true},
	Type:     function.StaticReturnType(cty.DynamicPseudoType),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		m, marks := args[0].Unmark()
		key, keyMarks := args[1].Unmark()
		if len(args) > 3 {
			return cty.NilVal, errors.New("lookup() takes two or three arguments")
		}
		if t := m.Type(); m.IsNull() || !t.IsObjectType() && !t.IsMapType() && t != cty.DynamicPseudoType {
			return cty.NilVal, function.NewArgErrorf(0, "lookup() requires a map as the first argument")
		}
		if !m.IsKnown() || !key.IsKnown() {
			return cty.DynamicVal.WithMarks(marks, keyMarks, causes(deepMarks(m))), nil
		}
		name, ok := text(key)
		if !ok {
			return cty.NilVal, function.NewArgErrorf(1, "the key must be a string")
		}
		if len(args) == 3 && m.Type().IsMapType() {
			converted, err := convert.Convert(args[2], m.Type().ElementType())
			if err != nil {
				return cty.NilVal, function.NewArgErrorf(2, "the default value must have the same type as the map elements")
			}
			args[2] = converted
		}
		member, found := memberOf(m, name)
		whole, isOpen := openObject(args[0])
		switch {
		case found:
		case isOpen:
			member = whole.attribute(name)
		case len(args) == 3:
			member = args[2]
		default:
			return cty.NilVal, fmt.Errorf("the given object has no attribute %q", name)
		}
		return member.WithMarks(marks, keyMarks), nil
	},
})

func memberOf(m cty.Value, name string) (cty.Value, bool) {
	if m.Type().IsObjectType() {
		if m.Type().HasAttribute(name) {
			return m.GetAttr(name), true
		}
		return cty.NilVal, false
	}
	if m.HasIndex(cty.StringVal(name)).True() {
		return m.Index(cty.StringVal(name)), true
	}
	return cty.NilVal, false
}

// lengthFunc takes strings and objects, too.
var lengthFunc = function.New(&function.Spec{
	Params: []function.Parameter{anything("value")},
	Type: func(args []cty.Value) (cty.Type, error) {
		t := args[0].Type()
		if t == cty.String || t == cty.DynamicPseudoType || t.IsTupleType() || t.IsObjectType() || t.IsCollectionType() {
			return cty.Number, nil
		}
		return cty.Number, errors.New("argument must be a string, a collection type, or a structural type")
	},
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		v, marks := args[0].Unmark()
		t := v.Type()
		switch {
		case t == cty.DynamicPseudoType:
			return cty.UnknownVal(cty.Number).WithMarks(marks), nil
		case t.IsTupleType():
			return cty.NumberIntVal(int64(t.Length())).WithMarks(marks), nil
		case t.IsObjectType():
			if whole, open := openObject(args[0]); open {
				return whole.unlisted(cty.Number), nil
			}
			return cty.NumberIntVal(int64(len(t.AttributeTypes()))).WithMarks(marks), nil
		case v.IsNull():
			return cty.NilVal, errors.New("argument must not be null")
		case t == cty.String:
			n, err := stdlib.Strlen(v)
			if err != nil {
				return n, err
			}
			return n.WithMarks(marks), nil
		}
		return v.Length().WithMarks(marks), nil
	},
})

// elementFunc wraps around at both ends, and keeps the marks of the others
// with them.
var elementFunc = function.New(&function.Spec{
	Params: []function.Parameter{anything("list"), {Name: "index", Type: cty.Number, AllowUnknown: true}},
	Type:   function.StaticReturnType(cty.DynamicPseudoType),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		list, marks := args[0].Unmark()
		if !list.IsKnown() || !args[1].IsKnown() {
			return cty.DynamicVal.WithMarks(marks, causes(deepMarks(list))), nil
		}
		if t := list.Type(); list.IsNull() || !t.IsTupleType() && !t.IsListType() {
			return cty.NilVal, function.NewArgErrorf(0, "cannot read elements from %s", t.FriendlyName())
		}
		n := list.LengthInt()
		at, accuracy := args[1].AsBigFloat().Int64()
		switch {
		case accuracy != big.Exact:
			return cty.NilVal, function.NewArgErrorf(1, "the index must be a whole number")
		case n == 0:
			return cty.NilVal, errors.New("cannot use element function with an empty list")
		}
		if at %= int64(n); at < 0 {
			at += int64(n)
		}
		return list.Index(cty.NumberIntVal(at)).WithMarks(marks), nil
	},
})

// indexFunc finds a value's position; the library's function of this name is
// the index operator.
var indexFunc = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "list", Type: cty.DynamicPseudoType}, {Name: "value", Type: cty.DynamicPseudoType}},
	Type:   function.StaticReturnType(cty.Number),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		if t := args[0].Type(); !t.IsListType() && !t.IsTupleType() {
			return cty.NilVal, errors.New("argument must be a list or tuple")
		}
		if args[0].LengthInt() == 0 {
			return cty.NilVal, errors.New("cannot search an empty list")
		}
		for i, v := range args[0].Elements() {
			eq, err := stdlib.Equal(v, args[1])
			if err != nil {
				return cty.NilVal, err
			}
			if !eq.IsKnown() {
				return cty.UnknownVal(cty.Number), nil
			}
			if eq.True() {
				return i, nil
			}
		}
		return cty.NilVal, errors.New("item not found")
	},
})

// conversionFunc is tolist and its kin. The library's takes the marks of the
// members to the whole.
func conversionFunc(want cty.Type) function.Function {
	plain := stdlib.MakeToFunc(want)
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "v", Type: cty.DynamicPseudoType, AllowNull: true, AllowDynamicType: true, AllowMarked: true}},
		Type: func(args []cty.Value) (cty.Type, error) {
			return plain.ReturnType([]cty.Type{args[0].Type()})
		},
		Impl: func(args []cty.Value, kind cty.Type) (cty.Value, error) {
			v, err := convert.Convert(args[0], kind)
			if err != nil { // the error may not show what is secret
				return cty.NilVal, function.NewArgErrorf(0, "cannot convert %s to %s", args[0].Type().FriendlyName(), want.FriendlyNameForConstraint())
			}
			if want == cty.Number && weigh(v, 2*weightOfPart) <= 0 {
				return cty.NilVal, errTooLarge // written out, it would be
			}
			return v, nil
		},
	})
}

// replaceFunc takes /a regular expression/, too.
var replaceFunc = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "str", Type: cty.String}, {Name: "substr", Type: cty.String}, {Name: "replace", Type: cty.String}},
	Type:   function.StaticReturnType(cty.String),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		search := args[1].AsString()
		if len(search) > 1 && search[0] == '/' && search[len(search)-1] == '/' {
			return stdlib.RegexReplace(args[0], cty.StringVal(search[1:len(search)-1]), args[2])
		}
		return cty.StringVal(strings.ReplaceAll(args[0].AsString(), search, args[2].AsString())), nil
	},
})

// oneFunc is the only member of a collection, or null.
var oneFunc = function.New(&function.Spec{
	Params: []function.Parameter{anything("list")},
	Type:   function.StaticReturnType(cty.DynamicPseudoType),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		v, marks := args[0].Unmark()
		if !v.IsKnown() {
			return cty.DynamicVal.WithMarks(marks, causes(deepMarks(v))), nil
		}
		if t := v.Type(); v.IsNull() || !t.IsTupleType() && !t.IsListType() && !t.IsSetType() {
			return cty.NilVal, errors.New("must be a list, set, or tuple value with either zero or one elements")
		}
		switch v.LengthInt() {
		case 0:
			return cty.NullVal(cty.DynamicPseudoType).WithMarks(marks), nil
		case 1:
			for _, only := range v.Elements() {
				return only.WithMarks(marks), nil
			}
		}
		return cty.NilVal, errors.New("must be a list, set, or tuple value with either zero or one elements")
	},
})

// ofAttributes is a function whose result depends on which attributes an object
// has. Those of a resource are not all known.
func ofAttributes(f function.Function, result cty.Type) function.Function {
	param := f.Params()[0]
	param.AllowMarked, param.AllowUnknown, param.AllowDynamicType = true, true, true
	return function.New(&function.Spec{
		Params: []function.Parameter{param},
		// The type is the one that the call below works out.
		Type: function.StaticReturnType(cty.DynamicPseudoType),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if whole, open := openObject(args[0]); open {
				return whole.unlisted(result), nil
			}
			return f.Call(args)
		},
	})
}
