package report

import "strings"

// textWidth is the number of terminal columns that a text takes: two for each
// wide character of Chinese, Japanese and Korean.
func textWidth(s string) int {
	n := 0
	for _, r := range s {
		n += columns(r)
	}
	return n
}

// fit cuts a text to not more than most columns.
func fit(s string, most int) string {
	if textWidth(s) <= most {
		return s
	}
	n := 0
	for i, r := range s {
		if n += columns(r); n > most-1 {
			return strings.TrimSpace(s[:i]) + "…"
		}
	}
	return s
}

// padded fills a text up with spaces to a number of columns.
func padded(s string, to int) string {
	return s + strings.Repeat(" ", max(0, to-textWidth(s)))
}

// wrapText breaks a text into lines of not more than most columns: at spaces,
// or, where there are none, before any wide character.
func wrapText(s string, most int) []string {
	var lines []string
	for textWidth(s) > most {
		cut, at := 0, 0
		for i, r := range s {
			if at > most {
				break
			}
			if r == ' ' || columns(r) == 2 && !closing[r] {
				cut = i
			}
			at += columns(r)
			if at > most && cut == 0 {
				cut = i
			}
		}
		if cut == 0 {
			break // not even one character fits
		}
		lines = append(lines, strings.TrimRight(s[:cut], " "))
		s = strings.TrimLeft(s[cut:], " ")
	}
	return append(lines, s)
}

// closing are wide characters before which Japanese does not break a line.
// https://www.w3.org/TR/jlreq/#characters_not_starting_a_line
var closing = map[rune]bool{'、': true, '。': true, '）': true, '」': true, '：': true, '；': true, 'ー': true, 'っ': true, 'ゃ': true, 'ゅ': true, 'ょ': true, 'ッ': true, 'ャ': true, 'ュ': true, 'ョ': true, '・': true}
