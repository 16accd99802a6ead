package terraform

import (
	"crypto/md5"  //nolint:gosec // Terraform's filemd5
	"crypto/sha1" //nolint:gosec // Terraform's filesha1
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/demarc-dev/demarc/linter/source"
)

// fileFunctions read files of the tree, and nothing else.
func (e *evaluation) fileFunctions() map[string]function.Function {
	read := func(result func(data []byte) (cty.Value, error)) function.Function {
		return onStrings(cty.String, []string{"path"}, func(a []string) (cty.Value, error) {
			data, err := e.readFile(a[0])
			if err != nil {
				return cty.NilVal, function.NewArgError(0, err)
			}
			return result(data)
		})
	}
	sum := func(start func() hash.Hash, encode func([]byte) string) function.Function {
		return read(func(data []byte) (cty.Value, error) {
			h := start()
			h.Write(data)
			return cty.StringVal(encode(h.Sum(nil))), nil
		})
	}
	return map[string]function.Function{
		"file": read(func(data []byte) (cty.Value, error) {
			if !utf8.Valid(data) {
				return cty.NilVal, errors.New("the file is not valid UTF-8")
			}
			return cty.StringVal(string(data)), nil
		}),
		"filebase64": read(func(data []byte) (cty.Value, error) {
			return cty.StringVal(base64.StdEncoding.EncodeToString(data)), nil
		}),
		"filemd5": sum(md5.New, hex.EncodeToString), "filesha1": sum(sha1.New, hex.EncodeToString),
		"filesha256": sum(sha256.New, hex.EncodeToString), "filesha512": sum(sha512.New, hex.EncodeToString),
		"filebase64sha256": sum(sha256.New, base64.StdEncoding.EncodeToString),
		"filebase64sha512": sum(sha512.New, base64.StdEncoding.EncodeToString),
		"fileexists": onStrings(cty.Bool, []string{"path"}, func(a []string) (cty.Value, error) {
			name, err := e.treePath(a[0])
			if err != nil {
				return cty.NilVal, function.NewArgError(0, err)
			}
			info, err := e.library.tree.Stat(name)
			if err == nil && !info.Mode().IsRegular() {
				return cty.NilVal, function.NewArgErrorf(0, "%s is not a file", a[0])
			}
			return cty.BoolVal(err == nil), nil
		}),
		"fileset": onStrings(cty.Set(cty.String), []string{"path", "pattern"}, func(a []string) (cty.Value, error) {
			return e.fileSet(a[0], a[1])
		}),
		"templatefile":   e.templateFunc(true),
		"templatestring": e.templateFunc(false),
	}
}

// treePath is the tree's name of a path that a configuration has written:
// relative to the root module.
func (e *evaluation) treePath(name string) (string, error) {
	if path.IsAbs(name) || strings.HasPrefix(name, "~") {
		return "", fmt.Errorf("%s lies outside the repository", name)
	}
	joined := path.Join(e.root, name)
	if !fs.ValidPath(joined) {
		return "", fmt.Errorf("%s lies outside the repository", name)
	}
	return joined, nil
}

func (e *evaluation) readFile(name string) ([]byte, error) {
	in, err := e.treePath(name)
	if err != nil {
		return nil, err
	}
	f, err := e.library.tree.Read(in)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", name, err)
	}
	if !e.effort.spend(1 + len(f.Data)/stepOfBytes) {
		return nil, errTooMuch
	}
	return f.Data, nil
}

// maxFileSet is how many files fileset looks at.
const maxFileSet = 100_000

