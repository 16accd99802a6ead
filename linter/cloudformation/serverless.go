package cloudformation

import (
	"strings"

	"github.com/demarc-dev/demarc/linter/graph"
)

// withGlobals gives a SAM resource the properties that the Globals section
// sets for its type.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
func (e *evaluator) withGlobals(kind string, body *node, own graph.Value) graph.Value {
	section, ok := strings.CutPrefix(kind, "AWS::Serverless::")
	if !ok || e.template.globals.get(section) == nil {
		return own
	}
	ignored := body.get("IgnoreGlobals")
	if ignored.isScalar() && ignored.text == "*" {
		return own
	}
	if e.globals == nil {
		e.globals = map[string]graph.Value{}
	}
	global, ok := e.globals[section]
	if !ok || e.reads != nil {
		scope := e.scope
		e.scope = nil
		global = e.eval(e.template.globals.get(section))
		e.scope = scope
		e.globals[section] = global
	}
	if ignored != nil {
		global = without(global, ignored)
	}
	return merge(global, own)
}

// without drops the members that a list names.
func without(v graph.Value, names *node) graph.Value {
	var kept []graph.Field
next:
	for _, f := range v.Fields {
		for _, name := range names.items {
			if name.text == f.Name {
				continue next
			}
		}
		kept = append(kept, f)
	}
	v.Fields = kept
	return v
}

// merge joins a global value and a resource's own as SAM does: members of
// maps one by one, lists one after the other, else the resource's own.
func merge(global, own graph.Value) graph.Value {
	switch {
	case own.Kind == graph.Absent:
		return global
	case global.Kind == graph.Object && own.Kind == graph.Object:
		fields := append([]graph.Field(nil), own.Fields...)
		for _, g := range global.Fields {
			found := false
			for i := range fields {
				if fields[i].Name == g.Name {
					fields[i].Value = merge(g.Value, fields[i].Value)
					found = true
				}
			}
			if !found {
				fields = append(fields, g)
			}
		}
		own.Fields = fields
	case global.Kind == graph.List && own.Kind == graph.List:
		own.Items = append(append([]graph.Value(nil), global.Items...), own.Items...)
	}
	return own
}
