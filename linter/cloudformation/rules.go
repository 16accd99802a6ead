package cloudformation

import "github.com/demarc-dev/demarc/linter/graph"

// members are the functions that only rules have: Fn::Contains (a list holds
// a text), Fn::EachMemberEquals (a list holds nothing else) and
// Fn::EachMemberIn (one list lies in another).
func (e *evaluator) members(name string, argument *node) truth {
	args, ok := e.arguments(argument, 2)
	if !ok {
		return undecided(name + " takes two values")
	}
	if g := gather(args...); g.unknown {
		return truth{reasons: g.reasons, links: g.links}
	}
	list := args[0]
	if list.Kind != graph.List {
		return undecided(name + " takes a list")
	}
	allowed := []graph.Value{args[1]}
	if name == "Fn::EachMemberIn" {
		if args[1].Kind != graph.List {
			return undecided(name + " takes two lists")
		}
		allowed = args[1].Items
	}
	holds := name != "Fn::Contains"
	for _, item := range list.Items {
		found := false
		for _, other := range allowed {
			found = found || sameText(item, other)
		}
		if found != holds {
			return certain(!holds)
		}
	}
	return certain(holds)
}
