package report

import (
	"cmp"
	"fmt"
	"html"
	"io"
	"slices"
	"strings"

	"github.com/demarc-dev/demarc/linter/finding"
)

const (
	// markdownLimit is what a summary may take, in bytes: GitHub refuses a
	// comment of more than 65,536 characters.
	markdownLimit  = 60_000
	markdownPlaces = 10 // listed of a rule
	markdownGaps   = 20 // listed of what was not analysed
)

// Markdown writes a summary for a pull request or a job: counts, the findings
// by rule, the worst first, and the coverage. What comes from the scanned tree
// stands in code spans, in which nothing is a link, a mention or markup.
func Markdown(w io.Writer, r *finding.Report, o Options) error {
	m := &markdown{report: r}
	m.head()
	closing := m.gaps()
	left := 0
	groups := byRule(shown(r, o))
	for i, group := range groups {
		block := m.group(group)
		if m.Len()+len(block)+len(closing) > markdownLimit {
			for _, g := range groups[i:] {
				left += len(g)
			}
			break
		}
		m.WriteString(block)
	}
	if left > 0 {
		fmt.Fprintf(m, "%s left out here, since comments are limited in size: see the whole report.\n\n", finding.Plural(left, "less severe finding"))
	}
	m.WriteString(closing)
	_, err := io.WriteString(w, strings.TrimRight(m.String(), "\n")+"\n")
	return err
}

type markdown struct {
	strings.Builder
	report *finding.Report
}

func (m *markdown) head() {
	s := m.report.Summary
	title := "no findings"
	if s.Total() > 0 {
		title = finding.Plural(s.Total(), "finding")
	}
	fmt.Fprintf(m, "## demarc: %s\n\n", title)
	if s.Total() > 0 {
		m.WriteString("| critical | high | medium | low |\n|---:|---:|---:|---:|\n")
		fmt.Fprintf(m, "| %d | %d | %d | %d |\n\n", s.Critical, s.High, s.Medium, s.Low)
	}
	parts := coverageParts(m.report)
	fmt.Fprintf(m, "%s.\n\n", strings.Join(parts, " · "))
}

// byRule groups findings by what they show as and by rule: the worst first,
// then the rules with most findings.
func byRule(findings []finding.Finding) [][]finding.Finding {
	index := map[string]int{}
	var groups [][]finding.Finding
	for _, f := range findings {
		key := label(f) + " " + f.Rule
		i, seen := index[key]
		if !seen {
			i = len(groups)
			index[key] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], f)
	}
	slices.SortStableFunc(groups, func(a, b []finding.Finding) int {
		return cmp.Or(cmp.Compare(weight(b[0]), weight(a[0])), cmp.Compare(label(a[0]), label(b[0])),
			cmp.Compare(len(b), len(a)), strings.Compare(a[0].Rule, b[0].Rule))
	})
	return groups
}

// group is one rule with its places, collapsed.
func (m *markdown) group(group []finding.Finding) string {
	var b strings.Builder
	about := m.report.Described(group[0])
	fmt.Fprintf(&b, "<details><summary><b>%s</b> <code>%s</code> %s (%d)</summary>\n\n",
		label(group[0]), html.EscapeString(group[0].Rule), html.EscapeString(oneLine(about.Title)), len(group))
	for _, f := range group[:min(len(group), markdownPlaces)] {
		b.WriteString("- " + codeSpan(place(f.Location)))
		if f.Resource.Address != "" {
			b.WriteString(" " + codeSpan(f.Resource.Address))
		}
		if n := len(f.Resource.Instances); n > 1 {
			fmt.Fprintf(&b, " (%d instances)", n)
		}
		b.WriteString("<br>" + codeSpan(described(f)))
		if s := f.Suppression; s != nil && s.Reason != "" {
			b.WriteString("<br>reason: " + codeSpan(s.Reason))
		}
		b.WriteString("\n")
	}
	if n := len(group) - markdownPlaces; n > 0 {
		fmt.Fprintf(&b, "- and %d more\n", n)
	}
	b.WriteString("\n")
	if about.Remedy != "" {
		fmt.Fprintf(&b, "**What to do:** %s\n\n", prose(about.Remedy))
	}
	if line := duty(group[0]); line != "" {
		fmt.Fprintf(&b, "_%s_\n\n", prose(line))
	}
	for _, link := range about.Related {
		fmt.Fprintf(&b, "<%s>\n\n", link)
	}
	b.WriteString("</details>\n\n")
	return b.String()
}

// gaps is what was not analysed.
func (m *markdown) gaps() string {
	var errors, modules, types []string
	for _, t := range m.report.Coverage.Types {
		switch {
		case t.Rules == 0 && !t.Read:
			types = append(types, codeSpan(t.Type)+": "+finding.Plural(t.Resources, "resource"))
		case t.Rules > 0 && t.Asked == 0:
			types = append(types, codeSpan(t.Type)+": "+finding.Plural(t.Resources, "resource")+", whose rules were not asked")
		}
	}
	for _, e := range m.report.Coverage.Errors {
		at := e.File
		if e.Line > 0 {
			at = fmt.Sprintf("%s:%d", e.File, e.Line)
		}
		errors = append(errors, strings.TrimSpace(codeSpan(at)+" "+codeSpan(e.Message)))
	}
	for _, g := range m.report.Coverage.MissingModules {
		modules = append(modules, fmt.Sprintf("%s %s from %s", codeSpan(fmt.Sprintf("%s:%d", g.File, g.Line)), codeSpan(g.Address), codeSpan(g.Source)))
	}
	return collapsed("not analysed", errors) + collapsed("modules not installed", modules) + collapsed("types that no rule looked at", types)
}

func collapsed(title string, items []string) string {
	if len(items) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "<details><summary>%s (%d)</summary>\n\n", title, len(items))
	for _, item := range items[:min(len(items), markdownGaps)] {
		b.WriteString("- " + item + "\n")
	}
	if n := len(items) - markdownGaps; n > 0 {
		fmt.Fprintf(&b, "- and %d more\n", n)
	}
	b.WriteString("\n</details>\n\n")
	return b.String()
}

// codeSpan makes any text inert: its fence is longer than any run of backticks
// in it, and it has no line break.
func codeSpan(s string) string {
	s = shorten(clean(s), 400)
	if strings.TrimSpace(s) == "" {
		return ""
	}
	longest, run := 0, 0
	for _, r := range s {
		if r == '`' {
			run++
			longest = max(longest, run)
		} else {
			run = 0
		}
	}
	fence := strings.Repeat("`", longest+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}

var proseEscapes = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", "&lt;", ">", "&gt;", "&", "&amp;",
	"|", `\|`, "~", `\~`, "#", `\#`, "$", `\$`,
	// A word joiner after the sign keeps it from being a mention or a link.
	"@", "@\u2060", "://", ":\u2060//",
)

// prose escapes text of a policy.
func prose(s string) string { return proseEscapes.Replace(oneLine(s)) }
