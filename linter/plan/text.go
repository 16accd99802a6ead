package plan

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"unicode/utf16"
)

// Text is the JSON of a plan or a state inside what a file or a pipe holds: in
// UTF-8, without a byte-order mark and without the lines that wrappers and
// shells write before and after it. Other data is returned as it is.
func Text(data []byte) []byte {
	text := decoded(data)
	if json.Valid(text) {
		return text
	}
	if !bytes.Contains(text, []byte(`"format_version"`)) {
		return data
	}
	for at := 0; at < len(text); {
		if line := bytes.TrimLeft(text[at:], " \t"); len(line) > 0 && line[0] == '{' {
			if document := first(line); document != nil && Is(document) {
				return document
			}
		}
		next := bytes.IndexByte(text[at:], '\n')
		if next < 0 {
			break
		}
		at += next + 1
	}
	return text
}

// first is the first JSON value of a text; nil where that is none.
func first(text []byte) []byte {
	d := json.NewDecoder(bytes.NewReader(text))
	var document json.RawMessage
	if d.Decode(&document) != nil {
		return nil
	}
	return document
}

// decoded is the text of data in UTF-8, of which PowerShell writes UTF-16.
func decoded(data []byte) []byte {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		return data[3:]
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		order = binary.LittleEndian
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		order = binary.BigEndian
	default:
		return data
	}
	units := make([]uint16, 0, len(data)/2)
	for i := 2; i+1 < len(data); i += 2 {
		units = append(units, order.Uint16(data[i:]))
	}
	return []byte(string(utf16.Decode(units)))
}
