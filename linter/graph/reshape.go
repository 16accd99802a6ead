package graph

import "strings"

// opened is what a text encodes, where it encodes an object or a list: some
// types take a JSON text in place of blocks. Other text is left as it is.
func opened(v Value) Value {
	if v.Kind != String && v.Kind != Unknown {
		return v
	}
	inner, ok := v.Structure()
	if !ok && v.Kind == String {
		text := strings.TrimSpace(v.Text)
		if !strings.HasPrefix(text, "{") && !strings.HasPrefix(text, "[") {
			return v
		}
		parsed, err := parseJSON(text, v.Range)
		if err != nil {
			return v.unknownBecause("the text is not valid JSON")
		}
		inner, ok = parsed, true
	}
	if !ok || inner.Kind != Object && inner.Kind != List {
		return v
	}
	inner.Sensitive = inner.Sensitive || v.Sensitive
	return inner
}

// entries makes a list of blocks of an object's entries.
func entries(nodes []node, names []string) []node {
	out := make([]node, len(nodes))
	for i, n := range nodes {
		out[i] = n
		if n.value.Kind != Object {
			continue
		}
		list := Value{Kind: List, Range: n.value.Range, Meta: n.value.Meta}
		for _, f := range n.value.Fields {
			list.Items = append(list.Items, entry(f, names))
		}
		if n.value.Open() {
			list.Items = append(list.Items, Value{Kind: Unknown, Range: n.value.Range, Meta: n.value.Meta})
		}
		out[i].value = list
	}
	return out
}

func entry(f Field, names []string) Value {
	key := StringValue(f.Name)
	key.Range = f.NameRange
	block := Value{Kind: Object, Range: f.NameRange.Through(f.Value.Range), Fields: []Field{{Name: names[0], NameRange: f.NameRange, Value: key}}}
	if len(names) > 1 {
		block.Fields = append(block.Fields, Field{Name: names[1], NameRange: f.NameRange, Value: f.Value})
		return block
	}
	block.Meta = f.Value.Meta
	if f.Value.Kind == Unknown {
		block = block.AsOpen(f.Value.Reasons()...)
	}
	block.Fields = append(block.Fields, f.Value.Fields...)
	return block
}
