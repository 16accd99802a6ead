package finding

// Reach says whether the internet reaches a resource.
type Reach string

// The answers, worst first.
const (
	Reached      Reach = "path"
	MaybeReached Reach = "unknown"
	Unreached    Reach = "none"
)

// Reaches lists all answers, worst first.
var Reaches = []Reach{Reached, MaybeReached, Unreached}

// Exposure says whether the internet reaches a resource, and how.
type Exposure struct {
	Root     string   `json:"root"`
	Address  string   `json:"address"` // without instance keys
	Type     string   `json:"type"`
	Reach    Reach    `json:"reach"`
	Location Location `json:"location"`
	// Paths are the ways that reach it, or may; where there is none, the
	// one that fewest hops close.
	Paths []Path `json:"paths"`
}

// Path is a way from the internet to a resource, hop by hop.
type Path struct {
	// Instance is the resource's address with its instance key.
	Instance string `json:"instance"`
	// When is the condition under which it is there; "" is always.
	When string `json:"when"`
	Hops []Hop  `json:"hops"`
}

// Hop is one station of a Path.
type Hop struct {
	Kind     string   `json:"kind"`  // security group
	State    string   `json:"state"` // open, unknown or closed
	Text     string   `json:"text"`
	Location Location `json:"location"`
	Why      []Why    `json:"why"`
	// Findings are those about what opens the hop.
	Findings []Finding `json:"-"`
}
