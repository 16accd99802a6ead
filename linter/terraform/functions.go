package terraform

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"
	"sync"

	"github.com/hashicorp/go-cty-funcs/cidr"
	"github.com/hashicorp/go-cty-funcs/collection"
	"github.com/hashicorp/go-cty-funcs/crypto"
	funcs "github.com/hashicorp/go-cty-funcs/encoding"
	"github.com/hashicorp/go-cty-funcs/uuid"
	ctyyaml "github.com/zclconf/go-cty-yaml"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// pureFunctions are the functions of Terraform, and of OpenTofu where it has
// more, that read nothing but their arguments. Those of the libraries are Terraform's own; the others differ
// from the libraries' or are only in Terraform.
var pureFunctions = sync.OnceValue(func() map[string]function.Function {
	return map[string]function.Function{
		"abs": stdlib.AbsoluteFunc, "ceil": stdlib.CeilFunc, "floor": stdlib.FloorFunc, "log": stdlib.LogFunc,
		"max": stdlib.MaxFunc, "min": stdlib.MinFunc, "parseint": stdlib.ParseIntFunc, "pow": stdlib.PowFunc,
		"signum": signumFunc, "sum": sumFunc,

		"chomp": stdlib.ChompFunc, "format": limited(stdlib.FormatFunc, formatLimit),
		"formatlist": limited(stdlib.FormatListFunc, formatLimit), "indent": limited(stdlib.IndentFunc, indentLimit),
		"join": limited(stdlib.JoinFunc, joinLimit), "lower": stdlib.LowerFunc, "upper": stdlib.UpperFunc,
		"regex": stdlib.RegexFunc, "regexall": stdlib.RegexAllFunc, "replace": limited(replaceFunc, replaceLimit),
		"split": stdlib.SplitFunc, "strrev": stdlib.ReverseFunc, "substr": stdlib.SubstrFunc, "title": stdlib.TitleFunc,
		"trim": stdlib.TrimFunc, "trimprefix": stdlib.TrimPrefixFunc, "trimsuffix": stdlib.TrimSuffixFunc,
		"trimspace": stdlib.TrimSpaceFunc, "startswith": startsWithFunc, "endswith": endsWithFunc, "strcontains": strContainsFunc,

		"alltrue": allTrueFunc, "anytrue": anyTrueFunc, "chunklist": stdlib.ChunklistFunc, "coalesce": collection.CoalesceFunc,
		"coalescelist": stdlib.CoalesceListFunc, "compact": stdlib.CompactFunc, "concat": stdlib.ConcatFunc,
		"contains": stdlib.ContainsFunc, "distinct": stdlib.DistinctFunc, "element": elementFunc, "flatten": stdlib.FlattenFunc,
		"index": indexFunc, "keys": ofAttributes(stdlib.KeysFunc, cty.List(cty.String)), "length": lengthFunc, "lookup": lookupFunc, "matchkeys": matchKeysFunc,
		"merge": stdlib.MergeFunc, "one": oneFunc, "range": stdlib.RangeFunc, "reverse": stdlib.ReverseListFunc,
		"setintersection": stdlib.SetIntersectionFunc, "setproduct": limited(stdlib.SetProductFunc, productLimit),
		"setsubtract": stdlib.SetSubtractFunc, "setunion": stdlib.SetUnionFunc, "slice": stdlib.SliceFunc, "sort": stdlib.SortFunc,
		"transpose": transposeFunc, "values": ofAttributes(stdlib.ValuesFunc, cty.DynamicPseudoType), "zipmap": stdlib.ZipmapFunc,

		"base64decode": base64DecodeFunc, "base64encode": funcs.Base64EncodeFunc, "base64gzip": base64GzipFunc,
		"csvdecode": stdlib.CSVDecodeFunc, "jsondecode": jsonDecodeFunc, "jsonencode": jsonEncodeFunc,
		"textdecodebase64": textDecodeFunc, "textencodebase64": textEncodeFunc, "urlencode": funcs.URLEncodeFunc,
		"yamldecode": ctyyaml.YAMLDecodeFunc, "yamlencode": ctyyaml.YAMLEncodeFunc,

		"formatdate": stdlib.FormatDateFunc, "timeadd": stdlib.TimeAddFunc, "timecmp": timeCmpFunc,
		"cidrhost": prefixed(cidr.HostFunc), "cidrnetmask": netmaskFunc, "cidrsubnet": prefixed(cidr.SubnetFunc), "cidrsubnets": prefixed(cidr.SubnetsFunc),
		"base64sha256": base64Sha256Func, "base64sha512": base64Sha512Func, "md5": crypto.Md5Func, "sha1": crypto.Sha1Func,
		"sha256": crypto.Sha256Func, "sha512": crypto.Sha512Func, "rsadecrypt": crypto.RsaDecryptFunc, "uuidv5": uuid.V5Func,
		"basename": baseNameFunc, "dirname": dirNameFunc,

		"tobool": conversionFunc(cty.Bool), "tonumber": conversionFunc(cty.Number), "tostring": conversionFunc(cty.String),
		"tolist": conversionFunc(cty.List(cty.DynamicPseudoType)), "tomap": conversionFunc(cty.Map(cty.DynamicPseudoType)),
		"toset": conversionFunc(cty.Set(cty.DynamicPseudoType)),
		"can":   canFunc, "try": tryFunc, "sensitive": sensitiveFunc, "nonsensitive": nonsensitiveFunc,
		"issensitive": isSensitiveFunc, "ephemeralasnull": ephemeralAsNullFunc,

		// OpenTofu's own.
		"base64gunzip": base64GunzipFunc, "cidrcontains": cidrContainsFunc, "urldecode": urlDecodeFunc,

		"bcrypt": impure("bcrypt", "is different at each run", "str", "cost..."), "uuid": impure("uuid", "is known only at apply"),
		"timestamp": impure("timestamp", "is known only at apply"), "plantimestamp": impure("plantimestamp", "is known only at plan"),
		"abspath": impure("abspath", "depends on the machine", "path"), "pathexpand": impure("pathexpand", "depends on the machine", "path"),
	}
})

