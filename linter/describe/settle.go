package describe

import (
	"github.com/demarc-dev/demarc/linter/finding"
)

// said is what a rule says of one resource, whatever the variant.
type said struct {
	rule string
	at   instanceKey
}

// settleVariants leaves one finding for each fact over the variants of a root:
// what fails in one of them is not in doubt for what another one does not say,
// and what is written in one and missing in another is missing once.
func settleVariants(all []*merged, roots map[string]*worlds) []*merged {
	if len(roots) == 0 {
		return all
	}
	failing := map[said]worldSet{}
	doubted := map[said]int{} // the first variant that is in doubt
	for _, f := range all {
		f.eachVariant(roots, func(a said, w *worlds, in worldSet) {
			if f.finding.Status != finding.Inconclusive {
				failing[a] = in.or(failing[a])
			} else if first, ok := doubted[a]; !ok || in.first() < first {
				doubted[a] = in.first()
			}
		})
	}
	kept := all[:0:0]
	for _, f := range all {
		wanted := roots[f.root] == nil || f.finding.Status != finding.Inconclusive
		f.eachVariant(roots, func(a said, _ *worlds, in worldSet) {
			// A rule that fails and doubts in one variant speaks of two things.
			wanted = wanted || (failing[a] == nil || failing[a].meets(in)) && in.has(doubted[a])
		})
		if wanted {
			kept = append(kept, f)
		}
	}
	return joinMissing(kept, roots)
}

// eachVariant visits the instances of a root that has variants, with those in
// which the finding holds.
func (f *merged) eachVariant(roots map[string]*worlds, visit func(said, *worlds, worldSet)) {
	w := roots[f.root]
	if w == nil {
		return
	}
	in := w.of(f.stacks)
	for _, at := range f.instances {
		if at.root == f.root {
			visit(said{f.finding.Rule, at}, w, in)
		}
	}
}

// joinMissing joins failures of one identity that hold in different variants,
// of which one stands at the resource because what it is about is not written.
func joinMissing(all []*merged, roots map[string]*worlds) []*merged {
	first := map[string]*merged{}
	kept := all[:0:0]
	for _, f := range all {
		w, have := roots[f.root], first[f.finding.Fingerprint]
		switch {
		case w == nil || f.finding.Status != finding.Fail:
		case have == nil:
			first[f.finding.Fingerprint] = f
		case have.root == f.root && (have.missing || f.missing) && !w.of(have.stacks).meets(w.of(f.stacks)):
			for i, at := range f.instances {
				have.addSite(at, f.finding.Sites[i])
			}
			for s := range f.stacks {
				have.stacks[s] = true
			}
			continue
		}
		kept = append(kept, f)
	}
	return kept
}
