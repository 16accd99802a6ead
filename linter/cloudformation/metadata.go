package cloudformation

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/demarc-dev/demarc/linter/source"
)

// requests reads the requests to suppress that stand in metadata: under demarc
// for the template, a resource or a property of it, and under the names of
// other tools, in the forms that their documentation states.
func (t *template) requests() []source.Request {
	var out []source.Request
	if m := t.root.get("Metadata"); m != nil {
		whole := source.Range{File: t.file, Start: 0, End: len(t.file.Data)}
		out = ownRequests(out, m.get("demarc"), whole, nil)
		out = peerRequests(out, m, whole, true)
	}
	return resourceRequests(out, t.resources, 0)
}

func resourceRequests(out []source.Request, section *node, depth int) []source.Request {
	for i := range section.pairs {
		p := &section.pairs[i]
		if strings.HasPrefix(p.name, forEachPrefix) && len(p.value.items) == 3 && depth < maxDepth {
			out = resourceRequests(out, p.value.items[2], depth+1)
			continue
		}
		m := p.value.get("Metadata")
		if m == nil {
			continue
		}
		block := section.nameAt(p).Through(p.value.at())
		out = ownRequests(out, m.get("demarc"), block, p.value.get("Properties"))
		out = peerRequests(out, m, block, false)
	}
	return out
}

// ownRequests reads {ignore: [...]}, whose members are a rule's id or
// {rule, reason, owner, until, property}.
func ownRequests(out []source.Request, own *node, covers source.Range, properties *node) []source.Request {
	list := own.get("ignore")
	switch {
	case own == nil:
		return out
	case list == nil:
		return append(out, source.Request{Problem: "metadata for demarc has no ignore: write ignore: [{rule: RULE, reason: ...}]", At: own.at(), Covers: covers})
	case list.kind != sequenceNode:
		list = &node{kind: sequenceNode, items: []*node{list}, file: list.file, start: list.start, end: list.end}
	}
	for _, item := range list.items {
		ig := source.Request{At: item.at(), Covers: covers}
		if item.isScalar() {
			ig.Rules = []string{item.text}
			out = append(out, ig)
			continue
		}
		for i := range item.pairs {
			p := &item.pairs[i]
			switch {
			case p.name == "rule" && p.value.isScalar():
				ig.Rules = append(ig.Rules, p.value.text)
			case p.name == "rule" && p.value.kind == sequenceNode:
				for _, rule := range p.value.items {
					ig.Rules = append(ig.Rules, rule.text)
				}
			case p.name == "reason" && p.value.isScalar():
				ig.Reason = p.value.text
			case p.name == "owner" && p.value.isScalar():
				ig.Owner = p.value.text
			case p.name == "until" && p.value.isScalar():
				ig.Until = p.value.text
			case p.name == "property" && p.value.isScalar() && properties != nil:
				at, ok := propertyRange(properties, p.value.text)
				if !ok {
					ig.Problem = "the resource has no property " + p.value.text
				}
				ig.Covers = at
			default:
				ig.Problem = "unknown key " + p.name + ": use rule, reason, owner, until and property"
			}
		}
		out = append(out, ig)
	}
	return out
}

// propertyRange is the key and value of a dotted path of properties; a list's
// members are numbered from 0.
func propertyRange(n *node, path string) (at source.Range, ok bool) {
	for _, name := range strings.Split(path, ".") {
		if n != nil && n.kind == sequenceNode {
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(n.items) {
				return source.Range{}, false
			}
			n = n.items[i]
			at = n.at()
			continue
		}
		p := n.pair(name)
		if p == nil {
			return source.Range{}, false
		}
		at = n.nameAt(p).Through(p.value.at())
		n = p.value
	}
	return at, true
}

// peerForms are how other tools write suppressions in metadata: a list of
// objects below two keys, of a resource or, where whole says so, of the template.
//   - https://www.checkov.io/2.Basics/Suppressing%20and%20Skipping%20Policies.html
//   - https://github.com/stelligent/cfn_nag#per-resource-rule-suppression
//   - https://github.com/cdklabs/cdk-nag#suppressing-a-rule
var peerForms = []struct {
	peer, list, id, reason string
	whole                  bool
}{
	{"checkov", "skip", "id", "comment", false},
	{"cfn_nag", "rules_to_suppress", "id", "reason", true},
	{"cdk_nag", "rules_to_suppress", "id", "reason", true},
}

func peerRequests(out []source.Request, metadata *node, covers source.Range, template bool) []source.Request {
	for _, form := range peerForms {
		list := metadata.get(form.peer).get(form.list)
		if list == nil || template && !form.whole {
			continue
		}
		for _, item := range list.items {
			id := item.get(form.id)
			if !id.isScalar() {
				continue // theirs to judge
			}
			request := source.Request{Peer: form.peer, Rules: []string{id.text}, At: item.at(), Covers: covers}
			request.Reason = peerReason(item, form.reason)
			if item.get("applies_to") != nil {
				request.Problem = fmt.Sprintf("the suppression of %s silences nothing here: it applies_to some findings only, which demarc cannot tell apart", id.text)
			}
			out = append(out, request)
		}
	}
	return out
}

// peerReason is the reason of an item, which cdk-nag encodes where it is no ASCII.
func peerReason(item *node, name string) string {
	reason, encoded := item.get(name), item.get("is_reason_encoded")
	if !reason.isScalar() {
		return ""
	}
	if encoded.isScalar() && encoded.text == "true" {
		if text, err := base64.StdEncoding.DecodeString(reason.text); err == nil && utf8.Valid(text) {
			return string(text)
		}
	}
	return reason.text
}
