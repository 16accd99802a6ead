package terraform

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"io"
	"net/netip"
	"net/url"
	"path"
	"sort"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
	charset "golang.org/x/text/encoding"
	"golang.org/x/text/encoding/ianaindex"
)

// notNull says of an unknown result that it is not null.
func notNull(b *cty.RefinementBuilder) *cty.RefinementBuilder { return b.NotNull() }

// onStrings makes a function of strings.
func onStrings(result cty.Type, names []string, impl func(args []string) (cty.Value, error)) function.Function {
	spec := &function.Spec{Type: function.StaticReturnType(result), RefineResult: notNull}
	for _, name := range names {
		spec.Params = append(spec.Params, function.Parameter{Name: name, Type: cty.String})
	}
	spec.Impl = func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		texts := make([]string, len(args))
		for i, arg := range args {
			texts[i] = arg.AsString()
		}
		return impl(texts)
	}
	return function.New(spec)
}

var (
	endsWithFunc = onStrings(cty.Bool, []string{"str", "suffix"}, func(a []string) (cty.Value, error) {
		return cty.BoolVal(strings.HasSuffix(a[0], a[1])), nil
	})
	strContainsFunc = onStrings(cty.Bool, []string{"str", "substr"}, func(a []string) (cty.Value, error) {
		return cty.BoolVal(strings.Contains(a[0], a[1])), nil
	})
	baseNameFunc = onStrings(cty.String, []string{"path"}, func(a []string) (cty.Value, error) {
		return cty.StringVal(path.Base(a[0])), nil
	})
	dirNameFunc = onStrings(cty.String, []string{"path"}, func(a []string) (cty.Value, error) {
		return cty.StringVal(path.Dir(a[0])), nil
	})
	base64DecodeFunc = onStrings(cty.String, []string{"str"}, func(a []string) (cty.Value, error) {
		data, err := base64.StdEncoding.DecodeString(a[0])
		if err != nil || !utf8.Valid(data) {
			return cty.NilVal, function.NewArgErrorf(0, "the text is not the base64 of valid UTF-8")
		}
		return cty.StringVal(string(data)), nil
	})
	base64Sha256Func = onStrings(cty.String, []string{"str"}, func(a []string) (cty.Value, error) {
		sum := sha256.Sum256([]byte(a[0]))
		return cty.StringVal(base64.StdEncoding.EncodeToString(sum[:])), nil
	})
	base64Sha512Func = onStrings(cty.String, []string{"str"}, func(a []string) (cty.Value, error) {
		sum := sha512.Sum512([]byte(a[0]))
		return cty.StringVal(base64.StdEncoding.EncodeToString(sum[:])), nil
	})
	base64GzipFunc = onStrings(cty.String, []string{"str"}, func(a []string) (cty.Value, error) {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		if _, err := w.Write([]byte(a[0])); err != nil {
			return cty.NilVal, err
		}
		if err := w.Flush(); err != nil { // Terraform does so, and the text shows it
			return cty.NilVal, err
		}
		if err := w.Close(); err != nil {
			return cty.NilVal, err
		}
		return cty.StringVal(base64.StdEncoding.EncodeToString(b.Bytes())), nil
	})
	base64GunzipFunc = onStrings(cty.String, []string{"str"}, func(a []string) (cty.Value, error) {
		data, err := base64.StdEncoding.DecodeString(a[0])
		if err != nil {
			return cty.NilVal, function.NewArgErrorf(0, "the text is not valid base64")
		}
		r, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			return cty.NilVal, function.NewArgErrorf(0, "the text is not the base64 of gzip")
		}
		text, err := io.ReadAll(io.LimitReader(r, maxWeight+1))
		if err != nil || !utf8.Valid(text) {
			return cty.NilVal, function.NewArgErrorf(0, "the text is not the base64 of gzip of UTF-8")
		}
		if len(text) > maxWeight {
			return cty.NilVal, errTooLarge
		}
		return cty.StringVal(string(text)), nil
	})
	urlDecodeFunc = onStrings(cty.String, []string{"str"}, func(a []string) (cty.Value, error) {
		text, err := url.QueryUnescape(a[0])
		if err != nil || !utf8.ValidString(text) {
			return cty.NilVal, function.NewArgErrorf(0, "the text is not a valid URL encoding")
		}
		return cty.StringVal(text), nil
	})
	cidrContainsFunc = onStrings(cty.Bool, []string{"containing_prefix", "contained_ip_or_prefix"}, func(a []string) (cty.Value, error) {
		outer, err := netip.ParsePrefix(a[0])
		if err != nil {
			return cty.NilVal, function.NewArgError(0, err)
		}
		inner, err := netip.ParsePrefix(a[1])
		if err != nil {
			ip, err := netip.ParseAddr(a[1])
			if err != nil {
				return cty.NilVal, function.NewArgErrorf(1, "not an IP address or prefix")
			}
			inner = netip.PrefixFrom(ip, ip.BitLen())
		}
		return cty.BoolVal(outer.Bits() <= inner.Bits() && outer.Contains(inner.Addr())), nil
	})
	timeCmpFunc = onStrings(cty.Number, []string{"timestamp_a", "timestamp_b"}, func(a []string) (cty.Value, error) {
		first, err := time.Parse(time.RFC3339, a[0])
		if err != nil {
			return cty.NilVal, function.NewArgErrorf(0, "not a valid RFC3339 timestamp")
		}
		second, err := time.Parse(time.RFC3339, a[1])
		if err != nil {
			return cty.NilVal, function.NewArgErrorf(1, "not a valid RFC3339 timestamp")
		}
		return cty.NumberIntVal(int64(first.Compare(second))), nil
	})
	textEncodeFunc = onStrings(cty.String, []string{"string", "encoding"}, func(a []string) (cty.Value, error) {
		set, err := characterSet(a[1])
		if err != nil {
			return cty.NilVal, err
		}
		data, err := set.NewEncoder().Bytes([]byte(a[0]))
		if err != nil {
			return cty.NilVal, function.NewArgErrorf(0, "the text has characters that %s has not", a[1])
		}
		return cty.StringVal(base64.StdEncoding.EncodeToString(data)), nil
	})
	textDecodeFunc = onStrings(cty.String, []string{"source", "encoding"}, func(a []string) (cty.Value, error) {
		set, err := characterSet(a[1])
		if err != nil {
			return cty.NilVal, err
		}
		data, err := base64.StdEncoding.DecodeString(a[0])
		if err != nil {
			return cty.NilVal, function.NewArgErrorf(0, "the source is not valid base64")
		}
		if data, err = set.NewDecoder().Bytes(data); err != nil {
			return cty.NilVal, function.NewArgErrorf(0, "the source is not valid %s", a[1])
		}
		return cty.StringVal(string(data)), nil
	})
)

