package finding

import (
	"fmt"
	"strings"
)

// The exit codes of a scan.
const (
	ExitClean      = 0 // everything was analysed, nothing at or above the threshold was found
	ExitFindings   = 1 // a finding at or above the threshold
	ExitUsage      = 2 // nothing was scanned: unknown flag, missing path, broken configuration
	ExitIncomplete = 3 // something could not be analysed
)

// Gate says when a report fails a build.
type Gate struct {
	// FailOn is the least severity that fails; "" means any.
	FailOn Severity
	// RequireComplete also fails what is otherwise only coverage: missing
	// modules and inconclusive findings.
	RequireComplete bool
	// RequireCoverage also fails resources of types that no rule looks at.
	RequireCoverage bool
}

// Verdict is an exit code and the sentence that explains it.
type Verdict struct {
	Code   int
	Reason string
}

// Judge decides the exit code of a report. Findings win over gaps.
func (g Gate) Judge(r *Report) Verdict {
	threshold := g.FailOn
	if threshold == "" {
		threshold = Low
	}
	gating, below, housekeeping := 0, 0, 0
	about := "suppressions"
	for _, f := range r.Findings {
		switch {
		case f.Status != Fail:
		case f.Housekeeping():
			housekeeping++
			if IsNote(f.Rule) {
				about = "suppressions or the source"
			}
		case f.Severity.Rank() >= threshold.Rank():
			gating++
		default:
			below++
		}
	}
	gaps := g.gaps(r)
	switch {
	case gating > 0:
		reason := Plural(gating, "finding")
		if threshold != Low {
			reason += fmt.Sprintf(" of severity %s or worse", threshold)
		}
		if housekeeping > 0 {
			reason += fmt.Sprintf(", and %d about %s, which never fail", housekeeping, about)
		}
		if len(gaps) > 0 {
			reason += "; also " + strings.Join(gaps, ", ")
		}
		return Verdict{ExitFindings, reason}
	case len(gaps) > 0:
		return Verdict{ExitIncomplete, strings.Join(gaps, ", ")}
	case below > 0:
		return Verdict{ExitClean, fmt.Sprintf("%s, none of severity %s or worse", Plural(below, "finding"), threshold)}
	}
	if housekeeping > 0 {
		return Verdict{ExitClean, fmt.Sprintf("no findings but %d about %s, which never fail", housekeeping, about)}
	}
	if text := r.Coverage.NotLookedAt(); text != "" {
		return Verdict{ExitClean, "no findings; " + text}
	}
	return Verdict{ExitClean, "no findings"}
}

// gaps names what makes the report incomplete.
func (g Gate) gaps(r *Report) []string {
	var gaps []string
	if n := len(r.Coverage.Errors); n > 0 {
		gaps = append(gaps, Plural(n, "part")+" of the input could not be analysed")
	}
	if g.RequireCoverage {
		if text := r.Coverage.NotLookedAt(); text != "" {
			gaps = append(gaps, text)
		}
	}
	if !g.RequireComplete {
		return gaps
	}
	gaps = append(gaps, Missing(r.Coverage.MissingModules)...)
	inconclusive := 0
	for _, f := range r.Findings {
		if f.Status == Inconclusive {
			inconclusive++
		}
	}
	if inconclusive > 0 {
		gaps = append(gaps, Plural(inconclusive, "inconclusive finding"))
	}
	return gaps
}

// Plural writes a count and its noun: "1 file", "2 files".
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Housekeeping reports whether the finding is about demarc's own comments and
// configuration. Such findings are shown and never fail a build.
func (f Finding) Housekeeping() bool { return IsHousekeeping(f.Rule) }

// IsHousekeeping reports whether a rule is one of demarc's own, about
// suppressions and spelling.
func IsHousekeeping(rule string) bool { return strings.HasPrefix(rule, "demarc/") }
