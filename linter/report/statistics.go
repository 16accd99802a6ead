package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"github.com/demarc-dev/demarc/linter/finding"
)

// Statistics writes how often each rule failed, passed, could not be decided
// and did not apply; the rules that failed most come first. The numbers are
// those of (rule, resource) pairs; "findings" and "suppressed" are those of
// the report, in which instances of a resource are one finding.
func Statistics(w io.Writer, r *finding.Report) error {
	findings, suppressed := map[string]int{}, map[string]int{}
	for _, f := range r.Findings {
		switch f.Status {
		case finding.Fail:
			findings[f.Rule]++
		case finding.Suppressed:
			suppressed[f.Rule]++
		}
	}
	rules := slices.Clone(r.Rules)
	slices.SortStableFunc(rules, func(a, b finding.AskedRule) int {
		return cmp.Or(cmp.Compare(b.Tally.Fail, a.Tally.Fail), cmp.Compare(b.Tally.Pass, a.Tally.Pass))
	})
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "fail\tpass\tinconclusive\tnot applicable\tfindings\tsuppressed\t  rule")
	for _, rule := range rules {
		fmt.Fprintf(t, "%d\t%d\t%d\t%d\t%d\t%d\t  %s\n", rule.Tally.Fail, rule.Tally.Pass, rule.Tally.Inconclusive,
			rule.Tally.NotApplicable, findings[rule.ID], suppressed[rule.ID], rule.ID)
	}
	return t.Flush()
}
