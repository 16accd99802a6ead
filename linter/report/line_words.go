package report

import (
	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/responsibility"
)

// lineWords are the sentences of the responsibility page that come from no
// control and no finding.
type lineWords struct {
	Skip, ByState, Line, Theirs, Ours, Exposed, Clauses, Models, ModelsNote, Coverage, Controls string
	Filter, Text, TextHint, State, Area, Clause, Any, Clear, Open, None, Serves, Rules          string

	Broken, Undecided, Accepted, Kept string
	// Notes say what a state without evidence means.
	Notes map[responsibility.State]string
	// Sides say who carries a control.
	Sides map[string]string
	// Reaches say whether the internet gets there.
	Reaches map[finding.Reach]string
}

var englishLine = lineWords{
	Skip: "Skip to the controls", ByState: "Controls by state", Line: "The line",
	Theirs: "AWS's side", Ours: "Your side", Exposed: "What the internet reaches",
	Clauses: "By catalogue", Models: "Where the line runs",
	ModelsNote: "Above the line the duty is yours, below it AWS's. The numbers are findings on your side, by how much of a service AWS runs.",
	Coverage:   "What was looked at", Controls: "Controls",
	Filter: "Filter the controls", Text: "Text", TextHint: "control, rule, words", State: "State", Area: "Area", Clause: "Clause", Any: "any",
	Clear: "Clear filters", Open: "Open all", None: "No control matches these filters.", Serves: "Serves", Rules: "Rules",
	Broken: "Broken by", Undecided: "Not decided", Accepted: "Accepted", Kept: "Kept by",
	Notes: map[responsibility.State]string{
		responsibility.NotShown: "Nothing here is concerned, or no rule can see it yet. The account may keep it elsewhere.",
		responsibility.Process:  "No template can show it: it is kept by what people do.",
		responsibility.Provider: "AWS carries it.",
	},
	Sides:   map[string]string{"customer": "yours", "shared": "shared: AWS carries a part", "aws": "AWS's"},
	Reaches: map[finding.Reach]string{finding.Reached: "reached", finding.MaybeReached: "unknown", finding.Unreached: "not reached"},
}
