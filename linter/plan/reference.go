package plan

import (
	"reflect"
	"slices"
	"sort"
	"strings"

	"github.com/demarc-dev/demarc/linter/graph"
)

// Limits of references: their ways through variables and outputs, and bytes.
const (
	maxHops      = 64
	maxReference = 1000
)

// segments splits an address at the dots outside of instance keys.
func segments(address string) []string {
	var out []string
	start, depth, quoted := 0, 0, false
	for i := 0; i < len(address); i++ {
		switch c := address[i]; {
		case quoted && c == '\\':
			i++
		case c == '"' && depth > 0:
			quoted = !quoted
		case quoted:
		case c == '[':
			depth++
		case c == ']':
			depth--
		case c == '.' && depth == 0:
			out = append(out, address[start:i])
			start = i + 1
		}
	}
	return append(out, address[min(start, len(address)):])
}

// named splits a segment into its name and its instance key, brackets included.
func named(segment string) (name, key string) {
	if i := strings.IndexByte(segment, '['); i >= 0 {
		return segment[:i], segment[i:]
	}
	return segment, ""
}

// caller splits a module instance into the one that calls it, the call's name
// and the instance key.
func caller(module string) (parent, name, key string) {
	s := segments(module)
	if len(s) < 2 {
		return "", "", ""
	}
	name, key = named(s[len(s)-1])
	return strings.Join(s[:len(s)-2], "."), name, key
}

// linkKey is what the links of a reference depend on.
type linkKey struct {
	module, reference, key string
}

// resolver follows the references of one expression.
type resolver struct {
	*converter
	seen map[linkKey]bool
	out  []graph.Link
}

// linksIn are the resources that the expression of a value refers to.
func (c *converter) linksIn(n node) []graph.Link {
	expression, ok := n.written.(map[string]any)
	if !ok || len(expression) == 0 {
		return c.linksOf(n.of.module, n.written, n.of.key, n.of.forEach)
	}
	// All members of a list are of one expression.
	at := reflect.ValueOf(expression).Pointer()
	links, known := n.of.links[at]
	if !known {
		links = c.linksOf(n.of.module, n.written, n.of.key, n.of.forEach)
		if n.of.links == nil {
			n.of.links = map[uintptr][]graph.Link{}
		}
		n.of.links[at] = links
	}
	return links
}

// linksOf are the resources that an expression refers to. key is the instance
// key of the resource that holds it, for count.index and each.
func (c *converter) linksOf(module string, expression any, key string, forEach any) []graph.Link {
	references := referencesOf(expression)
	if len(references) == 0 {
		return nil
	}
	// count.index and each.key pick the instance of the same key elsewhere.
	var own string
	for _, r := range references {
		switch {
		case r == "count.index" || r == "each.key":
			own = key
		case r == "each.value" || strings.HasPrefix(r, "each.value."):
			own = key
			references = append(references[:len(references):len(references)], referencesOf(forEach)...)
		}
	}
	var out []graph.Link
	for _, r := range references {
		at := linkKey{module, r, own}
		links, known := c.links[at]
		if !known {
			v := &resolver{converter: c, seen: map[linkKey]bool{}}
			v.follow(module, r, own, 0)
			links = v.out
			c.links[at] = links
		}
		for _, l := range links {
			if !slices.Contains(out, l) {
				out = append(out, l)
			}
		}
	}
	return out
}

// referencesOf are the references of an expression, without those that are
// only the beginning of another.
func referencesOf(expression any) []string {
	var all []string
	collect(expression, &all, 0)
	sort.Strings(all)
	all = slices.Compact(all)
	begins := map[string]bool{}
	for _, r := range all {
		for i := range len(r) {
			if r[i] == '.' || r[i] == '[' {
				begins[r[:i]] = true
			}
		}
	}
	return slices.DeleteFunc(all, func(r string) bool { return begins[r] })
}

// collect gathers the references in an expression or in blocks of them.
func collect(expression any, out *[]string, depth int) {
	if depth > maxDepth {
		return
	}
	switch e := expression.(type) {
	case []any:
		for _, item := range e {
			collect(item, out, depth+1)
		}
	case map[string]any:
		if isLeaf(e) {
			list, _ := e["references"].([]any)
			for _, item := range list {
				if text, ok := item.(string); ok && len(text) <= maxReference {
					*out = append(*out, text)
				}
			}
			return
		}
		for _, item := range e {
			collect(item, out, depth+1)
		}
	}
}

// follow adds the resources that a reference in a module instance leads to.
func (v *resolver) follow(module, reference, own string, hops int) {
	at := linkKey{module, reference, own}
	if hops > maxHops || v.seen[at] {
		return
	}
	v.seen[at] = true
	s := segments(reference)
	kind, _ := named(s[0])
	switch kind {
	case "var":
		if len(s) > 1 {
			v.argument(module, s[1], hops)
		}
	case "module":
		if len(s) > 2 {
			v.output(module, s, own, hops)
		}
	case "local", "each", "count", "path", "terraform", "self":
	case "data":
		if len(s) > 2 {
			v.resource(module, "data."+s[1]+".", s[2], s[3:], own)
		}
	default:
		if len(s) > 1 {
			v.resource(module, s[0]+".", s[1], s[2:], own)
		}
	}
}

// argument follows a variable to the call that sets it.
func (v *resolver) argument(module, variable string, hops int) {
	name, _ := named(variable)
	parent, call, key := caller(module)
	m := v.plan.modules[graph.StripKeys(parent)]
	if module == "" || m == nil || m.Calls[call] == nil {
		return
	}
	for _, r := range referencesOf(m.Calls[call].Expressions[name]) {
		v.follow(parent, r, key, hops+1)
	}
}

// output follows module.name[key].output into the module.
func (v *resolver) output(module string, s []string, own string, hops int) {
	call, key := named(s[1])
	output, _ := named(s[2])
	child := join(module, "module."+call)
	m := v.plan.modules[graph.StripKeys(child)]
	if m == nil || m.Outputs[output] == nil {
		return
	}
	instance := v.pick(child, key, own, v.plan.instancesOf(child))
	for _, r := range referencesOf(m.Outputs[output].Expression) {
		v.follow(instance, r, "", hops+1)
	}
}

// instancesOf lists the instances of a module call in one module instance.
func (p *Plan) instancesOf(child string) []string {
	var out []string
	for _, address := range p.calls[graph.StripKeys(child)] {
		if rest, ok := strings.CutPrefix(address, child); ok && (rest == "" || rest[0] == '[') {
			out = append(out, address)
		}
	}
	return out
}

func (v *resolver) resource(module, prefix, name string, attributes []string, own string) {
	name, key := named(name)
	base := join(module, prefix+name)
	link := graph.Link{Address: v.pick(base, key, own, v.plan.instances[base])}
	if len(attributes) > 0 {
		link.Attribute, _ = named(attributes[0])
	}
	if !slices.Contains(v.out, link) {
		v.out = append(v.out, link)
	}
}

// pick is the address of the instance that is meant: of the key that is
// written, of the key of the one who refers, or the only one there is. "*"
// stands for one that cannot be told.
func (v *resolver) pick(base, key, own string, instances []string) string {
	switch {
	case key != "":
		return base + key
	case own != "" && v.plan.present[base+own]:
		return base + own
	case len(instances) == 1:
		return instances[0]
	case len(instances) == 0:
		return base
	}
	return base + `["*"]`
}
