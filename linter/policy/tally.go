package policy

// Tally counts the (rule, subject) pairs of a rule.
type Tally struct{ Fail, Pass, Inconclusive, NotApplicable int }

// verdict is what a rule says of a subject, that which counts most last.
type verdict uint8

const (
	notApplicable verdict = iota
	passes
	undecided
	fails
)

func (t *Tally) add(v verdict) {
	switch v {
	case notApplicable:
		t.NotApplicable++
	case passes:
		t.Pass++
	case undecided:
		t.Inconclusive++
	case fails:
		t.Fail++
	}
}

// variants is what a rule says of the subjects that several variants of a
// stack have: the worst, by which each is counted once.
type variants map[variantKey]verdict

type variantKey struct{ root, address, path string }

func keyOf(s subject) variantKey {
	k := variantKey{root: s.resource.Stack.Root, address: s.resource.Address}
	if s.document != nil {
		k.path = s.document.Path.String()
	}
	return k
}

func (v variants) count(tally *Tally, s subject, said verdict) {
	if s.resource.Stack.Variant == nil {
		tally.add(said)
		return
	}
	k := keyOf(s)
	v[k] = max(v[k], said)
}

// pass reports whether a subject passes in every variant that the rule applies in.
func (v variants) pass(s subject) bool {
	return s.resource.Stack.Variant == nil || v[keyOf(s)] == passes
}

func (v variants) into(tally *Tally) {
	for _, said := range v {
		tally.add(said)
	}
}
