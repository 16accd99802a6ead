package terraform

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/source"
)

// family is the instances of one module call in one module instance.
type family struct {
	expansion
	instances []*instance
	values    map[string]*slot
}

func isCallMeta(name string) bool {
	switch name {
	case "source", "version", "count", "for_each", "providers", "depends_on":
		return true
	}
	return false
}

// family expands a module call; nil while its count or for_each is being evaluated.
func (in *instance) family(c *call) *family {
	f, known := in.families[c]
	if known {
		return f
	}
	in.families[c] = nil
	leave, _ := in.enter("module", c.name)
	defer leave()
	f = &family{}
	m, missing := in.find(c)
	if missing != nil {
		f.expansion = in.expandMissing(c)
	} else {
		f.expansion = in.expandEnabled(c.count, c.forEach, c.enabled, in.prefix()+"module."+c.name)
	}
	if !in.eval.effort.enter(len(f.scopes)) {
		in.eval.report(c.block.header, fmt.Sprintf("more than %d instances of modules, or too much work: this one is not judged", maxModules))
		v := unknown(cty.DynamicPseudoType, tooMuch, "")
		m, missing, f.expansion = &module{dir: in.module.dir}, &v, in.expand(nil, nil, "")
	}
	for i, s := range f.scopes {
		child := newInstance(in.eval, m)
		child.address = in.prefix() + "module." + c.name + f.keys[i]
		child.names = slices.Concat(in.names, []string{c.name})
		child.call, child.caller, child.missing = c, s, missing
		child.calls = slices.Concat(in.calls, []graph.Call{{
			Address: child.address, Header: c.block.header, Block: c.block.span,
		}})
		child.presence = f.presence(i, in.presence)
		f.instances = append(f.instances, child)
	}
	in.families[c] = f
	return f
}

// expandMissing has one instance of a module that is not at hand. Whether it is
// called at all is known as of others.
func (in *instance) expandMissing(c *call) expansion {
	out := in.expand(nil, nil, "")
	called := in.expandEnabled(c.count, c.forEach, c.enabled, in.prefix()+"module."+c.name)
	switch len(called.scopes) {
	case 0:
		out.maybe, out.exists = &graph.Reason{Text: "module." + c.name + " is not called"}, []*graph.Condition{graph.Never}
	default:
		if called.maybe != nil && len(called.exists) > 0 {
			out.maybe, out.exists = called.maybe, []*graph.Condition{graph.Or(called.exists...)}
		}
	}
	return out
}

// find returns the module that a call leads to; else what its outputs are.
func (in *instance) find(c *call) (*module, *cty.Value) {
	name := "module." + c.name
	absent := func(text, needs string) (*module, *cty.Value) {
		v := unknown(cty.DynamicPseudoType, text, needs)
		return &module{dir: in.module.dir}, &v
	}
	text := in.source(c)
	if text == "" {
		return absent(in.within(name+" has no source that is known"), "")
	}
	dir, local := localDir(in.module.dir, text)
	if !local {
		key := strings.Join(append(in.names[:len(in.names):len(in.names)], c.name), ".")
		if dir = in.eval.installed[key]; dir == "" {
			return absent(in.within(name+" ("+text+") is not installed"), "terraform init")
		}
	}
	if info, err := in.eval.library.tree.Stat(dir); err != nil || !info.IsDir() {
		if !local {
			return absent(in.within(name+" ("+text+") is not installed"), "terraform init")
		}
		why := "is not in the repository"
		if err == nil {
			why = "is not a directory"
		}
		in.eval.report(c.block.header, fmt.Sprintf("%s: %s %s", name, text, why))
		return absent(in.within(name+": "+text+" "+why), "")
	}
	m := in.eval.library.module(dir)
	depth := 0
	for at := in; at != nil; depth++ {
		if at.module == m {
			in.eval.report(c.block.header, fmt.Sprintf("%s: the module calls itself", name))
			return absent(in.within(name+" calls itself"), "")
		}
		if at.caller == nil {
			break
		}
		at = at.caller.in
	}
	if depth >= maxModuleDepth {
		in.eval.report(c.block.header, fmt.Sprintf("%s: modules are nested more than %d levels deep", name, maxModuleDepth))
		return absent(in.within(name+" is nested too deeply"), "")
	}
	return m, nil
}

