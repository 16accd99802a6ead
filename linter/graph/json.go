package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"

	"github.com/demarc-dev/demarc/linter/source"
)

// JSON writes a wholly known value as JSON text, without spaces, members in
// the order they stand. What is not known is null.
func (v Value) JSON() string {
	var b bytes.Buffer
	v.writeJSON(&b)
	return b.String()
}

func (v Value) writeJSON(b *bytes.Buffer) {
	switch v.Kind {
	case Bool:
		b.WriteString(strconv.FormatBool(v.Bool))
	case Number:
		b.WriteString(v.Text)
	case String:
		writeText(b, v.Text)
	case List:
		b.WriteByte('[')
		for i, item := range v.Items {
			if i > 0 {
				b.WriteByte(',')
			}
			item.writeJSON(b)
		}
		b.WriteByte(']')
	case Object:
		b.WriteByte('{')
		for i, f := range v.Fields {
			if i > 0 {
				b.WriteByte(',')
			}
			writeText(b, f.Name)
			b.WriteByte(':')
			f.Value.writeJSON(b)
		}
		b.WriteByte('}')
	default:
		b.WriteString("null")
	}
}

func writeText(b *bytes.Buffer, s string) {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string and a buffer cannot fail
	b.Truncate(b.Len() - 1)
}

// parseJSON reads JSON text into a Value whose parts all stand at r.
func parseJSON(text string, r source.Range) (Value, error) {
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	v, err := decodeJSON(d, r, 0)
	if err != nil {
		return Value{}, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Value{}, errors.New("text after the JSON value")
	}
	return v, nil
}

const maxJSONDepth = 100

func decodeJSON(d *json.Decoder, r source.Range, depth int) (Value, error) {
	if depth > maxJSONDepth {
		return Value{}, errors.New("JSON is nested too deeply")
	}
	token, err := d.Token()
	if err != nil {
		return Value{}, err
	}
	switch t := token.(type) {
	case json.Delim:
		out := Value{Kind: List, Range: r}
		if t == '{' {
			out.Kind = Object
		}
		for d.More() {
			name := ""
			if t == '{' {
				key, err := d.Token()
				if err != nil {
					return Value{}, err
				}
				name, _ = key.(string)
			}
			item, err := decodeJSON(d, r, depth+1)
			if err != nil {
				return Value{}, err
			}
			if t == '{' {
				out.Fields = append(out.Fields, Field{Name: name, NameRange: r, Value: item})
			} else {
				out.Items = append(out.Items, item)
			}
		}
		_, err := d.Token()
		return out, err
	case string:
		return Value{Kind: String, Text: t, Range: r}, nil
	case json.Number:
		return Value{Kind: Number, Text: t.String(), Range: r}, nil
	case bool:
		return Value{Kind: Bool, Bool: t, Range: r}, nil
	}
	return Value{Kind: Null, Range: r}, nil
}
