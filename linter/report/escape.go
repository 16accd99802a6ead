package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// CleanLines makes a text of several lines, which may tell of the scanned tree,
// safe to print.
func CleanLines(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = lineStart(clean(lines[i]))
	}
	return strings.Join(lines, "\n")
}

// clean makes text from the scanned tree safe to print on one line of a
// terminal or a job's log: control characters, bidirectional overrides, bytes
// that are no UTF-8 and the beginnings of CI runners' commands become visible
// escapes.
func clean(s string) string {
	if !strings.ContainsFunc(s, unsafe) && !strings.Contains(s, "##") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if beginsCommand(s[i:]) {
			b.WriteString(escapedSign)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		b.WriteString(visible(r, s[i:i+size]))
		i += size
	}
	return b.String()
}

// unsafe reports whether a rune may move the cursor, reorder or hide text.
// Ranging over a string gives utf8.RuneError for invalid bytes.
func unsafe(r rune) bool {
	return r == utf8.RuneError || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co)
}

// escapedSign is the number sign where it begins a runner's command.
const escapedSign = `\x23`

// runnerCommands begin what CI runners obey wherever it stands in a line:
// Azure Pipelines' and TeamCity's commands, and the older form of GitHub's.
// https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
// https://www.jetbrains.com/help/teamcity/service-messages.html
var runnerCommands = []string{"##vso[", "##[", "##teamcity["}

func beginsCommand(s string) bool {
	for _, c := range runnerCommands {
		if len(s) >= len(c) && strings.EqualFold(s[:len(c)], c) {
			return true
		}
	}
	return false
}

// lineStart is a path as a line may begin with it: GitHub's runner obeys what
// begins with two colons after blanks.
// https://docs.github.com/actions/reference/workflow-commands-for-github-actions
func lineStart(path string) string {
	if strings.HasPrefix(strings.TrimSpace(path), "::") {
		return "./" + path
	}
	return path
}

// visible is how one rune, written as raw, is shown.
func visible(r rune, raw string) string {
	switch {
	case r == utf8.RuneError && len(raw) == 1:
		return fmt.Sprintf(`\x%02x`, raw[0])
	case !unsafe(r) || r == utf8.RuneError:
		return raw
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return `\t`
	case r < 0x80:
		return fmt.Sprintf(`\x%02x`, r)
	}
	return fmt.Sprintf(`\u{%x}`, r)
}

// columns is the number of terminal columns that a rune takes.
func columns(r rune) int {
	if unicode.In(r, unicode.Mn, unicode.Me) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// oneLine joins the lines of a text that may be wrapped, as metadata is.
func oneLine(s string) string { return clean(strings.Join(strings.Fields(s), " ")) }
