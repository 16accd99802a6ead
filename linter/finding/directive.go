package finding

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/demarc-dev/demarc/linter/source"
)

// reach says which findings a directive's place covers.
type reach int

const (
	onOrAbove reach = iota // what starts on its line, or on the line below its run of comments
	inside                 // also everything around it (checkov's comments stand in the block)
	nextLine               // findings on the next line (kics)
	wholeFile              // findings anywhere in the file (kics)
	covered                // findings in the range that it names (metadata)
)

// directive is one request to suppress, read from a comment.
type directive struct {
	comment
	file *source.File
	// peer names the tool whose spelling it is; "" is demarc's own.
	peer  string
	reach reach
	// ids are rule ids or aliases, with an instance key after them where only
	// that instance is meant (s3/acl["logs"]); "*" is every rule with an alias
	// of the peer.
	ids    []string
	reason string
	owner  string
	until  time.Time // the last day it counts; zero for ever
	// problem says why a directive of demarc's own cannot be read.
	problem string
	// covers is what a directive of reach covered suppresses findings of;
	// metadata tells that it stands there.
	covers   source.Range
	metadata bool
	// target is the first line below the run of comments it stands in, or 0.
	target int
	// used holds the ids that suppressed something.
	used map[string]bool
	// given is what the findings it suppresses share; nil before the first.
	given *Suppression
}

// keywords are what every directive contains one of; a file without them is not looked at.
var keywords = [][]byte{[]byte("demarc:ignore"), []byte(":skip="), []byte(":ignore:"), []byte("kics-scan")}

// directives reads the directives of a file, in the order they are written.
func directives(f *source.File) []*directive {
	mentioned := false
	for _, k := range keywords {
		mentioned = mentioned || bytes.Contains(f.Data, k)
	}
	if !mentioned {
		return nil
	}
	var out []*directive
	all := comments(f)
	targets := belowRuns(all)
	code := firstCode(f, all)
	for i, c := range all {
		for _, d := range parseComment(c.text) {
			if d.reach == wholeFile && c.start > code {
				continue // kics reads them at the top of a file only
			}
			d.comment, d.file, d.target, d.used = c, f, targets[i], map[string]bool{}
			out = append(out, d)
		}
	}
	return out
}

// firstCode is the offset of the first text that is no comment and no
// document marker, or the file's length.
func firstCode(f *source.File, all []comment) int {
	at := 0
	for _, c := range all {
		if between := strings.TrimSpace(string(f.Data[at:c.start])); between != "" && between != "---" {
			return at
		}
		at = c.end
	}
	return len(f.Data)
}

// belowRuns gives for each comment the first line below the run of comments
// that it stands in, or 0 where it shares its line with code.
func belowRuns(all []comment) []int {
	targets := make([]int, len(all))
	for i := len(all) - 1; i >= 0; i-- {
		switch c := all[i]; {
		case !c.alone:
		case i+1 < len(all) && all[i+1].alone && all[i+1].line == c.endLine+1:
			targets[i] = targets[i+1]
		default:
			targets[i] = c.endLine + 1
		}
	}
	return targets
}

var (
	ownForm   = regexp.MustCompile(`(?:^|[\s#/*])demarc:ignore(?:$|[\s,*])`)
	checkovID = regexp.MustCompile(`(?:checkov|bridgecrew|cortex):skip=\s*([\w,-]+)(?::\s*(.*))?`)
	trivyID   = regexp.MustCompile(`(tfsec|trivy):ignore:(\S+)`)
	kicsForm  = regexp.MustCompile(`kics-scan\s+(ignore-line|ignore-block|ignore|disable=\s*([\w,\s-]+))`)
)

// parseComment reads the directives of one comment, in any tool's spelling.
func parseComment(text string) []*directive {
	text = strings.TrimSuffix(text, "*/")
	var out []*directive
	for _, line := range strings.Split(text, "\n") {
		if at := ownForm.FindStringIndex(line); at != nil {
			start := at[0] + strings.Index(line[at[0]:], "demarc:ignore") + len("demarc:ignore")
			out = append(out, parseOwn(line[start:]))
			continue
		}
		for _, m := range checkovID.FindAllStringSubmatch(line, -1) {
			out = append(out, &directive{peer: "checkov", reach: inside, ids: splitIDs(m[1]), reason: strings.TrimSpace(m[2])})
		}
		for _, m := range trivyID.FindAllStringSubmatch(line, -1) {
			if d := parseTrivy(m[1], m[2]); d != nil {
				out = append(out, d)
			}
		}
		if m := kicsForm.FindStringSubmatch(line); m != nil {
			out = append(out, parseKICS(m[1], m[2]))
		}
	}
	return out
}

