package finding

// Entry is one finding of a baseline. Only the fingerprint identifies; the
// others tell people what it is. It has no line numbers, so that it changes
// only when the finding does.
type Entry struct {
	Fingerprint string `json:"fingerprint"`
	Rule        string `json:"rule"`
	Address     string `json:"address"`
	File        string `json:"file"` // relative to the repository's top
	Message     string `json:"message"`
	// Value is a digest of what the rule judged, without which it is not known
	// whether that has changed.
	Value string `json:"value,omitempty"`
}

// EntryOf is the entry that a finding has in a baseline.
func EntryOf(f *Finding) Entry {
	return Entry{
		Fingerprint: f.Fingerprint, Rule: f.Rule, Address: f.Resource.Address, File: f.Location.Name(), Message: f.Message, Value: f.Value,
	}
}

// Home is a root and an address in it: where a finding's resource is named.
type Home struct{ Root, Address string }
