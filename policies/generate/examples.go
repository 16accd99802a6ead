package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// example is a piece of a fixture: what breaks a rule, or what keeps it.
type example struct {
	language string // hcl or yaml
	text     string
}

// piece is a block of Terraform or a resource of a template in a fixture.
type piece struct {
	kind, name string // aws_vpc, main; or AWS::EC2::VPC, Main
	text       string
	file       int // of the rule's fixtures
	// wanted is the first line that breaks the rule, or "".
	wanted string
	// doubtful tells that the rule is inconclusive there.
	doubtful bool
}

var (
	wantComment = regexp.MustCompile(`[ \t]*# want(-inconclusive)?:[^\n]*`)
	hclHead     = regexp.MustCompile(`(?m)^(resource|data|module|variable|locals|output|provider|terraform)\b(?:\s+"([^"]+)")?(?:\s+"([^"]+)")?`)
	yamlHead    = regexp.MustCompile(`^  (\w+):`)
	yamlType    = regexp.MustCompile(`(?m)^    Type: (\S+)`)
	// indirect is what makes an example hard to read.
	indirect = regexp.MustCompile(`\bvar\.|\blocal\.|\beach\.|\bfor_each\b|\bcount\b|\bdynamic\b|!If\b|!FindInMap\b|Fn::|\bCondition:|!ImportValue`)
	// attributeName is a word of a remedy that names an attribute.
	attributeName = regexp.MustCompile(`\b([a-z0-9]+(_[a-z0-9]+)+|[A-Z][a-z0-9]+([A-Z]\w+)+)\b`)
	named         = regexp.MustCompile(`^\s*(\w+)\s*[:={]`)
)

// document reports whether the piece is, or holds, a policy document.
func (p piece) document() bool {
	return strings.HasPrefix(p.kind, "data.aws_iam_policy_document") || strings.Contains(p.text, "Statement")
}

// examples are, for each language that has a fixture of the rule, what breaks
// it and what keeps it; either may be missing.
func examples(fixtures, id, remedy string) (bad, good []example) {
	for _, l := range []struct {
		language, extension string
		split               func(text, rule string) []piece
	}{{"hcl", ".tf", splitHCL}, {"yaml", ".yaml", splitYAML}} {
		var pieces []piece
		for i, text := range readFixtures(filepath.Join(fixtures, id), l.extension) {
			for _, p := range l.split(text, id) {
				p.file = i
				pieces = append(pieces, p)
			}
		}
		broken := choose(pieces, func(p piece) int { return simplest(p, p.wanted != "" && !p.doubtful) })
		if broken == nil {
			continue
		}
		bad = append(bad, example{l.language, show(l.language, *broken)})
		kept := choose(pieces, func(p piece) int {
			return likest(p, *broken, pieces, remedy, p.wanted == "" && !p.doubtful && (p.kind == broken.kind || broken.document() && p.document()))
		})
		if kept != nil {
			good = append(good, example{l.language, show(l.language, append([]piece{*kept}, companions(*kept, pieces)...)...)})
		}
	}
	return bad, good
}

// readFixtures reads the fixtures of a rule: the one that bears its name
// before those of single cases.
func readFixtures(base, extension string) []string {
	cases, _ := filepath.Glob(base + ".*" + extension) // the pattern is well formed
	var all []string
	for _, name := range append([]string{base + extension}, cases...) {
		if data, err := os.ReadFile(name); err == nil {
			all = append(all, string(data))
		}
	}
	return all
}

func splitHCL(text, rule string) []piece {
	var out []piece
	var lines []string
	for _, line := range strings.Split(text, "\n") {
		if lines == nil && !hclHead.MatchString(line) {
			continue
		}
		lines = append(lines, line)
		if line == "}" || len(lines) == 1 && strings.HasSuffix(wantComment.ReplaceAllString(line, ""), "}") {
			head := hclHead.FindStringSubmatch(lines[0])
			p := piece{kind: head[2], name: head[3]}
			if head[1] != "resource" {
				p = piece{kind: head[1] + "." + head[2], name: head[3]}
			}
			out = append(out, p.read(lines, rule))
			lines = nil
		}
	}
	return out
}

