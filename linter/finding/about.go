package finding

// Control is one ask of the shared-responsibility model. Area is the area of
// responsibility it belongs to (identity, data, ...), Side who carries it.
// Evidence tells what a template can show of it: all (static), a part
// (partial), or nothing (none).
type Control struct {
	ID, Area, Side, Evidence, Ask string
	Clauses                       []Clause
	Rules                         []string // the ids of all rules that serve it
}

// Clause is one numbered part of a framework, such as an NCSC principle.
type Clause struct {
	Framework string // ncsc, audit or ec2
	Number    int
}

// Framework is a catalogue that controls are mapped to.
type Framework struct {
	ID     string
	Titles []string // of clause 1, 2, ...
}

// Kept is a resource that keeps what a rule asks.
type Kept struct {
	Rule     string
	Resource string // its address without instance keys
	Location Location
	// ServiceModel is that of the rule's service.
	ServiceModel string
}
