package plan

import (
	"encoding/json"
	"sort"
	"strconv"
	"strings"

	"github.com/demarc-dev/demarc/linter/graph"
)

// Limits of what one plan may hold.
const (
	maxDepth = 100     // of values in each other
	maxMatch = 200     // items of a list that are matched by content
	maxText  = 1 << 20 // bytes of a text that is read as JSON
)

var afterApply = graph.Reason{Text: "known after apply"}

// converter makes graph values of planned ones.
type converter struct {
	plan    *Plan
	configs map[string]*configResource
	links   map[linkKey][]graph.Link
}

// node is one planned value with all that is said of it.
type node struct {
	known, unknown, sensitive any
	// written is the expression, or the block of expressions, that the plan's
	// configuration has for it; nil where it has none.
	written any
	// configured tells that the plan's configuration speaks of it.
	configured bool
	// origin is what the source says, Absent where it says nothing.
	origin graph.Value
	depth  int

	of *holder
}

// holder is the resource that a value belongs to.
type holder struct {
	module, key string
	forEach     any
	links       map[uintptr][]graph.Link // by expression
}

// resource converts the values of a resource. origin is nil without source.
func (c *converter) resource(r *planned, origin *graph.Resource) graph.Value {
	n := node{known: r.Values, sensitive: r.Sensitive, of: &holder{module: r.module}}
	parts := segments(r.Address)
	_, n.of.key = named(parts[len(parts)-1])
	if r.Values == nil {
		n.known = map[string]any{}
	}
	if change := c.plan.changes[r.Address]; change != nil {
		n.unknown = change.Change.AfterUnknown
		if n.unknown == true {
			n.unknown = nil // a whole resource is an object of what is known
		}
		n.sensitive = either{r.Sensitive, change.Change.AfterSensitive}
	}
	if config := c.configs[graph.StripKeys(r.Address)]; config != nil {
		n.configured, n.of.forEach = true, config.ForEach
		if n.written = any(config.Expressions); config.Expressions == nil {
			n.written = map[string]any{}
		}
	}
	if origin != nil {
		n.origin = origin.Declared
	}
	return c.object(n, n.known.(map[string]any))
}

// either is true where one of two marks is.
type either struct{ a, b any }

// child is what a structure of marks says of a member: true covers all below.
func child(marks any, key string, index int) any {
	switch m := marks.(type) {
	case bool:
		return m
	case map[string]any:
		return m[key]
	case []any:
		if index >= 0 && index < len(m) {
			return m[index]
		}
	case either:
		return either{child(m.a, key, index), child(m.b, key, index)}
	}
	return nil
}

func isTrue(mark any) bool {
	if e, ok := mark.(either); ok {
		return isTrue(e.a) || isTrue(e.b)
	}
	return mark == true
}

// isLeaf tells an expression from a block of expressions.
func isLeaf(e map[string]any) bool {
	for name := range e {
		if name != "constant_value" && name != "references" {
			return false
		}
	}
	return true
}

// inside reports whether all of the value was written by one expression.
func (n *node) inside() bool {
	e, ok := n.written.(map[string]any)
	return ok && n.depth > 0 && isLeaf(e)
}

func (c *converter) value(n node) graph.Value {
	var out graph.Value
	switch {
	case n.depth > maxDepth:
		out = graph.UnknownValue(graph.Reason{Text: "it is nested too deeply"})
	case n.unknown == true:
		out = c.unknown(n)
	default:
		known := n.known
		if known == nil { // a block of which nothing is known yet
			switch u := n.unknown.(type) {
			case map[string]any:
				known = map[string]any{}
			case []any:
				known = make([]any, 0, len(u))
			}
		}
		switch known := known.(type) {
		case map[string]any:
			out = c.object(n, known)
		case []any:
			out = c.list(n, known)
		default:
			out = c.scalar(n, known)
		}
	}
	if isTrue(n.sensitive) {
		out = out.AsSensitive()
	}
	return out
}

func (c *converter) scalar(n node, known any) graph.Value {
	if n.given(known) {
		if n.origin.Kind == graph.Unknown {
			return n.origin
		}
		return graph.UnknownValue(graph.Reason{Text: "it is sensitive, and was given as an input"}).
			WithLinks(c.linksIn(n)...)
	}
	var out graph.Value
	switch k := known.(type) {
	case nil:
		out = graph.NullValue()
	case bool:
		out = graph.BoolValue(k)
	case json.Number:
		out = graph.NumberValue(k.String())
	case string:
		out = graph.StringValue(k)
	}
	return c.placed(n, out)
}

// given reports whether a secret came from outside of the configuration: it is
// in every plan and state, but that does not make it one that is written down.
func (n *node) given(known any) bool {
	if text, ok := known.(string); !ok || text == "" || !isTrue(n.sensitive) {
		return false
	}
	if e, ok := n.written.(map[string]any); ok {
		if _, constant := e["constant_value"]; constant {
			return false
		}
	}
	return n.origin.Kind == graph.Unknown || n.origin.Kind == graph.Absent
}