func (e *evaluation) fileSet(dir, pattern string) (cty.Value, error) {
	base, err := e.treePath(dir)
	if err != nil {
		return cty.NilVal, function.NewArgError(0, err)
	}
	if !doublestar.ValidatePattern(pattern) {
		return cty.NilVal, function.NewArgErrorf(1, "not a valid pattern")
	}
	if _, err := e.library.tree.Stat(base); errors.Is(err, fs.ErrNotExist) {
		return cty.SetValEmpty(cty.String), nil
	}
	var names []cty.Value
	seen := 0
	var failed error
	source.Walk(e.library.ctx, e.library.tree, base, func(string) bool { return seen > maxFileSet }, func(name string, e fs.DirEntry) {
		if seen++; !e.Type().IsRegular() && e.Type()&fs.ModeSymlink == 0 {
			return
		}
		rel := name
		if base != "." {
			rel = strings.TrimPrefix(name, base+"/")
		}
		if ok, err := doublestar.Match(path.Clean(pattern), rel); ok && err == nil {
			names = append(names, cty.StringVal(rel))
		}
	}, func(_ string, err error) { failed = err })
	switch {
	case seen > maxFileSet:
		return cty.NilVal, fmt.Errorf("%s holds more than %d files", dir, maxFileSet)
	case failed != nil && len(names) == 0:
		return cty.NilVal, fmt.Errorf("%s cannot be read: %w", dir, failed)
	case len(names) == 0:
		return cty.SetValEmpty(cty.String), nil
	}
	return cty.SetVal(names), nil
}

// maxTemplateDepth is how deep templates may call templates.
const maxTemplateDepth = 16

// templateFunc is templatefile, or templatestring, whose text is its argument.
func (e *evaluation) templateFunc(fromFile bool) function.Function {
	depth := 0
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "template", Type: cty.String}, anything("vars")},
		Type:   function.StaticReturnType(cty.DynamicPseudoType),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			name, data := "template", []byte(args[0].AsString())
			if fromFile {
				var err error
				name = args[0].AsString()
				if data, err = e.readFile(name); err != nil {
					return cty.NilVal, function.NewArgError(0, err)
				}
			}
			vars, marks := args[1].Unmark()
			if t := vars.Type(); !vars.IsKnown() || vars.IsNull() || !t.IsObjectType() && !t.IsMapType() {
				if !vars.IsKnown() {
					return cty.UnknownVal(cty.String).WithMarks(marks), nil
				}
				return cty.NilVal, function.NewArgErrorf(1, "must be a map")
			}
			if depth++; depth > maxTemplateDepth {
				depth--
				return cty.NilVal, errors.New("templates call each other")
			}
			defer func() { depth-- }()
			parsed := parseTemplate
			if fromFile {
				parsed = e.templateFile
			}
			x, err := parsed(name, data)
			if err != nil {
				return cty.NilVal, err
			}
			v, err := e.render(name, x, vars)
			if err != nil {
				return cty.NilVal, err
			}
			return v.WithMarks(causes(marks)), nil
		},
	})
}

// templateFile parses a file once: loops use one often.
func (e *evaluation) templateFile(name string, data []byte) (*expression, error) {
	in, err := e.treePath(name)
	if err != nil {
		return nil, err
	}
	if x, ok := e.library.templates.Load(in); ok {
		return x.(*expression), nil //nolint:forcetypeassert // nothing else is stored
	}
	x, err := parseTemplate(name, data)
	if err == nil {
		e.library.templates.Store(in, x)
	}
	return x, err
}

func parseTemplate(name string, data []byte) (*expression, error) {
	if _, ok := checkNesting(data); !ok {
		return nil, fmt.Errorf("%s is nested too deeply", name)
	}
	node, diags := hclsyntax.ParseTemplate(data, name, hcl.InitialPos)
	if diags.HasErrors() {
		return nil, fmt.Errorf("%s: %s", name, summary(diags))
	}
	x, ok := prepare(node, nil)
	if !ok {
		return nil, fmt.Errorf("%s is nested too deeply", name)
	}
	return x, nil
}

func (e *evaluation) render(name string, x *expression, vars cty.Value) (cty.Value, error) {
	if !e.effort.spend(stepsPerTemplate) {
		return cty.NilVal, errTooMuch
	}
	ctx := &hcl.EvalContext{Functions: e.functions, Variables: vars.AsValueMap()}
	if ctx.Variables == nil {
		ctx.Variables = map[string]cty.Value{}
	}
	ctx.Variables[budgetName] = cty.CapsuleVal(budgetType, &e.effort)
	v, diags := x.node.Value(ctx)
	if diags.HasErrors() {
		return cty.NilVal, fmt.Errorf("%s: %s", name, summary(diags))
	}
	v, marks := v.Unmark()
	v = v.WithMarks(causes(marks)) // it encodes another value than its parts do
	if !v.IsKnown() {
		if structure := e.templateStructure(x.node, ctx, nil); structure != nil {
			v = v.Mark(&encoding{structure: structure})
		}
	}
	return v, nil
}
