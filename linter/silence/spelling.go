package silence

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/demarc-dev/demarc/linter/finding"
)

// How comments are spelt, in demarc's words and in other tools'.
var (
	ownForm = regexp.MustCompile(`(?i)(?:(?:^|[\s#/*])demarc:|^[\s#/*]*demarc:[ \t]+)ignore([\s,*].*|)$`)
	// nearlyOwn is what somebody writes who means ownForm.
	nearlyOwn = regexp.MustCompile(`(?i)^[\s#/*]*(demarc[:-][ \t]*(?:ignore|skip|disable|suppress|noqa|nosec)\b\S*)`)
	checkovID = regexp.MustCompile(`(?:checkov|bridgecrew|cortex):skip=\s*([\w,-]+)(?::\s*(.*))?`)
	trivyID   = regexp.MustCompile(`(tfsec|trivy):ignore:(\S+)`)
	kicsForm  = regexp.MustCompile(`kics-scan\s+(ignore-line|ignore-block|ignore|disable=\s*([\w,\s-]+))`)
)

// parseComment reads the silencers of one comment, in any tool's spelling.
func parseComment(text string) []*Silencer {
	text = strings.TrimSuffix(text, "*/")
	var out []*Silencer
	for _, line := range strings.Split(text, "\n") {
		if m := ownForm.FindStringSubmatch(line); m != nil {
			out = append(out, parseOwn(m[1]))
			continue
		}
		if m := nearlyOwn.FindStringSubmatch(line); m != nil {
			out = append(out, &Silencer{Problem: fmt.Sprintf("%s silences nothing: write demarc:ignore RULE", m[1])})
			continue
		}
		out = append(out, parsePeers(line)...)
	}
	return out
}

func parsePeers(line string) []*Silencer {
	var out []*Silencer
	for _, m := range checkovID.FindAllStringSubmatch(line, -1) {
		out = append(out, &Silencer{Peer: "checkov", reach: reach{shape: inside}, Rules: splitIDs(m[1]), Reason: strings.TrimSpace(m[2])})
	}
	for _, m := range trivyID.FindAllStringSubmatch(line, -1) {
		out = append(out, parseTrivy(m[1], m[2]))
	}
	if m := kicsForm.FindStringSubmatch(line); m != nil {
		out = append(out, parseKICS(m[1], m[2]))
	}
	return out
}

// parseOwn reads what follows demarc:ignore: rules, then until=, owner= and
// reason= in any order.
func parseOwn(rest string) *Silencer {
	s := &Silencer{}
	for {
		rest = strings.TrimLeft(rest, " \t\r,")
		if rest == "" {
			break
		}
		if value, ok := strings.CutPrefix(rest, "reason="); ok {
			s.Reason, rest = quoted(value)
			continue
		}
		if value, ok := strings.CutPrefix(rest, `owner="`); ok {
			s.Owner, rest = quoted(`"` + value)
			continue
		}
		var word string
		word, rest = cutWord(rest)
		key, value, isPair := strings.Cut(word, "=")
		switch {
		case !isPair || strings.Contains(key, "["):
			s.Rules = append(s.Rules, word)
		case key == "until":
			s.until(value, "until=")
		case key == "owner":
			s.Owner = value
		default:
			s.Problem = fmt.Sprintf("unknown key %q: use until=, owner= and reason=", key)
		}
	}
	if len(s.Rules) == 0 && s.Problem == "" {
		s.Problem = "no rule is named: write demarc:ignore RULE"
	}
	return s
}

// until reads the last day. sign is how the place writes it.
func (s *Silencer) until(text, sign string) {
	var err error
	if s.Until, err = time.Parse(time.DateOnly, text); err != nil {
		s.Problem = fmt.Sprintf("%s%s is no date: write %s2027-01-31", sign, text, sign)
	}
}

// quoted reads a text in double quotes, or, without quotes, all that is left.
func quoted(s string) (text, rest string) {
	if !strings.HasPrefix(s, `"`) {
		return strings.TrimSpace(s), ""
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		case s[i] == '"':
			return strings.TrimSpace(b.String()), s[i+1:]
		default:
			b.WriteByte(s[i])
		}
	}
	return strings.TrimSpace(b.String()), ""
}

// cutWord cuts at the first blank or comma that is not within an instance key.
func cutWord(s string) (word, rest string) {
	keyed, quoted := false, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quoted && c == '\\':
			i++
		case keyed && c == '"':
			quoted = !quoted
		case quoted:
		case c == '[':
			keyed = true
		case c == ']':
			keyed = false
		case !keyed && strings.IndexByte(" \t\r,", c) >= 0:
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

// cutKey separates an id from the instance key after it: s3/acl, ["logs"].
func cutKey(id string) (rule, key string) {
	if i := strings.IndexByte(id, '['); i > 0 && strings.HasSuffix(id, "]") {
		return id[:i], id[i:]
	}
	return id, ""
}

// hasKey reports whether an address has an instance key: module.a["x"].b.c[0]
// has ["x"] and [0].
func hasKey(address, key string) bool {
	quoted, start := false, -1
	for i := 0; i < len(address); i++ {
		switch c := address[i]; {
		case quoted && c == '\\':
			i++
		case start >= 0 && c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' && start < 0:
			start = i
		case c == ']' && start >= 0:
			if address[start:i+1] == key {
				return true
			}
			start = -1
		}
	}
	return false
}

// parseTrivy reads ID[:exp:DATE]. What has parameters (ID[name=x]) or is for
// one workspace is narrower than demarc can tell, and does not count.
func parseTrivy(peer, text string) *Silencer {
	text = strings.TrimRight(text, ",;")
	parts := strings.Split(text, ":")
	id, parameters, narrow := strings.Cut(parts[0], "[")
	s := &Silencer{Peer: peer, Rules: []string{id}}
	narrow = narrow || strings.Contains(id+parameters, "]") || len(parts)%2 == 0
	for i := 1; i+1 < len(parts); i += 2 {
		day, err := time.Parse(time.DateOnly, parts[i+1])
		narrow = narrow || parts[i] != "exp" || err != nil
		s.Until = day
	}
	if narrow {
		s.Problem = fmt.Sprintf("%s:ignore:%s silences nothing here: demarc knows an id and :exp:YYYY-MM-DD, and neither parameters nor workspaces", peer, text)
	}
	return s
}

func parseKICS(form, ids string) *Silencer {
	s := &Silencer{Peer: "kics", Rules: []string{"*"}}
	switch form {
	case "ignore-line":
		s.reach.shape = nextLine
	case "ignore-block":
	case "ignore":
		s.reach.shape = wholeFile
	default:
		s.reach.shape, s.Rules = wholeFile, splitIDs(ids)
	}
	return s
}

func splitIDs(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })
}

// names returns which of its rules is the finding's at the instance of that
// address, or "".
func (s *Silencer) names(f *finding.Finding, address string) string {
	for _, id := range s.Rules {
		if id == "*" && s.Peer != "" {
			// tfsec's checks live on in trivy.
			peer := strings.Replace(s.Peer, "tfsec", "trivy", 1)
			if len(f.Aliases[peer]) > 0 {
				return id
			}
			continue
		}
		rule, key := cutKey(id)
		if f.Is(rule) && (key == "" || hasKey(address, key)) {
			return id
		}
	}
	return ""
}
