package terraform

import (
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc-dev/demarc/linter/graph"
)

// computed is an attribute that the provider sets. Its type is guessed from
// its name, since providers' schemas are not at hand.
func computed(address, attribute string, data bool) cty.Value {
	v := cty.DynamicVal
	if isText(attribute) {
		v = cty.UnknownVal(cty.String).RefineNotNull()
	}
	return v.WithMarks(cty.NewValueMarks(link(address, attribute), computedReason(address, data)))
}

// computedReason is why what only the provider sets is unknown.
func computedReason(address string, data bool) reasonMark {
	if data {
		return reason(graph.StripKeys(address)+" is read at plan time", "")
	}
	return afterApply
}

// wasGuessed reports whether v is an attribute of a resource that was taken
// for a text by its name alone. id and arn always are texts.
func wasGuessed(v cty.Value) bool {
	if v.IsKnown() || v.Type() != cty.String {
		return false
	}
	for m := range cty.ValueMarksOfType[linkMark](v) {
		if name := m.Attribute[strings.LastIndexByte(m.Attribute, '.')+1:]; name != "id" && name != "arn" {
			return true
		}
	}
	return false
}

var textNames = map[string]bool{
	"id": true, "arn": true, "name": true, "endpoint": true, "dns_name": true, "domain_name": true, "key_id": true,
	"url": true, "json": true, "minified_json": true, "unique_id": true, "bucket": true, "invoke_arn": true,
	"account_id": true, "user_id": true, "partition": true, "dns_suffix": true, "region": true, "address": true,
	"hosted_zone_id": true, "zone_id": true, "public_ip": true, "private_ip": true, "fqdn": true, "secret": true,
	"result": true, "hex": true, "b64_url": true, "qualified_arn": true, "execution_arn": true, "invoke_url": true,
	"version": true, "cidr_block": true, "content": true, "body": true, "rendered": true,
}

var textSuffixes = []string{"_id", "_arn", "_name", "_url", "_endpoint", "_ip", "_json", "_pem", "_hash", "_sha256"}

func isText(attribute string) bool {
	attribute = attribute[strings.LastIndexByte(attribute, '.')+1:]
	if textNames[attribute] {
		return true
	}
	for _, suffix := range textSuffixes {
		if strings.HasSuffix(attribute, suffix) {
			return true
		}
	}
	return false
}
