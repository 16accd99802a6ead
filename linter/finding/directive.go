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
	// ids are rule ids or aliases; "*" is every rule with an alias of the peer.
	ids    []string
	reason string
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
	for i, c := range all {
		for _, d := range parseComment(c.text) {
			d.comment, d.file, d.target, d.used = c, f, targets[i], map[string]bool{}
			out = append(out, d)
		}
	}
	return out
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

// parseOwn reads what follows demarc:ignore: rules, then until= and reason=
// in any order.
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
		var word string
		word, rest = cutAny(rest, " \t\r,")
		key, value, isPair := strings.Cut(word, "=")
		switch {
		case !isPair:
			d.ids = append(d.ids, word)
		case key == "until":
			day, err := time.Parse(time.DateOnly, value)
			if err != nil {
				d.problem = fmt.Sprintf("until=%s is no date: write until=2027-01-31", value)
			}
			d.until = day
		default:
			d.problem = fmt.Sprintf("unknown key %q: use until= and reason=", key)
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

func cutAny(s, chars string) (head, rest string) {
	if i := strings.IndexAny(s, chars); i >= 0 {
		return s[:i], s[i+1:]
	}
	return s, ""
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

// matches returns the id by which the directive names the finding's rule, or "".
func (d *directive) matches(f *Finding) string {
	for _, id := range d.ids {
		if id == "*" && d.peer != "" {
			// tfsec's checks live on in trivy.
			peer := strings.Replace(d.peer, "tfsec", "trivy", 1)
			if len(f.Aliases[peer]) > 0 {
				return id
			}
			continue
		}
		if f.named(id) {
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
			if strings.EqualFold(alias, id) {
				return true
			}
		}
	}
	return false
}

// expired reports whether the last day has passed.
func (d *directive) expired(now time.Time) bool {
	return !d.until.IsZero() && !now.UTC().Before(d.until.AddDate(0, 0, 1))
}
