package terraform

import (
	"crypto/md5" //nolint:gosec // makes a name, hides nothing
	"fmt"
	"strings"

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

// standIn is a computed attribute that stands for itself: its shape is known,
// and what it is made of tells who it belongs to. No rule may depend on more.
func (it *item) standIn(name string) (cty.Value, bool) {
	switch {
	case it.resource.kind == "aws_eks_cluster" && name == "identity":
		// https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html
		id := fmt.Sprintf("%X", md5.Sum([]byte(it.address))) //nolint:gosec // a name, no secret
		issuer := cty.ObjectVal(map[string]cty.Value{"issuer": cty.StringVal("https://oidc.eks.us-east-1.amazonaws.com/id/" + id)})
		return cty.TupleVal([]cty.Value{cty.ObjectVal(map[string]cty.Value{"oidc": cty.TupleVal([]cty.Value{issuer})})}), true
	case it.resource.kind == "aws_iam_openid_connect_provider" && name == "arn" && it.resource.attributes["url"] != nil:
		// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html
		given, marks := it.value("url").Unmark()
		if url, known := text(given); known {
			return cty.StringVal("arn:aws:iam::123456789012:oidc-provider/" + strings.TrimPrefix(url, "https://")).WithMarks(causes(marks)), true
		}
	}
	return cty.NilVal, false
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
	switch it.resource.kind {
	case "template_file":
		if name == "rendered" {
			return it.rendered()
		}
	case "aws_arn":
		return it.arnPart(name)
	case "local_file":
		return it.localFile(name)
	}
	return cty.NilVal, false
}

// arnPart is an attribute of data.aws_arn, which only takes an ARN apart.
func (it *item) arnPart(name string) (cty.Value, bool) {
	at, ok := map[string]int{"partition": 1, "service": 2, "region": 3, "account": 4, "resource": 5}[name]
	if !ok || it.resource.attributes["arn"] == nil {
		return cty.NilVal, false
	}
	given, marks := it.value("arn").Unmark()
	arn, known := text(given)
	if !known {
		return cty.UnknownVal(cty.String).RefineNotNull().WithMarks(causes(marks)), !given.IsKnown()
	}
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" {
		return unknown(cty.String, arn+" is no ARN", ""), true
	}
	return cty.StringVal(parts[at]).WithMarks(causes(marks)), true
}

// localFile is an attribute of data.local_file, which reads a file of the
// repository as file() does.
func (it *item) localFile(name string) (cty.Value, bool) {
	with := map[string]string{
		"content": "file", "content_base64": "filebase64", "content_md5": "filemd5", "content_sha1": "filesha1", "content_sha256": "filesha256",
		"content_sha512": "filesha512", "content_base64sha256": "filebase64sha256", "content_base64sha512": "filebase64sha512",
	}[name]
	if with == "" || it.resource.attributes["filename"] == nil {
		return cty.NilVal, false
	}
	given, marks := it.value("filename").Unmark()
	if !given.IsKnown() || given.IsNull() {
		return cty.UnknownVal(cty.String).RefineNotNull().WithMarks(causes(marks)), !given.IsKnown()
	}
	v, err := it.scope.in.eval.functions[with].Call([]cty.Value{given})
	if err != nil {
		return unknown(cty.String, err.Error(), ""), true
	}
	return v.WithMarks(causes(marks)), true
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
	x, err := parseTemplate(it.address, []byte(data))
	if err != nil {
		return unknown(cty.String, err.Error(), ""), true
	}
	v, err := it.scope.in.eval.render(it.address, x, vars)
	if err != nil {
		return unknown(cty.String, err.Error(), ""), true
	}
	return v.WithMarks(causes(marks)), true
}
