package cloudformation

import (
	"bytes"
	"encoding/binary"
	"regexp"
	"unicode/utf16"
)

// A file that does not parse is told if it is meant to be a template; other
// YAML and JSON beside templates is nobody's business.

var (
	// claimedVersion finds a format version as a top-level key.
	claimedVersion = regexp.MustCompile(`(?:^|[\r\n])\x{FEFF}?["']?AWSTemplateFormatVersion["']?[ \t]*:|^\s*\{\s*"AWSTemplateFormatVersion"\s*:|[\r\n][ \t]+"AWSTemplateFormatVersion"[ \t]*:`)
	// claimedResources finds the resources as a top-level key of YAML.
	claimedResources = regexp.MustCompile(`(?:^|[\r\n])\x{FEFF}?["']?Resources["']?[ \t]*:`)
	// claimedType finds the type of a resource.
	claimedType = regexp.MustCompile(`Type["']?\s*:\s*["']?(?:AWS|Custom|Alexa)::\w`)
)

// claims reports whether a file is meant to be a template even if it does not
// parse.
func claims(data []byte) bool {
	return claimedVersion.Match(data) || claimedType.Match(data) && (claimedResources.Match(data) || holdsKey(data, "Resources"))
}

// holdsKey reports whether JSON that may be damaged has a key at its top.
func holdsKey(data []byte, key string) bool {
	open := bytes.IndexByte(data, '{')
	if open < 0 {
		return false
	}
	depth := 0
	for at := open; at < len(data); at++ {
		switch data[at] {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case '"':
			end := at + 1
			for end < len(data) && data[end] != '"' {
				if data[end] == '\\' {
					end++
				}
				end++
			}
			if depth == 1 && end < len(data) && string(data[at+1:end]) == key && bytes.HasPrefix(bytes.TrimLeft(data[end+1:], " \t\r\n"), []byte(":")) {
				return true
			}
			at = end
		}
	}
	return false
}

// inUTF16 returns what a text in UTF-16 says, by its byte order mark or by
// every other byte that is none; ok is false for any other file.
func inUTF16(data []byte) (text []byte, ok bool) {
	var order binary.ByteOrder
	switch {
	case len(data) < 4 || len(data)%2 != 0:
		return nil, false
	case data[0] == 0xFF && data[1] == 0xFE, data[0] != 0 && data[1] == 0 && data[2] != 0 && data[3] == 0:
		order = binary.LittleEndian
	case data[0] == 0xFE && data[1] == 0xFF, data[0] == 0 && data[1] != 0 && data[2] == 0 && data[3] != 0:
		order = binary.BigEndian
	default:
		return nil, false
	}
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return []byte(string(utf16.Decode(units))), true
}
