package finding

import "slices"

// Control is one ask of the shared-responsibility model. Area is the area of
// responsibility it belongs to (identity, data, ...), Side who carries it:
// customer, shared or aws.
type Control struct {
	ID, Area, Side, Ask string
	// Aspects are the duties that it consists of.
	Aspects []Aspect
}

// Aspect is one duty of a control: what can be judged on its own.
type Aspect struct {
	ID, Ask, Side string
	// Source is where it is asked for: a place in one of the model's documents,
	// or an address of AWS's documentation.
	Source string
	// Evidence tells what a template can show of it: all of it (static), a part,
	// since the account may have the rest elsewhere (partial), or nothing (none).
	Evidence string
	// WhyNot says why a template shows nothing: process (people and plans),
	// account (its state), time (something that recurs) or content (what is
	// inside a host, an image or data); "" where it shows something.
	WhyNot string
	// See are the aspects that ask the same. One that has them has no state of
	// its own, and is not counted.
	See []string
	// Rules are those that judge it.
	Rules []AspectRule
}

// AspectRule is how a rule bears on an aspect.
type AspectRule struct {
	ID string
	// Pedantic rules ask for more than the aspect: their findings are listed
	// and break nothing.
	Pedantic bool
	// Keeps tells that a pass shows the aspect kept. A rule that sees one of many
	// ways to break it does not; a pedantic one may, since who does more does enough.
	Keeps bool
}

// Rules are the ids of all rules that bear on the control, each once.
func (c Control) Rules() []string {
	seen := map[string]bool{}
	var out []string
	for _, a := range c.Aspects {
		for _, r := range a.Rules {
			if !seen[r.ID] {
				seen[r.ID] = true
				out = append(out, r.ID)
			}
		}
	}
	return out
}

// Evidence is the strongest of the control's aspects: static, partial or none.
func (c Control) Evidence() string {
	strongest := "none"
	for _, a := range c.Aspects {
		switch a.Evidence {
		case "static":
			return "static"
		case "partial":
			strongest = "partial"
		}
	}
	return strongest
}

// Layer is a part of what a service is made of, with who carries it under each
// service model: customer, shared or aws.
type Layer struct {
	ID, Name string
	// Sides are by the id of the service model.
	Sides map[string]string
}

// Framework is a catalogue that asks for aspects, clause by clause.
type Framework struct {
	ID, Title string
	Clauses   []Clause
}

// Clause is one part of a framework, such as an NCSC principle.
type Clause struct {
	ID, Title string
	// Question is what an auditor asks, or "".
	Question string
	// Side is who carries it: customer, shared, aws, or "" where that is not said.
	Side    string
	Aspects []string // ids
}

// AsksFor reports whether the clause asks for an aspect of the control.
func (c Clause) AsksFor(of Control) bool {
	return slices.ContainsFunc(of.Aspects, func(a Aspect) bool { return slices.Contains(c.Aspects, a.ID) })
}

// Counts reports whether the aspect has a state of its own.
func (a Aspect) Counts() bool { return len(a.See) == 0 }

// Visible reports whether a template can show something of the aspect.
func (a Aspect) Visible() bool { return a.Counts() && a.Side != "aws" && a.Evidence != "none" }

// Kept is a resource that keeps what a rule asks.
type Kept struct {
	Rule     string
	Resource string // its address without instance keys
	Location Location
	// ServiceModel is that of the rule's service.
	ServiceModel string
	// Evidence is what the pass rests on.
	Evidence Evidence
}

// Evidence is what a pass rests on. Only what was written, or what is known to
// hold where nothing is, shows that something is kept.
type Evidence string

// The kinds of Evidence.
const (
	Written Evidence = "written" // somebody wrote the value
	Default Evidence = "default" // AWS's or the provider's default, as the schema dates it
	Vacuous Evidence = "vacuous" // there was nothing to judge: no policy, no rule, no block
)
