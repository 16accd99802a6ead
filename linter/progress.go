package linter

import (
	"sync/atomic"

	"github.com/demarc-dev/demarc/linter/load"
)

// Stage is a part of a scan, named after the room that does it.
type Stage string

// The stages of a scan, in their order.
const (
	StageDiscover       Stage = load.Discover       // finds files
	StageTerraform      Stage = load.Terraform      // counts directories
	StageCloudFormation Stage = load.CloudFormation // counts templates
	StageGraph          Stage = load.Join           // joins what was read
	StagePolicy         Stage = "policy"            // judges resources
	StageFinding        Stage = "finding"           // suppresses and sorts
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