// parseOwn reads what follows demarc:ignore: rules, then until=, owner= and
// reason= in any order.
func parseOwn(rest string) *directive {
	d := &directive{}
	for {
		rest = strings.TrimLeft(rest, " \t\r,")
		if rest == "" {
			break
		}
		if value, ok := strings.CutPrefix(rest, "reason="); ok {
			d.reason, rest = quoted(value)
			continue
		}
		if value, ok := strings.CutPrefix(rest, `owner="`); ok {
			d.owner, rest = quoted(`"` + value)
			continue
		}
		var word string
		word, rest = cutWord(rest)
		key, value, isPair := strings.Cut(word, "=")
		switch {
		case !isPair || strings.Contains(key, "["):
			d.ids = append(d.ids, word)
		case key == "until":
			day, err := time.Parse(time.DateOnly, value)
			if err != nil {
				d.problem = fmt.Sprintf("until=%s is no date: write until=2027-01-31", value)
			}
			d.until = day
		case key == "owner":
			d.owner = value
		default:
			d.problem = fmt.Sprintf("unknown key %q: use until=, owner= and reason=", key)
		}
	}
	if len(d.ids) == 0 && d.problem == "" {
		d.problem = "no rule is named: write demarc:ignore RULE"
	}
	return d
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

// parseTrivy reads ID[:exp:DATE]. A directive with parameters (ID[name=x]) or
// for one workspace is narrower than demarc can tell, and does not count.
func parseTrivy(peer, text string) *directive {
	parts := strings.Split(strings.TrimRight(text, ",;"), ":")
	d := &directive{peer: peer, ids: []string{parts[0]}}
	if strings.ContainsAny(parts[0], "[]") || len(parts)%2 == 0 {
		return nil
	}
	for i := 1; i < len(parts); i += 2 {
		day, err := time.Parse(time.DateOnly, parts[i+1])
		if parts[i] != "exp" || err != nil {
			return nil
		}
		d.until = day
	}
	return d
}

func parseKICS(form, ids string) *directive {
	d := &directive{peer: "kics", ids: []string{"*"}}
	switch form {
	case "ignore-line":
		d.reach = nextLine
	case "ignore-block":
		d.reach = onOrAbove
	case "ignore":
		d.reach = wholeFile
	default:
		d.reach, d.ids = wholeFile, splitIDs(ids)
	}
	return d
}

func splitIDs(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })
}

// matches returns the id by which the directive names the finding's rule at
// the instance of that address, or "".
func (d *directive) matches(f *Finding, address string) string {
	for _, id := range d.ids {
		if id == "*" && d.peer != "" {
			// tfsec's checks live on in trivy.
			peer := strings.Replace(d.peer, "tfsec", "trivy", 1)
			if len(f.Aliases[peer]) > 0 {
				return id
			}
			continue
		}
		rule, key := cutKey(id)
		if f.named(rule) && (key == "" || hasKey(address, key)) {
			return id
		}
	}
	return ""
}

// named reports whether id is the finding's rule or one of its aliases, in any case.
func (f *Finding) named(id string) bool {
	if strings.EqualFold(f.Rule, id) {
		return true
	}
	for _, ids := range f.Aliases {
		for _, alias := range ids {
			if SameID(alias, id) {
				return true
			}
		}
	}
	return false
}

// peerID are the forms of other tools' ids: checkov, trivy and tfsec, kics,
// cfn_nag, cdk-nag.
var peerID = regexp.MustCompile(`(?i)^(ckv\d?_\w+|bc_\w+|avd-[a-z]+-\d+|aws-?\d+|aws-[a-z0-9]+-[a-z0-9-]+|` +
	`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[wf]\d+|awssolutions-\w+)$`)

// IsPeerID reports whether an id is of a form that another tool uses: demarc
// need not have a rule for it.
func IsPeerID(id string) bool { return peerID.MatchString(id) }

// expired reports whether the last day has passed.
func (d *directive) expired(now time.Time) bool {
	return !d.until.IsZero() && !now.UTC().Before(d.until.AddDate(0, 0, 1))
}