// allFunctions are the functions of one root.
func (e *evaluation) allFunctions() map[string]function.Function {
	pure := pureFunctions()
	all := make(map[string]function.Function, 2*len(pure)+40)
	for name, f := range pure {
		if extra := prices[name]; extra != nil {
			f = e.metered(f, extra)
		}
		all[name] = f
	}
	all["jsondecode"] = e.metered(jsonDecoding(e.decodeJSON), e.decodingJSON)
	for name, f := range e.fileFunctions() {
		all[name] = f
	}
	for name, f := range all {
		if len(name) < 6 || name[:6] != "core::" {
			all["core::"+name] = f
		}
	}
	return all
}

// impure is a function whose result is not known before Terraform runs.
func impure(name, why string, arguments ...string) function.Function {
	var parameters []function.Parameter
	var rest *function.Parameter
	for _, argument := range arguments {
		parameter := function.Parameter{Name: argument, Type: cty.DynamicPseudoType, AllowUnknown: true, AllowDynamicType: true}
		if name, variadic := strings.CutSuffix(argument, "..."); variadic {
			parameter.Name, rest = name, &parameter
			continue
		}
		parameters = append(parameters, parameter)
	}
	return function.New(&function.Spec{
		Params: parameters, VarParam: rest,
		Type: function.StaticReturnType(cty.String),
		Impl: func([]cty.Value, cty.Type) (cty.Value, error) {
			return cty.UnknownVal(cty.String).RefineNotNull().Mark(reason(name+"() "+why, "")), nil
		},
	})
}

// limited refuses arguments that would make an enormous result.
func limited(f function.Function, check func(args []cty.Value) error) function.Function {
	return function.New(&function.Spec{
		Params: f.Params(), VarParam: f.VarParam(),
		Type: func(args []cty.Value) (cty.Type, error) {
			for _, arg := range args {
				if !arg.IsWhollyKnown() {
					return f.ReturnTypeForValues(args)
				}
			}
			if err := check(args); err != nil {
				return cty.NilType, err
			}
			return f.ReturnTypeForValues(args)
		},
		RefineResult: notNull,
		Impl:         func(args []cty.Value, _ cty.Type) (cty.Value, error) { return f.Call(args) },
	})
}

// prefixed takes addresses with leading zeros, too, as Terraform does.
func prefixed(f function.Function) function.Function {
	return function.New(&function.Spec{
		Params: f.Params(), VarParam: f.VarParam(), Type: f.ReturnTypeForValues, RefineResult: notNull,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			return f.Call(append([]cty.Value{cty.StringVal(leadingZeros.ReplaceAllString(args[0].AsString(), "$1"))}, args[1:]...))
		},
	})
}

// leadingZeros are those of the parts of an IPv4 address.
var leadingZeros = regexp.MustCompile(`\b0+(\d+(?:[./]|$))`)

// netmaskFunc refuses IPv6, as Terraform does.
var netmaskFunc = onStrings(cty.String, []string{"prefix"}, func(a []string) (cty.Value, error) {
	text := leadingZeros.ReplaceAllString(a[0], "$1")
	if prefix, err := netip.ParsePrefix(text); err == nil && !prefix.Addr().Is4() {
		return cty.NilVal, function.NewArgErrorf(0, "IPv6 addresses cannot have a netmask: %s", a[0])
	}
	return cidr.NetmaskFunc.Call([]cty.Value{cty.StringVal(text)})
})

var errTooLarge = fmt.Errorf("the result would be larger than %d MiB", maxWeight>>20)

func lengthOf(v cty.Value) int {
	v, _ = v.Unmark()
	switch {
	case v.IsNull() || !v.IsKnown():
		return 0
	case v.Type() == cty.String:
		return len(v.AsString())
	case v.CanIterateElements():
		return v.LengthInt()
	}
	return 0
}

func productLimit(args []cty.Value) error {
	n := len(args)
	for _, arg := range args {
		if n *= lengthOf(arg); n > maxWeight/16 {
			return errTooLarge
		}
	}
	return nil
}

func joinLimit(args []cty.Value) error {
	n := 0
	for _, list := range args[1:] {
		n += lengthOf(list)
	}
	if n*lengthOf(args[0]) > maxWeight {
		return errTooLarge
	}
	return nil
}

func replaceLimit(args []cty.Value) error {
	if (lengthOf(args[0])+1)*lengthOf(args[2]) > 16*maxWeight {
		return errTooLarge
	}
	return nil
}

func indentLimit(args []cty.Value) error {
	spaces, _ := args[0].AsBigFloat().Int64()
	if spaces > maxWeight || (int(spaces)+1)*(lengthOf(args[1])+1) > 64*maxWeight {
		return errTooLarge
	}
	return nil
}

// formatLimit refuses widths and precisions of more than four digits.
func formatLimit(args []cty.Value) error {
	if len(args) == 0 || args[0].IsNull() || args[0].Type() != cty.String {
		return nil
	}
	text, digits, verb := args[0].AsString(), 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '%':
			verb, digits = true, 0
		case verb && c >= '0' && c <= '9':
			if digits++; digits > 4 {
				return errTooLarge
			}
		case verb && (c == '[' || c == ']' || c == '.' || c == '+' || c == '-' || c == '#' || c == ' '):
			digits = 0
		default:
			verb = false
		}
	}
	return nil
}
