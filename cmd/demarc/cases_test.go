package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const casesDir = "../../fixtures/cases"

// pastFault is one of fixtures/cases: a small input whose answer was once
// wrong, and what is right. Its files lie in a directory of its name.
type pastFault struct {
	Case, About, Note string

	Make  string   // a shell command that writes further files first
	Run   []string // arguments; none scans the directory, everything asked
	Stdin string   // a file of the case

	Repeat       int // so many runs must all say the same
	expectations `yaml:",inline"`
	// Either is a list of alternatives, one of which must hold.
	Either []expectations
}

// expectations are what must hold of a run. A finding is asked for by
// "RULE [ADDRESS] [FILE[:LINE]]". RULE may hold * and alternatives a|b; an
// ADDRESS without keys also means each instance of it.
type expectations struct {
	Exit         listOrOne      // exit codes that are right
	Errors       string         // number of coverage.errors, or "1+"
	Fail         []string       // each is there with that status
	Inconclusive []string       // each is there with that status
	Told         []string       // each is there, failing or inconclusive
	None         []string       // none is there, failing or inconclusive
	NoFail       []string       // none is there failing
	Settled      []string       // none is there inconclusive
	Suppressed   []string       // each is there suppressed, and does not fail
	Unique       bool           // no two findings have one fingerprint
	Coverage     map[string]int // a number of the coverage is at least this
	AtMost       map[string]int `yaml:"at_most"` // failures
	AtLeast      map[string]int `yaml:"at_least"`

	// Patterns by the finding they are about. A null When means no condition.
	When       map[string]*string
	WhenNot    map[string]string `yaml:"when_not"`
	Why        map[string]string
	WhyNot     map[string]string `yaml:"why_not"`
	MessageNot map[string]string `yaml:"message_not"`

	Missing   string // matches one of coverage.missing_modules
	Stdout    string
	StdoutNot string `yaml:"stdout_not"`
	Stderr    string
	StderrNot string `yaml:"stderr_not"`
}

// listOrOne is a list, of which one member needs no brackets.
type listOrOne []int

// UnmarshalYAML implements yaml.Unmarshaler.
func (l *listOrOne) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.SequenceNode {
		return n.Decode((*[]int)(l))
	}
	*l = make([]int, 1)
	return n.Decode(&(*l)[0])
}

