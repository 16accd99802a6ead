package terraform

import (
	"github.com/zclconf/go-cty/cty"
)

// standIns are values of the account that a scan cannot know and that most
// policies need the shape of, as in ARNs: CloudFormation's pseudo parameters
// get the same. No rule may depend on which value it is.
var standIns = map[string]cty.Value{
	"aws_partition.partition":        cty.StringVal("aws"),
	"aws_partition.id":               cty.StringVal("aws"),
	"aws_partition.dns_suffix":       cty.StringVal("amazonaws.com"),
	"aws_caller_identity.account_id": cty.StringVal("123456789012"),
	"aws_caller_identity.id":         cty.StringVal("123456789012"),
	"aws_caller_identity.arn":        cty.StringVal("arn:aws:iam::123456789012:user/demarc"),
	"aws_region.name":                cty.StringVal("us-east-1"),
	"aws_region.region":              cty.StringVal("us-east-1"),
	"aws_region.id":                  cty.StringVal("us-east-1"),
}

// read is what is known of a data source without an account; ok is false for
// what only a plan can tell.
func (it *item) read(name string) (v cty.Value, ok bool) {
	if !it.resource.data {
		return cty.NilVal, false
	}
	if v, ok := standIns[it.resource.kind+"."+name]; ok {
		return v, true
	}
	if it.resource.kind == "template_file" && name == "rendered" {
		return it.rendered()
	}
	return cty.NilVal, false
}

// rendered evaluates data.template_file, with which configurations made
// policies before templatefile() came.
func (it *item) rendered() (cty.Value, bool) {
	if it.resource.attributes["template"] == nil {
		return cty.NilVal, false
	}
	content, marks := it.value("template").Unmark()
	data, known := text(content)
	if !known {
		return cty.UnknownVal(cty.String).WithMarks(marks), !content.IsKnown()
	}
	vars := cty.EmptyObjectVal
	if it.resource.attributes["vars"] != nil {
		given, givenMarks := it.value("vars").Unmark()
		if !given.IsKnown() || given.IsNull() || !given.CanIterateElements() {
			return cty.UnknownVal(cty.String).WithMarks(marks, givenMarks), !given.IsKnown()
		}
		vars = given
	}
	v, err := it.scope.in.eval.render(it.address, []byte(data), vars)
	if err != nil {
		return unknown(cty.String, err.Error(), ""), true
	}
	return v.WithMarks(causes(marks)), true
}
