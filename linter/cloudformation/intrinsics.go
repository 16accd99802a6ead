package cloudformation

import (
	"strings"

	"github.com/demarc-dev/demarc/linter/graph"
)

// maxText is the longest text, in bytes, that functions may build.
// CloudFormation refuses templates of more than 1 MB.
const maxText = 1 << 20

// call evaluates an intrinsic function; n is the whole call. Wrong use gives
// an unknown value with what is wrong: CloudFormation will refuse the
// template, and there is nothing to judge.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
func (e *evaluator) call(name string, argument, n *node) graph.Value {
	switch name {
	case "Ref":
		return e.ref(argument, n)
	case "Fn::GetAtt":
		return e.getAtt(argument, n)
	case "Fn::Sub":
		return e.sub(argument, n)
	case "Fn::Join":
		return e.join(argument, n)
	case "Fn::Select":
		return e.selectItem(argument, n)
	case "Fn::Split":
		return e.split(argument, n)
	case "Fn::FindInMap":
		return e.findInMap(argument, n)
	case "Fn::If":
		return e.ifElse(argument, n)
	case "Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not", "Condition":
		return e.truthOf(name, argument).value(n)
	case "Fn::Base64":
		return e.base64(argument, n)
	case "Fn::GetAZs":
		return e.zones(argument, n)
	case "Fn::Cidr":
		return e.cidr(argument, n)
	case "Fn::Length":
		return e.length(argument, n)
	case "Fn::ToJsonString":
		return e.toJSON(argument, n)
	case "Fn::ImportValue":
		return unknown(n, "imported from another stack")
	case "Fn::Transform":
		return graph.UnknownValue(transformReason(argument)).At(n.at())
	}
	v := graph.UnknownValue(graph.Reason{Text: name + " is no function that demarc knows"}).At(n.at())
	return v.WithLinks(e.eval(argument).AllLinks()...)
}

func transformReason(argument *node) graph.Reason {
	if name := argument.get("Name"); name.isScalar() {
		return graph.Reason{Text: "made by the macro " + name.text}
	}
	return graph.Reason{Text: "made by a macro"}
}

// arguments evaluates a function's argument list; ok is false when it is no
// list of count members.
func (e *evaluator) arguments(argument *node, count int) (values []graph.Value, ok bool) {
	if argument.kind != sequenceNode || len(argument.items) != count {
		return nil, false
	}
	values = make([]graph.Value, len(argument.items))
	for i, item := range argument.items {
		values[i] = e.eval(item)
	}
	return values, true
}

// ifElse is Fn::If. Where the condition is unknown and the branches differ
// the value is unknown, for the condition's reasons, and may refer to what
// either branch refers to.
func (e *evaluator) ifElse(argument, n *node) graph.Value {
	if argument.kind != sequenceNode || len(argument.items) != 3 {
		return unknown(n, "Fn::If takes a condition and two values")
	}
	t := e.ifCondition(argument.items[0])
	if t.known {
		if t.holds {
			return e.eval(argument.items[1])
		}
		return e.eval(argument.items[2])
	}
	yes, no := e.eval(argument.items[1]), e.eval(argument.items[2])
	if yes.Equal(no) {
		return yes
	}
	links := gather(yes, no)
	out := graph.UnknownValue(t.reasons...).At(n.at()).WithLinks(links.links...).WithLinks(t.links...)
	out.Sensitive = links.sensitive
	return out
}

// sub is Fn::Sub with or without a map of variables.
func (e *evaluator) sub(argument, n *node) graph.Value {
	pattern := argument
	var variables *node
	if argument.kind == sequenceNode {
		if len(argument.items) != 2 || argument.items[1].kind != mappingNode {
			return unknown(n, "Fn::Sub takes a text and a map of variables")
		}
		pattern, variables = argument.items[0], argument.items[1]
	}
	if !pattern.isScalar() {
		return unknown(n, "Fn::Sub takes a literal text")
	}
	var b strings.Builder
	g := &gathered{}
	prefix := "" // before the first part that is unknown
	var parts []graph.Value
	from := e.scope.replaceKnown(pattern.text)
	for {
		open := strings.Index(from, "${")
		if open < 0 {
			break
		}
		length := strings.IndexByte(from[open:], '}')
		if length < 0 {
			break
		}
		name := from[open+2 : open+length]
		b.WriteString(from[:open])
		parts = append(parts, graph.StringValue(from[:open]))
		from = from[open+length+1:]
		if literal, ok := strings.CutPrefix(name, "!"); ok {
			b.WriteString("${" + literal + "}")
			parts = append(parts, graph.StringValue("${"+literal+"}"))
			continue
		}
		v := e.variable(strings.TrimSpace(name), variables, n)
		if v.Kind == graph.Unknown && !g.unknown {
			prefix = b.String()
		}
		g.add(v)
		parts = append(parts, v)
		part, ok := text(v)
		if !ok && !g.unknown {
			return unknown(n, "${"+name+"} is no text")
		}
		if b.Len()+len(part) > maxText || !e.loader.spend(len(part)/64) {
			return unknown(n, "the text is too long")
		}
		b.WriteString(part)
	}
	b.WriteString(from)
	if g.unknown {
		return structured(beginning(g.unknownAt(n.at()), prefix), append(parts, graph.StringValue(from)))
	}
	return e.loader.resolved(g.into(graph.Value{Kind: graph.String, Text: b.String(), Range: n.at()}))
}