// TestCases holds demarc to the right answer of every fault that was mended.
func TestCases(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(casesDir, "cases.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	var cases []pastFault
	if err := decoder.Decode(&cases); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, c := range cases {
		if seen[c.Case] {
			t.Errorf("%s is listed twice", c.Case)
		}
		seen[c.Case] = true
		t.Run(c.Case, func(t *testing.T) {
			t.Parallel()
			c.check(t)
		})
	}
	eachCaseIsListed(t, seen)
}

// eachCaseIsListed fails for a directory that nothing runs.
func eachCaseIsListed(t *testing.T, listed map[string]bool) {
	t.Helper()
	dirs, err := filepath.Glob(filepath.Join(casesDir, "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range dirs {
		name := filepath.ToSlash(strings.TrimPrefix(dir, filepath.FromSlash(casesDir)+string(filepath.Separator)))
		if !listed[name] {
			t.Errorf("%s is not listed in cases.yaml", name)
		}
	}
}

func (c pastFault) check(t *testing.T) {
	dir := c.room(t)
	got := c.run(t, dir)
	wrong := c.wrongs(got)
	if len(c.Either) > 0 {
		wrong = append(wrong, c.none(got)...)
	}
	for range c.Repeat - 1 {
		if again := c.run(t, dir); again.code != got.code || !bytes.Equal(again.out, got.out) {
			wrong = append(wrong, "two runs say different things")
			break
		}
	}
	for _, w := range wrong {
		t.Error(w)
	}
	if len(wrong) > 0 {
		t.Logf("%s\n%s\n%s", c.About, got.summary(), got.err)
	}
}

// none says what is wrong with each alternative, unless one is right.
func (c pastFault) none(got answer) []string {
	var all []string
	for _, group := range c.Either {
		wrong := group.wrongs(got)
		if len(wrong) == 0 {
			return nil
		}
		all = append(all, strings.Join(wrong, " and "))
	}
	return []string{"none of: " + strings.Join(all, "; or ")}
}

// room is a copy of the case outside of any repository.
func (c pastFault) room(t *testing.T) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if kept := filepath.Join(casesDir, filepath.FromSlash(c.Case)); isDir(kept) {
		if err := os.CopyFS(dir, os.DirFS(kept)); err != nil {
			t.Fatal(err)
		}
	}
	if c.Make != "" {
		shell, err := exec.LookPath("bash")
		if err != nil {
			t.Skip("needs bash")
		}
		made := exec.Command(shell, "-c", c.Make)
		made.Dir = dir
		if out, err := made.CombinedOutput(); err != nil {
			t.Fatalf("make: %v\n%s", err, out)
		}
	}
	return dir
}

func isDir(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// answer is what one run gave.
type answer struct {
	code     int
	out, err []byte
	report   *struct {
		Findings []found
		Coverage map[string]any
	}
}

type found struct {
	Rule, Status, Message, Fingerprint string
	When                               *string
	Resource                           struct {
		Address   string
		Instances []string
	}
	Location struct {
		File       string
		Start, End *struct{ Line int }
	}
	Why []struct{ Reason string }
}

func (c pastFault) run(t *testing.T, dir string) answer {
	t.Helper()
	args := c.Run
	if args == nil {
		args = []string{"scan", "--format", "json", "--profile", "extended", "."}
	}
	cmd := exec.Command("demarc", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "NO_COLOR=1")
	if c.Stdin != "" {
		in, err := os.Open(filepath.Join(dir, c.Stdin))
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		cmd.Stdin = in
	}
	var out, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &stderr
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	got := answer{code: cmd.ProcessState.ExitCode(), out: out.Bytes(), err: stderr.Bytes()}
	if json.Unmarshal(got.out, &got.report) != nil {
		got.report = nil
	}
	return got
}

// summary lists the findings for whoever mends a case.
func (a answer) summary() string {
	if a.report == nil {
		return string(a.out)
	}
	var b strings.Builder
	for _, f := range a.report.Findings {
		fmt.Fprintf(&b, "%s %s %s %s:%d", f.Status, f.Rule, f.Resource.Address, f.Location.File, f.line())
		if f.When != nil {
			fmt.Fprintf(&b, " when %s", *f.When)
		}
		if f.Status == "inconclusive" {
			fmt.Fprintf(&b, " (%s)", f.reasons())
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func (f found) line() int {
	if f.Location.Start == nil {
		return 0
	}
	return f.Location.Start.Line
}

func (f found) reasons() string {
	var all []string
	for _, w := range f.Why {
		all = append(all, w.Reason)
	}
	return strings.Join(all, " | ")
}

var (
	placeWord = regexp.MustCompile(`^(\S+\.(?:tf|tofu|tfvars|hcl|json|ya?ml|template|cfn|txt|tpl|bak))(?::(\d+))?$`)
	notAPlace = regexp.MustCompile(`^(module\.|data\.|aws_)\S+$`)
	keysOf    = regexp.MustCompile(`\[[^]]*\]`)
)

// fits reports whether a finding is one that is asked for.
func (f found) fits(asked string) bool {
	words := strings.Fields(asked)
	if !slices.ContainsFunc(strings.Split(words[0], "|"), func(pattern string) bool {
		ok, _ := path.Match(pattern, f.Rule)
		return ok || pattern == "*"
	}) {
		return false
	}
	for _, word := range words[1:] {
		if m := placeWord.FindStringSubmatch(word); m != nil && !notAPlace.MatchString(word) {
			if f.Location.File != m[1] || m[2] != "" && !f.covers(m[2]) {
				return false
			}
			continue
		}
		if !slices.ContainsFunc(append([]string{f.Resource.Address}, f.Resource.Instances...), func(address string) bool {
			return address == word || keysOf.ReplaceAllString(address, "") == word
		}) {
			return false
		}
	}
	return true
}

func (f found) covers(line string) bool {
	if f.Location.Start == nil {
		return false
	}
	end := f.Location.Start
	if f.Location.End != nil {
		end = f.Location.End
	}
	for at := f.Location.Start.Line; at <= end.Line; at++ {
		if fmt.Sprint(at) == line {
			return true
		}
	}
	return false
}

// of are the findings that fit and have one of the statuses.
func (a answer) of(asked string, statuses ...string) []found {
	var out []found
	for _, f := range a.report.Findings {
		if slices.Contains(statuses, f.Status) && f.fits(asked) {
			out = append(out, f)
		}
	}
	return out
}

// wrongs is every expectation that does not hold.
func (e expectations) wrongs(got answer) []string {
	var wrong []string
	fault := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	if len(e.Exit) > 0 && !slices.Contains(e.Exit, got.code) {
		fault("exit %d, want %v", got.code, e.Exit)
	}
	for _, c := range []struct {
		what, pattern string
		text          []byte
		want          bool
	}{
		{"stdout", e.Stdout, got.out, true}, {"stdout", e.StdoutNot, got.out, false},
		{"stderr", e.Stderr, got.err, true}, {"stderr", e.StderrNot, got.err, false},
	} {
		if c.pattern != "" && regexp.MustCompile("(?m)"+c.pattern).Match(c.text) != c.want {
			fault("%s: match of %q is %v", c.what, c.pattern, !c.want)
		}
	}
	if got.report == nil {
		if e.asksReport() {
			fault("no JSON report")
		}
		return wrong
	}
	e.statuses(got, fault)
	e.texts(got, fault)
	e.numbers(got, fault)
	return wrong
}

// asksReport tells whether an expectation can only be met by a report.
func (e expectations) asksReport() bool {
	return len(e.Fail)+len(e.Inconclusive)+len(e.Told)+len(e.None)+len(e.NoFail)+len(e.Settled)+len(e.Suppressed) > 0 ||
		e.Errors != "" || e.Missing != "" || len(e.Coverage)+len(e.AtMost)+len(e.AtLeast) > 0
}

func (e expectations) statuses(got answer, fault func(string, ...any)) {
	for _, c := range []struct {
		what     string
		asked    []string
		want     bool
		statuses []string
	}{
		{"fails", e.Fail, true, []string{"fail"}},
		{"is inconclusive", e.Inconclusive, true, []string{"inconclusive"}},
		{"fails or is inconclusive", e.Told, true, []string{"fail", "inconclusive"}},
		{"fails or is inconclusive", e.None, false, []string{"fail", "inconclusive"}},
		{"fails", e.NoFail, false, []string{"fail"}},
		{"fails", e.Suppressed, false, []string{"fail"}},
		{"is suppressed", e.Suppressed, true, []string{"suppressed"}},
		{"is inconclusive", e.Settled, false, []string{"inconclusive"}},
	} {
		for _, asked := range c.asked {
			if is := len(got.of(asked, c.statuses...)) > 0; is != c.want {
				fault("%s: that it %s is %v", asked, c.what, is)
			}
		}
	}
}

func (e expectations) texts(got answer, fault func(string, ...any)) {
	each := func(asked string, status string, pattern string, want bool, text func(found) string) {
		for _, f := range got.of(asked, status) {
			if said := text(f); regexp.MustCompile("(?is)"+pattern).MatchString(said) != want {
				fault("%s: match of %q is %v: %q", asked, pattern, !want, said)
			}
		}
	}
	when := func(f found) string {
		if f.When == nil {
			return ""
		}
		return *f.When
	}
	for asked, pattern := range e.When {
		if pattern == nil {
			each(asked, "fail", "^$", true, when)
			continue
		}
		each(asked, "fail", *pattern, true, when)
	}
	for asked, pattern := range e.WhenNot {
		each(asked, "fail", pattern, false, when)
	}
	for asked, pattern := range e.Why {
		each(asked, "inconclusive", pattern, true, found.reasons)
	}
	for asked, pattern := range e.WhyNot {
		each(asked, "inconclusive", pattern, false, found.reasons)
	}
	for asked, pattern := range e.MessageNot {
		each(asked, "fail", pattern, false, func(f found) string { return f.Message })
	}
	if e.Missing != "" {
		if listed := fmt.Sprint(got.report.Coverage["missing_modules"]); !regexp.MustCompile(e.Missing).MatchString(listed) {
			fault("missing modules are %s, want %q", listed, e.Missing)
		}
	}
}

func (e expectations) numbers(got answer, fault func(string, ...any)) {
	if e.Errors != "" {
		said, _ := got.report.Coverage["errors"].([]any)
		least, more := strings.CutSuffix(e.Errors, "+")
		if n := fmt.Sprint(len(said)); more && len(said) == 0 || !more && n != least {
			fault("%s errors, want %s: %v", n, e.Errors, said)
		}
	}
	for name, least := range e.Coverage {
		if n, _ := got.report.Coverage[name].(float64); int(n) < least {
			fault("coverage.%s is %v, want at least %d", name, n, least)
		}
	}
	for asked, most := range e.AtMost {
		if n := len(got.of(asked, "fail")); n > most {
			fault("%s: %d, want at most %d", asked, n, most)
		}
	}
	for asked, least := range e.AtLeast {
		if n := len(got.of(asked, "fail")); n < least {
			fault("%s: %d, want at least %d", asked, n, least)
		}
	}
	if e.Unique {
		seen := map[string]bool{}
		for _, f := range got.report.Findings {
			if seen[f.Fingerprint] {
				fault("two findings of %s have one fingerprint", f.Rule)
			}
			seen[f.Fingerprint] = true
		}
	}
}