func splitYAML(text, rule string) []piece {
	var out []piece
	var lines []string
	inside := false
	flush := func() {
		if len(lines) > 0 {
			p := piece{name: yamlHead.FindStringSubmatch(lines[0])[1]}.read(lines, rule)
			if kind := yamlType.FindStringSubmatch(p.text); kind != nil {
				p.kind = kind[1]
			}
			out = append(out, p)
		}
		lines = nil
	}
	for _, line := range strings.Split(text, "\n") {
		top := line != "" && line[0] != ' ' && line[0] != '#'
		switch {
		case top:
			flush()
			inside = strings.HasPrefix(line, "Resources:")
		case inside && yamlHead.MatchString(line):
			flush()
			lines = []string{line}
		case lines != nil && strings.HasPrefix(line, "  #"):
			flush() // a comment about the next one
		case lines != nil && strings.TrimSpace(line) != "":
			lines = append(lines, line)
		}
	}
	flush()
	return out
}

// read takes the text of a piece without the comments that name what is wanted.
func (p piece) read(lines []string, rule string) piece {
	for _, line := range lines {
		switch _, comment, _ := strings.Cut(line, "# want"); {
		case !strings.Contains(comment+" ", rule+" ") && !strings.Contains(comment, rule+","):
		case strings.HasPrefix(comment, "-inconclusive"):
			p.doubtful = true
		case p.wanted == "":
			p.wanted = line
		}
	}
	p.text = wantComment.ReplaceAllString(strings.Join(lines, "\n"), "")
	return p
}

// choose returns the first piece with the least score, or nil; less than 0
// leaves one out.
func choose(pieces []piece, score func(piece) int) *piece {
	var best *piece
	least := 0
	for i := range pieces {
		if s := score(pieces[i]); s >= 0 && (best == nil || s < least) {
			best, least = &pieces[i], s
		}
	}
	return best
}

// simplest prefers what says its values itself, and briefly.
func simplest(p piece, fits bool) int {
	if !fits {
		return -1
	}
	return 100*len(indirect.FindAllString(p.text, -1)) + 10*strings.Count(p.text, "\n")
}

// likest prefers among what keeps a rule that which says otherwise what the
// broken one says, or else what the remedy names, itself or in a companion.
func likest(p, broken piece, all []piece, remedy string, fits bool) int {
	score := simplest(p, fits)
	if score < 0 {
		return score
	}
	if said := lineOf(p.text, broken.wanted); said != "" && bare(said) != bare(broken.wanted) {
		return score
	}
	text := p.text
	for _, c := range companions(p, all) {
		text += c.text
	}
	for _, word := range attributeName.FindAllString(remedy, -1) {
		if strings.Contains(text, word) {
			return score + 50
		}
	}
	return score + 400
}

// lineOf is the line of a text that says something about what another line is
// about, or "".
func lineOf(text, about string) string {
	attribute := named.FindStringSubmatch(about)
	if attribute == nil || !strings.HasPrefix(about, " ") {
		return ""
	}
	return regexp.MustCompile(`(?m)^\s*` + attribute[1] + `\s*[:={].*$`).FindString(text)
}

// bare is a line without what does not change its meaning.
func bare(line string) string {
	return strings.NewReplacer(" ", "", `"`, "", "'", "").Replace(wantComment.ReplaceAllString(line, ""))
}

// companions are the pieces that refer to one, such as a bucket's policy.
func companions(p piece, all []piece) []piece {
	const most = 2
	reference := regexp.MustCompile(`\b` + regexp.QuoteMeta(p.kind+"."+p.name) + `\b`)
	if strings.Contains(p.kind, "::") {
		reference = regexp.MustCompile(`(!Ref |!GetAtt |Ref: |\$\{)` + regexp.QuoteMeta(p.name) + `\b`)
	}
	var out []piece
	for _, other := range all {
		resource := strings.Contains(other.kind, "::") || !strings.Contains(other.kind, ".")
		if len(out) < most && resource && other.wanted == "" && !other.doubtful && other.kind != p.kind && other.file == p.file && reference.MatchString(other.text) {
			out = append(out, other)
		}
	}
	return out
}

// show writes pieces as they would stand in a file of their own.
func show(language string, pieces ...piece) string {
	var b strings.Builder
	if language == "yaml" {
		b.WriteString("Resources:\n")
	}
	for i, p := range pieces {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(strings.TrimRight(p.text, "\n") + "\n")
	}
	return b.String()
}