// characterSet is an encoding by its IANA name.
func characterSet(name string) (charset.Encoding, error) {
	set, err := ianaindex.IANA.Encoding(name)
	if err != nil || set == nil {
		return nil, function.NewArgErrorf(1, "%q is not a supported IANA encoding name or alias", name)
	}
	return set, nil
}

// startsWithFunc knows the answer where only the rest of the text is unknown.
var startsWithFunc = function.New(&function.Spec{
	Params:       []function.Parameter{{Name: "str", Type: cty.String, AllowUnknown: true}, {Name: "prefix", Type: cty.String}},
	Type:         function.StaticReturnType(cty.Bool),
	RefineResult: notNull,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		prefix := args[1].AsString()
		if args[0].IsKnown() {
			return cty.BoolVal(strings.HasPrefix(args[0].AsString(), prefix)), nil
		}
		switch known := args[0].Range().StringPrefix(); {
		case strings.HasPrefix(known, prefix):
			return cty.True, nil
		case !strings.HasPrefix(prefix, known):
			return cty.False, nil
		}
		return cty.UnknownVal(cty.Bool), nil
	},
})

func boolList(start, settles cty.Value) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "list", Type: cty.List(cty.Bool), AllowUnknown: true}},
		Type:   function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if !args[0].IsKnown() {
				return cty.UnknownVal(cty.Bool), nil
			}
			for _, v := range args[0].Elements() {
				switch {
				case !v.IsKnown():
					return cty.UnknownVal(cty.Bool), nil
				case v.IsNull():
					if settles == cty.False {
						return cty.False, nil
					}
				case v.RawEquals(settles):
					return settles, nil
				}
			}
			return start, nil
		},
	})
}

var (
	allTrueFunc = boolList(cty.True, cty.False)
	anyTrueFunc = boolList(cty.False, cty.True)
)