// source is where a module call says that the module is; "" if it is not known.
func (in *instance) source(c *call) string {
	if c.sourceText != "" || c.source == nil {
		return c.sourceText
	}
	v, _ := in.scope().evaluate(c.source).UnmarkDeep()
	if v.IsKnown() && !v.IsNull() && v.Type() == cty.String {
		return v.AsString()
	}
	return ""
}

// gap notes a module that is not at hand, with the resources it takes as
// arguments. They are evaluated last of all: an argument may depend on another
// output of the same module, which is no cycle.
func (in *instance) gap(c *call, missing *instance) {
	text := c.sourceText
	if text == "" && c.source != nil {
		text = strings.Trim(string(c.source.file.Data[c.source.span().Start:c.source.span().End]), `"`)
	}
	gap := &graph.Gap{Address: missing.address, Source: text, Range: c.block.header}
	in.eval.stack.Gaps = append(in.eval.stack.Gaps, gap)
	gap.Maybe, gap.Exists = missing.presence.why, missing.presence.when
	seen := map[graph.Link]bool{}
	var arguments []graph.Field
	for _, a := range c.block.body.attributes {
		if a.name == "source" || a.name == "version" || a.name == "providers" {
			continue
		}
		s := in.scope()
		if c.count != nil || c.forEach != nil {
			s = in.openExpansion(&graph.Reason{Text: "the module is not at hand"}).scopes[0]
		}
		v := s.evaluate(a.value)
		for _, l := range originOf(deepMarks(v)).links {
			if !seen[l] {
				seen[l] = true
				gap.Links = append(gap.Links, l)
			}
		}
		if !isCallMeta(a.name) {
			arguments = append(arguments, graph.Field{Name: a.name, NameRange: a.nameRange, Value: s.place(v, a.value)})
		}
	}
	gap.Arguments = graph.ObjectValue(arguments...)
}

// moduleValue is what a reference to a module call sees.
func (in *instance) moduleValue(u *use) cty.Value {
	c := in.module.callNamed[u.name]
	if c == nil {
		return unknown(cty.DynamicPseudoType, in.within("module."+u.name+" is not declared"), "")
	}
	f := in.family(c)
	if f == nil {
		return in.cycle("module", c.name)
	}
	names := u.attributes
	if f.mode == single && u.indexed {
		names = nil
	}
	if len(f.instances) > 0 && f.instances[0].missing != nil {
		return *f.instances[0].missing
	}
	key := strings.Join(names, ",")
	if s := f.values[key]; s != nil {
		if s.busy {
			return in.cycle("module", c.name)
		}
		return s.value
	}
	s := &slot{busy: true}
	if f.values == nil {
		f.values = map[string]*slot{}
	}
	f.values[key] = s
	s.value = f.value(names)
	s.busy = false
	return s.value
}

func (f *family) value(names []string) cty.Value {
	if out := collect(f.mode, f.names, f.instances, names); out != cty.NilVal {
		return out
	}
	marks := cty.NewValueMarks(reasonMark{Reason: *f.maybe})
	for _, child := range f.instances {
		for m := range deepMarks(child.object(names)) {
			if !isShape(m) {
				marks[m] = struct{}{}
			}
		}
	}
	return cty.DynamicVal.WithMarks(marks)
}

// object is an instance's outputs, or those that are asked for.
func (in *instance) object(names []string) cty.Value {
	members := map[string]cty.Value{}
	if names == nil {
		for name := range in.module.outputs {
			members[name] = in.output(name)
		}
	}
	for _, name := range names {
		members[name] = in.output(name)
	}
	return cty.ObjectVal(members)
}

// readInstalled reads which modules terraform init installed, by their path
// of call names.
func readInstalled(tree source.FS, root string) map[string]string {
	f, err := tree.Read(path.Join(root, ".terraform/modules/modules.json"))
	if err != nil {
		return nil
	}
	var manifest struct {
		Modules []struct{ Key, Dir string }
	}
	if json.Unmarshal(f.Data, &manifest) != nil {
		return nil // terraform init would write it anew
	}
	installed := make(map[string]string, len(manifest.Modules))
	for _, m := range manifest.Modules {
		if m.Key != "" && m.Dir != "" && !path.IsAbs(m.Dir) {
			installed[m.Key] = path.Join(root, strings.ReplaceAll(m.Dir, "\\", "/"))
		}
	}
	return installed
}
