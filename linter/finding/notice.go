package finding

// The findings about suppressions themselves. They are shown and never fail a build.
const (
	UnusedSuppression    = "demarc/unused-suppression"
	ExpiredSuppression   = "demarc/expired-suppression"
	UnknownRule          = "demarc/unknown-suppression"
	MissingReason        = "demarc/reasonless-suppression"
	MalformedSuppression = "demarc/malformed-suppression"
)

// MisspeltProperty is about a property that looks like another one's name.
const MisspeltProperty = "demarc/misspelt-property"

// FailedValidation is about a value that Terraform would refuse.
const FailedValidation = "demarc/failed-validation"

// notices describe the findings about suppressions and the source, by rule.
var notices = map[string]struct{ title, remedy string }{
	UnusedSuppression:    {"Suppressions silence something", "Remove it."},
	ExpiredSuppression:   {"Suppressions have not expired", "Fix what it hid, or give a new date and say why."},
	UnknownRule:          {"Suppressions name rules that exist", "demarc rules lists the rules. A reason is written reason=\"...\"."},
	MissingReason:        {"Suppressions say why", "Add what is missing: reason=\"...\", until=YYYY-MM-DD, owner=NAME."},
	MisspeltProperty:     {"Properties are those of the resource type", "Correct the name, or suppress this where the property is newer than demarc."},
	FailedValidation:     {"Variables have values that their validation accepts", "Give another value: terraform plan refuses this one."},
	MalformedSuppression: {"Suppressions can be read", "Write demarc:ignore RULE[,RULE] [until=YYYY-MM-DD] [owner=NAME] reason=\"...\"."},
}

// IsNote reports whether a rule's findings are remarks about the source.
func IsNote(rule string) bool { return rule == MisspeltProperty || rule == FailedValidation }

// Notice makes a finding about a suppression or the source. tag tells it apart from others
// of its kind in the same file.
func Notice(rule, message string, at Location, tag string) Finding {
	return Finding{
		Rule: rule, Severity: Low, Status: Fail, Message: message, Side: "customer",
		Fingerprint: Fingerprint(rule, at.Name(), "", tag), Location: at,
		Title: notices[rule].title, Remedy: notices[rule].remedy,
	}
}
