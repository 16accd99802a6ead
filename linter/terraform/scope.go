package terraform

import (
	"cmp"
	"path"
	"path/filepath"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// scope is where an expression is evaluated: a module instance and what the
// surrounding blocks bind.
type scope struct {
	in        *instance
	each      *binding
	index     cty.Value // count.index, or NilVal
	iterators map[string]*binding
}

// binding is what each or a dynamic block's iterator stands for.
type binding struct {
	key, value cty.Value
	from       *cursor // the for_each expression, or nil
}

func (b *binding) object() cty.Value {
	return cty.ObjectVal(map[string]cty.Value{"key": b.key, "value": b.value})
}

// target is the address of the resource that a name stands for.
func (s *scope) target(u *use) (string, bool) {
	r := s.resource(u)
	if r == nil {
		return "", false
	}
	address := s.in.prefix() + r.address
	if r.count != nil || r.forEach != nil {
		address += `["*"]`
	}
	return address, true
}

func (in *instance) prefix() string {
	if in.address == "" {
		return ""
	}
	return in.address + "."
}

// resource is the declared resource that a name stands for, or nil.
func (s *scope) resource(u *use) *resource {
	switch u.root {
	case "var", "local", "module", "each", "count", "path", "terraform", "self", "":
		return nil
	case "data", "ephemeral":
		return s.in.module.named[[2]string{u.root + "." + u.kind, u.name}]
	}
	if s.iterators[u.root] != nil {
		return nil
	}
	return s.in.module.named[[2]string{u.root, u.name}]
}

// context holds the values of the names that an expression refers to.
func (s *scope) context(x *expression) *hcl.EvalContext {
	ctx := &hcl.EvalContext{Functions: s.in.eval.functions}
	if len(x.uses) == 0 && !x.loops && !x.joins {
		return ctx
	}
	ctx.Variables = make(map[string]cty.Value, len(x.uses)+1)
	if x.loops || x.joins {
		ctx.Variables[budgetName] = cty.CapsuleVal(budgetType, &s.in.eval.effort)
	}
	groups := make(map[string]map[string]cty.Value, len(x.uses))
	var data map[string]map[string]map[string]cty.Value
	for i := range x.uses {
		u := &x.uses[i]
		v := s.resolve(u)
		switch {
		case u.kind != "":
			if data == nil {
				data = map[string]map[string]map[string]cty.Value{}
			}
			if data[u.root] == nil {
				data[u.root] = map[string]map[string]cty.Value{}
			}
			if data[u.root][u.kind] == nil {
				data[u.root][u.kind] = map[string]cty.Value{}
			}
			data[u.root][u.kind][u.name] = v
		case u.name == "" || s.isObject(u.root):
			ctx.Variables[u.root] = v
		default:
			if groups[u.root] == nil {
				groups[u.root] = map[string]cty.Value{}
			}
			groups[u.root][u.name] = v
		}
	}
	for root, members := range groups {
		ctx.Variables[root] = cty.ObjectVal(members)
	}
	for root, kinds := range data {
		members := make(map[string]cty.Value, len(kinds))
		for kind, named := range kinds {
			members[kind] = cty.ObjectVal(named)
		}
		ctx.Variables[root] = cty.ObjectVal(members)
	}
	return ctx
}

// isObject names the roots whose whole object is made at once.
func (s *scope) isObject(root string) bool {
	switch root {
	case "each", "count", "path", "terraform", "self":
		return true
	}
	return s.iterators[root] != nil
}

// resolve is the value of a name.
func (s *scope) resolve(u *use) cty.Value {
	if b := s.iterators[u.root]; b != nil {
		return b.object()
	}
	switch u.root {
	case "var":
		return s.in.variable(u.name)
	case "local":
		return s.in.local(u.name)
	case "module":
		return s.in.moduleValue(u)
	case "each":
		if s.each != nil {
			return s.each.object()
		}
		return unknown(cty.DynamicPseudoType, "each is used outside of a block with for_each", "")
	case "count":
		if s.index != cty.NilVal {
			return cty.ObjectVal(map[string]cty.Value{"index": s.index})
		}
		return unknown(cty.DynamicPseudoType, "count.index is used outside of a block with count", "")
	case "path":
		return cty.ObjectVal(map[string]cty.Value{
			"module": cty.StringVal(s.in.eval.relative(s.in.module.dir)), "root": cty.StringVal("."), "cwd": cty.StringVal("."),
		})
	case "terraform":
		return cty.ObjectVal(map[string]cty.Value{"workspace": cty.StringVal(cmp.Or(s.in.eval.inputs.workspace, "default")), "applying": cty.False})
	case "self":
		return unknown(cty.DynamicPseudoType, "self is known after apply", "")
	}
	if r := s.resource(u); r != nil {
		return s.in.resourceValue(r, u)
	}
	name := u.root
	for _, part := range []string{u.kind, u.name} {
		if part != "" {
			name += "." + part
		}
	}
	// It is a resource's attribute all the same, and of none that is declared.
	return unknown(cty.DynamicPseudoType, s.in.within(name+" is not declared"), "").Mark(link(s.in.prefix()+name, ""))
}

// relative is a directory of the tree as Terraform's path.module says it:
// relative to the root module.
func (e *evaluation) relative(dir string) string {
	rel, err := filepath.Rel(filepath.FromSlash(e.root), filepath.FromSlash(dir))
	if err != nil {
		return path.Clean(dir)
	}
	return filepath.ToSlash(rel)
}
