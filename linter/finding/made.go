package finding

// Made says what a report was made of and with. It has no values of inputs,
// which may be secrets, and no time.
type Made struct {
	Paths     []string // as they were given
	Commit    string   // that HEAD names where the paths lie, or ""
	Profile   string
	Rules     int    // that were asked
	RulesHash string // a digest of the sources of all rules
	VarFiles  []string
	Workspace string
	// Variables and Parameters are the names of inputs that were given;
	// Environments those of the configuration.
	Variables, Parameters, Environments []string
}
