package cloudformation

import (
	"github.com/demarc-dev/demarc/linter/graph"
)

// truth is the value of a condition: true, false or unknown.
type truth struct {
	known, holds bool
	reasons      []graph.Reason
	links        []graph.Link
}

func certain(holds bool) truth { return truth{known: true, holds: holds} }

func undecided(text string) truth {
	return truth{reasons: []graph.Reason{{Text: text}}}
}

func (t truth) String() string {
	switch {
	case !t.known:
		return "not known"
	case t.holds:
		return "true"
	}
	return "false"
}

// value is the truth where a value is due.
func (t truth) value(n *node) graph.Value {
	if !t.known {
		return graph.UnknownValue(t.reasons...).WithLinks(t.links...).At(n.at())
	}
	return graph.Value{Kind: graph.Bool, Bool: t.holds, Range: n.at()}
}

// conditionState is a condition that is being evaluated, or was.
type conditionState struct {
	done  bool
	truth truth
}

// maxConditionDepth is how many conditions may lead to one another.
const maxConditionDepth = 500

// condition evaluates a condition by name, once.
func (e *evaluator) condition(name string) truth {
	e.note(conditionInput + name)
	if state, ok := e.conditions[name]; ok {
		if !state.done {
			p := e.template.conditions.pair(name)
			e.loader.report(e.template.conditions.nameAt(p), "condition "+name+" depends on itself")
			return undecided("condition " + name + " depends on itself")
		}
		return state.truth
	}
	p := e.template.conditions.pair(name)
	switch {
	case p == nil:
		return undecided("condition " + name + " is not declared")
	case e.depth >= maxConditionDepth:
		return undecided("the conditions are nested too deeply")
	}
	state := &conditionState{}
	e.conditions[name] = state
	reads, scope, within := e.reads, e.scope, e.inCondition
	e.reads, e.scope, e.inCondition = nil, nil, true
	e.depth++
	state.truth = e.expression(p.value)
	e.depth--
	e.reads, e.scope, e.inCondition = reads, scope, within
	state.done = true
	return state.truth
}

// ifCondition evaluates what names a condition: Fn::If's first argument, or a
// resource's Condition, which a loop may make from text.
func (e *evaluator) ifCondition(n *node) truth {
	if e.template.namesCondition(n) {
		name, unknown := e.scope.replace(n.name())
		if unknown != nil {
			return truth{reasons: unknown.Reasons()}
		}
		e.guard(name)
		return e.condition(name)
	}
	switch made := e.nameMade(n, e.scope); {
	case made.Kind == graph.Unknown:
		return truth{reasons: made.Reasons()}
	case made.Kind == graph.String:
		e.guard(made.Text)
		return e.condition(made.Text)
	}
	return e.expression(n)
}

// nameMade is the condition's name that a function makes; Absent where n is
// nothing of the kind.
func (e *evaluator) nameMade(n *node, s *scope) graph.Value {
	switch name, _, _ := n.call(); name {
	case "Ref", "Fn::Sub", "Fn::Join", "Fn::Select", "Fn::FindInMap":
		outer := e.scope
		e.scope = s
		defer func() { e.scope = outer }()
		return e.eval(n)
	}
	return graph.Value{}
}

// expression evaluates what stands in the Conditions section.
func (e *evaluator) expression(n *node) truth {
	if n == nil || !e.loader.spend(1) {
		return undecided("the condition is empty")
	}
	name, argument, ok := n.call()
	if !ok && n.kind == mappingNode && len(n.pairs) == 1 && n.pairs[0].name == "Condition" {
		name, argument, ok = "Condition", n.pairs[0].value, true
	}
	if !ok {
		if n.kind == boolNode {
			return certain(isTrue(n))
		}
		return undecided("this is no condition")
	}
	return e.truthOf(name, argument)
}

// truthOf evaluates a condition function.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-conditions.html
func (e *evaluator) truthOf(name string, argument *node) truth {
	switch name {
	case "Condition":
		if e.template.namesCondition(argument) {
			return e.condition(argument.name())
		}
	case "Fn::Equals":
		return e.assume(argument, e.equals)
	case "Fn::Not":
		if argument.kind == sequenceNode && len(argument.items) == 1 {
			t := e.expression(argument.items[0])
			t.holds = t.known && !t.holds
			return t
		}
	case "Fn::And", "Fn::Or":
		if argument.kind == sequenceNode && len(argument.items) > 0 {
			return e.several(argument.items, name == "Fn::Or")
		}
	case "Fn::If":
		if argument.kind == sequenceNode && len(argument.items) == 3 {
			t := e.ifCondition(argument.items[0])
			switch {
			case !t.known:
				return t
			case t.holds:
				return e.expression(argument.items[1])
			}
			return e.expression(argument.items[2])
		}
	case "Fn::Contains", "Fn::EachMemberEquals", "Fn::EachMemberIn":
		return e.assume(argument, func(argument *node) truth { return e.members(name, argument) })
	}
	return undecided(name + " is not used as a condition allows")
}

// assume is what a comparison comes out as: what the world takes it to be where
// the inputs don't settle it.
func (e *evaluator) assume(argument *node, compare func(*node) truth) truth {
	if holds, ok := e.assumed[assumption{e.prefix, argument}]; ok {
		return certain(holds)
	}
	return compare(argument)
}

// several is Fn::Or (decisive is true) or Fn::And (decisive is false): one
// decisive member settles it whatever the others are.
func (e *evaluator) several(items []*node, decisive bool) truth {
	out := certain(!decisive)
	for _, item := range items {
		t := e.expression(item)
		switch {
		case t.known && t.holds == decisive:
			return t
		case !t.known:
			out.known, out.holds = false, false
			out.reasons = append(out.reasons, t.reasons...)
			out.links = append(out.links, t.links...)
		}
	}
	return out
}

func (e *evaluator) equals(argument *node) truth {
	args, ok := e.arguments(argument, 2)
	if !ok {
		return undecided("Fn::Equals takes two values")
	}
	g := gather(args...)
	if !g.unknown {
		return certain(sameText(args[0], args[1]))
	}
	// What a resource gives is never empty.
	for i, v := range args {
		if other, ok := text(args[1-i]); ok && other == "" && v.Kind == graph.Unknown && len(v.Links()) > 0 {
			return certain(false)
		}
	}
	return truth{reasons: g.reasons, links: g.links}
}

// sameText compares as CloudFormation does: true equals "true", 1 equals "1".
func sameText(a, b graph.Value) bool {
	ta, ok := text(a)
	tb, ok2 := text(b)
	if ok && ok2 && (a.Kind == graph.List) == (b.Kind == graph.List) {
		return ta == tb
	}
	return a.Equal(b)
}
