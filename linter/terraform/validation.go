package terraform

import (
	"slices"
	"sort"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/demarc-dev/demarc/linter/graph"
)

// validate tells of values that a variable's validation refuses, as far as
// they are known: terraform plan would end there, and the rest is judged all
// the same.
// https://developer.hashicorp.com/terraform/language/values/variables#custom-validation-rules
func (in *instance) validate() {
	var checked []*variable
	for _, v := range in.module.variables {
		if len(v.validations) > 0 {
			checked = append(checked, v)
		}
	}
	sort.Slice(checked, func(i, j int) bool { return checked[i].name < checked[j].name })
	for _, v := range checked {
		for _, rule := range v.validations {
			if in.refuses(v, rule) {
				in.refused(v, rule)
			}
		}
	}
}

// refuses reports whether a condition is known to be false. One that weighs
// several values is not asked: the others may be given elsewhere.
func (in *instance) refuses(v *variable, rule *block) bool {
	x := rule.body.expression("condition")
	if x == nil || slices.ContainsFunc(x.uses, func(u use) bool { return u.root != "var" || u.name != v.name }) {
		return false
	}
	value, _ := in.scope().evaluate(x).Unmark()
	value, err := convert.Convert(value, cty.Bool)
	return err == nil && value.IsKnown() && !value.IsNull() && value.False()
}

func (in *instance) refused(v *variable, rule *block) {
	at := rule.header
	if d, ok := in.definition(v.name); ok {
		at = d.step.Range
	}
	message := in.within("the value of var." + v.name + " fails its validation")
	if x := rule.body.expression("error_message"); x != nil {
		said := in.scope().evaluate(x)
		if reason, known := text(said); known && !said.HasMark(sensitiveMark{}) {
			message += ": " + reason
		}
	}
	in.eval.stack.Advice = append(in.eval.stack.Advice, graph.Advice{
		Kind: graph.FailedValidation, At: at, Message: message, Tag: in.within("var." + v.name),
	})
}
