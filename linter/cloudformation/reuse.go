package cloudformation

import (
	"maps"
	"strings"

	"github.com/demarc-dev/demarc/linter/graph"
)

// reuse keeps resources for the worlds in which all that they read is the
// same.
type reuse struct {
	resources map[string][]*keptResource // by logical id
}

// keptResource is a resource as one world makes it.
type keptResource struct {
	built *graph.Resource // nil when the resource doesn't exist
	world *evaluator
	reads map[string]bool
}

// maxKept is how many worlds' versions of a resource are kept.
const maxKept = 8

// resource returns a resource of the world e, evaluated or kept.
func (k *reuse) resource(e *evaluator, r *entry) (built *graph.Resource, exists bool) {
	if r.scope != nil {
		return e.evaluate(r) // one body makes several resources
	}
	for _, have := range k.resources[r.name] {
		if !have.holdsIn(e) {
			continue
		}
		if have.built == nil {
			return nil, false
		}
		same := *have.built // Build will fill in its own half
		return &same, true
	}
	e.reads = map[string]bool{}
	built, exists = e.evaluate(r)
	maps.Copy(e.reads, r.reads)
	kept := &keptResource{reads: e.reads, world: e}
	e.reads = nil
	if exists {
		same := *built
		kept.built = &same
	}
	if len(k.resources[r.name]) < maxKept {
		k.resources[r.name] = append(k.resources[r.name], kept)
	}
	return built, exists
}

// holdsIn reports whether all that the resource read is the same in a world.
func (k *keptResource) holdsIn(e *evaluator) bool {
	for name := range k.reads {
		condition, isCondition := strings.CutPrefix(name, conditionInput)
		switch {
		case name == nestedInput:
			return false
		case isCondition:
			here, there := e.condition(condition), k.world.condition(condition)
			if here.known != there.known || here.holds != there.holds {
				return false
			}
		case e.flips[name] != k.world.flips[name]:
			return false
		}
	}
	return true
}
