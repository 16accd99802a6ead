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
