package linter

import "sync/atomic"

// Stage is a part of a scan, named after the room that does it.
type Stage string

// The stages of a scan, in their order.
const (
	StageDiscover       Stage = "source"         // finds files
	StageTerraform      Stage = "terraform"      // counts directories
	StageCloudFormation Stage = "cloudformation" // counts templates
	StageGraph          Stage = "graph"          // joins what was read
	StagePolicy         Stage = "policy"         // judges resources
	StageFinding        Stage = "finding"        // suppresses and sorts
)

// Progress is how far a stage of a scan is. Total is 0 where it is not known.
type Progress struct {
	Stage       Stage
	Done, Total int
}

// begin tells that a stage begins, and returns what tells of each step done.
func (l *Linter) begin(stage Stage, total int) (step func()) {
	tell := l.options.Progress
	if tell == nil {
		return func() {}
	}
	tell(Progress{stage, 0, total})
	var done atomic.Int64
	return func() { tell(Progress{stage, int(done.Add(1)), total}) }
}

// everySecond calls step every second time: for what is told of in halves.
func everySecond(step func()) func() {
	var calls atomic.Int64
	return func() {
		if calls.Add(1)%2 == 0 {
			step()
		}
	}
}
