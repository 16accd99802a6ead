package describe

import (
	"slices"
	"sort"
	"strings"

	"github.com/demarc-dev/demarc/linter/finding"
	"github.com/demarc-dev/demarc/linter/graph"
	"github.com/demarc-dev/demarc/linter/policy"
)

// Findings describes the outcomes, one finding for all instances of a resource,
// all variants of a stack and all environments of a root.
func (d *Describer) Findings() []finding.Finding {
	m := merger{describer: d, byKey: map[mergeKey]*merged{}, judged: map[string][]string{}}
	for i := range d.result.Outcomes {
		m.add(i, &d.result.Outcomes[i])
	}
	environments := environmentsOf(d.graph.Stacks)
	roots := worldsOf(d.graph.Stacks)
	m.all = settleVariants(m.all, roots)
	for _, f := range m.all {
		f.nameEnvironments(environments[f.root])
	}
	digests := m.digests()
	all := mergeEnvironments(m.all, environments)
	out := make([]finding.Finding, 0, len(all))
	for _, f := range all {
		out = append(out, f.settle(roots[f.root], digests))
	}
	return out
}

// merger joins outcomes that are one finding.
type merger struct {
	describer *Describer
	byKey     map[mergeKey]*merged
	all       []*merged
	// judged are the digests of what was judged, by fingerprint.
	judged map[string][]string
}

// mergeKey tells findings apart that are shown apart: one finding per
// fingerprint, status, location and message.
type mergeKey struct {
	place
	message string
}

// place tells findings apart that stand apart, whatever their messages say.
type place struct {
	fingerprint string
	status      finding.Status
	file        string
	start       int
}

func placeOf(f *finding.Finding) place {
	return place{f.Fingerprint, f.Status, f.Location.File, f.Location.Range.Start}
}

// instanceKey is an instance in one root: all its variants are one.
type instanceKey struct{ root, address string }

// merged is a finding with the stacks and the instances in which it holds.
type merged struct {
	finding   finding.Finding
	sites     map[instanceKey]int // indexes of finding.Sites and instances
	instances []instanceKey
	stacks    map[*graph.Stack]bool
	root      string
	missing   bool // whether it says that something is not written
}

func (m *merger) add(index int, o *policy.Outcome) {
	f := m.describer.finding(o)
	named, stack := namedResource(o), o.Resource.Stack
	key := mergeKey{placeOf(&f), f.Message}
	if f.Status == finding.Fail {
		m.judged[f.Fingerprint] = append(m.judged[f.Fingerprint], m.describer.digest(o))
	}
	into := m.byKey[key]
	if into == nil {
		into = &merged{finding: f, sites: map[instanceKey]int{}, stacks: map[*graph.Stack]bool{}, root: stack.Root, missing: o.Range == o.Resource.Header}
		m.byKey[key] = into
		m.all = append(m.all, into)
	} else if stack.Language == graph.Terraform {
		into.finding.When = eitherOf(into.finding.When, f.When)
	}
	into.stacks[stack] = true
	into.addSite(instanceKey{stack.Root, named.Address}, finding.Site{Address: named.Address, Identity: named.Identity(), Scopes: f.Scopes, Related: f.Related, Outcomes: []int{index}})
}

// eitherOf is the condition of a finding that holds under each of two.
func eitherOf(a, b *string) *string {
	switch {
	case a == nil || b == nil:
		return nil
	case *a == *b || slices.Contains(strings.Split(*a, " or "), *b):
		return a
	}
	text := *a + " or " + *b
	return &text
}

// addSite notes an instance, or what else was said of it.
func (f *merged) addSite(at instanceKey, site finding.Site) {
	if i, known := f.sites[at]; known {
		f.finding.Sites[i].Outcomes = append(f.finding.Sites[i].Outcomes, site.Outcomes...)
		return
	}
	f.sites[at] = len(f.finding.Sites)
	f.finding.Sites, f.instances = append(f.finding.Sites, site), append(f.instances, at)
	if full := (finding.Home{Root: at.root, Address: site.Identity}); !slices.Contains(f.finding.Homes, full) {
		f.finding.Homes = append(f.finding.Homes, full)
	}
}

// settle says in which instances, under which condition and of which value the
// finding speaks.
func (f *merged) settle(variants *worlds, digests map[string]string) finding.Finding {
	addresses := make([]string, len(f.instances))
	for i, at := range f.instances {
		addresses[i] = at.address
	}
	sort.Strings(addresses)
	f.finding.Resource.Instances = slices.Compact(addresses)
	if f.finding.Status == finding.Fail {
		if f.finding.When == nil && variants != nil {
			f.finding.When = variants.when(f.instances[0].address, variants.of(f.stacks))
		}
		f.finding.Value = digests[f.finding.Fingerprint]
	}
	return f.finding
}

// environmentsOf lists the environments of each root, in order.
func environmentsOf(stacks []*graph.Stack) map[string][]string {
	out := map[string][]string{}
	for _, s := range stacks {
		if s.Environment != "" && !slices.Contains(out[s.Root], s.Environment) {
			out[s.Root] = append(out[s.Root], s.Environment)
		}
	}
	return out
}

// nameEnvironments notes the environments in which a finding holds, of all
// that its root has.
func (f *merged) nameEnvironments(all []string) {
	for _, env := range all {
		for s := range f.stacks {
			if s.Environment == env && !slices.Contains(f.finding.Environments, env) {
				f.finding.Environments = append(f.finding.Environments, env)
			}
		}
	}
	f.finding.InAll = len(f.finding.Environments) == len(all)
}

// mergeEnvironments makes one of findings that differ only in what their
// messages say of different environments, which are named already.
func mergeEnvironments(findings []*merged, all map[string][]string) []*merged {
	if len(all) == 0 {
		return findings
	}
	at := map[place][]*merged{}
	var out []*merged
next:
	for _, f := range findings {
		if len(f.finding.Environments) == 0 {
			out = append(out, f)
			continue
		}
		p := placeOf(&f.finding)
		for _, other := range at[p] {
			if !slices.ContainsFunc(f.finding.Environments, func(env string) bool { return slices.Contains(other.finding.Environments, env) }) {
				other.take(f, all[f.root])
				continue next
			}
		}
		at[p] = append(at[p], f)
		out = append(out, f)
	}
	return out
}

// take adds what another finding says of its environments.
func (f *merged) take(other *merged, all []string) {
	into, from := &f.finding, &other.finding
	into.Message += "; in " + strings.Join(from.Environments, ", ") + ": " + from.Message
	for i, at := range other.instances {
		f.addSite(at, from.Sites[i])
	}
	for s := range other.stacks {
		f.stacks[s] = true
	}
	for _, why := range from.Why {
		if !slices.Contains(into.Why, why) {
			into.Why = append(into.Why, why)
		}
	}
	into.Environments = append(into.Environments, from.Environments...)
	sort.SliceStable(into.Environments, func(i, j int) bool {
		return slices.Index(all, into.Environments[i]) < slices.Index(all, into.Environments[j])
	})
	into.InAll = len(into.Environments) == len(all)
}