// signumFunc refuses fractions, as Terraform does.
var signumFunc = function.New(&function.Spec{
	Params:       []function.Parameter{{Name: "num", Type: cty.Number}},
	Type:         function.StaticReturnType(cty.Number),
	RefineResult: notNull,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		if !args[0].AsBigFloat().IsInt() {
			return cty.NilVal, function.NewArgErrorf(0, "value must be a whole number")
		}
		return stdlib.Signum(args[0])
	},
})

var sumFunc = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "list", Type: cty.DynamicPseudoType}},
	Type:   function.StaticReturnType(cty.Number),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		if !args[0].CanIterateElements() || args[0].Type().IsObjectType() || args[0].Type().IsMapType() {
			return cty.NilVal, function.NewArgErrorf(0, "argument must be list, set, or tuple. Received %s", args[0].Type().FriendlyName())
		}
		if args[0].LengthInt() == 0 {
			return cty.NilVal, function.NewArgErrorf(0, "cannot sum an empty list")
		}
		total := cty.Zero
		for _, v := range args[0].Elements() {
			n, err := convert.Convert(v, cty.Number)
			if err == nil && !n.IsKnown() {
				return cty.UnknownVal(cty.Number), nil
			}
			if err != nil || n.IsNull() {
				return cty.NilVal, function.NewArgErrorf(0, "argument must be list, set, or tuple of number values")
			}
			total = total.Add(n)
		}
		return total, nil
	},
})

var matchKeysFunc = function.New(&function.Spec{
	Params: []function.Parameter{
		{Name: "values", Type: cty.List(cty.DynamicPseudoType)}, {Name: "keys", Type: cty.List(cty.DynamicPseudoType)},
		{Name: "searchset", Type: cty.List(cty.DynamicPseudoType)},
	},
	Type: func(args []cty.Value) (cty.Type, error) {
		if t, _ := convert.UnifyUnsafe([]cty.Type{args[1].Type(), args[2].Type()}); t == cty.NilType {
			return cty.NilType, errors.New("keys and searchset must be of the same type")
		}
		return args[0].Type(), nil
	},
	Impl: func(args []cty.Value, t cty.Type) (cty.Value, error) {
		if !args[0].IsWhollyKnown() || !args[1].IsWhollyKnown() || !args[2].IsWhollyKnown() {
			return cty.UnknownVal(t), nil
		}
		if args[0].LengthInt() != args[1].LengthInt() {
			return cty.NilVal, errors.New("length of keys and values should be equal")
		}
		_, unified := convert.UnifyUnsafe([]cty.Type{args[1].Type(), args[2].Type()})
		for i, conversion := range unified {
			if conversion != nil {
				var err error
				if args[1+i], err = conversion(args[1+i]); err != nil {
					return cty.NilVal, err
				}
			}
		}
		wanted := map[string]bool{}
		for _, v := range args[2].Elements() {
			wanted[v.GoString()] = true
		}
		values := args[0].AsValueSlice()
		var out []cty.Value
		i := 0
		for _, key := range args[1].Elements() {
			if wanted[key.GoString()] {
				out = append(out, values[i])
			}
			i++
		}
		if len(out) == 0 {
			return cty.ListValEmpty(t.ElementType()), nil
		}
		return cty.ListVal(out), nil
	},
})

var transposeFunc = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "values", Type: cty.Map(cty.List(cty.String))}},
	Type:   function.StaticReturnType(cty.Map(cty.List(cty.String))),
	Impl: func(args []cty.Value, t cty.Type) (cty.Value, error) {
		if !args[0].IsWhollyKnown() {
			return cty.UnknownVal(t), nil
		}
		turned := map[string][]string{}
		for key, list := range args[0].Elements() {
			for _, v := range list.Elements() {
				if v.IsNull() {
					return cty.NilVal, errors.New("input must not contain null string")
				}
				turned[v.AsString()] = append(turned[v.AsString()], key.AsString())
			}
		}
		if len(turned) == 0 {
			return cty.MapValEmpty(cty.List(cty.String)), nil
		}
		out := make(map[string]cty.Value, len(turned))
		for key, texts := range turned {
			sort.Strings(texts)
			values := make([]cty.Value, len(texts))
			for i, s := range texts {
				values[i] = cty.StringVal(s)
			}
			out[key] = cty.ListVal(values)
		}
		return cty.MapVal(out), nil
	},
})