// beginning is an unknown text of which a prefix is known.
func beginning(v graph.Value, prefix string) graph.Value {
	if prefix == "" {
		return v
	}
	return v.WithPrefix(prefix)
}

// variable is the value of ${name} in an Fn::Sub at n.
func (e *evaluator) variable(name string, variables, n *node) graph.Value {
	if p := variables.pair(name); p != nil {
		return e.eval(p.value)
	}
	if strings.Contains(name, ".") {
		return e.getAttOf(name, n)
	}
	return e.refTo(name, n)
}

// join is Fn::Join.
func (e *evaluator) join(argument, n *node) graph.Value {
	args, ok := e.arguments(argument, 2)
	if !ok {
		return unknown(n, "Fn::Join takes a delimiter and a list")
	}
	g := gather(args...)
	if g.unknown {
		prefix := ""
		if list := args[1]; list.Kind == graph.List && len(list.Items) > 0 {
			prefix, _ = text(list.Items[0])
		}
		return structured(beginning(g.unknownAt(n.at()), prefix), between(args[0], args[1].Items))
	}
	delimiter, ok := text(args[0])
	if !ok || args[0].Kind == graph.List {
		return unknown(n, "Fn::Join's delimiter is no text")
	}
	if args[1].Kind != graph.List {
		return unknown(n, "Fn::Join takes a list of texts")
	}
	parts := make([]any, len(args[1].Items))
	size := 0
	for i, item := range args[1].Items {
		part, ok := text(item)
		if !ok {
			return unknown(n, "Fn::Join takes a list of texts")
		}
		parts[i] = part
		size += len(part) + len(delimiter)
	}
	if size > maxText || !e.loader.spend(size/64) {
		return unknown(n, "the text is too long")
	}
	joined, ok := e.joinTexts(n, delimiter, parts)
	if !ok {
		return unknown(n, "Fn::Join takes a list of texts")
	}
	return e.loader.resolved(g.into(graph.Value{Kind: graph.String, Text: joined, Range: n.at()}))
}

// between puts a delimiter between items.
func between(delimiter graph.Value, items []graph.Value) []graph.Value {
	var out []graph.Value
	for i, item := range items {
		if i > 0 {
			out = append(out, delimiter)
		}
		out = append(out, item)
	}
	return out
}

// split is Fn::Split.
func (e *evaluator) split(argument, n *node) graph.Value {
	args, ok := e.arguments(argument, 2)
	if !ok {
		return unknown(n, "Fn::Split takes a delimiter and a text")
	}
	g := gather(args...)
	if g.unknown {
		return g.unknownAt(n.at())
	}
	delimiter, ok1 := text(args[0])
	whole, ok2 := text(args[1])
	if !ok1 || !ok2 || delimiter == "" {
		return unknown(n, "Fn::Split takes a delimiter and a text")
	}
	parts, ok := e.splitText(n, delimiter, whole)
	if !ok || !e.loader.spend(len(parts)) {
		return unknown(n, "Fn::Split takes a delimiter and a text")
	}
	items := make([]graph.Value, len(parts))
	for i, part := range parts {
		items[i] = graph.Value{Kind: graph.String, Text: part, Range: n.at(), Sensitive: g.sensitive}
	}
	return g.into(graph.Value{Kind: graph.List, Items: items, Range: n.at()})
}

// selectItem is Fn::Select. It takes a member of a list although other
// members are unknown.
func (e *evaluator) selectItem(argument, n *node) graph.Value {
	args, ok := e.arguments(argument, 2)
	if !ok {
		return unknown(n, "Fn::Select takes an index and a list")
	}
	if args[0].Kind == graph.Unknown || args[1].Kind == graph.Unknown {
		return gather(args...).unknownAt(n.at())
	}
	index, ok := text(args[0])
	if !ok || !isNumber(index) || args[1].Kind != graph.List {
		return unknown(n, "Fn::Select takes an index and a list")
	}
	item, ok := e.selectFrom(n, index, args[1].Items)
	if !ok {
		return unknown(n, "Fn::Select's list has no member "+index)
	}
	g := &gathered{}
	g.add(graph.Value{Meta: args[0].Meta})
	g.add(graph.Value{Meta: args[1].Meta})
	g.links = nil
	return g.into(place(item, n.at()))
}
