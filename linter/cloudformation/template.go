package cloudformation

import (
	"bytes"
	"path"
	"regexp"
	"strings"

	"github.com/demarc-dev/demarc/linter/source"
)

// template is a parsed template's sections.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
type template struct {
	file *source.File
	root *node
	// The sections; nil where the template has none.
	parameters, mappings, conditions, resources, outputs, rules *node
	// globals are SAM's, nil in a template that SAM doesn't transform.
	globals    *node
	serverless bool
	// loopsWritten tells that the conditions' loops are written out.
	loopsWritten bool
	// included are files that AWS::Include brought in.
	included []*source.File
	// duplicates are keys that are written twice.
	duplicates []syntaxError
}

const forEachPrefix = "Fn::ForEach::"

// IsCandidate reports whether a file of that name may hold a template.
func IsCandidate(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".yaml", ".yml", ".json", ".template":
		return true
	}
	return false
}

// mayBeTemplate is a cheap look at the bytes that spares parsing the many
// YAML and JSON files that are something else.
func mayBeTemplate(data []byte) bool {
	if !bytes.Contains(data, []byte("Resources")) {
		return false
	}
	return bytes.Contains(data, []byte("AWSTemplateFormatVersion")) ||
		bytes.Contains(data, []byte("Type")) && (bytes.Contains(data, []byte("AWS::")) ||
			bytes.Contains(data, []byte("Custom::")) || bytes.Contains(data, []byte("Alexa::")))
}

// resourceType is the form of a resource's type:
// AWS::S3::Bucket, Custom::Name, Org::Service::Resource::MODULE.
var resourceType = regexp.MustCompile(`^[A-Za-z0-9]+::[A-Za-z0-9_@:-]+$`)

// newTemplate finds the sections of a document, or returns nil when it is no
// template.
func newTemplate(f *source.File, root *node) *template {
	resources := root.get("Resources")
	if resources == nil || resources.kind != mappingNode {
		return nil
	}
	t := &template{
		file: f, root: root, resources: resources,
		parameters: root.get("Parameters"), mappings: root.get("Mappings"),
		conditions: root.get("Conditions"), outputs: root.get("Outputs"), rules: root.get("Rules"),
	}
	// A template with SAM's types means the transform even if it forgets it:
	// CloudFormation would take nothing else.
	t.serverless = mentions(root.get("Transform"), "AWS::Serverless-") || bytes.Contains(f.Data, []byte(serverlessPrefix))
	if t.serverless {
		t.globals = root.get("Globals")
	}
	if root.get("AWSTemplateFormatVersion") != nil {
		return t
	}
	for i := range resources.pairs {
		p := &resources.pairs[i]
		if strings.HasPrefix(p.name, "Fn::") {
			return t
		}
		if kind := p.value.get("Type"); kind != nil && kind.kind == stringNode && resourceType.MatchString(kind.text) {
			return t
		}
	}
	return nil
}

// namesCondition reports whether a node is a condition's name, which may be Yes.
func (t *template) namesCondition(n *node) bool {
	return n.kind == stringNode || n.isScalar() && t.conditions.pair(n.name()) != nil
}

// mentions reports whether a text, or a list of texts, has one that starts so.
func mentions(n *node, prefix string) bool {
	if n == nil {
		return false
	}
	for _, item := range n.items {
		if mentions(item, prefix) {
			return true
		}
	}
	return n.kind == stringNode && strings.HasPrefix(n.text, prefix)
}