// placed gives a value the place, the way and the links of its origin.
func (c *converter) placed(n node, v graph.Value) graph.Value {
	o := n.origin
	if o.Kind == graph.Absent {
		if n.inside() && v.Kind != graph.List && v.Kind != graph.Object {
			v = v.WithLinks(c.linksIn(n)...)
		}
		return v
	}
	v.Range, v.Sensitive = o.Range, o.Sensitive
	if o.Meta == nil {
		return v
	}
	v = v.WithLinks(o.Meta.Links...).WithVia(o.Meta.Via...)
	if structure, ok := o.Structure(); ok && v.Kind == graph.String {
		if o.Kind == graph.String && o.Text == v.Text {
			return v.WithStructure(structure)
		}
		if encoded, ok := decode(v.Text); ok {
			// The structure knows where each part is written.
			inner := node{known: encoded, origin: structure, written: map[string]any{}, depth: n.depth + 1, of: n.of}
			return v.WithStructure(c.value(inner))
		}
	}
	return v
}

// decode reads a text that is a JSON object or list.
func decode(text string) (any, bool) {
	if len(text) > maxText || !strings.HasPrefix(text, "{") && !strings.HasPrefix(text, "[") {
		return nil, false
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var v any
	return v, decoder.Decode(&v) == nil
}

// unknown is a value that is known after apply: what the source knows of it,
// else only what it refers to.
func (c *converter) unknown(n node) graph.Value {
	if n.origin.Kind != graph.Absent && inPart(n.origin) {
		return n.origin
	}
	v := graph.UnknownValue(afterApply)
	if n.origin.Kind == graph.Absent {
		return v.WithLinks(c.linksIn(n)...)
	}
	v = v.At(n.origin.Range).WithLinks(n.origin.AllLinks()...)
	if n.origin.Meta != nil {
		v = v.WithVia(n.origin.Meta.Via...)
	}
	return v
}

// inPart reports whether a part of a value is unknown.
func inPart(v graph.Value) bool {
	found := false
	v.Unknowns(func(graph.Path, graph.Value) { found = true })
	return found
}

func (c *converter) list(n node, known []any) graph.Value {
	out := c.placed(n, graph.Value{Kind: graph.List})
	unknown, _ := n.unknown.([]any)
	size := max(len(known), len(unknown))
	out.Items = make([]graph.Value, 0, size)
	from := matchItems(n.origin, known, size)
	// What is known beside something unknown is not what the references are for.
	plain := n.inside() && anyTrue(n.unknown, 0)
	for i := range size {
		item := node{
			unknown: child(n.unknown, "", i), sensitive: child(n.sensitive, "", i), origin: from[i],
			written: n.written, configured: n.configured, depth: n.depth + 1, of: n.of,
		}
		if i < len(known) {
			item.known = known[i]
		}
		if plain && !anyTrue(item.unknown, 0) {
			item.written = map[string]any{}
		}
		if blocks, ok := n.written.([]any); ok {
			// A set's blocks have lost their order.
			item.written, item.configured = nil, len(blocks) == size
			if len(blocks) == size {
				item.written = blocks[matchBlock(blocks, item.known, i)]
			}
		}
		out.Items = append(out.Items, c.value(item))
	}
	return out
}

// matchBlock finds the block of expressions whose constants are those of a
// value, looking at its own index first.
func matchBlock(blocks []any, known any, index int) int {
	if len(blocks) > maxMatch || fits(blocks[index], known) {
		return index
	}
	for i, b := range blocks {
		if fits(b, known) {
			return i
		}
	}
	return index
}

func fits(block, known any) bool {
	members, _ := known.(map[string]any)
	expressions, _ := block.(map[string]any)
	for name, e := range expressions {
		leaf, _ := e.(map[string]any)
		constant, ok := leaf["constant_value"]
		if !ok {
			continue
		}
		a, isScalar := scalarText(constant)
		b, _ := scalarText(members[name])
		if isScalar && a != b {
			return false
		}
	}
	return true
}

func scalarText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

// matchItems finds for each item the one of the source's list that it came
// from: sets are sorted in a plan.
func matchItems(origin graph.Value, known []any, size int) []graph.Value {
	out := make([]graph.Value, size)
	switch {
	case origin.Kind == graph.Unknown:
		for i := range out {
			out[i] = origin
		}
		return out
	case origin.Kind == graph.Object && size == 1:
		return []graph.Value{origin}
	case origin.Kind != graph.List:
		return out
	case size > maxMatch || len(origin.Items) > maxMatch:
		copy(out, origin.Items)
		return out
	}
	used := make([]bool, len(origin.Items))
	for i := range min(size, len(known)) {
		best, most := -1, -1
		for j, item := range origin.Items {
			if used[j] {
				continue
			}
			score, ok := agreement(known[i], item, 0)
			if ok && (score > most || score == most && j == i) {
				best, most = j, score
			}
		}
		if best >= 0 {
			used[best], out[i] = true, origin.Items[best]
		}
	}
	// What is left goes by its index, if that is free.
	for i := range out {
		if out[i].Kind == graph.Absent && i < len(used) && !used[i] && len(origin.Items) == size {
			used[i], out[i] = true, origin.Items[i]
		}
	}
	return out
}

// agreement counts the known values that are the same in both; false where
// one of the source differs.
func agreement(known any, origin graph.Value, depth int) (int, bool) {
	if depth > 8 {
		return 0, true
	}
	switch origin.Kind {
	case graph.String, graph.Number, graph.Bool:
		want := origin.Text
		if origin.Kind == graph.Bool {
			want = strconv.FormatBool(origin.Bool)
		}
		text, _ := scalarText(known)
		return 1, text == want
	case graph.Object:
		members, ok := known.(map[string]any)
		if !ok {
			return 0, false
		}
		sum := 0
		for _, f := range origin.Fields {
			score, ok := agreement(members[f.Name], f.Value, depth+1)
			if !ok {
				return 0, false
			}
			sum += score
		}
		return sum, true
	case graph.List:
		items, ok := known.([]any)
		if ok && len(items) == len(origin.Items) && len(items) == 1 {
			return agreement(items[0], origin.Items[0], depth+1)
		}
		return 0, ok && (len(items) == len(origin.Items) || inPart(origin))
	}
	return 0, true
}

func (c *converter) object(n node, known map[string]any) graph.Value {
	origin := n.origin
	if origin.Kind == graph.List && len(origin.Items) == 1 {
		origin = origin.Items[0] // a block of which there is one
	}
	n.origin = origin
	out := c.placed(n, graph.Value{Kind: graph.Object})
	plain := n.inside() && anyTrue(n.unknown, 0)
	for _, name := range members(known, n.unknown) {
		m := node{
			known: known[name], unknown: child(n.unknown, name, -1), sensitive: child(n.sensitive, name, -1),
			depth: n.depth + 1, of: n.of, configured: n.configured,
		}
		var at graph.Field
		switch origin.Kind {
		case graph.Object:
			at, _ = origin.Field(name)
			m.origin = at.Value
		case graph.Unknown:
			m.origin = origin
		}
		if expressions, ok := n.written.(map[string]any); ok {
			switch {
			case plain && !anyTrue(m.unknown, 0):
				m.written = map[string]any{}
			case n.inside():
				m.written = n.written
			default:
				m.written = expressions[name]
			}
		}
		if !n.inside() && m.dropped(name, origin.Kind == graph.Object) {
			continue
		}
		out.Fields = append(out.Fields, graph.Field{Name: name, NameRange: at.NameRange, Value: c.value(m)})
	}
	return out
}

// members are the names of an object, those of unknown members included.
func members(known map[string]any, unknown any) []string {
	names := make([]string, 0, len(known))
	for name := range known {
		names = append(names, name)
	}
	if u, ok := unknown.(map[string]any); ok {
		for name, mark := range u {
			if _, both := known[name]; !both && mark != false {
				names = append(names, name)
			}
		}
	}
	sort.Strings(names)
	return names
}

// dropped reports whether an attribute is to be taken as not written. A plan
// has all attributes of the provider's schema, whoever set them.
func (n *node) dropped(name string, hasSource bool) bool {
	if n.written != nil || n.origin.Kind != graph.Absent {
		return false
	}
	if n.unknown == true {
		return n.configured || hasSource
	}
	switch known := n.known.(type) {
	case nil:
		return n.unknown == nil || !anyTrue(n.unknown, 0)
	case string:
		// A document that a companion resource set comes back on refresh.
		return known == "" || strings.HasPrefix(known, "{") && (n.configured || hasSource)
	case []any:
		// Dynamic blocks are missing from a plan's configuration, but not from
		// the source; there, what a companion resource set is told apart.
		return len(known) == 0 && !anyTrue(n.unknown, 0) || hasSource
	case map[string]any:
		return len(known) == 0 && !anyTrue(n.unknown, 0) || hasSource && name != "tags_all"
	}
	return false
}

// anyTrue reports whether a mark holds for some part.
func anyTrue(mark any, depth int) bool {
	if depth > maxDepth {
		return true
	}
	switch m := mark.(type) {
	case bool:
		return m
	case []any:
		for _, item := range m {
			if anyTrue(item, depth+1) {
				return true
			}
		}
	case map[string]any:
		for _, item := range m {
			if anyTrue(item, depth+1) {
				return true
			}
		}
	}
	return false
}
